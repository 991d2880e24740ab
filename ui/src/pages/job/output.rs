//! How are 20,000 lines shown while more arrive?
//!
//! Only rows near the visible part are in the document; their places come from `model::output`.
//! Start at: [`OutputView`].

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use api::jobs::{JobView, StepMark, StepRow, Tone};
use gloo_events::EventListener;
use web_sys::Element;
use yew::prelude::*;

use super::scroll::{Move, Scroll, Stand};
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
    let (window, newest, go) = {
        let output = props.lines.output.borrow();
        let height = output.height(&folds);
        let (known, spot) = (scroll.stand.top, scroll.stand.spot);
        let asked = scroll.reveal.and_then(|step| output.top_of(&folds, step));
        // Where the view goes is known before the browser has scrolled there.
        let (top, go) = match (asked, scroll.following) {
            (Some(top), _) => (known, Go::To { top }),
            (None, Following::Yes) => (height.saturating_sub(scroll.view), Go::End { height, view: scroll.view }),
            (None, Following::Paused { .. }) => match spot.and_then(|spot| output.top_of_spot(&folds, spot)) {
                Some(top) if top != known => (top, Go::Along { from: known, to: top }),
                Some(_) | None => (known, Go::Nowhere),
            },
        };
        (output.window(&folds, top, scroll.view, scroll.following), output.newest(), go)
    };
    use_measure(&node, &props.lines, scroll);
    use_place(&node, go, &props.lines, &folds, scroll);
    let onscroll = {
        let (node, output, folds, scroll) = (node.clone(), props.lines.output.clone(), folds.clone(), scroll.dispatcher());
        Callback::from(move |_: Event| {
            if let Some(frame) = node.cast::<Element>() {
                let stand = stand(&frame, &output, &folds);
                scroll.dispatch(Move::Scrolled { stand, view: px(frame.client_height()), height: px(frame.scroll_height()), newest });
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

/// Where the browser has the output now, and what stands there.
fn stand(frame: &Element, output: &RefCell<Output>, folds: &[output::Fold]) -> Stand {
    let top = px(frame.scroll_top());
    Stand { top, spot: output.borrow().spot(folds, top) }
}

/// Where the view goes after a rendering.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Go {
    /// To the end, which is followed: a smaller view would leave it below the edge without another height.
    End {
        height: u64,
        view: u64,
    },
    /// To the step that was asked for.
    To {
        top: u64,
    },
    /// With what the user reads, which moved as older lines went.
    Along {
        from: u64,
        to: u64,
    },
    Nowhere,
}

#[hook]
fn use_place(node: &NodeRef, go: Go, lines: &Lines, folds: &[output::Fold], scroll: &UseReducerHandle<Scroll>) {
    let (node, output, folds, scroll) = (node.clone(), lines.output.clone(), folds.to_vec(), scroll.dispatcher());
    use_effect_with(go, move |go| {
        let Some(frame) = node.cast::<Element>() else { return };
        let scroll_to = |top: u64| frame.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
        match *go {
            Go::End { height, .. } => scroll_to(height),
            Go::To { top } => {
                scroll_to(top);
                scroll.dispatch(Move::Placed(stand(&frame, &output, &folds)));
            }
            Go::Along { from, to } => {
                // The user may have scrolled since the place was known: that stays.
                scroll_to((px(frame.scroll_top()) + to).saturating_sub(from));
                scroll.dispatch(Move::Placed(stand(&frame, &output, &folds)));
            }
            Go::Nowhere => {}
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
