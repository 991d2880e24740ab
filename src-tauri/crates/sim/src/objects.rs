//! How are the usual Kubernetes objects built as JSON?
//!
//! Knows: shapes. Does not know: when they change; that is for the controllers.

use api::Timestamp;
use serde_json::{Value, json};

use crate::server::resources::ResourceId;
use crate::server::store::{Store, suffix};

/// A moment as Kubernetes writes it.
pub(crate) fn stamp(at: Timestamp) -> String {
    let millis = i64::try_from(at.0).unwrap_or_default();
    jiff::Timestamp::from_millisecond(millis / 1_000 * 1_000).map(|at| at.to_string()).unwrap_or_default()
}

/// What was stamped.
pub(crate) fn moment(stamp: &str) -> Option<Timestamp> {
    stamp.parse::<jiff::Timestamp>().ok().and_then(|at| u64::try_from(at.as_millisecond()).ok()).map(Timestamp)
}

/// So many seconds before a moment.
pub(crate) fn ago(now: Timestamp, seconds: u64) -> String {
    stamp(Timestamp(now.0.saturating_sub(seconds * 1_000)))
}

/// Stores an object whose place follows from itself; unknown kinds are left out.
pub(crate) fn place(store: &mut Store, mut object: Value) {
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let kind = object["kind"].as_str().unwrap_or_default();
    let Some(id) = store.resources.values().find(|one| one.kind == kind && one.id.group == group).map(|one| one.id.clone()) else {
        tracing::warn!(kind, group, "the simulated server does not know this kind");
        return;
    };
    if object["metadata"]["uid"].is_null() {
        object["metadata"]["uid"] = json!(store.next_uid());
    }
    if object["metadata"]["generation"].is_null() {
        object["metadata"]["generation"] = json!(1);
    }
    store.put(&id, object);
}

pub(crate) fn find(store: &Store, group: &str, plural: &str, namespace: &str, name: &str) -> Option<Value> {
    store.get(&ResourceId::new(group, plural), namespace, name).map(|one| one.value())
}

pub(crate) fn namespace(name: &str, created: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": { "name": name, "creationTimestamp": created, "labels": { "kubernetes.io/metadata.name": name } },
        "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" },
    })
}

/// What a node of the simulated world says about itself.
#[derive(Debug, Clone)]
pub(crate) struct NodeSpec<'a> {
    pub(crate) name: &'a str,
    pub(crate) roles: &'a [&'a str],
    pub(crate) version: &'a str,
    pub(crate) address: &'a str,
    pub(crate) os: &'a str,
    pub(crate) created: &'a str,
    pub(crate) ready: bool,
}

/// What kubelet says of a node without a network.
pub(crate) const WAITS: &str =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

pub(crate) fn node(spec: &NodeSpec<'_>) -> Value {
    let mut labels = json!({ "kubernetes.io/hostname": spec.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" });
    for role in spec.roles {
        labels[format!("node-role.kubernetes.io/{role}")] = json!("");
    }
    let condition = |kind: &str, status: &str, reason: &str, message: &str| json!({ "type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": spec.created, "lastHeartbeatTime": spec.created });
    let ready = if spec.ready {
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
    } else {
        condition("Ready", "False", "KubeletNotReady", WAITS)
    };
    let taints =
        if spec.roles.contains(&"control-plane") { json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]) } else { json!([]) };
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": spec.name, "creationTimestamp": spec.created, "labels": labels },
        "spec": { "providerID": format!("sim:////{}", spec.name), "taints": taints },
        "status": {
            "capacity": { "cpu": "8", "memory": "16005240Ki", "pods": "110" },
            "allocatable": { "cpu": "8", "memory": "16005240Ki", "pods": "110" },
            "conditions": [
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                ready,
            ],
            "addresses": [{ "type": "InternalIP", "address": spec.address }, { "type": "Hostname", "address": spec.name }],
            "nodeInfo": {
                "kubeletVersion": spec.version, "osImage": spec.os, "kernelVersion": "6.8.0-45-generic", "containerRuntimeVersion": "containerd://2.1.3",
                "operatingSystem": "linux", "architecture": "amd64", "machineID": "5eed", "systemUUID": "5eed", "bootID": "5eed", "kubeProxyVersion": "",
            },
        },
    })
}

