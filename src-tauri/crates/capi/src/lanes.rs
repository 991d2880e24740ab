//! How is the making of a machine drawn over time, and is it late?

mod base;

use std::collections::BTreeMap;

use api::capi::{Bar, Lane, LaneGroup, LaneState, MachineStep};
use api::runs::KeptMachine;
use api::{Millis, Timestamp};

use crate::graph::{ClusterKey, Graph};
use crate::leave::leaving;
use crate::object::{MachineRole, Object};
use crate::steps::Reached;

pub use base::{note_shared, shared};

/// Durations of steps that went well, by which later ones are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usual {
    took: BTreeMap<(MachineRole, MachineStep), Vec<Millis>>,
}

impl Usual {
    /// Takes in a machine as far as it has come.
    pub fn learn(&mut self, machine: &Object, reached: &Reached) {
        let Some(created) = machine.created else { return };
        for (step, from, to) in ended(created, reached) {
            self.took.entry((machine.role(), step)).or_default().push(to.since(from));
        }
    }

    /// Takes in a machine of a run that was kept.
    pub fn learn_kept(&mut self, machine: &KeptMachine) {
        for (step, from, to) in ended(machine.created, &Reached::of(machine.ends)) {
            let role = if machine.group == LaneGroup::ControlPlane { MachineRole::ControlPlane } else { MachineRole::Worker };
            self.took.entry((role, step)).or_default().push(to.since(from));
        }
    }

    /// What each step takes a machine of this role.
    pub fn steps(&self, role: MachineRole) -> Steps {
        MachineStep::ALL.map(|step| self.typical(role, step))
    }

    /// The median of what machines of this role took.
    pub fn typical(&self, role: MachineRole, step: MachineStep) -> Option<Millis> {
        let mut sorted = self.took.get(&(role, step))?.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }

    /// As many machines as went through all steps.
    pub fn machines(&self) -> usize {
        [MachineRole::ControlPlane, MachineRole::Worker].into_iter().filter_map(|role| self.took.get(&(role, MachineStep::Available)).map(Vec::len)).sum()
    }
}

/// A duration for each step, in the order of [`MachineStep::ALL`].
pub type Steps = [Option<Millis>; MachineStep::ALL.len()];

/// The lane of a machine as far as it is known; `usual` is what others of its role took.
pub fn lane(graph: &Graph, machine: &Object, reached: &Reached, usual: &Steps) -> Lane {
    let created = machine.created.unwrap_or_default();
    let bar = |(step, from, to)| Bar { step, from, to, late_at: None };
    let mut bars: Vec<Bar> = ended(created, reached).map(|(step, from, to)| bar((step, from, Some(to)))).collect();
    if let (Some(step), None) = (reached.current(), machine.deleting_since) {
        let from = bars.last().and_then(|b| b.to).unwrap_or(created);
        bars.push(Bar { late_at: patience(step, usual[step as usize]).map(|limit| from.plus(limit)), ..bar((step, from, None)) });
    }
    Lane {
        machine: machine.id.name.to_string(),
        group: group(graph, machine),
        created,
        bars,
        usual: *usual,
        state: state(graph, machine, reached),
        leaving: leaving(machine, reached.leaves()),
    }
}

/// The lanes of a cluster, the control plane first, each group by the age of its machines.
pub fn lanes(graph: &Graph, key: &ClusterKey, noted: impl Fn(&Object) -> Reached, usual: &Usual) -> Vec<Lane> {
    let (planes, workers) = (usual.steps(MachineRole::ControlPlane), usual.steps(MachineRole::Worker));
    let of = |m: &Object| match m.role() {
        MachineRole::ControlPlane => &planes,
        MachineRole::Worker => &workers,
    };
    let mut lanes: Vec<Lane> = graph.machines(key).map(|m| lane(graph, m, &noted(m).or_later(Reached::read(graph, key, m)), of(m))).collect();
    lanes.sort_by(|a, b| (&a.group, a.created, &a.machine).cmp(&(&b.group, b.created, &b.machine)));
    lanes
}

fn ended(created: Timestamp, reached: &Reached) -> impl Iterator<Item = (MachineStep, Timestamp, Timestamp)> {
    let ends = MachineStep::ALL.into_iter().map_while(|step| Some((step, reached.end(step)?)));
    ends.scan(created, |from, (step, to)| Some((step, std::mem::replace(from, to.max(*from)), to.max(*from))))
}

pub(crate) fn group(graph: &Graph, machine: &Object) -> LaneGroup {
    if machine.is_control_plane_machine() {
        return LaneGroup::ControlPlane;
    }
    pool_of(graph, machine).map_or(LaneGroup::Alone, |pool| LaneGroup::Pool(pool_name(pool)))
}

/// The object that a worker belongs to: over its set, where there is one.
pub(crate) fn pool_of<'g>(graph: &'g Graph, machine: &Object) -> Option<&'g Object> {
    let owner = machine.controller.as_deref().and_then(|uid| graph.by_uid(uid));
    owner.and_then(|set| set.controller.as_deref()).and_then(|uid| graph.by_uid(uid)).or(owner)
}

/// A pool of a topology has the name that the user gave it in a label.
pub(crate) fn pool_name(pool: &Object) -> String {
    pool.labels.get("topology.cluster.x-k8s.io/deployment-name").cloned().unwrap_or_else(|| pool.id.name.to_string())
}

/// The state of a machine that has come so far.
pub(crate) fn state(graph: &Graph, machine: &Object, reached: &Reached) -> LaneState {
    if let Some(since) = machine.deleting_since {
        return LaneState::Deleting { since };
    }
    let Some(step) = reached.current() else {
        return match machine.available() {
            Some(c) if c.is_true() => LaneState::Available { since: c.since.or_else(|| reached.end(MachineStep::Available)).unwrap_or_default() },
            other => LaneState::Unwell { since: other.and_then(|c| c.since) },
        };
    };
    if step == MachineStep::BootstrapRun && has_failed(graph, machine) {
        return LaneState::Failed { step };
    }
    LaneState::Working { step }
}

/// kubeadm failed in the container; Docker's provider does not try again.
pub(crate) fn has_failed(graph: &Graph, machine: &Object) -> bool {
    let infrastructure = machine.infrastructure.as_ref().and_then(|id| graph.get(id));
    infrastructure.is_some_and(|o| o.bootstrap_failure().is_some())
}

/// Twice the usual time, or what the controllers themselves allow: `bootstrapTimeout` of Docker's provider and the node
/// start-up timeout of health checks; ten minutes where no machine was timed before. Waiting in the queue is never late:
/// others are.
fn patience(step: MachineStep, usual: Option<Millis>) -> Option<Millis> {
    match step {
        MachineStep::Queued => None,
        MachineStep::BootstrapRun => Some(usual.map_or(Millis::seconds(300), twice)),
        MachineStep::BootstrapData | MachineStep::Container | MachineStep::Joined | MachineStep::Healthy | MachineStep::Available => {
            Some(usual.map_or(Millis::seconds(600), twice))
        }
    }
}

/// Steps of a second or two would be late by the noise of a busy machine.
fn twice(usual: Millis) -> Millis {
    Millis(usual.0.saturating_mul(2)).max(Millis::seconds(30))
}

#[cfg(test)]
mod tests;
