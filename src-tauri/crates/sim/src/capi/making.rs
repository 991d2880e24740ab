//! How is a new cluster that a class describes made?
//!
//! Its machines go the way of the real ones: the infrastructure first, control planes one after another, workers once the
//! first API server answers.

mod counts;
#[cfg(test)]
mod tests;

use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::parts::{BOOTSTRAP, CLUSTER, CLUSTER_FINALIZER, CORE, FINALIZER, INFRASTRUCTURE, PLANE, PLANES, POOL, condition, reference};
use super::{Act, STEP};
use crate::controllers::Name;
use crate::objects::{find, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::{Change, Entry, Store};
use counts::{counted, recount};

/// On clusters and machines that are no containers.
const IN_MEMORY_MARK: &str = "sim.demo.invalid/in-memory";
/// Seconds until each step ends: bootstrap data, container, bootstrap run, joined, healthy, available.
const SECONDS: [u64; 6] = [3, 6, 34, 3, 14, 1];
const IN_MEMORY: [u64; 6] = [1, 10, 2, 2, 2, 1];
pub(super) const BOOTED: usize = 3;
const LAST: usize = 6;

/// What follows from a change of an object of Cluster API.
pub(super) fn follows(entry: &Entry, name: Name) -> Vec<(Duration, Act)> {
    let object = entry.object.value();
    match (entry.id.plural.as_str(), entry.change) {
        ("clusters", Change::Added) if object["spec"]["topology"].is_object() && object["spec"]["infrastructureRef"].is_null() => {
            vec![(Duration::from_secs(1), Act::Make(name))]
        }
        ("clusters", Change::Modified) if is_waiting(&object) => vec![(Duration::from_secs(5), Act::Infrastructure(name))],
        ("machines", Change::Added | Change::Modified) => {
            let Some(step) = step_of(&object).filter(|step| *step < LAST && stays(&object)) else { return vec![] };
            let times = if is_in_memory(&object) { IN_MEMORY } else { SECONDS };
            vec![(Duration::from_secs(times[step]), Act::Step(name, step + 1))]
        }
        (_, Change::Added | Change::Modified | Change::Deleted) => vec![],
    }
}

/// Whether the controllers only play its machines.
pub(super) fn is_in_memory(object: &Value) -> bool {
    object["metadata"]["annotations"][IN_MEMORY_MARK].is_string()
}

/// Whether a class makes machines of nothing: its template of the infrastructure says so.
fn plays(store: &Store, class: &Value, home: &str) -> bool {
    let to = &class["spec"]["infrastructure"]["templateRef"];
    let text = |field: &str| to[field].as_str().unwrap_or_default();
    let template = find(store, INFRASTRUCTURE, &plural(text("kind")), home, text("name"));
    template.is_some_and(|template| template["spec"]["template"]["spec"]["backend"]["inMemory"].is_object())
}

/// Its objects are made, and its infrastructure is not.
fn is_waiting(cluster: &Value) -> bool {
    stays(cluster)
        && cluster["spec"]["infrastructureRef"].is_object()
        && cluster["status"]["phase"] == "Provisioning"
        && cluster["metadata"]["annotations"][STEP] == "made"
}

/// Nothing more is made for what goes.
fn stays(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_null()
}

/// Set on machines whose turn has come.
fn step_of(machine: &Value) -> Option<usize> {
    machine["metadata"]["annotations"][STEP].as_str()?.parse().ok()
}

pub(super) fn make(store: &mut Store, name: &Name, now: Timestamp) {
    let now = &stamp(now);
    let Some(mut cluster) = find(store, CORE, "clusters", &name.namespace, &name.name).filter(|c| c["spec"]["infrastructureRef"].is_null()) else { return };
    let topology = cluster["spec"]["topology"].clone();
    let class = topology["classRef"]["name"].as_str().or_else(|| topology["class"].as_str()).unwrap_or_default();
    let home = topology["classRef"]["namespace"].as_str().unwrap_or(&name.namespace);
    let Some(class) = find(store, CORE, "clusterclasses", home, class) else {
        let said = format!("ClusterClass {home}/{class} not found");
        cluster["status"] = json!({ "phase": "Pending", "conditions": [condition("TopologyReconciled", false, "ReconcileFailed", &said, now), condition("Available", false, "NotAvailable", "* TopologyReconciled: the class is missing", now)] });
        place(store, cluster);
        return;
    };
    let kind = class["spec"]["infrastructure"]["templateRef"]["kind"].as_str().unwrap_or("DockerClusterTemplate").trim_end_matches("Template").to_owned();
    let (suffix, plane) = (store.next_suffix(), format!("{}-{}", name.name, store.next_suffix()));
    let infrastructure = format!("{}-{suffix}", name.name);
    cluster["spec"]["infrastructureRef"] = reference(INFRASTRUCTURE, &kind, &infrastructure);
    cluster["spec"]["controlPlaneRef"] = reference(PLANES, "KubeadmControlPlane", &plane);
    cluster["metadata"]["annotations"][STEP] = json!("made");
    cluster["metadata"]["finalizers"] = json!([CLUSTER_FINALIZER]);
    if plays(store, &class, home) {
        cluster["metadata"]["annotations"][IN_MEMORY_MARK] = json!("");
    }
    let pools = topology["workers"]["machineDeployments"].as_array().cloned().unwrap_or_default();
    let workers: u64 = pools.iter().map(|pool| pool["replicas"].as_u64().unwrap_or(0)).sum();
    let planes = topology["controlPlane"]["replicas"].as_u64().unwrap_or(1);
    cluster["status"] = json!({
        "phase": "Provisioning", "initialization": { "infrastructureProvisioned": false, "controlPlaneInitialized": false },
        "controlPlane": { "desiredReplicas": planes, "replicas": 0, "readyReplicas": 0, "availableReplicas": 0 },
        "workers": { "desiredReplicas": workers, "replicas": 0, "readyReplicas": 0, "availableReplicas": 0 },
        "conditions": [
            condition("Available", false, "NotAvailable", "* InfrastructureReady: not yet", now),
            condition("InfrastructureReady", false, "NotReady", "", now), condition("ControlPlaneInitialized", false, "NotInitialized", "Control plane not yet initialized", now),
            condition("TopologyReconciled", true, "ReconcileSucceeded", "", now),
        ],
    });
    place(store, cluster.clone());
    place(
        store,
        owned(&kind, INFRASTRUCTURE, &infrastructure, &cluster, now, json!({}), json!({ "conditions": [condition("Ready", false, "NotReady", "", now)] })),
    );
    let spec = json!({ "replicas": planes, "version": topology["version"] });
    place(store, owned("KubeadmControlPlane", PLANES, &plane, &cluster, now, spec, counted(planes, &[], now)));
    for pool in pools {
        let (topology_name, replicas) = (pool["name"].as_str().unwrap_or_default(), pool["replicas"].as_u64().unwrap_or(0));
        let deployment = format!("{}-{topology_name}-{}", name.name, store.next_suffix());
        let spec = json!({ "clusterName": name.name, "replicas": replicas, "version": topology["version"] });
        let mut object = owned("MachineDeployment", CORE, &deployment, &cluster, now, spec.clone(), counted(replicas, &[], now));
        object["metadata"]["labels"][POOL] = json!(topology_name);
        let object = put(store, object);
        let set = format!("{deployment}-{}", store.next_suffix());
        let set = owned("MachineSet", CORE, &set, &object, now, spec, counted(replicas, &[], now));
        let set = put(store, set);
        (0..replicas).for_each(|_| machine(store, &set, &kind, now));
    }
}

/// The infrastructure of the cluster is there: the first control plane begins.
pub(super) fn infrastructure(store: &mut Store, name: &Name, now: Timestamp) {
    let now = &stamp(now);
    let Some(mut cluster) = find(store, CORE, "clusters", &name.namespace, &name.name).filter(is_waiting) else { return };
    let to = cluster["spec"]["infrastructureRef"].clone();
    let kind = to["kind"].as_str().unwrap_or_default().to_owned();
    if let Some(mut object) = find(store, INFRASTRUCTURE, &plural(&kind), &name.namespace, to["name"].as_str().unwrap_or_default()) {
        object["status"] = json!({ "initialization": { "provisioned": true }, "conditions": [condition("Ready", true, "Ready", "", now), condition("LoadBalancerAvailable", true, "Available", "", now)] });
        place(store, object);
    }
    let last = name.name.bytes().map(u64::from).sum::<u64>() % 200 + 20;
    cluster["spec"]["controlPlaneEndpoint"] = json!({ "host": format!("172.18.0.{last}"), "port": 6443 });
    cluster["status"]["phase"] = json!("Provisioned");
    cluster["status"]["initialization"]["infrastructureProvisioned"] = json!(true);
    turn(&mut cluster, "InfrastructureReady", true, "Ready", now);
    turn(&mut cluster, "Available", false, "NotAvailable", now);
    cluster["metadata"]["annotations"][STEP] = json!("infrastructure");
    place(store, cluster.clone());
    let plane = cluster["spec"]["controlPlaneRef"]["name"].as_str().unwrap_or_default();
    if let Some(plane) = find(store, PLANES, "kubeadmcontrolplanes", &name.namespace, plane) {
        machine(store, &plane, &kind, now);
    }
}

/// Stores an object that others name as their owner.
fn put(store: &mut Store, mut object: Value) -> Value {
    object["metadata"]["uid"] = json!(store.next_uid());
    place(store, object.clone());
    object
}

/// A machine of a control plane begins at once, one of a set waits for the first API server.
fn machine(store: &mut Store, owner: &Value, infrastructure: &str, now: &str) {
    let kind = infrastructure.replace("Cluster", "Machine");
    let cluster = owner["metadata"]["labels"][CLUSTER].as_str().unwrap_or_default().to_owned();
    let name = format!("{}-{}", owner["metadata"]["name"].as_str().unwrap_or_default(), store.next_suffix());
    let of_plane = owner["kind"] == "KubeadmControlPlane";
    let whole = find(store, CORE, "clusters", owner["metadata"]["namespace"].as_str().unwrap_or_default(), &cluster).unwrap_or_default();
    let initialized = whole["status"]["initialization"]["controlPlaneInitialized"] == true;
    let spec = json!({
        "clusterName": cluster, "version": owner["spec"]["version"], "infrastructureRef": reference(INFRASTRUCTURE, &kind, &name),
        "bootstrap": { "configRef": reference(BOOTSTRAP, "KubeadmConfig", &name) },
    });
    let waits = "* Waiting for control plane to be initialized";
    let status = json!({
        "phase": "Pending",
        "conditions": [
            condition("Available", false, "NotReady", "", now), condition("Ready", false, "NotReady", waits, now), condition("BootstrapConfigReady", false, "NotReady", "", now),
            condition("InfrastructureReady", false, "NotReady", "", now),
        ],
    });
    let mut object = owned("Machine", CORE, &name, owner, now, spec, status);
    if of_plane {
        object["metadata"]["labels"][PLANE] = json!("");
    }
    if of_plane || initialized {
        object["metadata"]["annotations"][STEP] = json!("0");
    }
    if is_in_memory(&whole) {
        object["metadata"]["annotations"][IN_MEMORY_MARK] = json!("");
    }
    object["metadata"]["finalizers"] = json!([FINALIZER]);
    let object = put(store, object);
    let config = json!({ "conditions": [condition("Ready", false, "NotReady", "", now)] });
    place(store, owned("KubeadmConfig", BOOTSTRAP, &name, &object, now, json!({}), config));
    let made = json!({ "initialization": { "provisioned": false }, "conditions": [condition(container(&object), false, "WaitingForBootstrapData", "", now)] });
    place(store, owned(&kind, INFRASTRUCTURE, &name, &object, now, json!({}), made));
}

fn container(machine: &Value) -> &'static str {
    if is_in_memory(machine) { "VMProvisioned" } else { "ContainerProvisioned" }
}

