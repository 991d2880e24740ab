//! How does one object of a file stand to the server?
//!
//! The truth is a server-side apply that is run dry: what the server would keep is compared with what it has, so that a
//! default is no difference.

use std::collections::BTreeSet;

use capi::files::{Defined, Field, compare, members, references};
use capi::{ClusterKey, Graph, ObjectId};
use cluster::objects::Objects;
use cluster::session::Access;
use cluster::write::{Conflicts, Mode, Place, Write, WriteError, find, read, send};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use serde_json::Value;

/// Questions that are on their way to a server at once.
const AT_ONCE: usize = 8;
/// No cluster is defined by more.
const MOST_MEMBERS: usize = 200;

/// An object on both sides.
#[derive(Debug, Clone)]
pub(super) struct Both {
    pub(super) place: Place,
    /// `None` where the server has none.
    pub(super) live: Option<Value>,
    /// What the server would have.
    pub(super) kept: Value,
    pub(super) fields: Vec<Field>,
}

/// Why an object cannot be compared.
#[derive(Debug, Clone)]
pub(super) struct Unasked {
    pub(super) what: String,
    pub(super) error: WriteError,
}

/// The write that makes the cluster be as a file says.
pub(super) fn write(document: &Value) -> Write {
    // Whose fields it takes is shown before; a dry run takes nothing.
    Write::Apply { document: document.clone(), conflicts: Conflicts::TakeOver }
}

pub(super) async fn both(access: &Access, defined: &Defined) -> Result<Both, Unasked> {
    let client = access.client();
    let unasked = |error| Unasked { what: format!("{} {}", defined.id.kind, defined.id.name), error };
    let place = find(&client, &defined.document, &defined.id.namespace).await.map_err(unasked)?;
    let live = match read(&client, &place).await {
        Ok(live) => Some(live),
        Err(WriteError::NotFound { .. }) => None,
        Err(error) => return Err(unasked(error)),
    };
    let kept = send(&client, &place, &write(&defined.document), Mode::DryRun).await.map_err(unasked)?;
    let fields = live.as_ref().map(|live| compare(&defined.document, live, &kept)).unwrap_or_default();
    Ok(Both { place, live, kept, fields })
}

/// All of them, in their order.
pub(super) async fn all(access: &Access, objects: &[&Defined]) -> Vec<Result<Both, Unasked>> {
    let asked: Vec<BoxFuture<'_, _>> = objects.iter().map(|defined| both(access, defined).boxed()).collect();
    futures::stream::iter(asked).buffered(AT_ONCE).collect().await
}

/// The ids of a cluster's own objects, as the watches know them.
pub(super) fn own(graph: &Graph, key: &ClusterKey) -> Vec<ObjectId> {
    members(graph, key)
}

/// All objects that define a cluster, whole: those named, and what they refer to.
pub(super) async fn definition(access: &Access, kinds: &[Objects], first: Vec<ObjectId>) -> Result<Vec<Value>, Unasked> {
    let client = access.client();
    let mut known: BTreeSet<ObjectId> = first.iter().cloned().collect();
    let (mut open, mut found) = (first, vec![]);
    while let Some(id) = open.pop() {
        // A kind that the server does not serve any more defines nothing.
        let Some(place) = place(kinds, &id) else { continue };
        match read(&client, &place).await {
            Ok(object) => {
                for next in references(&object) {
                    if known.len() < MOST_MEMBERS && known.insert(next.clone()) {
                        open.push(next);
                    }
                }
                found.push(object);
            }
            // Named, and not there: the page of the cluster says so.
            Err(WriteError::NotFound { .. }) => {}
            Err(error) => return Err(Unasked { what: place.words(), error }),
        }
    }
    Ok(found)
}

fn place(kinds: &[Objects], id: &ObjectId) -> Option<Place> {
    let kind = kinds.iter().find(|kind| kind.group == *id.group && kind.kind == *id.kind)?;
    Some(Place {
        api_version: format!("{}/{}", kind.group, kind.version),
        kind: kind.kind.clone(),
        plural: kind.plural.clone(),
        namespace: id.namespace.to_string(),
        name: id.name.to_string(),
    })
}
