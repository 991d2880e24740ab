//! What did controllers and containers say of a cluster?

use std::rc::Rc;

use api::capi::{EventRow, EventTone, LogRow};
use yew::prelude::*;

use crate::{
    model::{
        capi::{is_error, short},
        clock::Clock,
    },
    widgets::{EmptyState, Pill, State, Voice},
};

const COLUMNS: &str = "--cols:104px 200px 220px minmax(0,1fr) 56px";

/// Events, the newest first.
pub(in crate::pages) fn events(cluster: &str, rows: &[Rc<EventRow>], clock: Clock) -> Html {
    if rows.is_empty() {
        return html! { <EmptyState head="No events">{ "The API server forgets them after an hour; KOS keeps those that it has seen." }</EmptyState> };
    }
    html! {
        <div class="scroll">
            <div class="datatable" role="table" aria-label="Events" style={COLUMNS}>
                <div class="th" role="row" style="padding-left:20px">
                    <div role="columnheader">{ "Time" }</div><div role="columnheader">{ "Reason" }</div><div role="columnheader">{ "Object" }</div>
                    <div role="columnheader">{ "Message" }</div><div role="columnheader" class="right">{ "Times" }</div>
                </div>
                { for rows.iter().map(|row| event(cluster, row, clock)) }
            </div>
        </div>
    }
}

fn event(cluster: &str, row: &EventRow, clock: Clock) -> Html {
    let (state, voice) = match row.tone {
        EventTone::Normal => (State::Idle, Voice::Quiet),
        EventTone::Warning => (State::Warning, Voice::Tinted),
    };
    html! {
        <div key={row.id.clone()} class="tr" role="row" style="height:28px;padding-left:20px">
            <div class="num t2" role="cell">{ clock.exact(row.at) }</div>
            <div role="cell" title={row.source.clone()}><Pill {state} {voice}>{ &row.reason }</Pill></div>
            <div class="vis" role="cell"><span class="kd">{ &row.kind }</span><span class="name ell" title={row.name.clone()}>{ short(&row.name, cluster) }</span></div>
            <div class="mono s12 ell" role="cell" title={row.message.clone()}>{ &row.message }</div>
            <div class="num t2 right" role="cell">{ row.count }</div>
        </div>
    }
}

/// Lines of the logs, the newest last.
pub(in crate::pages) fn log(rows: &[Rc<LogRow>], clock: Clock) -> Html {
    if rows.is_empty() {
        let why =
            "The logs of the providers are read while this page is open, and those of its containers on this machine while it is not as it was asked to be.";
        return html! { <EmptyState head="No line is about this cluster">{ why }</EmptyState> };
    }
    html! {
        <div class="logview" style="overflow:auto;--lc:64px 200px 1fr" tabindex="0" role="log" aria-live="off" aria-label="Log">
            { for rows.iter().map(|row| html! {
                <div key={row.number} class={classes!("l", is_error(&row.text).then_some("failed"))}>
                    <span class="ts">{ row.at.map(|at| clock.seconds(at)) }</span><span class="ts ell" title={row.source.clone()}>{ &row.source }</span><span class="tx">{ &row.text }</span>
                </div>
            }) }
        </div>
    }
}
