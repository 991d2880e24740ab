//! How is one machine drawn?
//!
//! Pure: its state in words, the table of its steps, and which of a cluster's rows are about it.

use std::rc::Rc;

use api::{
    Timestamp,
    capi::{Bar, EventRow, Explanation, Lane, LaneGroup, LaneState, LogRow, MachineStep, TreeRow},
    local::ContainerState,
    machines::{ConditionRow, ConditionTone, MachineRow, Told},
};

use super::{
    capi::{Piece, Place, Timeline, pieces},
    clock::span,
};
use crate::widgets::{State, Voice};

/// State and words of a machine at a moment.
pub fn machine_words(row: &MachineRow, now: Timestamp) -> (State, Voice, &'static str) {
    let late = row.late_at.is_some_and(|at| now > at);
    match &row.state {
        LaneState::Working { .. } if late => (State::Warning, Voice::Tinted, "Provisioning, late"),
        LaneState::Working { step: MachineStep::Queued } => (State::Idle, Voice::Quiet, "Waits"),
        LaneState::Working { .. } => (State::Progress, Voice::Quiet, "Provisioning"),
        LaneState::Failed { .. } => (State::Failed, Voice::Tinted, "Bootstrap failed"),
        LaneState::Available { .. } => (State::Healthy, Voice::Quiet, "Running"),
        LaneState::Unwell { .. } => (State::Warning, Voice::Tinted, "Not available"),
        LaneState::Deleting { .. } => (State::Deleting, Voice::Quiet, "Deleting"),
    }
}

/// How urgent a machine is in a list: what needs somebody first.
pub fn rank(row: &MachineRow) -> u8 {
    match &row.state {
        LaneState::Failed { .. } => 0,
        LaneState::Unwell { .. } => 1,
        LaneState::Working { .. } if row.late_at.is_some() => 2,
        LaneState::Working { .. } => 3,
        LaneState::Deleting { .. } => 4,
        LaneState::Available { .. } => 5,
    }
}

pub fn told_words(told: Told) -> (State, &'static str) {
    match told {
        Told::Yes => (State::Healthy, "yes"),
        Told::No => (State::Warning, "no"),
        Told::Unknown => (State::Unknown, "not told"),
    }
}

pub fn container_words(state: &ContainerState) -> (State, String) {
    match state {
        ContainerState::Running => (State::Healthy, "Up".to_owned()),
        ContainerState::Paused => (State::Paused, "Paused".to_owned()),
        ContainerState::Exited { code } => (State::Failed, format!("Ended with code {code}")),
        ContainerState::Other(word) => (State::Unknown, word.clone()),
    }
}

/// `md-0` or `the control plane`.
pub fn group_words(group: &LaneGroup) -> &str {
    match group {
        LaneGroup::ControlPlane => "the control plane",
        LaneGroup::Pool(name) => name,
        LaneGroup::Alone => "nobody",
    }
}

/// One step of a machine in the table beside its bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    pub step: MachineStep,
    pub state: State,
    pub pieces: Vec<Piece>,
    /// Where it is expected by what others took.
    pub plan: Option<Place>,
    pub took: String,
    pub usual: String,
    pub is_late: bool,
}

pub fn step_words(step: MachineStep) -> &'static str {
    match step {
        MachineStep::Queued => "Queued",
        MachineStep::BootstrapData => "Bootstrap data",
        MachineStep::Container => "Container",
        MachineStep::BootstrapRun => "Bootstrap run",
        MachineStep::Joined => "Node joined",
        MachineStep::Healthy => "Node healthy",
        MachineStep::Available => "Available",
    }
}

/// All steps of a machine, with what each took and what it usually takes; those to come stand where they would have been.
pub fn step_lines(lane: &Lane, time: Timeline, now: Timestamp) -> Vec<StepLine> {
    let mut expected = lane.bars.last().filter(|bar| bar.to.is_none()).map(|bar| bar.from);
    MachineStep::ALL.into_iter().zip(lane.usual).map(|(step, usual)| line(lane, step, usual, &mut expected, time, now)).collect()
}

