//! Which kinds of objects are read, and for how long?
//!
//! Providers bring kinds of their own, also while somebody looks: the names of custom resources are watched, and the
//! server is asked anew when one of Cluster API comes or goes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use api::contexts::Link;
use api::{RowId, Status};
use cluster::clock::Clock;
use cluster::names::Names;
use cluster::objects::{Discovered, Objects, discover};
use cluster::read::Unread;
use cluster::selected::Selected;
use cluster::session::Access;
use cluster::source::Detail;
use cluster::watch::{Pace, Sink, Table};
use tokio::sync::watch;
use tools::Programs;

use super::logs::Logs;
use super::onto::{Classes, Onto, Told};
use super::reach::{CORE, Listing};
use super::{Drawn, GLANCE};
use crate::by_hand::ByHand;
use crate::fleet::now;
use crate::tasks::Task;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CLUSTERS: &str = "clusters.cluster.x-k8s.io";
const CLASSES: &str = "clusterclasses.cluster.x-k8s.io";

/// Groups of Cluster API and of its providers; the inventory of clusterctl tells nothing of a cluster.
pub(super) fn is_of_clusters(group: &str) -> bool {
    group == CORE || (group.ends_with(".cluster.x-k8s.io") && group != "clusterctl.cluster.x-k8s.io" && group != "runtime.cluster.x-k8s.io")
}

/// Templates and classes describe machines that are none yet.
fn is_drawn(kind: &Objects) -> bool {
    !kind.kind.ends_with("Template") && !is_class(kind)
}

fn is_class(kind: &Objects) -> bool {
    kind.kind == "ClusterClass"
}

/// Whether a watch follows the objects of this kind.
pub(super) fn is_watched(kind: &Objects) -> bool {
    is_drawn(kind) || is_class(kind)
}

/// Keeps the graph true for as long as the task lives.
pub(super) fn read(drawn: Arc<Drawn>, access: Access, clock: Arc<dyn Clock>, programs: Arc<dyn Programs>, by_hand: ByHand) -> Task {
    Task::spawn("clusters of a management cluster", async move {
        let mut typed = by_hand.news();
        drawn.type_in(&by_hand.now());
        let (tell, mut wanted) = watch::channel(BTreeSet::new());
        let names = Names { list: DEFINITIONS.to_owned(), words: "custom resources".to_owned() };
        let _definitions = Table::open(&access, names, clock.clone(), Pace::default(), Definitions { known: BTreeSet::new(), tell });
        let mut kinds = Kinds::default();
        let mut logs = Logs::new(drawn.clone(), access.clone(), clock.clone(), programs);
        if kinds.find(&access, &clock, &drawn).await.is_err() {
            return;
        }
        let (mut containers, mut local) = (HashMap::new(), drawn.local.news());
        drawn.draw(&drawn.stirred(&mut containers));
        let mut glance = tokio::time::interval(GLANCE);
        loop {
            kinds.open_near(&access, &clock, &drawn);
            let defined = wanted.borrow().clone();
            drawn.known().sees_definitions = !defined.is_empty() && kinds.are_as_defined(&defined);
            let news = tokio::select! {
                _ = glance.tick() => {
                    drawn.draw(&drawn.unsettled());
                    drawn.save().await;
                    // A definition is there a little before what it defines.
                    !kinds.are_as_defined(&wanted.borrow())
                }
                changed = wanted.changed() => {
                    if changed.is_err() {
                        // The context was closed; another connection reads anew.
                        drawn.save().await;
                        return;
                    }
                    !kinds.are_as_defined(&wanted.borrow_and_update())
                }
                () = drawn.looked.notified() => false,
                () = drawn.turned.notified() => false,
                () = drawn.again.notified() => {
                    kinds.tables.values().chain(kinds.near.values()).for_each(Table::look_again);
                    !kinds.silent.is_empty()
                }
                Ok(_) = typed.changed() => {
                    drawn.type_in(&by_hand.now());
                    false
                }
                Ok(()) = local.changed() => {
                    drawn.draw(&drawn.stirred(&mut containers));
                    false
                }
            };
            if news && kinds.find(&access, &clock, &drawn).await.is_err() {
                return;
            }
            logs.follow_those_looked_at();
        }
    })
}

