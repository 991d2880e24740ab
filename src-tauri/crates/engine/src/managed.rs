//! What does a management cluster hold, live?
//!
//! One watch a kind feeds one graph, and every change draws the one cluster that it touches. Which kinds there are is
//! asked of the server: providers bring their own. Start at: [`Managed::open`].

mod known;
mod logs;
mod onto;
mod reach;
mod reading;
mod runs;
mod sides;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use api::capi::{ClusterPart, ClusterRow, Weight};
use api::local::{ContainerState, LocalRow, Role};
use api::machines::{ClassRow, MachineRow};
use api::runs::RunRow;
use api::watched::WatchedRow;
use api::{Row as _, RowId, Status, Timestamp};
use capi::change::Around;
use capi::{ClusterKey, Gates, Graph, LogLine, Page, Usual, head};
use cluster::clock::Clock;
use cluster::objects::Objects;
use cluster::session::Access;
use tokio::sync::{Notify, watch};
use tools::Programs;

use crate::board::Board;
use crate::by_hand::ByHand;
use crate::tasks::Task;
use known::Known;
use reach::{Held, Listing, Reach};
use reading::read;
use runs::Runs;

/// Some explanations depend on how long something has taken; they are looked at again so often while somebody looks.
const GLANCE: Duration = Duration::from_secs(15);
/// Somebody who wants to change a cluster waits so long for the first lists.
const PATIENCE: Duration = Duration::from_secs(30);
/// A list of a thousand clusters comes in this time.
const LISTED: Duration = Duration::from_secs(5);

/// The clusters of one open context. Whoever looks shares it, and the last one ends it.
pub(crate) struct Managed {
    drawn: Arc<Drawn>,
    /// For the logs of containers on this machine.
    programs: Arc<dyn Programs>,
    by_hand: ByHand,
    reading: Mutex<Task>,
}

/// What is known, and the boards on which it is shown.
struct Drawn {
    known: Mutex<Known>,
    /// Where what machines reached outlives KOS.
    runs: PathBuf,
    clusters: Arc<Board<ClusterRow>>,
    classes: Arc<Board<ClassRow>>,
    watched: Arc<Board<WatchedRow>>,
    /// What was kept needs no server.
    kept: Arc<Board<RunRow>>,
    /// While somebody looks at all of them.
    machines: Mutex<Weak<Board<MachineRow>>>,
    views: Mutex<HashMap<ClusterKey, View>>,
    /// The containers of this machine, which tell what no condition does.
    local: Arc<Board<LocalRow>>,
    lists: watch::Sender<Lists>,
    /// An open page has logs to read: it shows its cluster now, or all that is around it is known.
    looked: Notify,
    /// Other namespaces are to be read than before.
    turned: Notify,
    /// What was refused may be allowed by now.
    again: Notify,
}

/// Whether every object of a management cluster is known.
enum Lists {
    Coming,
    /// The server does not answer, and what is shown is what was known before.
    Silent,
    /// All of these kinds were listed once.
    Whole(Arc<Vec<Objects>>),
}

/// The page of a cluster for as long as somebody looks at it.
struct View {
    board: Weak<Board<ClusterPart>>,
    page: Page,
}

impl View {
    fn board(&self) -> Option<Arc<Board<ClusterPart>>> {
        self.board.upgrade()
    }
}

impl Managed {
    /// `runs` is the folder in which it is kept what machines reached.
    pub(crate) fn open(access: &Access, clock: Arc<dyn Clock>, programs: Arc<dyn Programs>, local: Arc<Board<LocalRow>>, runs: &Path, by_hand: ByHand) -> Self {
        let clusters = Arc::new(Board::new(Status::Loading));
        let folder = runs::folder(runs, &access.about().context);
        let runs = Runs::load(&folder);
        let kept = Arc::new(Board::new(Status::Live));
        kept.replace_set(runs.rows());
        let known = Mutex::new(Known { reached: runs.reached(), runs, ..Known::default() });
        let (classes, watched) = (Arc::new(Board::new(Status::Loading)), Arc::new(Board::new(Status::Live)));
        let (machines, views) = (Mutex::default(), Mutex::default());
        let drawn = Arc::new(Drawn {
            known,
            runs: folder,
            clusters,
            classes,
            watched,
            kept,
            machines,
            views,
            local,
            looked: Notify::new(),
            turned: Notify::new(),
            again: Notify::new(),
            lists: watch::channel(Lists::Coming).0,
        });
        let reading = Mutex::new(read(drawn.clone(), access.clone(), clock, programs.clone(), by_hand.clone()));
        Self { drawn, programs, by_hand, reading }
    }

