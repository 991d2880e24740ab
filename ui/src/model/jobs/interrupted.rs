//! What is said of a job that was cut off?

use std::rc::Rc;

use api::{
    JobId, Timestamp,
    jobs::{Amid, JobRow, JobState, JobView, Made, UndoIs, Word},
};

use super::{place, speech};
use crate::model::clock::{Clock, about};

/// `KOS stopped while 2 jobs were running`.
pub fn title(jobs: usize) -> String {
    if jobs == 1 { "KOS stopped while a job was running".into() } else { format!("KOS stopped while {jobs} jobs were running") }
}

/// When it was, whether the computer went with it, and that nothing goes on by itself.
pub fn sentence(row: &JobRow, restarted: Option<Timestamp>, clock: Clock) -> String {
    let last = row.ended.map(|at| {
        let day = if clock.days_ago(at) == 0 { format!("{} today", clock.seconds(at)) } else { format!("{}, {}", clock.date(at), clock.seconds(at)) };
        format!("The last it noted is from {day}. ")
    });
    // It may also have been shut down later; nobody was there to see.
    let again = restarted.map(|at| format!("The computer started again at {}, so a power loss may have ended it. ", clock.moment(at)));
    format!("{}{}Nothing goes on before you choose.", last.unwrap_or_default(), again.unwrap_or_default())
}

/// `About 0:30.`
pub fn undo_time(job: &JobView) -> Option<String> {
    job.undo_takes.map(|time| format!("About {}.", about(time).trim_start_matches("about ")))
}

/// `About 0:30. Asks for the name.`
pub fn undo_price(job: &JobView) -> String {
    undo_time(job).into_iter().chain(["Asks for the name.".to_owned()]).collect::<Vec<_>>().join(" ")
}

/// What the job was doing when it was cut off.
pub fn amid(state: &JobState) -> Option<Amid> {
    match state {
        JobState::Interrupted { amid, .. } => Some(*amid),
        JobState::Running
        | JobState::Undoing { .. }
        | JobState::Done
        | JobState::Failed { .. }
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => None,
    }
}

pub fn word(state: &JobState) -> &'static str {
    match state {
        JobState::Interrupted { .. } => "Interrupted",
        JobState::UndoFailed { .. } => "Undo stopped",
        JobState::Running => "Running",
        JobState::Undoing { .. } => "Being undone",
        JobState::Done => "Done",
        JobState::Failed { .. } => "Failed",
        JobState::Undone => "Undone",
        JobState::Kept => "Kept",
        JobState::Damaged { .. } => "Damaged",
    }
}

/// What the job is about: the last name in its title, else all of it.
pub fn subject(row: &JobRow) -> String {
    let name = row.title.0.iter().rev().find_map(|word| match word {
        Word::Mono(name) => Some(name.clone()),
        Word::Said(_) => None,
    });
    name.unwrap_or_else(|| row.title.plain())
}

/// Other interrupted jobs.
pub fn others(rows: &[Rc<JobRow>], this: &JobId) -> Vec<Rc<JobRow>> {
    rows.iter().filter(|row| row.id != *this && matches!(row.state, JobState::Interrupted { .. })).cloned().collect()
}

/// `Go on at step 6, add the network. Steps 1 to 5 are not repeated.`
pub fn go_on(job: &JobView) -> String {
    let step = place(job);
    let title = step.checked_sub(1).and_then(|at| job.steps.get(at)).map(|s| s.title.plain()).unwrap_or_default();
    let before = match step {
        0 | 1 => String::new(),
        2 => " Step 1 is not repeated.".into(),
        n => format!(" Steps 1 to {} are not repeated.", n - 1),
    };
    format!("Start again what is stopped, then go on at step {step}, “{title}”.{before}")
}

/// The job that is asked about first: of those that were cut off, the newest.
pub fn first(rows: &[Rc<JobRow>]) -> Option<JobId> {
    let cut_off = rows.iter().filter(|row| matches!(row.state, JobState::Interrupted { .. }));
    cut_off.max_by_key(|row| row.started).map(|row| row.id.clone())
}

/// What the undo does, in one sentence.
pub fn undo(made: &[Made], undo: &UndoIs) -> String {
    let things = || speech::removals(made).iter().map(thing).collect::<Vec<_>>().join(", ");
    match (undo, made) {
        (UndoIs::Removal, []) => "Nothing was made so far; the job is closed.".into(),
        (UndoIs::Removal, [..]) => format!("Remove all that this job made: {}.", things()),
        (UndoIs::Resumption { at }, _) => format!("Resume in {at} what is still whole there. Copies elsewhere stay paused, and nothing is deleted."),
        (UndoIs::SwitchBack, []) => "Nothing was switched so far; the job is closed.".into(),
        (UndoIs::SwitchBack, [..]) => format!("Bring back to how it stood: {}.", things()),
        (UndoIs::Nothing, _) => "End what of it still runs; the job is closed. What it did stays done.".into(),
    }
}

/// `3 containers`; a name of its own, as Cluster API, stays as it is written.
fn thing(removal: &speech::Removal) -> String {
    let own = removal.kind.chars().skip(1).any(char::is_uppercase);
    match (own, removal.count) {
        (true, _) => removal.kind.clone(),
        (false, 1) => format!("1 {}", removal.kind.to_lowercase()),
        (false, n) => format!("{n} {}s", removal.kind.to_lowercase()),
    }
}

#[cfg(test)]
mod tests;
