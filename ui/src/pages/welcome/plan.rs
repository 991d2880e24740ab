//! What will happen, step by step, and how long does each step usually take?

use api::{Millis, jobs::PlannedStep};
use yew::prelude::*;

use crate::{model::time::clock, widgets::said};

#[derive(Properties, PartialEq)]
pub struct PlanLanesProps {
    pub steps: Vec<PlannedStep>,
}

/// One lane per step; the bar stands where the step is expected.
#[component]
pub fn PlanLanes(props: &PlanLanesProps) -> Html {
    let total: u64 = props.steps.iter().map(|s| s.expected.0).sum();
    // Room for the words behind the last bar.
    let scale = (total as f64 * 1.28).max(1.0);
    let percent = |ms: u64| ms as f64 * 100.0 / scale;
    let mut from = 0;
    let lanes: Vec<Html> = props
        .steps
        .iter()
        .map(|step| {
            let (left, width) = (percent(from), percent(step.expected.0).max(1.0));
            from += step.expected.0;
            let time = if step.expected.0 >= 60_000 { clock(step.expected) } else { format!("{} s", step.expected.0.div_ceil(1_000)) };
            let detail = step.detail.plain();
            let words = if detail.is_empty() { time } else { format!("{time}, {detail}") };
            html! {
                <div class="lane"><span class="lb ell">{ said(&step.title) }</span><div class="trk"><span class="ghost" style={format!("left:{left:.2}%;width:{width:.2}%")}></span><span class="dur" style={format!("left:calc({:.2}% + 8px)", left + width)}>{ words }</span></div></div>
            }
        })
        .collect();
    let ticks: Vec<f64> = ticks(total).map(percent).collect();
    let labels = ticks_of(total);
    html! {
        <div class="lanes">
            { for lanes }
            <div class="axis"><div></div><div class="trk">{ for labels.iter().zip(&ticks).map(|(words, at)| html! { <span style={format!("left:{at:.2}%")}>{ words }</span> }) }</div></div>
            <div class="vgrid">{ for ticks.iter().map(|at| html! { <i style={format!("left:{at:.2}%")}></i> }) }</div>
        </div>
    }
}

/// A tick per minute; per five minutes when a plan is long.
fn ticks(total: u64) -> impl Iterator<Item = u64> {
    let step = if total > 600_000 { 300_000 } else { 60_000 };
    (0..=total * 128 / 100).step_by(step as usize)
}

fn ticks_of(total: u64) -> Vec<String> {
    ticks(total).map(|ms| clock(Millis(ms))).collect()
}
