//! Which contexts are open, and who owns their connections?
//!
//! A context is contacted when it is opened, never before. Its connection ends with its entry here.

mod looked;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::contexts::{Asked, Link, Trust};
use api::local::LocalRow;
use api::tables::Kind;
use api::{ContextId, Fault, FaultCode};
use cluster::fault::About;
use cluster::session::{Access, Limits, Session};
use kubeconfig::target::Target;

use crate::board::{Board, Readable};
use crate::by_hand::ByHand;
use crate::fleet::Fleet;
use crate::managed::Managed;
use crate::objects::{Held, Live, Manager};
use crate::providers::ProviderWatch;
use crate::streams::Interest;
use crate::world::World;
use looked::{Looked, Watched};
use shown::Shown;

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
    contexts: Mutex<Contexts>,
}

#[derive(Default)]
struct Contexts {
    open: HashMap<ContextId, Open>,
    /// What is still looked at of those that were closed; it goes on when they are opened again.
    closed: HashMap<ContextId, Looked>,
}

struct Open {
    session: Session,
    /// What it was opened with: another target is another connection.
    target: Target,
    looked: Looked,
    shown: Shown,
}

impl Sessions {
    pub(crate) fn new(fleet: Arc<Fleet>, world: World, runs: PathBuf) -> Self {
        Self { fleet, world, runs, contexts: Mutex::default() }
    }

    /// Opens a context; one that is open stays as it is.
    pub(crate) async fn open(&self, context: &ContextId) -> Result<(), Fault> {
        let mut contexts = self.lock();
        if contexts.open.contains_key(context) {
            return Ok(());
        }
        if contexts.open.len() >= MOST_OPEN {
            return Err(Fault::new(FaultCode::Invalid, format!("{MOST_OPEN} contexts are open already. Close one first.")).unharmed("The open ones go on."));
        }
        let target = self.fleet.hold(context)?;
        let looked = contexts.closed.remove(context).unwrap_or_default();
        contexts.open.insert(context.clone(), self.start(target, looked));
        drop(contexts);
        let now = crate::fleet::now();
        self.fleet.remember(context, |known| known.last_used = Some(now))
    }

    /// Opens contexts of the demo that its user has open, by name: their plugins were allowed, and this is no new use of them.
    pub(crate) async fn go_on(&self, names: &[&str]) {
        let rows = self.fleet.contexts().rows();
        for row in rows.iter().filter(|row| names.contains(&row.name.as_str())) {
            let Ok(target) = self.fleet.hold(&row.id) else { continue };
            if let Ok(asked) = self.world.trust.asked(&target).await {
                // Without an answer the context asks, as it does for everybody.
                let _ = self.world.trust.answer(&target, asked.seen(), Trust::Always).await;
            }
            let open = self.start(target, Looked::default());
            self.lock().open.insert(row.id.clone(), open);
        }
    }

    /// Closes a context: no request leaves after this returns. Whoever looks at it sees it go on when it is opened again.
    pub(crate) async fn close(&self, context: &ContextId) {
        let shown = {
            let mut contexts = self.lock();
            let Contexts { open, closed } = &mut *contexts;
            let shown = open.remove(context).map(|Open { session, looked, shown, .. }| {
                shown.hush();
                session.close();
                looked.close();
                closed.insert(context.clone(), looked);
                shown
            });
            closed.retain(|_, looked| looked.is_looked_at());
            // Before anybody can open it again: who does keeps the row.
            self.fleet.view(context, None);
            shown
        };
        if let Some(shown) = shown {
            shown.end().await;
        }
    }

    pub(crate) async fn close_all(&self) {
        let all: Vec<ContextId> = self.lock().open.keys().cloned().collect();
        for context in all {
            self.close(&context).await;
        }
    }

    pub(crate) fn try_now(&self, context: &ContextId) -> Result<(), Fault> {
        let contexts = self.lock();
        let found = contexts.open.get(context).ok_or_else(not_open)?;
        found.session.try_now();
        found.looked.look_again();
        Ok(())
    }

    /// What was refused of a context may be allowed by now.
    pub(crate) fn look_again(&self, context: &ContextId) {
        if let Some(open) = self.lock().open.get(context) {
            open.looked.look_again();
        }
    }

    /// This computer woke: what waits is tried at once, what seemed live is asked, and what was read from it is looked at again.
    pub(crate) fn woke(&self) {
        for open in self.lock().open.values() {
            open.session.woke();
            open.looked.look_again();
        }
    }

    /// Keeps what was seen of clusters since the last time.
    pub(crate) async fn keep_runs(&self) {
        let looked_at: Vec<Arc<Managed>> = self.lock().open.values().filter_map(|open| open.looked.managed()).collect();
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
        for shown in self.connect_anew() {
            shown.end().await;
        }
    }

    /// Swaps what is to be connected anew in one step: a context that is open is never out of sight of who closes it, nor of
    /// who ends this look at the files. Gives what told of the connections before.
    fn connect_anew(&self) -> Vec<Shown> {
        let mut contexts = self.lock();
        let differs = |(id, open): (&ContextId, &Open)| Some((id.clone(), self.fleet.target(id).ok().filter(|target| !target.connects_like(&open.target))?));
        let changed: Vec<(ContextId, Target)> = contexts.open.iter().filter_map(differs).collect();
        let swap = |(context, target): (ContextId, Target)| {
            let Open { session, looked, shown, .. } = contexts.open.remove(&context)?;
            shown.hush();
            session.close();
            contexts.open.insert(context, self.start(target, looked));
            Some(shown)
        };
        changed.into_iter().filter_map(swap).collect()
    }

