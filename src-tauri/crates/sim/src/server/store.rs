//! What does one simulated cluster hold, and what changed since a revision?
//!
//! Objects are kept as the bytes that are sent, so 50,000 pods cost little more than their text.
//! Bound: the last 4,096 changes are kept for watches (more with [`Store::keep`]); an older revision is answered with 410.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::Value;
use tokio_util::bytes::Bytes;

use super::resources::{Resource, ResourceId, built_in, from_definition};

/// One object at one revision.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) json: Bytes,
}

impl Stored {
    pub(crate) fn of(object: &Value) -> Self {
        let metadata = &object["metadata"];
        let text = |key: &str| metadata[key].as_str().unwrap_or_default().to_owned();
        let labels = metadata["labels"].as_object().into_iter().flatten();
        Self {
            namespace: text("namespace"),
            name: text("name"),
            labels: labels.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
            json: Bytes::from(object.to_string()),
        }
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or(Value::Null)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Modified,
    Deleted,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) revision: u64,
    pub(crate) id: ResourceId,
    pub(crate) change: Change,
    pub(crate) object: Arc<Stored>,
    /// For selectors: an object that stops matching is deleted for that watcher.
    pub(crate) before: Option<Arc<Stored>>,
}

pub(crate) type Key = (String, String);

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) resources: BTreeMap<ResourceId, Resource>,
    objects: BTreeMap<ResourceId, BTreeMap<Key, Arc<Stored>>>,
    log: VecDeque<Entry>,
    revision: u64,
    /// The oldest revision a watch may start from.
    compacted: u64,
    keep: usize,
    made: u64,
}

impl Store {
    pub(crate) fn new() -> Self {
        let resources = built_in().into_iter().map(|one| (one.id.clone(), one)).collect();
        Self { resources, objects: BTreeMap::new(), log: VecDeque::new(), revision: 100, compacted: 100, keep: 4_096, made: 0 }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn compacted(&self) -> u64 {
        self.compacted
    }

    /// Keeps so many changes; 0 forgets all, so that every older revision is too old.
    pub(crate) fn keep(&mut self, changes: usize) {
        self.keep = changes;
        self.trim();
    }

    pub(crate) fn get(&self, id: &ResourceId, namespace: &str, name: &str) -> Option<&Arc<Stored>> {
        self.objects.get(id)?.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// Objects in the order of namespace and name, beginning after `after`.
    pub(crate) fn list<'a>(&'a self, id: &ResourceId, namespace: &'a str, after: Option<&Key>) -> impl Iterator<Item = &'a Arc<Stored>> + use<'a> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let begin = match after {
            Some(key) => Excluded(key.clone()),
            None => Included((namespace.to_owned(), String::new())),
        };
        let all = self.objects.get(id).map(|objects| objects.range((begin, Unbounded)));
        all.into_iter().flatten().map(|(_, object)| object).take_while(move |object| namespace.is_empty() || object.namespace == namespace)
    }

    /// Writes an object at the next revision, which is entered into it.
    pub(crate) fn put(&mut self, id: &ResourceId, mut object: Value) -> Arc<Stored> {
        self.revision += 1;
        object["metadata"]["resourceVersion"] = Value::String(self.revision.to_string());
        if id.plural == "customresourcedefinitions"
            && let Some(resource) = from_definition(&object)
        {
            self.resources.insert(resource.id.clone(), resource);
        }
        let stored = Arc::new(Stored::of(&object));
        let key = (stored.namespace.clone(), stored.name.clone());
        let before = self.objects.entry(id.clone()).or_default().insert(key, Arc::clone(&stored));
        let change = if before.is_some() { Change::Modified } else { Change::Added };
        self.enter(Entry { revision: self.revision, id: id.clone(), change, object: Arc::clone(&stored), before });
        stored
    }

    /// Takes an object away; its last form carries the revision of the deletion, as watchers see it.
    pub(crate) fn remove(&mut self, id: &ResourceId, namespace: &str, name: &str) -> Option<Arc<Stored>> {
        let before = self.objects.get_mut(id)?.remove(&(namespace.to_owned(), name.to_owned()))?;
        self.revision += 1;
        let mut last = before.value();
        last["metadata"]["resourceVersion"] = Value::String(self.revision.to_string());
        if id.plural == "customresourcedefinitions"
            && let Some(resource) = from_definition(&last)
        {
            self.resources.remove(&resource.id);
            self.objects.remove(&resource.id);
        }
        let object = Arc::new(Stored::of(&last));
        self.enter(Entry { revision: self.revision, id: id.clone(), change: Change::Deleted, object: Arc::clone(&object), before: Some(before) });
        Some(object)
    }

    /// Changes of one kind after a revision; `None` when that is too old to be told.
    pub(crate) fn since<'a>(&'a self, id: &'a ResourceId, revision: u64) -> Option<impl Iterator<Item = &'a Entry> + use<'a>> {
        if revision < self.compacted {
            return None;
        }
        let from = self.log.partition_point(|entry| entry.revision <= revision);
        Some(self.log.range(from..).filter(move |entry| entry.id == *id))
    }

    /// A uid nobody else has; counted, so that two runs of one test see the same.
    pub(crate) fn next_uid(&mut self) -> String {
        self.made += 1;
        let n = self.made;
        format!("{:08x}-5eed-4000-8000-{:012x}", (n.wrapping_mul(0x9e37_79b9)) & 0xffff_ffff, n)
    }

    /// The random five letters of a generated name.
    pub(crate) fn next_suffix(&mut self) -> String {
        self.made += 1;
        suffix(self.made, 5)
    }

    fn enter(&mut self, entry: Entry) {
        self.log.push_back(entry);
        self.trim();
    }

    fn trim(&mut self) {
        while self.log.len() > self.keep {
            if let Some(entry) = self.log.pop_front() {
                self.compacted = entry.revision;
            }
        }
        if self.keep == 0 {
            self.compacted = self.revision;
        }
    }
}

/// Letters as the API server picks them for generated names, from a number.
pub(crate) fn suffix(seed: u64, letters: usize) -> String {
    const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed;
    (0..letters)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(LETTERS[usize::try_from(state >> 33).unwrap_or_default() % LETTERS.len()])
        })
        .collect()
}
