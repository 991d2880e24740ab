//! What does a management cluster hold, live?
//!
//! One watch a kind feeds one graph, and every change draws the one cluster that it touches. Which kinds there are is
//! asked of the server: providers bring their own. Start at: [`Managed::open`].

mod logs;
mod onto;
mod reading;
mod runs;
mod sides;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use api::capi::{ClusterPart, ClusterRow, MachineStep, Weight};
use api::local::{ContainerState, LocalRow, Role};
use api::machines::{ClassRow, MachineRow};
use api::runs::RunRow;
use api::{Millis, RowId, Status};
use capi::change::Around;
use capi::{ClusterKey, Events, Facts, Graph, LogLine, ObjectId, Reached, Seen, Upgrading, Usual, head, lanes, parts};
use cluster::clock::Clock;
use cluster::objects::Objects;
use cluster::session::Access;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tools::Programs;

use crate::board::Board;
use crate::fleet::now;
use crate::tasks::Task;
use logs::Lines;
use reading::read;
use runs::Runs;

/// Some explanations depend on how long something has taken; they are looked at again so often while somebody looks.
const GLANCE: Duration = Duration::from_secs(15);
/// Somebody who wants to change a cluster waits so long for the first lists.
const PATIENCE: Duration = Duration::from_secs(30);
/// What took longer was held up by something: it says nothing of the next machine.
const LONGEST_USUAL: Millis = Millis(30 * 60 * 1_000);

/// A list of a thousand clusters comes in this time.
const LISTED: Duration = Duration::from_secs(5);

/// The clusters of one open context. Whoever looks shares it, and the last one ends it.
pub(crate) struct Managed {
    drawn: Arc<Drawn>,
    /// For the logs of containers on this machine.
    programs: Arc<dyn Programs>,
    reading: Mutex<Task>,
}

/// What is known, and the boards on which it is shown.
struct Drawn {
    known: Mutex<Known>,
    /// Where what machines reached outlives KOS.
    runs: PathBuf,
    clusters: Arc<Board<ClusterRow>>,
    classes: Arc<Board<ClassRow>>,
    /// What was kept needs no server.
    kept: Arc<Board<RunRow>>,
    /// While somebody looks at all of them.
    machines: Mutex<Weak<Board<MachineRow>>>,
    views: Mutex<HashMap<ClusterKey, Weak<Board<ClusterPart>>>>,
    /// The containers of this machine, which tell what no condition does.
    local: Arc<Board<LocalRow>>,
    /// The kinds that the server holds, as soon as all of them were listed once.
    whole: watch::Sender<Option<Arc<Vec<Objects>>>>,
    /// Somebody opened the page of a cluster.
    looked: Notify,
}

