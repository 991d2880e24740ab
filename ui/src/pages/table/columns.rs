//! Which columns has each kind?

use std::cmp::Ordering;

use api::{
    Timestamp,
    tables::{Health, Kind, NamespaceRow, NodeRow, PodRow, TableRow},
};
use yew::prelude::*;

use super::state::health;
use crate::{
    model::{
        table::{Direction, Sort},
        time::{binary, short_age},
    },
    widgets::{Align, Column, Columns, Leaves, Pill, State, Voice},
};

/// The columns of a kind, in order.
pub fn of(kind: Kind) -> Columns<TableRow> {
    match kind {
        Kind::Pods => Columns(PODS),
        Kind::Nodes => Columns(NODES),
        Kind::Namespaces => Columns(NAMESPACES),
    }
}

/// The heads of those that can be left out: a row is told by its state and its name.
pub fn optional(kind: Kind) -> Vec<&'static str> {
    of(kind).0.iter().map(|column| column.head).filter(|head| ![STATE.head, NAME.head].contains(head)).collect()
}

/// The order of two rows; equals are ordered by name, so that the order is the same each time.
pub fn compare(kind: Kind, sort: Sort, a: &TableRow, b: &TableRow) -> Ordering {
    let by = of(kind).0.get(sort.column).and_then(|c| c.order).unwrap_or(worst_first);
    let order = match sort.direction {
        Direction::Up => by(a, b),
        Direction::Down => by(b, a),
    };
    order.then_with(|| by_name(a, b))
}

/// How a health looks, and how loudly it is said.
pub fn look(health: Health) -> (State, Voice) {
    match health {
        Health::Healthy => (State::Healthy, Voice::Quiet),
        Health::Idle => (State::Idle, Voice::Quiet),
        Health::Progress => (State::Progress, Voice::Quiet),
        Health::Unknown => (State::Unknown, Voice::Quiet),
        Health::Warning => (State::Warning, Voice::Tinted),
        Health::Failed => (State::Failed, Voice::Tinted),
    }
}

const fn column(
    head: &'static str,
    width: &'static str,
    leaves: Leaves,
    cell: fn(&TableRow, Timestamp) -> Html,
    order: Option<fn(&TableRow, &TableRow) -> Ordering>,
) -> Column<TableRow> {
    Column { head, width, align: Align::Left, leaves, cell, order }
}

const STATE: Column<TableRow> = column("State", "152px", Leaves::Never, state, Some(worst_first));
const NAME: Column<TableRow> = column("Name", "minmax(0,1fr)", Leaves::Never, name, Some(by_name));
const AGE: Column<TableRow> = Column { head: "Age", width: "52px", align: Align::Right, leaves: Leaves::Never, cell: age, order: Some(youngest_first) };

static PODS: &[Column<TableRow>] = &[
    STATE,
    NAME,
    column("Namespace", "minmax(76px,0.3fr)", Leaves::Never, namespace, Some(by_namespace)),
    column("Ready", "48px", Leaves::Never, |r, _| pod(r, |p| text(format!("{}/{}", p.ready, p.containers), p.ready < p.containers)), None),
    column("Restarts", "76px", Leaves::Never, |r, now| pod(r, |p| restarts(p, now)), Some(most_restarts)),
    column("Node", "minmax(0,0.5fr)", Leaves::Crowded, |r, _| pod(r, |p| mono(&p.node)), None),
    column("IP", "112px", Leaves::Crowded, |r, _| pod(r, |p| mono(&p.ip)), None),
    AGE,
];

static NODES: &[Column<TableRow>] = &[
    STATE,
    NAME,
    column("Roles", "124px", Leaves::Never, |r, _| node(r, |n| plain(&if n.roles.is_empty() { "–".into() } else { n.roles.join(", ") })), None),
    column("Version", "80px", Leaves::Never, |r, _| node(r, |n| mono(&n.version)), None),
    column("CPU", "48px", Leaves::Narrow, |r, _| node(r, |n| text(format!("{}", n.cpu_milli / 1000), false)), None),
    column("Memory", "72px", Leaves::Narrow, |r, _| node(r, |n| text(binary(n.memory_bytes), false)), None),
    column("Taints", "52px", Leaves::Crowded, |r, _| node(r, |n| text(n.taints.to_string(), false)), None),
    column("Internal IP", "112px", Leaves::Crowded, |r, _| node(r, |n| mono(&n.internal_ip)), None),
    column("OS image", "minmax(0,0.5fr)", Leaves::Crowded, |r, _| node(r, |n| plain(&n.os_image)), None),
    AGE,
];

