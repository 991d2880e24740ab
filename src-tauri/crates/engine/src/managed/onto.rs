//! How does what a watch learns come into the graph?

use std::collections::BTreeSet;
use std::sync::Arc;

use api::machines::ClassRow;
use api::{Row as _, RowId, Status};
use capi::{ClusterKey, Object, ObjectId};
use cluster::watch::Sink;
use serde_json::Value;

use super::Drawn;
use super::reach::Listing;

/// What the watch of one list learns goes into the graph.
pub(super) struct Onto {
    pub(super) drawn: Arc<Drawn>,
    pub(super) listing: Listing,
}

impl Onto {
    fn id(&self, row: &RowId) -> ObjectId {
        let (namespace, name) = row.0.split_once('/').unwrap_or(("", &row.0));
        let Listing { group, kind, .. } = &self.listing;
        ObjectId { group: group.clone(), kind: kind.clone(), namespace: namespace.into(), name: name.into() }
    }
}

impl Sink<Value> for Onto {
    fn replace(&mut self, rows: Vec<Value>) {
        let objects: Vec<Object> = rows.iter().filter_map(|row| Object::read(row).ok()).collect();
        let touched = {
            let mut known = self.drawn.known();
            let there: BTreeSet<&ObjectId> = objects.iter().map(|o| &o.id).collect();
            let gone: Vec<ObjectId> = known.graph.ids().filter(|id| self.listing.holds(id) && !there.contains(id)).cloned().collect();
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
        self.drawn.hear(&self.listing, &status);
    }

    fn holds_rows(&self) -> bool {
        self.drawn.known().graph.ids().any(|id| self.listing.holds(id))
    }
}

/// Classes belong to no cluster: they have a board of their own.
pub(super) struct Classes {
    pub(super) drawn: Arc<Drawn>,
    pub(super) listing: Listing,
}

impl Classes {
    fn holds(&self, row: &ClassRow) -> bool {
        self.listing.namespace.is_empty() || *row.class.name.namespace == *self.listing.namespace
    }
}

fn class(object: &Value) -> Option<ClassRow> {
    // What its machines are made of stands in another object, and only a form asks for it.
    Some(ClassRow { class: capi::form::class(object, None)?, created: capi::created(object) })
}

impl Sink<Value> for Classes {
    fn replace(&mut self, rows: Vec<Value>) {
        let set: Vec<ClassRow> = rows.iter().filter_map(class).collect();
        let there: BTreeSet<RowId> = set.iter().map(ClassRow::id).collect();
        let mut gone = vec![];
        self.drawn.classes.visit(|row| {
            if self.holds(row) && !there.contains(&row.id()) {
                gone.push(row.id());
            }
        });
        self.drawn.classes.apply(set, gone);
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        self.drawn.classes.apply(set.iter().filter_map(class).collect(), gone);
    }

    fn status(&mut self, status: Status) {
        self.drawn.hear(&self.listing, &status);
    }

    fn holds_rows(&self) -> bool {
        let mut holds = false;
        self.drawn.classes.visit(|row| holds |= self.holds(row));
        holds
    }
}

/// What the controllers tell goes beside the graph. The server forgets an event after an hour; it stays here.
pub(super) struct Told {
    pub(super) drawn: Arc<Drawn>,
    pub(super) listing: Listing,
}

impl Sink<Value> for Told {
    fn replace(&mut self, rows: Vec<Value>) {
        self.apply(rows, vec![]);
    }

    fn apply(&mut self, set: Vec<Value>, _gone: Vec<RowId>) {
        let touched: BTreeSet<ClusterKey> = {
            let mut known = self.drawn.known();
            set.iter().filter_map(|event| known.hear(event)).collect()
        };
        self.drawn.draw(&touched);
    }

    /// Without events the rest is as true as before; where they are refused they are read in namespaces.
    fn status(&mut self, status: Status) {
        self.drawn.hear(&self.listing, &status);
    }
}
