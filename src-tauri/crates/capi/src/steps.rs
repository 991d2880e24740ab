//! How far has a machine come, and when did it get there?
//!
//! A condition keeps only its latest change, so what was once reached is noted while it is seen and never taken back:
//! a machine that falls ill keeps the lane of its making.

use api::Timestamp;
use api::capi::{LeaveBar, MachineStep};

use crate::condition::{Condition, Status};
use crate::graph::{ClusterKey, Graph};
use crate::leave::{self, Begun};
use crate::object::Object;

/// When each step of a machine ended, as far as it did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    ends: [Option<Timestamp>; 7],
    leaves: Begun,
}

impl Reached {
    /// What the objects of this moment say.
    pub fn read(graph: &Graph, key: &ClusterKey, machine: &Object) -> Self {
        let cluster = graph.cluster(key);
        let infrastructure = machine.infrastructure.as_ref().and_then(|id| graph.get(id));
        let mut ends = [
            queue_end(cluster, machine),
            when_true(machine, "BootstrapConfigReady"),
            infrastructure.and_then(container_end).or_else(|| when_true(machine, "InfrastructureReady")),
            infrastructure.and_then(bootstrap_end).or_else(|| when_true(machine, "InfrastructureReady")),
            machine.condition("NodeReady").and_then(known_since),
            when_true(machine, "NodeHealthy"),
            machine.available().filter(|c| c.is_true()).and_then(|c| c.since),
        ];
        in_order(&mut ends);
        Self { ends, leaves: leave::begun(graph, machine) }
    }

    /// What was reached earlier stands; a later look adds only what is new.
    pub fn or_later(self, later: Self) -> Self {
        let mut ends = std::array::from_fn(|i| self.ends[i].or(later.ends[i]));
        in_order(&mut ends);
        Self { ends, leaves: std::array::from_fn(|i| self.leaves[i].or(later.leaves[i])) }
    }

    /// The step of a deletion that goes on began when it was first seen, where no object tells it.
    #[must_use]
    pub fn watched(mut self, machine: &Object, at: Timestamp) -> Self {
        if let Some(step) = leave::stage(machine) {
            let begun = &mut self.leaves[step as usize];
            *begun = begun.or(Some(at));
        }
        self
    }

    pub(crate) fn leaves(&self) -> &Begun {
        &self.leaves
    }

    /// When each step ended, in their order: to be kept.
    pub fn ends(&self) -> [Option<Timestamp>; 7] {
        self.ends
    }

    /// What was kept before.
    pub fn of(mut ends: [Option<Timestamp>; 7]) -> Self {
        in_order(&mut ends);
        Self { ends, leaves: Begun::default() }
    }

    /// The same with what was kept of its deletion.
    #[must_use]
    pub fn left(mut self, bars: &[LeaveBar]) -> Self {
        for bar in bars {
            self.leaves[bar.step as usize] = Some(bar.from);
        }
        self
    }

    pub fn end(&self, step: MachineStep) -> Option<Timestamp> {
        self.ends[step as usize]
    }

    /// The first step that has not ended, `None` when all have.
    pub fn current(&self) -> Option<MachineStep> {
        MachineStep::ALL.into_iter().find(|step| self.end(*step).is_none())
    }
}

/// Control planes wait for the infrastructure of their cluster, workers until the first API server answers; a machine
/// that is made later does not wait.
fn queue_end(cluster: Option<&Object>, machine: &Object) -> Option<Timestamp> {
    let gate = if machine.is_control_plane_machine() { "InfrastructureReady" } else { "ControlPlaneInitialized" };
    Some(when_true(cluster?, gate)?.max(machine.created?))
}

/// Docker has a container, the in-memory backend a virtual machine; others tell only the whole (`InfrastructureReady`).
fn container_end(infrastructure: &Object) -> Option<Timestamp> {
    ["ContainerProvisioned", "VMProvisioned"].into_iter().find_map(|kind| when_true(infrastructure, kind))
}

/// kubeadm is through; the older kinds of Docker's provider spell it otherwise.
fn bootstrap_end(infrastructure: &Object) -> Option<Timestamp> {
    ["BootstrapCompleted", "BootstrapExecSucceeded"].into_iter().find_map(|kind| when_true(infrastructure, kind))
}

fn when_true(object: &Object, kind: &str) -> Option<Timestamp> {
    object.condition(kind).filter(|c| c.is_true()).and_then(|c| c.since)
}

fn known_since(condition: &Condition) -> Option<Timestamp> {
    condition.since.filter(|_| condition.status != Status::Unknown)
}

/// A step that is over means that all before it are, and none ends before the one that it follows.
fn in_order(ends: &mut [Option<Timestamp>; 7]) {
    for i in (0..ends.len() - 1).rev() {
        ends[i] = match (ends[i], ends[i + 1]) {
            (Some(mine), Some(next)) => Some(mine.min(next)),
            (mine, next) => mine.or(next),
        };
    }
}
