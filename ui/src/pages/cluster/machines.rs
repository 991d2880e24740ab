//! Which machines has a cluster, and who watches them?

use std::rc::Rc;

use api::{
    Timestamp,
    capi::LaneGroup,
    machines::{HealthCheckRow, MachineRow},
};
use yew::prelude::*;

use super::verbs::Verb;
use crate::{
    model::{
        capi::short,
        clock::{Clock, count},
        machine::{group_words, machine_words, told_words},
        time::age,
    },
    widgets::{Banner, Btn, BtnSize, EmptyState, Pill, State, Voice},
};

const MACHINES: &str = "--cols:minmax(0,1fr) 150px 88px 150px 64px 72px 76px 84px 52px;--pad:20px";
const CHECKS: &str = "--cols:minmax(0,1fr) 88px 104px minmax(0,1.4fr) 104px 120px 76px;--pad:20px";

/// As many replacements by one check are a loop.
const LOOP: u32 = 2;

/// All machines, then the checks that watch them.
pub(super) fn machines(
    cluster: &str,
    rows: &[Rc<MachineRow>],
    checks: &[Rc<HealthCheckRow>],
    clock: Clock,
    on_machine: &Callback<String>,
    on_verb: Option<&Callback<Verb>>,
) -> Html {
    html! {
        <div class="scroll">
            if rows.is_empty() {
                <EmptyState head="No machines">{ "None was made yet, or all of them are gone." }</EmptyState>
            } else {
                <div class="datatable" role="table" aria-label="Machines" style={MACHINES}>
                    <div class="th" role="row">
                        { for ["Machine", "State", "Pool", "Node", "Ready", "Available", "Up to date", "Version"].map(|head| html! { <div role="columnheader">{ head }</div> }) }
                        <div role="columnheader" class="right">{ "Age" }</div>
                    </div>
                    { for rows.iter().map(|row| machine(cluster, row, clock.now, on_machine)) }
                </div>
            }
            <div class="subhead" style="margin-top:10px"><h2>{ "Health checks" }</h2><span class="t3 s12">{ "they replace machines that stay ill" }</span></div>
            { health_checks(checks, rows, clock, on_verb) }
        </div>
    }
}

fn machine(cluster: &str, row: &MachineRow, now: Timestamp, on_machine: &Callback<String>) -> Html {
    let (state, voice, words) = machine_words(row, now);
    let name = row.name.clone();
    let onclick = on_machine.reform(move |_: MouseEvent| name.clone());
    let pool = if row.group == LaneGroup::ControlPlane { "" } else { group_words(&row.group) };
    html! {
        <div key={row.name.clone()} class="tr opens" role="row" style="height:30px" onclick={onclick.clone()}>
            <div class="vis" role="cell"><button type="button" class="bare name ell" title={row.name.clone()} {onclick}>{ &row.name }</button></div>
            <div role="cell"><Pill {state} {voice}>{ words }</Pill></div>
            <div class="t2 ell" role="cell">if pool.is_empty() { { "control plane" } } else { <span class="mono s12">{ pool }</span> }</div>
            <div class="mono t2 s12 ell" role="cell" title={row.node.clone()}>{ if row.node.is_empty() { "none yet".to_owned() } else { short(&row.node, cluster) } }</div>
            { for [row.ready, row.available, row.up_to_date].map(told) }
            <div class="mono t2 s12" role="cell">{ &row.version }</div>
            <div class="num t2 right" role="cell">{ row.created.map(|at| age(now.since(at))) }</div>
        </div>
    }
}

pub(in crate::pages) fn told(told: api::machines::Told) -> Html {
    let (state, words) = told_words(told);
    html! { <div role="cell"><Pill {state}>{ words }</Pill></div> }
}

