//! What is the row of a cluster in the list, and which rows has each of its objects?

use std::collections::HashSet;

use api::Timestamp;
use api::capi::{ClusterPart, ClusterRow, ClusterState, Counts, Explanation, MachineMark, TreeRow, TreeState, Weight};

use crate::condition::{Condition, Status};
use crate::explain::{Facts, explain};
use crate::graph::{ClusterKey, Graph};
use crate::lanes::has_failed;
use crate::machines::machines;
use crate::object::{CORE, More, Object, Replicas};
use crate::tree::{Branch, Item, Sets, tree};
use crate::upgrading::{lagging, told};
use crate::{addons, checks};

/// What is drawn anew with every change of a cluster: a few rows an object.
pub(crate) fn rows(graph: &Graph, key: &ClusterKey, facts: &Facts, (head, why): (ClusterRow, Explanation)) -> Vec<ClusterPart> {
    let mut drawn = vec![];
    if let Some(root) = tree(graph, key, Sets::Whole) {
        let way: HashSet<(&str, &str)> = why.path.iter().map(|stop| (stop.kind.as_str(), stop.name.as_str())).collect();
        lay(graph, &root, 0, &way, &mut drawn);
    }
    let mut rows = vec![ClusterPart::Head(head), ClusterPart::Why(why)];
    rows.extend(drawn.into_iter().map(ClusterPart::Tree));
    rows.extend(machines(graph, key, facts).into_iter().map(ClusterPart::Machine));
    rows.extend(checks::rows(graph, key, facts).into_iter().map(ClusterPart::Check));
    rows.extend(addons::rows(graph, key).into_iter().map(ClusterPart::AddOn));
    rows
}

/// The row of a cluster in the list, and why it is as it is.
pub fn head(graph: &Graph, key: &ClusterKey, facts: &Facts) -> Option<(ClusterRow, Explanation)> {
    let cluster = graph.cluster(key)?;
    let why = explain(graph, key, facts)?;
    let mut machines: Vec<&Object> = graph.core(key, "Machine").collect();
    machines.sort_by_key(|m| (!m.is_control_plane_machine(), m.created, m.id.name.clone()));
    let state = state(graph, key, cluster, why.weight);
    let [planes, workers] = counts(cluster);
    let row = ClusterRow {
        namespace: key.namespace.to_string(),
        name: key.name.to_string(),
        state,
        version: cluster.version.clone().unwrap_or_default(),
        class: cluster.class.clone().unwrap_or_default(),
        wanted: cluster.replicas.and_then(|r| r.desired).unwrap_or_default(),
        planes,
        workers,
        machines: machines.into_iter().map(|m| mark(graph, m)).collect(),
        endpoint: cluster.endpoint.clone().unwrap_or_default(),
        created: cluster.created,
        since: since(cluster, state),
        why: if why.weight == Weight::Well { String::new() } else { why.sentence.clone() },
    };
    Some((row, why))
}

fn state(graph: &Graph, key: &ClusterKey, cluster: &Object, weight: Weight) -> ClusterState {
    if cluster.deleting_since.is_some() {
        ClusterState::Deleting
    } else if cluster.paused {
        ClusterState::Paused
    } else if weight == Weight::Stuck {
        ClusterState::Stuck
    } else if told(cluster).is_some() || lagging(graph, key).is_some() {
        ClusterState::Upgrading
    } else if cluster.available().is_some_and(Condition::is_true) {
        ClusterState::Available
    } else if cluster.condition("ControlPlaneInitialized").is_some_and(Condition::is_true) && weight == Weight::Unclear {
        ClusterState::NotAvailable
    } else {
        ClusterState::Provisioning
    }
}

/// Of the control plane and of the workers.
fn counts(cluster: &Object) -> [Counts; 2] {
    let counts = |of: Replicas| Counts { asked: of.desired, made: of.current, ready: of.ready, available: of.available, up_to_date: of.up_to_date };
    match &cluster.more {
        More::Parts(parts) => {
            let [planes, workers] = **parts;
            [counts(planes), counts(workers)]
        }
        More::Nothing | More::Deletion(_) | More::Check(_) | More::AddOns(_) => [Counts::default(); 2],
    }
}

