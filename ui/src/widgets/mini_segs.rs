//! How far is a job, in the width of a column?

use api::jobs::StepMark;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct MiniSegsProps {
    pub marks: Vec<StepMark>,
}

/// One mark per step; words beside it say the same.
#[component]
pub fn MiniSegs(props: &MiniSegsProps) -> Html {
    let marks = props.marks.iter().map(|mark| {
        let class = match mark {
            StepMark::Waiting | StepMark::Skipped | StepMark::Undone => None,
            StepMark::Running => Some("r"),
            StepMark::Done => Some("d"),
            StepMark::Failed | StepMark::Interrupted => Some("f"),
        };
        html! { <i class={classes!(class)}></i> }
    });
    html! { <div class="minisegs" aria-hidden="true">{ for marks }</div> }
}
