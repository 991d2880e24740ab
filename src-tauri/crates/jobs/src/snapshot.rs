//! How does a job stand after these events?
//!
//! A pure reducer. An event seen twice changes nothing (its `seq` is not news), and lost chatter makes the picture coarser,
//! never wrong: each chatter event carries the whole of what it says. `snapshot/tests.rs` proves both by replay.
//! Start at: [`Snapshot::apply`], [`stand`].

use api::jobs::{CommandRun, Finding, Part, StepMark, Undoing, Words};
use api::{Fault, Millis, Timestamp};

use crate::{Certainty, Event, Noted, NotedProcess, StoredPlan, What};

/// All that is known of a job beside its plan and its output.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    seen: u64,
    pub phase: Phase,
    pub acts: Vec<ActState>,
    pub steps: Vec<StepState>,
    pub commands: Vec<(u32, CommandRun)>,
    /// What is or may be there; what an undo removed is not in it any more.
    pub noted: Vec<Noted>,
    /// Processes that nobody saw end.
    pub processes: Vec<NotedProcess>,
    pub found: Vec<Finding>,
    /// When that was looked for.
    pub looked: Option<Timestamp>,
    pub outcome: Option<Words>,
    /// Why the journal does not say all that happened; gone once the job is left as it is.
    pub damage: Option<Fault>,
    /// How long the undo of each act took.
    pub undone: Vec<(u32, Millis)>,
    /// Since when the act is undone whose turn it is.
    undo_began: Option<Timestamp>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    /// When whoever ran it last noted something.
    pub last_noted: Timestamp,
    pub(crate) last_id: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    Planned,
    Running,
    Failed { act: u32, step: u32, why: Fault },
    Done,
    Undoing { now: Undoing },
    Undone,
    UndoFailed { act: u32, why: Fault },
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActState {
    pub progress: ActProgress,
    pub attempt: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActProgress {
    Waiting,
    Running,
    Done,
    Failed,
    Undone,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StepState {
    pub act: u32,
    pub mark: StepMark,
    /// `None`: as the plan says.
    pub detail: Option<Words>,
    pub started: Option<Timestamp>,
    pub took: Option<Millis>,
    pub attempt: u32,
    pub share: Option<u16>,
    pub parts: Vec<Part>,
    /// The act's end was found, not brought about: how long that took teaches nothing.
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Run,
    Found,
}

/// How a job stands when nobody runs it.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    Done,
    Failed {
        act: u32,
        step: u32,
        why: Fault,
    },
    /// Ended in the middle: Continue goes on with `act`.
    Interrupted {
        act: u32,
        step: u32,
    },
    /// Ended in the middle of an undo: Continue and Undo both go on with it.
    UndoInterrupted {
        step: u32,
    },
    Undone,
    UndoFailed {
        act: u32,
        why: Fault,
    },
    Kept,
    /// Its journal does not say all that happened: it can only be left as it is.
    Damaged {
        why: Fault,
    },
}

/// Where a job stands by its journal alone.
pub fn stand(plan: &StoredPlan, events: &[Event]) -> Standing {
    let mut snapshot = Snapshot::new(plan, Timestamp::default());
    for event in events {
        snapshot.apply(event);
    }
    snapshot.standing()
}

impl Snapshot {
    pub fn new(plan: &StoredPlan, planned: Timestamp) -> Self {
        let step = |(act, _)| StepState {
            act,
            mark: StepMark::Waiting,
            detail: None,
            started: None,
            took: None,
            attempt: 0,
            share: None,
            parts: vec![],
            origin: Origin::Run,
        };
        Self {
            seen: 0,
            phase: Phase::Planned,
            acts: vec![ActState { progress: ActProgress::Waiting, attempt: 0 }; plan.acts.len()],
            steps: plan.steps().map(step).collect(),
            commands: vec![],
            noted: vec![],
            processes: vec![],
            found: vec![],
            looked: None,
            outcome: None,
            damage: None,
            undone: vec![],
            undo_began: None,
            started: planned,
            ended: None,
            last_noted: planned,
            last_id: 0,
        }
    }

    /// Takes one event in; one that is not news, or names what the plan does not have, changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.seen {
            return;
        }
        self.seen = event.seq;
        // A look at what an interrupted job left is no sign of its life.
        if !matches!(event.what, What::Found { .. }) {
            self.last_noted = event.at;
        }
        self.take(&event.what, event.at);
    }

    pub fn seen(&self) -> u64 {
        self.seen
    }

    fn take(&mut self, what: &What, at: Timestamp) {
        match what {
            What::Planned => self.started = at,
            What::Running => {
                self.phase = Phase::Running;
                self.begin_again();
            }
            What::ActStarted { act, attempt } => self.start_act(*act, *attempt, at),
            What::ActFound { act, words } => self.find_act(*act, words, at),
            What::ActDone { act } => self.end_act(*act, ActProgress::Done, StepMark::Done, at),
            What::ActFailed { act, why } => {
                let step = self.current_step();
                self.end_act(*act, ActProgress::Failed, StepMark::Failed, at);
                self.phase = Phase::Failed { act: *act, step, why: why.clone() };
                self.ended = Some(at);
            }
            What::StepStarted { step } => self.start_step(*step, at),
            What::StepDetail { step, words } => self.at_step(*step, |s| s.detail = Some(words.clone())),
            What::StepShare { step, thousandths } => self.at_step(*step, |s| s.share = Some(*thousandths)),
            What::StepParts { step, parts } => self.at_step(*step, |s| s.parts.clone_from(parts)),
            What::CommandStarted { id, step, line } => {
                self.last_id = self.last_id.max(*id);
                self.commands.push((*id, CommandRun { step: *step, at, line: line.clone(), exit: None, took: None }));
            }
            What::CommandEnded { id, exit } => {
                if let Some((_, run)) = self.commands.iter_mut().find(|(known, _)| known == id) {
                    run.exit = Some(exit.clone());
                    run.took = Some(at.since(run.at));
                }
            }
            What::ProcessNoted { id, act, process } => {
                self.last_id = self.last_id.max(*id);
                self.processes.push(NotedProcess { id: *id, act: *act, process: process.clone(), at });
            }
            What::ProcessEnded { id } => self.processes.retain(|p| p.id != *id),
            What::Intended { id, act, step, thing } => {
                self.last_id = self.last_id.max(*id);
                self.noted.push(Noted { id: *id, act: *act, step: *step, thing: thing.clone(), at, certainty: Certainty::Intended });
            }
            What::Made { id } => {
                if let Some(noted) = self.noted.iter_mut().find(|n| n.id == *id) {
                    noted.certainty = Certainty::Made;
                }
            }
            What::Outcome { words } => self.outcome = Some(words.clone()),
            What::Done => self.end(Phase::Done, at),
            What::UndoStarted => {
                self.phase = Phase::Undoing { now: Undoing::Acts };
                self.undo_began = Some(at);
                // It was about the way forwards.
                self.outcome = None;
                self.begin_again();
                for step in self.steps.iter_mut().filter(|s| s.mark == StepMark::Running) {
                    step.mark = StepMark::Interrupted;
                    step.took = step.started.map(|began| at.since(began));
                }
            }
            What::UndoGoesOn { now } => {
                if let Phase::Undoing { now: before } = &mut self.phase {
                    *before = *now;
                }
            }
            What::ActUndone { act } => {
                self.undone.extend(self.undo_began.replace(at).map(|began| (*act, at.since(began))));
                self.noted.retain(|n| n.act != *act);
                self.processes.retain(|p| p.act != *act);
                if let Some(state) = self.acts.get_mut(*act as usize) {
                    state.progress = ActProgress::Undone;
                }
                self.undone_steps(|step| step.act == *act);
            }
            What::Undone => {
                self.undone_steps(|_| true);
                self.end(Phase::Undone, at);
            }
            What::UndoFailed { act, why } => self.end(Phase::UndoFailed { act: *act, why: why.clone() }, at),
            What::Kept => {
                self.damage = None;
                self.end(Phase::Kept, at);
            }
            What::Found { findings } => {
                self.found.clone_from(findings);
                self.looked = Some(at);
            }
        }
    }

    fn end(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.ended = Some(at);
    }

    /// A new runner cannot know how the commands of the one before it ended.
    fn begin_again(&mut self) {
        self.ended = None;
        self.found.clear();
        self.looked = None;
        for (_, run) in self.commands.iter_mut().filter(|(_, run)| run.exit.is_none()) {
            run.exit = Some("not known".to_owned());
        }
    }

    fn start_act(&mut self, act: u32, attempt: u32, at: Timestamp) {
        let Some(state) = self.acts.get_mut(act as usize) else { return };
        *state = ActState { progress: ActProgress::Running, attempt };
        for step in self.steps.iter_mut().filter(|s| s.act == act) {
            *step = StepState { mark: StepMark::Waiting, detail: None, started: None, took: None, share: None, parts: vec![], attempt, ..step.clone() };
        }
        if let Some(first) = self.steps.iter().position(|s| s.act == act) {
            self.start_step(u32::try_from(first).unwrap_or(u32::MAX), at);
        }
    }

    fn start_step(&mut self, step: u32, at: Timestamp) {
        let Some(act) = self.steps.get(step as usize).map(|s| s.act) else { return };
        for other in self.steps.iter_mut().take(step as usize).filter(|s| s.act == act) {
            if other.mark == StepMark::Running || other.mark == StepMark::Waiting {
                close_step(other, StepMark::Done, at);
            }
        }
        self.at_step(step, |s| {
            s.mark = StepMark::Running;
            s.started = Some(at);
        });
    }

    fn find_act(&mut self, act: u32, words: &Words, at: Timestamp) {
        self.end_act(act, ActProgress::Done, StepMark::Done, at);
        for step in self.steps.iter_mut().filter(|s| s.act == act) {
            step.origin = Origin::Found;
        }
        if let Some(first) = self.steps.iter_mut().find(|s| s.act == act) {
            first.detail = Some(words.clone());
        }
        for noted in self.noted.iter_mut().filter(|n| n.act == act) {
            noted.certainty = Certainty::Made;
        }
    }

    fn end_act(&mut self, act: u32, progress: ActProgress, mark: StepMark, at: Timestamp) {
        if let Some(state) = self.acts.get_mut(act as usize) {
            state.progress = progress;
        }
        for step in self.steps.iter_mut().filter(|s| s.act == act) {
            let ends = step.mark == StepMark::Running || (progress == ActProgress::Done && step.mark == StepMark::Waiting);
            if ends {
                close_step(step, mark, at);
            }
        }
    }

    fn undone_steps(&mut self, which: impl Fn(&StepState) -> bool) {
        for step in self.steps.iter_mut().filter(|s| which(s) && s.mark != StepMark::Waiting) {
            step.mark = StepMark::Undone;
        }
    }

    fn at_step(&mut self, step: u32, change: impl FnOnce(&mut StepState)) {
        if let Some(state) = self.steps.get_mut(step as usize) {
            change(state);
        }
    }

    /// The step that runs, else the one that stopped, else the first that waits, else the last.
    pub fn current_step(&self) -> u32 {
        let first = |marks: &[StepMark]| self.steps.iter().position(|s| marks.contains(&s.mark));
        let index = first(&[StepMark::Running])
            .or_else(|| first(&[StepMark::Failed, StepMark::Interrupted]))
            .or_else(|| first(&[StepMark::Waiting]))
            .unwrap_or(self.steps.len().saturating_sub(1));
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The act that Continue and Retry run next, `None` when all are done.
    pub fn next_act(&self) -> Option<u32> {
        let index = self.acts.iter().position(|a| a.progress != ActProgress::Done)?;
        u32::try_from(index).ok()
    }

    /// The acts that an undo has to visit, the last first: only those with notes can have changed anything.
    pub fn acts_to_undo(&self) -> Vec<u32> {
        let has_notes = |act: &u32| self.noted.iter().any(|n| n.act == *act) || self.processes.iter().any(|p| p.act == *act);
        (0..u32::try_from(self.acts.len()).unwrap_or(u32::MAX)).rev().filter(has_notes).collect()
    }

    /// What is or may be there, each by its kind and name.
    pub(crate) fn things(&self) -> Vec<String> {
        self.noted.iter().map(|noted| format!("{} {}", noted.thing.kind, noted.thing.name)).collect()
    }

    pub fn standing(&self) -> Standing {
        if let Some(why) = &self.damage {
            return Standing::Damaged { why: why.clone() };
        }
        match &self.phase {
            Phase::Planned | Phase::Running => {
                let step = self.current_step();
                let act = self.next_act().or_else(|| self.steps.get(step as usize).map(|s| s.act)).unwrap_or_default();
                Standing::Interrupted { act, step }
            }
            Phase::Undoing { .. } => Standing::UndoInterrupted { step: self.current_step() },
            Phase::Failed { act, step, why } => Standing::Failed { act: *act, step: *step, why: why.clone() },
            Phase::Done => Standing::Done,
            Phase::Undone => Standing::Undone,
            Phase::UndoFailed { act, why } => Standing::UndoFailed { act: *act, why: why.clone() },
            Phase::Kept => Standing::Kept,
        }
    }
}

fn close_step(step: &mut StepState, mark: StepMark, at: Timestamp) {
    step.mark = mark;
    step.took = step.started.map(|began| at.since(began));
}

#[cfg(test)]
mod tests;
