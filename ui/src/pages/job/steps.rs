//! How does a step read in the list?

use api::jobs::{JobState, JobView, Part, StepMark, StepRow};
use yew::prelude::*;

use crate::{
    model::{
        clock::Clock,
        jobs::{StepTime, step_time},
    },
    widgets::{Glyph, StepItem, said, step_list::state_of_part},
};

/// The steps of a job as lines of the list.
pub(crate) fn items(job: &JobView, clock: Clock) -> Vec<StepItem> {
    job.steps.iter().map(|step| item(job, step, shown(step.mark, &job.row.state), clock)).collect()
}

/// What waits behind a failure does not wait any more.
fn shown(mark: StepMark, state: &JobState) -> StepMark {
    match (mark, state) {
        (StepMark::Waiting, JobState::Failed { .. } | JobState::Undone | JobState::Kept) => StepMark::Skipped,
        (mark, _) => mark,
    }
}

fn item(job: &JobView, step: &StepRow, mark: StepMark, clock: Clock) -> StepItem {
    let time = match step_time(job, step, clock) {
        StepTime::Took(time) => time,
        StepTime::Usually(time) => format!("usually {time}"),
        StepTime::Guessed(time) => format!("guessed {time}"),
        StepTime::Nothing => String::new(),
    };
    let again = (step.attempt > 1).then(|| format!("try {}, ", step.attempt));
    // Of what will not be done only the name is of interest.
    let detail = if step.detail.0.is_empty() || mark == StepMark::Skipped {
        Html::default()
    } else {
        html! { <>{ again }{ said(&step.detail) }</> }
    };
    // What was waited for is of no interest when it is there.
    let parts =
        if step.parts.is_empty() || matches!(mark, StepMark::Done | StepMark::Skipped) { Html::default() } else { step.parts.iter().map(part).collect() };
    StepItem { mark, title: said(&step.title), detail, time: time.into(), parts }
}

fn part(part: &Part) -> Html {
    html! {
        <div>
            <Glyph state={state_of_part(part.state)} />
            <span class="mono">{ &part.name }</span>
            if !part.detail.is_empty() { <span class="t3">{ &part.detail }</span> }
            <span class="tm">{ &part.count }</span>
        </div>
    }
}
