//! What do the controllers of a simulated cluster do, and when?
//!
//! Decides purely: [`react`] reads what changed and says what follows after how long, [`perform`] does one such act.
//! Knows: Deployments make ReplicaSets make Pods, pods start and end, services find their pods, namespaces empty.
//! Does not know: custom resources; those of Cluster API are moved by `capi`.

mod network;

use std::sync::Arc;
use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use crate::capi;
use crate::cluster::Cluster;
use crate::objects::{READY_AFTER, find, owner, place, pod_of, running, stamp};
use crate::server::resources::{ResourceId, Scope};
use crate::server::store::{Change, Entry, Store, suffix};
use crate::world::World;

/// One thing a controller will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    Deployment(Name),
    ReplicaSet(Name),
    /// The scheduler gives a pod a node and the kubelet begins to pull.
    Schedule(Name),
    /// All containers run.
    Start(Name),
    /// The grace period of a deleted pod is over.
    End(Name),
    Endpoints(String),
    EmptyNamespace(String),
    /// What the controllers of Cluster API do.
    Capi(capi::Act),
    /// A pod of a StatefulSet or DaemonSet is made anew.
    Replace(Box<Value>),
    /// A DaemonSet runs on every node.
    Network(Name),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) namespace: String,
    pub(crate) name: String,
}

/// A controller needs a moment; this also parts cause and effect for whoever watches.
const SOON: Duration = Duration::from_millis(50);
/// How long a container takes to end when it heeds its signal.
const ENDING: Duration = Duration::from_secs(2);
const STARTING: Duration = Duration::from_secs(2);

/// What follows from all changes after a revision.
pub(crate) fn react(store: &Store, since: u64) -> Vec<(Duration, Act)> {
    let kinds = [("", "pods"), ("", "namespaces"), ("", "services"), ("apps", "deployments"), ("apps", "replicasets"), ("apps", "daemonsets")];
    let ids: Vec<ResourceId> = kinds.iter().chain(&capi::WATCHED).map(|(group, plural)| ResourceId::new(group, plural)).collect();
    let mut entries: Vec<&Entry> = ids.iter().filter_map(|id| store.since(id, since)).flatten().collect();
    entries.sort_by_key(|entry| entry.revision);
    let mut acts: Vec<(Duration, Act)> = Vec::new();
    for act in entries.into_iter().flat_map(follows) {
        if !acts.contains(&act) {
            acts.push(act);
        }
    }
    acts
}

fn follows(entry: &Entry) -> Vec<(Duration, Act)> {
    let name = Name { namespace: entry.object.namespace.clone(), name: entry.object.name.clone() };
    match (entry.id.group.as_str(), entry.id.plural.as_str()) {
        ("apps", "deployments") => match entry.change {
            Change::Added | Change::Modified => vec![(SOON, Act::Deployment(name))],
            Change::Deleted => Vec::new(),
        },
        ("apps", "replicasets") => match entry.change {
            Change::Added | Change::Modified => vec![(SOON, Act::ReplicaSet(name))],
            Change::Deleted => Vec::new(),
        },
        ("apps", "daemonsets") => match entry.change {
            Change::Added => vec![(network::STARTS, Act::Network(name))],
            Change::Modified | Change::Deleted => Vec::new(),
        },
        ("cluster.x-k8s.io", _) => capi::follows(entry, name).into_iter().map(|(after, act)| (after, Act::Capi(act))).collect(),
        ("", "services") => vec![(SOON, Act::Endpoints(name.namespace))],
        ("", "namespaces") if entry.object.value()["metadata"]["deletionTimestamp"].is_string() && entry.change != Change::Deleted => {
            vec![(ENDING, Act::EmptyNamespace(name.name))]
        }
        ("", "pods") => pod_follows(entry, name),
        _ => Vec::new(),
    }
}

