//! What needs a human, and how are the machine and its jobs?

use std::rc::Rc;

use api::{
    Timestamp,
    computer::{ComputerView, DockerState},
    jobs::{JobRow, JobState},
};
use yew::prelude::*;

use crate::{
    model::{
        jobs::speech,
        needs::{Lead, Need},
        route::Route,
        time::{age, clock, gigabytes},
    },
    widgets::{Btn, BtnSize, Glyph, LinkBtn, Meter, MeterMood, Said, State},
    words::fleet::{JOBS, MACHINE, NEEDS},
};

#[derive(Properties, PartialEq)]
pub struct AsideProps {
    pub needs: Vec<Need>,
    pub computer: ComputerView,
    pub jobs: Vec<Rc<JobRow>>,
    pub now: Timestamp,
    pub on_lead: Callback<Lead>,
    pub on_go: Callback<Route>,
}

/// How many jobs stand here; the others are one click away.
const JOBS_SHOWN: usize = 4;
/// So many needs leave room for the machine and the jobs below them.
const NEEDS_SHOWN: usize = 3;

#[component]
pub fn Aside(props: &AsideProps) -> Html {
    let go = |route: Route| {
        let call = props.on_go.clone();
        Callback::from(move |_: MouseEvent| call.emit(route.clone()))
    };
    let whole = use_state(|| false);
    let hidden = if *whole { 0 } else { props.needs.len().saturating_sub(NEEDS_SHOWN) };
    let show = {
        let whole = whole.setter();
        Callback::from(move |_: MouseEvent| whole.set(true))
    };
    html! {
        <aside class="aside">
            <div>
                <h2 class="sec">{ NEEDS }{ " " }<span class="t3 num">{ props.needs.len() }</span>if hidden > 0 { <span class="grow"></span><LinkBtn class="s12 plain" onclick={show}>{ "Show all" }</LinkBtn> }</h2>
                <div class="card">
                    { for props.needs.iter().take(props.needs.len() - hidden).map(|need| need_row(need, &props.on_lead)) }
                    if props.needs.is_empty() { <div class="need"><Glyph state={State::Healthy} /><div class="t2">{ "Nothing waits for you." }</div></div> }
                </div>
            </div>
            <div>
                <h2 class="sec">{ MACHINE }{ " " }<span class="grow"></span><LinkBtn class="s12 plain" onclick={go(Route::Doctor)}>{ "Doctor" }</LinkBtn></h2>
                { machine(&props.computer) }
            </div>
            if !props.jobs.is_empty() {
                <div>
                    <h2 class="sec">{ JOBS }{ " " }<span class="grow"></span><LinkBtn class="s12 plain" onclick={go(Route::Jobs)}>{ "All jobs" }</LinkBtn></h2>
                    <div class="card">{ for props.jobs.iter().take(JOBS_SHOWN).map(|row| job(row, props)) }</div>
                </div>
            }
        </aside>
    }
}

pub(super) fn need_row(need: &Need, on_lead: &Callback<Lead>) -> Html {
    let (call, lead) = (on_lead.clone(), need.lead.clone());
    let onclick = Callback::from(move |_: MouseEvent| call.emit(lead.clone()));
    html! {
        <div class="need">
            <Glyph state={need.state} />
            <div class="hd">{ &need.head }</div>
            if !need.text.is_empty() { <div class="tx">{ &need.text }</div> }
            <div class="btnrow"><Btn size={BtnSize::Small} {onclick}>{ &need.verb }</Btn></div>
        </div>
    }
}

fn machine(computer: &ComputerView) -> Html {
    let docker = match &computer.docker {
        DockerState::Running { version, .. } => html! { <dd class="mono">{ version }</dd> },
        DockerState::NotAsked => html! { <dd>{ "not asked yet" }</dd> },
        DockerState::NotInstalled => html! { <dd>{ "not installed" }</dd> },
        DockerState::Stopped { .. } => html! { <dd>{ "not running" }</dd> },
        DockerState::NoPermission { .. } => html! { <dd>{ "not allowed for this user" }</dd> },
        DockerState::Unreachable { .. } => html! { <dd>{ "does not answer" }</dd> },
    };
    html! {
        <div class="card" style="padding:12px;display:flex;flex-direction:column;gap:12px">
            { meter("Memory for Docker", computer.memory_total, computer.memory_free) }
            { meter("Disk at Docker root", computer.disk_total, computer.disk_free) }
            <dl class="kv"><dt>{ "Docker" }</dt>{ docker }<dt>{ "Cluster containers" }</dt><dd class="num">{ format!("{} running", computer.containers) }</dd></dl>
        </div>
    }
}

fn meter(label: &'static str, total: u64, free: u64) -> Html {
    if total == 0 {
        return html! { <div class="meterrow"><span class="t2">{ label }</span><span class="num t3">{ "not known" }</span></div> };
    }
    let used = total.saturating_sub(free);
    let share = (used.saturating_mul(1000) / total) as u16;
    let mood = if share > 900 { MeterMood::Warning } else { MeterMood::Neutral };
    html! {
        <div class="meterrow">
            <span class="t2">{ label }</span><span class="num">{ format!("{} of {} GB", gigabytes(used), gigabytes(total)) }</span>
            <Meter {share} {label} {mood} />
        </div>
    }
}

fn job(row: &Rc<JobRow>, props: &AsideProps) -> Html {
    let (state, when) = match (&row.state, row.ended) {
        (JobState::Running | JobState::Undoing { .. }, _) => (State::Progress, clock(props.now.since(row.started))),
        (JobState::Done | JobState::Kept, ended) => (State::Done, since(ended, props.now)),
        (JobState::Undone, ended) => (State::Deleting, since(ended, props.now)),
        (JobState::Failed { .. } | JobState::UndoFailed { .. } | JobState::Damaged { .. }, ended) => (State::Failed, since(ended, props.now)),
        (JobState::Interrupted { .. }, ended) => (State::Warning, since(ended, props.now)),
    };
    let (call, id) = (props.on_go.clone(), row.id.clone());
    let onclick = Callback::from(move |_: MouseEvent| call.emit(Route::Job(id.clone())));
    html! {
        <button key={row.id.0.clone()} type="button" class="need job-link" {onclick}>
            <Glyph {state} /><div class="ell" title={row.title.plain()}><Said words={speech::brief(&row.title)} />{ " " }<span class="t3 num">{ when }</span></div>
        </button>
    }
}

fn since(ended: Option<Timestamp>, now: Timestamp) -> String {
    ended.map(|at| format!("{} ago", age(now.since(at)))).unwrap_or_default()
}
