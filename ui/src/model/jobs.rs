//! What is said of a job and its steps?
//!
//! Knows: rows of jobs and the clock. Does not know: which page asks. Start at: [`bar`] and [`caption`].

pub mod interrupted;
pub mod list;
pub mod speech;
pub mod undo;

use api::{
    Millis,
    jobs::{Amid, Amount, JobState, JobView, StepMark, StepRow, UndoIs},
    local::ImageIs,
};

use super::{
    clock::{self, Clock},
    time::plural,
};

/// A part of the plan bar: as wide as its time is expected to be long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub mark: StepMark,
    /// Never under [`THINNEST`].
    pub expected: Millis,
    /// How far a running step is, 0 to 1000.
    pub share: u16,
}

/// A step of a second must still be seen.
const THINNEST: Millis = Millis::seconds(4);
/// A running step is never drawn as done.
const NEARLY: u16 = 960;

/// The plan as one bar.
pub fn bar(job: &JobView, clock: Clock) -> Vec<Segment> {
    job.steps.iter().map(|step| Segment { mark: step.mark, expected: step.expected.max(THINNEST), share: share(step, clock) }).collect()
}

/// How far a running step is: as it tells itself, else by the time it usually takes.
fn share(step: &StepRow, clock: Clock) -> u16 {
    match (step.mark, step.share) {
        (StepMark::Running, Some(share)) => share.min(NEARLY),
        (StepMark::Running, None) => u16::try_from(elapsed(step, clock).0 * 1_000 / step.expected.0.max(1)).unwrap_or(NEARLY).min(NEARLY),
        (StepMark::Waiting | StepMark::Done | StepMark::Failed | StepMark::Skipped | StepMark::Undone | StepMark::Interrupted, _) => 0,
    }
}

/// How long a step took or takes by now.
pub fn elapsed(step: &StepRow, clock: Clock) -> Millis {
    match (step.took, step.started, step.mark) {
        (Some(took), _, _) => took,
        (None, Some(started), StepMark::Running) => clock.now.since(started),
        (None, _, _) => Millis(0),
    }
}

/// How long the job worked: pauses between attempts and restarts of KOS do not count.
pub fn worked(job: &JobView, clock: Clock) -> Millis {
    Millis(job.steps.iter().map(|step| elapsed(step, clock).0).sum())
}

/// The line below the bar: `Step 6 of 9, 2:15 so far` and what is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    pub before: String,
    pub time: String,
    pub after: String,
    pub right: String,
}

/// The caption of a job at this moment.
pub fn caption(job: &JobView, clock: Clock) -> Caption {
    let of = job.steps.len();
    let time = clock::span(worked(job, clock));
    let say = |before: String, after: &str, right: String| Caption { before, time: time.clone(), after: after.into(), right };
    match &job.row.state {
        JobState::Running => say(format!("Step {} of {of}, ", place(job)), " so far", left(job, clock)),
        JobState::Undoing { .. } => match job.undo {
            UndoIs::Removal => say("Removing what was made, after ".into(), "", String::new()),
            UndoIs::Resumption { .. } => say("Resuming the source, after ".into(), "", String::new()),
            UndoIs::SwitchBack => say("Switching back, after ".into(), "", String::new()),
            UndoIs::Nothing => say("Ending what still runs, after ".into(), "", String::new()),
        },
        JobState::Done => say(format!("All {of} steps are done after "), "", String::new()),
        JobState::Failed { step, .. } => say(format!("Stopped at step {} of {of} after ", step + 1), "", kept(job)),
        JobState::Undone => say(format!("Stopped at step {} of {of} after ", place(job)), "", gone_back(&job.undo)),
        JobState::UndoFailed { .. } => match job.undo {
            UndoIs::Removal => say("The removal stopped after ".into(), "", below(&job.undo).into()),
            UndoIs::Resumption { .. } | UndoIs::SwitchBack | UndoIs::Nothing => say("The undo stopped after ".into(), "", below(&job.undo).into()),
        },
        JobState::Interrupted { amid: Amid::Undo, .. } => match job.undo {
            UndoIs::Removal => say("The removal was cut off after ".into(), "", below(&job.undo).into()),
            UndoIs::Resumption { .. } | UndoIs::SwitchBack | UndoIs::Nothing => say("The undo was cut off after ".into(), "", below(&job.undo).into()),
        },
        JobState::Interrupted { step, amid: Amid::Run } => say(format!("Interrupted at step {} of {of} after ", step + 1), "", kept(job)),
        JobState::Kept => say(format!("Left at step {} of {of} after ", place(job)), "", left_alone(&job.undo).into()),
        JobState::Damaged { .. } => say(format!("Stopped at step {} of {of} after ", place(job)), "", "not all that it made is known".into()),
    }
}

