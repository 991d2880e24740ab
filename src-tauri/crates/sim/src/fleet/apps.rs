//! What runs in the workload cluster of the pictures?

use serde_json::{Value, json};

use crate::objects::{namespace, running};
use crate::server::store::suffix;

/// Owner, its kind, namespace, how many.
const APPS: [(&str, &str, &str, u64); 6] = [
    ("web-7c9d5", "ReplicaSet", "web", 4),
    ("api-5f8c4", "ReplicaSet", "web", 6),
    ("jobs-6b7f9", "ReplicaSet", "web", 3),
    ("coredns-7d8f9c6b5", "ReplicaSet", "kube-system", 2),
    ("grafana", "StatefulSet", "monitoring", 1),
    ("postgres", "StatefulSet", "db", 1),
];

/// Pods with a second copy and without, those of every node, and a budget that lets none go.
pub(crate) fn objects(nodes: &[&str], created: &str) -> Vec<Value> {
    let mut all: Vec<Value> = ["web", "monitoring", "db"].into_iter().map(|name| namespace(name, created)).collect();
    for (owner, kind, place, count) in APPS {
        for at in 0..count {
            let name = if kind == "StatefulSet" { format!("{owner}-{at}") } else { format!("{owner}-{}", suffix(owner.len() as u64 * 70 + at, 5)) };
            let node = usize::try_from(at).unwrap_or_default() % nodes.len().max(1);
            all.push(pod(&name, place, (kind, owner), nodes.get(node).copied().unwrap_or_default(), created));
        }
    }
    all.extend([("kindnet", "docker.io/kindest/kindnetd:v20260213-6e3b2a1c"), ("kube-proxy", "registry.k8s.io/kube-proxy:v1.36.1")].map(|(name, image)| {
        json!({
            "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": { "name": name, "namespace": "kube-system", "creationTimestamp": created, "uid": format!("uid-kube-system-{name}") },
            "spec": { "selector": { "matchLabels": { "app": name } }, "template": { "metadata": { "labels": { "app": name } }, "spec": { "containers": [{ "name": name, "image": image }] } } },
            "status": { "desiredNumberScheduled": nodes.len(), "currentNumberScheduled": nodes.len(), "numberReady": nodes.len(), "numberMisscheduled": 0 },
        })
    }));
    for (at, node) in nodes.iter().enumerate() {
        for daemon in ["kindnet", "kube-proxy"] {
            let name = format!("{daemon}-{}", suffix(daemon.len() as u64 * 90 + at as u64, 5));
            all.push(pod(&name, "kube-system", ("DaemonSet", daemon), node, created));
        }
    }
    all.extend(APPS.into_iter().filter(|(_, kind, ..)| *kind == "StatefulSet").map(|(name, kind, place, count)| {
        json!({
            "apiVersion": "apps/v1", "kind": kind,
            "metadata": { "name": name, "namespace": place, "creationTimestamp": created, "uid": format!("uid-{place}-{name}"), "generation": 1 },
            "spec": { "replicas": count, "serviceName": name, "selector": { "matchLabels": { "app": name } } },
            "status": { "replicas": count, "readyReplicas": count },
        })
    }));
    all.push(json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": { "name": "postgres", "namespace": "db", "creationTimestamp": created },
        "spec": { "minAvailable": 1, "selector": { "matchLabels": { "app": "postgres" } } },
        "status": { "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1, "disruptionsAllowed": 0 },
    }));
    all
}

fn pod(name: &str, place: &str, (kind, owner): (&str, &str), node: &str, created: &str) -> Value {
    let app = owner.split('-').next().unwrap_or(owner);
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": place, "creationTimestamp": created, "labels": { "app": app },
            "ownerReferences": [{ "apiVersion": "apps/v1", "kind": kind, "name": owner, "uid": format!("uid-{place}-{owner}"), "controller": true }],
        },
        "spec": { "containers": [{ "name": app, "image": format!("demo/{app}:1") }], "restartPolicy": "Always" },
    });
    running(&mut pod, node, created);
    pod
}
