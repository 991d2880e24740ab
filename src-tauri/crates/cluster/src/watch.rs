//! How does a table stay true?
//!
//! A list in pages, then a watch that is resumed from the last version. Errors never remove rows; only an event or a
//! finished list does. Knows: 410, 403, broken streams, a server whose versions went back. Does not know: who shows the rows; that is the [`Sink`].
//! Start at: [`Table::open`].

mod after;
mod kept;
mod lines;
mod list;
mod pace;
mod request;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use api::contexts::Link;
use api::{RowId, Status, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::fault::About;
use crate::link::back_off;
use crate::session::{Access, SessionView};
use crate::source::{Change, Source};
use kept::Kept;
use lines::Lines;
pub use pace::Pace;
use request::{Problem, Reader};
use versions::goes_back;

/// Takes what a table learns. Called from the table's task: must not wait.
pub trait Sink<R>: Send + 'static {
    /// All rows at once: what is not here is gone.
    fn replace(&mut self, rows: Vec<R>);
    /// Rows that came or changed, and those that went.
    fn apply(&mut self, set: Vec<R>, gone: Vec<RowId>);
    fn status(&mut self, status: Status);
    /// Whether rows that an earlier connection brought are still shown: they are swapped once the list is whole, since
    /// what went meanwhile is told by nobody.
    fn holds_rows(&self) -> bool {
        false
    }
}

/// A live table; ends when dropped.
#[derive(Debug)]
pub struct Table {
    again: Arc<Notify>,
    _tasks: JoinSet<()>,
}

impl Table {
    /// Keeps a list of an open context live.
    pub fn open<S: Source>(access: &Access, source: S, clock: Arc<dyn Clock>, pace: Pace, sink: impl Sink<S::Row>) -> Self {
        let again = Arc::new(Notify::new());
        let loaded = if sink.holds_rows() { Loaded::All } else { Loaded::Nothing };
        let keeper = Keeper {
            about: access.about().clone(),
            reader: Reader::new(access.client(), source, pace),
            view: access.view(),
            clock,
            pace,
            page: pace.page,
            again: Arc::clone(&again),
            sink,
            loaded,
            kept: Kept::default(),
            failures: 0,
            storms: 0,
            refused_lists: 0,
            refused_watches: 0,
            stale_since: None,
            listed: None,
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(keeper.run());
        Self { again, _tasks: tasks }
    }

    /// Tries a refused or waiting table at once.
    pub fn look_again(&self) {
        self.again.notify_one();
    }
}

/// How much of the kind the sink has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loaded {
    Nothing,
    /// Pages of a list that did not end.
    Part,
    All,
}

/// What the loop does after something ended.
enum Then {
    /// Watches on from here.
    Resume(String),
    /// The same after a watch that did not end as it should: first the server is asked whether it is still past that
    /// version. One that was restored from a backup is not, and would keep silent until it is.
    Verify(String),
    Relist,
    /// Lists again after the pause of a kind that cannot be watched, until that is tried again.
    Poll {
        watch_at: Instant,
    },
}

/// What ended a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Woke {
    Time,
    /// Somebody asked for it.
    Asked,
    Connection,
}

struct Keeper<L: Source, S> {
    about: About,
    reader: Reader<L>,
    view: watch::Receiver<SessionView>,
    clock: Arc<dyn Clock>,
    pace: Pace,
    /// As many objects as a page may have here; fewer than wanted once so many were too large.
    page: u32,
    again: Arc<Notify>,
    sink: S,
    loaded: Loaded,
    /// What the rows of the last whole list, and of the watch since, take.
    kept: Kept,
    failures: u32,
    storms: u32,
    refused_lists: u32,
    refused_watches: u32,
    stale_since: Option<Timestamp>,
    /// The cluster whose rows these are.
    listed: Option<String>,
}

impl<L: Source, S: Sink<L::Row>> Keeper<L, S> {
    async fn run(mut self) {
        let mut then = Then::Relist;
        while self.connected().await {
            then = match then {
                Then::Relist => match self.list().await {
                    Ok(version) => Then::Resume(version),
                    Err(problem) => self.after(problem, None).await,
                },
                Then::Resume(version) => {
                    let other = another(self.view.clone(), self.listed.clone());
                    tokio::select! {
                        // Versions of the cluster before mean nothing in this one.
                        () = other => Then::Relist,
                        then = self.watch(version) => then,
                    }
                }
                Then::Verify(version) => self.verify(version).await,
                Then::Poll { watch_at } => {
                    let woke = self.pause(self.pace.poll).await;
                    match self.list().await {
                        // Who asks may have been given the right meanwhile.
                        Ok(version) if woke == Woke::Asked || Instant::now() >= watch_at => Then::Resume(version),
                        Ok(_) => Then::Poll { watch_at },
                        Err(problem) => self.after(problem, None).await,
                    }
                }
            };
        }
    }

