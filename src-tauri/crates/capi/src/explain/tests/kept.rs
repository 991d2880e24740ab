//! Is a moment that live tests provoked and kept still explained as it was then?
//!
//! `KOS_RECORD=…/recorded cargo xtask test live` writes one file for each diagnosis; whatever lies there is read.

use api::Timestamp;
use api::capi::{Evidence, EvidenceSource, Weight};
use serde_json::Value;

use super::asked;
use crate::explain::{Container, ContainerState, Facts, Happening, LogLine, LogSource};
use crate::graph::Graph;
use crate::object::Object;
use crate::recorded;

/// Where live tests keep moments, below `tests/data`.
const FOLDER: &str = "recorded";

struct Kept {
    rule: String,
    weight: Weight,
    namespace: String,
    name: String,
    graph: Graph,
    facts: Facts,
}

impl Kept {
    fn read(text: &str) -> Self {
        let told: Value = serde_json::from_str(text).expect("a kept moment is JSON");
        let word = |field: &str| told[field].as_str().expect("a kept moment names it").to_owned();
        let mut graph = Graph::default();
        for object in told["objects"].as_array().expect("a kept moment has objects") {
            graph.put(Object::read(object).expect("a kept object is whole"));
        }
        let weight = serde_json::from_value(told["weight"].clone()).expect("a kept moment has a weight");
        Self { rule: word("rule"), weight, namespace: word("namespace"), name: word("name"), graph, facts: facts(&told) }
    }
}

/// What KOS had heard beside the objects: the lines and events that it quoted, and what Docker said of containers.
fn facts(told: &Value) -> Facts {
    let mut facts = Facts { now: Timestamp(told["now"].as_u64().expect("a moment")), ..Facts::default() };
    let quoted: Vec<Evidence> = serde_json::from_value(told["quoted"].clone()).expect("what KOS quoted");
    for Evidence { source, text, at } in quoted {
        match source {
            EvidenceSource::Controller { name } => facts.logs.push(LogLine { source: LogSource::Controller(name), text, at }.into()),
            EvidenceSource::Container { name } => facts.logs.push(LogLine { source: LogSource::Container(name), text, at }.into()),
            EvidenceSource::Event { on, reason } => {
                let (kind, name) = on.split_once(' ').expect("kind and name");
                facts.events.push(Happening { kind: kind.into(), name: name.into(), reason, message: text, at }.into());
            }
            // Read from the objects and containers themselves.
            EvidenceSource::Condition { .. } | EvidenceSource::Field { .. } | EvidenceSource::Docker { .. } => {}
        }
    }
    let lines = told["containers"].as_array().expect("lines of Docker, or none");
    facts.containers = lines.iter().filter_map(|line| container(line.as_str()?)).collect();
    facts
}

/// `/w1-lb exited 137 2026-11-23T14:08:30.123Z`, as `docker inspect` was asked for it.
fn container(line: &str) -> Option<Container> {
    let mut words = line.split_whitespace();
    let (name, state, code, ended) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let state = match state {
        "running" => ContainerState::Running,
        "paused" => ContainerState::Paused,
        "exited" => ContainerState::Exited(code.parse().ok()?),
        _ => return None,
    };
    let since = matches!(state, ContainerState::Exited(_)).then(|| recorded::moment(ended));
    Some(Container { name: name.trim_start_matches('/').to_owned(), state, since })
}

/// The rules that a kept moment shows, each with its text.
pub(super) fn all() -> Vec<(String, String)> {
    let files = std::fs::read_dir(recorded::file(FOLDER)).into_iter().flatten().flatten();
    let rules = files.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".json").map(str::to_owned));
    rules.map(|rule| (rule.clone(), recorded::text(&format!("{FOLDER}/{rule}.json")))).collect()
}

#[test]
fn every_moment_that_live_tests_kept_is_explained_as_it_was_then() {
    for (file, text) in all() {
        let kept = Kept::read(&text);
        assert_eq!(kept.rule, file, "a moment is called after its diagnosis");
        let said = asked(&kept.graph, &kept.namespace, &kept.name, &kept.facts);
        assert_eq!((said.rule.as_deref(), said.weight), (Some(file.as_str()), kept.weight), "{said:?}");
        assert!(!said.seen.is_empty(), "{file} quotes what it was seen by");
    }
}

/// Made by hand: the shape in which live tests write.
#[test]
fn a_kept_moment_is_read_with_what_was_known_beside_its_objects() {
    let kept = Kept::read(
        r#"{
            "rule": "lb-no-ip", "weight": "Stuck", "namespace": "default", "name": "w1", "now": 1000,
            "by": { "kubernetes": "v1.36.3", "providers": ["cluster-api v1.14.2"] },
            "quoted": [
                { "source": { "Controller": { "name": "capd-controller-manager" } }, "text": "an error", "at": 900 },
                { "source": { "Container": { "name": "w1-lb" } }, "text": "a line", "at": null },
                { "source": { "Event": { "on": "Machine w1-md-0", "reason": "Failed" } }, "text": "it failed", "at": 800 },
                { "source": { "Docker": { "container": "w1-lb" } }, "text": "exited with 137", "at": 700 }
            ],
            "containers": ["/w1-lb exited 137 2026-11-23T14:08:30.5Z", "/w1-md-0 running 0 0001-01-01T00:00:00Z", "/other created 0 0001-01-01T00:00:00Z"],
            "objects": [{ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "w1", "namespace": "default", "uid": "u" } }]
        }"#,
    );
    assert_eq!((kept.rule.as_str(), kept.weight, kept.facts.now), ("lb-no-ip", Weight::Stuck, Timestamp(1000)));
    assert_eq!(kept.facts.logs.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["an error", "a line"]);
    assert_eq!(kept.facts.events.iter().map(|one| (&*one.kind, &*one.name)).collect::<Vec<_>>(), [("Machine", "w1-md-0")]);
    let ended = Container { name: "w1-lb".into(), state: ContainerState::Exited(137), since: Some(recorded::moment("2026-11-23T14:08:30.5Z")) };
    let runs = Container { name: "w1-md-0".into(), state: ContainerState::Running, since: None };
    assert_eq!(kept.facts.containers, [ended, runs]);
    assert!(kept.graph.cluster(&recorded::key("default", "w1")).is_some());
}