/// A machine has ended a step.
pub(super) fn advance(store: &mut Store, name: &Name, step: usize, now: Timestamp) {
    let now = &stamp(now);
    let is_next = |m: &Value| step_of(m) == Some(step.saturating_sub(1)) && stays(m);
    let Some(mut machine) = find(store, CORE, "machines", &name.namespace, &name.name).filter(is_next) else { return };
    let to = machine["spec"]["infrastructureRef"].clone();
    let kind = to["kind"].as_str().unwrap_or_default().to_owned();
    let mut infra = find(store, INFRASTRUCTURE, &plural(&kind), &name.namespace, &name.name).unwrap_or_default();
    match step {
        1 => {
            turn(&mut machine, "BootstrapConfigReady", true, "Ready", now);
            machine["status"]["phase"] = json!("Provisioning");
            if let Some(mut config) = find(store, BOOTSTRAP, "kubeadmconfigs", &name.namespace, &name.name) {
                turn(&mut config, "Ready", true, "Ready", now);
                turn(&mut config, "DataSecretAvailable", true, "Available", now);
                place(store, config);
            }
        }
        2 => turn(&mut infra, container(&machine), true, "Provisioned", now),
        BOOTED => {
            turn(&mut infra, "BootstrapCompleted", true, "BootstrapCompleted", now);
            turn(&mut infra, "Ready", true, "Ready", now);
            infra["status"]["initialization"]["provisioned"] = json!(true);
            turn(&mut machine, "InfrastructureReady", true, "Ready", now);
            machine["spec"]["providerID"] = json!(format!("docker:////{}", name.name));
            machine["status"]["phase"] = json!("Provisioned");
        }
        4 => {
            machine["status"]["nodeRef"] = json!({ "name": name.name });
            machine["status"]["phase"] = json!("Running");
            turn(&mut machine, "NodeReady", false, "NodeNotReady", now);
            turn(&mut machine, "NodeHealthy", false, "NodeNotHealthy", now);
        }
        5 => ["NodeReady", "NodeHealthy", "Ready"].iter().for_each(|kind| turn(&mut machine, kind, true, "Ready", now)),
        _ => turn(&mut machine, "Available", true, "Available", now),
    }
    machine["metadata"]["annotations"][STEP] = json!(step.to_string());
    if infra.is_object() {
        place(store, infra);
    }
    place(store, machine.clone());
    let of_plane = machine["metadata"]["labels"][PLANE].is_string();
    let cluster = machine["spec"]["clusterName"].as_str().unwrap_or_default();
    if of_plane && step == BOOTED {
        initialized(store, &name.namespace, cluster, now);
    }
    if of_plane && step == LAST {
        next_control_plane(store, &name.namespace, cluster, &kind.replace("Machine", "Cluster"), now);
    }
    if step >= BOOTED {
        recount(store, &name.namespace, cluster, now);
    }
}

