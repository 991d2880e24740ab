//! Which step took how long, and which is late?

use std::rc::Rc;

use api::capi::Lane;
use yew::prelude::*;

use crate::{
    model::{
        capi::{
            Piece, Timeline,
            lanes::{PLAN, TryMark, going_on, try_marks},
        },
        clock::Clock,
        machine::{StepLine, Tries, step_lines, step_words},
    },
    pages::gantt::{axis, grid, track},
    widgets::Glyph,
};

/// A row a step, with what it took beside what it usually takes.
pub(super) fn table(lane: &Rc<Lane>, tried: &Tries, clock: Clock) -> Html {
    let time = Timeline::of(std::slice::from_ref(lane), clock.now);
    let lines = step_lines(lane, time, clock.now);
    let open = going_on(lane).map(|bar| bar.step);
    let tries = try_marks(&tried.began, time);
    html! {
        <>
            <div class="subhead" style="margin-top:4px"><h2>{ "Step by step" }</h2><span class="t3 s12">{ "bars are this machine; outlines are what its pool usually needs" }</span>
                if tried.all > 1 { <span class="s12" style="color:var(--st-warning-fg)">{ format!("tried {} times", tried.all) }</span> }
            </div>
            <div class="lanetab" style="padding-right:20px">
                <div class="gantt" style="--lw:148px;flex:none">
                    { axis(time, clock) }
                    <div class="gb">
                        { grid(time, clock) }
                        { for lines.iter().map(|line| bars(line, if open == Some(line.step) { &tries } else { &[] })) }
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

fn bars(line: &StepLine, tries: &[TryMark]) -> Html {
    let words = step_words(line.step);
    let said = format!("{words}: took {}, usually {}", line.took, line.usual);
    let plan = line.plan.map(|place| Piece { class: PLAN, place, words: String::new() });
    html! {
        <div class="gl-r">
            <div class="lb"><Glyph state={line.state} /><span class="unseen">{ line.state.word() }</span><span class="ell" title={said}>{ words }</span></div>
            { track(line.pieces.iter().cloned().chain(plan).collect(), tries) }
        </div>
    }
}