    /// Reads from another connection of the same context; boards and readers stay.
    pub(crate) fn follow(&self, access: &Access, clock: Arc<dyn Clock>) {
        let next = read(self.drawn.clone(), access.clone(), clock, self.programs.clone(), self.by_hand.clone());
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Asks at once for what was refused or failed.
    pub(crate) fn look_again(&self) {
        self.drawn.again.notify_one();
    }

    pub(crate) fn clusters(&self) -> Arc<Board<ClusterRow>> {
        self.drawn.clusters.clone()
    }

    /// What the page of one cluster shows; also of one that is not there, or not any more.
    pub(crate) fn cluster(&self, namespace: &str, name: &str) -> Arc<Board<ClusterPart>> {
        let key = ClusterKey { namespace: namespace.into(), name: name.into() };
        let board = {
            let mut views = self.drawn.views();
            if let Some(board) = views.get(&key).and_then(View::board) {
                return board;
            }
            views.retain(|_, view| view.board.strong_count() > 0);
            let board = Arc::new(Board::new(Status::Loading));
            views.insert(key.clone(), View { board: Arc::downgrade(&board), page: Page::default() });
            board
        };
        self.drawn.draw(&[key].into());
        if let Some(status) = self.drawn.known().shown() {
            board.status(status);
        }
        board
    }

    /// The kinds of this server, once every object of them is known.
    ///
    /// # Errors
    /// Nothing when the reading ended or takes longer than anybody waits.
    pub(crate) async fn whole(&self) -> Option<Arc<Vec<Objects>>> {
        let mut lists = self.drawn.lists.subscribe();
        let whole = lists.wait_for(|lists| matches!(lists, Lists::Whole(_)));
        match &*tokio::time::timeout(PATIENCE, whole).await.ok()?.ok()? {
            Lists::Whole(kinds) => Some(kinds.clone()),
            Lists::Coming | Lists::Silent => None,
        }
    }

    /// Waits a moment for the same where what is known will do; a server that does not answer is not waited for.
    pub(crate) async fn listed(&self) {
        let mut lists = self.drawn.lists.subscribe();
        let _ = tokio::time::timeout(LISTED, lists.wait_for(|lists| !matches!(lists, Lists::Coming))).await;
    }

    /// Whether the server was found to have objects that are clusters.
    pub(crate) fn serves_clusters(&self) -> bool {
        self.drawn.known().kinds.iter().any(|kind| Listing::clusters().is_of_kind(kind))
    }

    /// Looks at the objects of a cluster, and at what is known around them.
    pub(crate) fn look<T>(&self, key: &ClusterKey, look: impl FnOnce(&Graph, Around) -> T) -> T {
        let containers = containers_of(&self.drawn.local.rows(), key).into_iter().map(|container| container.name).collect();
        let known = self.drawn.known();
        let listed = provision::versions::kubernetes().map(str::to_owned).collect();
        let around = Around { containers, each: known.usual_whole(key), listed, ..Around::default() };
        look(&known.graph, around)
    }

    /// What machines that were made here, also those that are gone, took for each of their steps.
    pub(crate) fn usual(&self) -> Usual {
        let known = self.drawn.known();
        let mut usual = Usual::default();
        known.runs.all().flat_map(|run| &run.machines).for_each(|machine| usual.learn_kept(machine));
        usual
    }

    /// KOS put something into a cluster, which no object here tells: it has a lane beside those of the machines.
    pub(crate) fn note_add_on(&self, key: &ClusterKey, name: &str, began: Timestamp, made: Timestamp) {
        {
            let mut known = self.drawn.known();
            let Some(uid) = known.graph.cluster(key).map(|cluster| cluster.uid.clone()) else { return };
            known.runs.note_add_on(&uid, name, began, made);
        }
        self.drawn.draw(&[key.clone()].into());
    }

    /// The context was opened again: what its server says is waited for.
    pub(crate) fn opened(&self) {
        let was_closed = self.drawn.known().status == Some(Status::Closed);
        if was_closed {
            self.drawn.status(&Status::Loading);
            self.drawn.classes.status(Status::Loading);
        }
    }

    /// The context was closed: what is shown stays, and is no longer live.
    pub(crate) fn closed(&self) {
        self.drawn.status(&Status::Closed);
        self.drawn.classes.status(Status::Closed);
        self.drawn.watched.status(Status::Closed);
    }
}

impl Drawn {
    /// Draws these clusters anew, in the list and wherever one of them is looked at.
    fn draw(&self, touched: &BTreeSet<ClusterKey>) {
        if touched.is_empty() {
            return;
        }
        let containers = self.local.rows();
        let mut known = self.known();
        let (mut set, mut gone, mut noted) = (vec![], vec![], vec![]);
        for key in touched {
            noted.extend(known.note(key));
            let facts = known.facts(key, containers_of(&containers, key));
            let head = head(&known.graph, key, &facts);
            match &head {
                Some((row, _)) => set.push(row.clone()),
                None => gone.push(RowId(format!("{}/{}", key.namespace, key.name))),
            }
            if let Some(view) = self.views().get_mut(key)
                && let Some(board) = view.board()
            {
                let change = known.draw(&mut view.page, key, &facts, head);
                let begins = board.measure().0 == 0 && !change.set.is_empty();
                board.apply(change.set, change.gone);
                if begins {
                    self.looked.notify_one();
                }
            }
        }
        self.draw_machines(&known, touched, &containers);
        drop(known);
        self.clusters.apply(set, gone);
        self.kept.apply(noted, vec![]);
    }