/// The first API server answers: the workers begin.
fn initialized(store: &mut Store, namespace: &str, name: &str, now: &str) {
    let Some(mut cluster) = find(store, CORE, "clusters", namespace, name).filter(|c| c["status"]["initialization"]["controlPlaneInitialized"] != true) else {
        return;
    };
    cluster["status"]["initialization"]["controlPlaneInitialized"] = json!(true);
    turn(&mut cluster, "ControlPlaneInitialized", true, "Initialized", now);
    place(store, cluster);
    for mut machine in machines(store, namespace, name).into_iter().filter(|m| step_of(m).is_none()) {
        machine["metadata"]["annotations"][STEP] = json!("0");
        place(store, machine);
    }
}

/// Control planes come one after another.
fn next_control_plane(store: &mut Store, namespace: &str, name: &str, infrastructure: &str, now: &str) {
    let Some(cluster) = find(store, CORE, "clusters", namespace, name).filter(stays) else { return };
    let plane = cluster["spec"]["controlPlaneRef"]["name"].as_str().unwrap_or_default();
    let Some(plane) = find(store, PLANES, "kubeadmcontrolplanes", namespace, plane) else { return };
    let there = machines(store, namespace, name).iter().filter(|m| owner_of(m) == plane["metadata"]["uid"]).count() as u64;
    if there < plane["spec"]["replicas"].as_u64().unwrap_or(1) {
        machine(store, &plane, infrastructure, now);
    }
}

