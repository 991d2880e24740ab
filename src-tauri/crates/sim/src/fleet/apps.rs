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
    for (at, node) in nodes.iter().enumerate() {
        for daemon in ["kindnet", "kube-proxy"] {
            let name = format!("{daemon}-{}", suffix(daemon.len() as u64 * 90 + at as u64, 5));
            all.push(pod(&name, "kube-system", ("DaemonSet", daemon), node, created));
        }
    }
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
