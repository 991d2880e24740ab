use std::collections::BTreeMap;
use std::path::Path;

use api::local::{ContainerState, DeleteCluster, Deletion, LocalState, Power, Purpose, Role};
use api::{FaultCode, Timestamp};

use super::{Known, Manages, Survey, allowed, cluster_of, deletion, rows, sequence, workloads_of};
use crate::programs::docker::{Container, Inspected, NodeRole, Usage};

fn container(name: &str, cluster: &str, role: NodeRole, state: ContainerState) -> Container {
    let image = if role == NodeRole::LoadBalancer { "kindest/haproxy:v20230606-42a2262b" } else { "kindest/node:v1.36.4@sha256:099e" };
    Container {
        id: format!("id-{name}"),
        name: name.to_owned(),
        cluster: cluster.to_owned(),
        role,
        image: image.to_owned(),
        state,
        created: Some(Timestamp(5)),
    }
}

/// A management cluster with a worker, the workload cluster on it, and a foreign one that is off.
fn survey() -> Survey {
    use ContainerState::{Exited, Paused, Running};
    let containers = vec![
        container("mgmt-worker", "mgmt", NodeRole::Worker, Running),
        container("mgmt-control-plane", "mgmt", NodeRole::ControlPlane, Running),
        container("w1-95l8p-qlhr7", "w1", NodeRole::ControlPlane, Paused),
        container("w1-lb", "w1", NodeRole::LoadBalancer, Running),
        container("other-control-plane", "other", NodeRole::ControlPlane, Exited { code: 137 }),
        container("other-control-plane2", "other", NodeRole::ControlPlane, Exited { code: 137 }),
        container("other-external-load-balancer", "other", NodeRole::LoadBalancer, Exited { code: 0 }),
    ];
    let ended =
        Inspected { id: "id-other-control-plane".to_owned(), created: None, started: None, finished: Some(Timestamp(9)), volumes: vec![], host_paths: vec![] };
    let inspected = vec![ended];
    let usage = vec![
        ("id-mgmt-worker".to_owned(), Usage { cpu_milli: 10, memory_bytes: 100 }),
        ("id-mgmt-control-plane".to_owned(), Usage { cpu_milli: 200, memory_bytes: 900 }),
    ];
    let paused = BTreeMap::from([("w1-95l8p-qlhr7".to_owned(), Timestamp(7))]);
    Survey { containers, inspected, paused, usage, ..Survey::default() }
}

fn made_to_manage() -> Known {
    Known { manages: Manages::Made(Purpose::Manages), ..Known::default() }
}

fn known() -> BTreeMap<String, Known> {
    BTreeMap::from([("mgmt".to_owned(), made_to_manage())])
}