/// What happened to objects is told of all of them at one place.
fn all_events() -> Objects {
    Objects { group: String::new(), version: "v1".into(), kind: "Event".into(), plural: "events".into() }
}

/// The tables of the kinds that are there.
#[derive(Default)]
struct Kinds {
    /// `machines.cluster.x-k8s.io`: all that the server serves, also what is not drawn.
    served: BTreeSet<String>,
    /// Groups that did not say which kinds they hold, with what came in place of that: they are asked again.
    silent: BTreeMap<String, String>,
    /// What was defined by a custom resource once; who may not list those sees none.
    defined: BTreeSet<String>,
    tables: HashMap<String, Table>,
    /// Of kinds that may not be listed everywhere, by namespace.
    near: HashMap<(String, Arc<str>), Table>,
}

/// The context was closed.
struct Closed;

impl Kinds {
    /// Asks which kinds there are as soon as the context is connected, and again after each lost connection until it is told.
    async fn find(&mut self, access: &Access, clock: &Arc<dyn Clock>, drawn: &Arc<Drawn>) -> Result<(), Closed> {
        let mut view = access.view();
        loop {
            if view.wait_for(|view| matches!(view.link, Link::Live { .. })).await.is_err() {
                return Err(Closed);
            }
            match discover(&access.client(), is_of_clusters).await {
                Ok(mut told) => {
                    if !told.silent.contains_key(CORE)
                        && !told.kinds.iter().any(|kind| name(kind) == CLUSTERS)
                        && let Some(said) = unsure(access).await
                    {
                        told.silent.insert(CORE.to_owned(), said);
                    }
                    let held = drawn.known().still_held(&told);
                    told.kinds.extend(held);
                    self.open(told, access, clock, drawn);
                    match (self.has_clusters(), self.silent.get(CORE)) {
                        (true, _) => {}
                        (false, Some(said)) => self.untold(said, access, drawn),
                        // No Cluster API here: nothing is listed, and that is the whole truth.
                        (false, None) => drawn.status(&Status::Live),
                    }
                    return Ok(());
                }
                Err(said) => {
                    self.untold(&said, access, drawn);
                    tokio::time::sleep(GLANCE).await;
                }
            }
        }
    }

    /// Opens a table for each kind that is new and ends those of kinds that went; the others go on as they are.
    fn open(&mut self, told: Discovered, access: &Access, clock: &Arc<dyn Clock>, drawn: &Arc<Drawn>) {
        let Discovered { kinds: found, silent } = told;
        (self.served, self.silent) = (found.iter().map(name).collect(), silent);
        // What happened is listed as long as anything of Cluster API is.
        let events = self.has_clusters().then(all_events);
        let versions: BTreeSet<String> = found.iter().chain(&events).map(key).collect();
        self.tables.retain(|key, _| versions.contains(key));
        drawn.expect(&found, &self.silent, |kind| is_drawn(kind) && !self.tables.contains_key(&key(kind)));
        if !self.silent.contains_key(CORE) && !found.iter().any(is_class) {
            drawn.classes.status(Status::Live);
        }
        for kind in found.into_iter().filter(is_watched).chain(events) {
            let listing = Listing::everywhere(&kind);
            self.tables.entry(key(&kind)).or_insert_with(|| table(access, clock, drawn, kind, listing));
        }
    }

