//! Which providers does an open context hold, live?
//!
//! The inventory of clusterctl, Deployments, pods and the labels of definitions are watched; the logs of the controllers are
//! followed for their errors. All of it ends when nobody looks. Start at: [`ProviderWatch::open`].

mod heard;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::capi::LogRow;
use api::contexts::Link;
use api::providers::ProviderRow;
use api::{RowId, Status};
use capi::providers::{CERT_MANAGER, Inventory, error_of, provider_of};
use cluster::clock::Clock;
use cluster::log::Log;
use cluster::objects::{Discovered, Objects, discover};
use cluster::selected::{Selected, id};
use cluster::session::Access;
use cluster::source::Detail;
use cluster::watch::{Pace, Sink, Table};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use crate::board::Board;
use crate::fleet::now;
use crate::tasks::Task;
use heard::Heard;

/// What is labelled as part of a provider; escaped for a query.
const OF_PROVIDERS: &str = "cluster.x-k8s.io%2Fprovider";
/// A log that ended, or a server that did not say which kinds there are, is asked again after this time.
const AGAIN: Duration = Duration::from_secs(15);
/// Read of a controller's past.
const TAIL: u32 = 400;
/// Seven kinds of providers have a pod each; more replicas wait for the lease and say nothing.
const MOST_LOGS: usize = 24;

/// The providers of one open context. Whoever looks shares it, and the last one ends it.
pub(crate) struct ProviderWatch {
    drawn: Arc<Drawn>,
    reading: Mutex<Task>,
}

struct Drawn {
    known: Mutex<Inventory>,
    heard: Heard,
    board: Arc<Board<ProviderRow>>,
    /// Pods came or went: their logs are to be followed.
    pods: Notify,
    /// Somebody wants to know at once whether what was refused is allowed now.
    again: Notify,
}

impl ProviderWatch {
    pub(crate) fn open(access: &Access, clock: Arc<dyn Clock>) -> Self {
        let drawn = Arc::new(Drawn {
            known: Mutex::default(),
            heard: Heard::default(),
            board: Arc::new(Board::new(Status::Loading)),
            pods: Notify::new(),
            again: Notify::new(),
        });
        let reading = Mutex::new(read(drawn.clone(), access.clone(), clock));
        Self { drawn, reading }
    }

    /// Reads from another connection of the same context; the board and its readers stay.
    pub(crate) fn follow(&self, access: &Access, clock: Arc<dyn Clock>) {
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = read(self.drawn.clone(), access.clone(), clock);
        self.drawn.heard.goes_on();
    }

    /// Asks at once for what was refused or failed.
    pub(crate) fn look_again(&self) {
        self.drawn.again.notify_one();
    }

    pub(crate) fn board(&self) -> Arc<Board<ProviderRow>> {
        self.drawn.board.clone()
    }

    /// What the controllers of a provider write, the newest last.
    pub(crate) fn log(&self, provider: &str) -> Arc<Board<LogRow>> {
        self.drawn.heard.board(provider)
    }

    /// The context was closed: what is shown stays, and is no longer live.
    pub(crate) fn closed(&self) {
        self.drawn.board.status(Status::Closed);
        self.drawn.heard.closed();
    }
}

impl Drawn {
    fn change(&self, change: impl FnOnce(&mut Inventory)) {
        let rows = {
            let mut known = self.known();
            change(&mut known);
            known.rows()
        };
        self.board.replace(rows);
    }

    fn overhear(&self, provider: &str, lines: &[String]) {
        self.heard.add(provider, lines);
        let errors: Vec<_> = lines.iter().filter_map(|line| error_of(line)).collect();
        if errors.is_empty() {
            return;
        }
        self.change(|known| {
            for error in errors {
                known.hear(provider, error);
            }
        });
    }

    fn known(&self) -> MutexGuard<'_, Inventory> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind(group: &str, version: &str, kind: &str, plural: &str) -> Objects {
    Objects { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned(), plural: plural.to_owned() }
}

/// Keeps the inventory true for as long as the task lives.
fn read(drawn: Arc<Drawn>, access: Access, clock: Arc<dyn Clock>) -> Task {
    Task::spawn("providers of a management cluster", async move {
        let open = |source: Selected, shelf: Shelf| {
            Table::open(&access, source, clock.clone(), Pace::default(), Onto { drawn: drawn.clone(), shelf, keys: BTreeSet::new() })
        };
        let labelled = |kind: Objects, detail: Detail| Selected { kind, namespace: String::new(), labels: OF_PROVIDERS, detail };
        let needed = |kind: Objects| Selected { kind, namespace: CERT_MANAGER.to_owned(), labels: "", detail: Detail::Whole };
        let (deployments, pods) = (kind("apps", "v1", "Deployment", "deployments"), kind("", "v1", "Pod", "pods"));
        let definitions = kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions");
        let (tell, mut defined) = watch::channel(());
        let tables = [
            open(labelled(definitions, Detail::Metadata), Shelf::Definitions(tell)),
            open(labelled(deployments.clone(), Detail::Whole), Shelf::Deployments(Speaks::ForAll)),
            open(needed(deployments), Shelf::Deployments(Speaks::ForItself)),
            open(labelled(pods.clone(), Detail::Whole), Shelf::Pods),
            open(needed(pods), Shelf::Pods),
        ];
        let mut listed = None;
        let mut logs: HashMap<String, Task> = HashMap::new();
        let (mut view, mut stale) = (access.view(), true);
        loop {
            if stale {
                if view.wait_for(|view| matches!(view.link, Link::Live { .. })).await.is_err() {
                    return;
                }
                match discover(&access.client(), |group| group == "cluster.x-k8s.io" || group.ends_with(".cluster.x-k8s.io")).await {
                    Ok(Discovered { kinds: found, silent }) => {
                        stale = !silent.is_empty();
                        let inventory = found.iter().find(|kind| kind.group == "clusterctl.cluster.x-k8s.io" && kind.kind == "Provider");
                        if listed.is_none() {
                            listed = inventory.map(|kind| {
                                open(Selected { kind: kind.clone(), namespace: String::new(), labels: "", detail: Detail::Whole }, Shelf::Providers)
                            });
                        }
                        let kinds: Vec<(String, String)> = found.into_iter().map(|kind| (format!("{}.{}", kind.plural, kind.group), kind.kind)).collect();
                        drawn.change(|known| {
                            // What a group holds that does not say so now is called as before.
                            known.kinds.retain(|name, _| name.split_once('.').is_some_and(|(_, group)| silent.contains_key(group)));
                            known.kinds.extend(kinds);
                        });
                    }
                    Err(said) => {
                        let why = cluster::fault::table(access.about(), "kinds of Cluster API", &said);
                        drawn.board.status(Status::Stale { since: now(), why, retry_at: None });
                    }
                }
            }
            tokio::select! {
                changed = defined.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    // A definition is there a little before what it defines; a second look follows by its next change or here.
                    stale = true;
                }
                () = drawn.again.notified() => tables.iter().chain(&listed).for_each(Table::look_again),
                () = drawn.pods.notified() => follow_logs(&drawn, &access, &mut logs),
                () = tokio::time::sleep(AGAIN), if stale => {}
            }
        }
    })
}

