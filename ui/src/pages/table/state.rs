//! What does the reader of a table look at?

use std::rc::Rc;

use api::{
    RowId, Status, Timestamp,
    tables::{Health, Kind, TableRow},
};

use super::{Marks, columns::created};
use crate::model::{
    clock::Pace,
    table::{Direction, Sort},
};

/// Focus, drawer, marks and filter of one table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looking {
    pub focus: Option<RowId>,
    pub open: Option<RowId>,
    pub marked: Marks,
    pub last_mark: Option<RowId>,
    pub narrowed: Narrowed,
    /// Counts how often new rows were let in.
    pub shown: u32,
}

impl Looking {
    /// Who was led to an object sees it at once; a namespace has its pods instead of a drawer.
    pub fn at(kind: Kind, row: Option<RowId>) -> Self {
        let open = match kind {
            Kind::Pods | Kind::Nodes => row.clone(),
            Kind::Namespaces => None,
        };
        Self { focus: row, open, ..Self::default() }
    }
}

/// What narrows the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    pub text: String,
    pub only: Only,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    Problems,
}

/// Worst first, whatever the kind.
pub fn start_sort(_kind: Kind) -> Sort {
    Sort { column: 0, direction: Direction::Up }
}

/// How a row is; an unreadable one cannot be told.
pub fn health(row: &TableRow) -> Health {
    row.health()
}

/// How often ages and the countdown to the next try change.
pub fn pace(rows: &[Rc<TableRow>], status: &Status, now: Timestamp) -> Pace {
    let retry = if let Status::Stale { retry_at, .. } = status { *retry_at } else { None };
    let restarted = |row: &TableRow| if let TableRow::Pod(pod) = row { pod.last_restart } else { None };
    Pace::of(now, rows.iter().flat_map(|row| [created(row), restarted(row)]).flatten().chain(retry))
}

/// The worst of all rows.
pub fn worst(rows: &[Rc<TableRow>]) -> Option<Health> {
    rows.iter().map(|r| health(r)).max()
}

/// Rows whose name or namespace has the text, problems alone when asked.
pub fn narrow(rows: Vec<Rc<TableRow>>, by: &Narrowed) -> Vec<Rc<TableRow>> {
    let text = by.text.trim().to_lowercase();
    let kept = |row: &TableRow| match by.only {
        Only::All => true,
        Only::Problems => health(row) >= Health::Warning,
    };
    if text.is_empty() && by.only == Only::All {
        return rows;
    }
    rows.into_iter()
        .filter(|r| kept(r) && (text.is_empty() || r.name().to_lowercase().contains(&text) || r.namespace().to_lowercase().contains(&text)))
        .collect()
}

#[cfg(test)]
mod tests;
