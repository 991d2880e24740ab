//! Which contexts are open, and who owns their connections?
//!
//! A context is contacted when it is opened, never before. Its connection ends with its entry here.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use api::contexts::{Link, Trust, TrustQuestion};
use api::local::LocalRow;
use api::tables::{Kind, TableRow};
use api::{ContextId, Fault, FaultCode, RowId, Status};
use cluster::fault::About;
use cluster::session::{Access, Limits, Session};
use cluster::tables::Rows;
use cluster::watch::{Pace, Sink, Table};
use kubeconfig::target::Target;

use crate::board::{Board, Readable};
use crate::by_hand::ByHand;
use crate::fleet::{Fleet, Marks, Place, View};
use crate::managed::Managed;
use crate::objects::{Held, Live, Manager};
use crate::providers::ProviderWatch;
use crate::streams::Interest;
use crate::tasks::Task;
use crate::world::World;

/// Each open context holds sockets and a heartbeat.
const MOST_OPEN: usize = 64;
/// How long a context that somebody needs now may take to answer.
const OPENING: Duration = Duration::from_secs(20);

/// The open contexts.
pub(crate) struct Sessions {
    fleet: Arc<Fleet>,
    world: World,
    /// What the machines of management clusters reached.
    runs: PathBuf,
    open: Mutex<HashMap<ContextId, Open>>,
}

struct Open {
    session: Session,
    /// What it was opened with: another target is another connection.
    target: Target,
    tables: HashMap<(Kind, String), Weak<Watched>>,
    /// The clusters that it manages, while somebody looks at them.
    managed: Weak<Managed>,
    /// The providers that it holds, while somebody looks at them.
    providers: Weak<ProviderWatch>,
    shown: Task,
}

impl Open {
    /// Asks at once for what was refused or failed, wherever somebody looks.
    fn look_again(&self) {
        for watched in self.tables.values().filter_map(Weak::upgrade) {
            watched.table().look_again();
        }
        if let Some(managed) = self.managed.upgrade() {
            managed.look_again();
        }
    }
}

/// One live table; all who look at it share it, the last one ends it.
struct Watched {
    board: Arc<Board<TableRow>>,
    /// Replaced when the connection is made anew; the board and its readers stay.
    table: Mutex<Table>,
}

impl Watched {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    pub(crate) fn new(fleet: Arc<Fleet>, world: World, runs: PathBuf) -> Self {
        Self { fleet, world, runs, open: Mutex::default() }
    }

    /// Opens a context; one that is open stays as it is.
    pub(crate) async fn open(&self, context: &ContextId) -> Result<(), Fault> {
        let mut open = self.lock();
        if open.contains_key(context) {
            return Ok(());
        }
        if open.len() >= MOST_OPEN {
            return Err(Fault::new(FaultCode::Invalid, format!("{MOST_OPEN} contexts are open already. Close one first.")).unharmed("The open ones go on."));
        }
        let target = self.fleet.hold(context)?;
        open.insert(context.clone(), self.start(target));
        drop(open);
        let now = crate::fleet::now();
        self.fleet.remember(context, |known| known.last_used = Some(now))
    }

    /// Opens contexts of the demo that its user has open, by name: their plugins were allowed, and this is no new use of them.
    pub(crate) async fn go_on(&self, names: &[&str]) {
        let rows = self.fleet.contexts().rows();
        for row in rows.iter().filter(|row| names.contains(&row.name.as_str())) {
            let Ok(target) = self.fleet.hold(&row.id) else { continue };
            if let Ok(question) = self.world.trust.question(&target).await {
                // Without an answer the context asks, as it does for everybody.
                let _ = self.world.trust.answer(&target, &question.seen, Trust::Always).await;
            }
            let open = self.start(target);
            self.lock().insert(row.id.clone(), open);
        }
    }

    /// Closes a context: no request leaves after this returns.
    pub(crate) async fn close(&self, context: &ContextId) {
        let closed = self.lock().remove(context);
        if let Some(open) = closed {
            open.session.close();
            open.shown.end().await;
            for watched in open.tables.values().filter_map(Weak::upgrade) {
                watched.board.status(Status::Closed);
            }
            if let Some(managed) = open.managed.upgrade() {
                managed.closed();
            }
            if let Some(providers) = open.providers.upgrade() {
                providers.closed();
            }
        }
        let open = self.lock();
        // Who opened it again meanwhile keeps the row.
        if !open.contains_key(context) {
            self.fleet.view(context, None);
        }
    }

