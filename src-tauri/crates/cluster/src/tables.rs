//! How do the bytes of a list or a watch become rows?
//!
//! Knows: the few fields that a row shows; everything else, `managedFields` above all, is skipped while it is read.
//! Does not know: requests. One object that cannot be read becomes an `Unreadable` row and hides no neighbour.
//! Start at: [`page`] and [`change`].

mod fields;
mod namespaces;
mod nodes;
mod pods;
#[cfg(test)]
mod tests;

use api::{
    Row, RowId,
    tables::{Kind, TableRow},
};
use serde::{Deserialize, de::DeserializeOwned};

pub(crate) use fields::{shown, timestamp};

/// One object of a kind, as much of it as a row needs.
pub(crate) trait Object: DeserializeOwned {
    fn row(self) -> TableRow;
    /// The object's `resourceVersion`.
    fn version(&self) -> &str;
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<TableRow>,
    /// Where a watch goes on from.
    pub version: String,
    /// Empty on the last page.
    pub next: String,
}

/// One line of a watch.
#[expect(clippy::large_enum_variant, reason = "nearly every change is a row, and none is kept")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Set {
        row: TableRow,
        version: String,
    },
    Gone {
        id: RowId,
        version: String,
    },
    Bookmark {
        version: String,
    },
    /// An `ERROR` event: the server ends the watch and says why.
    Refused {
        code: u16,
        message: String,
    },
}

#[derive(Debug, thiserror::Error)]
#[error("the server's answer is not what Kubernetes sends")]
pub struct Undecodable(#[source] serde_json::Error);

/// Where a kind is listed and watched; an empty namespace means all.
pub fn path(kind: Kind, namespace: &str) -> String {
    match kind {
        Kind::Pods if namespace.is_empty() => "/api/v1/pods".to_owned(),
        Kind::Pods => format!("/api/v1/namespaces/{namespace}/pods"),
        Kind::Nodes => "/api/v1/nodes".to_owned(),
        Kind::Namespaces => "/api/v1/namespaces".to_owned(),
    }
}

/// Reads one page of a list.
///
/// Errors: when the page as a whole is not a list. An object that cannot be read is a row.
pub fn page(kind: Kind, bytes: &[u8]) -> Result<Page, Undecodable> {
    match kind {
        Kind::Pods => page_of::<pods::Pod>(bytes),
        Kind::Nodes => page_of::<nodes::Node>(bytes),
        Kind::Namespaces => page_of::<namespaces::Namespace>(bytes),
    }
}

/// Reads one line of a watch.
///
/// Errors: when the line is no event at all. An object that cannot be read is a row.
pub fn change(kind: Kind, line: &[u8]) -> Result<Change, Undecodable> {
    match kind {
        Kind::Pods => change_of::<pods::Pod>(line),
        Kind::Nodes => change_of::<nodes::Node>(line),
        Kind::Namespaces => change_of::<namespaces::Namespace>(line),
    }
}

#[derive(Deserialize)]
struct List<T> {
    metadata: ListMeta,
    // `null` is what Go writes for an empty list without a value.
    items: Option<Vec<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListMeta {
    #[serde(default, deserialize_with = "fields::or_default")]
    resource_version: String,
    #[serde(default, rename = "continue", deserialize_with = "fields::or_default")]
    next: String,
}

fn page_of<T: Object>(bytes: &[u8]) -> Result<Page, Undecodable> {
    // The usual page is read in one pass; only a page with a broken object is read again, object by object.
    let (metadata, rows) = match serde_json::from_slice::<List<T>>(bytes) {
        Ok(list) => (list.metadata, list.items.unwrap_or_default().into_iter().map(T::row).collect()),
        Err(_) => {
            let list: List<serde_json::Value> = serde_json::from_slice(bytes).map_err(Undecodable)?;
            (list.metadata, list.items.unwrap_or_default().into_iter().map(row_of::<T>).collect())
        }
    };
    Ok(Page { rows, version: metadata.resource_version, next: metadata.next })
}

fn row_of<T: Object>(value: serde_json::Value) -> TableRow {
    let text = |field: &str| shown(value.pointer(field).and_then(serde_json::Value::as_str).unwrap_or_default());
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    match serde_json::from_value::<T>(value) {
        Ok(object) => object.row(),
        Err(why) => TableRow::Unreadable { namespace, name, why: shown(&why.to_string()) },
    }
}

#[derive(Deserialize)]
struct Event<T> {
    #[serde(rename = "type")]
    what: What,
    object: T,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum What {
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}

#[derive(Deserialize)]
struct ServerStatus {
    #[serde(default)]
    code: u16,
    #[serde(default)]
    message: String,
}

fn change_of<T: Object>(line: &[u8]) -> Result<Change, Undecodable> {
    if let Ok(Event { what: What::Added | What::Modified, object }) = serde_json::from_slice::<Event<T>>(line) {
        let version = object.version().to_owned();
        return Ok(Change::Set { row: object.row(), version });
    }
    let event: Event<serde_json::Value> = serde_json::from_slice(line).map_err(Undecodable)?;
    let version = || event.object.pointer("/metadata/resourceVersion").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Ok(match event.what {
        What::Added | What::Modified => Change::Set { version: version(), row: row_of::<T>(event.object) },
        What::Deleted => Change::Gone { version: version(), id: row_of::<T>(event.object).id() },
        What::Bookmark => Change::Bookmark { version: version() },
        What::Error => {
            let status: ServerStatus = serde_json::from_value(event.object).map_err(Undecodable)?;
            Change::Refused { code: status.code, message: status.message }
        }
    })
}
