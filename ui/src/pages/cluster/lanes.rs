//! How is each machine made over time?

use std::rc::Rc;

use api::capi::Lane;
use yew::prelude::*;

use crate::{
    model::{
        capi::{Timeline, grouped, lane_state, pieces, short},
        clock::Clock,
    },
    widgets::Glyph,
};

const LEGEND: [(&str, &str); 7] = [
    ("bar p1", "waiting"),
    ("bar p2", "container"),
    ("bar p3", "init or join"),
    ("bar p4", "node ready"),
    ("bar ok", "healthy"),
    ("bar run", "now"),
    ("bar late", "late"),
];

/// So many thousandths of the time line are under the word at the line of now.
const NOW_WORD: u32 = 45;

/// A lane a machine, with the line of now.
pub(super) fn lanes(cluster: &str, lanes: &[Rc<Lane>], clock: Clock, on_machine: &Callback<String>) -> Html {
    if lanes.is_empty() {
        return Html::default();
    }
    drawn(cluster, lanes, Timeline::of(lanes, clock.now), clock, Some(on_machine))
}

/// The same for a part of time that somebody chose.
pub(in crate::pages) fn drawn(cluster: &str, lanes: &[Rc<Lane>], time: Timeline, clock: Clock, on_machine: Option<&Callback<String>>) -> Html {
    let left = |moment| {
        let at = time.at(moment);
        format!("left:{}.{}%", at / 10, at % 10)
    };
    let ticks = time.ticks();
    let live = clock.now < time.end();
    html! {
        <>
            <div class="subhead" style="margin-top:10px">
                <h2>{ "Machine by machine" }</h2><span class="grow"></span>
                <div class="legend" aria-hidden="true">{ for LEGEND.iter().map(|(class, words)| html! { <span><i class={*class}></i>{ *words }</span> }) }</div>
            </div>
            <div class="gantt">
                <div class="ax"><div></div><div class="trk">{ for ticks.iter().filter(|tick| !live || time.at(clock.now).abs_diff(time.at(**tick)) > NOW_WORD).map(|tick| html! { <span style={left(*tick)}>{ clock.time(*tick) }</span> }) }</div></div>
                <div class="gb">
                    <div class="grid">
                        { for ticks.iter().map(|tick| html! { <i style={left(*tick)}></i> }) }
                        if live { <i class="now" style={left(clock.now)}></i> }
                    </div>
                    { for grouped(lanes).iter().map(|(words, lanes)| html! {
                        <>
                            <div class="gl-r hd"><div class="lb h">{ words }</div><div class="trk"></div></div>
                            { for lanes.iter().map(|lane| one(cluster, lane, time, clock, on_machine)) }
                        </>
                    }) }
                </div>
            </div>
        </>
    }
}

fn one(cluster: &str, lane: &Lane, time: Timeline, clock: Clock, on_machine: Option<&Callback<String>>) -> Html {
    let state = lane_state(lane, clock.now);
    let bars = pieces(lane, time, clock.now).into_iter().map(|piece| {
        let words = if !piece.place.holds(&piece.words) {
            Html::default()
        } else if piece.class == "bar late" {
            html! { <span>{ &piece.words }</span> }
        } else {
            html! { { &piece.words } }
        };
        html! { <span class={piece.class} style={piece.place.style()} title={piece.words.clone()}>{ words }</span> }
    });
    let words = short(&lane.machine, cluster);
    let name = match on_machine {
        Some(on_machine) => {
            let machine = lane.machine.clone();
            let onclick = on_machine.reform(move |_: MouseEvent| machine.clone());
            html! { <button type="button" class="bare ell" title={lane.machine.clone()} {onclick}>{ words }</button> }
        }
        None => html! { <span class="ell" title={lane.machine.clone()}>{ words }</span> },
    };
    html! {
        <div key={lane.machine.clone()} class="gl-r">
            <div class="lb"><Glyph {state} /><span class="unseen">{ state.word() }</span>{ name }</div>
            <div class="trk">{ for bars }</div>
        </div>
    }
}