    pub(crate) async fn close_all(&self) {
        let all: Vec<ContextId> = self.lock().keys().cloned().collect();
        for context in all {
            self.close(&context).await;
        }
    }

    pub(crate) fn try_now(&self, context: &ContextId) -> Result<(), Fault> {
        let open = self.lock();
        let found = open.get(context).ok_or_else(not_open)?;
        found.session.try_now();
        found.look_again();
        Ok(())
    }

    /// What was refused of a context may be allowed by now.
    pub(crate) fn look_again(&self, context: &ContextId) {
        if let Some(open) = self.lock().get(context) {
            open.look_again();
        }
    }

    /// This computer woke: what waits is tried at once, what seemed live is asked, and what was read from it is looked at again.
    pub(crate) fn woke(&self) {
        for open in self.lock().values() {
            open.session.woke();
            open.look_again();
        }
    }

    /// Keeps what was seen of clusters since the last time.
    pub(crate) async fn keep_runs(&self) {
        let looked_at: Vec<Arc<Managed>> = self.lock().values().filter_map(|open| open.managed.upgrade()).collect();
        for managed in looked_at {
            managed.keep_runs().await;
        }
    }

    /// Connects anew where the files now say something else; a context that left them stays open until it is closed. Only one
    /// whose file was KOS's own is closed: the file went with its cluster.
    pub(crate) async fn follow_files(&self) {
        for orphan in self.fleet.orphans() {
            self.close(&orphan).await;
        }
        let changed: Vec<(ContextId, Target)> = {
            let open = self.lock();
            let differs =
                |(id, open): (&ContextId, &Open)| self.fleet.target(id).ok().filter(|target| *target != open.target).map(|target| (id.clone(), target));
            open.iter().filter_map(differs).collect()
        };
        for (context, target) in changed {
            let before = self.lock().remove(&context);
            let Some(before) = before else { continue };
            before.session.close();
            before.shown.end().await;
            let mut next = self.start(target);
            for ((kind, namespace), watched) in before.tables {
                // Whoever looks at a table goes on looking at the same board, now filled from the new connection.
                if let Some(watched) = watched.upgrade() {
                    *watched.table() = self.read(&next.session, kind, &namespace, &watched.board);
                    next.tables.insert((kind, namespace), Arc::downgrade(&watched));
                }
            }
            if let Some(managed) = before.managed.upgrade() {
                managed.follow(&next.session.access(), self.world.clock.clone());
                next.managed = Arc::downgrade(&managed);
            }
            if let Some(providers) = before.providers.upgrade() {
                providers.follow(&next.session.access(), self.world.clock.clone());
                next.providers = Arc::downgrade(&providers);
            }
            self.lock().insert(context, next);
        }
    }

    /// The clusters that an open context manages; all who look share one reading of them.
    pub(crate) fn managed(&self, context: &ContextId, local: Arc<Board<LocalRow>>) -> Result<Arc<Managed>, Fault> {
        self.fleet.known(context)?;
        let mut open = self.lock();
        Ok(self.managed_by(open.get_mut(context).ok_or_else(not_open)?, local))
    }

    fn managed_by(&self, open: &mut Open, local: Arc<Board<LocalRow>>) -> Arc<Managed> {
        if let Some(managed) = open.managed.upgrade() {
            return managed;
        }
        let by_hand = ByHand::of(self.fleet.clone(), open.target.context.clone());
        let (access, clock, programs) = (open.session.access(), self.world.clock.clone(), self.world.programs.clone());
        let managed = Arc::new(Managed::open(&access, clock, programs, local, &self.runs, by_hand));
        open.managed = Arc::downgrade(&managed);
        managed
    }

    /// The same where somebody looks already.
    pub(crate) fn looked_at(&self, context: &ContextId) -> Option<Arc<Managed>> {
        self.lock().get(context)?.managed.upgrade()
    }

