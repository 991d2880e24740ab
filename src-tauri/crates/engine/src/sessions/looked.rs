//! What of a context does somebody look at, whichever connection fills it?
//!
//! Who looks owns it; here it is only known, so that another connection can go on with it. Start at: [`Looked::follow`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use api::tables::{Kind, TableRow};
use api::{RowId, Status};
use cluster::clock::Clock;
use cluster::session::Access;
use cluster::tables::Rows;
use cluster::watch::{Pace, Sink, Table};

use crate::board::Board;
use crate::managed::Managed;
use crate::providers::ProviderWatch;

/// One live table; all who look at it share it, the last one ends it.
pub(super) struct Watched {
    pub(super) board: Arc<Board<TableRow>>,
    /// Replaced when the connection is made anew; the board and its readers stay. None while the context is closed.
    table: Mutex<Option<Table>>,
}

impl Watched {
    fn table(&self) -> MutexGuard<'_, Option<Table>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills the board from a connection, and from no other any more.
    fn fill(&self, access: &Access, clock: &Arc<dyn Clock>, kind: Kind, namespace: &str) {
        let mut table = self.table();
        // The one before must not have a word after this one.
        *table = None;
        if self.board.measure().1 == Status::Closed {
            self.board.status(Status::Loading);
        }
        let rows = Rows { kind, namespace: namespace.to_owned() };
        *table = Some(Table::open(access, rows, clock.clone(), Pace::default(), Onto(self.board.clone())));
    }

    fn close(&self) {
        *self.table() = None;
        self.board.status(Status::Closed);
    }
}

/// What is looked at of one context.
#[derive(Default)]
pub(super) struct Looked {
    tables: HashMap<(Kind, String), Weak<Watched>>,
    /// The clusters that it manages.
    managed: Weak<Managed>,
    /// The providers that it holds.
    providers: Weak<ProviderWatch>,
}

impl Looked {
    /// Whether anybody looks at any of it.
    pub(super) fn is_looked_at(&self) -> bool {
        self.tables.values().any(|watched| watched.strong_count() > 0) || self.managed.strong_count() > 0 || self.providers.strong_count() > 0
    }

    /// Goes on with another connection: whoever looks goes on looking at the same boards, now filled from there.
    pub(super) fn follow(&self, access: &Access, clock: &Arc<dyn Clock>) {
        for (kind, namespace, watched) in self.tables() {
            watched.fill(access, clock, kind, namespace);
        }
        if let Some(managed) = self.managed() {
            // Before the reading, which may have a word at once.
            managed.opened();
            managed.follow(access, clock.clone());
            managed.watched().status(Status::Live);
        }
        if let Some(providers) = self.providers.upgrade() {
            providers.follow(access, clock.clone());
        }
    }

    /// The context was closed: what is shown stays, and is no longer live.
    pub(super) fn close(&self) {
        for (_, _, watched) in self.tables() {
            watched.close();
        }
        if let Some(managed) = self.managed() {
            managed.closed();
        }
        if let Some(providers) = self.providers.upgrade() {
            providers.closed();
        }
    }

    /// Asks at once for what was refused or failed, wherever somebody looks.
    pub(super) fn look_again(&self) {
        for (_, _, watched) in self.tables() {
            watched.table().iter().for_each(Table::look_again);
        }
        if let Some(managed) = self.managed() {
            managed.look_again();
        }
        if let Some(providers) = self.providers.upgrade() {
            providers.look_again();
        }
    }

    /// The tables that somebody looks at.
    pub(super) fn tables(&self) -> impl Iterator<Item = (Kind, &str, Arc<Watched>)> {
        self.tables.iter().filter_map(|((kind, namespace), watched)| Some((*kind, namespace.as_str(), watched.upgrade()?)))
    }

    /// A table, opened where nobody looks at it yet.
    pub(super) fn table(&mut self, access: &Access, clock: &Arc<dyn Clock>, kind: Kind, namespace: &str) -> Arc<Watched> {
        let key = (kind, namespace.to_owned());
        if let Some(watched) = self.tables.get(&key).and_then(Weak::upgrade) {
            return watched;
        }
        let watched = Arc::new(Watched { board: Arc::new(Board::new(Status::Loading)), table: Mutex::default() });
        watched.fill(access, clock, kind, namespace);
        self.tables.retain(|_, known| known.strong_count() > 0);
        self.tables.insert(key, Arc::downgrade(&watched));
        watched
    }

    /// The clusters that it manages, where somebody looks already.
    pub(super) fn managed(&self) -> Option<Arc<Managed>> {
        self.managed.upgrade()
    }

    /// The same, opened where nobody looks yet.
    pub(super) fn managed_or(&mut self, open: impl FnOnce() -> Managed) -> Arc<Managed> {
        if let Some(managed) = self.managed() {
            return managed;
        }
        let managed = Arc::new(open());
        self.managed = Arc::downgrade(&managed);
        managed
    }

    /// The providers that it holds, opened where nobody looks yet.
    pub(super) fn providers_or(&mut self, open: impl FnOnce() -> ProviderWatch) -> Arc<ProviderWatch> {
        if let Some(providers) = self.providers.upgrade() {
            return providers;
        }
        let providers = Arc::new(open());
        self.providers = Arc::downgrade(&providers);
        providers
    }
}

/// What a table learns goes onto its board.
struct Onto(Arc<Board<TableRow>>);

impl Sink<TableRow> for Onto {
    fn replace(&mut self, rows: Vec<TableRow>) {
        self.0.replace_set(rows);
    }

    fn apply(&mut self, set: Vec<TableRow>, gone: Vec<RowId>) {
        self.0.apply(set, gone);
    }

    fn status(&mut self, status: Status) {
        self.0.status(status);
    }

    fn holds_rows(&self) -> bool {
        self.0.measure().0 > 0
    }
}
