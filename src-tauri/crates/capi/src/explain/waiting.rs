//! What only takes its time?

use api::capi::{Evidence, EvidenceSource};
use api::{Millis, Timestamp};

use super::case::{Case, Finding, quote, wrong};
use super::machine::without_network;
use super::way::is_machine;
use crate::condition::Condition;
use crate::lanes::pool_name;
use crate::object::Object;
use crate::upgrading::{lagging, told};

/// Nothing that is being made takes longer, unless the machines of its cluster always do.
const LONG: Millis = Millis::seconds(600);

/// A machine that is not a Node after all that time is not only being made: what blocks it is shown, whatever it is.
pub(super) fn overdue(case: &Case) -> Option<Finding> {
    let machine = case.machine().filter(|m| m.node.is_none() && m.deleting_since.is_none())?;
    let age = case.facts.now.since(machine.created?);
    let limit = case.facts.usual.map_or(LONG, |usual| LONG.max(Millis(usual.0.saturating_mul(2))));
    if age <= limit {
        return None;
    }
    let (leaf, name) = (case.leaf(), &machine.id.name);
    let mut seen: Vec<_> = wrong(leaf).into_iter().map(|condition| quote(leaf, condition)).collect();
    seen.extend(case.log_with(&["Reconciler error"]));
    let minutes = age.0 / 60_000;
    let sentence = format!("{name} has been in the making for {minutes} minutes; {} {} is as far as it came.", leaf.id.kind, leaf.id.name);
    Some(Finding::stuck(sentence, seen).remedy(
        "Look at its events",
        "Changes nothing",
        Some(format!("kubectl describe machine {name} -n {}", machine.id.namespace)),
    ))
}

/// Pools wait while the control plane is being made or upgraded.
pub(super) fn pool_waits(case: &Case) -> Option<Finding> {
    let (set, condition) = case.graph.core(case.key, "MachineSet").find_map(|s| {
        let scaling = s.condition("ScalingUp").filter(|c| c.is_true() && c.message.contains("preflight check failed"));
        scaling.map(|c| (s, c))
    })?;
    let owner = set.controller.as_deref().and_then(|uid| case.graph.by_uid(uid)).unwrap_or(set);
    let pool = pool_name(owner);
    let seen = vec![quote(set, condition)];
    Some(if condition.message.contains("\"ControlPlaneIsStable\"") {
        Finding::normal(format!("Pool {pool} waits until the control plane is ready. This is normal."), seen)
    } else {
        Finding::stuck(format!("Pool {pool} cannot grow: its version does not fit the control plane's."), seen)
    })
}

/// Workers start when the first API server answers.
pub(super) fn first_control_plane(case: &Case) -> Option<Finding> {
    let initialized = case.cluster.condition("ControlPlaneInitialized").filter(|c| !c.is_true())?;
    let waits = |o: &Object| {
        o.conditions
            .iter()
            .any(|c| c.reason == "WaitingForControlPlaneInitialized" || c.message.contains("Waiting for Cluster control plane to be initialized"))
    };
    let workers = case.machines().filter(|m| !m.is_control_plane_machine() && (waits(m) || case.infrastructure(m).is_some_and(waits))).count();
    if workers == 0 {
        return None;
    }
    let who = if workers == 1 { "1 worker waits".to_owned() } else { format!("{workers} workers wait") };
    Some(Finding::normal(format!("{who} for the first control plane. This is normal."), vec![quote(case.cluster, initialized)]))
}

pub(super) fn upgrade(case: &Case) -> Option<Finding> {
    let name = &case.key.name;
    if let Some(condition) = told(case.cluster) {
        let sentence = if condition.reason.ends_with("UpgradeDeferred") {
            format!("{name} is being upgraded, but for pools that an annotation keeps at their version.")
        } else {
            format!("{name} is being upgraded: the control plane first, then its pools. This is normal.")
        };
        return Some(Finding::normal(sentence, vec![quote(case.cluster, condition)]));
    }
    // Without a topology, and before Cluster API 1.12 while the pools of one follow, only the versions tell.
    let lags = lagging(case.graph, case.key)?;
    if case.facts.now.since(moved(case)?) > LONG {
        return None;
    }
    let (kind, path) = (&lags.id.kind, if is_machine(lags) { "spec.version" } else { "spec.template.spec.version" });
    let source = EvidenceSource::Field { on: format!("{kind} {}", lags.id.name), path: path.to_owned() };
    let seen = Evidence { source, text: lags.version.clone().unwrap_or_default(), at: None };
    Some(Finding::normal(format!("{name} is being upgraded, one machine after the other. This is normal."), vec![seen]))
}

/// When a machine came or was asked to go, the last of them.
fn moved(case: &Case) -> Option<Timestamp> {
    case.machines().flat_map(|m| [m.created, m.deleting_since]).flatten().max()
}

/// What says that machines come or go, with the words for whose they are.
const MOVES: &[(&str, &str)] = &[("RollingOut", "makes its machines anew"), ("ScalingUp", "gets more machines"), ("ScalingDown", "gives machines up")];

/// Machines are asked for or given up, and nothing is known to be wrong. Where none came or went for long that says nothing.
pub(super) fn scaling(case: &Case) -> Option<Finding> {
    if case.is_well() {
        return None;
    }
    let pools = ["MachineDeployment", "MachinePool"].into_iter().flat_map(|kind| case.graph.core(case.key, kind));
    let mut objects = case.control_plane().into_iter().chain(pools).chain([case.cluster]);
    let moves = |object: &Object| MOVES.iter().find(|(kind, _)| object.condition(kind).is_some_and(Condition::is_true));
    let (object, (kind, words)) = objects.find_map(|object| moves(object).map(|found| (object, found)))?;
    let condition = object.condition(kind)?;
    let moved = moved(case).max(condition.since)?;
    if case.facts.now.since(moved) > LONG {
        return None;
    }
    let who = if object.id == case.cluster.id {
        case.key.name.to_string()
    } else if case.cluster.control_plane.as_ref() == Some(&object.id) {
        format!("The control plane of {}", case.key.name)
    } else {
        format!("Pool {}", pool_name(object))
    };
    Some(Finding::normal(format!("{who} {words}. This is normal."), vec![quote(object, condition)]))
}

/// Nothing failed and something is on its way.
pub(super) fn building(case: &Case) -> Option<Finding> {
    let machine = case.machine()?;
    let leaf = case.leaf();
    let moving = leaf
        .conditions
        .iter()
        .find(|c| !c.is_true() && (c.reason.starts_with("WaitingFor") || c.message.starts_with("Creating") || c.message.starts_with("Running")));
    let sentence = format!("{} is being made. This is normal.", machine.id.name);
    let on_its_node = || machine.condition("NodeHealthy").filter(|c| c.reason == "InspectionFailed").or_else(|| without_network(machine));
    let Some(condition) = moving.or_else(on_its_node) else {
        // Just ordered: no controller has said a word of it yet.
        return machine.condition("Ready").is_none().then(|| Finding::normal(sentence, vec![]));
    };
    let owner = if moving.is_some() { leaf } else { machine };
    Some(Finding::normal(sentence, vec![quote(owner, condition)]))
}
