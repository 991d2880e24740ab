use std::collections::{BTreeMap, BTreeSet};

use api::Timestamp;
use api::local::{ContainerState, Leftover};

use super::{Asked, leftovers, may_manage};
use crate::local::{Known, Survey, rows};
use crate::programs::docker::{Container, DiskUse, Inspected, NodeRole};

fn container(name: &str, cluster: &str, role: NodeRole) -> Container {
    Container {
        id: format!("id-{name}"),
        name: name.to_owned(),
        cluster: cluster.to_owned(),
        role,
        image: "kindest/node:v1.36.4".to_owned(),
        state: ContainerState::Running,
        created: Some(Timestamp(5)),
    }
}

fn inspected(name: &str, host_path: &str, volume: &str) -> Inspected {
    let (volumes, host_paths) = (vec![volume.to_owned()], vec![host_path.to_owned()]);
    Inspected { id: format!("id-{name}"), created: None, started: None, finished: None, volumes, host_paths }
}

/// Two clusters of kind, of which one has the socket of Docker, a workload cluster, and kind nodes without a control plane.
fn survey() -> Survey {
    Survey {
        containers: vec![
            container("mgmt-control-plane", "mgmt", NodeRole::ControlPlane),
            container("play-control-plane", "play", NodeRole::ControlPlane),
            container("w1-cp-x7k2p", "w1", NodeRole::ControlPlane),
            container("w1-lb", "w1", NodeRole::LoadBalancer),
            container("old-worker", "old", NodeRole::Worker),
        ],
        inspected: vec![
            inspected("mgmt-control-plane", "/var/run/docker.sock", "v0"),
            inspected("play-control-plane", "/lib/modules", "v1"),
            inspected("w1-cp-x7k2p", "/lib/modules", "v2"),
        ],
        ..Survey::default()
    }
}

fn holds(names: &[&str]) -> Asked {
    Asked::Holds(names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>())
}

fn asked(answers: &[(&str, Asked)]) -> BTreeMap<String, Asked> {
    answers.iter().map(|(name, answer)| ((*name).to_owned(), answer.clone())).collect()
}

#[test]
fn only_who_has_the_socket_of_docker_may_have_made_containers() {
    let (survey, known) = (survey(), BTreeMap::<String, Known>::new());
    let may: Vec<String> = may_manage(&rows(&survey, &known), &survey, &known).into_iter().map(|one| one.name).collect();
    assert_eq!(may, ["mgmt", "old"], "docker said nothing of the container of old");
}

#[test]
fn containers_that_no_management_cluster_knows_are_left_over_with_their_size() {
    let survey = survey();
    let used = DiskUse { containers: BTreeMap::from([("w1-lb".to_owned(), 100)]), volumes: BTreeMap::from([("v2".to_owned(), 1_000)]) };
    let found = leftovers(&rows(&survey, &BTreeMap::new()), &survey, &asked(&[("mgmt", holds(&["other"]))]), &used);
    let w1 = Leftover {
        name: "w1".into(),
        containers: vec!["w1-cp-x7k2p".into(), "w1-lb".into()],
        volumes: 1,
        created: Some(Timestamp(5)),
        bytes: Some(1_100),
        why: "mgmt holds no cluster of this name.".into(),
    };
    assert_eq!(found.sure.iter().find(|one| one.name == "w1"), Some(&w1));
    assert!(found.unsure.is_empty());
}

#[test]
fn what_somebody_holds_or_may_hold_is_never_left_over() {
    let survey = survey();
    let of = |answers: &[(&str, Asked)]| leftovers(&rows(&survey, &BTreeMap::new()), &survey, &asked(answers), &DiskUse::default());
    let names = |found: &api::local::Leftovers| found.sure.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let there = of(&[("mgmt", holds(&["w1"])), ("silent", Asked::No("its context is not open".into()))]);
    assert_eq!((names(&there), there.unsure.len()), (vec!["old".to_owned()], 0));
    let unsure = of(&[("mgmt", holds(&[])), ("silent", Asked::No("its context is not open".into()))]);
    assert_eq!(names(&unsure), ["old"]);
    assert_eq!(unsure.unsure[0].why, "silent may have made it and was not asked: its context is not open.");
    assert_eq!(names(&of(&[])), ["w1", "old"], "nobody is left who could know it");
}

#[test]
fn what_a_job_works_on_is_never_left_over() {
    let survey = survey();
    let known = BTreeMap::from(["w1", "old"].map(|name| (name.to_owned(), Known { job: Some("j".into()), ..Known::default() })));
    assert!(leftovers(&rows(&survey, &known), &survey, &BTreeMap::new(), &DiskUse::default()).sure.is_empty());
}