    /// The clusters that an open context manages; all who look share one reading of them.
    pub(crate) fn managed(&self, context: &ContextId, local: Arc<Board<LocalRow>>) -> Result<Arc<Managed>, Fault> {
        self.fleet.known(context)?;
        let mut contexts = self.lock();
        Ok(self.managed_by(contexts.open.get_mut(context).ok_or_else(not_open)?, local))
    }

    fn managed_by(&self, open: &mut Open, local: Arc<Board<LocalRow>>) -> Arc<Managed> {
        let Open { session, target, looked, .. } = open;
        looked.managed_or(|| {
            let by_hand = ByHand::of(self.fleet.clone(), target.context.clone());
            Managed::open(&session.access(), self.world.clock.clone(), self.world.programs.clone(), local, &self.runs, by_hand)
        })
    }

    /// The same where somebody looks already.
    pub(crate) fn looked_at(&self, context: &ContextId) -> Option<Arc<Managed>> {
        self.lock().open.get(context)?.looked.managed()
    }

    /// Whether Cluster API was found on an open context by those who look at it.
    pub(crate) fn serves_clusters(&self, context: &ContextId) -> bool {
        self.looked_at(context).is_some_and(|managed| managed.serves_clusters())
    }

    /// The providers that an open context holds; all who look share one reading of them.
    pub(crate) fn providers(&self, context: &ContextId) -> Result<Arc<ProviderWatch>, Fault> {
        self.fleet.known(context)?;
        let mut contexts = self.lock();
        let Open { session, looked, .. } = contexts.open.get_mut(context).ok_or_else(not_open)?;
        Ok(looked.providers_or(|| ProviderWatch::open(&session.access(), self.world.clock.clone())))
    }

    /// The way to the server of an open context.
    pub(crate) fn access(&self, context: &ContextId) -> Result<Access, Fault> {
        self.fleet.known(context)?;
        self.lock().open.get(context).map(|open| open.session.access()).ok_or_else(not_open)
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
        let mut contexts = self.lock();
        let watched = self.watched(contexts.open.get_mut(context).ok_or_else(not_open)?, kind, namespace);
        Ok((watched.board.clone(), watched))
    }

    /// The tables and the clusters that somebody looks at now.
    pub(crate) fn live(&self) -> Held {
        let contexts = self.lock();
        let of = |(context, open): (&ContextId, &Open)| -> Vec<Live> {
            open.looked.tables().map(|(kind, namespace, watched)| live(context, kind, namespace, watched)).collect()
        };
        let tables = contexts.open.iter().flat_map(of).collect();
        let made: Vec<_> = contexts.open.iter().filter_map(|(context, open)| Some((context.clone(), open.looked.managed()?))).collect();
        drop(contexts);
        Held { tables, managers: made.into_iter().map(manager).collect() }
    }

    /// The tables and the clusters of every open context, started where nobody looked yet.
    pub(crate) fn hold(&self, local: &Arc<Board<LocalRow>>) -> Held {
        let remembered = self.fleet.memory().read();
        let (mut held, mut made) = (vec![], vec![]);
        for (context, open) in &mut self.lock().open {
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

    fn watched(&self, Open { session, looked, .. }: &mut Open, kind: Kind, namespace: &str) -> Arc<Watched> {
        looked.table(&session.access(), &self.world.clock, kind, namespace)
    }

    pub(crate) async fn ask_trust(&self, context: &ContextId) -> Result<Asked, Fault> {
        let target = self.fleet.target(context)?;
        self.world.trust.asked(&target).await.map_err(|why| cluster::fault::trust(&About::of(&target), &why))
    }

    /// Keeps an answer; a context that waits for it goes on at once.
    pub(crate) async fn answer_trust(&self, context: &ContextId, seen: &str, answer: Trust) -> Result<(), Fault> {
        let target = self.fleet.target(context)?;
        self.world.trust.answer(&target, seen, answer).await.map_err(|why| cluster::fault::trust(&About::of(&target), &why))?;
        if let Some(open) = self.lock().open.get(context) {
            open.session.try_now();
        }
        Ok(())
    }

    /// Connects; what is looked at already goes on with this connection.
    fn start(&self, target: Target, looked: Looked) -> Open {
        let session = Session::open(target.clone(), self.world.dial.clone(), self.world.clock.clone(), Limits::default());
        looked.follow(&session.access(), &self.world.clock);
        let shown = Shown::of(&session, &target, self.fleet.clone());
        Open { session, target, looked, shown }
    }

    fn lock(&self) -> MutexGuard<'_, Contexts> {
        self.contexts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn live(context: &ContextId, kind: Kind, namespace: &str, watched: Arc<Watched>) -> Live {
    Live { context: context.clone(), kind, namespace: namespace.to_owned(), board: watched.board.clone(), _interest: watched }
}

fn manager((context, managed): (ContextId, Arc<Managed>)) -> Manager {
    Manager { context, clusters: managed.clusters(), machines: managed.machines(), _interest: managed }
}

fn not_open() -> Fault {
    Fault::new(FaultCode::NotFound, "This context is not open.").unharmed("Nothing was contacted.")
}
