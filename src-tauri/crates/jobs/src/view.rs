//! How is a job shown?
//!
//! Pure: snapshot, plan and what was learned come in, the contract's rows come out.

use api::jobs::{self, Amid, CommandRun, Finding, JobRow, JobView, PartState, StepMark, StepRow, UndoIs, Undoing, Words};
use api::{JobId, Millis, Timestamp};

use crate::learn::Learned;
use crate::snapshot::{Phase, Snapshot, Standing};
use crate::{Noted, PlannedStep, StoredPlan};

/// What a view is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) id: &'a JobId,
    pub(crate) kind: &'a str,
    pub(crate) plan: &'a StoredPlan,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) life: Life,
    /// When this computer started.
    pub(crate) booted: Option<Timestamp>,
}

/// Whether somebody runs the job: this instance, or the one that owns the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    Running,
    Resting,
}

impl Shown<'_> {
    pub(crate) fn row(&self) -> JobRow {
        let state = self.state();
        let (place, detail) = (self.place(&state), self.detail(&state));
        let marks = (0..self.snapshot.steps.len()).map(|index| self.mark(index)).collect();
        let started = self.snapshot.started;
        let ended = match self.life {
            Life::Running => self.snapshot.ended,
            // Nobody saw an interrupted one end: what it noted last is the nearest.
            Life::Resting => Some(self.snapshot.ended.unwrap_or(self.snapshot.last_noted)),
        };
        JobRow { id: self.id.clone(), title: self.plan.title.clone(), detail, state, marks, place, started, ended }
    }

    /// `lines` counts output lines per step.
    pub(crate) fn view(&self, learned: &Learned, lines: &[u32], log_file: String) -> JobView {
        let steps = self.plan.steps().enumerate().zip(&self.snapshot.steps).map(|((index, (_, planned)), state)| StepRow {
            title: planned.title.clone(),
            detail: state.detail.clone().unwrap_or_else(|| planned.detail.clone()),
            mark: self.mark(index),
            expected: learned.expected(self.kind, &planned.step).unwrap_or(planned.expected),
            started: state.started,
            took: state.took,
            attempt: state.attempt,
            share: state.share,
            parts: state.parts.clone(),
            lines: lines.get(index).copied().unwrap_or_default(),
        });
        let row = self.row();
        JobView {
            restarted: self.restarted(&row.state),
            undo_takes: learned.undo(self.kind, self.plan, self.snapshot),
            row,
            sentence: self.plan.sentence.clone(),
            steps: steps.collect(),
            commands: self.snapshot.commands.iter().map(|(_, run): &(u32, CommandRun)| run.clone()).collect(),
            made: self.snapshot.noted.iter().map(made).collect(),
            undo: self.plan.undo.clone(),
            learned_from: learned.runs(self.kind),
            found: self.snapshot.found.clone(),
            looked: self.snapshot.looked,
            log_file,
            command: self.plan.command.clone(),
        }
    }

    /// A job that noted something after the start of this computer was not ended by it.
    fn restarted(&self, state: &jobs::JobState) -> Option<Timestamp> {
        match state {
            jobs::JobState::Interrupted { .. } => self.booted.filter(|at| *at > self.snapshot.last_noted),
            jobs::JobState::Running
            | jobs::JobState::Undoing { .. }
            | jobs::JobState::Done
            | jobs::JobState::Failed { .. }
            | jobs::JobState::Undone
            | jobs::JobState::UndoFailed { .. }
            | jobs::JobState::Kept
            | jobs::JobState::Damaged { .. } => None,
        }
    }

    fn state(&self) -> jobs::JobState {
        match (&self.snapshot.phase, self.life) {
            // An end is shown when its runner has let go, so that whoever sees it can act on it.
            (Phase::Planned | Phase::Running | Phase::Failed { .. } | Phase::Done | Phase::Kept, Life::Running) => jobs::JobState::Running,
            (Phase::Undoing { now }, Life::Running) => jobs::JobState::Undoing { now: *now },
            (Phase::Undone | Phase::UndoFailed { .. }, Life::Running) => jobs::JobState::Undoing { now: Undoing::Acts },
            (_, Life::Resting) => match self.snapshot.standing() {
                Standing::Done => jobs::JobState::Done,
                Standing::Failed { step, why, .. } => jobs::JobState::Failed { step, why },
                Standing::Interrupted { step, .. } => jobs::JobState::Interrupted { step, amid: Amid::Run },
                Standing::UndoInterrupted { step } => jobs::JobState::Interrupted { step, amid: Amid::Undo },
                Standing::Undone => jobs::JobState::Undone,
                Standing::UndoFailed { why, .. } => jobs::JobState::UndoFailed { why },
                Standing::Kept => jobs::JobState::Kept,
                Standing::Damaged { why } => jobs::JobState::Damaged { why },
            },
        }
    }

    fn mark(&self, index: usize) -> StepMark {
        let mark = self.snapshot.steps.get(index).map_or(StepMark::Waiting, |s| s.mark);
        match (mark, &self.snapshot.phase, self.life) {
            (StepMark::Waiting, Phase::Failed { .. } | Phase::Undone | Phase::UndoFailed { .. } | Phase::Kept, _) => StepMark::Skipped,
            (StepMark::Running, _, Life::Resting) => StepMark::Interrupted,
            (other, _, _) => other,
        }
    }

    fn place(&self, state: &jobs::JobState) -> String {
        let all = self.snapshot.steps.len();
        let done = self.snapshot.steps.iter().filter(|s| s.mark == StepMark::Done).count();
        let at = self.snapshot.current_step();
        match state {
            jobs::JobState::Running => format!("{} of {all}, {}", at + 1, lower_first(&self.title(at).plain())),
            jobs::JobState::Failed { step, .. } | jobs::JobState::Interrupted { step, .. } => format!("stopped at {} of {all}", step + 1),
            jobs::JobState::Damaged { .. } => format!("stopped at {} of {all}", at + 1),
            jobs::JobState::Undoing { .. } => format!("undoing, {} things left", self.snapshot.noted.len()),
            jobs::JobState::UndoFailed { .. } => format!("undo stopped, {} things left", self.snapshot.noted.len()),
            jobs::JobState::Done | jobs::JobState::Undone | jobs::JobState::Kept => format!("{done} of {all}"),
        }
    }

    fn detail(&self, state: &jobs::JobState) -> Words {
        let stopped = |step: &u32, rest: &str| Words::said(format!("Stopped at step {}: {rest}", step + 1));
        match state {
            jobs::JobState::Running => self.step_words(self.snapshot.current_step()),
            jobs::JobState::Undoing { .. } => self.snapshot.outcome.clone().unwrap_or_else(|| Words::said(goes_back(&self.plan.undo))),
            jobs::JobState::Done => self.snapshot.outcome.clone().unwrap_or_default(),
            jobs::JobState::Failed { step, why } => stopped(step, &lower_first(&why.sentence)),
            jobs::JobState::Undone => Words::said(gone_back(&self.plan.undo)),
            jobs::JobState::UndoFailed { why } => Words::said(why.sentence.clone()),
            jobs::JobState::Interrupted { amid: Amid::Undo, .. } => Words::said("KOS ended while it was being undone. The undo can go on."),
            jobs::JobState::Interrupted { step, amid: Amid::Run } => {
                let found = found(&self.snapshot.found).map(|words| format!(" {words}")).unwrap_or_default();
                stopped(step, &format!("KOS ended while it ran.{found}"))
            }
            jobs::JobState::Kept => Words::said("Left as it was."),
            jobs::JobState::Damaged { why } => Words::said(why.sentence.clone()),
        }
    }

    fn step_words(&self, step: u32) -> Words {
        let said = self.snapshot.steps.get(step as usize).and_then(|s| s.detail.clone());
        said.or_else(|| self.plan.steps().nth(step as usize).map(|(_, p)| p.detail.clone())).unwrap_or_default()
    }

    fn title(&self, step: u32) -> Words {
        self.plan.steps().nth(step as usize).map(|(_, planned)| planned.title.clone()).unwrap_or_default()
    }
}

