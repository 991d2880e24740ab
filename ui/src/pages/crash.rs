//! What is there of a job that was cut off, and how shall it go on?

use std::rc::Rc;

use api::{
    JobId, feed,
    jobs::{Amid, ContinueJob, Finding, JobRow, JobView, KeepJob, LookAgain, ShowLog, UndoIs, UndoJob},
};
use yew::prelude::*;

use super::{job::items, jobs::state_of, typed::TypedName, waiting::gone};
use crate::{
    feeds::use_feed,
    model::{
        clock::{Clock, Pace, about},
        jobs::{self, interrupted, speech, undo},
        route::Route,
    },
    shell::{clock::use_clock, fixes::send, router::use_router, toasts::use_toasts},
    widgets::{Btn, BtnKind, BtnRow, BtnSize, Dialog, EmptyState, Glyph, Pic, Pick, Pill, Ready, StepList, Voice, said, step_list::state_of_part},
};

#[derive(Properties, PartialEq)]
pub struct CrashPageProps {
    pub job: JobId,
}

/// Follows an interrupted job and names the others.
#[component]
pub fn CrashPage(props: &CrashPageProps) -> Html {
    let id = props.job.clone();
    let view = use_feed(feed::Job(id.clone()));
    let all = use_feed(feed::Jobs);
    let (router, toasts) = (use_router(), use_toasts());
    let clock = use_clock(|now| Pace::of(now, view.one().and_then(|job| job.looked)));
    let Some(job) = view.one() else {
        return gone(&view.status(), "This job is not known any more.", "It may have been decided in another window.");
    };
    let on = Callback::from(move |way| match way {
        Way::Continue => send(ContinueJob { job: id.clone() }, &toasts),
        Way::Undo => send(UndoJob { job: id.clone() }, &toasts),
        Way::Leave(job) => send(KeepJob { job }, &toasts),
        Way::LookAgain => send(LookAgain { job: id.clone() }, &toasts),
        Way::ShowLog(job) => send(ShowLog { job }, &toasts),
        Way::Open(other) => router.go(Route::Job(other)),
    });
    let others = interrupted::others(&all.rows(), &props.job);
    html! { <CrashSheet {job} {others} {clock} {on} /> }
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    Continue,
    Undo,
    /// This job, or another one.
    Leave(JobId),
    LookAgain,
    ShowLog(JobId),
    Open(JobId),
}

