//! How much memory does a row take that a server sent?
//!
//! A guess from its texts, rather too high than too low: it stops a server that sends rows without end, and nothing else.

use api::tables::{NamespaceRow, NodeRow, PodRow, TableRow};
use api::{Row as _, RowId};
use serde_json::Value;

/// The tree that holds the fields of an object allots so many at a time.
const A_NODE: usize = 11;

/// A row of a list that is kept.
pub trait Weighed {
    /// What it is told by.
    fn key(&self) -> RowId;

    /// About as many bytes as it takes.
    fn weight(&self) -> usize;
}

impl Weighed for TableRow {
    fn key(&self) -> RowId {
        self.id()
    }

    fn weight(&self) -> usize {
        let texts = match self {
            Self::Pod(PodRow { namespace, name, status, node, ip, .. }) => sum([namespace, name, status, node, ip]),
            Self::Node(NodeRow { name, status, roles, version, internal_ip, os_image, kernel, runtime, .. }) => {
                let roles: usize = roles.iter().map(|role| size_of::<String>() + role.len()).sum();
                roles + sum([name, status, version, internal_ip, os_image, kernel, runtime])
            }
            Self::Namespace(NamespaceRow { name, status, stuck, .. }) => sum([name, status, stuck]),
            Self::Unreadable { namespace, name, why } => sum([namespace, name, why]),
        };
        size_of::<Self>() + texts
    }
}

/// An object as it came.
impl Weighed for Value {
    fn key(&self) -> RowId {
        crate::objects::id(self)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + held(self)
    }
}

/// A name alone.
impl Weighed for String {
    fn key(&self) -> RowId {
        RowId(self.clone())
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.len()
    }
}

fn sum<const N: usize>(texts: [&String; N]) -> usize {
    texts.into_iter().map(String::len).sum()
}

/// What hangs on a value. A short text of many small maps takes a hundred times its own length.
fn held(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(all) => all.iter().map(Weighed::weight).sum(),
        Value::Object(all) => {
            let room = all.len().div_ceil(A_NODE) * A_NODE * (size_of::<String>() + size_of::<Value>());
            room + all.iter().map(|(name, one)| name.len() + held(one)).sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_text_of_a_row_counts() {
        let row = |why: &str| TableRow::Unreadable { namespace: "n".into(), name: "a".into(), why: why.into() };
        assert_eq!(row(&"x".repeat(1_000)).weight() - row("").weight(), 1_000);
    }

    #[test]
    fn an_object_weighs_what_hangs_on_it_and_not_what_was_sent() {
        let light = json!({ "metadata": { "name": "a" }, "data": "x".repeat(1_000) });
        assert!((1_000..4_000).contains(&light.weight()), "{}", light.weight());
        let maps = json!({ "l": (0..100).map(|_| json!({ "a": 1 })).collect::<Vec<_>>() });
        assert!(maps.weight() > 50 * maps.to_string().len(), "{}", maps.weight());
    }
}
