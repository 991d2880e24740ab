//! How is an upgrade that goes on told: its bar, its steps, its lanes?
//!
//! Pure: the run and the time come in. Start at: [`outlook`] for when it ends, [`chart`] for the lanes.

mod away;
mod lanes;
mod words;

use api::{
    Millis, Timestamp,
    capi::LaneGroup,
    jobs::StepMark,
    upgrading::{DrainPace, RunStage, RunState, RunStep, StepOf, UpgradeRun},
};

use super::{change::FIRST_GUESS, clock};
use crate::widgets::Seg;

pub use away::{away_line, away_words};
pub use lanes::{Chart, RunRow, chart};
pub use words::{detail, drain_line, drain_time, time, title};

/// What leaving takes before one machine was seen to leave.
pub(super) const DRAIN: Millis = Millis(20_000);
/// Everything says the same a few seconds after the last machine.
const AGREEMENT: Millis = Millis(8_000);
/// A running step is never drawn as done.
const NEARLY: u64 = 960;

/// How a step is marked.
pub fn mark(stage: RunStage) -> StepMark {
    match stage {
        RunStage::Waiting => StepMark::Waiting,
        RunStage::Making(_) | RunStage::Leaving(_) | RunStage::Settling => StepMark::Running,
        RunStage::Done => StepMark::Done,
    }
}

/// What a step is expected to take.
pub fn expected(step: &RunStep) -> Millis {
    match step.of {
        StepOf::Machine { .. } => step.usual.unwrap_or(Millis(FIRST_GUESS.0 + DRAIN.0)),
        StepOf::Agreement => AGREEMENT,
    }
}

fn elapsed(step: &RunStep, now: Timestamp) -> Millis {
    step.from.map(|from| step.to.unwrap_or(now).since(from)).unwrap_or_default()
}

/// The run as one bar.
pub fn bar(run: &UpgradeRun, now: Timestamp) -> Vec<Seg> {
    let share = |step: &RunStep| u16::try_from((elapsed(step, now).0 * 1_000 / expected(step).0.max(1)).min(NEARLY)).unwrap_or_default();
    run.steps.iter().map(|step| Seg { mark: mark(step.stage), expected: expected(step), share: share(step) }).collect()
}

/// When each step that is not done is expected to begin and to end; groups follow one another.
pub(super) fn expectations(run: &UpgradeRun, now: Timestamp) -> Vec<Option<(Timestamp, Timestamp)>> {
    let mut free = now;
    let each = run.steps.iter().map(|step| match mark(step.stage) {
        StepMark::Running => {
            let left = Millis(expected(step).0.saturating_sub(elapsed(step, now).0));
            free = free.max(now.plus(left));
            Some((step.from.unwrap_or(now), now.plus(left)))
        }
        StepMark::Waiting => {
            let from = free;
            free = from.plus(expected(step));
            Some((from, free))
        }
        StepMark::Done | StepMark::Failed | StepMark::Skipped | StepMark::Undone | StepMark::Interrupted => None,
    });
    each.collect()
}

/// Where it stands, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// `Machine 3 of 4, `.
    pub before: String,
    pub time: String,
    pub after: &'static str,
    /// `about 2:15 left, 0:24 later than planned`.
    pub right: String,
}

/// Less is the noise of a busy machine.
const LATER: Millis = Millis(5_000);

/// How far it is and when it is expected to end.
pub fn outlook(run: &UpgradeRun, now: Timestamp) -> Outlook {
    let machines: Vec<&RunStep> = run.steps.iter().filter(|step| step.of != StepOf::Agreement).collect();
    let done = machines.iter().filter(|step| step.stage == RunStage::Done).count();
    let all = machines.len();
    let before = if done == all { format!("{}, ", clock::count(all as u64, "machine")) } else { format!("Machine {} of {all}, ", done + 1) };
    match run.state {
        RunState::Done { at } => Outlook { before, time: clock::span(at.since(run.began)), after: " in all", right: format!("all run {}", run.to) },
        RunState::Paused => {
            Outlook { before, time: clock::span(now.since(run.began)), after: " so far", right: "nothing goes on until it is resumed".to_owned() }
        }
        RunState::Going => Outlook { before, time: clock::span(now.since(run.began)), after: " so far", right: ends(run, now) },
    }
}

fn ends(run: &UpgradeRun, now: Timestamp) -> String {
    let end = expectations(run, now).into_iter().flatten().map(|(_, to)| to).max().unwrap_or(now);
    let planned = run.began.plus(Millis(run.steps.iter().map(|step| expected(step).0).sum()));
    let left = format!("{} left", clock::about(end.since(now)));
    if run.steps.iter().all(|step| step.usual.is_none()) {
        return format!("{left}, a first guess");
    }
    match end.since(planned) {
        by if by > LATER => format!("{left}, {} later than planned", clock::span(by)),
        _ => left,
    }
}

/// `Control plane`, `Pool md-0`.
pub(super) fn head(group: &LaneGroup) -> String {
    match group {
        LaneGroup::ControlPlane => "Control plane".to_owned(),
        LaneGroup::Pool(pool) => format!("Pool {pool}"),
        LaneGroup::Alone => "Other machines".to_owned(),
    }
}

/// The pod that is not let go now: of several in a line the first, they are held alike.
pub fn held_pod(run: &UpgradeRun) -> Option<String> {
    let line = run.steps.iter().flat_map(|step| &step.pods).find(|line| line.pace == DrainPace::Held)?;
    line.pods.split(", ").next().map(str::to_owned)
}

#[cfg(test)]
mod tests;
