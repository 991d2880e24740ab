//! What follows in a cluster when a network begins to run on its nodes?
//!
//! Any DaemonSet that comes into a cluster is taken for one. Its own nodes hear of it, and in their management cluster the
//! Machines that said so of them.

use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::Name;
use crate::capi::parts::{CORE, condition};
use crate::cluster::Cluster;
use crate::objects::{WAITS, find, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::Store;
use crate::world::World;

/// From the DaemonSet until its pods run.
pub(super) const STARTS: Duration = Duration::from_secs(6);

/// Its pods run on every node, and the nodes that waited for them are Ready.
pub(super) fn runs(store: &mut Store, name: &Name, now: Timestamp) {
    let nodes: Vec<Value> = all(store, "", "nodes");
    let Some(mut daemon) = find(store, "apps", "daemonsets", &name.namespace, &name.name) else { return };
    let count = nodes.len();
    daemon["status"] = json!({ "desiredNumberScheduled": count, "currentNumberScheduled": count, "numberReady": count, "numberMisscheduled": 0 });
    place(store, daemon);
    nodes.into_iter().filter_map(|node| served(node, &stamp(now))).for_each(|node| place(store, node));
}

/// The Machines of a cluster whose Nodes are Ready now.
pub(super) fn follow(world: &World, workload: &Cluster, now: Timestamp) {
    let clusters: Vec<_> = world.things().clusters.values().cloned().collect();
    for management in clusters {
        let machines = all(&management.store(), CORE, "machines");
        let mine = machines.into_iter().filter(|machine| machine["spec"]["clusterName"] == workload.name());
        let ready: Vec<Value> = mine.filter_map(|machine| served(machine, &stamp(now))).collect();
        if !ready.is_empty() {
            management.write(|store| ready.into_iter().for_each(|machine| place(store, machine)));
        }
    }
}

fn all(store: &Store, group: &str, plural: &str) -> Vec<Value> {
    store.list(&ResourceId::new(group, plural), "", None).map(|one| one.value()).collect()
}

/// The same without a wait for a network; `None` for what does not wait for one.
fn served(mut object: Value, now: &str) -> Option<Value> {
    let mut conditions = object["status"]["conditions"].as_array()?.clone();
    let waits = |one: &Value| one["status"] == "False" && one["message"] == WAITS;
    if !conditions.iter().any(waits) {
        return None;
    }
    for one in conditions.iter_mut().filter(|one| waits(one)) {
        *one = condition(one["type"].as_str().unwrap_or_default(), true, "Ready", "", now);
    }
    object["status"]["conditions"] = json!(conditions);
    Some(object)
}
