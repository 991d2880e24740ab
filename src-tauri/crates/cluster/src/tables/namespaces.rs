//! What does a namespace look like as a row, and what keeps one that ends?

use api::tables::{Health, NamespaceRow, TableRow};
use serde::Deserialize;

use super::{
    Object,
    fields::{Condition, Labels, Meta, named, or_default, shown},
};

/// The conditions that say why a namespace stays, causes before what they leave behind.
const STUCK: [&str; 5] = [
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceFinalizersRemaining",
    "NamespaceContentRemaining",
];

#[derive(Deserialize)]
pub(crate) struct Namespace {
    metadata: Meta<Labels>,
    #[serde(default, deserialize_with = "or_default")]
    status: Status,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    phase: String,
    #[serde(default, deserialize_with = "or_default")]
    conditions: Vec<Condition>,
}

impl Object for Namespace {
    fn version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn row(self) -> TableRow {
        let ending = self.metadata.deletion_timestamp.is_some() || self.status.phase == "Terminating";
        let stuck = if ending { self.stuck() } else { String::new() };
        let health = match (ending, stuck.is_empty()) {
            (true, false) => Health::Warning,
            (true, true) => Health::Progress,
            (false, _) if self.status.phase.is_empty() => Health::Unknown,
            (false, _) => Health::Healthy,
        };
        TableRow::Namespace(NamespaceRow {
            status: if ending { "Terminating".to_owned() } else { shown(&self.status.phase) },
            health,
            stuck,
            labels: self.metadata.labels.len().try_into().unwrap_or(u16::MAX),
            name: named(self.metadata.name),
            created: self.metadata.creation_timestamp,
        })
    }
}

impl Namespace {
    fn stuck(&self) -> String {
        let cause = STUCK.iter().find_map(|kind| self.status.conditions.iter().find(|c| c.kind == *kind && c.is_true()));
        cause.map(|condition| shown(&condition.message)).unwrap_or_default()
    }
}
