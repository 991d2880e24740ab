//! Which jobs are there, and what can be done with them?

use std::rc::Rc;

use api::{
    JobId, Status, feed,
    jobs::{ForgetJob, JobRow, JobState, RetryJob},
};
use yew::prelude::*;

use super::job::StopJob;
use crate::{
    feeds::use_feed,
    model::{
        clock::{Clock, span},
        jobs::list::{self, Action, Group},
        route::Route,
    },
    shell::{clock::use_clock, fixes::send, router::use_router, toasts::use_toasts},
    widgets::{Btn, BtnKind, BtnRow, BtnSize, EmptyState, Glyph, MiniSegs, Pic, Search, Skeleton, State, said},
};

/// Follows the list of jobs.
#[component]
pub fn JobsPage() -> Html {
    let jobs = use_feed(feed::Jobs);
    let (router, toasts) = (use_router(), use_toasts());
    let clock = use_clock(|_| list::pace(&jobs.rows()));
    let stopping = use_state(|| None::<JobId>);
    let on = {
        let stopping = stopping.setter();
        Callback::from(move |(job, action): (JobId, Action)| match action {
            Action::Stop => stopping.set(Some(job)),
            Action::Open | Action::Output | Action::Decide => router.go(Route::Job(job)),
            Action::Retry { .. } => send(RetryJob { job }, &toasts),
            Action::Forget => send(ForgetJob { job }, &toasts),
        })
    };
    let on_close = {
        let stopping = stopping.setter();
        Callback::from(move |()| stopping.set(None))
    };
    html! {
        <>
            <JobsSheet jobs={jobs.rows()} status={jobs.status()} {clock} {on} />
            if let Some(job) = (*stopping).clone() { <StopJob {job} {on_close} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct JobsSheetProps {
    pub jobs: Vec<Rc<JobRow>>,
    pub status: Status,
    pub clock: Clock,
    pub on: Callback<(JobId, Action)>,
}

/// Jobs that need a person, that run, and that ended.
#[component]
pub fn JobsSheet(props: &JobsSheetProps) -> Html {
    let filter = use_state(String::new);
    let on_text = {
        let filter = filter.setter();
        Callback::from(move |text| filter.set(text))
    };
    let groups = list::groups(&props.jobs, &filter, props.clock);
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

fn nothing(props: &JobsSheetProps, filter: &str) -> Html {
    match &props.status {
        Status::Loading => {
            html! { <div class="frame" aria-busy="true">{ for [260_u16, 220, 300].map(|width| html! { <div class="job"><span></span><Skeleton {width} /></div> }) }</div> }
        }
        Status::Live | Status::Closed if props.jobs.is_empty() => {
            html! { <EmptyState head="No job has run yet">{ "Creating, starting, stopping and deleting clusters are jobs. Each is listed here with its output." }</EmptyState> }
        }
        Status::Live | Status::Closed => {
            html! { <EmptyState head={html! { format!("No job matches “{filter}”") }}>{ format!("{} jobs are known.", props.jobs.len()) }</EmptyState> }
        }
        Status::Stale { why, .. } | Status::Denied { why } => html! { <EmptyState head={html! { &why.sentence }} /> },
    }
}

fn group(group: &Group, props: &JobsSheetProps) -> Html {
    html! {
        <div>
            <h2 class="sec" style="margin-bottom:8px">{ &group.title }<span class="t3 num">{ group.jobs.len() }</span></h2>
            <div class="frame" role="list" aria-label={group.title.clone()}>{ for group.jobs.iter().map(|job| row(job, props)) }</div>
        </div>
    }
}

fn row(job: &Rc<JobRow>, props: &JobsSheetProps) -> Html {
    let time = match job.state {
        JobState::Interrupted { .. } => String::new(),
        JobState::Running | JobState::Undoing | JobState::Done | JobState::Failed { .. } | JobState::Undone | JobState::UndoFailed { .. } | JobState::Kept => {
            span(list::length(job, props.clock))
        }
    };
    html! {
        <div class="job" role="listitem" key={job.id.0.clone()}>
            <Glyph state={state_of(&job.state)} />
            <div style="min-width:0"><div class="ti">{ said(&job.title) }</div><div class="de">{ said(&job.detail) }</div></div>
            <div>
                <MiniSegs marks={job.marks.clone()} />
                <div class="s11 t3 num" style={if job.marks.is_empty() { "margin-top:0px" } else { "margin-top:5px" }}>{ &job.place }</div>
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
        return html! { <Btn size={BtnSize::Small} kind={BtnKind::Ghost} icon={Pic::X} label="Forget this job and its log" {onclick} /> };
    }
    let kind = match action {
        Action::Retry { .. } | Action::Decide => BtnKind::Plain,
        Action::Stop | Action::Open | Action::Output | Action::Forget => BtnKind::Ghost,
    };
    html! { <Btn size={BtnSize::Small} {kind} {onclick}>{ list::label(action) }</Btn> }
}

/// How a job looks in one glyph.
pub(crate) fn state_of(state: &JobState) -> State {
    match state {
        JobState::Running => State::Progress,
        JobState::Undoing => State::Deleting,
        JobState::Done => State::Done,
        JobState::Failed { .. } | JobState::UndoFailed { .. } => State::Failed,
        JobState::Undone => State::Skipped,
        JobState::Interrupted { .. } => State::Warning,
        JobState::Kept => State::Paused,
    }
}
