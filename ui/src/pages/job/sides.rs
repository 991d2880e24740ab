//! What did a job run, and what did it make?

use api::jobs::{CommandRun, JobView, Made};
use yew::prelude::*;

use crate::{
    model::{
        clock::{Clock, span},
        jobs::undo,
    },
    shell::clipboard::copy,
    widgets::{Btn, BtnKind, BtnSize, EmptyState, Glyph, Pic, State, said},
};

/// Programs as one could paste them, with when, how long and how they ended.
pub(super) fn commands(job: &JobView, clock: Clock) -> Html {
    if job.commands.is_empty() {
        return html! { <EmptyState head="No program has run yet">{ "Each program is listed here as you could paste it." }</EmptyState> };
    }
    html! {
        <div class="scroll">
            <div class="datatable" role="table" aria-label="Commands" style="--cols:16px 70px minmax(0,1fr) 92px 52px 26px;--pad:16px">
                <div class="th" role="row"><div></div><div role="columnheader">{ "At" }</div><div role="columnheader">{ "Command" }</div><div role="columnheader">{ "Ended" }</div><div role="columnheader" class="right">{ "Took" }</div><div></div></div>
                { for job.commands.iter().map(|run| command(run, clock)) }
            </div>
        </div>
    }
}

fn command(run: &CommandRun, clock: Clock) -> Html {
    let (state, ended) = match run.exit.as_deref() {
        None => (State::Progress, "running"),
        Some(exit @ ("0" | "exit 0")) => (State::Done, exit),
        Some(exit) => (State::Failed, exit),
    };
    let line = run.line.clone();
    let onclick = Callback::from(move |_: MouseEvent| copy(&line));
    html! {
        <div class="tr" role="row">
            <div role="cell"><Glyph {state} /></div>
            <div role="cell" class="num t3 s12">{ clock.seconds(run.at) }</div>
            <div role="cell" class="name ell" title={run.line.clone()}>{ &run.line }</div>
            <div role="cell" class="s12 t2 ell">{ ended }</div>
            <div role="cell" class="num t3 s12 right">{ run.took.map(span) }</div>
            <div role="cell"><Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Copy} label="Copy command" {onclick} /></div>
        </div>
    }
}

/// Everything the undo is about, by step.
pub(super) fn made(job: &JobView, clock: Clock) -> Html {
    if job.made.is_empty() {
        let (head, says) = undo::empty(&job.undo);
        return html! { <EmptyState head={html! { head }}>{ says }</EmptyState> };
    }
    html! {
        <div class="scroll">
            <div class="datatable" role="table" aria-label="Objects made" style="--cols:140px minmax(0,1fr) minmax(0,200px) 70px;--pad:16px">
                <div class="th" role="row"><div role="columnheader">{ "Kind" }</div><div role="columnheader">{ "Name" }</div><div role="columnheader">{ "Made by" }</div><div role="columnheader" class="right">{ "At" }</div></div>
                { for job.made.iter().map(|thing| object(thing, job, clock)) }
            </div>
        </div>
    }
}

fn object(thing: &Made, job: &JobView, clock: Clock) -> Html {
    let step = usize::try_from(thing.step).ok().and_then(|at| job.steps.get(at));
    html! {
        <div class="tr" role="row">
            <div role="cell" class="s12 t3 ell">{ &thing.kind }</div>
            <div role="cell" class="name ell" title={thing.name.clone()}>{ &thing.name }</div>
            <div role="cell" class="s12 t2 ell">{ step.map(|step| said(&step.title)) }</div>
            <div role="cell" class="num t3 s12 right">{ clock.seconds(thing.at) }</div>
        </div>
    }
}
