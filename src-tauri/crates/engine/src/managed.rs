//! What does a management cluster hold, live?
//!
//! One watch a kind feeds one graph, and every change draws the one cluster that it touches. Which kinds there are is
//! asked of the server: providers bring their own. Start at: [`Managed::open`].

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use api::capi::{ClusterPart, ClusterRow, MachineStep};
use api::contexts::Link;
use api::local::{ContainerState, LocalRow};
use api::{Millis, RowId, Status};
use capi::change::Around;
use capi::{ClusterKey, Facts, Graph, Object, ObjectId, Reached, Usual, head, lanes, parts};
use cluster::clock::Clock;
use cluster::objects::{Objects, discover};
use cluster::session::Access;
use cluster::watch::{Pace, Sink, Table};
use serde_json::Value;
use tokio::sync::watch;

use crate::board::Board;
use crate::fleet::now;
use crate::tasks::Task;

/// Some explanations depend on how long something has taken; they are looked at again so often while somebody looks.
const GLANCE: Duration = Duration::from_secs(15);
/// Somebody who wants to change a cluster waits so long for the first lists.
const PATIENCE: Duration = Duration::from_secs(30);
/// What took longer was held up by something: it says nothing of the next machine.
const LONGEST_USUAL: Millis = Millis(30 * 60 * 1_000);

/// The clusters of one open context. Whoever looks shares it, and the last one ends it.
pub(crate) struct Managed {
    drawn: Arc<Drawn>,
    reading: Mutex<Task>,
}

/// What is known, and the boards on which it is shown.
struct Drawn {
    known: Mutex<Known>,
    clusters: Arc<Board<ClusterRow>>,
    views: Mutex<HashMap<ClusterKey, Weak<Board<ClusterPart>>>>,
    /// The containers of this machine, which tell what no condition does.
    local: Arc<Board<LocalRow>>,
    /// The kinds that the server holds, as soon as all of them were listed once.
    whole: watch::Sender<Option<Arc<Vec<Objects>>>>,
}

