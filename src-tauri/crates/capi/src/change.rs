//! What has to be written to change a cluster, and what follows from it?
//!
//! Pure: whole documents of the few objects that a change may write come in, patches and sentences come out. A cluster
//! with a topology is changed in its Cluster alone: its controllers change back whatever else is written.
//! Start at: [`plan`]; [`offers`] says what can be asked for.

mod bounds;
mod delete;
mod drain;
mod edit;
mod health;
mod machine;
mod offer;
mod pools;
mod scale;
mod shape;
mod taints;
mod takes;
#[cfg(test)]
mod tests;
mod upgrade;
mod version;

use std::collections::BTreeMap;

use api::changes::{ClusterChange, Consequence, Follows, Replaced};
use api::{Millis, Timestamp};
use serde_json::Value;

use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, ObjectId, PAUSED_ANNOTATION};
use shape::Shape;

pub(crate) use health::group_of;
pub use offer::offers;
pub use takes::{DEFINITION, TopologyTakes};
pub use version::Version;

/// Objects as the server sent them, whole: only those that a change may write or is decided by.
pub type Documents = BTreeMap<ObjectId, Value>;

/// What is known beside the objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The containers of this cluster, where its machines are containers of this computer.
    pub containers: Vec<String>,
    /// What a machine of this cluster usually takes from its order to service.
    pub each: Option<Millis>,
    /// Versions of which tested images exist, newest first.
    pub listed: Vec<String>,
    pub topology: TopologyTakes,
}

/// A change, thought through.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub title: String,
    /// In the order in which they have to be sent.
    pub writes: Vec<Write>,
    pub effects: Vec<Consequence>,
    pub replaced: Vec<Replaced>,
}

/// What is done to one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    pub object: ObjectId,
    pub act: Act,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// RFC 7386.
    Merge(Value),
    /// RFC 6902, for one entry of a list.
    Steps(Vec<Value>),
    Create(Value),
    Delete,
}

/// Why a change is not planned, in a sentence with the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

type Planned = Result<Plan, Refusal>;

/// The objects that have to be read whole before a change is planned.
pub fn wanted(graph: &Graph, key: &ClusterKey, change: Option<&ClusterChange>) -> Vec<ObjectId> {
    let Some(cluster) = graph.cluster(key) else { return vec![] };
    let pools = graph.members(key).filter(|o| o.is(CORE, "MachineDeployment") || o.is(CORE, "MachinePool")).map(|o| o.id.clone());
    let other = match change {
        Some(ClusterChange::ReplaceMachine { machine } | ClusterChange::RemoveMachine { machine } | ClusterChange::SetRepair { machine, .. }) => {
            graph.machines(key).find(|m| &*m.id.name == machine).map(|m| m.id.clone())
        }
        Some(ClusterChange::RemoveFinalizers { kind, name }) => graph.members(key).find(|o| &*o.id.kind == kind && &*o.id.name == name).map(|o| o.id.clone()),
        Some(
            ClusterChange::Scale { .. }
            | ClusterChange::AddPool(_)
            | ClusterChange::RemovePool { .. }
            | ClusterChange::Upgrade { .. }
            | ClusterChange::Rollout { .. }
            | ClusterChange::Pause
            | ClusterChange::Resume
            | ClusterChange::SetLabels { .. }
            | ClusterChange::SetTaints { .. }
            | ClusterChange::SetBounds { .. }
            | ClusterChange::SetHealthCheck { .. }
            | ClusterChange::LimitDrain { .. }
            | ClusterChange::Delete,
        )
        | None => None,
    };
    let control_plane = cluster.control_plane.clone().filter(|id| graph.get(id).is_some());
    let asks = matches!(change, None | Some(ClusterChange::SetHealthCheck { .. }));
    let checks = graph.core(key, "MachineHealthCheck").filter(|_| asks).map(|o| o.id.clone());
    [cluster.id.clone()].into_iter().chain(control_plane).chain(pools).chain(checks).chain(other).collect()
}