#[derive(Properties, PartialEq)]
pub struct CrashSheetProps {
    pub job: Rc<JobView>,
    /// Other jobs that were cut off at the same time.
    pub others: Vec<Rc<JobRow>>,
    pub clock: Clock,
    pub on: Callback<Way>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Choice {
    #[default]
    Continue,
    Undo,
    Leave,
}

/// Steps left, findings and choices right.
#[component]
pub fn CrashSheet(props: &CrashSheetProps) -> Html {
    let choice = use_state(Choice::default);
    let typing = use_state(|| false);
    let job = &props.job;
    let place = jobs::place(job).saturating_sub(1);
    html! {
        <main class="page">
            <div class="pagehead">
                <div style="min-width:0"><h1>{ interrupted::title(props.others.len() + 1) }</h1><p>{ interrupted::sentence(&job.row, job.restarted, props.clock) }</p></div>
                <BtnRow><Btn icon={Pic::FolderOpen} onclick={way(props, Way::ShowLog(job.row.id.clone()))}>{ "Open the log folder" }</Btn></BtnRow>
            </div>
            <div class="runsplit crash">
                <div class="crashleft">
                    <div class="row g8 crashjob">
                        <h2 class="sec">{ said(&speech::brief(&job.row.title)) }</h2>
                        <Pill state={state_of(&job.row.state)} voice={Voice::Filled}>{ interrupted::word(&job.row.state) }</Pill>
                    </div>
                    <StepList steps={items(job, props.clock)} chosen={Some(place)} on_choose={Callback::noop()} />
                </div>
                <div class="col crashright">
                    { findings(props) }
                    <h2 class="sec" style="margin:20px 0 8px">{ format!("How to go on with {}", interrupted::subject(&job.row)) }</h2>
                    { choices(props, &choice, &typing) }
                    { others(props) }
                </div>
            </div>
            if *typing { <Undoing job={job.clone()} on={props.on.clone()} on_close={close(&typing)} /> }
        </main>
    }
}

fn close(open: &UseStateHandle<bool>) -> Callback<()> {
    let open = open.setter();
    Callback::from(move |()| open.set(false))
}

fn way(props: &CrashSheetProps, way: Way) -> Callback<MouseEvent> {
    props.on.reform(move |_: MouseEvent| way.clone())
}

fn findings(props: &CrashSheetProps) -> Html {
    let rows = &props.job.found;
    let looked = props.job.looked.map(|at| html! { <span class="t3">{ format!("looked {}", props.clock.ago(at)) }</span> });
    html! {
        <>
            <div class="row" style="margin-bottom:8px">
                <h2 class="sec">{ "What is there now" }{ looked }</h2><span class="grow"></span>
                <Btn size={BtnSize::Small} icon={Pic::RotateCcw} onclick={way(props, Way::LookAgain)}>{ "Look again" }</Btn>
            </div>
            <div class="frame" style="flex:none">
                if rows.is_empty() {
                    <EmptyState head="Nothing of this job was found">{ "It had noted nothing yet, or Docker does not answer." }</EmptyState>
                } else {
                    <div class="datatable t-found" role="table" aria-label="What is there now" style="--cols:16px 240px 112px 160px minmax(0,1fr);--pad:12px">
                        <div class="th" role="row"><div></div><div role="columnheader">{ "Thing" }</div><div role="columnheader">{ "KOS had noted" }</div><div role="columnheader">{ "Found" }</div><div role="columnheader">{ "What it means" }</div></div>
                        { for rows.iter().map(finding) }
                    </div>
                }
            </div>
        </>
    }
}

fn finding(row: &Finding) -> Html {
    html! {
        <div class="tr" role="row" style="height:30px">
            <div role="cell"><Glyph state={state_of_part(row.state)} /></div>
            <div role="cell" class="ell" title={row.name.clone()}><span class="t3">{ &row.kind }</span>{ "\u{2002}" }<span class="mono" style="color:var(--text-1)">{ &row.name }</span></div>
            <div role="cell" class="s12 t3 ell">{ &row.noted }</div>
            <div role="cell" class="s12 ell">{ &row.found }</div>
            <div role="cell" class="s12 t2 ell" title={row.means.clone()}>{ &row.means }</div>
        </div>
    }
}

fn choices(props: &CrashSheetProps, choice: &UseStateHandle<Choice>, typing: &UseStateHandle<bool>) -> Html {
    let job = &props.job;
    let choose = |to| {
        let choice = choice.setter();
        Callback::from(move |()| choice.set(to))
    };
    let ask = {
        let typing = typing.setter();
        Callback::from(move |_: MouseEvent| typing.set(true))
    };
    let name = interrupted::subject(&job.row);
    let kind = |of| if **choice == of { BtnKind::Primary } else { BtnKind::Plain };
    let step = jobs::place(job);
    let amid = interrupted::amid(&job.row.state);
    html! {
        <div class="choices" role="radiogroup" aria-label="How to go on">
            if amid == Some(Amid::Run) {
                <WayOn on={**choice == Choice::Continue} title="Continue" on_choose={choose(Choice::Continue)}
                    what={interrupted::go_on(job)} price={format!("{}. Nothing is lost.", capital(&about(jobs::remaining(job, props.clock))))}
                    button={html! { <Btn kind={kind(Choice::Continue)} onclick={way(props, Way::Continue)}>{ format!("Continue at step {step}") }</Btn> }} />
            }
            // Its name was typed when the undo began.
            if amid == Some(Amid::Undo) {
                <WayOn on={**choice == Choice::Continue} title="Go on with the undo" on_choose={choose(Choice::Continue)}
                    what={interrupted::undo(&job.made, &job.undo)} price={interrupted::undo_time(job).unwrap_or_default()}
                    button={html! { <Btn kind={kind(Choice::Continue)} onclick={way(props, Way::Continue)}>{ "Go on with the undo" }</Btn> }} />
            } else {
                <WayOn on={**choice == Choice::Undo} title="Undo" on_choose={choose(Choice::Undo)}
                    what={interrupted::undo(&job.made, &job.undo)} price={interrupted::undo_price(job)}
                    button={html! { <Btn kind={BtnKind::DangerQuiet} onclick={ask}>{ format!("Undo {name}…") }</Btn> }} />
            }
            <WayOn on={**choice == Choice::Leave} title="Leave" on_choose={choose(Choice::Leave)}
                what="Keep everything as found and close the job. What runs goes on, without KOS." price="You find it in Fleet and among the finished jobs."
                button={html! { <Btn kind={kind(Choice::Leave)} onclick={way(props, Way::Leave(job.row.id.clone()))}>{ "Leave it" }</Btn> }} />
        </div>
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
struct WayOnProps {
    on: bool,
    title: &'static str,
    what: AttrValue,
    price: AttrValue,
    button: Html,
    on_choose: Callback<()>,
}

/// A way on with its price and what is lost.
#[component]
fn WayOn(props: &WayOnProps) -> Html {
    let extra = html! { <><p class="num">{ &props.price }</p><BtnRow>{ props.button.clone() }</BtnRow></> };
    html! { <Pick on={props.on} title={html! { props.title }} {extra} on_choose={props.on_choose.clone()}>{ &props.what }</Pick> }
}

fn others(props: &CrashSheetProps) -> Html {
    if props.others.is_empty() {
        return Html::default();
    }
    let rows = props.others.iter().map(|job| {
        html! {
            <div class="job" style="grid-template-columns:20px minmax(0,1fr) auto">
                <Glyph state={state_of(&job.state)} />
                <div style="min-width:0"><div class="ti">{ said(&job.title) }</div><div class="de" title={job.detail.plain()}>{ said(&job.detail) }</div></div>
                <BtnRow>
                    <Btn size={BtnSize::Small} kind={BtnKind::Ghost} onclick={way(props, Way::ShowLog(job.id.clone()))}>{ "Show its log" }</Btn>
                    <Btn size={BtnSize::Small} kind={BtnKind::Ghost} onclick={way(props, Way::Leave(job.id.clone()))}>{ "Leave it" }</Btn>
                    <Btn size={BtnSize::Small} onclick={way(props, Way::Open(job.id.clone()))}>{ "Choose…" }</Btn>
                </BtnRow>
            </div>
        }
    });
    html! {
        <div style="margin-top:20px">
            <h2 class="sec" style="margin-bottom:8px">{ if props.others.len() == 1 { "The other job" } else { "The other jobs" } }</h2>
            <div class="frame">{ for rows }</div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct UndoingProps {
    job: Rc<JobView>,
    on: Callback<Way>,
    on_close: Callback<()>,
}

/// Asks for the name before anything goes.
#[component]
fn Undoing(props: &UndoingProps) -> Html {
    let typed = use_state(String::new);
    let name = interrupted::subject(&props.job.row);
    let go = {
        let (on, close) = (props.on.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on.emit(Way::Undo);
            close.emit(());
        })
    };
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let ready = Ready::from(*typed == name);
    let touched = undo::touched(&props.job.undo, &props.job.made);
    let footer = html! { <><Btn onclick={keep}>{ "Keep it" }</Btn><Btn kind={BtnKind::Danger} {ready} onclick={go}>{ format!("Undo {name}") }</Btn></> };
    html! {
        <Dialog title={format!("Undo {name}?")} note="You can leave this page while it runs." {footer} on_close={props.on_close.clone()}>
            <p class="t2">{ match &props.job.undo {
                UndoIs::Removal => "This is removed, the newest first. It cannot be undone.".to_owned(),
                other @ (UndoIs::Resumption { .. } | UndoIs::SwitchBack | UndoIs::Nothing) => undo::lead(other, &props.job.made),
            } }</p>
            if !touched.is_empty() { <div class="frame">{ for touched.iter().map(super::job::removal) }</div> }
            <TypedName wanted={name.clone()} to="to undo it" typed={typed.clone()} />
        </Dialog>
    }
}
