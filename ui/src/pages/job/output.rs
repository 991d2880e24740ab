//! How are 20,000 lines shown while more arrive?
//!
//! Only rows near the visible part are in the document; their places come from `model::output`.
//! Start at: [`OutputView`].

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use api::jobs::{JobView, StepMark, StepRow, Tone};
use gloo_events::EventListener;
use web_sys::Element;
use yew::prelude::*;

use super::scroll::{Move, Scroll};
use crate::{
    model::{
        clock::{Clock, count},
        jobs::{StepTime, step_time},
        output::{self, Following, Openness, Output, PlacedRow},
        time::thousands,
    },
    widgets::{Fold, Icon, IconSize, Pic, said},
};

/// Characters in a row until the width is known.
pub const COLUMNS: usize = 110;
/// Width of a character of 12 px JetBrains Mono.
const CHARACTER_PX: f64 = 7.2;
/// Padding, time and gap left of the text, padding right of it.
const BESIDE_PX: f64 = 16.0 + 96.0 + 12.0 + 16.0;

/// The lines of a job, shared with the view, and a number that changes with them.
#[derive(Clone)]
pub struct Lines {
    pub output: Rc<RefCell<Output>>,
    pub version: u64,
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.output, &other.output)
    }
}

/// What the user folded and unfolded, by step.
pub(super) type Toggled = BTreeMap<u32, Openness>;

#[derive(Properties, PartialEq)]
pub(super) struct OutputViewProps {
    pub job: Rc<JobView>,
    pub lines: Lines,
    pub clock: Clock,
    /// The step that is unfolded by itself, from 0.
    pub current: usize,
    pub toggled: Toggled,
    pub on_toggle: Callback<(u32, Openness)>,
    pub scroll: UseReducerHandle<Scroll>,
}

/// Folds and the rows of the open ones, as far as they can be seen.
#[component]
pub(super) fn OutputView(props: &OutputViewProps) -> Html {
    let node = use_node_ref();
    let scroll = &props.scroll;
    let folds = folds(props);
    let (window, newest) = {
        let output = props.lines.output.borrow();
        let height = output.height(&folds);
        // While the end is followed the place is known before the browser has scrolled there.
        let top = if scroll.following == Following::Yes { height.saturating_sub(scroll.view) } else { scroll.top };
        (output.window(&folds, top, scroll.view), output.newest())
    };
    let asked = scroll.reveal.and_then(|step| props.lines.output.borrow().top_of(&folds, step));
    use_measure(&node, &props.lines, scroll);
    use_place(&node, window.height, asked, scroll);
    let onscroll = {
        let (node, scroll) = (node.clone(), scroll.dispatcher());
        Callback::from(move |_: Event| {
            if let Some(frame) = node.cast::<Element>() {
                scroll.dispatch(Move::Scrolled { top: px(frame.scroll_top()), view: px(frame.client_height()), height: px(frame.scroll_height()), newest });
            }
        })
    };
    let heads = window.folds.iter().map(|fold| head(props, *fold, openness(&folds, fold.step)));
    html! {
        <div class="logview output" ref={node} {onscroll} tabindex="0" role="log" aria-live="off" aria-label="Output">
            <div class="canvas" style={format!("height:{}px", window.height)}>
                { for heads }
                { for window.rows.iter().enumerate().map(|(place, row)| line(row, key(scroll.following, place, row), props.clock)) }
            </div>
        </div>
    }
}

/// Steps that have begun, with the current one open unless the user closed it.
fn folds(props: &OutputViewProps) -> Vec<output::Fold> {
    let begun = |step: &StepRow| step.lines > 0 || !matches!(step.mark, StepMark::Waiting | StepMark::Skipped);
    let steps = props.job.steps.iter().zip(0..).enumerate().filter(|(_, (step, _))| begun(step));
    steps
        .map(|(place, (_, step))| {
            let itself = if place == props.current { Openness::Open } else { Openness::Folded };
            output::Fold { step, open: props.toggled.get(&step).copied().unwrap_or(itself) }
        })
        .collect()
}

fn openness(folds: &[output::Fold], step: u32) -> Openness {
    folds.iter().find(|fold| fold.step == step).map_or(Openness::Folded, |fold| fold.open)
}

