//! What does one job do, and what has it said?
//!
//! Start at: [`JobPage`], which follows the streams; [`JobSheet`] shows what they carry.

mod dialogs;
mod failure;
mod output;
mod scroll;
mod sides;
mod steps;

use std::{cell::RefCell, rc::Rc};

use api::{
    Fix, JobId,
    computer::{CheckId, CheckRow, Recheck},
    feed,
    jobs::{CancelJob, JobState, JobView, KeepJob, RetryJob, ShowLog, UndoJob, Undoing},
    local::{ReadForm, SuggestManagement},
};
use yew::prelude::*;

use dialogs::Asking;
pub(crate) use dialogs::{Removing, removal};
pub use dialogs::{SaveLogSheet, SaveLogSheetProps};
pub use output::{COLUMNS, Lines};
pub(crate) use steps::items;

use crate::{
    feeds::{Opens, use_call, use_feed, use_feed_when},
    model::{
        clock::{Clock, Pace},
        create::{Draft, Edit},
        jobs::{self, speech, undo},
        output::{Openness, Output},
        route::Route,
    },
    pages::create::kept,
    shell::{
        clipboard::copy,
        clock::use_clock,
        fixes::{send, use_fix},
        router::use_router,
        saying::use_command,
        toasts::use_toasts,
    },
    widgets::{Btn, BtnKind, BtnRow, BtnSize, Pic, Seg, SegBar, Segment, Segmented, StepList, said},
};

#[derive(Properties, PartialEq)]
pub struct JobPageProps {
    pub job: JobId,
}

/// Follows a job and its output; an interrupted one is decided first.
#[component]
pub fn JobPage(props: &JobPageProps) -> Html {
    let id = props.job.clone();
    let view = use_feed(feed::Job(id.clone()));
    let failed = view.one().is_some_and(|job| matches!(job.row.state, JobState::Failed { .. }));
    // The page stands first: with its lines in the same frame, both would come late.
    let stream = use_feed_when(view.one().map_or(Opens::Later, |_| Opens::Now), feed::JobOutput(id.clone()));
    // Only beside a failure is told what this machine lacks.
    let checks = use_feed_when(if failed { Opens::Now } else { Opens::Later }, feed::Checks);
    let (router, toasts, fix) = (use_router(), use_toasts(), use_fix());
    let clock = use_clock(|_| view.one().map_or(Pace::Minutes, |job| jobs::list::pace_of(&job.row)));
    let output = use_memo(id.clone(), |_| RefCell::new(Output::of_width(output::COLUMNS)));
    use_memo((id.clone(), stream.version()), |_| stream.look(|lines| output.borrow_mut().take(lines)));
    let (form, suggest) = (use_call::<ReadForm>(), use_call::<SuggestManagement>());
    {
        let form = form.clone();
        // Only one that failed leads back to its form, and what this page itself started it still has.
        let asked = failed && kept::of(&id).is_none();
        use_effect_with((id.clone(), asked), move |(job, asked)| {
            if *asked {
                form.ask(ReadForm { job: job.clone() });
            }
        });
    }
    let said = form.state().answer().cloned();
    let on = {
        let id = id.clone();
        let (draft, said) = (kept::of(&id), said.clone());
        Callback::from(move |action| match action {
            Action::Stop | Action::LeaveUndo => send(CancelJob { job: id.clone() }, &toasts),
            Action::Retry(checks) => {
                for check in checks {
                    send(Recheck { check }, &toasts);
                }
                send(RetryJob { job: id.clone() }, &toasts);
            }
            Action::Undo => send(UndoJob { job: id.clone() }, &toasts),
            Action::ShowLog => send(ShowLog { job: id.clone() }, &toasts),
            Action::Keep => send(KeepJob { job: id.clone() }, &toasts),
            Action::Leave => router.go(Route::Jobs),
            Action::ChangePlan => match (&draft, &said) {
                (None, Some(spec)) => {
                    let (spec, router) = (spec.clone(), router.clone());
                    suggest.ask_then(SuggestManagement, move |answer| {
                        // Without a suggestion the form opens as it does for everybody, and says why.
                        kept::open_with(answer.as_ref().ok().map(|suggestion| Draft::new(suggestion.clone()).edited(Edit::Whole(Box::new(spec)))));
                        router.go(Route::Create);
                    });
                }
                (draft, _) => {
                    kept::open_with(draft.clone());
                    router.go(Route::Create);
                }
            },
            Action::Take(taken) => fix.emit(taken),
        })
    };
    use_command(view.one().filter(|job| !job.command.is_empty()).map(|job| AttrValue::from(job.command.clone())));
    let Some(job) = view.one() else {
        return super::waiting::gone(&view.status(), "This job is not known any more.", "Its log may have been removed with it.");
    };
    if let JobState::Interrupted { .. } = job.row.state {
        return html! { <super::crash::CrashPage job={id} /> };
    }
    let lines = Lines { output, version: stream.version() };
    let change = if kept::of(&id).is_some() || said.is_some() { Change::Possible } else { Change::Unknown };
    html! { <JobSheet {job} {lines} {clock} checks={checks.rows()} {change} {on} /> }
}

