//! How much of a management cluster is watched?

use serde::{Deserialize, Serialize};

use crate::{Fault, Row, RowId};

/// How far KOS sees of the objects of Cluster API in a context: the one row of its stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedRow {
    /// As many kinds are watched, everywhere or in namespaces.
    pub kinds: u32,
    /// Of the namespaces that were typed by hand those in which it is read what may not be listed everywhere.
    pub namespaces: Vec<String>,
    /// Of the same those that the server refuses too.
    pub refused: Vec<String>,
    /// Why clusters may not be listed everywhere.
    pub denied: Option<Fault>,
}

impl Row for WatchedRow {
    fn id(&self) -> RowId {
        RowId("watched".to_owned())
    }
}