/// The controlling owner entry that points to an object.
pub(crate) fn owner(of: &Value) -> Value {
    json!([{
        "apiVersion": of["apiVersion"], "kind": of["kind"], "name": of["metadata"]["name"], "uid": of["metadata"]["uid"],
        "controller": true, "blockOwnerDeletion": true,
    }])
}

/// A Deployment of one container; `ready_after` is how long its image takes to come.
pub(crate) fn deployment(namespace: &str, name: &str, image: &str, replicas: u64, created: &str, ready_after_seconds: u64) -> Value {
    let labels = json!({ "app": name });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": name, "namespace": namespace, "creationTimestamp": created, "labels": labels },
        "spec": {
            "replicas": replicas, "selector": { "matchLabels": labels }, "strategy": { "type": "RollingUpdate" },
            "template": {
                "metadata": { "labels": labels, "annotations": { READY_AFTER: ready_after_seconds.to_string() } },
                "spec": { "containers": [{ "name": name, "image": image }], "terminationGracePeriodSeconds": 30 },
            },
        },
    })
}

/// On a pod template: seconds until its pods are ready, in place of a registry and a program.
pub(crate) const READY_AFTER: &str = "sim.demo.invalid/ready-after";

pub(crate) fn service(namespace: &str, name: &str, app: &str, created: &str) -> Value {
    let last = name.bytes().fold(7_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 250) + 2;
    json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": name, "namespace": namespace, "creationTimestamp": created },
        "spec": { "type": "ClusterIP", "clusterIP": format!("10.96.18.{last}"), "selector": { "app": app }, "ports": [{ "port": 443, "targetPort": 9443, "protocol": "TCP" }] },
        "status": { "loadBalancer": {} },
    })
}

/// A pod that a template makes, not yet scheduled.
pub(crate) fn pod_of(owner_object: &Value, template: &Value, name: &str, created: &str) -> Value {
    let mut metadata = template["metadata"].clone();
    metadata["name"] = json!(name);
    metadata["namespace"] = owner_object["metadata"]["namespace"].clone();
    metadata["creationTimestamp"] = json!(created);
    metadata["ownerReferences"] = owner(owner_object);
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"], "status": { "phase": "Pending", "qosClass": "BestEffort" } })
}

/// The container statuses of a pod whose containers all run.
pub(crate) fn running(pod: &mut Value, node: &str, started: &str) {
    let statuses: Vec<Value> = pod["spec"]["containers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| {
            json!({
                "name": one["name"], "image": one["image"], "imageID": one["image"], "ready": true, "started": true, "restartCount": 0,
                "containerID": format!("containerd://{}", suffix(started.len() as u64, 12)), "state": { "running": { "startedAt": started } },
            })
        })
        .collect();
    let condition = |kind: &str| json!({ "type": kind, "status": "True", "lastTransitionTime": started });
    pod["spec"]["nodeName"] = json!(node);
    pod["status"] = json!({
        "phase": "Running", "qosClass": "BestEffort", "startTime": started, "podIP": pod_ip(pod), "hostIP": "172.18.0.2",
        "conditions": [condition("PodScheduled"), condition("Initialized"), condition("ContainersReady"), condition("Ready")],
        "containerStatuses": statuses,
    });
}

/// An address in 10.244.0.0/16 that follows from the pod's uid or name.
pub(crate) fn pod_ip(pod: &Value) -> String {
    let text = format!("{}{}", pod["metadata"]["namespace"], pod["metadata"]["name"]);
    let sum = text.bytes().fold(17_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    format!("10.244.{}.{}", (sum >> 8) % 16, sum % 250 + 2)
}

/// An Event about an object.
pub(crate) fn event(about: &Value, name: &str, kind: &str, reason: &str, message: &str, count: u64, last: &str) -> Value {
    let namespace = about["metadata"]["namespace"].as_str().unwrap_or("default");
    json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": { "name": name, "namespace": namespace, "creationTimestamp": last },
        "involvedObject": { "apiVersion": about["apiVersion"], "kind": about["kind"], "namespace": namespace, "name": about["metadata"]["name"], "uid": about["metadata"]["uid"] },
        "reason": reason, "message": message, "type": kind, "count": count, "firstTimestamp": last, "lastTimestamp": last,
        "source": { "component": "kubelet" }, "reportingComponent": "kubelet", "reportingInstance": "",
    })
}