/// What can be done on the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Stop,
    /// Runs these checks again, then the step.
    Retry(Vec<CheckId>),
    Undo,
    /// Of an undo that waits.
    LeaveUndo,
    ShowLog,
    /// Leaves what is there and closes the job.
    Keep,
    /// The job goes on without the page.
    Leave,
    ChangePlan,
    Take(Fix),
}

/// Whether the form that the job came from is still known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Possible,
    Unknown,
}

#[derive(Properties, PartialEq)]
pub struct JobSheetProps {
    pub job: Rc<JobView>,
    pub lines: Lines,
    pub clock: Clock,
    #[prop_or_default]
    pub checks: Vec<Rc<CheckRow>>,
    pub change: Change,
    pub on: Callback<Action>,
}

/// The right side of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Output,
    Commands,
    Made,
}

const SIDES: [Side; 3] = [Side::Output, Side::Commands, Side::Made];

/// A job at one moment.
#[component]
pub fn JobSheet(props: &JobSheetProps) -> Html {
    let side = use_state(Side::default);
    let chosen = use_state(|| None::<usize>);
    let toggled = use_state(output::Toggled::new);
    let scroll = use_reducer_eq(scroll::Scroll::default);
    let asking = use_state(|| None::<Asking>);
    let (job, clock) = (&props.job, props.clock);
    let current = jobs::place(job).saturating_sub(1);
    let ask = |what| {
        let asking = asking.setter();
        Callback::from(move |_: MouseEvent| asking.set(Some(what)))
    };
    let on_choose = {
        let (chosen, toggled, side, lines, scroll) = (chosen.setter(), toggled.clone(), side.setter(), props.lines.clone(), scroll.dispatcher());
        Callback::from(move |place: usize| {
            chosen.set(Some(place));
            side.set(Side::Output);
            let step = u32::try_from(place).unwrap_or_default();
            let mut open = (*toggled).clone();
            open.insert(step, Openness::Open);
            toggled.set(open);
            scroll.dispatch(scroll::Move::Reveal { step, newest: lines.output.borrow().newest() });
        })
    };
    let below = match *side {
        Side::Output => {
            html! { <output::OutputView job={job.clone()} lines={props.lines.clone()} {clock} {current} toggled={(*toggled).clone()} on_toggle={toggle(&toggled)} scroll={scroll.clone()} /> }
        }
        Side::Commands => sides::commands(job, clock),
        Side::Made => sides::made(job, clock),
    };
    let failure = match &job.row.state {
        JobState::Failed { step, why } => {
            html! { <failure::Failure job={job.clone()} at={failure::At::Step(*step)} why={why.clone()} {clock} checks={props.checks.clone()} on={props.on.clone()} on_undo={ask(Asking::Undo)} /> }
        }
        JobState::UndoFailed { why } => {
            html! { <failure::Failure job={job.clone()} at={failure::At::Undo} why={why.clone()} {clock} checks={vec![]} on={props.on.clone()} on_undo={ask(Asking::Undo)} /> }
        }
        JobState::Damaged { why } => {
            html! { <failure::Failure job={job.clone()} at={failure::At::Journal} why={why.clone()} {clock} checks={vec![]} on={props.on.clone()} on_undo={Callback::noop()} /> }
        }
        JobState::Running | JobState::Undoing { .. } | JobState::Done | JobState::Undone | JobState::Interrupted { .. } | JobState::Kept => Html::default(),
    };
    html! {
        <main class="page">
            { head(props, ask(Asking::Stop)) }
            { bar(job, clock) }
            <div class="runsplit">
                <StepList steps={items(job, clock)} chosen={Some((*chosen).unwrap_or(current))} {on_choose} />
                <div class="outcol">
                    { failure }
                    { toolbar(job, props, &side, &scroll, ask(Asking::SaveLog)) }
                    { below }
                </div>
            </div>
            { dialogs::show(*asking, props, asking.setter()) }
        </main>
    }
}

fn toggle(toggled: &UseStateHandle<output::Toggled>) -> Callback<(u32, Openness)> {
    let toggled = toggled.clone();
    Callback::from(move |(step, open)| {
        let mut map = (*toggled).clone();
        map.insert(step, open);
        toggled.set(map);
    })
}