    /// Waits for a working connection; `false` when the context is closed for good.
    async fn connected(&mut self) -> bool {
        loop {
            // The last word of a session stays readable when it is gone, and may be that it is live.
            if self.is_closed() {
                self.sink.status(Status::Closed);
                return false;
            }
            let link = self.view.borrow_and_update().link.clone();
            match link {
                Link::Live { .. } => return true,
                // Not opened yet; or it ends, and that is seen above.
                Link::Unopened | Link::Opening { .. } if self.loaded == Loaded::Nothing => self.sink.status(Status::Loading),
                Link::Unopened | Link::Opening { .. } => {}
                Link::Stale { since, why, retry_at } | Link::Unreachable { since, why, retry_at } => {
                    self.stale_since = Some(since);
                    self.sink.status(Status::Stale { since, why, retry_at: Some(retry_at) });
                }
                Link::NeedsYou { since, why } => {
                    self.stale_since = Some(since);
                    self.sink.status(Status::Stale { since, why, retry_at: None });
                }
            }
            // That nothing comes any more is seen above.
            let _ = self.view.changed().await;
        }
    }

    fn is_closed(&self) -> bool {
        self.view.has_changed().is_err()
    }

    async fn verify(&mut self, version: String) -> Then {
        match self.reader.page(1, "").await {
            Ok(page) if goes_back(&version, &page.version) => self.after(Problem::LostVersion, None).await,
            Ok(_) => Then::Resume(version),
            Err(problem @ Problem::Denied { .. }) => self.after(problem, None).await,
            Err(problem) => self.after(problem, Some(version)).await,
        }
    }

    async fn watch(&mut self, from: String) -> Then {
        let mut version = from;
        let body = match self.reader.watch(&version).await {
            Ok(body) => body,
            Err(problem) => return self.after(problem, Some(version)).await,
        };
        self.live();
        let mut lines = Lines::new(body, self.pace.silence);
        let mut seen_any = false;
        loop {
            let batch = match lines.next().await {
                // The server ends a watch after its time; a watch that ends empty at once is paced like a failure.
                Ok(None) if seen_any => return Then::Resume(version),
                Ok(None) => return self.ended_empty(version).await,
                Ok(Some(batch)) => batch,
                Err(problem) => return self.after(problem, Some(version)).await,
            };
            // One entry per object, the last word on it; `None` is gone.
            let (mut news, mut refusal) = (BTreeMap::<RowId, Option<L::Row>>::new(), None);
            for line in batch {
                match self.reader.source.change(&line) {
                    Ok(Change::Set { version: at, .. } | Change::Gone { version: at, .. } | Change::Bookmark { version: at }) if goes_back(&version, &at) => {
                        refusal = Some(Problem::LostVersion);
                    }
                    Ok(Change::Set { id, row, version: at }) => {
                        news.insert(id, Some(row));
                        version = at;
                    }
                    Ok(Change::Gone { id, version: at }) => {
                        news.insert(id, None);
                        version = at;
                    }
                    Ok(Change::Bookmark { version: at }) => version = at,
                    Ok(Change::Refused { code, message }) => refusal = Some(request::refusal(code, message, None)),
                    // The change on this line is lost; only a list brings it back.
                    Err(why) => refusal = Some(Problem::Undecodable { said: crate::failure::chain(&why) }),
                }
                if refusal.is_some() {
                    break;
                }
            }
            seen_any = true;
            self.failures = 0;
            if refusal.is_none() {
                (self.storms, self.refused_watches) = (0, 0);
            }
            let (mut set, mut gone) = (vec![], vec![]);
            for (id, row) in news {
                match row {
                    Some(row) => {
                        self.kept.set(&id, &row);
                        set.push(row);
                    }
                    None => {
                        self.kept.gone(&id);
                        gone.push(id);
                    }
                }
            }
            if self.kept.bytes() > self.pace.kept_bytes {
                // It may be long until somebody asks.
                drop((lines, set, gone));
                return self.after(Problem::TooMuch, None).await;
            }
            if !set.is_empty() || !gone.is_empty() {
                self.sink.apply(set, gone);
            }
            if let Some(problem) = refusal {
                return self.after(problem, Some(version)).await;
            }
        }
    }

    async fn ended_empty(&mut self, version: String) -> Then {
        let wait = self.spread(back_off(0));
        self.pause(wait).await;
        Then::Verify(version)
    }
}

/// Ends when another cluster answers than the one whose rows were listed.
async fn another(mut view: watch::Receiver<SessionView>, mut listed: Option<String>) {
    let differs = |view: &SessionView| {
        listed = listed.take().or_else(|| view.cluster.clone());
        view.cluster.is_some() && view.cluster != listed
    };
    if view.wait_for(differs).await.is_err() {
        // The session is gone; the watch ends by itself.
        std::future::pending::<()>().await;
    }
}
