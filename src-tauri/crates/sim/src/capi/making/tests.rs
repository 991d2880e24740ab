use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::{Clock, Scene, World};

/// The demo fleet with a drawn cluster in it, and its clock.
fn drawn(class: &str, planes: u64, workers: u64) -> (World, std::sync::Arc<crate::Cluster>) {
    let world = World::start(Clock::manual(Timestamp(1_790_000_000_000)));
    crate::fleet::set(&world, Scene::Fleet);
    let management = world.cluster("kos-mgmt").expect("the demo has one");
    let cluster = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "new", "namespace": "default" },
        "spec": { "topology": {
            "classRef": { "name": class, "namespace": "default" }, "version": "v1.36.4", "controlPlane": { "replicas": planes },
            "workers": { "machineDeployments": [{ "name": "md-0", "class": "default-worker", "replicas": workers }] },
        } },
    });
    management.write(|store| place(store, cluster));
    (world, management)
}

async fn after(world: &World, seconds: u64) {
    world.clock().advance(Duration::from_secs(seconds)).await;
}

fn reached(management: &crate::Cluster) -> Vec<usize> {
    machines(&management.store(), "default", "new").iter().filter_map(step_of).collect()
}

fn head(management: &crate::Cluster) -> Value {
    find(&management.store(), CORE, "clusters", "default", "new").expect("it is there")
}

#[tokio::test]
async fn a_drawn_cluster_gets_every_machine_that_was_asked_for() {
    let (world, management) = drawn("quick-start", 3, 3);
    after(&world, 2).await;
    assert_eq!(machines(&management.store(), "default", "new").len(), 3, "workers wait");
    after(&world, 600).await;
    assert_eq!(reached(&management), [LAST; 6]);
    let cluster = head(&management);
    assert!(is_true(&cluster, "Available"), "{cluster}");
    assert_eq!((&cluster["status"]["controlPlane"]["availableReplicas"], &cluster["status"]["workers"]["availableReplicas"]), (&json!(3), &json!(3)));
}

#[tokio::test]
async fn workers_begin_when_the_first_api_server_answers() {
    let (world, management) = drawn("in-memory", 1, 2);
    after(&world, 12).await;
    let before = head(&management);
    assert!(!is_true(&before, "ControlPlaneInitialized") && reached(&management).len() == 1, "{before}");
    after(&world, 60).await;
    assert_eq!(reached(&management), [LAST; 3]);
    assert_eq!(head(&management)["spec"]["infrastructureRef"]["kind"], "DevCluster");
}

#[tokio::test]
async fn a_class_that_is_gone_is_said_by_the_cluster() {
    let (world, management) = drawn("nope", 1, 1);
    after(&world, 30).await;
    let said = head(&management)["status"]["conditions"][0]["message"].clone();
    assert_eq!(said, "ClusterClass default/nope not found");
    assert!(machines(&management.store(), "default", "new").is_empty());
}

/// Its containers by their roles, a letter each.
fn containers(world: &World) -> String {
    let mut roles: Vec<char> = world.things().docker.of_cluster("new").filter_map(|one| one.role.chars().next()).collect();
    roles.sort_unstable();
    roles.into_iter().collect()
}

#[tokio::test]
async fn a_cluster_of_containers_can_be_connected_to_and_takes_all_of_it_along_when_it_goes() {
    let (world, management) = drawn("quick-start", 1, 1);
    after(&world, 10).await;
    assert_eq!((containers(&world).as_str(), world.cluster("new").is_some()), ("e", false), "the load balancer comes first");
    after(&world, 120).await;
    assert_eq!(containers(&world), "cew");
    let server = world.cluster("new").expect("its API server answers");
    let nodes = server.store().list(&ResourceId::new("", "nodes"), "", None).count();
    assert_eq!(nodes, 2);
    let secret = find(&management.store(), "", "secrets", "default", "new-kubeconfig");
    assert!(secret.is_some_and(|secret| secret["data"]["value"].is_string()));

    management.write(|store| {
        let mut cluster = find(store, CORE, "clusters", "default", "new").expect("it is there");
        cluster["metadata"]["deletionTimestamp"] = json!("2026-09-21T16:00:00Z");
        place(store, cluster);
    });
    after(&world, 300).await;
    assert_eq!((containers(&world).as_str(), world.cluster("new").is_some()), ("", false));
}

#[tokio::test]
async fn a_cluster_that_goes_while_it_is_made_goes_machine_by_machine() {
    let (world, management) = drawn("quick-start", 3, 2);
    after(&world, 30).await;
    management.write(|store| {
        let mut cluster = find(store, CORE, "clusters", "default", "new").expect("it is there");
        cluster["metadata"]["deletionTimestamp"] = json!("2026-09-21T16:00:00Z");
        place(store, cluster);
    });
    after(&world, 3).await;
    assert!(!machines(&management.store(), "default", "new").is_empty(), "they take their time");
    after(&world, 120).await;
    assert!(find(&management.store(), CORE, "clusters", "default", "new").is_none());
    assert_eq!((machines(&management.store(), "default", "new").len(), containers(&world).as_str()), (0, ""));
}

#[tokio::test]
async fn a_cluster_that_is_only_played_has_no_container() {
    let (world, management) = drawn("in-memory", 1, 1);
    after(&world, 200).await;
    assert_eq!(head(&management)["status"]["workers"]["availableReplicas"], 1);
    assert_eq!((containers(&world).as_str(), world.cluster("new").is_some()), ("", false));
}
