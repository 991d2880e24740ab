//! How does what a watch learns come into the graph?

use std::collections::BTreeSet;
use std::sync::Arc;

use api::machines::ClassRow;
use api::{RowId, Status};
use capi::{ClusterKey, Object, ObjectId};
use cluster::watch::Sink;
use serde_json::Value;

use super::Drawn;

/// What one kind's watch learns goes into the graph.
pub(super) struct Onto {
    pub(super) drawn: Arc<Drawn>,
    pub(super) group: Arc<str>,
    pub(super) kind: Arc<str>,
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
            known.settle();
            touched
        };
        self.drawn.draw(&touched);
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        let touched = {
            let mut known = self.drawn.known();
            let mut touched: BTreeSet<ClusterKey> = set.iter().filter_map(|row| Object::read(row).ok()).filter_map(|o| known.graph.put(o)).collect();
            touched.extend(gone.iter().filter_map(|row| known.forget(&self.id(row))));
            known.settle();
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
        self.drawn.answered(&self.group, &self.kind, &status);
    }

    fn holds_rows(&self) -> bool {
        self.drawn.known().graph.of_kind(&self.group, &self.kind).next().is_some()
    }
}

/// Classes belong to no cluster: they have a board of their own.
pub(super) struct Classes(pub(super) Arc<Drawn>);

fn class(object: &Value) -> Option<ClassRow> {
    // What its machines are made of stands in another object, and only a form asks for it.
    Some(ClassRow { class: capi::form::class(object, None)?, created: capi::created(object) })
}

impl Sink<Value> for Classes {
    fn replace(&mut self, rows: Vec<Value>) {
        self.0.classes.replace_set(rows.iter().filter_map(class).collect());
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        self.0.classes.apply(set.iter().filter_map(class).collect(), gone);
    }

    fn status(&mut self, status: Status) {
        self.0.classes.status(status);
    }

    fn holds_rows(&self) -> bool {
        self.0.classes.measure().0 > 0
    }
}

/// What the controllers tell goes beside the graph. The server forgets an event after an hour; it stays here.
pub(super) struct Told(pub(super) Arc<Drawn>);

impl Sink<Value> for Told {
    fn replace(&mut self, rows: Vec<Value>) {
        self.apply(rows, vec![]);
    }

    fn apply(&mut self, set: Vec<Value>, _gone: Vec<RowId>) {
        let touched: BTreeSet<ClusterKey> = {
            let mut known = self.0.known();
            set.iter().filter_map(|event| known.hear(event)).collect()
        };
        self.0.draw(&touched);
    }

    /// Without events the rest is as true as before.
    fn status(&mut self, _: Status) {}
}
