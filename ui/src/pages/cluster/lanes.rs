//! How is each machine made over time?

use api::{capi::Lane, shared::SharedLane};
use yew::prelude::*;

use crate::{
    model::{
        capi::{
            Timeline, grouped, lane_state,
            lanes::{GONE, PLAN, expected, leaves_words, try_marks},
            pieces, short,
        },
        clock::Clock,
        machine::tries_of,
        parts::Parts,
        shared,
    },
    pages::gantt::{axis, grid, track},
    widgets::Glyph,
};

const LEGEND: [(&str, &str); 9] = [
    ("bar p1", "waiting"),
    ("bar p2", "container"),
    ("bar p3", "init or join"),
    ("bar p4", "node ready"),
    ("bar ok", "healthy"),
    ("bar run", "now"),
    ("bar late", "late"),
    (PLAN, "expected"),
    (GONE, "removed"),
];

/// A lane for each part that the machines share and for each machine, with the line of now.
pub(super) fn lanes(cluster: &str, parts: &Parts, clock: Clock, on_machine: &Callback<String>) -> Html {
    if parts.lanes.is_empty() && parts.shared.is_empty() {
        return Html::default();
    }
    drawn(cluster, parts, Timeline::of_all(&parts.lanes, &parts.shared, clock.now), clock, Some(on_machine))
}

/// The same for a part of time that somebody chose.
pub(in crate::pages) fn drawn(cluster: &str, parts: &Parts, time: Timeline, clock: Clock, on_machine: Option<&Callback<String>>) -> Html {
    // A run that plays again expects nothing, and neither does a cluster before its first machine.
    let expects = parts.lanes.iter().any(|lane| lane.usual.iter().any(Option::is_some));
    let goes = parts.lanes.iter().any(|lane| !lane.leaving.bars.is_empty());
    let legend = LEGEND.iter().filter(|(class, _)| (expects || *class != PLAN) && (goes || *class != GONE));
    html! {
        <>
            <div class="subhead" style="margin-top:10px">
                <h2>{ "Machine by machine" }</h2><span class="grow"></span>
                <div class="legend" aria-hidden="true">{ for legend.map(|(class, words)| html! { <span><i class={*class}></i>{ *words }</span> }) }</div>
            </div>
            <div class="gantt">
                { axis(time, clock) }
                <div class="gb">
                    { grid(time, clock) }
                    if !parts.shared.is_empty() {
                        <div class="gl-r hd"><div class="lb h">{ "Cluster" }</div><div class="trk"></div></div>
                        { for parts.shared.iter().map(|lane| of_all(lane, time, clock)) }
                    }
                    { for grouped(&parts.lanes).iter().map(|(words, lanes)| html! {
                        <>
                            <div class="gl-r hd"><div class="lb h">{ words }</div><div class="trk"></div></div>
                            { for lanes.iter().map(|lane| one(cluster, lane, parts, time, clock, on_machine)) }
                        </>
                    }) }
                </div>
            </div>
        </>
    }
}

fn of_all(lane: &SharedLane, time: Timeline, clock: Clock) -> Html {
    let (state, name) = (shared::state(lane), shared::called(&lane.what));
    html! {
        <div key={format!("{:?}", lane.what)} class="gl-r">
            <div class="lb"><Glyph {state} /><span class="unseen">{ state.word() }</span><span class="ell" title={name.clone()}>{ &name }</span></div>
            { track(shared::pieces(lane, time, clock.now), &[]) }
        </div>
    }
}

fn one(cluster: &str, lane: &Lane, parts: &Parts, time: Timeline, clock: Clock, on_machine: Option<&Callback<String>>) -> Html {
    let state = lane_state(lane, clock.now);
    let bars = pieces(lane, time, clock.now).into_iter().chain(expected(lane, time, clock.now)).collect();
    let tries = try_marks(&tries_of(lane, parts).began, time);
    let words = short(&lane.machine, cluster);
    let name = match on_machine {
        Some(on_machine) => {
            let machine = lane.machine.clone();
            let onclick = on_machine.reform(move |_: MouseEvent| machine.clone());
            html! { <button type="button" class="bare ell" title={lane.machine.clone()} {onclick}>{ words }</button> }
        }
        None => html! { <span class="ell" title={lane.machine.clone()}>{ words }</span> },
    };
    let waits = leaves_words(lane);
    html! {
        <div key={lane.machine.clone()} class="gl-r" title={waits.clone()}>
            <div class="lb"><Glyph {state} /><span class="unseen">{ state.word() }</span>{ name }
                if let Some(waits) = waits { <span class="unseen">{ waits }</span> }
            </div>
            { track(bars, &tries) }
        </div>
    }
}