fn health_checks(checks: &[Rc<HealthCheckRow>], machines: &[Rc<MachineRow>], clock: Clock, on_verb: Option<&Callback<Verb>>) -> Html {
    let groups = unwatched_groups(checks, machines);
    let watch = on_verb
        .filter(|_| !groups.is_empty())
        .map(|on_verb| html! { <div class="row g8" style="padding:8px 20px;flex-wrap:wrap">{ for groups.iter().map(|group| watch(group, on_verb)) }</div> });
    if checks.is_empty() {
        let why = "No MachineHealthCheck watches this cluster: a machine that falls ill stays until somebody replaces it.";
        return html! { <><EmptyState head="No health check">{ why }</EmptyState>{ watch }</> };
    }
    let unwatched: Vec<&str> = machines.iter().filter(|machine| machine.checks.is_empty()).map(|machine| machine.name.as_str()).collect();
    html! {
        <>
            { for checks.iter().filter(|check| check.replaced >= LOOP).map(|check| html! {
                <Banner state={State::Warning} head={format!("{} replaced {} so far.", check.name, count(u64::from(check.replaced), "machine"))}>
                    { "When new ones fall ill the same way, replacing them does not help: look for what they have in common, mostly a network that is missing." }
                </Banner>
            }) }
            <div class="datatable" role="table" aria-label="Health checks" style={CHECKS}>
                <div class="th" role="row">
                    { for ["Check", "Healthy", "May replace", "Gives a machine up when", "To join", "Replaced"].map(|head| html! { <div role="columnheader">{ head }</div> }) }
                    <div role="columnheader"><span class="unseen">{ "Change" }</span></div>
                </div>
                { for checks.iter().map(|check| health_check(check, clock, on_verb)) }
            </div>
            if !unwatched.is_empty() { <p class="t3 s12" style="padding:8px 20px">{ format!("No check watches {}.", unwatched.join(", ")) }</p> }
            { watch }
        </>
    }
}

/// Groups with machines that no check chooses, each once.
fn unwatched_groups(checks: &[Rc<HealthCheckRow>], machines: &[Rc<MachineRow>]) -> Vec<LaneGroup> {
    let mut groups: Vec<LaneGroup> = vec![];
    for machine in machines.iter().filter(|machine| machine.checks.is_empty() && machine.group != LaneGroup::Alone) {
        if !groups.contains(&machine.group) && !checks.iter().any(|check| check.group.as_ref() == Some(&machine.group)) {
            groups.push(machine.group.clone());
        }
    }
    groups
}

fn watch(group: &LaneGroup, on_verb: &Callback<Verb>) -> Html {
    let words = match group {
        LaneGroup::ControlPlane => "Watch the control plane…".to_owned(),
        LaneGroup::Pool(pool) => format!("Watch {pool}…"),
        LaneGroup::Alone => return Html::default(),
    };
    let group = group.clone();
    let onclick = on_verb.reform(move |_: MouseEvent| Verb::Health(group.clone()));
    html! { <Btn size={BtnSize::Small} {onclick}>{ words }</Btn> }
}

/// A check whose machines are no group is changed where it was written.
fn change(check: &HealthCheckRow, on_verb: Option<&Callback<Verb>>) -> Html {
    let (Some(group), Some(on_verb)) = (check.group.clone(), on_verb) else { return Html::default() };
    let onclick = on_verb.reform(move |_: MouseEvent| Verb::Health(group.clone()));
    html! { <Btn size={BtnSize::Small} {onclick}>{ "Change…" }</Btn> }
}

fn health_check(check: &HealthCheckRow, clock: Clock, on_verb: Option<&Callback<Verb>>) -> Html {
    let (state, voice) = match (check.stopped.is_empty(), check.healthy < check.expected) {
        (false, _) => (State::Warning, Voice::Tinted),
        (true, true) => (State::Progress, Voice::Quiet),
        (true, false) => (State::Healthy, Voice::Quiet),
    };
    let may = if check.stopped.is_empty() { check.allowed.map_or_else(|| "not told".to_owned(), |n| format!("{n} at once")) } else { "none now".to_owned() };
    let replaced = match check.last_replaced {
        _ if check.replaced == 0 => "none seen".to_owned(),
        Some(at) => format!("{}, last {}", check.replaced, clock.moment(at)),
        None => check.replaced.to_string(),
    };
    let rules = check.rules.join(", ");
    html! {
        <div key={check.name.clone()} class="tr" role="row" style="height:30px">
            <div class="vis" role="cell"><span class="name ell" title={check.watches.join("\n")}>{ &check.name }</span></div>
            <div role="cell"><Pill {state} {voice}>{ format!("{} of {}", check.healthy, check.expected) }</Pill></div>
            <div class="t2 ell" role="cell" title={check.stopped.clone()}>{ may }</div>
            <div class="t2 s12 ell" role="cell" title={rules.clone()}>{ if rules.is_empty() { "no rule named".to_owned() } else { rules } }</div>
            <div class="t2 s12" role="cell">{ check.start_up.map_or_else(|| "no limit".to_owned(), |limit| format!("within {}", age(limit))) }</div>
            <div class="t2 s12" role="cell">{ replaced }</div>
            <div role="cell">{ change(check, on_verb) }</div>
        </div>
    }
}
