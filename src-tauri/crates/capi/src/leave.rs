//! How far is a machine gone, and what does its deletion wait for?
//!
//! The status of a Machine tells when its drain and what follows began, its parts when they were asked to go; when a later
//! step began is told by nobody and noted while it is seen.

use api::Timestamp;
use api::capi::{LeaveBar, LeaveStep, Leaving};

use crate::graph::Graph;
use crate::object::{More, Object, ObjectId};

/// When each step of a deletion began, in the order of [`LeaveStep::ALL`].
pub(crate) type Begun = [Option<Timestamp>; LeaveStep::ALL.len()];

/// What the objects of this moment tell.
pub(crate) fn begun(graph: &Graph, machine: &Object) -> Begun {
    let Some(asked) = machine.deleting_since else { return Begun::default() };
    let part = |id: Option<&ObjectId>| id.and_then(|id| graph.get(id)).and_then(|part| part.deleting_since);
    let [drain, volumes, hook] = match &machine.more {
        More::Deletion(begun) => **begun,
        More::Nothing | More::Parts(_) | More::Check(_) | More::AddOns(_) => [None; 3],
    };
    [Some(asked), drain, volumes, hook, part(machine.infrastructure.as_ref()), part(machine.bootstrap.as_ref()), None, None]
}

/// The step that its controller says it is at.
pub(crate) fn stage(machine: &Object) -> Option<LeaveStep> {
    machine.deleting_since?;
    match machine.condition("Deleting").filter(|c| c.is_true())?.reason.as_str() {
        "WaitingForPreDrainHook" => Some(LeaveStep::Asked),
        "DrainingNode" => Some(LeaveStep::Drain),
        "WaitingForVolumeDetach" => Some(LeaveStep::Volumes),
        "WaitingForPreTerminateHook" => Some(LeaveStep::Hook),
        "WaitingForInfrastructureDeletion" => Some(LeaveStep::Infrastructure),
        "WaitingForBootstrapDeletion" => Some(LeaveStep::Bootstrap),
        "DeletingNode" => Some(LeaveStep::Node),
        "DeletionCompleted" => Some(LeaveStep::Finalizers),
        _ => None,
    }
}

/// What goes on in a step, of a machine that was named before.
pub(crate) fn words(step: LeaveStep) -> &'static str {
    match step {
        LeaveStep::Asked => "its deletion has not begun yet",
        LeaveStep::Drain => "its Node is being drained",
        LeaveStep::Volumes => "its volumes are being detached",
        LeaveStep::Hook => "something has to be done before it ends",
        LeaveStep::Infrastructure => "what it runs on is being removed",
        LeaveStep::Bootstrap => "its bootstrap configuration is being removed",
        LeaveStep::Node => "its Node is being removed",
        LeaveStep::Finalizers => "only finalizers hold it",
    }
}

/// The steps that have begun; only the last is open. What took no time has no bar, and of a step whose begin nobody saw
/// the bar is that of the one before.
pub(crate) fn leaving(machine: &Object, begun: &Begun) -> Leaving {
    if machine.deleting_since.is_none() {
        return Leaving::default();
    }
    let stage = stage(machine);
    let mut bars: Vec<LeaveBar> = vec![];
    for (step, from) in LeaveStep::ALL.into_iter().zip(begun).filter(|(step, _)| stage.is_none_or(|stage| *step <= stage)) {
        let Some(from) = *from else { continue };
        let from = bars.last().map_or(from, |before| before.from.max(from));
        if let Some(before) = bars.last_mut() {
            before.to = Some(from);
        }
        bars.push(LeaveBar { step, from, to: None });
    }
    if let (Some(stage), Some(last)) = (stage, bars.last_mut()) {
        last.step = stage;
    }
    bars.retain(|bar| bar.to != Some(bar.from));
    let says = machine.condition("Deleting").filter(|c| c.is_true()).map(|c| c.message.clone()).unwrap_or_default();
    Leaving { bars, says }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::{self, moment};

    /// Its bars in seconds from the first of them.
    fn told(leaving: &Leaving) -> Vec<(LeaveStep, u64, Option<u64>)> {
        let asked = leaving.bars.first().map(|bar| bar.from).unwrap_or_default();
        leaving.bars.iter().map(|bar| (bar.step, bar.from.since(asked).0 / 1_000, bar.to.map(|to| to.since(asked).0 / 1_000))).collect()
    }

    #[test]
    fn a_machine_whose_infrastructure_stays_waits_for_it_since_it_was_asked_to_go() {
        let graph = recorded::graph("in-memory/stuck-deleting-machine.yaml");
        let key = recorded::key("default", "c-web");
        let machine = graph.machines(&key).find(|m| m.deleting_since.is_some()).expect("one goes");
        let drawn = leaving(machine, &begun(&graph, machine));
        let last = drawn.bars.last().expect("it has begun to go");
        assert_eq!((last.step, last.to), (LeaveStep::Infrastructure, None));
        assert_eq!(drawn.says, "Waiting for DevMachine to be deleted");
        assert!(last.from >= moment("2026-11-28T15:15:57Z"), "{drawn:?}");
    }

    #[test]
    fn a_machine_that_stays_has_no_steps_of_a_deletion() {
        let graph = recorded::graph("in-memory/04-running.yaml");
        let all: Vec<Leaving> = graph.machines(&recorded::key("default", "wl1")).map(|m| leaving(m, &begun(&graph, m))).collect();
        assert_eq!((all.len(), all.iter().filter(|one| **one == Leaving::default()).count()), (6, 6));
    }

    #[test]
    fn a_step_ends_where_the_next_began_and_what_took_no_time_has_no_bar() {
        let graph = recorded::graph("in-memory/stuck-deleting-machine.yaml");
        let mut machine = graph.machines(&recorded::key("default", "c-web")).find(|m| m.deleting_since.is_some()).expect("one goes").clone();
        let at = |second: u64| Some(Timestamp(second * 1_000));
        for (reason, begun, wanted) in [
            ("DrainingNode", [at(10), at(12), None, None, None, None, None, None], vec![(LeaveStep::Asked, 0, Some(2)), (LeaveStep::Drain, 2, None)]),
            (
                "WaitingForInfrastructureDeletion",
                [at(10), at(10), at(30), at(30), at(31), None, None, None],
                vec![(LeaveStep::Drain, 0, Some(20)), (LeaveStep::Hook, 20, Some(21)), (LeaveStep::Infrastructure, 21, None)],
            ),
            // Somebody removed the infrastructure by hand while it is drained: the controller waits for the drain.
            ("DrainingNode", [at(10), at(10), None, None, at(15), None, None, None], vec![(LeaveStep::Drain, 0, None)]),
            // The clock of this computer is behind that of the server.
            ("DeletingNode", [at(10), at(10), None, None, at(20), None, at(19), None], vec![(LeaveStep::Drain, 0, Some(10)), (LeaveStep::Node, 10, None)]),
            // Nobody saw when the Node was asked to go.
            ("DeletingNode", [at(10), None, None, None, None, None, None, None], vec![(LeaveStep::Node, 0, None)]),
            ("SomethingNew", [at(10), at(12), None, None, None, None, None, None], vec![(LeaveStep::Asked, 0, Some(2)), (LeaveStep::Drain, 2, None)]),
        ] {
            for condition in machine.conditions.iter_mut().filter(|c| c.kind == "Deleting") {
                condition.reason = reason.to_owned();
            }
            assert_eq!(told(&leaving(&machine, &begun)), wanted, "{reason} {begun:?}");
        }
    }
}
