//! What does a cluster say that means harm?
//!
//! Every text that a program does not read gets the words of an attacker, and beside each object stands another one whose
//! very names are hostile. A real API server refuses such names; one that means harm does not.

use serde_json::Value;

use crate::cluster::Cluster;
use crate::tongue::WORDS;
use crate::world::World;

/// Texts that only people read.
const FREE: [&str; 6] = ["message", "description", "note", "osImage", "kernelVersion", "containerRuntimeVersion"];

/// Begins the annotation in which a simulated pod keeps its log.
const LOG: &str = "sim.demo.invalid/log-";

/// What the twin of an object keeps, so that it is still of its kind.
const KEPT: [&str; 6] = ["apiVersion", "apiGroup", "kind", "type", "status", "phase"];

/// Lets every cluster of a world speak with the words of an attacker, and puts a container with such a name beside the others.
pub(super) fn speak(world: &World) {
    let clusters: Vec<_> = world.things().clusters.values().cloned().collect();
    for cluster in clusters {
        let objects = all(&cluster);
        let twins: Vec<Value> = objects.iter().filter(|one| !is_definition(one)).cloned().map(|one| twin(one, "")).collect();
        cluster.seed(objects.into_iter().filter(|one| !is_definition(one)).map(|one| said(one, "")).chain(twins));
    }
    // Docker refuses such a name, but not such a label or image.
    let now = world.clock().now();
    let mut things = world.things();
    if things.docker.containers.is_empty() {
        return;
    }
    things.docker.add("zz-control-plane", &format!("zz{WORDS}"), "control-plane", &format!("kindest/node:v1.36.1{WORDS}"), None, now);
}

fn all(cluster: &Cluster) -> Vec<Value> {
    let store = cluster.store();
    store.resources.keys().flat_map(|id| store.list(id, "", None).map(|one| one.value()).collect::<Vec<_>>()).collect()
}

/// What the server itself is made of.
fn is_definition(object: &Value) -> bool {
    ["CustomResourceDefinition", "APIService", "Secret"].iter().any(|kind| object["kind"] == *kind)
}

fn said(value: Value, key: &str) -> Value {
    match value {
        Value::String(text) if FREE.contains(&key) => Value::String(text + WORDS),
        Value::String(text) if key.starts_with(LOG) => Value::String(text.replace('\n', &format!("{WORDS}\n"))),
        Value::Array(all) => all.into_iter().map(|one| said(one, key)).collect(),
        Value::Object(all) => all.into_iter().map(|(name, one)| (name.clone(), said(one, &name))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

/// The same object with other names for everything that it is and that it refers to.
fn twin(value: Value, key: &str) -> Value {
    let is_moment = |text: &str| text.ends_with('Z') && crate::objects::moment(text).is_some();
    match value {
        Value::String(text) if !KEPT.contains(&key) && !is_moment(&text) => Value::String(text + WORDS),
        Value::Array(all) => all.into_iter().map(|one| twin(one, key)).collect(),
        Value::Object(all) => all.into_iter().map(|(name, one)| (name.clone(), twin(one, &name))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}