fn goes_back(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Removing what was made.",
        UndoIs::Resumption { .. } => "Resuming what it took hold of.",
        UndoIs::SwitchBack => "Switching back what was switched.",
        UndoIs::Nothing => "Ending what still runs.",
    }
}

fn gone_back(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Everything that was made is removed again.",
        UndoIs::Resumption { .. } => "What it took hold of goes on where it was.",
        UndoIs::SwitchBack => "Everything that was switched is switched back.",
        UndoIs::Nothing => "It was stopped. What it had done by then stays done.",
    }
}

/// The steps of a plan that has not started, with what was learned.
pub(crate) fn planned_steps(kind: &str, plan: &StoredPlan, learned: &Learned) -> Vec<jobs::PlannedStep> {
    let expected = |key: &str, own: Millis| learned.expected(kind, key).unwrap_or(own);
    let shown =
        |s: &PlannedStep<String>| jobs::PlannedStep { title: s.title.clone(), detail: s.detail.clone(), expected: expected(&s.step, s.expected), amount: None };
    plan.steps().map(|(_, s)| shown(s)).collect()
}

/// What a look at an interrupted job found, in a sentence: what is broken, else how much is there.
fn found(findings: &[Finding]) -> Option<String> {
    let broken: Vec<&Finding> = findings.iter().filter(|one| one.state == PartState::Failed).collect();
    let there = findings.iter().filter(|one| one.state != PartState::Waiting).count();
    match (broken.as_slice(), findings.len()) {
        ([], 0) => None,
        ([], all) => Some(format!("{there} of {all} things are there.")),
        ([one], _) => Some(format!("{} {}: {}.", one.kind, one.name, one.found)),
        ([one, others @ ..], _) => Some(format!("{} {}: {}, and {} more.", one.kind, one.name, one.found, others.len())),
    }
}

fn made(noted: &Noted) -> jobs::Made {
    jobs::Made { step: noted.step, kind: noted.thing.kind.clone(), name: noted.thing.name.clone(), at: noted.at }
}

/// `Join machines` in the middle of a sentence; `API server` stays as it is.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain([second]).chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
