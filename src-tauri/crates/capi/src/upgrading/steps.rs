//! Which machine takes the place of which, and what does it wait for?

use std::collections::BTreeMap;

use api::capi::{LaneGroup, MachineStep};
use api::upgrading::{DrainLine, Leaving, RunMachine, RunStage, RunStep, Side, StepOf};
use api::{Millis, Timestamp};

use super::drain;
use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::lanes::pool_name;
use crate::object::{CORE, Object};
use crate::steps::Reached;

/// A step for each machine that is asked for, the control plane first, and one for the end.
pub(super) fn steps(graph: &Graph, key: &ClusterKey, machines: &[RunMachine], usual: Option<Millis>, ended: Option<Timestamp>) -> Vec<RunStep> {
    let mut groups: BTreeMap<&LaneGroup, Group> = BTreeMap::new();
    for one in machines {
        groups.entry(&one.group).or_default().take(one);
    }
    let mut steps = vec![];
    for (of, group) in &mut groups {
        group.sort();
        steps.extend(group.steps(graph, key, of, usual));
    }
    let over = steps.iter().all(|step| step.stage == RunStage::Done);
    let last = steps.iter().filter_map(|step| step.to).max().filter(|_| over);
    steps.push(RunStep {
        of: StepOf::Agreement,
        old: None,
        new: None,
        stage: match (ended, over) {
            (Some(_), _) => RunStage::Done,
            (None, true) => RunStage::Settling,
            (None, false) => RunStage::Waiting,
        },
        from: last,
        to: ended,
        usual: None,
        pods: vec![],
    });
    steps
}

#[derive(Default)]
struct Group<'m> {
    gone: Vec<&'m RunMachine>,
    /// Those that leave first, then the oldest.
    old: Vec<&'m RunMachine>,
    new: Vec<&'m RunMachine>,
}

impl<'m> Group<'m> {
    fn take(&mut self, one: &'m RunMachine) {
        match (one.side, one.gone) {
            (Side::Old, Some(_)) => self.gone.push(one),
            (Side::Old, None) => self.old.push(one),
            (Side::New, _) => self.new.push(one),
        }
    }

    fn sort(&mut self) {
        self.gone.sort_by_key(|one| (one.gone, one.created));
        self.old.sort_by_key(|one| (one.leaves.is_none(), one.leaves, one.created, one.machine.clone()));
        self.new.sort_by_key(|one| (one.created, one.machine.clone()));
    }

    fn steps(&self, graph: &Graph, key: &ClusterKey, of: &LaneGroup, usual: Option<Millis>) -> Vec<RunStep> {
        let wanted = desired(graph, key, of).unwrap_or(self.old.len() + self.gone.len());
        // Some may have gone before KOS looked: their number is known, their names are not.
        let went = wanted.saturating_sub(self.old.len()).max(self.gone.len());
        let nameless = went - self.gone.len();
        let total = wanted.max(went + self.old.len()).max(self.new.len());
        let old = |at: usize| match at.checked_sub(nameless) {
            None => None,
            Some(at) => self.gone.get(at).or_else(|| self.old.get(at - self.gone.len().min(at))).copied(),
        };
        let step = |at: usize| {
            let (old, new) = (old(at), self.new.get(at).copied());
            let stage = stage(graph, key, at < went, old, new);
            let from = [old.and_then(|old| old.leaves), new.map(|new| new.created)].into_iter().flatten().min();
            let to = [old.and_then(|old| old.gone), new.and_then(|new| new.available)].into_iter().flatten().max();
            RunStep {
                of: StepOf::Machine { group: of.clone(), place: count(at + 1), of: count(total) },
                old: old.map(|old| old.machine.clone()),
                new: new.map(|new| new.machine.clone()),
                stage,
                from,
                to: to.filter(|_| stage == RunStage::Done),
                usual,
                pods: if stage == RunStage::Leaving(Leaving::Drain) { pods(graph, key, old) } else { vec![] },
            }
        };
        (0..total).map(step).collect()
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How many machines of a group were asked for.
fn desired(graph: &Graph, key: &ClusterKey, group: &LaneGroup) -> Option<usize> {
    let object = match group {
        LaneGroup::ControlPlane => graph.cluster(key)?.control_plane.as_ref().and_then(|id| graph.get(id)),
        LaneGroup::Pool(pool) => graph.members(key).find(|o| (o.is(CORE, "MachineDeployment") || o.is(CORE, "MachinePool")) && pool_name(o) == *pool),
        LaneGroup::Alone => None,
    };
    object?.replicas?.desired.and_then(|n| usize::try_from(n).ok())
}

fn stage(graph: &Graph, key: &ClusterKey, went: bool, old: Option<&RunMachine>, new: Option<&RunMachine>) -> RunStage {
    if let Some(leaving) = old.filter(|old| old.gone.is_none() && old.leaves.is_some()) {
        return RunStage::Leaving(object(graph, key, &leaving.machine).map_or(Leaving::Untold, waits_for));
    }
    match new {
        Some(new) if new.available.is_some() && went => RunStage::Done,
        Some(new) if new.available.is_some() => RunStage::Leaving(Leaving::Next),
        Some(new) => {
            let reached = object(graph, key, &new.machine).map(|machine| Reached::read(graph, key, machine));
            RunStage::Making(reached.and_then(|reached| reached.current()).unwrap_or(MachineStep::Available))
        }
        None if went => RunStage::Making(MachineStep::Queued),
        None => RunStage::Waiting,
    }
}

fn object<'g>(graph: &'g Graph, key: &ClusterKey, machine: &str) -> Option<&'g Object> {
    graph.machines(key).find(|m| &*m.id.name == machine)
}

fn deleting(machine: &Object) -> Option<&Condition> {
    machine.condition("Deleting").filter(|c| c.is_true())
}

/// Source: `MachineDeleting…Reason` in `api/core/v1beta2/machine_types.go` of Cluster API.
fn waits_for(machine: &Object) -> Leaving {
    match deleting(machine).map(|c| c.reason.as_str()) {
        Some("WaitingForPreDrainHook" | "WaitingForPreTerminateHook") => Leaving::Hook,
        Some("DrainingNode") => Leaving::Drain,
        Some("WaitingForVolumeDetach") => Leaving::Volumes,
        Some("WaitingForInfrastructureDeletion" | "WaitingForBootstrapDeletion") => Leaving::Infrastructure,
        Some("DeletingNode" | "DeletionCompleted") => Leaving::Node,
        Some(_) | None => Leaving::Untold,
    }
}

fn pods(graph: &Graph, key: &ClusterKey, old: Option<&RunMachine>) -> Vec<DrainLine> {
    let Some(old) = old else { return vec![] };
    let lines = object(graph, key, &old.machine).and_then(deleting).map(|condition| drain::lines(&condition.message)).unwrap_or_default();
    drain::timed(&old.pods, lines)
}