    /// Whether Cluster API was found on an open context by those who look at it.
    pub(crate) fn serves_clusters(&self, context: &ContextId) -> bool {
        self.looked_at(context).is_some_and(|managed| managed.serves_clusters())
    }

    /// The providers that an open context holds; all who look share one reading of them.
    pub(crate) fn providers(&self, context: &ContextId) -> Result<Arc<ProviderWatch>, Fault> {
        self.fleet.known(context)?;
        let mut open = self.lock();
        let found = open.get_mut(context).ok_or_else(not_open)?;
        if let Some(providers) = found.providers.upgrade() {
            return Ok(providers);
        }
        let providers = Arc::new(ProviderWatch::open(&found.session.access(), self.world.clock.clone()));
        found.providers = Arc::downgrade(&providers);
        Ok(providers)
    }

    /// The way to the server of an open context.
    pub(crate) fn access(&self, context: &ContextId) -> Result<Access, Fault> {
        self.fleet.known(context)?;
        self.lock().get(context).map(|open| open.session.access()).ok_or_else(not_open)
    }

    /// The way to the server of a context that answers now; it is opened when it is not yet.
    ///
    /// # Errors
    /// Why it does not answer; nothing was written.
    pub(crate) async fn answering(&self, context: &ContextId) -> Result<Access, Fault> {
        self.open(context).await?;
        let gone = || Fault::new(FaultCode::NotFound, "The context was closed.").unharmed("Nothing was written.");
        let access = self.access(context).map_err(|_| gone())?;
        let mut view = access.view();
        let live = view.wait_for(|view| !matches!(view.link, Link::Opening { .. } | Link::Unopened));
        match tokio::time::timeout(OPENING, live).await {
            Ok(Ok(view)) => match &view.link {
                Link::Stale { why, .. } | Link::Unreachable { why, .. } | Link::NeedsYou { why, .. } => {
                    return Err(why.clone().unharmed("Nothing was written."));
                }
                Link::Live { .. } | Link::Opening { .. } | Link::Unopened => {}
            },
            Ok(Err(_)) => return Err(gone()),
            Err(_) => {
                let fault = Fault::new(FaultCode::Unreachable, format!("{} does not answer yet. Wait until its API server does.", access.about().name));
                return Err(fault.unharmed("Nothing was written."));
            }
        }
        Ok(access)
    }

    /// A live table of an open context; a context that is not open has none.
    pub(crate) fn table(&self, context: &ContextId, kind: Kind, namespace: &str) -> Result<(Arc<dyn Readable>, Interest), Fault> {
        self.fleet.known(context)?;
        let mut open = self.lock();
        let found = open.get_mut(context).ok_or_else(not_open)?;
        let watched = self.watched(found, kind, namespace);
        Ok((watched.board.clone(), watched))
    }

    /// The tables and the clusters that somebody looks at now.
    pub(crate) fn live(&self) -> Held {
        let open = self.lock();
        let tables = open.iter().flat_map(|(context, open)| open.tables.iter().map(move |(key, watched)| (context, key, watched)));
        let tables = tables.filter_map(|(context, key, watched)| Some(live(context, key.0, &key.1, watched.upgrade()?))).collect();
        let made: Vec<_> = open.iter().filter_map(|(context, open)| Some((context.clone(), open.managed.upgrade()?))).collect();
        drop(open);
        Held { tables, managers: made.into_iter().map(manager).collect() }
    }

    /// The tables and the clusters of every open context, started where nobody looked yet.
    pub(crate) fn hold(&self, local: &Arc<Board<LocalRow>>) -> Held {
        let remembered = self.fleet.memory().read();
        let (mut held, mut made) = (vec![], vec![]);
        for (context, open) in self.lock().iter_mut() {
            let mut hold = |kind, namespace: &str| held.push(live(context, kind, namespace, self.watched(open, kind, namespace)));
            [Kind::Nodes, Kind::Namespaces, Kind::Pods].into_iter().for_each(|kind| hold(kind, ""));
            // Who may not list everything sees the namespaces that were typed by hand.
            remembered.contexts.get(&context.0).into_iter().flat_map(|known| &known.namespaces).for_each(|namespace| hold(Kind::Pods, namespace));
            made.push((context.clone(), self.managed_by(open, local.clone())));
        }
        // The machines are drawn when nobody waits for the open contexts any more.
        Held { tables: held, managers: made.into_iter().map(manager).collect() }
    }

