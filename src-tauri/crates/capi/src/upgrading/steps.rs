//! Which machine takes the place of which, and what does it wait for?

use std::collections::BTreeMap;

use api::capi::{LaneGroup, MachineStep};
use api::upgrading::{DrainLine, Leaving, RunMachine, RunStage, RunStep, Side, StepOf};
use api::{Millis, Timestamp};

use super::{Noted, drain};
use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::lanes::pool_name;
use crate::object::{CORE, Object};
use crate::steps::Reached;

/// A step for each machine that is asked for, the control plane first, and one for the end.
pub(super) fn steps(graph: &Graph, key: &ClusterKey, noted: &Noted, machines: &[RunMachine], usual: Option<Millis>) -> Vec<RunStep> {
    let mut groups: BTreeMap<&LaneGroup, Group> = BTreeMap::new();
    for one in machines {
        groups.entry(&one.group).or_default().take(one, noted.began);
    }
    let mut steps = vec![];
    for (of, group) in &mut groups {
        group.sort();
        let before = noted.before.get(*of).copied().unwrap_or_default();
        let links: Vec<Link> = match noted.ended {
            // What is asked for since then is no part of it.
            Some(_) => group.links(before, None).into_iter().filter(|link| link.new.is_some()).collect(),
            None => group.links(before, desired(graph, key, of)),
        };
        let of = |at: usize| StepOf::Machine { group: (*of).clone(), place: count(at + 1), of: count(links.len()) };
        steps.extend(links.iter().enumerate().map(|(at, link)| link.step(graph, key, of(at), usual)));
    }
    let over = steps.iter().all(|step| step.stage == RunStage::Done);
    let last = steps.iter().filter_map(|step| step.to).max().filter(|_| over);
    steps.push(RunStep {
        of: StepOf::Agreement,
        old: None,
        new: None,
        stage: match (noted.ended, over) {
            (Some(_), _) => RunStage::Done,
            (None, true) => RunStage::Settling,
            (None, false) => RunStage::Waiting,
        },
        from: last,
        to: noted.ended,
        usual: None,
        pods: vec![],
    });
    steps
}

#[derive(Default)]
struct Group<'m> {
    /// Those that are gone in their order, then those that leave, then the oldest.
    old: Vec<&'m RunMachine>,
    /// Those that came since the upgrade began; one of them is old when the version goes on to the next.
    came: Vec<&'m RunMachine>,
}

/// One machine in place of another.
#[derive(Clone, Copy)]
struct Link<'m> {
    old: Option<&'m RunMachine>,
    new: Option<&'m RunMachine>,
    /// There is nobody who has to go any more.
    went: bool,
}

impl<'m> Group<'m> {
    fn take(&mut self, one: &'m RunMachine, began: Timestamp) {
        let came = one.side == Side::New || one.created > began;
        // Who came and went before it served took nobody's place.
        if came && one.gone.is_some() && one.available.is_none() {
            return;
        }
        if came {
            self.came.push(one);
        }
        if one.side == Side::Old {
            self.old.push(one);
        }
    }

    fn sort(&mut self) {
        self.old.sort_by_key(|one| (one.gone.is_none(), one.gone, one.leaves.is_none(), one.leaves, one.created, one.machine.clone()));
        self.came.sort_by_key(|one| (one.created, one.machine.clone()));
    }

    /// A link for each machine that is asked for. `before` of them went before KOS looked: their number is known, their names
    /// are not.
    fn links(&self, before: usize, wanted: Option<usize>) -> Vec<Link<'m>> {
        let mut places: Vec<Vec<Link<'m>>> = vec![];
        let mut place_of: Vec<usize> = vec![];
        let going = std::iter::repeat_n(None, before).chain(self.old.iter().copied().map(Some));
        for (at, old) in going.enumerate() {
            // Over several minors a machine comes and goes in one upgrade: who takes its place takes that of the first.
            let earlier = self.came.iter().take(at).position(|came| old.is_some_and(|old| old.machine == came.machine));
            let place = earlier.and_then(|earlier| place_of.get(earlier).copied()).unwrap_or(places.len());
            let new = self.came.get(at).copied().filter(|new| old.is_none_or(|old| old.machine != new.machine));
            let link = Link { old, new, went: old.is_none_or(|old| old.gone.is_some()) };
            match places.get_mut(place) {
                Some(links) => links.push(link),
                None => places.push(vec![link]),
            }
            place_of.push(place);
        }
        let more = self.came.iter().skip(place_of.len()).filter(|one| one.side == Side::New);
        places.extend(more.map(|new| vec![Link { old: None, new: Some(*new), went: true }]));
        let now = |links: &Vec<Link<'m>>| links.iter().find(|link| !link.is_over()).or(links.last()).copied();
        let mut links: Vec<(usize, Link)> = places.iter().filter_map(now).enumerate().collect();
        let wanted = wanted.unwrap_or(links.len());
        // When fewer are asked for, those go for whom nobody came.
        links.sort_by_key(|(at, link)| (link.new.is_none(), link.went, link.old.is_some_and(|old| old.leaves.is_some()), *at));
        links.truncate(wanted);
        links.sort_by_key(|(at, _)| *at);
        let mut links: Vec<Link> = links.into_iter().map(|(_, link)| link).collect();
        links.resize(wanted, Link { old: None, new: None, went: false });
        links
    }
}

impl Link<'_> {
    fn is_over(&self) -> bool {
        self.went && self.new.is_some_and(|new| new.available.is_some())
    }

    fn step(&self, graph: &Graph, key: &ClusterKey, of: StepOf, usual: Option<Millis>) -> RunStep {
        let Self { old, new, went } = *self;
        let stage = stage(graph, key, went, old, new);
        let from = [old.and_then(|old| old.leaves), new.map(|new| new.created)].into_iter().flatten().min();
        let to = [old.and_then(|old| old.gone), new.and_then(|new| new.available)].into_iter().flatten().max();
        RunStep {
            of,
            old: old.map(|old| old.machine.clone()),
            new: new.map(|new| new.machine.clone()),
            stage,
            from,
            to: to.filter(|_| stage == RunStage::Done),
            usual,
            pods: if stage == RunStage::Leaving(Leaving::Drain) { pods(graph, key, old) } else { vec![] },
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How many machines of a group were asked for.
pub(super) fn desired(graph: &Graph, key: &ClusterKey, group: &LaneGroup) -> Option<usize> {
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