fn gone_back(undo: &UndoIs) -> String {
    match undo {
        UndoIs::Removal => "everything it made is removed again".into(),
        UndoIs::Resumption { at } => format!("what was on its way goes on in {at}"),
        UndoIs::SwitchBack => "everything it switched is switched back".into(),
        UndoIs::Nothing => "what it had done by then stays done".into(),
    }
}

fn below(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal | UndoIs::SwitchBack => "what is left is named below",
        UndoIs::Resumption { .. } | UndoIs::Nothing => "what stands where is said below",
    }
}

fn left_alone(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal | UndoIs::Resumption { .. } => "everything it made is kept",
        UndoIs::SwitchBack => "everything it switched stays so",
        UndoIs::Nothing => "what it had done by then stays done",
    }
}

/// The number of the step that stands out, from 1.
pub fn place(job: &JobView) -> usize {
    let current = job.steps.iter().position(|step| match step.mark {
        StepMark::Running | StepMark::Failed | StepMark::Interrupted => true,
        StepMark::Waiting | StepMark::Done | StepMark::Skipped | StepMark::Undone => false,
    });
    let done = job.steps.iter().filter(|step| step.mark == StepMark::Done).count();
    current.map_or((done + 1).min(job.steps.len()), |at| at + 1)
}

/// What is to come, by the usual times: an interrupted step is done again as a whole.
pub fn remaining(job: &JobView, clock: Clock) -> Millis {
    let of = |step: &StepRow| match step.mark {
        StepMark::Waiting | StepMark::Interrupted => step.expected.0,
        StepMark::Running => step.expected.0.saturating_sub(elapsed(step, clock).0),
        StepMark::Done | StepMark::Failed | StepMark::Skipped | StepMark::Undone => 0,
    };
    Millis(job.steps.iter().map(of).sum())
}

/// How much longer than usual the running step takes already.
fn late(job: &JobView, clock: Clock) -> Millis {
    let running = job.steps.iter().find(|step| step.mark == StepMark::Running);
    Millis(running.map_or(0, |step| elapsed(step, clock).0.saturating_sub(step.expected.0)))
}

fn left(job: &JobView, clock: Clock) -> String {
    let source = match job.learned_from {
        0 => "a first guess, this has not run here yet".to_owned(),
        1 => "from 1 earlier run here".to_owned(),
        n => format!("from {n} earlier runs here"),
    };
    let than = if job.learned_from == 0 { "guessed" } else { "usual" };
    // Within ten seconds of that nobody is late.
    let late = Some(late(job, clock)).filter(|late| *late > Millis::seconds(10)).map(|late| format!("{} later than {than}, ", clock::span(late)));
    format!("{}{} left, {source}", late.unwrap_or_default(), clock::about(remaining(job, clock)))
}

fn kept(job: &JobView) -> String {
    match job.steps.iter().filter(|step| step.mark == StepMark::Done).count() {
        0 => "no step is done yet".into(),
        1 => "1 step is done and will not run again".into(),
        n => format!("{n} steps are done and will not run again"),
    }
}

/// What stands at the right of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepTime {
    /// It took this long, or takes by now.
    Took(String),
    Usually(String),
    /// Such a job has not run here yet.
    Guessed(String),
    /// Nothing is known.
    Nothing,
}

/// The time of a step of a job.
pub fn step_time(job: &JobView, step: &StepRow, clock: Clock) -> StepTime {
    match step.mark {
        StepMark::Waiting | StepMark::Skipped if step.expected.0 > 0 && job.learned_from == 0 => StepTime::Guessed(clock::span(step.expected)),
        StepMark::Waiting | StepMark::Skipped if step.expected.0 > 0 => StepTime::Usually(clock::span(step.expected)),
        StepMark::Waiting | StepMark::Skipped => StepTime::Nothing,
        StepMark::Running | StepMark::Done | StepMark::Failed | StepMark::Undone | StepMark::Interrupted => StepTime::Took(clock::span(elapsed(step, clock))),
    }
}

/// `412 MB`, `here, 1.1 GB`, `4 providers`; nothing where nobody knows how much it is.
pub fn amount(of: Amount) -> Option<String> {
    match of {
        Amount::Image(here @ ImageIs::Here { .. }) => Some(node_image(here)),
        Amount::Image(ImageIs::ToBePulled { bytes }) => bytes.map(clock::bytes),
        Amount::Providers { count } => Some(plural(count as usize, "provider", "providers")),
    }
}

/// `here, 1.1 GB`, `400 MB to download`.
pub fn node_image(image: ImageIs) -> String {
    match image {
        ImageIs::Here { bytes: Some(bytes) } => format!("here, {}", clock::bytes(bytes)),
        ImageIs::Here { bytes: None } => "here".to_owned(),
        ImageIs::ToBePulled { bytes: Some(bytes) } => format!("{} to download", clock::bytes(bytes)),
        ImageIs::ToBePulled { bytes: None } => "to be pulled".to_owned(),
    }
}

#[cfg(test)]
mod tests;
