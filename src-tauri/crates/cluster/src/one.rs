//! How is a single object kept live, when the rest of its kind is of no interest?

use api::RowId;
use serde_json::Value;

use crate::source::{self, Change, List, Page, Source, Undecodable};

/// One object by its name; its list has one row or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct One {
    /// `/api/v1/namespaces/default/secrets`.
    pub list: String,
    pub name: String,
}

impl Source for One {
    type Row = Value;

    fn path(&self) -> String {
        self.list.clone()
    }

    fn query(&self) -> String {
        format!("fieldSelector=metadata.name%3D{}", self.name)
    }

    fn words(&self) -> &str {
        &self.name
    }

    fn page(&self, bytes: &[u8]) -> Result<Page<Value>, Undecodable> {
        let list: List<Value> = serde_json::from_slice(bytes).map_err(Undecodable)?;
        // A server that does not know the selector sends all of them.
        let rows = list.items.unwrap_or_default().into_iter().filter(|object| self.is(object)).collect();
        Ok(Page { rows, version: list.metadata.resource_version, next: list.metadata.next })
    }

    fn change(&self, line: &[u8]) -> Result<Change<Value>, Undecodable> {
        source::change(line, |object| (RowId(object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned()), object))
    }
}

impl One {
    fn is(&self, object: &Value) -> bool {
        object.pointer("/metadata/name").and_then(Value::as_str) == Some(self.name.as_str())
    }
}
