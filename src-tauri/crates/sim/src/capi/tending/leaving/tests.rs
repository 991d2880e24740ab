use std::sync::Arc;

use super::*;
use crate::{Clock, Cluster, World};

/// The demo fleet on a clock that is driven.
fn fleet() -> (World, Arc<Cluster>) {
    let world = World::start(Clock::manual(Timestamp(1_790_000_000_000)));
    crate::fleet::set(&world, crate::Scene::Fleet);
    let management = world.cluster("kos-mgmt").expect("the demo has one");
    (world, management)
}

/// Asks for the deletion of an object, as a server does that waits for its finalizers.
fn ask(world: &World, management: &Arc<Cluster>, plural: &str, name: &str) {
    let now = stamp(world.clock().now());
    management.write(|store| {
        let mut object = find(store, CORE, plural, "default", name).expect("it is there");
        object["metadata"]["deletionTimestamp"] = json!(now);
        place(store, object);
    });
}

/// What the machines of lab-a say of their deletion, second by second; each word of each machine once.
async fn told(world: &World, management: &Cluster, seconds: u64) -> Vec<(String, String)> {
    let mut told = vec![];
    for _ in 0..seconds {
        world.clock().advance(Duration::from_secs(1)).await;
        let machines: Vec<Value> = management.store().list(&ResourceId::new(CORE, "machines"), "default", None).map(|one| one.value()).collect();
        for machine in machines.iter().filter(|machine| machine["spec"]["clusterName"] == "lab-a") {
            let conditions = machine["status"]["conditions"].as_array().into_iter().flatten();
            for condition in conditions.filter(|c| c["type"] == "Deleting") {
                let line = (text(machine, "/metadata/name"), text(condition, "/reason"));
                if !told.contains(&line) {
                    told.push(line);
                }
            }
        }
    }
    told
}

const WORKER: &str = "lab-a-md-0-m2c9k-kv2ds";
const HELD: &str = "lab-a-md-0-m2c9k-7wx4n";
const PLANE: &str = "lab-a-cp-4tq8z";

fn is_there(management: &Cluster, group: &str, plural: &str, name: &str) -> bool {
    find(&management.store(), group, plural, "default", name).is_some()
}

#[tokio::test]
async fn a_machine_that_goes_is_drained_and_then_loses_its_volumes_its_infrastructure_and_its_node() {
    let (world, management) = fleet();
    ask(&world, &management, "machines", WORKER);
    let told = told(&world, &management, 60).await;
    let steps: Vec<&str> = told.iter().map(|(machine, reason)| if machine == WORKER { reason.as_str() } else { "another machine" }).collect();
    assert_eq!(steps, ["DrainingNode", "WaitingForVolumeDetach", "WaitingForInfrastructureDeletion", "DeletingNode"]);
    for (group, plural) in [(CORE, "machines"), (INFRASTRUCTURE, "dockermachines"), (BOOTSTRAP, "kubeadmconfigs")] {
        assert!(!is_there(&management, group, plural, WORKER), "{plural}");
    }
}

#[tokio::test]
async fn what_a_machine_ran_on_goes_with_it_and_the_next_one_has_its_own() {
    let (world, management) = fleet();
    ask(&world, &management, "machines", WORKER);
    let lab = world.cluster("lab-a").expect("it runs");
    let nodes = || -> Vec<String> { lab.store().list(&ResourceId::new("", "nodes"), "", None).map(|one| one.name.clone()).collect() };
    let containers = || world.things().docker.of_cluster("lab-a").count();
    let before = (nodes().len(), containers());
    told(&world, &management, 20).await;
    assert_eq!((nodes().len(), containers()), (before.0 - 1, before.1 - 1));
    assert!(!nodes().contains(&WORKER.to_owned()) && !world.things().docker.containers.contains_key(WORKER));
    told(&world, &management, 40).await;
    assert_eq!((nodes().len(), containers()), before);
}

#[tokio::test]
async fn a_drain_that_a_budget_holds_goes_on_when_it_lets_go() {
    let (world, management) = fleet();
    ask(&world, &management, "machines", HELD);
    assert_eq!(told(&world, &management, 40).await, [(HELD.to_owned(), "DrainingNode".to_owned())]);
    let machine = find(&management.store(), CORE, "machines", "default", HELD).expect("it is held");
    assert!(machine["status"]["conditions"].to_string().contains("The disruption budget postgres needs 1 healthy pods"), "{machine}");
    told(&world, &management, 60).await;
    assert!(!is_there(&management, CORE, "machines", HELD));
}

#[tokio::test]
async fn a_cluster_goes_workers_first_and_drains_no_node() {
    let (world, management) = fleet();
    ask(&world, &management, "clusters", "lab-a");
    let told = told(&world, &management, 60).await;
    assert!(told.iter().all(|(_, reason)| reason == "WaitingForInfrastructureDeletion"), "{told:?}");
    assert_eq!((told.len(), told.last().map(|(machine, _)| machine.as_str())), (4, Some(PLANE)), "{told:?}");
    assert!(!is_there(&management, CORE, "clusters", "lab-a"));
    assert!(is_there(&management, CORE, "clusters", "lab-b"));
}
