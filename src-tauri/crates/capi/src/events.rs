//! What did the controllers tell about the objects of a cluster?
//!
//! Events of Kubernetes live an hour on the server; here the newest of each cluster stay as long as somebody looks.
//! Start at: [`Events`].

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use api::Timestamp;
use api::capi::{EventRow, EventTone};
use serde_json::Value;

use crate::explain::Happening;
use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, ObjectId};
use crate::read::{group_of, moment};

/// Kept of each cluster; a cluster of six machines makes about two hundred.
pub const MOST_EVENTS: usize = 500;
/// Events about objects that no watch has shown yet.
const MOST_WAITING: usize = 2_000;

/// The events of all clusters of a management cluster.
#[derive(Debug, Default)]
pub struct Events {
    of: HashMap<ClusterKey, Kept>,
    waiting: VecDeque<Event>,
}

/// By time, then by the name of the event.
#[derive(Debug, Default)]
struct Kept {
    events: BTreeMap<(Timestamp, Arc<str>), Event>,
    /// When an event was last seen: it is told again with another count.
    at: HashMap<Arc<str>, Timestamp>,
    /// How often one was told.
    told: u64,
}

/// One event about an object of Cluster API or of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Event {
    id: Arc<str>,
    about: ObjectId,
    row: EventRow,
    happening: Arc<Happening>,
}

impl Events {
    /// Takes an event in, new or told again; the cluster that it belongs to is to be drawn again.
    pub fn put(&mut self, object: &Value, graph: &Graph) -> Option<ClusterKey> {
        let event = read(object)?;
        match key_of(&event.about, graph) {
            Some(key) => {
                self.keep(&key, event);
                Some(key)
            }
            None => {
                if self.waiting.len() == MOST_WAITING {
                    self.waiting.pop_front();
                }
                self.waiting.push_back(event);
                None
            }
        }
    }

    /// Looks again for the clusters of events that came before their objects.
    pub fn settle(&mut self, graph: &Graph) {
        for event in std::mem::take(&mut self.waiting) {
            match key_of(&event.about, graph) {
                Some(key) => self.keep(&key, event),
                None => self.waiting.push_back(event),
            }
        }
    }

    fn keep(&mut self, key: &ClusterKey, event: Event) {
        let kept = self.of.entry(key.clone()).or_default();
        kept.told += 1;
        if let Some(before) = kept.at.insert(event.id.clone(), event.row.at) {
            kept.events.remove(&(before, event.id.clone()));
        }
        kept.events.insert((event.row.at, event.id.clone()), event);
        while kept.events.len() > MOST_EVENTS {
            if let Some((_, oldest)) = kept.events.pop_first() {
                kept.at.remove(&oldest.id);
            }
        }
    }

    /// The rows of a cluster, the newest first.
    pub fn rows(&self, key: &ClusterKey) -> Vec<EventRow> {
        self.of.get(key).map(|kept| kept.events.values().rev().map(|event| event.row.clone()).collect()).unwrap_or_default()
    }

    /// What rules look at, the newest last.
    pub fn happenings(&self, key: &ClusterKey) -> Vec<Arc<Happening>> {
        self.of.get(key).map(|kept| kept.events.values().map(|event| event.happening.clone()).collect()).unwrap_or_default()
    }

    /// How often an event of a cluster was told: when it is as often, the rows are the same.
    pub fn told(&self, key: &ClusterKey) -> u64 {
        self.of.get(key).map(|kept| kept.told).unwrap_or_default()
    }
}

/// The cluster of an object: as the graph knows it, else by the name, for one that is gone already. The longest fits best.
fn key_of(about: &ObjectId, graph: &Graph) -> Option<ClusterKey> {
    if &*about.group == CORE && &*about.kind == "Cluster" {
        return Some(ClusterKey { namespace: about.namespace.clone(), name: about.name.clone() });
    }
    if let Some(cluster) = graph.get(about).and_then(|object| object.cluster.clone()) {
        return Some(ClusterKey { namespace: about.namespace.clone(), name: cluster });
    }
    let named = |key: &&ClusterKey| key.namespace == about.namespace && about.name.strip_prefix(&*key.name).is_some_and(|rest| rest.starts_with('-'));
    graph.clusters().filter(named).max_by_key(|key| key.name.len()).cloned()
}

/// Reads an Event of the core group; one about anything but Cluster API is none of ours.
fn read(object: &Value) -> Option<Event> {
    let about = &object["involvedObject"];
    let group = group_of(about["apiVersion"].as_str().unwrap_or_default());
    if group != CORE && !group.ends_with(".cluster.x-k8s.io") {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let namespace = about["namespace"].as_str().unwrap_or_default();
    let at = ["lastTimestamp", "eventTime", "firstTimestamp"]
        .iter()
        .find_map(|field| moment(&object[*field]))
        .or_else(|| moment(&object["metadata"]["creationTimestamp"]))?;
    let (kind, name) = (about["kind"].as_str()?, about["name"].as_str()?);
    let id: Arc<str> = format!("{namespace}/{}", object["metadata"]["name"].as_str()?).into();
    let (reason, message) = (text(&object["reason"]), text(&object["message"]));
    let happening = Happening { kind: kind.to_owned(), name: name.to_owned(), reason: reason.clone(), message: message.clone(), at: Some(at) };
    Some(Event {
        happening: Arc::new(happening),
        about: ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() },
        row: EventRow {
            id: id.to_string(),
            at,
            kind: kind.to_owned(),
            name: name.to_owned(),
            reason,
            message,
            tone: if object["type"] == "Warning" { EventTone::Warning } else { EventTone::Normal },
            count: object["count"].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(1).max(1),
            source: text(&object["source"]["component"]),
        },
        id,
    })
}

#[cfg(test)]
mod tests;
