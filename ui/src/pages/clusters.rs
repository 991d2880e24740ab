//! Which clusters does a management cluster hold?
//!
//! Start at: [`Clusters`] for the page with its streams, [`ClustersSheet`] for what it shows.

use std::rc::Rc;

use api::{ContextId, Row as _, Status, capi::ClusterRow, contexts::OpenContext, feed, tables::Kind};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::{cluster_words, listed, mark},
        clock::Pace,
        route::Route,
        time::age,
    },
    pages::table::{
        sidebar::{At, Count, Sidebar, Sides},
        use_count,
    },
    shell::{clock::use_now, fixes::send, router::use_router, toasts::use_toasts},
    widgets::{Btn, BtnSize, EmptyState, Icon, IconSize, Lead, MachineStrip, Pic, Pill, Skeleton, State},
};

const COLUMNS: &str = "--cols:minmax(0,1fr) 168px 132px 92px 140px 80px;--pad:20px";

/// What the pages about clusters have in common: the streams of their sidebar.
pub(super) struct Beside {
    pub counts: [Count; 3],
    pub clusters: Vec<Rc<ClusterRow>>,
    pub sides: Sides,
    pub status: Status,
    pub on_kind: Callback<Kind>,
    pub on_go: Callback<Route>,
}

/// Opens the context and watches what its sidebar says.
#[hook]
pub(super) fn use_beside(context: &ContextId) -> Beside {
    let (router, toasts) = (use_router(), use_toasts());
    use_effect_with(context.clone(), move |context| send(OpenContext { context: context.clone() }, &toasts));
    let table = |kind: Kind| feed::Table { context: context.clone(), kind, namespace: String::new() };
    let (nodes, spaces, pods) = (use_feed(table(Kind::Nodes)), use_feed(table(Kind::Namespaces)), use_feed(table(Kind::Pods)));
    let counts = [use_count(&nodes), use_count(&spaces), use_count(&pods)];
    let clusters = use_feed(feed::Clusters(context.clone()));
    let (classes, runs) = (use_feed(feed::Classes(context.clone())), use_feed(feed::Runs(context.clone())));
    let sides = Sides { classes: classes.len(), runs: runs.len() };
    let on_go = Callback::from(move |route: Route| router.go(route));
    let on_kind = {
        let (go, context) = (on_go.clone(), context.clone());
        Callback::from(move |kind: Kind| go.emit(Route::Table { context: context.clone(), kind, namespace: String::new() }))
    };
    Beside { counts, clusters: listed(&clusters.rows()), sides, status: clusters.status(), on_kind, on_go }
}

#[derive(Properties, PartialEq)]
pub struct ClustersProps {
    pub context: ContextId,
}

/// The clusters of a context, live.
#[component]
pub fn Clusters(props: &ClustersProps) -> Html {
    let Beside { counts, clusters, sides, status, on_kind, on_go } = use_beside(&props.context);
    let made: Vec<_> = clusters.iter().filter_map(|row| row.created).collect();
    let now = use_now(|now| Pace::of(now, made));
    html! {
        <>
            <Sidebar at={At::Clusters} {counts} {on_kind} clusters={clusters.clone()} {sides} context={Some(props.context.clone())} on_go={on_go.clone()} />
            <ClustersSheet context={props.context.clone()} {clusters} {status} {now} {on_go} />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct ClustersSheetProps {
    pub context: ContextId,
    pub clusters: Vec<Rc<ClusterRow>>,
    pub status: Status,
    pub now: api::Timestamp,
    pub on_go: Callback<Route>,
}

/// A row a cluster, those that need somebody first.
#[component]
pub fn ClustersSheet(props: &ClustersSheetProps) -> Html {
    html! {
        <main class="page">
            <div class="objhead"><Icon of={Pic::Boxes} size={IconSize::Large} /><h1>{ "Clusters" }</h1><span class="grow"></span>{ new(props) }</div>
            { inside(props) }
        </main>
    }
}

fn new(props: &ClustersSheetProps) -> Html {
    let to = Route::NewCluster(props.context.clone());
    let onclick = props.on_go.reform(move |_: MouseEvent| to.clone());
    html! { <Btn size={BtnSize::Small} icon={Pic::Plus} {onclick}>{ "New cluster…" }</Btn> }
}

fn inside(props: &ClustersSheetProps) -> Html {
    match &props.status {
        Status::Loading if props.clusters.is_empty() => html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> },
        Status::Denied { why } | Status::Stale { why, .. } if props.clusters.is_empty() => {
            html! { <EmptyState lead={Lead::State(State::Failed)} head={html! { &why.sentence }}>{ why.cause.first().map(|quote| quote.text.clone()) }</EmptyState> }
        }
        Status::Loading | Status::Live | Status::Closed | Status::Stale { .. } | Status::Denied { .. } if props.clusters.is_empty() => {
            html! { <EmptyState head="No clusters">{ "This context manages no cluster of Cluster API." }</EmptyState> }
        }
        Status::Loading | Status::Live | Status::Closed | Status::Stale { .. } | Status::Denied { .. } => html! {
            <div class="scroll">
                <div class="datatable" role="table" aria-label="Clusters" style={COLUMNS}>
                    <div class="th" role="row">
                        <div role="columnheader">{ "Cluster" }</div><div role="columnheader">{ "State" }</div><div role="columnheader">{ "Machines" }</div>
                        <div role="columnheader">{ "Kubernetes" }</div><div role="columnheader">{ "Class" }</div><div role="columnheader" class="right">{ "Age" }</div>
                    </div>
                    { for props.clusters.iter().map(|row| line(row, props)) }
                </div>
            </div>
        },
    }
}

fn line(row: &Rc<ClusterRow>, props: &ClustersSheetProps) -> Html {
    let (state, voice, words) = cluster_words(row.state);
    let route = Route::Cluster { context: props.context.clone(), namespace: row.namespace.clone(), name: row.name.clone() };
    let onclick = props.on_go.reform(move |_: MouseEvent| route.clone());
    html! {
        <div key={row.id().0} class="tr tall opens" role="row" onclick={onclick.clone()}>
            <div class="vis" role="cell"><button type="button" class="bare name ell" title={row.why.clone()} {onclick}>{ &row.name }</button><span class="t3 s12 ell">{ format!("\u{2002}{}", row.namespace) }</span></div>
            <div role="cell" title={row.why.clone()}><Pill {state} {voice}>{ words }</Pill></div>
            <div class="row g8" role="cell"><MachineStrip marks={row.machines.iter().map(|m| mark(*m)).collect::<Vec<_>>()} ready={row.ready()} /></div>
            <div class="mono t2" role="cell">{ &row.version }</div>
            <div class="mono t2 ell" role="cell">{ &row.class }</div>
            <div class="num t2 right" role="cell">{ row.created.map(|at| age(props.now.since(at))) }</div>
        </div>
    }
}