    /// Tells when a context is opened, closed or stands otherwise.
    pub(crate) fn contexts_news(&self) -> tokio::sync::watch::Receiver<api::Cursor> {
        self.fleet.contexts().news()
    }

    fn watched(&self, open: &mut Open, kind: Kind, namespace: &str) -> Arc<Watched> {
        let key = (kind, namespace.to_owned());
        if let Some(watched) = open.tables.get(&key).and_then(Weak::upgrade) {
            return watched;
        }
        let board = Arc::new(Board::new(Status::Loading));
        let table = Mutex::new(self.read(&open.session, kind, namespace, &board));
        let watched = Arc::new(Watched { board, table });
        open.tables.retain(|_, known| known.strong_count() > 0);
        open.tables.insert(key, Arc::downgrade(&watched));
        watched
    }

    pub(crate) async fn ask_trust(&self, context: &ContextId) -> Result<TrustQuestion, Fault> {
        let target = self.fleet.target(context)?;
        self.world.trust.question(&target).await.map_err(|why| cluster::fault::trust(&About::of(&target), &why))
    }

    /// Keeps an answer; a context that waits for it goes on at once.
    pub(crate) async fn answer_trust(&self, context: &ContextId, seen: &str, answer: Trust) -> Result<(), Fault> {
        let target = self.fleet.target(context)?;
        self.world.trust.answer(&target, seen, answer).await.map_err(|why| cluster::fault::trust(&About::of(&target), &why))?;
        if let Some(open) = self.lock().get(context) {
            open.session.try_now();
        }
        Ok(())
    }

    fn read(&self, session: &Session, kind: Kind, namespace: &str, board: &Arc<Board<TableRow>>) -> Table {
        Table::open(&session.access(), Rows { kind, namespace: namespace.to_owned() }, self.world.clock.clone(), Pace::default(), Onto(board.clone()))
    }

    fn start(&self, target: Target) -> Open {
        let session = Session::open(target.clone(), self.world.dial.clone(), self.world.clock.clone(), Limits::default());
        let (fleet, context, tls, mut view) = (self.fleet.clone(), target.context.clone(), target.tls.clone(), session.view());
        let shown = Task::spawn("state of a connection", async move {
            let (mut place, mut authority) = (Place::Same, None);
            loop {
                let now = view.borrow_and_update().clone();
                // Before it was asked nobody knows whether it says which one it is.
                if now.asked && authority.is_none() {
                    authority = cluster::dial::authority(&tls).await;
                }
                if !now.version.is_empty() {
                    // What cannot be saved is asked again next time.
                    let _ = fleet.memory().change_context(&context, |known| {
                        known.version.clone_from(&now.version);
                        let before = Marks { uid: known.cluster.as_deref(), authority: known.authority.as_deref() };
                        place = place.after(before, Marks { uid: now.cluster.as_deref(), authority: authority.as_deref() });
                        known.cluster = now.cluster.clone().or(known.cluster.take());
                        known.authority = authority.clone().or(known.authority.take());
                    });
                }
                fleet.view(&context, Some(View { link: now.link, version: now.version, identity: now.identity, expires: now.expires, place, away: now.away }));
                if view.changed().await.is_err() {
                    return;
                }
            }
        });
        Open { session, target, tables: HashMap::new(), managed: Weak::new(), providers: Weak::new(), shown }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ContextId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn live(context: &ContextId, kind: Kind, namespace: &str, watched: Arc<Watched>) -> Live {
    Live { context: context.clone(), kind, namespace: namespace.to_owned(), board: watched.board.clone(), _interest: watched }
}

fn manager((context, managed): (ContextId, Arc<Managed>)) -> Manager {
    Manager { context, clusters: managed.clusters(), machines: managed.machines(), _interest: managed }
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

fn not_open() -> Fault {
    Fault::new(FaultCode::NotFound, "This context is not open.").unharmed("Nothing was contacted.")
}
