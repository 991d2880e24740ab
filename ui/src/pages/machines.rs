//! Which machines do all clusters of a management cluster have?
//!
//! Start at: [`Machines`] for the page with its streams, [`MachinesSheet`] for what it shows.

use std::{cmp::Ordering, rc::Rc};

use api::{ContextId, Status, Timestamp, feed, machines::MachineRow};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::short,
        clock::Pace,
        machine::{machine_words, rank, told_words},
        route::Route,
        table::{Direction, Sort},
        time::{short_age, thousands},
    },
    pages::{
        cluster::watching::Watching,
        clusters::{Beside, use_beside},
        listing::{Listed, Listing},
        sight::{Sight, command, instead, part},
        table::sidebar::{At, Sidebar},
    },
    shell::{clock::use_now, looks::use_room},
    widgets::{Align, Column, EmptyState, Icon, IconSize, Leaves, Pic, Pill, Room},
};

#[derive(Properties, PartialEq)]
pub struct MachinesProps {
    pub context: ContextId,
}

/// All machines of a context, live; what needs somebody first.
#[component]
pub fn Machines(props: &MachinesProps) -> Html {
    let Beside { counts, clusters, sides, sight, on_kind, on_go, .. } = use_beside(&props.context);
    let machines = use_feed(feed::Machines(props.context.clone()));
    let now = use_now(|now| Pace::of(now, machines.rows().iter().flat_map(|row| [row.created, row.since]).flatten().collect::<Vec<_>>()));
    let room = use_room(false);
    html! {
        <>
            <Sidebar at={At::Machines} {counts} {on_kind} {clusters} {sides} context={Some(props.context.clone())} on_go={on_go.clone()} />
            if machines.status() == Status::Live { <Watching kinds={sight.watched.kinds} command={command(&sight, "machines")} {now} /> }
            <MachinesSheet context={props.context.clone()} machines={machines.rows()} status={machines.status()} {sight} {now} {room} {on_go} />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct MachinesSheetProps {
    pub context: ContextId,
    pub machines: Vec<Rc<MachineRow>>,
    pub status: Status,
    #[prop_or_default]
    pub sight: Sight,
    pub now: Timestamp,
    pub room: Room,
    pub on_go: Callback<Route>,
}

/// A row a machine, however many there are.
#[component]
pub fn MachinesSheet(props: &MachinesSheetProps) -> Html {
    let on_open = {
        let (go, context) = (props.on_go.clone(), props.context.clone());
        Callback::from(move |row: Rc<MachineRow>| {
            go.emit(Route::Machine { context: context.clone(), namespace: row.namespace.clone(), cluster: row.cluster.clone(), name: row.name.clone() });
        })
    };
    let none = || {
        html! { <EmptyState head="No machines">{ "The clusters of this context have no machine, or there is no cluster." }</EmptyState> }
    };
    let instead = instead(&props.status, props.machines.is_empty(), &props.sight).or_else(|| props.machines.is_empty().then(none));
    let title = html! { <><Icon of={Pic::Server} size={IconSize::Large} /><h1>{ "Machines" }</h1><span class="t3">{ thousands(props.machines.len() as u64) }</span></> };
    let note = part(&props.sight, "machines");
    html! { <Listing<MachineRow> label="Machines" {title} {note} rows={props.machines.clone()} {instead} room={props.room} now={props.now} {on_open} /> }
}

impl Listed for MachineRow {
    const COLUMNS: &'static [Column<Self>] = COLUMNS;
    /// What needs somebody first.
    const START: Sort = Sort { column: 1, direction: Direction::Up };
    const NONE: &'static str = "No machine has these letters in its name, cluster or node";

    fn has(&self, letters: &str) -> bool {
        [&self.name, &self.cluster, &self.node].into_iter().any(|text| text.to_lowercase().contains(letters))
    }

    fn by_name(&self, other: &Self) -> Ordering {
        by_name(self, other)
    }
}

fn by_name(a: &MachineRow, b: &MachineRow) -> Ordering {
    (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name))
}

const fn column(
    head: &'static str,
    width: &'static str,
    leaves: Leaves,
    cell: fn(&MachineRow, Timestamp) -> Html,
    order: fn(&MachineRow, &MachineRow) -> Ordering,
) -> Column<MachineRow> {
    Column { head, width, align: Align::Left, leaves, cell, order: Some(order) }
}

const COLUMNS: &[Column<MachineRow>] = &[
    column(
        "Machine",
        "minmax(0,1fr)",
        Leaves::Never,
        |row, _| html! { <div class="name ell" role="gridcell" title={row.name.clone()}>{ &row.name }</div> },
        by_name,
    ),
    column("State", "150px", Leaves::Never, state, |a, b| rank(a).cmp(&rank(b))),
    column("Cluster", "96px", Leaves::Never, |row, _| mono(&row.cluster, &row.cluster), |a, b| a.cluster.cmp(&b.cluster)),
    column(
        "Node",
        "128px",
        Leaves::Narrow,
        |row, _| if row.node.is_empty() { plain("none yet") } else { mono(&short(&row.node, &row.cluster), &row.node) },
        |a, b| a.node.cmp(&b.node),
    ),
    column("Ready", "68px", Leaves::Never, |row, _| told_cell(row.ready), |a, b| a.ready.cmp(&b.ready)),
    column("Available", "76px", Leaves::Narrow, |row, _| told_cell(row.available), |a, b| a.available.cmp(&b.available)),
    column("Up to date", "80px", Leaves::Narrow, |row, _| told_cell(row.up_to_date), |a, b| a.up_to_date.cmp(&b.up_to_date)),
    column(
        "Address",
        "96px",
        Leaves::Narrow,
        |row, _| mono(row.addresses.first().map_or("–", String::as_str), &row.addresses.join(", ")),
        |a, b| a.addresses.cmp(&b.addresses),
    ),
    column("Version", "68px", Leaves::Never, |row, _| mono(&row.version, &row.version), |a, b| a.version.cmp(&b.version)),
    Column { head: "For", width: "48px", align: Align::Right, leaves: Leaves::Narrow, cell: lasts, order: Some(|a, b| b.since.cmp(&a.since)) },
    Column { head: "Age", width: "44px", align: Align::Right, leaves: Leaves::Never, cell: age, order: Some(|a, b| b.created.cmp(&a.created)) },
];

fn state(row: &MachineRow, now: Timestamp) -> Html {
    let (state, voice, words) = machine_words(row, now);
    html! { <div role="gridcell" title={(!row.says.is_empty()).then(|| row.says.clone())}><Pill {state} {voice}>{ words }</Pill></div> }
}

/// How long it is in its step or state.
fn lasts(row: &MachineRow, now: Timestamp) -> Html {
    html! { <div class="num t2 right" role="gridcell">{ row.since.map(|at| short_age(now.since(at))) }</div> }
}

fn told_cell(told: api::machines::Told) -> Html {
    let (state, words) = told_words(told);
    html! { <div role="gridcell"><Pill {state}>{ words }</Pill></div> }
}

fn mono(words: &str, whole: &str) -> Html {
    html! { <div class="mono t2 s12 ell" role="gridcell" title={whole.to_owned()}>{ words.to_owned() }</div> }
}

fn plain(words: &str) -> Html {
    html! { <div class="t3 s12" role="gridcell">{ words.to_owned() }</div> }
}

fn age(row: &MachineRow, now: Timestamp) -> Html {
    html! { <div class="num t2 right" role="gridcell">{ row.created.map(|at| short_age(now.since(at))) }</div> }
}