#[test]
fn every_cluster_is_listed_whoever_made_it() {
    let rows = rows(&survey(), &known());
    let short: Vec<_> = rows.iter().map(|r| (r.name.as_str(), r.role.clone(), r.state.clone(), r.version.as_str())).collect();
    assert_eq!(
        short,
        [
            ("mgmt", Role::Management, LocalState::Running, "v1.36.4"),
            ("w1", Role::Workload { of: Some("mgmt".to_owned()) }, LocalState::Mixed { running: 1, of: 2 }, "v1.36.4"),
            ("other", Role::Plain, LocalState::Stopped { since: Some(Timestamp(9)) }, "v1.36.4"),
        ]
    );
    assert_eq!((rows[0].cpu_milli, rows[0].memory_bytes), (Some(210), Some(1_000)));
    assert_eq!((rows[2].cpu_milli, rows[2].memory_bytes), (None, None));
    assert_eq!(rows.iter().map(|r| r.order).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(rows[0].nodes[0].container, "mgmt-control-plane");
}

#[test]
fn a_load_balancer_is_no_machine() {
    let rows = rows(&survey(), &known());
    let machines = |at: usize| rows[at].nodes.iter().map(|n| n.container.as_str()).collect::<Vec<_>>();
    assert_eq!(machines(1), ["w1-95l8p-qlhr7"]);
    assert_eq!(machines(2), ["other-control-plane", "other-control-plane2"]);
    let balancers = |at: usize| rows[at].balancers.iter().map(|n| n.container.as_str()).collect::<Vec<_>>();
    assert_eq!((balancers(0), balancers(1), balancers(2)), (vec![], vec!["w1-lb"], vec!["other-external-load-balancer"]));
    assert_eq!((rows[2].nodes[0].since, rows[2].nodes[1].since), (Some(Timestamp(9)), None), "as far as Docker says");
}

#[test]
fn a_container_that_is_paused_says_since_when_where_docker_remembers_it() {
    let since = |survey: &Survey| rows(survey, &known()).iter().find(|row| row.name == "w1").map(|row| row.nodes[0].since);
    assert_eq!(since(&survey()), Some(Some(Timestamp(7))));
    assert_eq!(since(&Survey { paused: BTreeMap::new(), ..survey() }), Some(None));
}

#[test]
fn a_context_is_found_by_the_name_that_kind_or_clusterctl_gave_it() {
    assert_eq!((cluster_of("kind-mgmt"), cluster_of("w1-admin@w1")), (Some("mgmt"), Some("w1")));
    assert_eq!((cluster_of("admin@w1"), cluster_of("dev-eu")), (None, None));
}

#[test]
fn of_two_management_clusters_either_may_have_made_a_workload_cluster() {
    let mut known = known();
    known.insert("other".to_owned(), made_to_manage());
    let rows = rows(&survey(), &known);
    let workload = rows.iter().find(|r| r.name == "w1").unwrap();
    assert_eq!(workload.role, Role::Workload { of: None });
    assert_eq!((workloads_of("mgmt", &survey(), &known), workloads_of("other", &survey(), &known)), (vec!["w1".to_owned()], vec!["w1".to_owned()]));
}

#[test]
fn a_cluster_goes_up_from_the_load_balancer_and_down_from_the_workers() {
    let names = |cluster: &str, power| {
        let containers: Vec<Container> = survey().containers.into_iter().filter(|c| c.cluster == cluster).collect();
        sequence(&containers, power).iter().map(|c| c.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("other", Power::Start), ["other-external-load-balancer", "other-control-plane", "other-control-plane2"]);
    assert_eq!(names("mgmt", Power::Stop), ["mgmt-worker", "mgmt-control-plane"]);
    assert_eq!(names("w1", Power::Unpause), ["w1-95l8p-qlhr7"]);
    assert_eq!(names("w1", Power::Pause), ["w1-lb"]);
    assert!(names("mgmt", Power::Start).is_empty());
}

#[test]
fn a_deletion_names_containers_and_the_clusters_that_lose_their_manager() {
    let workloads = workloads_of("mgmt", &survey(), &known());
    let plan = deletion(&"mgmt".parse().unwrap(), &survey(), workloads, Path::new("/k/kind-mgmt.yaml"), vec!["/k/kind-mgmt.yaml".to_owned()]);
    assert_eq!(plan.containers, ["mgmt-control-plane", "mgmt-worker"]);
    assert_eq!(plan.workloads, ["w1"]);
    assert_eq!(plan.command, "kind delete cluster --name mgmt --kubeconfig /k/kind-mgmt.yaml");
    assert!(workloads_of("other", &survey(), &known()).is_empty());
}

#[test]
fn a_deletion_starts_only_as_it_was_shown_and_typed() {
    let name = "mgmt".parse().unwrap();
    let plan = deletion(&name, &survey(), vec![], Path::new("/k"), vec![]);
    let call = |typed: &str, seen: &str| DeleteCluster { name: "mgmt".to_owned(), typed: typed.to_owned(), seen: seen.to_owned() };
    assert!(allowed(&call("mgmt", &plan.seen), &plan).is_ok());
    assert_eq!(allowed(&call("mgm", &plan.seen), &plan).unwrap_err().code, FaultCode::Invalid);
    let protected = Deletion { typed: "kind-mgmt".to_owned(), ..plan.clone() };
    assert!(allowed(&call("kind-mgmt", &plan.seen), &protected).is_ok());
    let why = allowed(&call("mgmt", &plan.seen), &protected).unwrap_err();
    assert_eq!(why.sentence, "The cluster mgmt was not deleted: kind-mgmt was not typed.");
    let mut later = survey();
    later.containers[0].id = "re-created".to_owned();
    let now = deletion(&name, &later, vec![], Path::new("/k"), vec![]);
    assert_eq!(allowed(&call("mgmt", &plan.seen), &now).unwrap_err().code, FaultCode::Changed);
}
