//! What is this machine, and how full is it?

use api::{
    computer::ComputerView,
    local::{LeftNetwork, Leftover, Leftovers, Unsure},
};
use yew::prelude::*;

use super::Action;
use crate::{
    model::{
        change::listed,
        clock::{Clock, bytes, count},
        doctor::{Gauge, GaugeMood, gauges},
    },
    widgets::{Btn, BtnSize, Pic, Skeleton},
};

pub(super) fn aside(computer: Option<&ComputerView>, left_over: &Leftovers, clock: Clock, on: &Callback<Action>) -> Html {
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
            // What may be needed is only told beside what is not: an unopened context is no trouble.
            if !left_over.sure.is_empty() || !left_over.networks.is_empty() {
                <div>
                    <h2 class="sec" style="margin-bottom:8px">{ "Left over" }</h2>
                    { for left_over.sure.iter().map(|one| left(one, clock, on)) }
                    { for left_over.unsure.iter().map(unsure) }
                    { for left_over.networks.iter().map(|one| network(one, on)) }
                </div>
            }
            <div>
                <h2 class="sec" style="margin-bottom:8px">{ "Report" }</h2>
                <p class="s12 t2">{ "All results as text, without names of clusters or users. Good for an issue." }</p>
                <div class="btnrow" style="margin-top:9px"><Btn size={BtnSize::Small} icon={Pic::ClipboardCopy} onclick={report}>{ "Copy report" }</Btn></div>
            </div>
        </aside>
    }
}

/// What stays of a cluster that nobody knows; its removal is asked about like any deletion.
fn left(one: &Leftover, clock: Clock, on: &Callback<Action>) -> Html {
    let of = one.name.clone();
    let onclick = on.reform(move |_: MouseEvent| Action::Review(of.clone()));
    let mut facts = vec![count(one.containers.len() as u64, "container")];
    if one.volumes > 0 {
        facts.push(count(one.volumes.into(), "volume"));
    }
    facts.extend(one.bytes.map(bytes));
    facts.extend(one.created.map(|at| format!("made {}", clock.ago(at))));
    html! {
        <div class="card" style="padding:12px 14px;margin-bottom:8px">
            <p class="s12 t2"><span class="mono m" style="color:var(--text-1)">{ &one.name }</span>{ format!(": {}.", facts.join(", ")) }</p>
            <p class="s12 t3 mono" title={one.containers.join(", ")}>{ listed(&one.containers) }</p>
            <p class="s12 t3">{ &one.why }</p>
            <div class="btnrow" style="margin-top:9px"><Btn size={BtnSize::Small} {onclick}>{ "Review and remove…" }</Btn></div>
        </div>
    }
}

/// A network of Docker that nobody is on.
fn network(one: &LeftNetwork, on: &Callback<Action>) -> Html {
    let of = one.clone();
    let onclick = on.reform(move |_: MouseEvent| Action::RemoveNetwork(of.clone()));
    html! {
        <div class="card" style="padding:12px 14px;margin-bottom:8px">
            <p class="s12 t2"><span class="mono m" style="color:var(--text-1)">{ &one.name }</span>{ format!(": a network of Docker, {}.", one.ranges.join(" and ")) }</p>
            <p class="s12 t3">{ &one.why }</p>
            <div class="btnrow" style="margin-top:9px"><Btn size={BtnSize::Small} {onclick}>{ "Remove it…" }</Btn></div>
        </div>
    }
}

/// It is not offered: somebody who may still need it was not asked.
fn unsure(one: &Unsure) -> Html {
    html! {
        <div class="card" style="padding:12px 14px;margin-bottom:8px">
            <p class="s12 t2"><span class="mono m" style="color:var(--text-1)">{ &one.name }</span>{ " may be left over." }</p>
            <p class="s12 t3">{ &one.why }</p>
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