    /// Takes in what controllers and containers wrote about a cluster.
    fn overhear(&self, key: &ClusterKey, lines: Vec<LogLine>) {
        if lines.is_empty() {
            return;
        }
        self.known().lines.entry(key.clone()).or_default().add(lines);
        self.draw(&[key.clone()].into());
    }

    /// Takes in with which features the core was started: it may explain what no condition does.
    fn hear_gates(&self, gates: Gates) {
        let before = self.known().gates.replace(gates.clone());
        if before != Some(gates) {
            self.draw(&self.unsettled());
        }
    }

    /// Clusters whose page is open, and of those that are not well the containers of this machine that may tell why.
    fn looked_at(&self) -> Vec<(ClusterKey, Vec<String>)> {
        let containers = self.local.rows();
        let looked_at: Vec<ClusterKey> = self.views().iter().filter(|(_, view)| view.board.strong_count() > 0).map(|(key, _)| key.clone()).collect();
        let known = self.known();
        let mut all = vec![];
        for key in looked_at {
            let facts = known.facts(&key, containers_of(&containers, &key));
            let Some((_, why)) = head(&known.graph, &key, &facts) else { continue };
            let mut told = vec![];
            if !matches!(why.weight, Weight::Well | Weight::Chosen) {
                let machines = why.path.iter().filter(|stop| stop.kind == "Machine").map(|stop| stop.name.clone());
                let here: Vec<String> = machines.filter(|name| facts.containers.iter().any(|one| one.name == *name)).collect();
                let balancer = (!facts.containers.is_empty()).then(|| format!("{}-lb", key.name));
                told.extend(here.into_iter().chain(balancer));
            }
            all.push((key, told));
        }
        all
    }

    /// Clusters of which the explanation may change while nothing happens.
    fn unsettled(&self) -> BTreeSet<ClusterKey> {
        let rows = self.clusters.rows();
        rows.iter()
            .filter(|row| !row.why.is_empty())
            .map(|row| ClusterKey { namespace: row.namespace.as_str().into(), name: row.name.as_str().into() })
            .collect()
    }

    /// Takes in what the list of clusters says of itself.
    fn status(&self, status: &Status) {
        self.known().status = Some(status.clone());
        if !matches!(status, Status::Loading | Status::Live) {
            self.lists.send_if_modified(|lists| matches!(lists, Lists::Coming).then(|| *lists = Lists::Silent).is_some());
        }
        self.show_status();
    }

    fn show_status(&self) {
        let Some(status) = self.known().shown() else { return };
        self.clusters.status(status.clone());
        if let Some(machines) = self.all_machines() {
            machines.status(status.clone());
        }
        for board in self.views().values().filter_map(View::board) {
            board.status(status.clone());
        }
    }

    /// These kinds are there; those that are new have to be listed before everything is known. Groups that are silent may hold
    /// more than is known of them.
    ///
    /// What a server serves no longer it has no more, and no watch tells that.
    fn expect(&self, found: &[Objects], silent: &BTreeMap<String, String>, is_new: impl Fn(&Objects) -> bool) {
        let mut known = self.known();
        let before = known.reach.stand();
        for kind in found.iter().filter(|kind| is_new(kind)) {
            known.reach.expect(Listing::everywhere(kind));
        }
        // One that went before it was listed is not waited for.
        let is_served = |group: &str, name: &str| found.iter().any(|kind| kind.group == group && kind.kind == name);
        known.reach.keep(|one| one.group.is_empty() || is_served(&one.group, &one.kind));
        let mut touched = known.forget_kinds(|id| is_served(&id.group, &id.kind));
        known.kinds = Arc::new(found.to_vec());
        // Of the core nothing is known without its clusters.
        let clusters = Listing::clusters();
        let tells = |kind: &Objects, group: &str| kind.group == group && (*group != *clusters.group || clusters.is_of_kind(kind));
        let held = |group: &str| if found.iter().any(|kind| tells(kind, group)) { Held::AsBefore } else { Held::Unknown };
        known.reach.miss(silent.keys().map(|group| (group.clone(), held(group))).collect());
        let now = known.reach.stand();
        if !before.is_whole && now.is_whole {
            touched.extend(known.runs.going_on());
        }
        // Where nothing of Cluster API is, that is known at once.
        self.lists.send_replace(if now.is_whole { Lists::Whole(known.kinds.clone()) } else { Lists::Coming });
        drop(known);
        self.draw(&touched);
        self.show_watched();
    }

