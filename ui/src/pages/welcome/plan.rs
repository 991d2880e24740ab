//! What will happen, step by step, and how long does each step usually take?

use api::{Millis, jobs::PlannedStep};
use yew::prelude::*;

use crate::{
    model::{jobs::amount, time::clock},
    widgets::said,
};

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
            let words = beside(step, left + width);
            html! {
                <div class="lane" title={step.detail.plain()}><span class="lb ell">{ said(&step.title) }</span><div class="trk"><span class="ghost" style={format!("left:{left:.2}%;width:{width:.2}%")}></span><span class="dur" style={format!("left:calc({:.2}% + 8px)", left + width)}>{ words }</span></div></div>
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

/// What is said behind a bar that ends at so many percent, as far as it has room there.
fn beside(step: &PlannedStep, end: f64) -> String {
    // A letter takes about 1.4 % of the narrowest track.
    let fits = |words: &String| words.chars().count() as f64 * 1.4 + 2.0 <= 100.0 - end;
    let time = if step.expected.0 >= 60_000 { clock(step.expected) } else { format!("{} s", step.expected.0.div_ceil(1_000)) };
    let detail = step.detail.plain();
    // Of a step of a second its meaning says more than its time.
    let meaning = || detail.rsplit(", ").next().filter(|words| step.expected.0 <= 1_000 && !words.is_empty()).map(str::to_owned);
    let counted = step.amount.and_then(amount).map(|much| if step.expected == Millis(0) { much } else { format!("{time}, {much}") });
    counted.or_else(meaning).filter(fits).unwrap_or(time)
}

/// A tick per minute; per five minutes when a plan is long.
fn ticks(total: u64) -> impl Iterator<Item = u64> {
    let step = if total > 600_000 { 300_000 } else { 60_000 };
    (0..=total * 128 / 100).step_by(step as usize)
}

fn ticks_of(total: u64) -> Vec<String> {
    ticks(total).map(|ms| clock(Millis(ms))).collect()
}

#[cfg(test)]
mod tests {
    use api::{
        jobs::{Amount, Words},
        local::ImageIs,
    };

    use super::*;

    fn step(seconds: u64, detail: &str) -> PlannedStep {
        PlannedStep { title: Words::said("Step"), detail: Words::said(detail), expected: Millis::seconds(seconds), amount: None }
    }

    #[test]
    fn words_behind_a_bar_are_cut_to_their_room() {
        let pull = |seconds, of| beside(&PlannedStep { amount: Some(Amount::Image(of)), ..step(seconds, "kindest/node:v1.36.1") }, 30.0);
        assert_eq!(pull(72, ImageIs::ToBePulled { bytes: Some(412_000_000) }), "1:12, 412 MB");
        assert_eq!(pull(72, ImageIs::ToBePulled { bytes: None }), "1:12");
        assert_eq!(pull(0, ImageIs::Here { bytes: Some(1_084_000_000) }), "here, 1.1 GB");
        assert_eq!(beside(&step(72, "kindest/node:v1.36.1"), 30.0), "1:12");
        assert_eq!(beside(&step(1, "in its own file"), 77.0), "in its own file");
        assert_eq!(beside(&step(1, "context kind-kos-mgmt, in its own file"), 50.0), "in its own file");
        assert_eq!(beside(&step(1, "in its own file"), 90.0), "1 s");
    }
}
