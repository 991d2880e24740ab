//! What is different where a workload cluster has no network yet?
//!
//! Its nodes are there and not Ready, as kubelet and the Machine controller say it, and nothing else is wrong.

use api::Timestamp;
use serde_json::{Value, json};

use crate::capi::parts::{CORE, condition};
use crate::capi::{self, Act};
use crate::controllers::Name;
use crate::objects::{WAITS, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::Store;
use crate::world::World;

/// The one that waits.
const CLUSTER: &str = "lab-a";
/// What it has in the pictures.
const NETWORK: &str = "kindnet";

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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::objects::find;
    use crate::{Clock, Scene};

    fn is_available(store: &Store) -> bool {
        let cluster = find(store, CORE, "clusters", "default", CLUSTER).expect("it is there");
        let conditions = cluster["status"]["conditions"].as_array().cloned().unwrap_or_default();
        conditions.iter().any(|c| c["type"] == "Available" && c["status"] == "True")
    }

    #[tokio::test]
    async fn a_cluster_without_a_network_is_available_once_one_is_applied() {
        let world = World::start(Clock::manual(Timestamp(1_790_000_000_000)));
        crate::fleet::set(&world, Scene::NoNetwork);
        let (management, workload) = (world.cluster("kos-mgmt").expect("the demo has one"), world.cluster(CLUSTER).expect("it runs"));
        world.clock().advance(Duration::from_secs(60)).await;
        assert!(!is_available(&management.store()), "nothing comes by itself");
        let network = json!({ "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": { "name": NETWORK, "namespace": "kube-system" }, "spec": {} });
        workload.write(|store| place(store, network));
        world.clock().advance(Duration::from_secs(60)).await;
        assert!(is_available(&management.store()));
        let nodes = all(&workload.store(), "", "nodes");
        assert!(!nodes.is_empty() && !json!(nodes).to_string().contains(WAITS));
    }
}
