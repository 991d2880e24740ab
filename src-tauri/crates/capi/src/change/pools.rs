//! How is a pool added, removed or labelled?

use std::collections::BTreeMap;

use api::changes::{Follows, NewPool, PoolFrom, WrittenIn};
use serde_json::{Value, json};

use super::edit::{Edit, OfEntry, of_pool};
use super::shape::{Pool, Shape, names};
use super::{Act, Around, Plan, Planned, Refusal, Write, follows, machines, named, no, taints};
use crate::form::taint;
use crate::object::{CLUSTER_NAME_LABEL, CORE, ObjectId};

const DEPLOYMENT_NAME: &str = "cluster.x-k8s.io/deployment-name";
/// Labels of these domains are copied from Machines to Nodes; others stay on Machines.
/// Source: `core/controllers/machine/machine_controller_noderef.go` of Cluster API.
const REACH_NODES: [&str; 3] = ["node-role.kubernetes.io", "node-restriction.kubernetes.io", "node.cluster.x-k8s.io"];

pub(super) fn add(shape: &Shape, around: &Around, new: &NewPool) -> Planned {
    let name = &new.name;
    if !is_label(name) {
        return no(format!("“{name}” cannot be the name of a pool: lower-case letters, digits and dashes, at most 63."));
    }
    if shape.pools.iter().any(|p| p.name == *name) {
        return no(format!("{} has a pool {name} already. Choose another name.", shape.name()));
    }
    if shape.is_deleting() {
        return no(format!("{} is being deleted.", shape.name()));
    }
    let written_in = if shape.has_topology() { WrittenIn::Topology } else { WrittenIn::Objects };
    if !new.taints.is_empty() {
        taints::placed(shape, around, written_in)?;
    }
    let write = match written_in {
        WrittenIn::Topology => entry(shape, new)?,
        WrittenIn::Objects => copy(shape, new)?,
    };
    let mut effects = vec![follows(Follows::Made, format!("{} in a new pool {name}.", machines(new.replicas as usize)))];
    if !new.taints.is_empty() {
        effects.push(follows(Follows::Risk, "Only pods that tolerate its taints run there."));
    }
    effects.push(follows(Follows::Unharmed, "The other pools and the control plane are not touched."));
    Ok(Plan { title: format!("Add a pool to {}", shape.name()), writes: vec![write], effects, replaced: vec![] })
}

/// An entry in the topology.
fn entry(shape: &Shape, new: &NewPool) -> Result<Write, Refusal> {
    let mut value = match &new.from {
        PoolFrom::Class(class) => {
            let known = worker_classes(shape);
            if known.is_empty() {
                return no(format!("The class of {} names no worker classes, or cannot be read.", shape.name()));
            }
            if !known.contains(class) {
                return no(format!("The class of {} has no worker class {class}. It has: {}.", shape.name(), known.join(", ")));
            }
            json!({ "class": class })
        }
        PoolFrom::Like(pool) => {
            let like = shape.pool(pool)?;
            let found = like.entry.filter(|e| e.list == "machineDeployments");
            let Some(found) = found else {
                return no(format!("{pool} does not stand in the topology of {}, so none can be made like it there.", shape.name()));
            };
            found.value.clone()
        }
    };
    value["name"] = json!(new.name);
    value["replicas"] = json!(new.replicas);
    if let Some(fields) = value.as_object_mut() {
        // The bounds and labels of the other pool are its own.
        fields.remove("metadata");
    }
    if !new.labels.is_empty() {
        value["metadata"] = json!({ "labels": new.labels });
    }
    if !new.taints.is_empty() {
        value["taints"] = new.taints.iter().map(|one| taint(one, &Value::Null)).collect();
    }
    let topology = &shape.cluster["spec"]["topology"];
    let mut edit = Edit::default();
    if topology["workers"]["machineDeployments"].is_array() {
        edit.step("add", "/spec/topology/workers/machineDeployments/-", value);
    } else if topology["workers"].is_object() {
        edit.step("add", "/spec/topology/workers/machineDeployments", json!([value]));
    } else {
        edit.step("add", "/spec/topology/workers", json!({ "machineDeployments": [value] }));
    }
    edit.write(shape).map_or_else(|| no("There is nothing to write."), Ok)
}

/// A MachineDeployment with the templates of another one: templates may be shared.
fn copy(shape: &Shape, new: &NewPool) -> Result<Write, Refusal> {
    let PoolFrom::Like(like) = &new.from else {
        return no(format!("{} has no class, so its pools are made like one that is there.", shape.name()));
    };
    let deployment = shape.pool(like)?.object.filter(|(o, _)| o.is(CORE, "MachineDeployment"));
    let Some((object, document)) = deployment else { return no(format!("{like} is no MachineDeployment, so no pool can be made like it.")) };
    let own = BTreeMap::from([(CLUSTER_NAME_LABEL, shape.name()), (DEPLOYMENT_NAME, new.name.as_str())]);
    let mut spec = document["spec"].clone();
    spec["replicas"] = json!(new.replicas);
    spec["selector"] = json!({ "matchLabels": own });
    let mut labels = json!(own);
    new.labels.iter().for_each(|(name, value)| labels[name] = json!(value));
    spec["template"]["metadata"] = json!({ "labels": labels });
    if !new.taints.is_empty() {
        spec["template"]["spec"]["taints"] = new.taints.iter().map(|one| taint(one, &Value::Null)).collect();
    }
    let made = json!({
        "apiVersion": document["apiVersion"], "kind": "MachineDeployment",
        "metadata": { "name": new.name, "namespace": &*shape.key.namespace, "labels": { CLUSTER_NAME_LABEL: shape.name() } },
        "spec": spec,
    });
    Ok(Write { object: ObjectId { name: new.name.as_str().into(), ..object.id.clone() }, act: Act::Create(made) })
}

