//! How is it heard that objects of a kind come and go, when only their names are of interest?

use api::RowId;
use serde_json::Value;

use crate::source::{self, Change, Detail, List, Page, Source, Undecodable};

/// The names of all objects of a kind without namespaces; the server sends their metadata alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// `/apis/apiextensions.k8s.io/v1/customresourcedefinitions`.
    pub list: String,
    /// In a sentence: `custom resources`.
    pub words: String,
}

impl Source for Names {
    type Row = String;

    fn path(&self) -> String {
        self.list.clone()
    }

    fn detail(&self) -> Detail {
        Detail::Metadata
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn page(&self, bytes: &[u8]) -> Result<Page<String>, Undecodable> {
        let list: List<Value> = serde_json::from_slice(bytes).map_err(Undecodable)?;
        let rows = list.items.unwrap_or_default().iter().map(name).collect();
        Ok(Page { rows, version: list.metadata.resource_version, next: list.metadata.next })
    }

    fn change(&self, line: &[u8]) -> Result<Change<String>, Undecodable> {
        source::change(line, |object| (RowId(name(&object)), name(&object)))
    }
}

fn name(object: &Value) -> String {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned()
}