fn pod_follows(entry: &Entry, name: Name) -> Vec<(Duration, Act)> {
    let pod = entry.object.value();
    let owner = &pod["metadata"]["ownerReferences"][0];
    let owned_by = Name { namespace: name.namespace.clone(), name: owner["name"].as_str().unwrap_or_default().to_owned() };
    let mut acts = vec![(SOON, Act::Endpoints(name.namespace.clone()))];
    match (entry.change, owner["kind"].as_str()) {
        (_, Some("ReplicaSet")) => acts.push((SOON, Act::ReplicaSet(owned_by))),
        (Change::Deleted, Some("StatefulSet" | "DaemonSet")) => acts.push((SOON, Act::Replace(Box::new(pod.clone())))),
        _ => {}
    }
    match entry.change {
        Change::Added => acts.push((SOON, Act::Schedule(name))),
        Change::Modified if pod["metadata"]["deletionTimestamp"].is_string() => acts.push((ENDING, Act::End(name))),
        Change::Modified if pod["status"]["phase"] == "Pending" && is_pulling(&pod) => acts.push((ready_after(&pod), Act::Start(name))),
        Change::Modified | Change::Deleted => {}
    }
    acts
}

pub(crate) fn perform(store: &mut Store, act: &Act, now: Timestamp) {
    match act {
        Act::Deployment(name) => deployment(store, name, now),
        Act::ReplicaSet(name) => replica_set(store, name, now),
        Act::Schedule(name) => schedule(store, name, now),
        Act::Start(name) => {
            if let Some(mut pod) = pod(store, name).filter(|pod| pod["status"]["phase"] == "Pending") {
                let node = pod["spec"]["nodeName"].as_str().unwrap_or_default().to_owned();
                running(&mut pod, &node, &stamp(now));
                place(store, pod);
            }
        }
        Act::End(name) => {
            if pod(store, name).is_some_and(|pod| pod["metadata"]["deletionTimestamp"].is_string()) {
                store.remove(&ResourceId::new("", "pods"), &name.namespace, &name.name);
            }
        }
        Act::Endpoints(namespace) => endpoints(store, namespace),
        Act::EmptyNamespace(namespace) => empty(store, namespace),
        Act::Capi(act) => capi::perform(store, act, now),
        Act::Replace(pod) => replace(store, pod, now),
        Act::Network(name) => network::runs(store, name, now),
    }
}

/// What an act leads to outside of its cluster.
pub(crate) fn outside(world: &World, cluster: &Arc<Cluster>, act: &Act, now: Timestamp) {
    match act {
        Act::Capi(act) => capi::outside::follow(world, cluster, act, now),
        Act::Network(_) => network::follow(world, cluster, now),
        Act::Deployment(_)
        | Act::ReplicaSet(_)
        | Act::Schedule(_)
        | Act::Start(_)
        | Act::End(_)
        | Act::Endpoints(_)
        | Act::EmptyNamespace(_)
        | Act::Replace(_) => {}
    }
}

fn pod(store: &Store, name: &Name) -> Option<Value> {
    find(store, "", "pods", &name.namespace, &name.name)
}

fn deployment(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(mut deployment) = find(store, "apps", "deployments", &name.namespace, &name.name) else { return };
    let sets: Vec<Value> = owned(store, "apps", "replicasets", &deployment);
    let plain = |template: &Value| {
        let mut template = template.clone();
        if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
            labels.remove("pod-template-hash");
        }
        template
    };
    let wanted = deployment["spec"]["replicas"].as_u64().unwrap_or(1);
    let (current, old): (Vec<_>, Vec<_>) = sets.into_iter().partition(|set| plain(&set["spec"]["template"]) == plain(&deployment["spec"]["template"]));
    match current.first() {
        None => {
            let set = replica_set_of(store, &deployment, wanted, now);
            place(store, set);
        }
        Some(set) => {
            scale(store, set, wanted);
            // The old pods go when the new ones serve; a surge, without the steps of a real rollout.
            if count(set, "readyReplicas") >= wanted {
                old.iter().for_each(|set| scale(store, set, 0));
            }
            let ready = count(set, "readyReplicas");
            let available = ready >= wanted;
            let condition = if available {
                json!({ "type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "message": "Deployment has minimum availability." })
            } else {
                json!({ "type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": "Deployment does not have minimum availability." })
            };
            let since = deployment["status"]["conditions"][0].clone();
            let changed = if since["status"] == condition["status"] { since["lastTransitionTime"].clone() } else { json!(stamp(now)) };
            let mut condition = condition;
            condition["lastTransitionTime"] = changed;
            let status = json!({
                "observedGeneration": deployment["metadata"]["generation"], "replicas": count(set, "replicas"), "updatedReplicas": count(set, "replicas"),
                "readyReplicas": ready, "availableReplicas": ready, "unavailableReplicas": wanted.saturating_sub(ready), "conditions": [condition],
            });
            if deployment["status"] != status {
                deployment["status"] = status;
                place(store, deployment);
            }
        }
    }
}

fn replica_set_of(store: &mut Store, deployment: &Value, replicas: u64, now: Timestamp) -> Value {
    let hash = {
        let seed = deployment["spec"]["template"].to_string().bytes().fold(5_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        suffix(seed, 9)
    };
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"]["pod-template-hash"] = json!(hash);
    let mut selector = deployment["spec"]["selector"].clone();
    selector["matchLabels"]["pod-template-hash"] = json!(hash);
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": format!("{}-{hash}", deployment["metadata"]["name"].as_str().unwrap_or_default()), "namespace": deployment["metadata"]["namespace"],
            "uid": store.next_uid(), "creationTimestamp": stamp(now), "labels": template["metadata"]["labels"], "ownerReferences": owner(deployment),
        },
        "spec": { "replicas": replicas, "selector": selector, "template": template },
    })
}