/// The ClusterClass that a Cluster names: v1beta2 by a reference, v1beta1 by two fields.
pub fn class_of(cluster: &Value) -> Option<ObjectId> {
    let topology = &cluster["spec"]["topology"];
    let name = topology["classRef"]["name"].as_str().or(topology["class"].as_str())?;
    let place = topology["classRef"]["namespace"].as_str().or(topology["classNamespace"].as_str());
    let namespace = place.filter(|n| !n.is_empty()).or(cluster["metadata"]["namespace"].as_str())?;
    Some(ObjectId { group: CORE.into(), kind: "ClusterClass".into(), namespace: namespace.into(), name: name.into() })
}

/// Thinks a change through.
///
/// # Errors
/// A sentence when it cannot be done, or when everything is so already.
pub fn plan(graph: &Graph, key: &ClusterKey, documents: &Documents, around: &Around, change: &ClusterChange) -> Planned {
    let shape = Shape::read(graph, key, documents)?;
    let mut plan = match change {
        ClusterChange::Scale { control_plane, pools } => scale::scale(&shape, *control_plane, pools),
        ClusterChange::AddPool(pool) => pools::add(&shape, around, pool),
        ClusterChange::RemovePool { pool } => pools::remove(&shape, pool),
        ClusterChange::SetLabels { pool, labels } => pools::label(&shape, pool, labels),
        ClusterChange::SetTaints { pool, taints } => taints::set(&shape, around, pool, taints),
        ClusterChange::SetHealthCheck { group, check } => health::set(&shape, group, check.as_ref()),
        ClusterChange::LimitDrain { group, seconds } => drain::limit(&shape, group, *seconds),
        ClusterChange::RemoveFinalizers { kind, name } => drain::let_go(&shape, around, kind, name),
        ClusterChange::SetBounds { pool, bounds } => bounds::set(&shape, pool, *bounds),
        ClusterChange::Upgrade { to } => upgrade::upgrade(&shape, around, to),
        ClusterChange::Rollout { group, at } => upgrade::rollout(&shape, around, group, *at),
        ClusterChange::ReplaceMachine { machine } => machine::replace(&shape, around, machine),
        ClusterChange::RemoveMachine { machine } => machine::remove(&shape, machine),
        ClusterChange::SetRepair { machine, repair } => machine::repair(&shape, machine, *repair),
        ClusterChange::Pause => delete::pause(&shape),
        ClusterChange::Resume => delete::resume(&shape),
        ClusterChange::Delete => delete::delete(&shape, around),
    }?;
    let waits = shape.is_paused() && !matches!(change, ClusterChange::Resume | ClusterChange::Pause);
    if waits {
        plan.effects.push(follows(Follows::Risk, format!("{} is paused: nothing of this happens before it is resumed.", shape.name())));
    }
    let works = !matches!(change, ClusterChange::Pause | ClusterChange::RemoveFinalizers { .. });
    let held: Vec<String> = shape.held().iter().map(|o| format!("{} {}", o.id.kind, o.id.name)).collect();
    if works && !held.is_empty() {
        let sentence = format!("Held by the annotation {PAUSED_ANNOTATION}: nothing of this happens to these before it is taken off.");
        plan.effects.push(named(Follows::Risk, sentence, held));
    }
    Ok(plan)
}

fn follows(weight: Follows, sentence: impl Into<String>) -> Consequence {
    Consequence { weight, sentence: sentence.into(), names: vec![] }
}

fn named(weight: Follows, sentence: impl Into<String>, names: Vec<String>) -> Consequence {
    Consequence { weight, sentence: sentence.into(), names }
}

fn no<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(sentence.into()))
}

/// `1 machine`, `3 machines`.
fn machines(n: usize) -> String {
    if n == 1 { "1 machine".to_owned() } else { format!("{n} machines") }
}

/// `2026-11-28T15:00:00Z`, as Kubernetes writes a moment.
fn moment(at: Timestamp) -> String {
    let parsed = i64::try_from(at.0 / 1_000).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    parsed.map(|at| at.to_string()).unwrap_or_default()
}
