//! How do the bytes of a list or a watch become rows?
//!
//! Knows: the few fields that a row shows; everything else, `managedFields` above all, is skipped while it is read.
//! Does not know: requests. One object that cannot be read becomes an `Unreadable` row and hides no neighbour.
//! Start at: [`Rows`].

mod fields;
mod namespaces;
mod nodes;
mod pods;
#[cfg(test)]
mod tests;

use api::{
    Row,
    tables::{Kind, TableRow},
};
use serde::de::DeserializeOwned;

use crate::source::{self, Change, Event, List, Page, Source, Undecodable, What};

pub(crate) use fields::{or_default, shown, timestamp};

/// One object of a kind, as much of it as a row needs.
pub(crate) trait Object: DeserializeOwned {
    fn row(self) -> TableRow;
    /// The object's `resourceVersion`.
    fn version(&self) -> &str;
}

/// The rows of a table: one of the kinds that KOS draws, in one namespace or, where it is empty, in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    pub kind: Kind,
    pub namespace: String,
}

impl Source for Rows {
    type Row = TableRow;

    fn path(&self) -> String {
        path(self.kind, &self.namespace)
    }

    fn words(&self) -> &str {
        match self.kind {
            Kind::Pods => "pods",
            Kind::Nodes => "nodes",
            Kind::Namespaces => "namespaces",
        }
    }

    fn page(&self, bytes: &[u8]) -> Result<Page<TableRow>, Undecodable> {
        page(self.kind, bytes)
    }

    fn change(&self, line: &[u8]) -> Result<Change<TableRow>, Undecodable> {
        change(self.kind, line)
    }
}

fn path(kind: Kind, namespace: &str) -> String {
    match kind {
        Kind::Pods if namespace.is_empty() => "/api/v1/pods".to_owned(),
        Kind::Pods => format!("/api/v1/namespaces/{namespace}/pods"),
        Kind::Nodes => "/api/v1/nodes".to_owned(),
        Kind::Namespaces => "/api/v1/namespaces".to_owned(),
    }
}

fn page(kind: Kind, bytes: &[u8]) -> Result<Page<TableRow>, Undecodable> {
    match kind {
        Kind::Pods => page_of::<pods::Pod>(bytes),
        Kind::Nodes => page_of::<nodes::Node>(bytes),
        Kind::Namespaces => page_of::<namespaces::Namespace>(bytes),
    }
}

fn change(kind: Kind, line: &[u8]) -> Result<Change<TableRow>, Undecodable> {
    match kind {
        Kind::Pods => change_of::<pods::Pod>(line),
        Kind::Nodes => change_of::<nodes::Node>(line),
        Kind::Namespaces => change_of::<namespaces::Namespace>(line),
    }
}

fn page_of<T: Object>(bytes: &[u8]) -> Result<Page<TableRow>, Undecodable> {
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
    let text = |field: &str| fields::named(value.pointer(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned());
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    match serde_json::from_value::<T>(value) {
        Ok(object) => object.row(),
        Err(why) => TableRow::Unreadable { namespace, name, why: shown(&why.to_string()) },
    }
}

fn change_of<T: Object>(line: &[u8]) -> Result<Change<TableRow>, Undecodable> {
    if let Ok(Event { what: What::Added | What::Modified, object }) = serde_json::from_slice::<Event<T>>(line) {
        let version = object.version().to_owned();
        let row = object.row();
        return Ok(Change::Set { id: row.id(), row, version });
    }
    source::change(line, |object| {
        let row = row_of::<T>(object);
        (row.id(), row)
    })
}
