//! How do machines, pools and clusters go?
//!
//! A machine goes the way of the real ones: its Node is drained, volumes are detached, the infrastructure is removed, then
//! the Node. Where the whole cluster goes, no Node is drained or removed: it goes with the rest.
//!
//! Source: `reconcileDelete` in `internal/controllers/machine/machine_controller.go` of Cluster API.

#[cfg(test)]
mod tests;

use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::{HOLDS, Scene};
use crate::capi::Act;
use crate::capi::making::plural;
use crate::capi::parts::{self, ADD_ONS, BOOTSTRAP, CORE, INFRASTRUCTURE, PLANE, PLANES};
use crate::controllers::Name;
use crate::objects::{find, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::Store;

/// What leaves a Node that is drained.
const EVICTED: &str = "* Pods web/web-7c9d5-4xkq2, web/api-5f8c4-9tr6d: deletionTimestamp set, but still not removed from the Node";

/// How far a machine that goes has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// Its deletion was asked for, and no controller has looked at it.
    Asked,
    Drain,
    /// A budget holds the drain.
    Held,
    Volumes,
    Infrastructure,
    Node,
}

impl Leaving {
    /// As the machine says; `None` for one that stays.
    fn of(machine: &Value) -> Option<Self> {
        if !is_leaving(machine) {
            return None;
        }
        let says = machine["status"]["conditions"].as_array().into_iter().flatten().find(|c| c["type"] == "Deleting");
        Some(match says.and_then(|c| c["reason"].as_str()) {
            Some("DrainingNode") if machine["metadata"]["annotations"][HOLDS] == "" => Self::Held,
            Some("DrainingNode") => Self::Drain,
            Some("WaitingForVolumeDetach") => Self::Volumes,
            Some("WaitingForInfrastructureDeletion") => Self::Infrastructure,
            Some("DeletingNode") => Self::Node,
            Some(_) | None => Self::Asked,
        })
    }

    /// How long a machine stays there.
    fn span(self, machine: &Value) -> Duration {
        Duration::from_secs(match self {
            Self::Asked | Self::Node => 1,
            Self::Drain => 7,
            // Only after somebody made room a budget lets go.
            Self::Held => 60,
            Self::Volumes => 2,
            // Containers do not all go in the same time.
            Self::Infrastructure => 4 + text(machine, "/metadata/name").bytes().map(u64::from).sum::<u64>() % 3,
        })
    }
}

/// The step after the one at which a machine is, and when it comes.
pub(super) fn follows(machine: &Value, name: Name) -> Option<(Duration, Act)> {
    let at = Leaving::of(machine)?;
    Some((at.span(machine), Act::Leave(name, at)))
}

/// A machine that goes has ended a step; what was due for an earlier one comes too late.
pub(in crate::capi) fn leave(store: &mut Store, name: &Name, at: Leaving, now: Timestamp) {
    let Some(mut machine) = find(store, CORE, "machines", &name.namespace, &name.name).filter(|m| Leaving::of(m) == Some(at)) else { return };
    let now = &stamp(now);
    let drained = has_node_to_leave(store, &machine);
    let holds = machine["metadata"]["annotations"][HOLDS].as_str().unwrap_or_default().to_owned();
    match (at, holds.split_once(' ')) {
        (Leaving::Asked, _) if drained => {
            machine["status"]["deletion"]["nodeDrainStartTime"] = json!(now);
            says(&mut machine, "DrainingNode", &drains(now, EVICTED), now);
        }
        (Leaving::Drain, Some((pod, budget))) => {
            machine["metadata"]["annotations"][HOLDS] = json!("");
            let why = format!(
                "* Pod {pod}: cannot evict pod as it would violate the pod's disruption budget. The disruption budget {budget} needs 1 healthy pods and has 1 currently"
            );
            let since = text(&machine, "/status/deletion/nodeDrainStartTime");
            says(&mut machine, "DrainingNode", &drains(&since, &why), now);
        }
        (Leaving::Drain | Leaving::Held, _) => {
            machine["status"]["deletion"]["waitForNodeVolumeDetachStartTime"] = json!(now);
            says(&mut machine, "WaitingForVolumeDetach", &format!("Waiting for Node volumes to be detached (started at {now})"), now);
        }
        (Leaving::Asked | Leaving::Volumes, _) => {
            let kind = ask_infrastructure(store, &machine, now);
            says(&mut machine, "WaitingForInfrastructureDeletion", &format!("Waiting for {kind} to be deleted"), now);
        }
        (Leaving::Infrastructure, _) => {
            remove_parts(store, &machine);
            if !drained {
                return drop(store.remove(&ResourceId::new(CORE, "machines"), &name.namespace, &name.name));
            }
            says(&mut machine, "DeletingNode", "", now);
        }
        (Leaving::Node, _) => return drop(store.remove(&ResourceId::new(CORE, "machines"), &name.namespace, &name.name)),
    }
    place(store, machine);
}

