//! Which objects of open contexts have these letters in their names, and how much of each context is known?
//!
//! Searches what the live tables hold, and the clusters and machines of management clusters; no server is asked for a
//! search. Start at: [`find`], [`made`], [`watch`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use api::capi::ClusterRow;
use api::local::LocalRow;
use api::machines::MachineRow;
use api::objects::{MOST_HITS, Made, MadeHit, ObjectHit, Searched, SearchedRow, score};
use api::tables::{Kind, TableRow};
use api::{ContextId, RowId, Status};
use futures::future::select_all;

use crate::board::{Board, Readable};
use crate::sessions::Sessions;
use crate::streams::Interest;
use crate::tasks::Task;

/// Counts of a table that fills up are told this often at most.
const GATHER: Duration = Duration::from_millis(100);

/// Matches kept before the worse ones are let go.
const MOST_KEPT: usize = 4_096;

/// What is searched, kept up as long as this value lives.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) tables: Vec<Live>,
    pub(crate) managers: Vec<Manager>,
}

/// What an open context makes by Cluster API; nothing where there is none.
pub(crate) struct Manager {
    pub(crate) context: ContextId,
    pub(crate) clusters: Arc<Board<ClusterRow>>,
    pub(crate) machines: Arc<Board<MachineRow>>,
    pub(crate) _interest: Interest,
}

/// A live table of an open context, kept up as long as this value lives.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) context: ContextId,
    pub(crate) kind: Kind,
    /// Empty for all.
    pub(crate) namespace: String,
    pub(crate) board: Arc<Board<TableRow>>,
    pub(crate) _interest: Interest,
}

/// The best matches, an object once however many tables show it; the table of all comes before that of a namespace.
pub(crate) fn find(tables: &[Live], text: &str) -> Vec<ObjectHit> {
    if text.trim().is_empty() {
        return vec![];
    }
    let mut order: Vec<&Live> = tables.iter().collect();
    order.sort_by(|a, b| (&a.context, a.kind, &a.namespace).cmp(&(&b.context, b.kind, &b.namespace)));
    let mut seen: HashSet<(&ContextId, Kind, RowId)> = HashSet::new();
    let mut found: Vec<(i32, ObjectHit)> = vec![];
    for table in order {
        table.board.visit(|row| {
            if let Some((points, _)) = score(row.name(), text)
                && seen.insert((&table.context, table.kind, api::Row::id(row)))
            {
                found.push((points, hit(table, row)));
                if found.len() == MOST_KEPT {
                    keep_best(&mut found, by_kind);
                }
            }
        });
        keep_best(&mut found, by_kind);
    }
    found.into_iter().map(|(_, hit)| hit).collect()
}

/// The best matches among clusters and machines.
pub(crate) fn made(managers: &[Manager], text: &str) -> Vec<MadeHit> {
    if text.trim().is_empty() {
        return vec![];
    }
    let mut found: Vec<(i32, MadeHit)> = vec![];
    for Manager { context, clusters, machines, .. } in managers {
        let mut take = |namespace: &str, name: &str, what: &dyn Fn() -> Made| {
            if let Some((points, _)) = score(name, text) {
                found.push((points, MadeHit { context: context.clone(), what: what(), namespace: namespace.to_owned(), name: name.to_owned() }));
                if found.len() == MOST_KEPT {
                    keep_best(&mut found, by_cluster);
                }
            }
        };
        clusters.visit(|row| take(&row.namespace, &row.name, &|| Made::Cluster));
        machines.visit(|row| take(&row.namespace, &row.name, &|| Made::Machine { cluster: row.cluster.clone() }));
        keep_best(&mut found, by_cluster);
    }
    found.into_iter().map(|(_, hit)| hit).collect()
}

/// Equals keep an order of their own.
fn keep_best<H>(found: &mut Vec<(i32, H)>, order: fn(&H, &H) -> Ordering) {
    found.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| order(left, right)));
    found.truncate(MOST_HITS);
}

fn by_kind(left: &ObjectHit, right: &ObjectHit) -> Ordering {
    (&left.context, left.kind, &left.name).cmp(&(&right.context, right.kind, &right.name))
}

/// A cluster comes before its machines.
fn by_cluster(left: &MadeHit, right: &MadeHit) -> Ordering {
    (&left.context, &left.what, &left.namespace, &left.name).cmp(&(&right.context, &right.what, &right.namespace, &right.name))
}

fn hit(table: &Live, row: &TableRow) -> ObjectHit {
    ObjectHit {
        context: table.context.clone(),
        kind: table.kind,
        table: table.namespace.clone(),
        namespace: row.namespace().to_owned(),
        name: row.name().to_owned(),
        health: row.health(),
    }
}

/// Keeps the tables of every open context up, and tells how much of each is known, until the interest is dropped.
pub(crate) fn watch(sessions: Arc<Sessions>, local: Arc<Board<LocalRow>>) -> (Arc<dyn Readable>, Interest) {
    let board: Arc<Board<SearchedRow>> = Arc::new(Board::new(Status::Loading));
    let shown = board.clone();
    let task = Task::spawn("objects of open contexts", async move {
        // What is held now is let go only when the next is held: a table must not end in between.
        let mut held: Held;
        loop {
            held = sessions.hold(&local);
            let tables = held.tables.iter().map(|table| table.board.news());
            let made = held.managers.iter().flat_map(|manager| [manager.clusters.news(), manager.machines.news()]);
            let mut news: Vec<_> = tables.chain(made).chain([sessions.contexts_news()]).collect();
            shown.replace(searched(&held));
            shown.status(Status::Live);
            select_all(news.iter_mut().map(|one| Box::pin(one.changed()))).await.0.ok();
            tokio::time::sleep(GATHER).await;
        }
    });
    (board, Arc::new(task))
}

fn searched(held: &Held) -> Vec<SearchedRow> {
    let mut rows: BTreeMap<&ContextId, SearchedRow> = BTreeMap::new();
    let row = |context: &ContextId| SearchedRow { context: context.clone(), objects: 0, state: Searched::Whole };
    for table in &held.tables {
        let (objects, status) = table.board.measure();
        let row = rows.entry(&table.context).or_insert_with(|| row(&table.context));
        row.add(objects);
        row.state = match (row.state, status) {
            (_, Status::Loading) | (Searched::Loading, _) => Searched::Loading,
            (Searched::Whole, Status::Live) => Searched::Whole,
            (Searched::Part, _) | (Searched::Whole, Status::Stale { .. } | Status::Denied { .. } | Status::Closed) => Searched::Part,
        };
    }
    for manager in &held.managers {
        let (clusters, status) = manager.clusters.measure();
        let row = rows.entry(&manager.context).or_insert_with(|| row(&manager.context));
        row.add(clusters + manager.machines.measure().0);
        row.state = match (row.state, status) {
            // A context that does not answer says nothing of Cluster API either.
            (Searched::Part, _) => Searched::Part,
            (_, Status::Loading) | (Searched::Loading, _) => Searched::Loading,
            (Searched::Whole, Status::Live) => Searched::Whole,
            (Searched::Whole, Status::Stale { .. } | Status::Denied { .. } | Status::Closed) => Searched::Part,
        };
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests;
