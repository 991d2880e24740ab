//! What has to stand in files so that a cluster could be made of them?
//!
//! Wishes only: what controllers wrote, what a topology makes by itself, and Secrets are left out.

use serde_json::{Map, Value};

use super::{group_of, order, read::id_of};
use crate::change::class_of;
use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, ObjectId};

/// What the server or a controller writes into the metadata of an object.
const METADATA: [&str; 10] = [
    "managedFields",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "selfLink",
    "ownerReferences",
    "finalizers",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];
/// The same among annotations.
const ANNOTATIONS: [&str; 4] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "machinedeployment.clusters.x-k8s.io/revision",
    "cluster.x-k8s.io/cloned-from-name",
    "cluster.x-k8s.io/cloned-from-groupkind",
];
const OWNED: &str = "topology.cluster.x-k8s.io/owned";
/// Kinds beside the Cluster that a person writes, of the core group.
const WRITTEN: [&str; 3] = ["MachineDeployment", "MachinePool", "MachineHealthCheck"];

/// How a cluster is laid out in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// All in one file.
    Together,
    /// A file for the class, one for the cluster, one for health checks.
    Apart,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// `cluster.yaml`.
    pub name: String,
    pub text: String,
}

/// The objects from which all others of a definition are found: the Cluster, and what a person wrote beside it.
pub fn members(graph: &Graph, key: &ClusterKey) -> Vec<ObjectId> {
    let Some(cluster) = graph.cluster(key) else { return vec![] };
    let written = graph.members(key).filter(|o| &*o.id.group == CORE && WRITTEN.contains(&&*o.id.kind) && !o.labels.contains_key(OWNED));
    [cluster.id.clone()].into_iter().chain(written.map(|o| o.id.clone())).collect()
}

/// What a document refers to, and is part of the same definition; never what a topology makes.
pub fn references(document: &Value) -> Vec<ObjectId> {
    let namespace = document["metadata"]["namespace"].as_str().unwrap_or_default();
    let mut found = vec![];
    match class_of(document).filter(|_| document["kind"] == "Cluster") {
        Some(class) => found.push(class),
        None => refer(&document["spec"], namespace, &mut found),
    }
    found
}

fn refer(of: &Value, namespace: &str, found: &mut Vec<ObjectId>) {
    if let (Some(kind), Some(name)) = (of["kind"].as_str(), of["name"].as_str()) {
        let group = of["apiGroup"].as_str().or_else(|| of["apiVersion"].as_str().map(crate::read::group_of)).unwrap_or_default();
        let namespace = of["namespace"].as_str().filter(|n| !n.is_empty()).unwrap_or(namespace);
        if group.ends_with(CORE) {
            let id = ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
            if !found.contains(&id) {
                found.push(id);
            }
        }
        return;
    }
    match of {
        Value::Object(fields) => fields.values().for_each(|value| refer(value, namespace, found)),
        Value::Array(list) => list.iter().for_each(|value| refer(value, namespace, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An object as a person would write it down.
pub fn cleaned(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        METADATA.iter().for_each(|field| drop(metadata.remove(*field)));
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.retain(|name, _| !ANNOTATIONS.contains(&name.as_str()));
        }
        // A topology marks its own Cluster too.
        if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
            labels.remove(OWNED);
        }
        for maybe in ["annotations", "labels"] {
            if metadata.get(maybe).and_then(Value::as_object).is_some_and(Map::is_empty) {
                metadata.remove(maybe);
            }
        }
    }
    if group_of(&object).ends_with(CORE) {
        found_out(&mut object);
    }
    object
}

/// Fields of a spec that controllers fill in once they know.
fn found_out(object: &mut Value) {
    let is_topology = object["kind"] == "Cluster" && object["spec"]["topology"].is_object();
    let is_infrastructure = group_of(object).starts_with("infrastructure.");
    let is_cluster = object["kind"] == "Cluster";
    let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) else { return };
    if is_topology {
        ["controlPlaneRef", "infrastructureRef"].iter().for_each(|field| drop(spec.remove(*field)));
    }
    if is_cluster || is_infrastructure {
        ["controlPlaneEndpoint", "providerID", "providerIDList"].iter().for_each(|field| drop(spec.remove(*field)));
    }
}

/// The text of an object, the same for the same object: names in their order, two spaces.
pub fn text_of(object: &Value) -> String {
    serde_yaml::to_string(object).unwrap_or_else(|_| object.to_string())
}

/// An object that may be shown: of a Secret only the names of its keys.
pub fn hidden(object: &Value) -> Value {
    let mut object = object.clone();
    if object["kind"] == "Secret" {
        for part in ["data", "stringData"] {
            for value in object.get_mut(part).and_then(Value::as_object_mut).into_iter().flat_map(|fields| fields.values_mut()) {
                *value = Value::String("…".to_owned());
            }
        }
    }
    object
}

/// Whole objects as files; Secrets and what a topology makes are told instead.
pub fn export(objects: &[Value], layout: Folder) -> (Vec<File>, Vec<String>) {
    let (mut kept, mut left): (Vec<(ObjectId, &Value)>, Vec<String>) = (vec![], vec![]);
    for object in objects {
        let Some(id) = id_of(object, "") else { continue };
        if &*id.kind == "Secret" {
            left.push(format!("Secret {} is not written into files. Keep it where secrets are kept.", id.name));
        } else if &*id.kind != "Cluster" && object["metadata"]["labels"].get(OWNED).is_some() {
            left.push(format!("{} {} is made by the topology of its Cluster.", id.kind, id.name));
        } else {
            kept.push((id, object));
        }
    }
    kept.sort_by(|(a, _), (b, _)| (order(a), a).cmp(&(order(b), b)));
    kept.dedup_by(|(a, _), (b, _)| a == b);
    let mut files: Vec<File> = vec![];
    for (id, object) in kept {
        let name = match layout {
            Folder::Together => "cluster.yaml",
            Folder::Apart => place(&id),
        };
        let text = text_of(&cleaned(object));
        match files.iter_mut().find(|file| file.name == name) {
            Some(file) => file.text.push_str(&format!("---\n{text}")),
            None => files.push(File { name: name.to_owned(), text }),
        }
    }
    (files, left)
}

fn place(id: &ObjectId) -> &'static str {
    match order(id) {
        0 | 5 => "addons.yaml",
        1 | 2 => "class.yaml",
        _ => "cluster.yaml",
    }
}