#[derive(Default)]
struct Known {
    graph: Graph,
    /// By the uid of a Machine: what it once reached stays reached.
    reached: HashMap<Arc<str>, Reached>,
    status: Option<Status>,
    kinds: Arc<Vec<Objects>>,
    /// Kinds that were not listed yet; what is refused counts as listed.
    unlisted: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Managed {
    pub(crate) fn open(access: &Access, clock: Arc<dyn Clock>, local: Arc<Board<LocalRow>>) -> Self {
        let drawn = Arc::new(Drawn {
            known: Mutex::default(),
            clusters: Arc::new(Board::new(Status::Loading)),
            views: Mutex::default(),
            local,
            whole: watch::channel(None).0,
        });
        let reading = Mutex::new(read(drawn.clone(), access.clone(), clock));
        Self { drawn, reading }
    }

    /// Reads from another connection of the same context; boards and readers stay.
    pub(crate) fn follow(&self, access: &Access, clock: Arc<dyn Clock>) {
        let next = read(self.drawn.clone(), access.clone(), clock);
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

    /// The context was closed: what is shown stays, and is no longer live.
    pub(crate) fn closed(&self) {
        self.drawn.status(&Status::Closed);
    }
}

/// Groups of Cluster API and of its providers; the inventory of clusterctl tells nothing of a cluster.
fn is_of_clusters(group: &str) -> bool {
    group == "cluster.x-k8s.io" || (group.ends_with(".cluster.x-k8s.io") && group != "clusterctl.cluster.x-k8s.io" && group != "runtime.cluster.x-k8s.io")
}

/// Templates and classes describe machines that are none yet.
fn is_drawn(kind: &Objects) -> bool {
    !kind.kind.ends_with("Template") && kind.kind != "ClusterClass"
}

/// Keeps the graph true for as long as the task lives.
fn read(drawn: Arc<Drawn>, access: Access, clock: Arc<dyn Clock>) -> Task {
    Task::spawn("clusters of a management cluster", async move {
        let kinds = kinds(&access, &drawn).await;
        let open = |kind: Objects| {
            let onto = Onto { drawn: drawn.clone(), group: kind.group.as_str().into(), kind: kind.kind.as_str().into() };
            Table::open(&access, kind, clock.clone(), Pace::default(), onto)
        };
        let listed: Vec<Objects> = kinds.iter().filter(|kind| is_drawn(kind)).cloned().collect();
        {
            let mut known = drawn.known();
            known.unlisted = listed.iter().map(|kind| (kind.group.as_str().into(), kind.kind.as_str().into())).collect();
            known.kinds = Arc::new(kinds);
        }
        let _tables: Vec<Table> = listed.into_iter().map(open).collect();
        let mut glance = tokio::time::interval(GLANCE);
        loop {
            glance.tick().await;
            drawn.draw(&drawn.unsettled());
        }
    })
}

/// Asks which kinds there are as soon as the context is connected, and again after each lost connection until it is told.
async fn kinds(access: &Access, drawn: &Drawn) -> Vec<Objects> {
    let mut view = access.view();
    loop {
        if view.wait_for(|view| matches!(view.link, Link::Live { .. })).await.is_err() {
            return vec![];
        }
        match discover(&access.client(), is_of_clusters).await {
            Ok(kinds) => {
                if !kinds.iter().any(|k| k.group == "cluster.x-k8s.io" && k.kind == "Cluster") {
                    // No Cluster API here: nothing is listed, and that is the whole truth.
                    drawn.status(&Status::Live);
                }
                return kinds;
            }
            Err(said) => {
                let why = cluster::fault::table(access.about(), "kinds of Cluster API", &said);
                drawn.status(&Status::Stale { since: now(), why, retry_at: None });
                tokio::time::sleep(GLANCE).await;
            }
        }
    }
}

/// What one kind's watch learns goes into the graph.
struct Onto {
    drawn: Arc<Drawn>,
    group: Arc<str>,
    kind: Arc<str>,
}

impl Onto {
    fn id(&self, row: &RowId) -> ObjectId {
        let (namespace, name) = row.0.split_once('/').unwrap_or(("", &row.0));
        ObjectId { group: self.group.clone(), kind: self.kind.clone(), namespace: namespace.into(), name: name.into() }
    }
}

impl Sink<Value> for Onto {
    fn replace(&mut self, rows: Vec<Value>) {
        let objects: Vec<Object> = rows.iter().filter_map(|row| Object::read(row).ok()).collect();
        let touched = {
            let mut known = self.drawn.known();
            let there: BTreeSet<&ObjectId> = objects.iter().map(|o| &o.id).collect();
            let gone: Vec<ObjectId> = known.graph.of_kind(&self.group, &self.kind).filter(|id| !there.contains(id)).cloned().collect();
            let mut touched: BTreeSet<ClusterKey> = gone.iter().filter_map(|id| known.forget(id)).collect();
            touched.extend(objects.into_iter().filter_map(|object| known.graph.put(object)));
            touched
        };
        self.drawn.draw(&touched);
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        let touched = {
            let mut known = self.drawn.known();
            let mut touched: BTreeSet<ClusterKey> = set.iter().filter_map(|row| Object::read(row).ok()).filter_map(|o| known.graph.put(o)).collect();
            touched.extend(gone.iter().filter_map(|row| known.forget(&self.id(row))));
            touched
        };
        self.drawn.draw(&touched);
    }

    fn status(&mut self, status: Status) {
        if matches!(status, Status::Live | Status::Denied { .. }) {
            self.drawn.listed(&self.group, &self.kind);
        }
        // A cluster is as true as the list of clusters: without it nothing can be placed.
        if &*self.kind == "Cluster" {
            self.drawn.status(&status);
        }
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
        let (mut set, mut gone) = (vec![], vec![]);
        for key in touched {
            known.note(key);
            let facts = Facts { now: now(), containers: containers_of(&containers, key), ..Facts::default() };
            match head(&known.graph, key, &facts) {
                Some((row, _)) => set.push(row),
                None => gone.push(RowId(format!("{}/{}", key.namespace, key.name))),
            }
            let view = self.views().get(key).and_then(Weak::upgrade);
            if let Some(view) = view {
                view.replace(known.parts(key, &facts));
            }
        }
        drop(known);
        self.clusters.apply(set, gone);
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
        for view in self.views().values().filter_map(Weak::upgrade) {
            view.status(status.clone());
        }
    }

    /// A kind was listed, or is refused: after the last one, everything that can be known is.
    fn listed(&self, group: &Arc<str>, kind: &Arc<str>) {
        let mut known = self.known();
        if known.unlisted.remove(&(group.clone(), kind.clone())) && known.unlisted.is_empty() {
            self.whole.send_replace(Some(known.kinds.clone()));
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
        let took = |machine: &Object| Some(self.reached.get(&machine.uid)?.end(MachineStep::Available)?.since(machine.created?));
        let mut all: Vec<Millis> = self.graph.machines(key).filter_map(took).filter(|took| *took <= LONGEST_USUAL).collect();
        all.sort();
        all.get(all.len() / 2).copied()
    }

    /// Notes what the machines of a cluster have reached.
    fn note(&mut self, key: &ClusterKey) {
        let now: Vec<(Arc<str>, Reached)> = self.graph.machines(key).map(|m| (m.uid.clone(), Reached::read(&self.graph, key, m))).collect();
        for (uid, reached) in now {
            let before = self.reached.get(&uid).copied().unwrap_or_default();
            self.reached.insert(uid, before.or_later(reached));
        }
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
        parts(&self.graph, key, facts, lanes)
    }
}

/// The containers that Docker's provider made for a cluster.
fn containers_of(rows: &[LocalRow], key: &ClusterKey) -> Vec<capi::Container> {
    let mine = rows.iter().filter(|row| row.name == *key.name);
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
