//! What is different where a workload cluster has no network yet?
//!
//! Its nodes are there and not Ready, as kubelet and the Machine controller say it, and nothing else is wrong.

use api::Timestamp;
use serde_json::{Value, json};

use crate::capi::parts::{CORE, condition};
use crate::capi::{self, Act};
use crate::controllers::Name;
use crate::objects::{place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::Store;
use crate::world::World;

/// The one that waits.
const CLUSTER: &str = "lab-a";
/// What it has in the pictures.
const NETWORK: &str = "kindnet";

/// What kubelet says of a node without a network.
const WAITS: &str =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

/// Takes the network out of a workload cluster, as if it had been made a moment ago.
pub(super) fn wait(world: &World, now: Timestamp) {
    if let Some(workload) = world.cluster(CLUSTER) {
        workload.write(|store| {
            store.remove(&ResourceId::new("apps", "daemonsets"), "kube-system", NETWORK);
            for pod in all(store, "", "pods").iter().filter(|pod| pod["metadata"]["ownerReferences"][0]["name"] == NETWORK) {
                store.remove(&ResourceId::new("", "pods"), "kube-system", pod["metadata"]["name"].as_str().unwrap_or_default());
            }
            for node in all(store, "", "nodes") {
                place(store, unready(node, &["Ready"], &stamp(now)));
            }
        });
    }
    if let Some(management) = world.cluster("kos-mgmt") {
        management.write(|store| {
            for machine in all(store, CORE, "machines").into_iter().filter(|machine| machine["spec"]["clusterName"] == CLUSTER) {
                place(store, unready(machine, &["NodeReady", "NodeHealthy", "Ready", "Available"], &stamp(now)));
            }
            capi::perform(store, &Act::Look(Name { namespace: "default".to_owned(), name: CLUSTER.to_owned() }), now);
        });
    }
}

fn all(store: &Store, group: &str, plural: &str) -> Vec<Value> {
    store.list(&ResourceId::new(group, plural), "", None).map(|one| one.value()).collect()
}

/// The same with these conditions false.
fn unready(mut object: Value, kinds: &[&str], now: &str) -> Value {
    let conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let told = conditions.into_iter().map(|before| match kinds.iter().find(|kind| before["type"] == **kind) {
        Some(kind) => condition(kind, false, "NodeNotReady", WAITS, now),
        None => before,
    });
    object["status"]["conditions"] = json!(told.collect::<Vec<Value>>());
    object
}
