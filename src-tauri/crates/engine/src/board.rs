//! What are the rows of a topic now, and what is new since a cursor?
//!
//! A board holds the rows of one topic once, however many pages look at it. Every change gets the next number;
//! a reader that asks with a number gets what changed since, each row once and as it is now: ten changes of one row
//! between two pulls travel as one. The log of changes is bounded; a reader that is too far behind gets a snapshot.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::{Batch, Cursor, Row, RowId, Status};
use tokio::sync::watch;

/// Changes remembered for readers; an older cursor gets a snapshot.
const KEPT_CHANGES: usize = 65_536;
/// Painting 50 times a second cost the web process 40 % of a core, 10 to 15 times a third of it.
const GATHER: Duration = Duration::from_millis(50);
/// Rows that travel at once: a page takes a thousand lines in well below a frame, and what is left follows at once.
const MOST_AT_ONCE: usize = 1_000;
/// Of a long output the first rows come with a page that is being built: enough to fill it.
const FIRST_AT_ONCE: usize = 200;
/// A page must not hold a request for ever: proxies of the development server would cut it.
const LONGEST_WAIT: Duration = Duration::from_millis(60_000);

/// The rows of one topic.
#[derive(Debug)]
pub(crate) struct Board<R> {
    state: Mutex<State<R>>,
    news: watch::Sender<Cursor>,
}

#[derive(Debug)]
struct State<R> {
    at: Cursor,
    status: Status,
    /// Rows by their place in the source.
    rows: BTreeMap<u64, R>,
    places: HashMap<RowId, u64>,
    next_place: u64,
    log: VecDeque<(Cursor, RowId)>,
    /// Readers with an older cursor need a snapshot: the log does not reach back that far, or all rows were swapped.
    oldest: Cursor,
    /// Rows beyond this number leave at the front; 0 keeps all.
    most: usize,
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Postcard,
    Json,
}

impl<R: Row> Board<R> {
    pub(crate) fn new(status: Status) -> Self {
        Self::bounded(status, 0)
    }

    /// A board that keeps the last `most` rows.
    pub(crate) fn bounded(status: Status, most: usize) -> Self {
        let state = State { at: 1, status, rows: BTreeMap::new(), places: HashMap::new(), next_place: 0, log: VecDeque::new(), oldest: 1, most };
        Self { state: Mutex::new(state), news: watch::Sender::new(1) }
    }

    /// Makes the rows exactly these, in this order, telling readers only what differs.
    pub(crate) fn replace(&self, rows: Vec<R>) {
        self.change(|state| {
            if state.keeps_order(&rows) {
                state.become_these(rows);
            } else {
                // Another order cannot be told as single rows: readers get a snapshot.
                state.swap(rows);
            }
        });
    }

    /// The same where the order of the rows means nothing: a table that the page sorts.
    pub(crate) fn replace_set(&self, rows: Vec<R>) {
        self.change(|state| state.become_these(rows));
    }

    /// Sets and removes single rows; new ones go to the end.
    pub(crate) fn apply(&self, set: Vec<R>, gone: Vec<RowId>) {
        self.change(|state| {
            for row in set {
                state.set(row);
            }
            for id in gone {
                state.remove(&id);
            }
        });
    }

    pub(crate) fn status(&self, status: Status) {
        self.change(|state| {
            if state.status != status {
                state.status = status;
                state.at += 1;
            }
        });
    }

    /// How many rows there are, and how true they are.
    pub(crate) fn measure(&self) -> (usize, Status) {
        let state = self.lock();
        (state.rows.len(), state.status.clone())
    }

    /// Looks at each row where it stands; changes wait meanwhile.
    pub(crate) fn visit(&self, mut look: impl FnMut(&R)) {
        self.lock().rows.values().for_each(&mut look);
    }

    /// Tells of every change from now on.
    pub(crate) fn news(&self) -> watch::Receiver<Cursor> {
        self.news.subscribe()
    }

    pub(crate) fn rows(&self) -> Vec<R> {
        self.lock().rows.values().cloned().collect()
    }

    /// Waits for something newer than `cursor`, at most `wait`, and gives it.
    pub(crate) async fn pull(&self, cursor: Cursor, wait: Duration) -> Batch<R> {
        let mut news = self.news.subscribe();
        let waited = tokio::time::timeout(wait.min(LONGEST_WAIT), news.wait_for(|at| *at != cursor)).await.is_ok();
        if cursor != 0 && waited && self.lock().news_after(cursor) < MOST_AT_ONCE {
            // News that come close together travel together.
            tokio::time::sleep(GATHER).await;
        }
        self.read(cursor)
    }

