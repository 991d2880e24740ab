//! Which rows does a stream have now?
//!
//! Knows: batches and their order. Does not know: how they arrive. Start at: [`Store::apply`].

use std::{
    collections::{HashMap, hash_map::Entry},
    rc::Rc,
};

use api::{Batch, Cursor, Fault, Row, RowId, Status};

/// The share of the rows of a bounded stream that may be there too much before they are let go.
const SHARE: usize = 16;

/// The rows of one stream, in the order of the source; new ones come last.
#[derive(Debug, Clone)]
pub struct Store<R> {
    rows: Vec<Rc<R>>,
    /// Where a row stands, counted from the first row there ever was.
    place: HashMap<RowId, usize>,
    /// Rows that were let go at the front.
    left: usize,
    cursor: Cursor,
    status: Status,
    /// The door itself failed; the rows are the last good ones.
    broken: Option<Fault>,
    changes: u64,
}

impl<R> Default for Store<R> {
    fn default() -> Self {
        Self { rows: vec![], place: HashMap::new(), left: 0, cursor: 0, status: Status::Loading, broken: None, changes: 0 }
    }
}

/// Two states of a stream are the same when nothing was applied between them.
impl<R> PartialEq for Store<R> {
    fn eq(&self, other: &Self) -> bool {
        self.changes == other.changes && self.cursor == other.cursor && self.status == other.status && self.broken == other.broken
    }
}

impl<R: Row> Store<R> {
    /// Takes a batch in. A delta older than what is known is ignored.
    pub fn apply(&mut self, batch: Batch<R>) {
        self.broken = None;
        match batch {
            Batch::Snapshot { at, status, rows } => {
                self.rows = rows.into_iter().map(Rc::new).collect();
                self.count_places();
                (self.cursor, self.status) = (at, status);
                self.changes += 1;
            }
            Batch::Delta { at, .. } if at <= self.cursor => {}
            Batch::Delta { at, status, set, gone } => {
                if !set.is_empty() || !gone.is_empty() || status != self.status {
                    self.changes += 1;
                }
                self.remove(&gone);
                for row in set {
                    self.set(row);
                }
                (self.cursor, self.status) = (at, status);
            }
        }
    }

    /// Lets the oldest rows go, a few at a time: all at once would cost a frame in a flood, one by one would move the rest
    /// for each.
    pub fn keep_last(&mut self, most: usize) {
        if self.rows.len() > most.saturating_add(most / SHARE) {
            let many = self.rows.len() - most;
            for row in self.rows.drain(..many) {
                self.place.remove(&row.id());
            }
            self.left += many;
        }
    }

    /// Notes that the door failed; what is known stays.
    pub fn broke(&mut self, why: Fault) {
        self.broken = Some(why);
        self.changes += 1;
    }

    /// Begins again: the next batch is a snapshot, until then the last good rows stay.
    pub fn reopen(&mut self) {
        self.cursor = 0;
    }

    pub fn rows(&self) -> &[Rc<R>] {
        &self.rows
    }

    pub fn get(&self, id: &RowId) -> Option<&Rc<R>> {
        self.place.get(id).and_then(|n| self.rows.get(n.checked_sub(self.left)?))
    }

    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Counts what was applied; equal counts mean that nothing changed.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub fn broken(&self) -> Option<&Fault> {
        self.broken.as_ref()
    }

    fn set(&mut self, row: R) {
        let end = self.left + self.rows.len();
        match self.place.entry(row.id()) {
            Entry::Occupied(known) => {
                if let Some(old) = known.get().checked_sub(self.left).and_then(|n| self.rows.get_mut(n)) {
                    *old = Rc::new(row);
                }
            }
            Entry::Vacant(new) => {
                new.insert(end);
                self.rows.push(Rc::new(row));
            }
        }
    }

    /// One pass for all, since a relist can take thousands of rows away at once.
    fn remove(&mut self, gone: &[RowId]) {
        let before = self.rows.len();
        for id in gone {
            self.place.remove(id);
        }
        if self.place.len() < before {
            self.rows.retain(|row| self.place.contains_key(&row.id()));
            self.count_places();
        }
    }

    fn count_places(&mut self) {
        self.left = 0;
        self.place = self.rows.iter().enumerate().map(|(n, row)| (row.id(), n)).collect();
    }
}

#[cfg(test)]
mod tests;
