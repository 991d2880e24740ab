//! Which step took how long, and which is late?

use std::rc::Rc;

use api::capi::Lane;
use yew::prelude::*;

use crate::{
    model::{
        capi::Timeline,
        clock::Clock,
        machine::{StepLine, step_lines, step_words},
    },
    widgets::Glyph,
};

/// A row a step, with what it took beside what it usually takes.
pub(super) fn table(lane: &Rc<Lane>, clock: Clock) -> Html {
    let time = Timeline::of(std::slice::from_ref(lane), clock.now);
    let lines = step_lines(lane, time, clock.now);
    let left = |moment| {
        let at = time.at(moment);
        format!("left:{}.{}%", at / 10, at % 10)
    };
    let ticks = time.ticks();
    let live = clock.now < time.end();
    html! {
        <>
            <div class="subhead" style="margin-top:4px"><h2>{ "Step by step" }</h2><span class="t3 s12">{ "bars are this machine; outlines are what its pool usually needs" }</span></div>
            <div class="lanetab" style="padding-right:20px">
                <div class="gantt" style="--lw:148px;flex:none">
                    <div class="ax"><div></div><div class="trk">{ for ticks.iter().map(|tick| html! { <span style={left(*tick)}>{ clock.time(*tick) }</span> }) }</div></div>
                    <div class="gb">
                        <div class="grid">
                            { for ticks.iter().map(|tick| html! { <i style={left(*tick)}></i> }) }
                            if live { <i class="now" style={left(clock.now)}></i> }
                        </div>
                        { for lines.iter().map(bars) }
                    </div>
                </div>
                <div class="notes">
                    <div class="mini-h"><span>{ "Took" }</span><span>{ "Pool usually" }</span></div>
                    { for lines.iter().map(|line| html! {
                        <div class="mini-r num"><span style={line.is_late.then_some("color:var(--st-warning-fg)")}>{ &line.took }</span><span class="t3">{ &line.usual }</span></div>
                    }) }
                </div>
            </div>
        </>
    }
}

fn bars(line: &StepLine) -> Html {
    let words = step_words(line.step);
    let said = format!("{words}: took {}, usually {}", line.took, line.usual);
    html! {
        <div class="gl-r">
            <div class="lb"><Glyph state={line.state} /><span class="unseen">{ line.state.word() }</span><span class="ell" title={said}>{ words }</span></div>
            <div class="trk">
                { for line.pieces.iter().map(|piece| {
                    let inside = if piece.class == "bar late" { html! { <span>{ &piece.words }</span> } } else { html! { { &piece.words } } };
                    html! { <span class={piece.class} style={piece.place.style()} title={piece.words.clone()}>{ inside }</span> }
                }) }
                if let Some(plan) = line.plan { <span class="bar plan" style={plan.style()}></span> }
            </div>
        </div>
    }
}
