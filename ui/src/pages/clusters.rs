//! Which clusters does a management cluster hold?
//!
//! Start at: [`Clusters`] for the page with its streams, [`ClustersSheet`] for what it shows.

use std::{cmp::Ordering, rc::Rc};

use api::{
    ContextId, Status, Timestamp,
    capi::{ClusterRow, Counts},
    contexts::{OpenContext, SetNamespaces},
    feed,
    tables::Kind,
};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::{cluster_words, listed, mark},
        clock::Pace,
        clusters::{by_age, by_machines, by_name, by_planes, by_since, by_state, by_version, by_workers, counted, counted_whole, has},
        fleet::row_id,
        route::Route,
        table::{Direction, Sort},
        time::{age, thousands},
    },
    pages::{
        cluster::watching::Watching,
        listing::{Listed, Listing},
        sight::{Sight, command, instead, part},
        table::{
            sidebar::{At, Count, Sidebar, Sides},
            use_count,
        },
    },
    shell::{
        clock::use_now,
        fixes::{send, use_fix},
        looks::use_room,
        router::use_router,
        toasts::use_toasts,
        world::use_world,
    },
    widgets::{Align, Btn, BtnSize, Column, EmptyState, Icon, IconSize, Leaves, MachineStrip, Pic, Pill, Room},
};

/// What the pages about clusters have in common: the streams of their sidebar.
pub(super) struct Beside {
    pub counts: [Count; 3],
    pub clusters: Vec<Rc<ClusterRow>>,
    pub sides: Sides,
    pub status: Status,
    pub sight: Sight,
    pub on_kind: Callback<Kind>,
    pub on_go: Callback<Route>,
}

/// Opens the context and watches what its sidebar says.
#[hook]
pub(super) fn use_beside(context: &ContextId) -> Beside {
    let (router, toasts, on_fix) = (use_router(), use_toasts(), use_fix());
    {
        let toasts = toasts.clone();
        use_effect_with(context.clone(), move |context| send(OpenContext { context: context.clone() }, &toasts));
    }
    let row = use_world().contexts.get(&row_id(context));
    let name = row.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let identity = row.as_ref().and_then(|row| row.identity.as_ref()).map(|identity| identity.user.clone()).unwrap_or_default();
    let on_by_hand = {
        let (context, known) = (context.clone(), row.map(|row| row.namespaces.clone()).unwrap_or_default());
        Callback::from(move |name: String| {
            let mut namespaces = known.clone();
            if !namespaces.contains(&name) {
                namespaces.push(name);
            }
            send(SetNamespaces { context: context.clone(), namespaces }, &toasts);
        })
    };
    let watched = use_feed(feed::Watched(context.clone())).one().unwrap_or_default();
    let sight = Sight { watched, context: name, identity, on_by_hand, on_fix };
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
    Beside { counts, clusters: listed(&clusters.rows()), sides, status: clusters.status(), sight, on_kind, on_go }
}

#[derive(Properties, PartialEq)]
pub struct ClustersProps {
    pub context: ContextId,
}

