//! How is one machine drawn?
//!
//! Pure: its state in words, the table of its steps, and which of a cluster's rows are about it.

use std::rc::Rc;

use api::{
    Timestamp,
    capi::{EventRow, EventTone, Explanation, Lane, LaneGroup, LaneState, Leaving, LogRow, MachineStep, TreeRow},
    computer::{CheckId, CheckRow, ComputerView},
    local::ContainerState,
    machines::{ConditionRow, ConditionTone, MachineHost, MachineRow, Told},
};

use super::{
    capi::{
        Piece, Place, Timeline, is_error,
        lanes::{coming, going_on, usual_end},
        pieces,
    },
    clock::{bytes, span},
    parts::Parts,
    time::{age, thousands},
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

/// `Up 5 min` of a container that runs.
pub fn up_words(host: &MachineHost, now: Timestamp) -> Option<String> {
    match host.state {
        ContainerState::Running => host.since.map(|since| format!("Up {}", age(now.since(since)))),
        ContainerState::Paused | ContainerState::Exited { .. } | ContainerState::Other(_) => None,
    }
}

/// What a container is and uses: a row each; what Docker does not say is left out.
pub fn host_lines(host: &MachineHost) -> Vec<(&'static str, String)> {
    let id = host.id.get(..12).unwrap_or(&host.id).to_owned();
    let image = host.image.split('@').next().unwrap_or_default().to_owned();
    let cpu = host.cpu_milli.map(|milli| format!("{}.{:02} cores", milli / 1_000, milli % 1_000 / 10));
    let all = [
        ("Container", id),
        ("Image", image),
        ("CPU now", cpu.unwrap_or_default()),
        ("Memory now", host.memory_bytes.map(bytes).unwrap_or_default()),
        ("Address", host.addresses.join(", ")),
        ("Ports", host.ports.join(", ")),
    ];
    all.into_iter().filter(|(_, says)| !says.is_empty()).collect()
}

/// A limit of this computer with how much of it is used, where the kernel lets that be counted: `128 of 128`.
pub fn limit_words(check: &CheckRow, computer: Option<&ComputerView>) -> String {
    match (check.id, computer) {
        // None in use is none that could be counted: the desktop itself has some.
        (CheckId::InotifyInstances, Some(ComputerView { inotify_used: used @ 1.., inotify_limit: limit @ 1.., .. })) => {
            format!("{} of {}", thousands(*used), thousands(*limit))
        }
        _ => check.found.clone(),
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
    let to_come = usual_end(lane).map(|from| coming(lane, from)).unwrap_or_default();
    let plan = |step| to_come.iter().find(|one| one.step == step).map(|one| time.place(one.from, one.to));
    MachineStep::ALL.into_iter().zip(lane.usual).map(|(step, usual)| line(lane, step, usual, plan(step), time, now)).collect()
}

fn line(lane: &Lane, step: MachineStep, usual: Option<api::Millis>, plan: Option<Place>, time: Timeline, now: Timestamp) -> StepLine {
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
    let alone = bar.map(|bar| Lane { bars: vec![bar.clone()], state: LaneState::Working { step }, leaving: Leaving::default(), ..lane.clone() });
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

/// The objects of a machine: itself, its bootstrap configuration, its infrastructure, by the tree that holds them; before
/// one does, itself alone.
pub fn objects_of(tree: &[Rc<TreeRow>], machine: &str) -> Vec<(String, String)> {
    let mut sorted: Vec<&Rc<TreeRow>> = tree.iter().collect();
    sorted.sort_by_key(|row| row.order);
    let Some(at) = sorted.iter().position(|row| row.kind == "Machine" && row.name == machine) else {
        return vec![("Machine".to_owned(), machine.to_owned())];
    };
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

/// How often the step that goes on was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tries {
    /// When a further try began, with its number; the newest of them.
    pub began: Vec<(Timestamp, u32)>,
    /// All that are known of; 0 when nothing goes on.
    pub all: u32,
}

/// As many as fit beside one another.
const MOST_TRIES: usize = 8;

/// Told by warnings about the machine's objects, else by errors that controllers logged about it: each ended a try.
pub fn tries(lane: &Lane, events: &[Rc<EventRow>], log: &[Rc<LogRow>]) -> Tries {
    let Some(bar) = going_on(lane) else { return Tries::default() };
    let warned = events.iter().filter(|event| event.tone == EventTone::Warning).map(|event| (event.at, event.count.max(1)));
    let mut failed: Vec<(Timestamp, u32)> = warned.filter(|(at, _)| *at >= bar.from).collect();
    if failed.is_empty() {
        let logged = log.iter().filter(|row| row.source != lane.machine && is_error(&row.text)).filter_map(|row| row.at);
        failed.extend(logged.filter(|at| *at >= bar.from).map(|at| (at, 1)));
    }
    failed.sort_unstable();
    let mut all = 1;
    let mut began = vec![];
    for (at, times) in failed {
        all += times;
        began.push((at, all));
    }
    // The last one is not tried again.
    if matches!(lane.state, LaneState::Failed { .. }) && began.pop().is_some() {
        all -= 1;
    }
    began.drain(..began.len().saturating_sub(MOST_TRIES));
    Tries { began, all }
}

/// The tries of a machine by all that is told of its cluster.
pub fn tries_of(lane: &Lane, parts: &Parts) -> Tries {
    // Most lanes are over, and of most of the others nobody complains.
    if going_on(lane).is_none() || (parts.events.is_empty() && parts.log.is_empty()) {
        return Tries::default();
    }
    let objects = objects_of(&parts.tree, &lane.machine);
    tries(lane, &events_of(&parts.events, &objects), &log_of(&parts.log, &lane.machine))
}

#[cfg(test)]
mod tests;