fn text(object: &Value, pointer: &str) -> String {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is_leaving(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

/// Whether it has a Node, and its cluster stays.
fn has_node_to_leave(store: &Store, machine: &Value) -> bool {
    let cluster = find(store, CORE, "clusters", &text(machine, "/metadata/namespace"), &text(machine, "/spec/clusterName"));
    machine["status"]["nodeRef"].is_object() && cluster.is_some_and(|cluster| !is_leaving(&cluster))
}

/// What the Machine controller says of a drain.
fn drains(since: &str, why: &str) -> String {
    format!("Drain not completed yet (started at {since}):\n{why}")
}

/// What the Machine controller says of a deletion; its condition is true since the deletion was asked for.
fn says(machine: &mut Value, reason: &str, message: &str, now: &str) {
    let since = machine["metadata"]["deletionTimestamp"].as_str().unwrap_or(now).to_owned();
    let mut conditions = machine["status"]["conditions"].as_array().cloned().unwrap_or_default();
    conditions.retain(|c| c["type"] != "Deleting");
    conditions.push(parts::condition("Deleting", true, reason, message, &since));
    machine["status"]["conditions"] = json!(conditions);
    machine["status"]["phase"] = json!("Deleting");
}

/// What a machine runs on is asked to go; its kind.
fn ask_infrastructure(store: &mut Store, machine: &Value, now: &str) -> String {
    let kind = text(machine, "/spec/infrastructureRef/kind");
    let part = find(store, INFRASTRUCTURE, &plural(&kind), &text(machine, "/metadata/namespace"), &text(machine, "/spec/infrastructureRef/name"));
    if let Some(mut part) = part {
        part["metadata"]["deletionTimestamp"] = json!(now);
        place(store, part);
    }
    kind
}

/// What a machine runs on, and what kubeadm was told for it.
fn remove_parts(store: &mut Store, machine: &Value) {
    let namespace = text(machine, "/metadata/namespace");
    for (group, of) in [(INFRASTRUCTURE, "/spec/infrastructureRef"), (BOOTSTRAP, "/spec/bootstrap/configRef")] {
        let (kind, name) = (text(machine, &format!("{of}/kind")), text(machine, &format!("{of}/name")));
        store.remove(&ResourceId::new(group, &plural(&kind)), &namespace, &name);
    }
}

impl Scene<'_> {
    /// A machine is asked to go; its own controller does the rest.
    pub(super) fn unmake(&mut self, mut machine: Value) {
        if is_leaving(&machine) {
            return;
        }
        machine["metadata"]["deletionTimestamp"] = json!(self.now);
        place(self.store, machine);
    }

    /// A pool that the topology no longer names: its machines, then itself.
    pub(super) fn remove_pool(&mut self, pool: &Value) {
        let object = pool["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let sets = self.members(CORE, "machinesets");
        let mine = sets.iter().filter(|set| set["metadata"]["ownerReferences"][0]["name"] == object.as_str());
        let sets: Vec<String> = mine.filter_map(|set| set["metadata"]["name"].as_str().map(str::to_owned)).collect();
        let machines: Vec<Value> = sets.iter().flat_map(|set| self.machines_of(set)).collect();
        if machines.is_empty() {
            sets.iter().for_each(|set| drop(self.store.remove(&ResourceId::new(CORE, "machinesets"), &self.name.namespace, set)));
            self.store.remove(&ResourceId::new(CORE, "machinedeployments"), &self.name.namespace, &object);
        }
        machines.into_iter().for_each(|machine| self.unmake(machine));
    }

    /// Workers first, then control planes, then the infrastructure, the Cluster last.
    pub(super) fn take_down(&mut self, mut cluster: Value) {
        let (planes, workers): (Vec<Value>, Vec<Value>) =
            self.members(CORE, "machines").into_iter().partition(|m| m["metadata"]["labels"].get(PLANE).is_some());
        let (reason, what, next) = if workers.is_empty() {
            ("WaitingForControlPlaneDeletion", "Control plane Machines", planes)
        } else {
            ("WaitingForWorkersDeletion", "Worker Machines", workers)
        };
        if next.is_empty() {
            self.sweep();
            self.store.remove(&ResourceId::new(CORE, "clusters"), &self.name.namespace, &self.name.name);
            return;
        }
        let before = cluster.clone();
        let names: Vec<&str> = next.iter().filter_map(|m| m["metadata"]["name"].as_str()).collect();
        says(&mut cluster, reason, &format!("* {what}: {}", names.join(", ")), &self.now);
        if cluster != before {
            place(self.store, cluster);
        }
        next.into_iter().for_each(|machine| self.unmake(machine));
    }

    /// All that belongs to the cluster, whatever waits for it.
    pub(super) fn sweep(&mut self) {
        for (group, plural) in [
            (CORE, "machinehealthchecks"),
            (ADD_ONS, "clusterresourcesetbindings"),
            (CORE, "machinesets"),
            (CORE, "machinedeployments"),
            (PLANES, "kubeadmcontrolplanes"),
            (INFRASTRUCTURE, "dockerclusters"),
            (INFRASTRUCTURE, "dockermachines"),
            (INFRASTRUCTURE, "devclusters"),
            (INFRASTRUCTURE, "devmachines"),
            (BOOTSTRAP, "kubeadmconfigs"),
            (CORE, "machines"),
        ] {
            for object in self.members(group, plural) {
                self.store.remove(&ResourceId::new(group, plural), &self.name.namespace, object["metadata"]["name"].as_str().unwrap_or_default());
            }
        }
    }
}