fn scale(store: &mut Store, set: &Value, replicas: u64) {
    if set["spec"]["replicas"] != json!(replicas) {
        let mut set = set.clone();
        set["spec"]["replicas"] = json!(replicas);
        place(store, set);
    }
}

fn replica_set(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(mut set) = find(store, "apps", "replicasets", &name.namespace, &name.name) else { return };
    let pods = owned(store, "", "pods", &set);
    let living: Vec<Value> = pods.into_iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null()).collect();
    let wanted = usize::try_from(set["spec"]["replicas"].as_u64().unwrap_or(1)).unwrap_or_default();
    for _ in living.len()..wanted {
        let template = set["spec"]["template"].clone();
        let pod = pod_of(&set, &template, &format!("{}-{}", name.name, store.next_suffix()), &stamp(now));
        place(store, pod);
    }
    for pod in living.iter().rev().take(living.len().saturating_sub(wanted)) {
        let mut pod = pod.clone();
        pod["metadata"]["deletionTimestamp"] = json!(stamp(now));
        place(store, pod);
    }
    let ready = living.iter().filter(|pod| is_ready(pod)).count();
    let status = json!({ "observedGeneration": set["metadata"]["generation"], "replicas": living.len(), "readyReplicas": ready, "availableReplicas": ready });
    let deployment = Name { namespace: name.namespace.clone(), name: set["metadata"]["ownerReferences"][0]["name"].as_str().unwrap_or_default().to_owned() };
    if set["status"] != status {
        set["status"] = status;
        place(store, set);
        // Its own change must not start it again: only the Deployment above learns of the new numbers.
        deployment_learns(store, &deployment, now);
    }
}

fn deployment_learns(store: &mut Store, name: &Name, now: Timestamp) {
    if !name.name.is_empty() {
        deployment(store, name, now);
    }
}

fn schedule(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(mut pod) = pod(store, name).filter(|pod| pod["status"]["phase"] == "Pending" && pod["status"]["conditions"].is_null()) else { return };
    let nodes: Vec<Value> = store.list(&ResourceId::new("", "nodes"), "", None).map(|one| one.value()).collect();
    let fits = |node: &&Value| node["spec"]["unschedulable"] != true && is_ready(node);
    let workers: Vec<&Value> = nodes.iter().filter(fits).collect();
    let spread = name.name.bytes().map(usize::from).sum::<usize>();
    match workers.get(spread % workers.len().max(1)) {
        None => {
            let message = format!("0/{} nodes are available: {} node(s) were unschedulable.", nodes.len(), nodes.len());
            pod["status"]["conditions"] =
                json!([{ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message, "lastTransitionTime": stamp(now) }]);
        }
        Some(node) => {
            pod["spec"]["nodeName"] = node["metadata"]["name"].clone();
            pod["status"]["conditions"] = json!([{ "type": "PodScheduled", "status": "True", "lastTransitionTime": stamp(now) }]);
            let waiting = |one: &Value| json!({ "name": one["name"], "image": one["image"], "imageID": "", "ready": false, "restartCount": 0, "state": { "waiting": { "reason": "ContainerCreating" } } });
            pod["status"]["containerStatuses"] = pod["spec"]["containers"].as_array().into_iter().flatten().map(waiting).collect();
        }
    }
    place(store, pod);
}

