//! Why did a step stop, and what helps?

use std::rc::Rc;

use api::{
    Fault, Fix,
    computer::{CheckRow, Verdict},
    jobs::JobView,
};
use yew::prelude::*;

use super::Action;
use crate::{
    model::{
        clock::Clock,
        jobs::{self, speech, undo},
    },
    shell::clipboard::copy,
    widgets::{Btn, BtnKind, CommandBox, Glyph, GlyphSize, LinkBtn, Pic, Pill, Quote, State, Voice, fix_card::FixButtons},
};

/// What stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// From 0.
    Step(u32),
    Undo,
    /// What KOS knows of the job: there is nothing to try again and nothing to undo.
    Journal,
}

#[derive(Properties, PartialEq)]
pub(super) struct FailureProps {
    pub job: Rc<JobView>,
    pub at: At,
    pub why: Fault,
    pub clock: Clock,
    pub checks: Vec<Rc<CheckRow>>,
    pub on: Callback<Action>,
    pub on_undo: Callback<MouseEvent>,
}

/// Sentence, what was seen, what to run oneself, and the ways on.
#[component]
pub(super) fn Failure(props: &FailureProps) -> Html {
    let why = &props.why;
    let limits: Vec<_> = props.checks.iter().filter(|check| speech::helps(why, check)).cloned().collect();
    let commands = speech::commands(why);
    let doctor = props.on.reform(|_: MouseEvent| Action::Take(Fix::OpenDoctor));
    // What the heading leaves out of the sentence stands before what is kept.
    let (head, left) = match props.at {
        At::Step(step) => (speech::stopped(step + 1, &why.sentence), speech::left(why)),
        At::Undo | At::Journal => (why.sentence.clone(), why.unharmed.clone()),
    };
    let helps = !commands.is_empty() || !limits.is_empty();
    html! {
        <div style="padding:16px;flex:none">
            <section class="fix failed">
                // Below it stands how long ago the machine was looked at, which changes by the second.
                <div role="alert">
                    <h2><Glyph state={State::Failed} size={GlyphSize::Large} />{ head }</h2>
                    if !left.is_empty() { <p class="t2" style="margin-top:6px;max-width:760px">{ left }</p> }
                </div>
                <div class={classes!(helps.then_some("fixcols"))}>
                    if !why.cause.is_empty() {
                        <div><div class="lab">{ "What was seen" }</div>{ for why.cause.iter().map(|quote| html! { <Quote quote={quote.clone()} /> }) }</div>
                    }
                    if helps {
                        <div>
                            { for commands.iter().map(|(label, command)| html! { <><div class="lab">{ *label }</div><CommandBox command={(*command).to_owned()} /></> }) }
                            if limits.iter().any(|check| check.fixes.len() > 1) {
                                <p class="s12 t2" style="margin:7px 0 0">{ "This lasts until the next restart. " }<LinkBtn onclick={doctor}>{ "Doctor" }</LinkBtn>{ " shows how to keep it." }</p>
                            }
                            { for limits.iter().map(|check| limit(check, props.clock)) }
                        </div>
                    }
                </div>
                { buttons(props, &limits) }
            </section>
        </div>
    }
}

fn limit(check: &CheckRow, clock: Clock) -> Html {
    let (state, voice) = match check.verdict {
        Verdict::Failed => (State::Failed, Voice::Tinted),
        Verdict::Warning => (State::Warning, Voice::Tinted),
        Verdict::Passed => (State::Healthy, Voice::Quiet),
        Verdict::Unknown | Verdict::NotChecked => (State::Unknown, Voice::Quiet),
    };
    let read = check.checked.map(|at| format!(", read {}", clock.ago(at)));
    html! {
        <>
            <div class="lab">{ format!("{} now", check.title) }</div>
            <div class="row g8 s12"><Pill {state} {voice}>{ &check.found }</Pill><span class="t3">{ format!("needs {}", check.needed) }{ read }</span></div>
        </>
    }
}

fn buttons(props: &FailureProps, limits: &[Rc<CheckRow>]) -> Html {
    let retry = |at: u32| {
        let step = at + 1;
        let (on, checks): (_, Vec<_>) = (props.on.clone(), limits.iter().map(|check| check.id).collect());
        let words = if checks.is_empty() { format!("Retry step {step}") } else { format!("Check again and retry step {step}") };
        let onclick = Callback::from(move |_: MouseEvent| on.emit(Action::Retry(checks.clone())));
        html! { <Btn kind={BtnKind::Primary} icon={Pic::RotateCcw} {onclick}>{ words }</Btn> }
    };
    let undoing = if props.job.made.is_empty() {
        Html::default()
    } else {
        html! { <Btn onclick={props.on_undo.clone()}>{ undo::button(&props.job.undo) }</Btn> }
    };
    let keep = |words: &'static str| html! { <Btn onclick={props.on.reform(|_: MouseEvent| Action::Keep)}>{ words }</Btn> };
    let ways = match props.at {
        At::Step(step) => html! { <>{ retry(step) }{ undoing }</> },
        At::Undo if props.job.undo.leaves_way_forwards() => {
            let stopped = u32::try_from(jobs::place(&props.job).saturating_sub(1)).unwrap_or_default();
            html! { <>{ retry(stopped) }{ undoing }{ keep("Keep what is left") }</> }
        }
        At::Undo => html! { <>{ undoing }{ keep("Keep what is left") }</> },
        At::Journal => keep("Leave it as it is"),
    };
    let report = {
        let (job, why, clock) = (props.job.clone(), props.why.clone(), props.clock);
        Callback::from(move |_: MouseEvent| copy(&speech::report(&job, Some(&why), clock)))
    };
    let take = {
        let on = props.on.clone();
        Callback::from(move |fix| on.emit(Action::Take(fix)))
    };
    // Commands have their boxes, retry and undo their own buttons.
    let linked = limits.iter().any(|check| check.fixes.len() > 1);
    // Where a link beside the command leads to the doctor, no button does so too.
    let other = |fix: &&Fix| match fix {
        Fix::Copy { .. } | Fix::RetryJob(_) | Fix::UndoJob(_) => false,
        Fix::OpenDoctor => !linked,
        Fix::OpenSettings
        | Fix::ChoosePath
        | Fix::GiveToken
        | Fix::OpenFile { .. }
        | Fix::TryNow(_)
        | Fix::AnswerTrust(_)
        | Fix::ReviewFile(_)
        | Fix::RemoveLock(_) => true,
    };
    let others: Vec<Fix> = props.why.fixes.iter().filter(other).cloned().collect();
    html! {
        <div class="btnrow" style="margin-top:16px">
            { ways }
            <FixButtons fixes={others} on_fix={take} />
            <span class="grow"></span>
            <Btn kind={BtnKind::Ghost} icon={Pic::ClipboardCopy} onclick={report}>{ "Copy report" }</Btn>
        </div>
    }
}
