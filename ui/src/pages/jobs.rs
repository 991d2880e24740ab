//! Which jobs are there, and what can be done with them?

use std::rc::Rc;

use api::{
    ContextId, JobId, Status,
    contexts::TryNow,
    feed,
    jobs::{CancelJob, ForgetJob, JobRow, JobState, RetryJob},
};
use yew::prelude::*;

use super::{fleet::explain::Explain, job::StopJob};
use crate::{
    feeds::use_feed,
    model::{
        clock::{Clock, span},
        fleet::row_id,
        jobs::list::{self, Action, Group},
        needs::{Lead, Need, sign_ins},
        route::Route,
    },
    shell::{
        clock::use_clock,
        fixes::{send, use_fix},
        router::use_router,
        toasts::use_toasts,
        world::use_world,
    },
    widgets::{Btn, BtnKind, BtnRow, BtnSize, EmptyState, Glyph, MiniSegs, Pic, Search, Skeleton, State, said},
    words::fleet::CREATE,
};

/// Follows the list of jobs.
#[component]
pub fn JobsPage() -> Html {
    let jobs = use_feed(feed::Jobs);
    let (world, router, toasts, on_fix) = (use_world(), use_router(), use_toasts(), use_fix());
    let explained = use_state(|| None::<ContextId>);
    let clock = use_clock(|_| list::pace(&jobs.rows()));
    let stopping = use_state(|| None::<JobId>);
    let on = {
        let (stopping, router, toasts) = (stopping.setter(), router.clone(), toasts.clone());
        Callback::from(move |(job, action): (JobId, Action)| match action {
            Action::Stop => stopping.set(Some(job)),
            Action::Open | Action::Output | Action::Decide => router.go(Route::Job(job)),
            Action::Retry { .. } => send(RetryJob { job }, &toasts),
            Action::LeaveUndo => send(CancelJob { job }, &toasts),
            Action::Forget => send(ForgetJob { job }, &toasts),
        })
    };
    let on_create = {
        let router = router.clone();
        Callback::from(move |()| router.go(Route::Create))
    };
    let on_close = {
        let stopping = stopping.setter();
        Callback::from(move |()| stopping.set(None))
    };
    let on_lead = {
        let (router, explained) = (router.clone(), explained.setter());
        Callback::from(move |lead: Lead| match lead {
            Lead::Explain(context) => explained.set(Some(context)),
            Lead::Trust(context) => router.go(Route::Trust(context)),
            // No sign-in leads there.
            Lead::Job(_) | Lead::Doctor | Lead::Start(_) | Lead::Open(_) | Lead::Cluster { .. } | Lead::CopyPath { .. } => {}
        })
    };
    let unexplained = {
        let explained = explained.setter();
        Callback::from(move |()| explained.set(None))
    };
    let on_try = Callback::from(move |context: ContextId| send(TryNow { context }, &toasts));
    let row = (*explained).as_ref().and_then(|id| world.contexts.get(&row_id(id)));
    html! {
        <>
            <JobsSheet jobs={jobs.rows()} needs={sign_ins(&world.contexts.rows(), clock)} status={jobs.status()} {clock} {on} {on_create} {on_lead} />
            if let Some(row) = row { <Explain {row} on_close={unexplained} {on_fix} {on_try} /> }
            if let Some(job) = (*stopping).clone() { <StopJob {job} {on_close} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct JobsSheetProps {
    pub jobs: Vec<Rc<JobRow>>,
    /// What waits for a person and is no job.
    #[prop_or_default]
    pub needs: Vec<Need>,
    pub status: Status,
    pub clock: Clock,
    pub on: Callback<(JobId, Action)>,
    /// Leads to the first job there can be.
    #[prop_or_default]
    pub on_create: Callback<()>,
    #[prop_or_default]
    pub on_lead: Callback<Lead>,
}

/// Jobs that need a person, that run, and that ended.
#[component]
pub fn JobsSheet(props: &JobsSheetProps) -> Html {
    let filter = use_state(String::new);
    let on_text = {
        let filter = filter.setter();
        Callback::from(move |text| filter.set(text))
    };
    let groups = list::groups(&props.jobs, &props.needs, &filter, props.clock);
    let below = if groups.is_empty() { nothing(props, &filter) } else { groups.iter().map(|g| group(g, props)).collect() };
    html! {
        <main class="page">
            <div class="pagehead">
                <div><h1>{ "Jobs" }</h1><p>{ "Work goes on when you leave a page. Every job keeps its output, and you can start a stopped one again where it stopped." }</p></div>
                <BtnRow><Search value={(*filter).clone()} placeholder="Filter" style="width:200px" {on_text} /></BtnRow>
            </div>
            <div class="scroll joblists">{ below }</div>
        </main>
    }
}

fn nothing(props: &JobsSheetProps, filter: &UseStateHandle<String>) -> Html {
    match &props.status {
        Status::Loading => {
            html! { <div class="frame" aria-busy="true">{ for [260_u16, 220, 300].map(|width| html! { <div class="job"><span></span><Skeleton {width} /></div> }) }</div> }
        }
        Status::Live | Status::Closed if props.jobs.is_empty() => {
            let create = props.on_create.reform(|_: MouseEvent| ());
            let actions = html! { <Btn size={BtnSize::Small} onclick={create}>{ CREATE }</Btn> };
            html! { <EmptyState head="No job has run yet" {actions}>{ "Creating, starting, stopping and deleting clusters are jobs. Each is listed here with its output." }</EmptyState> }
        }
        Status::Live | Status::Closed => {
            let clear = filter.setter();
            let actions = html! { <Btn size={BtnSize::Small} onclick={Callback::from(move |_: MouseEvent| clear.set(String::new()))}>{ "Clear filter" }</Btn> };
            html! { <EmptyState head={html! { format!("No job matches “{}”", filter.trim()) }} {actions}>{ format!("{} jobs are known.", props.jobs.len()) }</EmptyState> }
        }
        Status::Stale { why, .. } | Status::Denied { why } => html! { <EmptyState head={html! { &why.sentence }} /> },
    }
}

fn group(group: &Group, props: &JobsSheetProps) -> Html {
    html! {
        <div>
            <h2 class="sec" style="margin-bottom:8px">{ &group.title }<span class="t3 num">{ group.len() }</span></h2>
            <div class="frame" role="list" aria-label={group.title.clone()}>{ for group.needs.iter().map(|need| waiting(need, &props.on_lead)) }{ for group.jobs.iter().map(|job| row(job, props)) }</div>
        </div>
    }
}

fn waiting(need: &Need, on_lead: &Callback<Lead>) -> Html {
    let lead = need.lead.clone();
    let onclick = on_lead.reform(move |_: MouseEvent| lead.clone());
    html! {
        <div class="job" role="listitem" key={need.head.clone()}>
            <Glyph state={need.state} />
            <div style="min-width:0"><div class="ti" title={need.head.clone()}>{ &need.head }</div><div class="de" title={need.text.clone()}>{ &need.text }</div></div>
            <div class="s11 t3 num ell">{ &need.since }</div><div></div>
            <BtnRow class="right"><Btn size={BtnSize::Small} {onclick}>{ &need.verb }</Btn></BtnRow>
        </div>
    }
}

fn row(job: &Rc<JobRow>, props: &JobsSheetProps) -> Html {
    let time = match job.state {
        JobState::Interrupted { .. } => String::new(),
        JobState::Running
        | JobState::Undoing { .. }
        | JobState::Done
        | JobState::Failed { .. }
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => span(list::length(job, props.clock)),
    };
    html! {
        <div class="job" role="listitem" key={job.id.0.clone()}>
            <Glyph state={state_of(&job.state)} />
            <div style="min-width:0"><div class="ti" title={job.title.plain()}>{ job.title.plain() }</div><div class="de" title={list::detail(job).plain()}>{ said(&list::detail(job)) }</div></div>
            <div style="min-width:0">
                <MiniSegs marks={job.marks.clone()} />
                <div class="s11 t3 num ell" title={job.place.clone()} style={if job.marks.is_empty() { "margin-top:0px" } else { "margin-top:5px" }}>{ &job.place }</div>
            </div>
            <div class="num t2 right">{ time }</div>
            <BtnRow class="right">{ for list::actions(job).into_iter().map(|action| button(action, job, props)) }</BtnRow>
        </div>
    }
}

fn button(action: Action, job: &JobRow, props: &JobsSheetProps) -> Html {
    let (on, id) = (props.on.clone(), job.id.clone());
    let onclick = Callback::from(move |_: MouseEvent| on.emit((id.clone(), action)));
    if action == Action::Forget {
        return html! { <Btn class="act" size={BtnSize::Small} kind={BtnKind::Ghost} icon={Pic::X} label="Forget this job and its log" {onclick} /> };
    }
    let kind = match action {
        Action::Retry { .. } | Action::Decide | Action::LeaveUndo => BtnKind::Plain,
        Action::Stop | Action::Open | Action::Output | Action::Forget => BtnKind::Ghost,
    };
    html! { <Btn size={BtnSize::Small} {kind} {onclick}>{ list::label(action) }</Btn> }
}

/// How a job looks in one glyph.
pub(crate) fn state_of(state: &JobState) -> State {
    match state {
        JobState::Running => State::Progress,
        JobState::Undoing { .. } => State::Deleting,
        JobState::Done => State::Done,
        JobState::Failed { .. } | JobState::UndoFailed { .. } | JobState::Damaged { .. } => State::Failed,
        JobState::Undone => State::Skipped,
        JobState::Interrupted { .. } => State::Warning,
        JobState::Kept => State::Paused,
    }
}