#[derive(Default)]
struct Known {
    graph: Graph,
    events: Events,
    lines: HashMap<ClusterKey, Lines>,
    /// By the uid of a Machine: what it once reached stays reached.
    reached: HashMap<Arc<str>, Reached>,
    upgrades: HashMap<ClusterKey, Upgrading>,
    runs: Runs,
    status: Option<Status>,
    kinds: Arc<Vec<Objects>>,
    /// Kinds that were not listed yet; what is refused counts as listed.
    unlisted: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Managed {
    /// `runs` is the folder in which it is kept what machines reached.
    pub(crate) fn open(access: &Access, clock: Arc<dyn Clock>, programs: Arc<dyn Programs>, local: Arc<Board<LocalRow>>, runs: &Path) -> Self {
        let clusters = Arc::new(Board::new(Status::Loading));
        let folder = runs::folder(runs, &access.about().context);
        let runs = Runs::load(&folder);
        let kept = Arc::new(Board::new(Status::Live));
        kept.replace_set(runs.rows());
        let known = Mutex::new(Known { reached: runs.reached(), runs, ..Known::default() });
        let classes = Arc::new(Board::new(Status::Loading));
        let (machines, views) = (Mutex::default(), Mutex::default());
        let drawn =
            Arc::new(Drawn { known, runs: folder, clusters, classes, kept, machines, views, local, looked: Notify::new(), whole: watch::channel(None).0 });
        let reading = Mutex::new(read(drawn.clone(), access.clone(), clock, programs.clone()));
        Self { drawn, programs, reading }
    }

    /// Reads from another connection of the same context; boards and readers stay.
    pub(crate) fn follow(&self, access: &Access, clock: Arc<dyn Clock>) {
        let next = read(self.drawn.clone(), access.clone(), clock, self.programs.clone());
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = next;
    }

    pub(crate) fn clusters(&self) -> Arc<Board<ClusterRow>> {
        self.drawn.clusters.clone()
    }

    /// What the page of one cluster shows; also of one that is not there, or not any more.
    pub(crate) fn cluster(&self, namespace: &str, name: &str) -> Arc<Board<ClusterPart>> {
        let key = ClusterKey { namespace: namespace.into(), name: name.into() };
        let board = {
            let mut views = self.drawn.views();
            if let Some(board) = views.get(&key).and_then(Weak::upgrade) {
                return board;
            }
            views.retain(|_, view| view.strong_count() > 0);
            let board = Arc::new(Board::new(Status::Loading));
            views.insert(key.clone(), Arc::downgrade(&board));
            board
        };
        self.drawn.draw(&[key].into());
        if let Some(status) = self.drawn.known().status.clone() {
            board.status(status);
        }
        self.drawn.looked.notify_one();
        board
    }

    /// The kinds of this server, once every object of them is known.
    ///
    /// # Errors
    /// Nothing when the reading ended or takes longer than anybody waits.
    pub(crate) async fn whole(&self) -> Option<Arc<Vec<Objects>>> {
        let mut whole = self.drawn.whole.subscribe();
        let found = tokio::time::timeout(PATIENCE, whole.wait_for(Option::is_some)).await.ok()?.ok()?;
        found.clone()
    }

    /// Looks at the objects of a cluster, and at what is known around them.
    pub(crate) fn look<T>(&self, key: &ClusterKey, look: impl FnOnce(&Graph, Around) -> T) -> T {
        let containers = containers_of(&self.drawn.local.rows(), key).into_iter().map(|container| container.name).collect();
        let known = self.drawn.known();
        let around = Around { containers, each: known.usual_whole(key), listed: provision::versions::kubernetes().map(str::to_owned).collect() };
        look(&known.graph, around)
    }

    /// Waits until the clusters were listed once; a server that does not answer is not waited for.
    pub(crate) async fn listed(&self) {
        let board = self.clusters();
        let mut news = board.news();
        let listed = async { while board.measure().1 == Status::Loading && news.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(LISTED, listed).await;
    }

    /// What machines that were made here, also those that are gone, took for each of their steps.
    pub(crate) fn usual(&self) -> Usual {
        let known = self.drawn.known();
        let mut usual = Usual::default();
        known.runs.all().flat_map(|run| &run.machines).for_each(|machine| usual.learn_kept(machine));
        usual
    }

    /// The context was closed: what is shown stays, and is no longer live.
    pub(crate) fn closed(&self) {
        self.drawn.status(&Status::Closed);
        self.drawn.classes.status(Status::Closed);
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
            match head(&known.graph, key, &facts) {
                Some((row, _)) => set.push(row),
                None => gone.push(RowId(format!("{}/{}", key.namespace, key.name))),
            }
            let view = self.views().get(key).and_then(Weak::upgrade);
            if let Some(view) = view {
                view.replace(known.parts(key, &facts));
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

    /// Clusters that are not well and whose page is open, with the containers of this machine that may tell why.
    fn ill_and_looked_at(&self) -> Vec<(ClusterKey, Vec<String>)> {
        let containers = self.local.rows();
        let looked_at: Vec<ClusterKey> = self.views().iter().filter(|(_, view)| view.strong_count() > 0).map(|(key, _)| key.clone()).collect();
        let known = self.known();
        let mut ill = vec![];
        for key in looked_at {
            let facts = known.facts(&key, containers_of(&containers, &key));
            let Some((_, why)) = head(&known.graph, &key, &facts) else { continue };
            if !matches!(why.weight, Weight::Well | Weight::Chosen) {
                let machines = why.path.iter().filter(|stop| stop.kind == "Machine").map(|stop| stop.name.clone());
                let here: Vec<String> = machines.filter(|name| facts.containers.iter().any(|one| one.name == *name)).collect();
                let balancer = (!facts.containers.is_empty()).then(|| format!("{}-lb", key.name));
                ill.push((key, here.into_iter().chain(balancer).collect()));
            }
        }
        ill
    }

    /// Clusters of which the explanation may change while nothing happens.
    fn unsettled(&self) -> BTreeSet<ClusterKey> {
        let rows = self.clusters.rows();
        rows.iter()
            .filter(|row| !row.why.is_empty())
            .map(|row| ClusterKey { namespace: row.namespace.as_str().into(), name: row.name.as_str().into() })
            .collect()
    }

    fn status(&self, status: &Status) {
        self.known().status = Some(status.clone());
        self.clusters.status(status.clone());
        if let Some(machines) = self.all_machines() {
            machines.status(status.clone());
        }
        for view in self.views().values().filter_map(Weak::upgrade) {
            view.status(status.clone());
        }
    }

    /// These kinds are there; those that are new have to be listed before everything is known.
    fn expect(&self, found: &[Objects], is_new: impl Fn(&Objects) -> bool) {
        let mut known = self.known();
        known.unlisted.extend(found.iter().filter(|kind| is_new(kind)).map(|kind| (kind.group.as_str().into(), kind.kind.as_str().into())));
        known.kinds = Arc::new(found.to_vec());
        // Where nothing of Cluster API is, that is known at once.
        self.whole.send_replace(known.unlisted.is_empty().then(|| known.kinds.clone()));
    }

    /// A kind was listed, or is refused: after the last one, everything that can be known is.
    fn listed(&self, group: &Arc<str>, kind: &Arc<str>) {
        let mut known = self.known();
        if known.unlisted.remove(&(group.clone(), kind.clone())) && known.unlisted.is_empty() {
            self.whole.send_replace(Some(known.kinds.clone()));
            let going_on = known.runs.going_on();
            drop(known);
            // What went while nobody looked is told now.
            self.draw(&going_on);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn views(&self) -> MutexGuard<'_, HashMap<ClusterKey, Weak<Board<ClusterPart>>>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// What a machine of this cluster took from its order to service, the middle of those that were seen.
    fn usual_whole(&self, key: &ClusterKey) -> Option<Millis> {
        let took = |machine: &capi::Object| Some(self.reached.get(&machine.uid)?.end(MachineStep::Available)?.since(machine.created?));
        let mut all: Vec<Millis> = self.graph.machines(key).filter_map(took).filter(|took| *took <= LONGEST_USUAL).collect();
        all.sort();
        all.get(all.len() / 2).copied()
    }

    /// Notes what the machines of a cluster have reached and how far its upgrade is, and gives the rows of runs that changed by it.
    fn note(&mut self, key: &ClusterKey) -> Vec<RunRow> {
        match self.graph.cluster(key) {
            Some(_) => self.upgrades.entry(key.clone()).or_default().note(&self.graph, key, now()),
            None => drop(self.upgrades.remove(key)),
        }
        let now: Vec<(Arc<str>, Reached)> = self.graph.machines(key).map(|m| (m.uid.clone(), Reached::read(&self.graph, key, m))).collect();
        for (uid, reached) in now {
            let before = self.reached.get(&uid).copied().unwrap_or_default();
            self.reached.insert(uid, before.or_later(reached));
        }
        let seen = if self.unlisted.is_empty() && !self.kinds.is_empty() { Seen::Whole } else { Seen::Partly };
        self.runs.note(&self.graph, key, &self.reached, seen, crate::fleet::now())
    }

    /// Takes in an event; the cluster that it is about is drawn again.
    fn hear(&mut self, event: &Value) -> Option<ClusterKey> {
        self.events.put(event, &self.graph)
    }

    /// Events that came before their objects find them.
    fn settle(&mut self) {
        self.events.settle(&self.graph);
    }

    fn facts(&self, key: &ClusterKey, containers: Vec<capi::Container>) -> Facts {
        let logs = self.lines.get(key).map(Lines::facts).unwrap_or_default();
        Facts { now: now(), events: self.events.happenings(key), logs, containers, usual: self.usual_whole(key) }
    }

    fn forget(&mut self, id: &ObjectId) -> Option<ClusterKey> {
        if let Some(object) = self.graph.get(id) {
            self.reached.remove(&object.uid);
        }
        self.graph.remove(id)
    }

    fn parts(&self, key: &ClusterKey, facts: &Facts) -> Vec<ClusterPart> {
        let mut usual = Usual::default();
        for machine in self.graph.machines(key) {
            if let Some(reached) = self.reached.get(&machine.uid) {
                usual.learn(machine, reached);
            }
        }
        let lanes = lanes(&self.graph, key, |m| self.reached.get(&m.uid).copied().unwrap_or_default(), &usual);
        let mut rows = parts(&self.graph, key, facts, lanes);
        if !rows.is_empty() {
            let run = self.upgrades.get(key).and_then(|upgrading| upgrading.run(&self.graph, key, self.usual_whole(key)));
            rows.extend(run.map(ClusterPart::Upgrade));
            rows.extend(self.events.rows(key).into_iter().map(ClusterPart::Event));
            rows.extend(self.lines.get(key).map(Lines::rows).unwrap_or_default().into_iter().map(ClusterPart::Log));
        }
        rows
    }
}

/// The containers that Docker's provider made for a cluster.
fn containers_of(rows: &[LocalRow], key: &ClusterKey) -> Vec<capi::Container> {
    let mine = rows.iter().filter(|row| row.name == *key.name && !matches!(row.role, Role::Foreign { .. }));
    mine.flat_map(|row| &row.nodes)
        .filter_map(|node| {
            let state = match &node.state {
                ContainerState::Running => capi::ContainerState::Running,
                ContainerState::Paused => capi::ContainerState::Paused,
                ContainerState::Exited { code } => capi::ContainerState::Exited(*code),
                ContainerState::Other(_) => return None,
            };
            Some(capi::Container { name: node.container.clone(), state })
        })
        .collect()
}

#[cfg(test)]
mod tests;
