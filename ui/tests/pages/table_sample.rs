//! What does a table of pods look like in tests and pictures?

use std::rc::Rc;

use api::{
    Fault, FaultCode, Status,
    tables::{Health, Kind},
};
use ui::{
    model::{
        table::{Hold, arrange},
        time::Zone,
    },
    pages::table::{
        columns,
        sidebar::Count,
        state::{Looking, start_sort},
        view::TableViewProps,
    },
    widgets::{Room, Rows},
};
use yew::Callback;

use crate::sample;

pub(crate) fn props(status: Status) -> TableViewProps {
    let sort = start_sort(Kind::Pods);
    let rows = arrange(&[], sample::pods(), Hold::No, |a, b| columns::compare(Kind::Pods, sort, a, b)).rows;
    let count = |rows: usize, worst: Option<Health>| Count { rows, worst, status: Status::Live };
    TableViewProps {
        kind: Kind::Pods,
        namespace: String::new(),
        name: "dev-eu".into(),
        identity: "jo@acme.dev".into(),
        fresh: 0,
        all: rows.len(),
        problems: 3,
        rows: Rows(Rc::new(rows)),
        counts: [count(84, None), count(41, Some(Health::Warning)), count(12_418, Some(Health::Failed))],
        clusters: vec![],
        context: None,
        on_go: Callback::noop(),
        status,
        broken: None,
        namespaces: vec!["payments".into(), "shop".into()],
        by_hand: vec![],
        row_height: 30,
        room: Room::Full,
        hidden: vec![],
        now: sample::NOW,
        zone: Zone(0),
        sort,
        looking: Looking::default(),
        open: None,
        on_focus: Callback::noop(),
        on_open: Callback::noop(),
        on_escape: Callback::noop(),
        on_mark: Callback::noop(),
        on_fresh: Callback::noop(),
        on_sort: Callback::noop(),
        on_narrow: Callback::noop(),
        on_namespace: Callback::noop(),
        on_kind: Callback::noop(),
        on_by_hand: Callback::noop(),
        on_column: Callback::noop(),
        on_try: Callback::noop(),
        on_connect: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

pub(crate) fn stale() -> Status {
    Status::Stale {
        since: sample::before(60_000),
        why: Fault::new(FaultCode::Unreachable, "dev-eu does not answer.").because("https://dev-eu.example:6443", "No route to host"),
        retry_at: Some(sample::after(220_000)),
    }
}