    /// Opens a table for each namespace that was typed of each kind that may not be listed everywhere, and ends the others.
    fn open_near(&mut self, access: &Access, clock: &Arc<dyn Clock>, drawn: &Arc<Drawn>) {
        let (wanted, kinds) = {
            let known = drawn.known();
            (known.reach.stand().near, known.kinds.clone())
        };
        let events = all_events();
        let mut near = HashMap::new();
        for listing in wanted {
            let Some(kind) = kinds.iter().chain([&events]).find(|kind| listing.is_of_kind(kind)) else { continue };
            let name = (key(kind), listing.namespace.clone());
            let opened = self.near.remove(&name).unwrap_or_else(|| table(access, clock, drawn, kind.clone(), listing));
            near.insert(name, opened);
        }
        self.near = near;
    }

    /// Whether every group said what it holds, all that is defined now is served, and nothing that is so no longer.
    fn are_as_defined(&mut self, now: &BTreeSet<String>) -> bool {
        self.defined.extend(now.iter().cloned());
        self.silent.is_empty() && self.defined.iter().all(|name| self.served.contains(name) == now.contains(name))
    }

    fn has_clusters(&self) -> bool {
        self.served.contains(CLUSTERS)
    }

    /// The server does not say which kinds it holds: what is shown is what was known before.
    fn untold(&self, said: &str, access: &Access, drawn: &Drawn) {
        let why = cluster::fault::table(access.about(), "kinds of Cluster API", said);
        let status = Status::Stale { since: now(), why, retry_at: None };
        drawn.status(&status);
        if !self.served.contains(CLASSES) {
            drawn.classes.status(status);
        }
    }
}

/// Why a server may hold clusters though it says that it does not: one that has just started serves what is defined a little
/// later. Who may not read definitions goes by what it says.
async fn unsure(access: &Access) -> Option<String> {
    match cluster::read::object(&access.client(), &format!("{DEFINITIONS}/{CLUSTERS}")).await {
        Ok(_) => Some(format!("{CLUSTERS} is defined and not served")),
        Err(Unread::Failed { said }) => Some(said),
        Err(Unread::Absent | Unread::Denied { .. }) => None,
    }
}

/// The table of a list; what it learns goes where its kind is shown.
fn table(access: &Access, clock: &Arc<dyn Clock>, drawn: &Arc<Drawn>, kind: Objects, listing: Listing) -> Table {
    let (drawn, clock, pace) = (drawn.clone(), clock.clone(), Pace::default());
    let (is_event, is_class) = (kind == all_events(), is_class(&kind));
    let source = Selected { kind, namespace: listing.namespace.to_string(), labels: "", detail: Detail::Whole };
    if is_event {
        Table::open(access, source, clock, pace, Told { drawn, listing })
    } else if is_class {
        Table::open(access, source, clock, pace, Classes { drawn, listing })
    } else {
        Table::open(access, source, clock, pace, Onto { drawn, listing })
    }
}

fn name(kind: &Objects) -> String {
    format!("{}.{}", kind.plural, kind.group)
}

/// Another preferred version is read anew.
fn key(kind: &Objects) -> String {
    format!("{}/{}", name(kind), kind.version)
}

/// Tells which custom resources of Cluster API are defined.
struct Definitions {
    known: BTreeSet<String>,
    tell: watch::Sender<BTreeSet<String>>,
}

impl Definitions {
    fn say(&self) {
        self.tell.send_if_modified(|told| {
            let changed = *told != self.known;
            told.clone_from(&self.known);
            changed
        });
    }
}

fn is_wanted(definition: &str) -> bool {
    definition.split_once('.').is_some_and(|(_, group)| is_of_clusters(group))
}

impl Sink<String> for Definitions {
    fn replace(&mut self, rows: Vec<String>) {
        self.known = rows.into_iter().filter(|name| is_wanted(name)).collect();
        self.say();
    }

    fn apply(&mut self, set: Vec<String>, gone: Vec<RowId>) {
        self.known.extend(set.into_iter().filter(|name| is_wanted(name)));
        self.known.retain(|name| gone.iter().all(|id| id.0 != *name));
        self.say();
    }

    /// Who may not list definitions sees the kinds that were there when the context was opened.
    fn status(&mut self, _: Status) {}
}
