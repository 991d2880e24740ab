//! Which steps has a job, and where does it stand?

use api::jobs::{PartState, StepMark};
use web_sys::Element;
use yew::prelude::*;

use super::{
    fold::Fold,
    glyph::{Glyph, State, Turn},
    roving,
};

/// How a step looks.
pub fn state_of(mark: StepMark) -> State {
    match mark {
        StepMark::Waiting => State::Idle,
        StepMark::Running => State::Progress,
        StepMark::Done => State::Done,
        StepMark::Failed => State::Failed,
        StepMark::Skipped => State::Skipped,
        StepMark::Undone => State::Deleting,
        StepMark::Interrupted => State::Warning,
    }
}

/// How a part of a step looks.
pub fn state_of_part(state: PartState) -> State {
    match state {
        PartState::Waiting => State::Idle,
        PartState::Working => State::Progress,
        PartState::Ready => State::Healthy,
        PartState::Failed => State::Failed,
    }
}

/// One line of the list.
#[derive(Clone, PartialEq)]
pub struct StepItem {
    pub mark: StepMark,
    pub title: Html,
    pub detail: Html,
    /// `0:31`, `usually 0:44`.
    pub time: AttrValue,
    /// Things it waits for, as rows of `glyph, name, count`.
    pub parts: Html,
}

#[derive(Properties, PartialEq)]
pub struct StepListProps {
    pub steps: Vec<StepItem>,
    /// The step whose output is shown.
    pub chosen: Option<usize>,
    pub on_choose: Callback<usize>,
}

/// Steps from top to bottom, joined by a line; a click shows a step's output.
#[component]
pub fn StepList(props: &StepListProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        // A list that is longer than the window goes along with its job.
        let running = props.chosen.filter(|place| props.steps.get(*place).is_some_and(|step| step.mark == StepMark::Running));
        use_effect_with(running, move |running| {
            if let (Some(_), Some(list)) = (running, list.cast::<Element>())
                && let Some(on) = list.query_selector(".step.on").ok().flatten()
            {
                on.scroll_into_view_with_bool(false);
            }
        });
    }
    let steps = props.steps.iter().enumerate().map(|(place, step)| {
        let on = props.chosen == Some(place);
        let wait = matches!(step.mark, StepMark::Waiting | StepMark::Skipped | StepMark::Undone).then_some("wait");
        let choose = props.on_choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| choose.emit(place));
        let choose = props.on_choose.clone();
        let onkeydown = Callback::from(move |e: KeyboardEvent| {
            if matches!(e.key().as_str(), "Enter" | " ") {
                e.prevent_default();
                choose.emit(place);
            } else {
                roving::step(&e, ".steplist", ".step");
            }
        });
        let state = state_of(step.mark);
        let turn = if step.mark == StepMark::Running { Turn::Spinning } else { Turn::Still };
        html! {
            <div class={classes!("step", on.then_some("on"), wait)} role="listitem" tabindex="0" aria-current={on.then_some("step")} {onclick} {onkeydown}>
                <span class="nd"><Glyph {state} {turn} /></span>
                <span class="ti">{ step.title.clone() }<span class="unseen">{ format!(", {}", state.word()) }</span></span>
                <span class="tm">{ step.time.clone() }</span>
                if step.detail != Html::default() { <span class="de">{ step.detail.clone() }</span> }
                if step.parts != Html::default() { <div class="subs">{ step.parts.clone() }</div> }
            </div>
        }
    });
    html! { <div ref={list} class="steplist" role="list" aria-label="Steps">{ for steps }</div> }
}

#[derive(Properties, PartialEq)]
pub struct StepOutputProps {
    pub title: Html,
    pub note: Html,
    pub open: bool,
    pub on_toggle: Callback<bool>,
    pub children: Html,
}

/// The output of one step, folded to its head when closed.
#[component]
pub fn StepOutput(props: &StepOutputProps) -> Html {
    html! { <Fold open={props.open} title={props.title.clone()} note={props.note.clone()} on_toggle={props.on_toggle.clone()}>{ props.children.clone() }</Fold> }
}
