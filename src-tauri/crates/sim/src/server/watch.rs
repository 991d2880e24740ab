//! How does a watcher hear of changes?
//!
//! A stream per request that ends with its timeout, its receiver or the cluster's reach; bookmarks once a minute.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::Response;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::bytes::Bytes;

use super::request::{Ask, Objects};
use super::resources::ResourceId;
use super::selectors::Selector;
use super::status::Refusal;
use super::store::{Change, Entry, Stored};
use super::{Answer, streamed};
use crate::cluster::{Cluster, Reach};

/// A server sends them about once a minute.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// What a server chooses when the watcher names no timeout; real ones spread it up to an hour.
const LONGEST: Duration = Duration::from_secs(1_800);

struct Watch {
    cluster: Arc<Cluster>,
    news: watch::Receiver<u64>,
    id: ResourceId,
    namespace: String,
    selector: Selector,
    bookmarks: bool,
    kind: (String, String),
    seen: u64,
    ready: VecDeque<Bytes>,
    state: State,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    bookmark: Pin<Box<dyn Future<Output = ()> + Send>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// What is ready is still sent.
    Ending,
}

pub(crate) fn watch(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects) -> Result<Response<Answer>, Refusal> {
    let selector = Selector::parse(ask.param("labelSelector"), ask.param("fieldSelector"))?;
    let store = cluster.store();
    let id = objects.resource.id.clone();
    let mut ready = VecDeque::new();
    let initial = ask.flag("sendInitialEvents");
    let kind = (objects.resource.kind.clone(), objects.resource.api_version(&objects.version));
    let asked = ask.number("resourceVersion").unwrap_or_default();
    let seen = if initial || asked == 0 {
        ready.extend(store.list(&id, &objects.namespace, None).filter(|one| selector.matches(one)).map(|one| line("ADDED", &one.json)));
        store.revision()
    } else {
        asked
    };
    if initial && ask.flag("allowWatchBookmarks") {
        let annotations = json!({ "k8s.io/initial-events-end": "true" });
        ready.push_back(bookmark(&kind, seen, &annotations));
    }
    drop(store);
    let clock = cluster.clock();
    let span = ask.number("timeoutSeconds").map_or(LONGEST, Duration::from_secs);
    let watch = Watch {
        news: cluster.news(),
        id,
        namespace: objects.namespace.clone(),
        selector,
        bookmarks: ask.flag("allowWatchBookmarks"),
        kind,
        seen,
        ready,
        state: State::Open,
        end: Box::pin(clock.sleep(span)),
        bookmark: Box::pin(clock.sleep(BOOKMARK_EVERY)),
        cluster: Arc::clone(cluster),
    };
    Ok(streamed(futures::stream::unfold(watch, next)))
}

async fn next(mut watch: Watch) -> Option<(io::Result<Bytes>, Watch)> {
    loop {
        if let Some(line) = watch.ready.pop_front() {
            return Some((Ok(line), watch));
        }
        if watch.state == State::Ending {
            return None;
        }
        match watch.cluster.manners().reach {
            Reach::Answers => watch.read(),
            // A frozen server says nothing, and the connection stays.
            Reach::Silent => {}
            Reach::Refused | Reach::NoRoute => return Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), Watch { state: State::Ending, ..watch })),
        }
        if !watch.ready.is_empty() || watch.state == State::Ending {
            continue;
        }
        tokio::select! {
            biased;
            changed = watch.news.changed() => if changed.is_err() { watch.state = State::Ending },
            () = &mut watch.end => watch.state = State::Ending,
            () = &mut watch.bookmark => {
                watch.bookmark = Box::pin(watch.cluster.clock().sleep(BOOKMARK_EVERY));
                if watch.bookmarks {
                    watch.ready.push_back(bookmark(&watch.kind, watch.seen, &Value::Null));
                }
            }
        }
    }
}

impl Watch {
    /// Takes over what happened since the last look.
    fn read(&mut self) {
        self.news.mark_unchanged();
        let store = self.cluster.store();
        let Some(entries) = store.since(&self.id, self.seen) else {
            let refusal = Refusal::too_old(self.seen, store.compacted());
            self.ready.push_back(line("ERROR", refusal.body().to_string().as_bytes()));
            self.state = State::Ending;
            return;
        };
        let inside = |one: &Stored| (self.namespace.is_empty() || one.namespace == self.namespace) && self.selector.matches(one);
        self.ready.extend(entries.filter_map(|entry| seen_by(entry, inside)));
        self.seen = store.revision();
    }
}

/// An object that begins or ceases to match is added or deleted for this watcher.
fn seen_by(entry: &Entry, inside: impl Fn(&Stored) -> bool) -> Option<Bytes> {
    let now = inside(&entry.object);
    let before = entry.before.as_ref().is_some_and(|before| inside(before));
    let word = match (entry.change, before, now) {
        (Change::Deleted, true, _) | (Change::Modified, true, false) => "DELETED",
        (Change::Added, _, true) | (Change::Modified, false, true) => "ADDED",
        (Change::Modified, true, true) => "MODIFIED",
        (Change::Deleted, false, _) | (Change::Added, _, false) | (Change::Modified, false, false) => return None,
    };
    Some(line(word, &entry.object.json))
}

fn line(word: &str, json: &[u8]) -> Bytes {
    let mut text = Vec::with_capacity(json.len() + 40);
    text.extend_from_slice(b"{\"type\":\"");
    text.extend_from_slice(word.as_bytes());
    text.extend_from_slice(b"\",\"object\":");
    text.extend_from_slice(json);
    text.extend_from_slice(b"}\n");
    Bytes::from(text)
}

fn bookmark((kind, api_version): &(String, String), revision: u64, annotations: &Value) -> Bytes {
    let mut metadata = json!({ "resourceVersion": revision.to_string(), "creationTimestamp": null });
    if !annotations.is_null() {
        metadata["annotations"] = annotations.clone();
    }
    line("BOOKMARK", json!({ "kind": kind, "apiVersion": api_version, "metadata": metadata }).to_string().as_bytes())
}
