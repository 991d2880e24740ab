//! What can be listed and watched, and how do its bytes become rows?
//!
//! Start at: [`Source`].

use api::RowId;
use serde::Deserialize;

use crate::tables::or_default;
use crate::weight::Weighed;

/// A list of a server that is kept live: where it is, and how its objects are read.
pub trait Source: Clone + Send + Sync + 'static {
    type Row: Weighed + Send + 'static;

    /// `/api/v1/pods`.
    fn path(&self) -> String;

    /// What narrows the list, escaped for a query: `fieldSelector=metadata.name%3Dw1`; empty for all of it.
    fn query(&self) -> String {
        String::new()
    }

    /// How much of each object is asked for.
    fn detail(&self) -> Detail {
        Detail::Whole
    }

    /// The kind in a sentence: `pods`.
    fn words(&self) -> &str;

    /// Reads one page of a list.
    ///
    /// # Errors
    /// When the page as a whole is not a list. An object that cannot be read is a row, or is left out.
    fn page(&self, bytes: &[u8]) -> Result<Page<Self::Row>, Undecodable>;

    /// Reads one line of a watch.
    ///
    /// # Errors
    /// When the line is no event at all.
    fn change(&self, line: &[u8]) -> Result<Change<Self::Row>, Undecodable>;
}

/// How much of an object is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Whole,
    /// Name, labels and dates: a definition of Cluster API has a megabyte otherwise.
    Metadata,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<R> {
    pub rows: Vec<R>,
    /// Where a watch goes on from.
    pub version: String,
    /// Empty on the last page.
    pub next: String,
}

/// One line of a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<R> {
    Set {
        id: RowId,
        row: R,
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
pub struct Undecodable(#[source] pub(crate) serde_json::Error);

#[derive(Deserialize)]
pub(crate) struct List<T> {
    pub(crate) metadata: ListMeta,
    // `null` is what Go writes for an empty list without a value.
    pub(crate) items: Option<Vec<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListMeta {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) resource_version: String,
    #[serde(default, rename = "continue", deserialize_with = "or_default")]
    pub(crate) next: String,
}

#[derive(Deserialize)]
pub(crate) struct Event<T> {
    #[serde(rename = "type")]
    pub(crate) what: What,
    pub(crate) object: T,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum What {
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

/// Reads an event whose object needs no care for speed.
pub(crate) fn change<R>(line: &[u8], row: impl FnOnce(serde_json::Value) -> (RowId, R)) -> Result<Change<R>, Undecodable> {
    let event: Event<serde_json::Value> = serde_json::from_slice(line).map_err(Undecodable)?;
    let version = event.object.pointer("/metadata/resourceVersion").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Ok(match event.what {
        What::Added | What::Modified => {
            let (id, row) = row(event.object);
            Change::Set { id, row, version }
        }
        What::Deleted => Change::Gone { id: row(event.object).0, version },
        What::Bookmark => Change::Bookmark { version },
        What::Error => {
            let status: ServerStatus = serde_json::from_value(event.object).map_err(Undecodable)?;
            Change::Refused { code: status.code, message: status.message }
        }
    })
}