fn machines(store: &Store, namespace: &str, cluster: &str) -> Vec<Value> {
    let all = store.list(&ResourceId::new(CORE, "machines"), namespace, None).map(|one| one.value());
    all.filter(|machine| machine["spec"]["clusterName"] == cluster).collect()
}

fn owner_of(object: &Value) -> Value {
    object["metadata"]["ownerReferences"][0]["uid"].clone()
}

fn is_true(object: &Value, kind: &str) -> bool {
    object["status"]["conditions"].as_array().into_iter().flatten().any(|c| c["type"] == kind && c["status"] == "True")
}

/// Sets a condition; the time changes only with the status.
fn turn(object: &mut Value, kind: &str, good: bool, reason: &str, now: &str) {
    let next = condition(kind, good, reason, "", now);
    let Some(list) = object["status"]["conditions"].as_array_mut() else {
        object["status"]["conditions"] = json!([next]);
        return;
    };
    match list.iter_mut().find(|c| c["type"] == kind) {
        Some(before) if before["status"] == next["status"] => {}
        Some(before) => *before = next,
        None => list.push(next),
    }
}

fn owned(kind: &str, group: &str, name: &str, owner: &Value, now: &str, spec: Value, status: Value) -> Value {
    let cluster = owner["metadata"]["labels"][CLUSTER].as_str().or_else(|| owner["metadata"]["name"].as_str()).unwrap_or_default();
    let mut owners = crate::objects::owner(owner);
    // Infrastructure and control planes of a cluster are its own, and controlled by nobody.
    owners[0]["controller"] = json!(owner["kind"] != "Cluster");
    json!({
        "apiVersion": format!("{group}/v1beta2"), "kind": kind,
        "metadata": { "name": name, "namespace": owner["metadata"]["namespace"], "creationTimestamp": now, "labels": { CLUSTER: cluster }, "ownerReferences": owners },
        "spec": spec, "status": status,
    })
}

/// As resources of this kind are called.
pub(super) fn plural(kind: &str) -> String {
    format!("{}s", kind.to_lowercase())
}
