use serde_json::json;

use super::{Events, MOST_EVENTS};
use crate::explain::{Facts, explain};
use crate::recorded;
use crate::{Graph, Object};

/// Objects and events of a watch, as they came.
fn watched(name: &str) -> (Graph, Events, usize) {
    let (mut graph, mut events, mut all) = (Graph::default(), Events::default(), 0);
    for told in recorded::events(name) {
        let object = &told["object"];
        if object["kind"] == "Event" {
            all += 1;
            events.put(object, &graph);
        } else if let Ok(object) = Object::read(object) {
            if told["type"] == "DELETED" {
                graph.remove(&object.id);
            } else {
                graph.put(object);
            }
            events.settle(&graph);
        }
    }
    (graph, events, all)
}

#[test]
fn of_the_events_of_a_real_management_cluster_those_of_its_clusters_are_kept() {
    let (_, events, all) = watched("events/w1-mhc-remediation-worker.jsonl.gz");
    let rows = events.rows(&recorded::key("default", "w1"));
    assert!((40..all).contains(&rows.len()), "{} of {all}", rows.len());
    assert!(rows.is_sorted_by(|a, b| a.at >= b.at), "the newest comes first");
    let ours = |kind: &str| {
        ["Cluster", "Machine", "MachineSet", "MachineDeployment", "MachineHealthCheck", "KubeadmControlPlane", "KubeadmConfig", "DevMachine", "DevCluster"]
            .contains(&kind)
    };
    assert!(rows.iter().all(|row| ours(&row.kind) && row.id.starts_with("default/")), "{rows:?}");
    assert!(rows.iter().any(|row| row.reason == "MachineMarkedUnhealthy"));
    let repeated = rows.iter().find(|row| row.count > 1).expect("some were told more than once");
    assert_eq!(rows.iter().filter(|row| row.id == repeated.id).count(), 1);
}

#[test]
fn events_of_a_deleted_machine_still_belong_to_its_cluster() {
    let event = |name: &str, about: &str| {
        json!({ "kind": "Event", "metadata": { "name": name, "namespace": "a" }, "reason": "X", "lastTimestamp": "2026-11-23T13:00:00Z",
                "involvedObject": { "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine", "namespace": "a", "name": about } })
    };
    let cluster =
        |name: &str| json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": name, "namespace": "a", "uid": name } });
    let (mut graph, mut events) = (Graph::default(), Events::default());
    assert_eq!(events.put(&event("first", "w1-b-md-0-x"), &graph), None, "nobody knows yet");
    for name in ["w1", "w1-b"] {
        graph.put(Object::read(&cluster(name)).unwrap());
    }
    events.settle(&graph);
    assert_eq!(events.put(&event("second", "w1-md-0-x"), &graph), Some(recorded::key("a", "w1")));
    assert_eq!((events.rows(&recorded::key("a", "w1")).len(), events.rows(&recorded::key("a", "w1-b")).len()), (1, 1));
    let pod =
        json!({ "kind": "Event", "metadata": { "name": "p" }, "involvedObject": { "apiVersion": "v1", "kind": "Pod", "namespace": "a", "name": "w1-x" } });
    assert_eq!(events.put(&pod, &graph), None);
}

#[test]
fn a_flood_of_events_leaves_the_newest() {
    let (mut events, graph) = (Events::default(), Graph::default());
    for n in 0..MOST_EVENTS + 50 {
        let at = api::Timestamp(1_700_000_000_000 + n as u64 * 1_000);
        let at = jiff::Timestamp::from_millisecond(at.0 as i64).unwrap().to_string();
        let object = json!({ "kind": "Event", "metadata": { "name": format!("e{n}") }, "reason": "X", "lastTimestamp": at,
                             "involvedObject": { "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "namespace": "a", "name": "w1" } });
        events.put(&object, &graph);
    }
    let rows = events.rows(&recorded::key("a", "w1"));
    assert_eq!((rows.len(), rows[0].id.as_str(), rows[MOST_EVENTS - 1].id.as_str()), (MOST_EVENTS, "a/e549", "a/e50"));
}

#[test]
fn what_an_event_told_long_ago_explains_nothing_now() {
    let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
    let key = recorded::key("stuck", "w2");
    let pulled = |minutes: u64| crate::explain::Happening {
        kind: "DevMachine".into(),
        name: "w2-nmdgh-9cps8".into(),
        reason: "Failed".into(),
        message: "error pulling container image kindest/node:v1.36.9: manifest unknown".into(),
        at: Some(api::Timestamp(recorded::at("14:07:00").0 - minutes * 60_000)),
    };
    for (minutes, rule) in [(2, "image-pull"), (45, "wait-cp")] {
        let facts = Facts { now: recorded::at("14:07:00"), events: vec![pulled(minutes).into()], ..Facts::default() };
        assert_eq!(explain(&graph, &key, &facts).unwrap().rule.as_deref(), Some(rule), "{minutes} min ago");
    }
}