fn head(props: &JobSheetProps, stop: Callback<MouseEvent>) -> Html {
    let job = &props.job;
    let after: AttrValue = match job.row.state {
        JobState::Running => " You may close this page; the work goes on.".into(),
        JobState::Undoing { now: Undoing::Acts } => undo::goes_on(&job.undo).into(),
        JobState::Undoing { now: Undoing::Waits } => undo::waits(&job.row.detail).into(),
        JobState::Failed { .. } if !job.made.is_empty() => undo::kept(&job.undo).into(),
        JobState::Failed { .. }
        | JobState::Done
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Interrupted { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => AttrValue::default(),
    };
    let press = |action: Action| {
        let on = props.on.clone();
        Callback::from(move |_: MouseEvent| on.emit(action.clone()))
    };
    let buttons = match job.row.state {
        JobState::Running => html! {
            <>
                <Btn onclick={press(Action::Leave)}>{ "Run in background" }</Btn>
                <Btn kind={BtnKind::DangerQuiet} onclick={stop}>{ "Stop" }</Btn>
            </>
        },
        JobState::Failed { .. } if props.change == Change::Possible => html! { <Btn onclick={press(Action::ChangePlan)}>{ "Change the plan" }</Btn> },
        JobState::Undoing { now } => html! {
            <>
                <Btn onclick={press(Action::Leave)}>{ "Run in background" }</Btn>
                if now == Undoing::Waits { <Btn onclick={press(Action::LeaveUndo)}>{ undo::KEEP }</Btn> }
            </>
        },
        JobState::Failed { .. }
        | JobState::Done
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Interrupted { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => {
            html! { <Btn onclick={press(Action::Leave)}>{ "All jobs" }</Btn> }
        }
    };
    html! {
        <div class="pagehead">
            <div><h1>{ said(&job.row.title) }</h1><p>{ &job.sentence }{ &after }</p></div>
            <BtnRow>{ buttons }</BtnRow>
        </div>
    }
}

/// The plan bar with its captions.
pub(crate) fn bar(job: &JobView, clock: Clock) -> Html {
    let segs: Vec<Seg> = jobs::bar(job, clock).into_iter().map(|s| Seg { mark: s.mark, expected: s.expected, share: s.share }).collect();
    let caption = jobs::caption(job, clock);
    let left = html! { <>{ caption.before }<b class="m" style="color:var(--text-1)">{ caption.time }</b>{ caption.after }</> };
    html! { <SegBar {segs} {left} right={caption.right} /> }
}

fn toolbar(
    job: &Rc<JobView>,
    props: &JobSheetProps,
    side: &UseStateHandle<Side>,
    scroll: &UseReducerHandle<scroll::Scroll>,
    save: Callback<MouseEvent>,
) -> Html {
    let count = (!job.made.is_empty()).then(|| job.made.len().to_string().into());
    let segments = vec!["Output".into(), "Commands".into(), Segment { words: "Objects made".into(), icon: None, count }];
    let on_choose = {
        let side = side.setter();
        Callback::from(move |place: usize| side.set(SIDES.get(place).copied().unwrap_or_default()))
    };
    let copy_text = {
        let (job, lines, side, clock) = (job.clone(), props.lines.clone(), **side, props.clock);
        Callback::from(move |_: MouseEvent| match side {
            Side::Output => copy(&lines.output.borrow().text()),
            Side::Commands => copy(&job.commands.iter().map(|run| run.line.as_str()).collect::<Vec<_>>().join("\n")),
            Side::Made => copy(&speech::report(&job, None, clock)),
        })
    };
    let label = match **side {
        Side::Output => "Copy output",
        Side::Commands => "Copy commands",
        Side::Made => "Copy report",
    };
    html! {
        <div class="toolbar">
            <Segmented label="Show" {segments} chosen={SIDES.iter().position(|s| *s == **side).unwrap_or(0)} {on_choose} />
            <span class="grow"></span>
            if **side == Side::Output { <output::FollowButton lines={props.lines.clone()} scroll={scroll.clone()} /> }
            <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Copy} {label} onclick={copy_text} />
            <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Download} label="Save log…" onclick={save} />
            <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::FolderOpen} label="Open log folder" onclick={props.on.reform(|_: MouseEvent| Action::ShowLog)} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct StopJobProps {
    pub job: JobId,
    pub on_close: Callback<()>,
}

/// Asks before a job of a list is stopped.
#[component]
pub(crate) fn StopJob(props: &StopJobProps) -> Html {
    let view = use_feed(feed::Job(props.job.clone()));
    let toasts = use_toasts();
    let Some(job) = view.one() else { return Html::default() };
    let id = props.job.clone();
    let on = Callback::from(move |_| send(CancelJob { job: id.clone() }, &toasts));
    html! { <Removing verb="Stop" safe="Keep it running" action={Action::Stop} {job} {on} on_close={props.on_close.clone()} /> }
}