    /// A list says something of itself. After the last one that came or is refused, everything that can be known is; after the
    /// last one that said anything, what is shown is no part any more.
    fn hear(&self, listing: &Listing, status: &Status) {
        self.turn(|reach| reach.hear(listing, status));
        self.say(listing);
    }

    /// These namespaces were typed by hand for this context.
    fn type_in(&self, typed: &[String]) {
        if self.known().reach.is_typed(typed) {
            return;
        }
        let gone = self.turn(|reach| reach.type_in(typed));
        // What is read no longer is not shown; nobody knows that it is gone.
        let touched = self.known().lose_sight(&gone);
        self.draw(&touched);
        self.lose_classes(&gone);
        [Listing::clusters(), Listing::classes()].iter().for_each(|kind| self.say(kind));
    }

    fn lose_classes(&self, of: &[Arc<str>]) {
        let Listing { group, kind, .. } = Listing::classes();
        let mut gone = vec![];
        if self.known().reach.is_refused(&group, &kind) {
            self.classes.visit(|row| {
                if of.iter().any(|namespace| **namespace == *row.class.name.namespace) {
                    gone.push(row.id());
                }
            });
        }
        self.classes.apply(vec![], gone);
    }

    /// Alters how far the lists reach, and tells whoever goes by it.
    fn turn<T>(&self, alter: impl FnOnce(&mut Reach) -> T) -> T {
        let mut known = self.known();
        let before = known.reach.stand();
        let altered = alter(&mut known.reach);
        let now = known.reach.stand();
        let going_on = (!before.is_whole && now.is_whole).then(|| {
            self.lists.send_replace(Lists::Whole(known.kinds.clone()));
            known.runs.going_on()
        });
        if before.is_whole && !now.is_whole {
            self.lists.send_replace(Lists::Coming);
        }
        drop(known);
        if let Some(going_on) = going_on {
            // What went while nobody looked is told now.
            self.draw(&going_on);
            // Of which containers a page reads follows from all kinds: it does not wait for the next glance.
            self.looked.notify_one();
        }
        if !before.has_answered && now.has_answered {
            self.show_status();
        }
        if before.near != now.near {
            self.turned.notify_one();
        }
        self.show_watched();
        altered
    }

    /// Says what is so of the clusters, or of the classes, where this is their list.
    fn say(&self, listing: &Listing) {
        // A cluster is as true as the list of clusters: without it nothing can be placed.
        let (is_clusters, is_classes) = (listing.is_of(&Listing::clusters()), listing.is_of(&Listing::classes()));
        let Some(status) = self.known().reach.status(listing).filter(|_| is_clusters || is_classes) else { return };
        if is_clusters {
            self.status(&status);
        } else {
            self.classes.status(status);
        }
    }

    fn show_watched(&self) {
        let row = self.known().watched();
        self.watched.replace_set(vec![row]);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn views(&self) -> MutexGuard<'_, HashMap<ClusterKey, View>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The containers that Docker's provider made for a cluster, its load balancer too.
fn containers_of(rows: &[LocalRow], key: &ClusterKey) -> Vec<capi::Container> {
    let mine = rows.iter().filter(|row| row.name == *key.name && !matches!(row.role, Role::Foreign { .. }));
    mine.flat_map(|row| row.balancers.iter().chain(&row.nodes))
        .filter_map(|node| {
            let state = match &node.state {
                ContainerState::Running => capi::ContainerState::Running,
                ContainerState::Paused => capi::ContainerState::Paused,
                ContainerState::Exited { code } => capi::ContainerState::Exited(*code),
                ContainerState::Other(_) => return None,
            };
            Some(capi::Container { name: node.container.clone(), state, since: node.since })
        })
        .collect()
}

#[cfg(test)]
mod tests;
