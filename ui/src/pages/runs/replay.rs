//! How does the making of a cluster play again?
//!
//! Start at: [`ReplayPage`] for the call and the time that passes, [`ReplaySheet`] for what is shown.

use std::rc::Rc;

use api::{
    ContextId, Fault, Millis,
    runs::{ReadRun, Run},
};
use gloo_timers::callback::Interval;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::{fate, made_in};
use crate::{
    feeds::use_call,
    model::{
        capi::Timeline,
        clock::{Clock, Pace},
        parts::Parts,
        replay::{Moves, Replay, Towards, events_until, lanes_at, shared_at},
    },
    pages::cluster::lanes::drawn,
    shell::{clock::use_clock, fixes::use_fix},
    widgets::{Btn, BtnKind, EmptyState, FixCard, Icon, IconSize, Pic, Pill, Skeleton},
};

/// A picture so often while it plays.
const FRAME_MS: u32 = 100;

#[derive(Properties, PartialEq)]
pub struct ReplayPageProps {
    pub context: ContextId,
    pub id: String,
}

/// Reads a run, and lets it play.
#[component]
pub fn ReplayPage(props: &ReplayPageProps) -> Html {
    let (read, on_fix) = (use_call::<ReadRun>(), use_fix());
    {
        let read = read.clone();
        use_effect_with((props.context.clone(), props.id.clone()), move |(context, id)| read.ask(ReadRun { context: context.clone(), id: id.clone() }));
    }
    let replay = use_state(|| None::<Replay>);
    let run = read.state().answer().cloned().map(Rc::new);
    let now = (*replay).clone().or_else(|| run.as_deref().map(Replay::of));
    let moves = now.as_ref().map_or(Moves::Paused, |replay| replay.moves);
    // The interval outlives the rendering that made it: it reads where the replay stands by then.
    let held = use_mut_ref(|| None::<Replay>);
    held.replace(now.clone());
    {
        let (held, set) = (held.clone(), replay.setter());
        use_effect_with(moves, move |moves| {
            let tick = move || {
                let next = held.borrow().clone().map(|replay| replay.passed(Millis(u64::from(FRAME_MS))));
                held.replace(next.clone());
                set.set(next);
            };
            let timer = (*moves == Moves::Playing).then(|| Interval::new(FRAME_MS, tick));
            move || drop(timer)
        });
    }
    let on_replay = {
        let replay = replay.setter();
        Callback::from(move |to| replay.set(Some(to)))
    };
    let clock = use_clock(|_| Pace::Minutes);
    html! { <ReplaySheet {run} fault={read.state().fault().cloned()} replay={now} {clock} {on_replay} {on_fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct ReplaySheetProps {
    pub run: Option<Rc<Run>>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub replay: Option<Replay>,
    pub clock: Clock,
    pub on_replay: Callback<Replay>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// The lanes of a moment, the moment itself, and what was told by then.
#[component]
pub fn ReplaySheet(props: &ReplaySheetProps) -> Html {
    if let Some(fault) = &props.fault {
        return html! { <main class="page"><div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /></div></main> };
    }
    let (Some(run), Some(replay)) = (&props.run, &props.replay) else {
        return html! { <main class="page"><div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div></main> };
    };
    let row = &run.row;
    let (state, words) = fate(row, props.clock);
    let then = Clock { now: replay.at, ..props.clock };
    let parts = Parts { lanes: lanes_at(run, replay.at), shared: shared_at(run, replay.at), ..Parts::default() };
    html! {
        <main class="page" onkeydown={keys(replay, &props.on_replay)}>
            <div class="objhead"><Icon of={Pic::History} size={IconSize::Large} /><h1>{ &row.name }</h1><span class="t3">{ "Run of a cluster in " }<span class="mono">{ &row.namespace }</span></span></div>
            <dl class="facts">
                <div><dt>{ "Is" }</dt><dd><Pill {state}>{ words }</Pill></dd></div>
                <div><dt>{ "Started" }</dt><dd>{ props.clock.moment(row.started) }</dd></div>
                <div><dt>{ "Made in" }</dt><dd class="num">{ made_in(row) }</dd></div>
                <div><dt>{ "Machines" }</dt><dd class="num">{ row.machines }</dd></div>
                <div><dt>{ "Kubernetes" }</dt><dd><span class="mono">{ &row.version }</span></dd></div>
                <div><dt>{ "Class" }</dt><dd><span class="mono">{ if row.class.is_empty() { "–" } else { &row.class } }</span></dd></div>
            </dl>
            { controls(replay, then, &props.on_replay) }
            <div class="capi">
                <div class="lft">
                    { drawn(&row.name, &parts, Timeline::span(replay.from, replay.to), then, None) }
                    if parts.lanes.is_empty() { <EmptyState head="No machine yet">{ "At this moment none was made." }</EmptyState> }
                </div>
                { told(run, replay, then) }
            </div>
        </main>
    }
}

/// Space plays and stands still, the arrows lead to what happened next or before.
fn keys(replay: &Replay, on_replay: &Callback<Replay>) -> Callback<KeyboardEvent> {
    let (replay, on_replay) = (replay.clone(), on_replay.clone());
    Callback::from(move |e: KeyboardEvent| {
        if e.ctrl_key() || e.meta_key() || e.alt_key() {
            return;
        }
        let next = match e.key().as_str() {
            // A button that has the focus is pressed by it.
            " " if e.target_dyn_into::<Element>().is_some_and(|at| at.tag_name() == "BUTTON") => return,
            " " => replay.clone().turn(),
            "ArrowLeft" => replay.clone().step(Towards::Back),
            "ArrowRight" => replay.clone().step(Towards::Forth),
            "Home" => replay.clone().seek(0),
            "End" => replay.clone().seek(1_000),
            _ => return,
        };
        e.prevent_default();
        on_replay.emit(next);
    })
}

fn controls(replay: &Replay, then: Clock, on_replay: &Callback<Replay>) -> Html {
    let to = |next: Replay| on_replay.reform(move |_: MouseEvent| next.clone());
    let (icon, words) = match replay.moves {
        Moves::Playing => (Pic::Pause, "Pause"),
        Moves::Paused => (Pic::Play, "Play"),
    };
    let seek = {
        let (replay, on_replay) = (replay.clone(), on_replay.clone());
        Callback::from(move |e: InputEvent| {
            let place = e.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok()).unwrap_or_default();
            on_replay.emit(replay.clone().seek(place));
        })
    };
    html! {
        <div class="replay row g8" role="group" aria-label="Replay">
            <Btn kind={BtnKind::Primary} {icon} onclick={to(replay.clone().turn())}>{ words }</Btn>
            <Btn onclick={to(replay.clone().step(Towards::Back))}>{ "Step back" }</Btn>
            <Btn onclick={to(replay.clone().step(Towards::Forth))}>{ "Step forward" }</Btn>
            <input type="range" min="0" max="1000" value={replay.thousandths().to_string()} aria-label="Moment" aria-valuetext={then.seconds(replay.at)} oninput={seek} />
            <span class="num t2">{ then.seconds(replay.at) }</span>
        </div>
    }
}

fn told(run: &Run, replay: &Replay, then: Clock) -> Html {
    let events = events_until(run, replay.at);
    html! {
        <aside class="rgt" aria-label="Told by then">
            <h2 class="sec" style="margin-bottom:8px">{ "Told by then" }<span class="t3">{ events.len() }</span></h2>
            if events.is_empty() { <p class="t3 s12">{ "No event of this run was seen by this moment." }</p> }
            { for events.iter().take(60).map(|event| html! {
                <div key={event.id.clone()} class="quote"><span class="src">{ format!("{}, {} of {} {}", then.seconds(event.at), event.reason, event.kind, event.name) }</span>{ &event.message }</div>
            }) }
        </aside>
    }
}
