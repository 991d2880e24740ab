//! Which objects of open contexts have these letters in their names, and how much of each context is known?
//!
//! Searches what the live tables hold; no server is asked for a search. Start at: [`find`], [`watch`].

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use api::objects::{MOST_HITS, ObjectHit, Searched, SearchedRow, score};
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
                    keep_best(&mut found);
                }
            }
        });
        keep_best(&mut found);
    }
    found.into_iter().map(|(_, hit)| hit).collect()
}

/// Equals keep their order: by context, kind and name.
fn keep_best(found: &mut Vec<(i32, ObjectHit)>) {
    found.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| (&left.context, left.kind, &left.name).cmp(&(&right.context, right.kind, &right.name))));
    found.truncate(MOST_HITS);
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
pub(crate) fn watch(sessions: Arc<Sessions>) -> (Arc<dyn Readable>, Interest) {
    let board: Arc<Board<SearchedRow>> = Arc::new(Board::new(Status::Loading));
    let shown = board.clone();
    let task = Task::spawn("objects of open contexts", async move {
        // What is held now is let go only when the next is held: a table must not end in between.
        let mut held: Vec<Live>;
        loop {
            held = sessions.hold();
            let mut news: Vec<_> = held.iter().map(|table| table.board.news()).chain([sessions.contexts_news()]).collect();
            shown.replace(searched(&held));
            shown.status(Status::Live);
            select_all(news.iter_mut().map(|one| Box::pin(one.changed()))).await.0.ok();
            tokio::time::sleep(GATHER).await;
        }
    });
    (board, Arc::new(task))
}

fn searched(held: &[Live]) -> Vec<SearchedRow> {
    let mut rows: BTreeMap<&ContextId, SearchedRow> = BTreeMap::new();
    for table in held {
        let (objects, status) = table.board.measure();
        let row = rows.entry(&table.context).or_insert_with(|| SearchedRow { context: table.context.clone(), objects: 0, state: Searched::Whole });
        row.objects = row.objects.saturating_add(u32::try_from(objects).unwrap_or(u32::MAX));
        row.state = match (row.state, status) {
            (_, Status::Loading) | (Searched::Loading, _) => Searched::Loading,
            (Searched::Whole, Status::Live) => Searched::Whole,
            (Searched::Part, _) | (Searched::Whole, Status::Stale { .. } | Status::Denied { .. } | Status::Closed) => Searched::Part,
        };
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests;