/// The clusters of a context, live.
#[component]
pub fn Clusters(props: &ClustersProps) -> Html {
    let Beside { counts, clusters, sides, status, sight, on_kind, on_go } = use_beside(&props.context);
    let made: Vec<_> = clusters.iter().flat_map(|row| [row.created, row.since]).flatten().collect();
    let (now, room) = (use_now(|now| Pace::of(now, made)), use_room(false));
    html! {
        <>
            <Sidebar at={At::Clusters} {counts} {on_kind} clusters={clusters.clone()} {sides} context={Some(props.context.clone())} on_go={on_go.clone()} />
            if status == Status::Live { <Watching kinds={sight.watched.kinds} command={command(&sight, "clusters")} {now} /> }
            <ClustersSheet context={props.context.clone()} {clusters} {status} {sight} {now} {room} {on_go} />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct ClustersSheetProps {
    pub context: ContextId,
    pub clusters: Vec<Rc<ClusterRow>>,
    pub status: Status,
    #[prop_or_default]
    pub sight: Sight,
    pub now: Timestamp,
    pub room: Room,
    pub on_go: Callback<Route>,
}

/// A row a cluster: what needs somebody first, or by the head that was pressed.
#[component]
pub fn ClustersSheet(props: &ClustersSheetProps) -> Html {
    let on_open = {
        let (go, context) = (props.on_go.clone(), props.context.clone());
        Callback::from(move |row: Rc<ClusterRow>| {
            go.emit(Route::Cluster { context: context.clone(), namespace: row.namespace.clone(), name: row.name.clone() });
        })
    };
    let none = || html! { <EmptyState head="No clusters">{ "This context manages no cluster of Cluster API." }</EmptyState> };
    let instead = instead(&props.status, props.clusters.is_empty(), &props.sight).or_else(|| props.clusters.is_empty().then(none));
    let title =
        html! { <><Icon of={Pic::Boxes} size={IconSize::Large} /><h1>{ "Clusters" }</h1><span class="t3">{ thousands(props.clusters.len() as u64) }</span></> };
    let to = Route::NewCluster(props.context.clone());
    let new = props.on_go.reform(move |_: MouseEvent| to.clone());
    let actions = html! { <Btn size={BtnSize::Small} icon={Pic::Plus} onclick={new}>{ "New cluster…" }</Btn> };
    let note = part(&props.sight, "clusters");
    html! { <Listing<ClusterRow> label="Clusters" {title} {actions} {note} rows={props.clusters.clone()} {instead} room={props.room} now={props.now} {on_open} /> }
}

impl Listed for ClusterRow {
    const COLUMNS: &'static [Column<Self>] = COLUMNS;
    const START: Sort = Sort { column: 1, direction: Direction::Up };
    const NONE: &'static str = "No cluster has these letters in its name, namespace, class or version";

    fn has(&self, letters: &str) -> bool {
        has(self, letters)
    }

    fn by_name(&self, other: &Self) -> Ordering {
        by_name(self, other)
    }
}

const fn column(
    head: &'static str,
    width: &'static str,
    leaves: Leaves,
    cell: fn(&ClusterRow, Timestamp) -> Html,
    order: fn(&ClusterRow, &ClusterRow) -> Ordering,
) -> Column<ClusterRow> {
    Column { head, width, align: Align::Left, leaves, cell, order: Some(order) }
}

const COLUMNS: &[Column<ClusterRow>] = &[
    column("Cluster", "minmax(0,1.2fr)", Leaves::Never, name, by_name),
    column("State", "136px", Leaves::Never, state, by_state),
    column("Machines", "124px", Leaves::Never, machines, by_machines),
    column("Control plane", "88px", Leaves::Narrow, |row, _| counts(&row.planes), by_planes),
    column("Workers", "64px", Leaves::Narrow, |row, _| counts(&row.workers), by_workers),
    column("Kubernetes", "88px", Leaves::Never, |row, _| mono(&row.version), by_version),
    column("Class", "96px", Leaves::Narrow, |row, _| mono(&row.class), |a, b| a.class.cmp(&b.class)),
    Column { head: "Why", width: "minmax(0,1fr)", align: Align::Left, leaves: Leaves::Narrow, cell: why, order: None },
    Column { head: "For", width: "56px", align: Align::Right, leaves: Leaves::Narrow, cell: lasts, order: Some(by_since) },
    Column { head: "Age", width: "56px", align: Align::Right, leaves: Leaves::Never, cell: old, order: Some(by_age) },
];

/// The name is a button for those who look for one; a press anywhere on the row does the same.
fn name(row: &ClusterRow, _: Timestamp) -> Html {
    html! {
        <div class="row" role="gridcell" title={row.why.clone()}>
            <button type="button" class="bare name ell" tabindex="-1">{ &row.name }</button><span class="t3 s12 ell">{ format!("\u{2002}{}", row.namespace) }</span>
        </div>
    }
}

fn state(row: &ClusterRow, _: Timestamp) -> Html {
    let (state, voice, words) = cluster_words(row.state);
    html! { <div role="gridcell" title={row.why.clone()}><Pill {state} {voice}>{ words }</Pill></div> }
}

fn machines(row: &ClusterRow, _: Timestamp) -> Html {
    html! { <div class="row g8" role="gridcell"><MachineStrip marks={row.machines.iter().map(|m| mark(*m)).collect::<Vec<_>>()} ready={row.ready()} /></div> }
}

fn counts(of: &Counts) -> Html {
    html! { <div class="num t2 s12" role="gridcell" title={counted_whole(of)}>{ counted(of) }</div> }
}

fn why(row: &ClusterRow, _: Timestamp) -> Html {
    html! { <div class="t2 s12 ell" role="gridcell" title={row.why.clone()}>{ &row.why }</div> }
}

/// How long it is in its state.
fn lasts(row: &ClusterRow, now: Timestamp) -> Html {
    html! { <div class="num t2 right" role="gridcell">{ row.since.map(|at| age(now.since(at))) }</div> }
}

fn mono(words: &str) -> Html {
    html! { <div class="mono t2 s12 ell" role="gridcell" title={words.to_owned()}>{ words.to_owned() }</div> }
}

fn old(row: &ClusterRow, now: Timestamp) -> Html {
    html! { <div class="num t2 right" role="gridcell">{ row.created.map(|at| age(now.since(at))) }</div> }
}