fn head(props: &OutputViewProps, fold: output::PlacedFold, openness: Openness) -> Html {
    let place = usize::try_from(fold.step).unwrap_or_default();
    let Some(step) = props.job.steps.get(place) else { return Html::default() };
    let open = openness == Openness::Open;
    let on_toggle = {
        let (toggle, number) = (props.on_toggle.clone(), fold.step);
        Callback::from(move |open: bool| toggle.emit((number, if open { Openness::Open } else { Openness::Folded })))
    };
    let lines = (!open && step.lines > 0).then(|| count(u64::from(step.lines), "line"));
    let title = html! { <><span>{ said(&step.title) }</span><span class="t3" style="font-weight:var(--fw-regular)">{ lines }</span></> };
    let note = match step_time(&props.job, step, props.clock) {
        StepTime::Took(time) => time,
        StepTime::Usually(_) | StepTime::Guessed(_) | StepTime::Nothing => String::new(),
    };
    html! { <div class="at" key={format!("fold {}", fold.step)} style={format!("top:{}px", fold.top)}><Fold {open} {title} {note} {on_toggle} /></div> }
}

/// While the end is followed every row is another one each time, so the rows of the document are written over; what a
/// user looks at keeps its own, and with it what is selected.
fn key(following: Following, place: usize, row: &PlacedRow) -> String {
    match following {
        Following::Yes => format!("place {place}"),
        Following::Paused { .. } => format!("{}.{}", row.number, row.part),
    }
}

fn line(row: &PlacedRow, key: String, clock: Clock) -> Html {
    let tone = match row.tone {
        Tone::Plain | Tone::Ours => None,
        Tone::Failed => Some("failed"),
    };
    let time = (row.part == 0).then(|| clock.precise(row.at));
    html! {
        <div class={classes!("l", tone)} key={key} style={format!("top:{}px", row.top)}>
            <span class="ts">{ time }</span><span class="tx">{ output::drawn(&row.text).into_owned() }</span>
        </div>
    }
}

fn px(n: i32) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// Breaks the lines for the real width, now and when the window changes.
#[hook]
fn use_measure(node: &NodeRef, lines: &Lines, scroll: &UseReducerHandle<Scroll>) {
    let (node, output, scroll) = (node.clone(), lines.output.clone(), scroll.dispatcher());
    use_effect_with(Rc::as_ptr(&lines.output).addr(), move |_| {
        let look = move || {
            let Some(frame) = node.cast::<Element>() else { return };
            let columns = (f64::from(frame.client_width()) - BESIDE_PX) / CHARACTER_PX;
            output.borrow_mut().widen(columns.max(0.0) as usize);
            scroll.dispatch(Move::Resized { view: px(frame.client_height()) });
        };
        look();
        let resized = EventListener::new(&gloo_utils::window(), "resize", move |_| look());
        move || drop(resized)
    });
}

/// After each rendering: at the end while it is followed, or at the step that was asked for.
#[hook]
fn use_place(node: &NodeRef, height: u64, asked: Option<u64>, scroll: &UseReducerHandle<Scroll>) {
    let (node, dispatch) = (node.clone(), scroll.dispatcher());
    // A smaller view would leave the end below the edge without another place.
    use_effect_with((height, scroll.view, scroll.following, asked), move |(height, _, following, asked)| {
        let to = match (asked, following) {
            (Some(top), _) => Some(*top),
            (None, Following::Yes) => Some(*height),
            (None, Following::Paused { .. }) => None,
        };
        if let (Some(frame), Some(to)) = (node.cast::<Element>(), to) {
            frame.set_scroll_top(i32::try_from(to).unwrap_or(i32::MAX));
        }
        if asked.is_some() {
            dispatch.dispatch(Move::Revealed);
        }
    });
}

#[derive(Properties, PartialEq)]
pub(super) struct FollowButtonProps {
    pub lines: Lines,
    pub scroll: UseReducerHandle<Scroll>,
}

/// Says whether the end is followed and what was missed; a click goes there.
#[component]
pub(super) fn FollowButton(props: &FollowButtonProps) -> Html {
    let scroll = props.scroll.dispatcher();
    let onclick = Callback::from(move |_: MouseEvent| scroll.dispatch(Move::Follow));
    let (class, words) = match props.scroll.following {
        Following::Yes => (None, "Following".to_owned()),
        paused @ Following::Paused { .. } => {
            let words = match paused.missed(props.lines.output.borrow().newest()) {
                0 => "Paused".into(),
                n => format!("Paused, {} new", thousands(n)),
            };
            (Some("paused"), words)
        }
    };
    html! {
        <button type="button" class={classes!("follow", class)} {onclick} title="Go to the newest line">
            <Icon of={Pic::ArrowDownToLine} size={IconSize::Tiny} />{ words }
        </button>
    }
}