/// Follows the log of each controller that is there now, and no other.
fn follow_logs(drawn: &Arc<Drawn>, access: &Access, logs: &mut HashMap<String, Task>) {
    let wanted: BTreeMap<String, (String, Log)> = {
        let known = drawn.known();
        known.pods.iter().filter_map(|(key, pod)| Some((key.clone(), log_of(pod)?))).take(MOST_LOGS).collect()
    };
    logs.retain(|key, _| wanted.contains_key(key));
    for (key, (provider, log)) in wanted {
        logs.entry(key).or_insert_with(|| {
            let (drawn, access) = (drawn.clone(), access.clone());
            Task::spawn("errors of a provider", async move {
                loop {
                    if let Err(why) = log.follow(&access.client(), |lines| drawn.overhear(&provider, &lines)).await {
                        tracing::info!(provider, %why, "the log of a provider could not be read");
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            })
        });
    }
}

/// The log of a pod's manager, and whose it is; a pod that never started has none.
fn log_of(pod: &Value) -> Option<(String, Log)> {
    let text = |field: &str| pod.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let containers: Vec<&str> = pod.pointer("/spec/containers")?.as_array()?.iter().filter_map(|one| one["name"].as_str()).collect();
    let container = containers.iter().find(|one| **one == "manager").or(containers.first())?;
    let started = pod.pointer("/status/containerStatuses")?.as_array()?.iter().any(|one| one["containerID"].is_string());
    started.then(|| {
        (
            provider_of(pod).to_owned(),
            Log { namespace: text("/metadata/namespace"), pod: text("/metadata/name"), container: (*container).to_owned(), tail_lines: TAIL },
        )
    })
}

/// Where the objects of a table belong.
enum Shelf {
    Providers,
    Deployments(Speaks),
    Pods,
    /// Tells of every change.
    Definitions(watch::Sender<()>),
}

/// Whether the state of a table is that of the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    ForAll,
    ForItself,
}

/// What a table learns goes onto its shelf; two tables share that of Deployments and that of pods.
struct Onto {
    drawn: Arc<Drawn>,
    shelf: Shelf,
    keys: BTreeSet<String>,
}

impl Onto {
    fn put(&mut self, set: Vec<Value>, gone: Vec<String>) {
        let Self { drawn, shelf, keys } = self;
        let set: Vec<(String, Value)> = set.into_iter().map(|object| (id(&object).0, object)).collect();
        gone.iter().for_each(|key| {
            keys.remove(key);
        });
        keys.extend(set.iter().map(|(key, _)| key.clone()));
        drawn.change(|known| match shelf {
            Shelf::Providers => apply(&mut known.providers, set, gone),
            Shelf::Deployments(_) => apply(&mut known.deployments, set, gone),
            Shelf::Pods => apply(&mut known.pods, set, gone),
            Shelf::Definitions(_) => {
                let name = |key: String| key.trim_start_matches('/').to_owned();
                let labels = set.into_iter().map(|(key, object)| (name(key), object["metadata"]["labels"].clone())).collect();
                apply(&mut known.definitions, labels, gone.into_iter().map(name).collect());
            }
        });
        match shelf {
            Shelf::Pods => drawn.pods.notify_one(),
            Shelf::Definitions(tell) => {
                tell.send_replace(());
            }
            Shelf::Providers | Shelf::Deployments(_) => {}
        }
    }
}

fn apply(all: &mut BTreeMap<String, Value>, set: Vec<(String, Value)>, gone: Vec<String>) {
    for key in gone {
        all.remove(&key);
    }
    all.extend(set);
}

impl Sink<Value> for Onto {
    fn replace(&mut self, rows: Vec<Value>) {
        let there: BTreeSet<String> = rows.iter().map(|row| id(row).0).collect();
        let gone = self.keys.difference(&there).cloned().collect();
        self.put(rows, gone);
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        self.put(set, gone.into_iter().map(|row| row.0).collect());
    }

    /// A provider is as true as the list of Deployments: the rest only adds to it.
    fn status(&mut self, status: Status) {
        match self.shelf {
            Shelf::Deployments(Speaks::ForAll) => self.drawn.board.status(status),
            Shelf::Providers | Shelf::Deployments(Speaks::ForItself) | Shelf::Pods | Shelf::Definitions(_) => {}
        }
    }
}
