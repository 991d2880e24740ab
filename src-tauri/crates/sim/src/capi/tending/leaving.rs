//! How do machines, pools and clusters go?

use api::Timestamp;
use serde_json::{Value, json};

use super::{HOLDS, Scene};
use crate::capi::parts::{self, ADD_ONS, BOOTSTRAP, CORE, INFRASTRUCTURE, PLANE, PLANES};
use crate::controllers::Name;
use crate::objects::{find, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::Store;

/// A drain is over, or a budget holds it.
pub(in crate::capi) fn machine_gone(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(mut machine) = find(store, CORE, "machines", &name.namespace, &name.name).filter(|m| m["metadata"]["deletionTimestamp"].is_string()) else {
        return;
    };
    let holds = machine["metadata"]["annotations"][HOLDS].as_str().unwrap_or_default().to_owned();
    if let Some((pod, budget)) = holds.split_once(' ') {
        machine["metadata"]["annotations"][HOLDS] = json!("");
        let why = format!(
            "* Pod {pod}: cannot evict pod as it would violate the pod's disruption budget. The disruption budget {budget} needs 1 healthy pods and has 1 currently"
        );
        drains(&mut machine, &why, &stamp(now));
        return place(store, machine);
    }
    remove(store, name);
}

/// A machine goes with its parts.
fn remove(store: &mut Store, machine: &Name) {
    for (group, plural) in [(INFRASTRUCTURE, "dockermachines"), (BOOTSTRAP, "kubeadmconfigs"), (CORE, "machines")] {
        store.remove(&ResourceId::new(group, plural), &machine.namespace, &machine.name);
    }
}

/// What the Machine controller says of a drain.
fn drains(machine: &mut Value, why: &str, now: &str) {
    let since = machine["metadata"]["deletionTimestamp"].as_str().unwrap_or(now).to_owned();
    let mut conditions = machine["status"]["conditions"].as_array().cloned().unwrap_or_default();
    conditions.retain(|c| c["type"] != "Deleting");
    let said = format!("Drain not completed yet (started at {since}):\n{why}");
    conditions.push(parts::condition("Deleting", true, "DrainingNode", &said, &since));
    machine["status"]["conditions"] = json!(conditions);
    machine["status"]["phase"] = json!("Deleting");
}

impl Scene<'_> {
    /// An old machine goes when its pods have left it.
    pub(super) fn drain(&mut self, mut machine: Value) {
        machine["metadata"]["deletionTimestamp"] = json!(self.now);
        drains(&mut machine, "* Pods web/web-7c9d5-4xkq2, web/api-5f8c4-9tr6d: deletionTimestamp set, but still not removed from the Node", &self.now);
        place(self.store, machine);
    }

    pub(super) fn unmake(&mut self, machine: &str) {
        remove(self.store, &Name { namespace: self.name.namespace.clone(), name: machine.to_owned() });
    }

    /// A pool that the topology no longer names: its machines one after the other, then itself.
    pub(super) fn remove_pool(&mut self, pool: &Value) {
        let object = pool["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let sets = self.members(CORE, "machinesets");
        let mine = sets.iter().filter(|set| set["metadata"]["ownerReferences"][0]["name"] == object.as_str());
        let sets: Vec<String> = mine.filter_map(|set| set["metadata"]["name"].as_str().map(str::to_owned)).collect();
        let machine = sets.iter().flat_map(|set| self.machines_of(set)).find_map(|m| m["metadata"]["name"].as_str().map(str::to_owned));
        match machine {
            Some(machine) => self.unmake(&machine),
            None => {
                sets.iter().for_each(|set| drop(self.store.remove(&ResourceId::new(CORE, "machinesets"), &self.name.namespace, set)));
                self.store.remove(&ResourceId::new(CORE, "machinedeployments"), &self.name.namespace, &object);
            }
        }
    }

    /// Workers first, then control planes, then the infrastructure, the Cluster last.
    pub(super) fn take_down(&mut self, mut cluster: Value) {
        let machines = self.members(CORE, "machines");
        let is_plane = |m: &&Value| m["metadata"]["labels"].get(PLANE).is_some();
        let next = machines.iter().find(|m| !is_plane(m)).map(|m| (m, "WaitingForWorkersDeletion"));
        let next = next.or_else(|| machines.first().map(|m| (m, "WaitingForControlPlaneDeletion")));
        if let Some((machine, reason)) = next {
            let machine = machine["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            cluster["status"]["phase"] = json!("Deleting");
            let mut conditions = cluster["status"]["conditions"].as_array().cloned().unwrap_or_default();
            conditions.retain(|c| c["type"] != "Deleting");
            conditions.push(parts::condition("Deleting", true, reason, &format!("* Machine {machine}"), &self.now));
            cluster["status"]["conditions"] = json!(conditions);
            place(self.store, cluster);
            self.unmake(&machine);
            return;
        }
        self.sweep();
        self.store.remove(&ResourceId::new(CORE, "clusters"), &self.name.namespace, &self.name.name);
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
