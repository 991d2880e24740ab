//! What is this machine, and how full is it?

use api::computer::ComputerView;
use yew::prelude::*;

use super::Action;
use crate::{
    model::doctor::{Gauge, GaugeMood, gauges},
    widgets::{Btn, BtnSize, Pic, Skeleton},
};

pub(super) fn aside(computer: Option<&ComputerView>, left_over: &[String], on: &Callback<Action>) -> Html {
    let report = on.reform(|_: MouseEvent| Action::CopyReport);
    let machine = match computer {
        Some(computer) => html! {
            <>
                <dl class="kv">
                    <dt>{ "System" }</dt><dd>{ &computer.system }</dd>
                    <dt>{ "Processors" }</dt><dd class="num">{ computer.processors }</dd>
                    if !computer.docker_root.is_empty() { <><dt>{ "Docker root" }</dt><dd class="mono">{ &computer.docker_root }</dd></> }
                </dl>
                { for gauges(computer).iter().map(gauge) }
            </>
        },
        None => html! { <><Skeleton width={160} /><Skeleton width={220} /></> },
    };
    html! {
        <aside class="aside">
            <div><h2 class="sec" style="margin-bottom:8px">{ "This machine" }</h2><div class="card" style="padding:14px;display:flex;flex-direction:column;gap:14px">{ machine }</div></div>
            if !left_over.is_empty() {
                <div><h2 class="sec" style="margin-bottom:8px">{ "Left over" }</h2>{ for left_over.iter().map(|name| left(name, on)) }</div>
            }
            <div>
                <h2 class="sec" style="margin-bottom:8px">{ "Report" }</h2>
                <p class="s12 t2">{ "All results as text, without names of clusters or users. Good for an issue." }</p>
                <div class="btnrow" style="margin-top:9px"><Btn size={BtnSize::Small} icon={Pic::ClipboardCopy} onclick={report}>{ "Copy report" }</Btn></div>
            </div>
        </aside>
    }
}

/// What stays of a cluster whose control plane is gone; its removal is asked about like any deletion.
fn left(name: &str, on: &Callback<Action>) -> Html {
    let of = name.to_owned();
    let onclick = on.reform(move |_: MouseEvent| Action::Review(of.clone()));
    html! {
        <div class="card" style="padding:12px 14px;margin-bottom:8px">
            <p class="s12 t2">{ "Containers belong to a cluster whose control plane no longer exists: " }<span class="mono m" style="color:var(--text-1)">{ name.to_owned() }</span>{ "." }</p>
            <div class="btnrow" style="margin-top:9px"><Btn size={BtnSize::Small} {onclick}>{ "Review and remove…" }</Btn></div>
        </div>
    }
}

fn gauge(gauge: &Gauge) -> Html {
    let (hue, fill) = match gauge.mood {
        GaugeMood::Fine => (None, None),
        GaugeMood::Warning => (Some("color:var(--st-warning-fg)"), Some(";background:var(--st-warning-mark)")),
        GaugeMood::Full => (Some("color:var(--st-failed-fg)"), Some(";background:var(--st-failed-mark)")),
    };
    let percent = gauge.share / 10;
    html! {
        <div class="meterrow">
            <span class="t2">{ gauge.label }</span><span class="num" style={hue}>{ &gauge.words }</span>
            <div class="meter" role="meter" aria-label={gauge.label} aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent.to_string()}>
                <i style={format!("width:{percent}%{}", fill.unwrap_or_default())}></i>
            </div>
        </div>
    }
}
