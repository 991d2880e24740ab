//! What did real controllers say? Recordings for the tests, read once a test.

use std::io::Read;
use std::path::PathBuf;

use serde_json::Value;

use crate::change::Documents;
use crate::{ClusterKey, Graph, Object};

pub(crate) fn key(namespace: &str, name: &str) -> ClusterKey {
    ClusterKey { namespace: namespace.into(), name: name.into() }
}

pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

pub(crate) fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).expect("a recording is there")
}

/// The objects of one moment: `in-memory/04-running.yaml`.
pub(crate) fn graph(name: &str) -> Graph {
    let list: Value = serde_yaml::from_str(&text(name)).expect("a recording is YAML");
    let mut graph = Graph::default();
    for item in list["items"].as_array().expect("a recording is a list") {
        graph.put(Object::read(item).expect("a recorded object is whole"));
    }
    graph
}

/// The same objects, whole.
pub(crate) fn documents(name: &str) -> Documents {
    let list: Value = serde_yaml::from_str(&text(name)).expect("a recording is YAML");
    let items = list["items"].as_array().expect("a recording is a list").clone();
    items.into_iter().map(|item| (Object::read(&item).expect("a recorded object is whole").id, item)).collect()
}

/// A graph of whole objects.
pub(crate) fn graph_of(documents: &Documents) -> Graph {
    let mut graph = Graph::default();
    for document in documents.values().filter(|d| d["kind"] != "ClusterClass") {
        graph.put(Object::read(document).expect("an object is whole"));
    }
    graph
}

/// The objects as a watch had told them by a second of its recording.
pub(crate) fn graph_at(name: &str, second: f64) -> Graph {
    let mut graph = Graph::default();
    for event in events(name).iter().take_while(|e| e["t"].as_f64().unwrap_or_default() <= second) {
        let Ok(object) = Object::read(&event["object"]) else { continue };
        if event["type"] == "DELETED" {
            graph.remove(&object.id);
        } else {
            graph.put(object);
        }
    }
    graph
}

/// `13:41:18` of the day of most recordings.
pub(crate) fn at(clock: &str) -> api::Timestamp {
    moment(&format!("2026-11-23T{clock}Z"))
}

pub(crate) fn moment(text: &str) -> api::Timestamp {
    let moment: jiff::Timestamp = text.parse().expect("a moment");
    api::Timestamp(u64::try_from(moment.as_millisecond()).expect("after 1970"))
}

/// The events of a watch: `events/in-memory.jsonl.gz`.
pub(crate) fn events(name: &str) -> Vec<Value> {
    let packed = std::fs::File::open(file(name)).expect("a recording is there");
    let mut lines = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut lines).expect("a recording is packed text");
    lines.lines().map(|line| serde_json::from_str(line).expect("an event is JSON")).collect()
}