/// One slice per service, with the pods that its selector finds.
fn endpoints(store: &mut Store, namespace: &str) {
    let services: Vec<Value> = store.list(&ResourceId::new("", "services"), namespace, None).map(|one| one.value()).collect();
    for service in services.iter().filter(|one| one["spec"]["selector"].is_object()) {
        let wanted = service["spec"]["selector"].as_object().cloned().unwrap_or_default();
        let found = store.list(&ResourceId::new("", "pods"), namespace, None);
        let found = found.filter(|pod| wanted.iter().all(|(key, value)| pod.labels.iter().any(|(name, is)| name == key && value == is)));
        let addresses: Vec<Value> = found
            .map(|pod| pod.value())
            .filter(|pod| pod["status"]["podIP"].is_string() && pod["metadata"]["deletionTimestamp"].is_null())
            .map(|pod| {
                let target = json!({ "kind": "Pod", "namespace": namespace, "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"] });
                json!({ "addresses": [pod["status"]["podIP"]], "conditions": { "ready": is_ready(&pod), "serving": is_ready(&pod) }, "targetRef": target })
            })
            .collect();
        let name = format!("{}-{}", service["metadata"]["name"].as_str().unwrap_or_default(), suffix(3, 5));
        let before = find(store, "discovery.k8s.io", "endpointslices", namespace, &name);
        if before.as_ref().is_some_and(|slice| slice["endpoints"] == json!(addresses)) {
            continue;
        }
        let mut slice = before.unwrap_or_else(|| {
            json!({
                "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", "ports": service["spec"]["ports"],
                "metadata": {
                    "name": name, "namespace": namespace, "creationTimestamp": service["metadata"]["creationTimestamp"], "ownerReferences": owner(service),
                    "labels": { "kubernetes.io/service-name": service["metadata"]["name"] },
                },
            })
        });
        slice["endpoints"] = json!(addresses);
        place(store, slice);
    }
}

fn empty(store: &mut Store, namespace: &str) {
    let kinds: Vec<ResourceId> = store.resources.values().filter(|one| one.scope == Scope::Namespaced).map(|one| one.id.clone()).collect();
    for id in kinds {
        let names: Vec<String> = store.list(&id, namespace, None).map(|one| one.name.clone()).collect();
        for name in names {
            store.remove(&id, namespace, &name);
        }
    }
    store.remove(&ResourceId::new("", "namespaces"), "", namespace);
}

fn replace(store: &mut Store, gone: &Value, now: Timestamp) {
    let owner = &gone["metadata"]["ownerReferences"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, namespace) = (text(&owner["kind"]), text(&gone["metadata"]["namespace"]));
    let plural = if kind == "StatefulSet" { "statefulsets" } else { "daemonsets" };
    if find(store, "apps", plural, &namespace, &text(&owner["name"])).is_none() {
        return;
    }
    let name = if kind == "StatefulSet" { text(&gone["metadata"]["name"]) } else { format!("{}-{}", text(&owner["name"]), store.next_suffix()) };
    let mut pod = gone.clone();
    pod["metadata"] = json!({
        "name": name, "namespace": namespace, "labels": gone["metadata"]["labels"], "ownerReferences": gone["metadata"]["ownerReferences"],
        "creationTimestamp": stamp(now), "uid": store.next_uid(),
    });
    pod["spec"]["nodeName"] = Value::Null;
    pod["status"] = json!({ "phase": "Pending" });
    place(store, pod);
}

fn owned(store: &Store, group: &str, plural: &str, by: &Value) -> Vec<Value> {
    let namespace = by["metadata"]["namespace"].as_str().unwrap_or_default();
    let all = store.list(&ResourceId::new(group, plural), namespace, None).map(|one| one.value());
    all.filter(|one| one["metadata"]["ownerReferences"][0]["uid"] == by["metadata"]["uid"]).collect()
}

fn count(set: &Value, key: &str) -> u64 {
    set["status"][key].as_u64().unwrap_or_default()
}

fn is_ready(object: &Value) -> bool {
    object["status"]["conditions"].as_array().into_iter().flatten().any(|one| one["type"] == "Ready" && one["status"] == "True")
}

fn is_pulling(pod: &Value) -> bool {
    pod["spec"]["nodeName"].is_string() && pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "ContainerCreating"
}

fn ready_after(pod: &Value) -> Duration {
    let said = pod["metadata"]["annotations"][READY_AFTER].as_str().and_then(|text| text.parse().ok());
    said.map_or(STARTING, Duration::from_secs)
}
