//! How were clusters made, also those that are gone?
//!
//! Start at: [`Runs`] for the page with its streams, [`RunsSheet`] for the list, [`replay::ReplaySheet`] for one of them.

pub mod replay;

use std::rc::Rc;

use api::{ContextId, Row as _, Status, feed, runs::RunRow};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        clock::{Clock, Pace, span},
        route::Route,
    },
    pages::{
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
        waiting::told,
    },
    shell::clock::use_clock,
    widgets::{Btn, EmptyState, Icon, IconSize, Pic, Pill, State},
};

const COLUMNS: &str = "--cols:minmax(0,1fr) 150px 96px 140px 88px 128px 128px;--pad:20px";

#[derive(Properties, PartialEq)]
pub struct RunsProps {
    pub context: ContextId,
    /// Shows this one instead of the list.
    #[prop_or_default]
    pub run: Option<String>,
}

/// What KOS kept of the clusters of a context.
#[component]
pub fn Runs(props: &RunsProps) -> Html {
    let Beside { counts, clusters, sides, on_kind, on_go, .. } = use_beside(&props.context);
    let runs = use_feed(feed::Runs(props.context.clone()));
    let clock = use_clock(|_| Pace::Minutes);
    let context = props.context.clone();
    let inside = match &props.run {
        Some(id) => html! { <replay::ReplayPage key={id.clone()} {context} id={id.clone()} /> },
        None => html! { <RunsSheet {context} runs={runs.rows()} status={runs.status()} {clock} on_go={on_go.clone()} /> },
    };
    html! {
        <>
            <Sidebar at={At::Runs} {counts} {on_kind} {clusters} {sides} context={Some(props.context.clone())} {on_go} />
            { inside }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct RunsSheetProps {
    pub context: ContextId,
    pub runs: Vec<Rc<RunRow>>,
    pub status: Status,
    pub clock: Clock,
    pub on_go: Callback<Route>,
}

/// A row a run, the latest first.
#[component]
pub fn RunsSheet(props: &RunsSheetProps) -> Html {
    let mut rows = props.runs.clone();
    rows.sort_by(|a, b| (b.started, &a.namespace, &a.name).cmp(&(a.started, &b.namespace, &b.name)));
    let new = {
        let route = Route::NewCluster(props.context.clone());
        props.on_go.reform(move |_: MouseEvent| route.clone())
    };
    let heads = ["Cluster", "Is", "Version", "Class", "Machines", "Made in"];
    html! {
        <main class="page">
            <div class="objhead list"><Icon of={Pic::History} size={IconSize::Large} /><h1>{ "Past runs" }</h1><span class="t3">{ "what KOS saw and keeps on this computer" }</span></div>
            if let Some(words) = told(&props.status, rows.is_empty()) {
                { words }
            } else if rows.is_empty() {
                <EmptyState head="No runs" actions={html! { <Btn icon={Pic::Plus} onclick={new}>{ "New cluster…" }</Btn> }}>{ "A run is kept as soon as KOS sees a cluster of this context." }</EmptyState>
            } else {
                <div class="scroll">
                    <div class="datatable" role="table" aria-label="Past runs" style={COLUMNS}>
                        <div class="th" role="row">{ for heads.map(|head| html! { <div role="columnheader">{ head }</div> }) }<div role="columnheader" class="right">{ "Started" }</div></div>
                        { for rows.iter().map(|row| line(row, props)) }
                    </div>
                </div>
            }
        </main>
    }
}

fn line(row: &RunRow, props: &RunsSheetProps) -> Html {
    let route = Route::Run { context: props.context.clone(), id: row.id.clone() };
    let onclick = props.on_go.reform(move |_: MouseEvent| route.clone());
    let (state, words) = fate(row, props.clock);
    html! {
        <div key={row.id().0} class="tr tall opens" role="row" onclick={onclick.clone()}>
            <div class="vis" role="cell"><button type="button" class="bare name ell" {onclick}>{ &row.name }</button><span class="t3 s12 ell">{ format!("\u{2002}{}", row.namespace) }</span></div>
            <div role="cell"><Pill {state}>{ words }</Pill></div>
            <div class="mono t2 s12" role="cell">{ &row.version }</div>
            <div class="mono t2 s12 ell" role="cell">{ &row.class }</div>
            <div class="num t2" role="cell">{ row.machines }</div>
            <div class="num t2" role="cell">{ made_in(row) }</div>
            <div class="num t2 right" role="cell">{ props.clock.moment(row.started) }</div>
        </div>
    }
}

/// What became of the cluster.
fn fate(row: &RunRow, clock: Clock) -> (State, String) {
    match (row.gone, row.available) {
        (Some(at), _) => (State::Idle, format!("Gone, {}", clock.moment(at))),
        (None, Some(_)) => (State::Healthy, "There".to_owned()),
        (None, None) => (State::Progress, "Being made".to_owned()),
    }
}

fn made_in(row: &RunRow) -> String {
    row.available.map_or_else(|| "never available".to_owned(), |at| span(at.since(row.started)))
}
