//! How does a run that is over play again?
//!
//! Pure: the moment that is shown is a value, and so is the time that passes. Start at: [`Replay`], [`lanes_at`].

use std::rc::Rc;

use api::{
    Millis, Timestamp,
    capi::{Bar, EventRow, Lane, LaneState, LeaveBar, Leaving, MachineStep},
    runs::{KeptMachine, Run},
    shared::SharedLane,
};

/// A whole run plays in this time, however long it took.
const PLAYS: u64 = 20_000;
/// What comes after the last moment is still to be seen.
const AFTER: u64 = 5_000;

/// Whether time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    Playing,
    Paused,
}

/// Which moment comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    Back,
    Forth,
}

/// The moment of a run that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    pub from: Timestamp,
    pub to: Timestamp,
    pub at: Timestamp,
    pub moves: Moves,
    /// When something happened, in order.
    moments: Vec<Timestamp>,
}

impl Replay {
    /// At its end: the whole picture first.
    pub fn of(run: &Run) -> Self {
        let mut moments = vec![run.row.started];
        moments.extend(run.row.available);
        moments.extend(run.shared.iter().flat_map(|lane| [lane.began, lane.made, lane.lost]).flatten());
        for machine in &run.machines {
            moments.push(machine.created);
            moments.extend(machine.ends.into_iter().flatten().chain(machine.failed).chain(machine.gone));
            moments.extend(machine.leaves.iter().map(|bar| bar.from));
        }
        moments.retain(|at| *at >= run.row.started);
        moments.sort();
        moments.dedup();
        let last = moments.last().copied().unwrap_or(run.row.started);
        let to = last.plus(Millis(last.since(run.row.started).0 / 10 + AFTER));
        Self { from: run.row.started, to, at: to, moves: Moves::Paused, moments }
    }

    /// Starts from the beginning when it stands at the end.
    pub fn turn(mut self) -> Self {
        self.moves = match self.moves {
            Moves::Playing => Moves::Paused,
            Moves::Paused => {
                if self.at >= self.to {
                    self.at = self.from;
                }
                Moves::Playing
            }
        };
        self
    }

    /// So much time of the one who looks passed; at the end it stands still.
    pub fn passed(mut self, time: Millis) -> Self {
        if self.moves == Moves::Paused {
            return self;
        }
        let whole = self.to.since(self.from).0;
        self.at = self.at.plus(Millis((time.0.saturating_mul(whole) / PLAYS).max(1)));
        if self.at >= self.to {
            (self.at, self.moves) = (self.to, Moves::Paused);
        }
        self
    }

    /// To the next moment at which something happened.
    pub fn step(mut self, towards: Towards) -> Self {
        self.moves = Moves::Paused;
        let next = match towards {
            Towards::Back => self.moments.iter().rev().find(|at| **at < self.at).copied().unwrap_or(self.from),
            Towards::Forth => self.moments.iter().find(|at| **at > self.at).copied().unwrap_or(self.to),
        };
        self.at = next;
        self
    }

    /// To a place of the whole, in thousandths.
    pub fn seek(mut self, thousandths: u64) -> Self {
        self.moves = Moves::Paused;
        self.at = self.from.plus(Millis(self.to.since(self.from).0 * thousandths.min(1_000) / 1_000));
        self
    }

    pub fn thousandths(&self) -> u64 {
        self.at.since(self.from).0 * 1_000 / self.to.since(self.from).0.max(1)
    }
}

/// The lanes as they were at a moment; a machine that was not made yet has none.
pub fn lanes_at(run: &Run, at: Timestamp) -> Vec<Rc<Lane>> {
    run.machines.iter().filter_map(|machine| lane_at(machine, at)).map(Rc::new).collect()
}

/// What they share, as it was at that moment.
pub fn shared_at(run: &Run, at: Timestamp) -> Vec<Rc<SharedLane>> {
    run.shared.iter().filter_map(|lane| lane.at(at)).map(Rc::new).collect()
}

fn lane_at(machine: &KeptMachine, at: Timestamp) -> Option<Lane> {
    if machine.created > at {
        return None;
    }
    // What is deleted is made no further.
    let left = machine.leaves.first().map(|bar| bar.from).into_iter().chain(machine.gone).min().filter(|left| *left <= at);
    let until = left.unwrap_or(at);
    let mut bars = vec![];
    let mut from = machine.created;
    let mut open = None;
    for (step, end) in MachineStep::ALL.into_iter().zip(machine.ends) {
        match end.filter(|end| *end <= until) {
            Some(end) => {
                let to = end.max(from);
                bars.push(Bar { step, from, to: Some(to), late_at: None });
                from = to;
            }
            None => {
                // A machine that went in the middle has no bar without an end.
                bars.push(Bar { step, from, to: left, late_at: None });
                open = Some(step);
                break;
            }
        }
    }
    let failed = machine.failed.is_some_and(|failed| failed <= at);
    let state = match (left, open) {
        (Some(since), _) => LaneState::Deleting { since },
        (None, None) => LaneState::Available { since: from },
        (None, Some(step)) if failed => LaneState::Failed { step },
        (None, Some(step)) => LaneState::Working { step },
    };
    let (group, leaving) = (machine.group.clone(), Leaving { bars: leaving_at(machine, at), says: String::new() });
    Some(Lane { machine: machine.name.clone(), group, created: machine.created, bars, usual: [None; 7], state, leaving })
}

/// What its deletion had waited for by a moment; once it was gone it waited for nothing.
fn leaving_at(machine: &KeptMachine, at: Timestamp) -> Vec<LeaveBar> {
    let ends = |bar: &LeaveBar| bar.to.into_iter().chain(machine.gone).min().filter(|to| *to <= at).map(|to| to.max(bar.from));
    machine.leaves.iter().filter(|bar| bar.from <= at).map(|bar| LeaveBar { to: ends(bar), ..bar.clone() }).collect()
}

/// What had been told by a moment, the newest first.
pub fn events_until(run: &Run, at: Timestamp) -> Vec<Rc<EventRow>> {
    run.events.iter().filter(|event| event.at <= at).cloned().map(Rc::new).collect()
}

#[cfg(test)]
mod tests;