fn line(lane: &Lane, step: MachineStep, usual: Option<api::Millis>, expected: &mut Option<Timestamp>, time: Timeline, now: Timestamp) -> StepLine {
    let bar = lane.bars.iter().find(|bar| bar.step == step);
    let is_late = bar.is_some_and(|bar| bar.to.is_none()) && lane.late(now).is_some();
    let state = match bar {
        Some(bar) if bar.to.is_some() => State::Done,
        Some(_) if matches!(lane.state, LaneState::Failed { .. }) => State::Failed,
        Some(_) if is_late => State::Warning,
        Some(_) => State::Progress,
        None => State::Idle,
    };
    let took = match bar {
        Some(bar) => span(bar.to.unwrap_or(now).since(bar.from)),
        None if matches!(lane.state, LaneState::Deleting { .. }) => "–".to_owned(),
        None => "not yet".to_owned(),
    };
    let plan = match (bar, *expected, usual) {
        (None, Some(from), Some(usual)) => {
            *expected = Some(from.plus(usual));
            Some(time.place(from, from.plus(usual)))
        }
        (Some(Bar { to: None, from, .. }), _, usual) => {
            *expected = usual.map(|usual| from.plus(usual));
            None
        }
        (None, _, _) | (Some(_), _, _) => {
            if bar.is_none() {
                *expected = None;
            }
            None
        }
    };
    let alone = bar.map(|bar| Lane { bars: vec![bar.clone()], state: LaneState::Working { step }, ..lane.clone() });
    let pieces = alone.map(|lane| pieces(&lane, time, now)).unwrap_or_default();
    StepLine { step, state, pieces, plan, took, usual: usual.map_or_else(|| "–".to_owned(), span), is_late }
}

/// Why a machine is not where it should be, as the head of its explanation.
pub fn why_head(state: &LaneState) -> &'static str {
    match state {
        LaneState::Working { step: MachineStep::Queued } => "What it waits for",
        LaneState::Working { step: MachineStep::BootstrapData } => "Why it has no join script",
        LaneState::Working { step: MachineStep::Container } => "Why it does not run yet",
        LaneState::Working { step: MachineStep::BootstrapRun | MachineStep::Joined } | LaneState::Failed { .. } => "Why it does not join",
        LaneState::Working { step: MachineStep::Healthy } => "Why its node is not ready",
        LaneState::Working { step: MachineStep::Available } | LaneState::Unwell { .. } => "Why it is not available",
        LaneState::Available { .. } => "As it was asked to be",
        LaneState::Deleting { .. } => "What its deletion waits for",
    }
}

/// The objects of a machine: itself, its bootstrap configuration, its infrastructure, by the tree that holds them.
pub fn objects_of(tree: &[Rc<TreeRow>], machine: &str) -> Vec<(String, String)> {
    let mut sorted: Vec<&Rc<TreeRow>> = tree.iter().collect();
    sorted.sort_by_key(|row| row.order);
    let Some(at) = sorted.iter().position(|row| row.kind == "Machine" && row.name == machine) else { return vec![] };
    let depth = sorted.get(at).map_or(0, |row| row.depth);
    let below = sorted.iter().skip(at + 1).take_while(|row| row.depth > depth);
    sorted.get(at).into_iter().chain(below).map(|row| (row.kind.clone(), row.name.clone())).collect()
}

/// The rows that are about one of these objects.
pub fn about<'a, R>(rows: &'a [Rc<R>], objects: &'a [(String, String)], of: impl Fn(&R) -> (&str, &str) + 'a) -> Vec<Rc<R>> {
    let is_one = |row: &R| {
        let (kind, name) = of(row);
        objects.iter().any(|(k, n)| k == kind && n == name)
    };
    rows.iter().filter(|row| is_one(row)).cloned().collect()
}

pub fn conditions_of(rows: &[Rc<ConditionRow>], objects: &[(String, String)]) -> Vec<Rc<ConditionRow>> {
    about(rows, objects, |row| (&row.on, &row.name))
}

pub fn events_of(rows: &[Rc<EventRow>], objects: &[(String, String)]) -> Vec<Rc<EventRow>> {
    about(rows, objects, |row| (&row.kind, &row.name))
}

/// What controllers wrote of a machine, and what its container wrote.
pub fn log_of(rows: &[Rc<LogRow>], machine: &str) -> Vec<Rc<LogRow>> {
    rows.iter().filter(|row| row.source == machine || row.text.contains(machine)).cloned().collect()
}

/// The explanation of its cluster, where the way leads through this machine.
pub fn why_of<'a>(why: &'a Explanation, machine: &str) -> Option<&'a Explanation> {
    why.path.iter().any(|stop| stop.kind == "Machine" && stop.name == machine).then_some(why)
}

/// How many are not as they should be.
pub fn wrong(rows: &[Rc<ConditionRow>]) -> usize {
    rows.iter().filter(|row| row.tone != ConditionTone::Good).count()
}

#[cfg(test)]
mod tests;
