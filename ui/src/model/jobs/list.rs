//! Which jobs stand where in the list, and what can be done with each?

use std::rc::Rc;

use api::{
    Millis,
    jobs::{JobRow, JobState, Undoing, Words},
};

use super::{speech, undo};
use crate::model::{
    clock::{Clock, Pace},
    needs::Need,
};

/// A part of the list, with its jobs newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub title: String,
    /// What waits for a person and is no job; it stands first.
    pub needs: Vec<Need>,
    pub jobs: Vec<Rc<JobRow>>,
}

impl Group {
    fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), needs: vec![], jobs: vec![] }
    }

    pub fn len(&self) -> usize {
        self.needs.len() + self.jobs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a row offers; the first is the way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Stop,
    Open,
    Output,
    Retry {
        step: u32,
    },
    /// Opens the page of interrupted jobs.
    Decide,
    /// Of an undo that waits.
    LeaveUndo,
    Forget,
}

/// What waits for a person, jobs that run, and those that ended, by day.
pub fn groups(rows: &[Rc<JobRow>], waiting: &[Need], filter: &str, clock: Clock) -> Vec<Group> {
    let (mut needs, mut running) = (Group::new("Needs you"), Group::new("Running"));
    needs.needs = waiting.iter().filter(|need| has_words(&format!("{} {}", need.head, need.text), filter)).cloned().collect();
    let mut ended: Vec<(u64, Group)> = vec![];
    let mut rows: Vec<_> = rows.iter().filter(|row| matches(row, filter)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.ended.unwrap_or(row.started)));
    for row in rows {
        match &row.state {
            JobState::Interrupted { .. } | JobState::UndoFailed { .. } | JobState::Damaged { .. } => needs.jobs.push(row.clone()),
            JobState::Running | JobState::Undoing { .. } => running.jobs.push(row.clone()),
            JobState::Done | JobState::Failed { .. } | JobState::Undone | JobState::Kept => {
                let day = clock.days_ago(row.ended.unwrap_or(row.started));
                match ended.last_mut() {
                    Some((last, group)) if *last == day => group.jobs.push(row.clone()),
                    Some(_) | None => ended.push((day, Group { jobs: vec![row.clone()], ..Group::new(finished(day, row, clock)) })),
                }
            }
        }
    }
    [needs, running].into_iter().chain(ended.into_iter().map(|(_, group)| group)).filter(|group| !group.is_empty()).collect()
}

/// What stands below the title: for a job that stopped, why in one sentence.
pub fn detail(row: &JobRow) -> Words {
    match &row.state {
        JobState::Failed { step, why } => Words::said(speech::stopped_at(step + 1, &why.sentence)),
        JobState::Running
        | JobState::Undoing { .. }
        | JobState::Done
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Interrupted { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => row.detail.clone(),
    }
}

/// How often the list changes by time alone: only what runs is told to the second.
pub fn pace(rows: &[Rc<JobRow>]) -> Pace {
    rows.iter().map(|row| pace_of(row)).fold(Pace::Minutes, Pace::or)
}

/// The same for one job.
pub fn pace_of(row: &JobRow) -> Pace {
    match row.state {
        JobState::Running | JobState::Undoing { .. } => Pace::Seconds,
        JobState::Done
        | JobState::Failed { .. }
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Interrupted { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => Pace::Minutes,
    }
}

fn finished(day: u64, row: &JobRow, clock: Clock) -> String {
    match day {
        0 => "Finished today".into(),
        1 => "Finished yesterday".into(),
        2.. => format!("Finished on {}", clock.date(row.ended.unwrap_or(row.started))),
    }
}

fn matches(row: &JobRow, filter: &str) -> bool {
    has_words(&format!("{} {}", row.title.plain(), row.detail.plain()), filter)
}

fn has_words(text: &str, filter: &str) -> bool {
    let text = text.to_lowercase();
    filter.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// What can be done with a job; never an action that would be refused.
pub fn actions(row: &JobRow) -> Vec<Action> {
    match &row.state {
        JobState::Running => vec![Action::Stop, Action::Open],
        JobState::Undoing { now: Undoing::Acts } => vec![Action::Open],
        JobState::Undoing { now: Undoing::Waits } => vec![Action::LeaveUndo, Action::Open],
        JobState::Failed { step, .. } => vec![Action::Retry { step: *step }, Action::Output, Action::Forget],
        JobState::Interrupted { .. } => vec![Action::Decide, Action::Open],
        JobState::UndoFailed { .. } => vec![Action::Open, Action::Forget],
        JobState::Damaged { .. } => vec![Action::Open],
        JobState::Done | JobState::Undone | JobState::Kept => vec![Action::Output, Action::Forget],
    }
}

/// How long a job ran, or runs by now.
pub fn length(row: &JobRow, clock: Clock) -> Millis {
    row.ended.unwrap_or(clock.now).since(row.started)
}

/// `Stop` and `Open` name their object for those who hear the page.
pub fn label(action: Action) -> String {
    match action {
        Action::Stop => "Stop".into(),
        Action::Open => "Open".into(),
        Action::Output => "Output".into(),
        Action::Retry { step } => format!("Retry step {}", step + 1),
        Action::Decide => "Choose…".into(),
        Action::LeaveUndo => undo::KEEP.into(),
        Action::Forget => "Forget".into(),
    }
}

#[cfg(test)]
mod tests;