/// What is stuck is so since the first of its promises does not hold; no condition tells when KOS would have said so.
fn since(cluster: &Object, state: ClusterState) -> Option<Timestamp> {
    let of = |kind: &str| cluster.condition(kind).and_then(|c| c.since);
    match state {
        ClusterState::Deleting => cluster.deleting_since,
        ClusterState::Paused => of("Paused"),
        ClusterState::Upgrading => told(cluster).or_else(|| cluster.condition("RollingOut").filter(|c| c.is_true())).and_then(|c| c.since),
        ClusterState::Available | ClusterState::NotAvailable => cluster.available().and_then(|c| c.since),
        ClusterState::Provisioning => cluster.available().and_then(|c| c.since).or(cluster.created),
        ClusterState::Stuck => {
            let broken = [cluster.available(), cluster.condition("TopologyReconciled")].into_iter().flatten().find(|c| !c.is_true());
            broken.and_then(|c| c.since)
        }
    }
}

fn mark(graph: &Graph, machine: &Object) -> MachineMark {
    if machine.deleting_since.is_some() {
        return MachineMark::Deleting;
    }
    if machine.condition("Ready").or_else(|| machine.condition("Available")).is_some_and(Condition::is_true) {
        return MachineMark::Ready;
    }
    if has_failed(graph, machine) { MachineMark::Failed } else { MachineMark::Making }
}

fn lay(graph: &Graph, branch: &Branch, depth: u16, way: &HashSet<(&str, &str)>, rows: &mut Vec<TreeRow>) {
    let mut below = depth;
    if let Item::Object(id) = &branch.item
        && let Some(object) = graph.get(id)
    {
        let (state, since) = object_state(object);
        rows.push(TreeRow {
            order: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            depth,
            kind: id.kind.to_string(),
            name: id.name.to_string(),
            state,
            ready: if object.is(CORE, "Machine") { None } else { object.replicas.and_then(|r| Some((r.ready.unwrap_or(0), r.desired?))) },
            since: since.or(object.created),
            on_the_way: way.contains(&(&*id.kind, &*id.name)),
        });
        below += 1;
    }
    // The groups of `clusterctl describe` have no object: what they hold hangs on the Cluster itself.
    for child in &branch.below {
        lay(graph, child, below, way, rows);
    }
}

/// The one word for an object, and since when.
fn object_state(object: &Object) -> (TreeState, Option<Timestamp>) {
    let when_true = |kind: &str| object.condition(kind).filter(|c| c.is_true());
    if let Some(since) = object.deleting_since {
        return (TreeState::Deleting, Some(since));
    }
    if object.paused || object.is_held() {
        return (TreeState::Paused, object.condition("Paused").and_then(|c| c.since));
    }
    if let Some(failed) = object.conditions.iter().find(|c| c.status == Status::False && (c.reason == "Failed" || c.reason.ends_with("Failed"))) {
        return (TreeState::Failed(failed.reason.clone()), failed.since);
    }
    for (kind, state) in [("ScalingUp", TreeState::ScalingUp), ("ScalingDown", TreeState::ScalingDown), ("RollingOut", TreeState::RollingOut)] {
        if let Some(condition) = when_true(kind).filter(|_| !object.is(CORE, "Cluster")) {
            return (state, condition.since);
        }
    }
    if object.is(CORE, "Machine") {
        let ready = object.condition("Ready");
        let state = if ready.is_some_and(Condition::is_true) { TreeState::Running } else { TreeState::Provisioning };
        return (state, ready.and_then(|c| c.since));
    }
    for (kind, good, bad) in [("Available", TreeState::Available, TreeState::NotAvailable), ("Ready", TreeState::Ready, TreeState::NotReady)] {
        if let Some(condition) = object.condition(kind) {
            return (if condition.is_true() { good } else { bad }, condition.since);
        }
    }
    (TreeState::Unknown, None)
}

#[cfg(test)]
mod tests;