    pub(crate) fn read(&self, cursor: Cursor) -> Batch<R> {
        let state = self.lock();
        if cursor < state.oldest || cursor > state.at {
            if let Some((at, rows)) = state.first_part() {
                return Batch::Snapshot { at, status: state.status.clone(), rows };
            }
            return Batch::Snapshot { at: state.at, status: state.status.clone(), rows: state.rows.values().cloned().collect() };
        }
        let waiting = state.news_after(cursor);
        let news = state.log.range(state.log.len() - waiting..).take(MOST_AT_ONCE);
        // A part ends with its last change; what is whole ends with the board, whose status has no place in the log.
        let at = if waiting > MOST_AT_ONCE { news.clone().next_back().map_or(state.at, |(at, _)| *at) } else { state.at };
        let mut seen = HashSet::new();
        let (mut set, mut gone) = (vec![], vec![]);
        for (_, id) in news.rev() {
            if !seen.insert(id) {
                continue;
            }
            match state.places.get(id).and_then(|place| state.rows.get(place)) {
                Some(row) => set.push(row.clone()),
                None => gone.push(id.clone()),
            }
        }
        // Oldest change first, so that new rows arrive in the order of the source.
        set.reverse();
        Batch::Delta { at, status: state.status.clone(), set, gone }
    }

    fn change(&self, edit: impl FnOnce(&mut State<R>)) {
        let mut state = self.lock();
        let before = state.at;
        edit(&mut state);
        state.trim();
        let at = state.at;
        drop(state);
        if at != before {
            self.news.send_replace(at);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<R>> {
        // A panic while holding the lock leaves whole rows behind: each edit is one insertion or removal.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Row> State<R> {
    fn set(&mut self, row: R) {
        let id = row.id();
        match self.places.get(&id) {
            Some(place) => {
                if self.rows.get(place) == Some(&row) {
                    return;
                }
                self.rows.insert(*place, row);
            }
            None => {
                self.places.insert(id.clone(), self.next_place);
                self.rows.insert(self.next_place, row);
                self.next_place += 1;
            }
        }
        self.note(id);
        if self.most > 0 && self.rows.len() > self.most {
            // The oldest rows leave without a word: a reader bounds its own copy the same way.
            if let Some((_, row)) = self.rows.pop_first() {
                self.places.remove(&row.id());
            }
        }
    }

    /// The oldest rows of a board to which rows are only added, where all would be too many at once; the rest follows as
    /// news. None when the log does not tell of each row by itself.
    fn first_part(&self) -> Option<(Cursor, Vec<R>)> {
        let later = self.rows.len().checked_sub(FIRST_AT_ONCE).filter(|later| self.most > 0 && *later > 0)?;
        let (at, last) = self.log.get(self.log.len().checked_sub(later + 1)?)?;
        let rows: Vec<R> = self.rows.values().take(FIRST_AT_ONCE).cloned().collect();
        (rows.last()?.id() == *last).then_some((*at, rows))
    }

    /// Whether known rows come in the order they have, and new ones after them.
    fn keeps_order(&self, rows: &[R]) -> bool {
        let (mut last, mut new) = (None, false);
        rows.iter().all(|row| match self.places.get(&row.id()) {
            Some(place) => !new && last.replace(*place).is_none_or(|before| before < *place),
            None => {
                new = true;
                true
            }
        })
    }

    fn become_these(&mut self, rows: Vec<R>) {
        let wanted: HashSet<RowId> = rows.iter().map(R::id).collect();
        let gone: Vec<RowId> = self.places.keys().filter(|id| !wanted.contains(*id)).cloned().collect();
        for id in gone {
            self.remove(&id);
        }
        for row in rows {
            self.set(row);
        }
    }

    fn remove(&mut self, id: &RowId) {
        if let Some(place) = self.places.remove(id) {
            self.rows.remove(&place);
            self.note(id.clone());
        }
    }

    fn swap(&mut self, rows: Vec<R>) {
        self.rows.clear();
        self.places.clear();
        self.log.clear();
        self.at += 1;
        self.oldest = self.at;
        for row in rows {
            self.places.insert(row.id(), self.next_place);
            self.rows.insert(self.next_place, row);
            self.next_place += 1;
        }
    }

    /// How many changes a reader with this cursor has not seen.
    fn news_after(&self, cursor: Cursor) -> usize {
        self.log.len() - self.log.partition_point(|(at, _)| *at <= cursor)
    }

    fn note(&mut self, id: RowId) {
        self.at += 1;
        self.log.push_back((self.at, id));
    }

    fn trim(&mut self) {
        while self.log.len() > KEPT_CHANGES {
            if let Some((at, _)) = self.log.pop_front() {
                self.oldest = at;
            }
        }
    }
}

/// A topic that can be pulled, whatever its rows are.
#[async_trait::async_trait]
pub(crate) trait Readable: Send + Sync {
    async fn pull(&self, cursor: Cursor, wait: Duration, encoding: Encoding) -> Vec<u8>;
}

#[async_trait::async_trait]
impl<R: Row> Readable for Board<R> {
    async fn pull(&self, cursor: Cursor, wait: Duration, encoding: Encoding) -> Vec<u8> {
        let batch = Board::pull(self, cursor, wait).await;
        match encoding {
            Encoding::Postcard => api::to_bytes(&batch),
            Encoding::Json => serde_json::to_vec(&batch).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