static NAMESPACES: &[Column<TableRow>] = &[
    STATE,
    NAME,
    column("Kept by", "minmax(0,1fr)", Leaves::Crowded, |r, _| space(r, |n| plain(&n.stuck)), None),
    column("Labels", "60px", Leaves::Narrow, |r, _| space(r, |n| text(n.labels.to_string(), false)), None),
    AGE,
];

fn state(row: &TableRow, _: Timestamp) -> Html {
    let (look, voice) = look(health(row));
    let words = match row {
        TableRow::Pod(row) => row.status.clone(),
        TableRow::Node(row) => row.status.replace(",SchedulingDisabled", ", no new pods"),
        TableRow::Namespace(row) => row.status.clone(),
        TableRow::Unreadable { .. } => "Cannot be read".into(),
    };
    let look = if words == "Terminating" && voice == Voice::Quiet { State::Deleting } else { look };
    html! { <div role="gridcell" title={words.clone()}><Pill state={look} {voice}>{ words }</Pill></div> }
}

/// Generated names differ at their end: that part is never cut.
fn name(row: &TableRow, _: Timestamp) -> Html {
    let name = row.name();
    let cut = name.char_indices().rev().nth(5).map_or(0, |(n, _)| n);
    let (head, tail) = name.split_at(cut);
    html! { <div class="name" role="gridcell" title={name.to_owned()}><span class="mid"><span class="ell">{ head }</span><span>{ tail }</span></span></div> }
}

fn namespace(row: &TableRow, _: Timestamp) -> Html {
    plain(row.namespace())
}

fn age(row: &TableRow, now: Timestamp) -> Html {
    let words = created(row).map_or_else(|| "–".into(), |at| short_age(now.since(at)));
    html! { <div class="num t2 right" role="gridcell">{ words }</div> }
}

fn restarts(pod: &PodRow, now: Timestamp) -> Html {
    let words = match pod.last_restart {
        Some(at) if pod.restarts > 0 => format!("{} ({})", pod.restarts, short_age(now.since(at))),
        Some(_) | None => pod.restarts.to_string(),
    };
    text(words, false)
}

fn pod(row: &TableRow, cell: impl Fn(&PodRow) -> Html) -> Html {
    match row {
        TableRow::Pod(row) => cell(row),
        TableRow::Node(_) | TableRow::Namespace(_) | TableRow::Unreadable { .. } => plain("–"),
    }
}

fn node(row: &TableRow, cell: impl Fn(&NodeRow) -> Html) -> Html {
    match row {
        TableRow::Node(row) => cell(row),
        TableRow::Pod(_) | TableRow::Namespace(_) | TableRow::Unreadable { .. } => plain("–"),
    }
}

fn space(row: &TableRow, cell: impl Fn(&NamespaceRow) -> Html) -> Html {
    match row {
        TableRow::Namespace(row) => cell(row),
        TableRow::Pod(_) | TableRow::Node(_) | TableRow::Unreadable { .. } => plain("–"),
    }
}

fn plain(words: &str) -> Html {
    html! { <div class="t2 ell" role="gridcell" title={words.to_owned()}>{ words }</div> }
}

fn mono(words: &str) -> Html {
    html! { <div class="mono t2 ell" role="gridcell" title={words.to_owned()}>{ words }</div> }
}

/// A number; one that is not as it should be is not greyed.
fn text(words: String, stands_out: bool) -> Html {
    html! { <div class={classes!("num", (!stands_out).then_some("t2"))} role="gridcell">{ words }</div> }
}

fn worst_first(a: &TableRow, b: &TableRow) -> Ordering {
    health(b).cmp(&health(a))
}

fn by_name(a: &TableRow, b: &TableRow) -> Ordering {
    a.name().cmp(b.name()).then_with(|| a.namespace().cmp(b.namespace()))
}

fn by_namespace(a: &TableRow, b: &TableRow) -> Ordering {
    a.namespace().cmp(b.namespace())
}

fn youngest_first(a: &TableRow, b: &TableRow) -> Ordering {
    created(b).cmp(&created(a))
}

fn most_restarts(a: &TableRow, b: &TableRow) -> Ordering {
    let of = |row: &TableRow| match row {
        TableRow::Pod(row) => row.restarts,
        TableRow::Node(_) | TableRow::Namespace(_) | TableRow::Unreadable { .. } => 0,
    };
    of(b).cmp(&of(a))
}

/// When an object was made.
pub fn created(row: &TableRow) -> Option<Timestamp> {
    match row {
        TableRow::Pod(row) => row.created,
        TableRow::Node(row) => row.created,
        TableRow::Namespace(row) => row.created,
        TableRow::Unreadable { .. } => None,
    }
}