/// The classes of MachineDeployments that a ClusterClass names.
pub(super) fn worker_classes(shape: &Shape) -> Vec<String> {
    let all = shape.class.map(|class| &class["spec"]["workers"]["machineDeployments"]);
    all.and_then(Value::as_array).into_iter().flatten().filter_map(|one| one["class"].as_str()).map(str::to_owned).collect()
}

pub(super) fn remove(shape: &Shape, pool: &str) -> Planned {
    let pool = shape.pool(pool)?;
    let write = match (pool.entry, pool.object) {
        (Some(entry), _) => {
            let mut edit = Edit::default();
            edit.entry(entry).remove();
            edit.write(shape)
        }
        (None, Some((object, _))) => Some(Write { object: object.id.clone(), act: Act::Delete }),
        (None, None) => None,
    };
    let workers = shape.workers(pool);
    let mut effects = vec![
        named(Follows::Gone, format!("The pool {} with {}, drained before.", pool.name, machines(workers.len())), names(&workers)),
        follows(Follows::Gone, "Everything stored on these machines. This cannot be undone."),
    ];
    if shape.pools.len() == 1 {
        effects.push(follows(Follows::Risk, format!("{} then has no workers: most pods find no place.", shape.name())));
    }
    effects.push(follows(Follows::Unharmed, "The other pools and the control plane are not touched."));
    Ok(Plan { title: format!("Remove the pool {}", pool.name), writes: write.into_iter().collect(), effects, replaced: vec![] })
}

pub(super) fn label(shape: &Shape, pool: &str, labels: &BTreeMap<String, String>) -> Planned {
    let pool = shape.pool(pool)?;
    let before = self::labels(pool);
    if before == *labels {
        return no(format!("{} has these labels already.", pool.name));
    }
    if let Some(odd) = labels.keys().find(|name| is_reserved(name)) {
        return no(format!("The label {odd} belongs to Cluster API. Choose another one."));
    }
    let mut patch = json!(labels);
    before.keys().filter(|name| !labels.contains_key(*name)).for_each(|name| patch[name] = Value::Null);
    let alone = json!({ "spec": { "template": { "metadata": { "labels": patch } } } });
    let write = of_pool(shape, pool, |entry| metadata(entry, pool, "labels", json!(labels)), alone);
    let reach = |name: &&String| {
        let domain = name.split_once('/').map_or("", |(domain, _)| domain);
        REACH_NODES.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
    };
    let (nodes, stay): (Vec<&String>, Vec<&String>) = labels.keys().partition(reach);
    let owned = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>();
    let mut effects = vec![follows(Follows::Unharmed, "No machine is replaced: labels are changed in place.")];
    if !nodes.is_empty() {
        effects.push(named(Follows::Made, format!("The Nodes of {} get these labels.", pool.name), owned(nodes)));
    }
    if !stay.is_empty() {
        effects.push(named(Follows::Risk, "These stay on the Machines and never reach a Node: their domain is not one that is copied.", owned(stay)));
    }
    Ok(Plan { title: format!("Labels of {}", pool.name), writes: write.into_iter().collect(), effects, replaced: vec![] })
}

/// The labels that somebody gave to a pool.
pub(super) fn labels(pool: &Pool) -> BTreeMap<String, String> {
    let all = match (pool.entry, pool.object) {
        (Some(entry), _) => &entry.value["metadata"]["labels"],
        (None, Some((_, document))) => &document["spec"]["template"]["metadata"]["labels"],
        (None, None) => &Value::Null,
    };
    let pairs = all.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    pairs.filter(|(name, _)| !is_reserved(name)).collect()
}

fn is_reserved(label: &str) -> bool {
    let domain = label.split_once('/').map_or("", |(domain, _)| domain);
    domain == "cluster.x-k8s.io" || domain == "topology.cluster.x-k8s.io"
}

/// Sets the labels or annotations of an entry, which may have no metadata yet.
pub(super) fn metadata(entry: &mut OfEntry, pool: &Pool, field: &str, value: Value) {
    let there = pool.entry.is_some_and(|e| e.value["metadata"].is_object());
    match there {
        true => entry.set(&format!("metadata/{field}"), value),
        false => entry.set("metadata", json!({ field: value })),
    }
}

/// A DNS label, as names of objects have to be.
fn is_label(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c != '-');
    (1..=63).contains(&name.len()) && name.chars().all(inner) && edge(name.chars().next()) && edge(name.chars().last())
}
