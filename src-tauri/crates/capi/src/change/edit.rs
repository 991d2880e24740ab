//! How are several wishes for one cluster gathered into as few writes as there are objects?

use serde_json::{Value, json};

use super::shape::{Entry, Pool, Shape};
use super::{Act, Write};
use crate::object::ObjectId;

/// The change of the Cluster itself: scalars as a merge, entries of lists as steps that test first whom they mean.
#[derive(Default)]
pub(super) struct Edit {
    scalars: Vec<(&'static [&'static str], Value)>,
    steps: Vec<Value>,
}

impl Edit {
    /// A field of the Cluster; objects on the way are made where they are missing.
    pub(super) fn set(&mut self, path: &'static [&'static str], value: Value) {
        self.scalars.push((path, value));
    }

    /// Begins with the entry of a pool: that it is still the one at this place.
    pub(super) fn entry(&mut self, entry: Entry) -> OfEntry<'_> {
        let path = format!("/spec/topology/workers/{}/{}", entry.list, entry.index);
        let guard = json!({ "op": "test", "path": format!("{path}/name"), "value": entry.value["name"] });
        if !self.steps.contains(&guard) {
            self.steps.push(guard);
        }
        OfEntry { steps: &mut self.steps, path }
    }

    pub(super) fn step(&mut self, op: &str, path: &str, value: Value) {
        self.steps.push(json!({ "op": op, "path": path, "value": value }));
    }

    pub(super) fn write(self, shape: &Shape) -> Option<Write> {
        if self.scalars.is_empty() && self.steps.is_empty() {
            return None;
        }
        if self.steps.is_empty() {
            let mut merge = json!({});
            for (path, value) in self.scalars {
                *path.iter().fold(&mut merge, |at, key| &mut at[*key]) = value;
            }
            return Some(Write { object: shape.id.clone(), act: Act::Merge(merge) });
        }
        let scalars = self.scalars.into_iter().flat_map(|(path, value)| set_deep(shape.cluster, path, value));
        Some(Write { object: shape.id.clone(), act: Act::Steps(scalars.chain(self.steps).collect()) })
    }
}

/// `add` sets a field also where it is, but what it hangs on has to be there.
fn set_deep(document: &Value, path: &[&str], value: Value) -> Option<Value> {
    let there = (1..path.len()).take_while(|n| document.pointer(&pointer(&path[..*n])).is_some_and(Value::is_object)).count();
    let (stands, missing) = path.split_at_checked((there + 1).min(path.len()))?;
    let value = missing.iter().rev().fold(value, |inner, key| json!({ *key: inner }));
    Some(json!({ "op": "add", "path": pointer(stands), "value": value }))
}

fn pointer(path: &[&str]) -> String {
    path.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The entry of one pool.
pub(super) struct OfEntry<'e> {
    steps: &'e mut Vec<Value>,
    path: String,
}

impl OfEntry<'_> {
    pub(super) fn set(&mut self, field: &str, value: Value) {
        self.steps.push(json!({ "op": "add", "path": format!("{}/{field}", self.path), "value": value }));
    }

    pub(super) fn drop(&mut self, field: &str) {
        self.steps.push(json!({ "op": "remove", "path": format!("{}/{field}", self.path) }));
    }

    /// Takes the entry itself out of its list.
    pub(super) fn remove(self) {
        self.steps.push(json!({ "op": "remove", "path": self.path }));
    }
}

/// A merge into the object of a pool that no topology owns.
pub(super) fn merge(object: &ObjectId, patch: Value) -> Write {
    Write { object: object.clone(), act: Act::Merge(patch) }
}

/// The write for one pool: into the topology where it stands there, else into its own object.
pub(super) fn of_pool(shape: &Shape, pool: &Pool, in_topology: impl FnOnce(&mut OfEntry), alone: Value) -> Option<Write> {
    match (pool.entry, pool.object) {
        (Some(entry), _) => {
            let mut edit = Edit::default();
            in_topology(&mut edit.entry(entry));
            edit.write(shape)
        }
        (None, Some((object, _))) => Some(merge(&object.id, alone)),
        (None, None) => None,
    }
}
