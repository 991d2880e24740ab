use std::collections::BTreeMap;

use api::local::{ContainerState, Purpose, Role};

use super::{Manages, manages};
use crate::local::{Known, Survey, rows, workloads_of};
use crate::programs::docker::{Container, Inspected, NodeRole};

const SOCKET: &str = "/run/user/1000/docker.sock";
const OTHER: &str = "/lib/modules";

fn container(name: &str, cluster: &str, role: NodeRole) -> Container {
    let (image, state) = ("kindest/node:v1.36.4".to_owned(), ContainerState::Running);
    Container { id: format!("id-{name}"), name: name.to_owned(), cluster: cluster.to_owned(), role, image, state, created: None }
}

fn inspected(name: &str, host_path: &str) -> Inspected {
    let host_paths = vec![host_path.to_owned()];
    Inspected { id: format!("id-{name}"), created: None, started: None, finished: None, volumes: vec![], host_paths }
}

/// Two clusters of kind with what is mounted into them, and a cluster of Docker's provider, whose class mounts the socket.
fn survey(hand: &str, ours: &str) -> Survey {
    let containers = vec![
        container("hand-control-plane", "hand", NodeRole::ControlPlane),
        container("ours-control-plane", "ours", NodeRole::ControlPlane),
        container("w1-cp-x7k2p", "w1", NodeRole::ControlPlane),
        container("w1-lb", "w1", NodeRole::LoadBalancer),
    ];
    let inspected = vec![inspected("hand-control-plane", hand), inspected("ours-control-plane", ours), inspected("w1-cp-x7k2p", SOCKET)];
    Survey { containers, inspected, ..Survey::default() }
}

fn told(of: &[(&str, Manages)]) -> BTreeMap<String, Known> {
    of.iter().map(|(name, manages)| ((*name).to_owned(), Known { manages: *manages, ..Known::default() })).collect()
}

fn role(name: &str, survey: &Survey, known: &BTreeMap<String, Known>) -> Role {
    rows(survey, known).into_iter().find(|row| row.name == name).unwrap().role
}

#[test]
fn what_is_known_of_a_cluster_says_more_than_what_is_mounted_into_it() {
    let mounts = [(SOCKET, true), (OTHER, false)];
    for (hand, by_mount) in mounts {
        let survey = survey(hand, OTHER);
        for (known, expected) in
            [(Manages::NotTold, by_mount), (Manages::Seen, true), (Manages::Made(Purpose::Manages), true), (Manages::Made(Purpose::Plain), false)]
        {
            assert_eq!(manages("hand", &survey, &told(&[("hand", known)])), expected, "{known:?}, {hand}");
        }
        assert_eq!(manages("hand", &survey, &BTreeMap::new()), by_mount, "{hand}");
    }
}

#[test]
fn a_management_cluster_that_was_made_by_hand_has_its_workload_clusters_named() {
    let (survey, known) = (survey(SOCKET, OTHER), BTreeMap::new());
    assert_eq!((role("hand", &survey, &known), role("ours", &survey, &known)), (Role::Management, Role::Plain));
    assert_eq!(role("w1", &survey, &known), Role::Workload { of: Some("hand".to_owned()) });
    assert_eq!(workloads_of("hand", &survey, &known), ["w1"]);
    assert!(workloads_of("ours", &survey, &known).is_empty());
}

#[test]
fn a_cluster_that_was_made_as_a_plain_one_takes_no_workload_cluster_away_from_its_manager() {
    let (survey, known) = (survey(SOCKET, SOCKET), told(&[("ours", Manages::Made(Purpose::Plain))]));
    assert_eq!(role("ours", &survey, &known), Role::Plain);
    assert_eq!(role("w1", &survey, &known), Role::Workload { of: Some("hand".to_owned()) });
}

#[test]
fn beside_one_that_was_made_by_hand_a_management_cluster_of_ours_may_not_have_made_them_all() {
    let (survey, known) = (survey(SOCKET, SOCKET), told(&[("ours", Manages::Made(Purpose::Manages))]));
    assert_eq!(role("w1", &survey, &known), Role::Workload { of: None });
    assert_eq!((workloads_of("hand", &survey, &known), workloads_of("ours", &survey, &known)), (vec!["w1".to_owned()], vec!["w1".to_owned()]));
}

/// Its containers are not kind's to stop or delete, whatever runs in them.
#[test]
fn a_workload_cluster_that_manages_itself_stays_one_and_is_not_its_own_manager() {
    let (survey, known) = (survey(OTHER, OTHER), told(&[("w1", Manages::Seen)]));
    assert_eq!(role("w1", &survey, &known), Role::Workload { of: None });
    assert!(workloads_of("w1", &survey, &known).is_empty());
}

#[test]
fn a_cluster_of_which_docker_says_nothing_more_is_not_taken_for_a_manager() {
    let survey = Survey { inspected: vec![], ..survey(SOCKET, SOCKET) };
    assert_eq!(role("hand", &survey, &BTreeMap::new()), Role::Plain);
}
