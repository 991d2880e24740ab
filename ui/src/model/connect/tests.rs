use api::{
    Timestamp,
    changes::ClusterAt,
    connect::{ConnectPlan, Life, Way, Workload},
    files::FileChange,
};

use super::{trouble, way_words};
use crate::model::clock::Clock;

fn workload(life: Life) -> Workload {
    Workload { manager: "kind-kos-mgmt".into(), at: ClusterAt { context: "f#m".into(), namespace: "default".into(), name: "lab-b".into() }, life }
}

fn plan(way: Way, server_name: Option<&str>) -> ConnectPlan {
    let change =
        FileChange { file: "f".into(), shown: "~/f".into(), before: vec![], after: vec![], first_line: 1, seen: String::new(), command: String::new() };
    ConnectPlan {
        change,
        name: "lab-b".into(),
        server: "https://127.0.0.1:55002".into(),
        endpoint: "https://172.18.0.5:6443".into(),
        way,
        server_name: server_name.map(str::to_owned),
        version: "v1.36.1".into(),
    }
}

#[test]
fn an_address_is_given_with_its_reason() {
    let published = Way::Published { container: "lab-b-lb".into(), port: 55002 };
    for (plan, words) in [
        (plan(Way::Direct, None), "172.18.0.5:6443 answers from here, as v1.36.1."),
        (
            plan(published.clone(), None),
            "172.18.0.5:6443 cannot be reached from here. Docker publishes lab-b-lb at port 55002 of this machine, and it answers there, as v1.36.1.",
        ),
        (
            plan(published, Some("localhost")),
            "172.18.0.5:6443 cannot be reached from here. Docker publishes lab-b-lb at port 55002 of this machine, and it answers there, as v1.36.1. Its certificate lacks 127.0.0.1, so localhost is checked in its place.",
        ),
    ] {
        assert_eq!(way_words(&plan), words);
    }
}

#[test]
fn a_cluster_that_went_or_was_made_again_is_told_in_words() {
    let clock = Clock { now: Timestamp(0), zone_minutes: 0 };
    assert_eq!(trouble(&workload(Life::There), clock), None);
    let (head, _) = trouble(&workload(Life::Deleted { at: Timestamp(0) }), clock).unwrap();
    assert_eq!(head, "lab-b was deleted.");
    let (head, rest) = trouble(&workload(Life::Remade { at: Timestamp(3_600_000) }), clock).unwrap();
    assert_eq!((head.as_str(), rest.starts_with("Since 01:00:00 another certificate authority")), ("lab-b was made again under its name.", true));
}

#[test]
fn what_happened_to_a_cluster_on_another_day_is_told_with_its_day() {
    let clock = Clock { now: Timestamp(3 * 86_400_000), zone_minutes: 0 };
    for (life, words) in [
        (Life::Deleted { at: Timestamp(3_600_000) }, "Its Cluster object left kind-kos-mgmt at 1 Jan 01:00:00."),
        (Life::Remade { at: Timestamp(3_600_000) }, "Since 1 Jan 01:00:00 another certificate authority"),
    ] {
        let (_, rest) = trouble(&workload(life), clock).unwrap();
        assert!(rest.starts_with(words), "{rest}");
    }
}
