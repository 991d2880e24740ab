//! Whose field is it?
//!
//! A server notes for each manager which fields it set, as a tree of names: `f:spec` for a field, `k:{"name":"md-0"}` for
//! an entry of a list.

use api::Timestamp;
use api::definitions::Hand;
use serde_json::Value;

use super::differ::Step;

/// Programs with which a person changes single fields; each owns just what it changed, no defaults beside it.
const HANDS: [&str; 5] = ["kubectl-edit", "kubectl-patch", "kubectl-scale", "kubectl-label", "kubectl-annotate"];

/// The manager of a field, the latest where several share it.
pub fn owner(live: &Value, path: &[Step]) -> Option<Hand> {
    let owned = entries(live).filter(|entry| owns(&entry["fieldsV1"], path));
    owned.filter_map(hand).max_by_key(|hand| hand.at)
}

/// Whether a person set this very field, of `spec`.
pub(super) fn by_hand(live: &Value, path: &[Step]) -> bool {
    let hands = entries(live).filter(|entry| entry["manager"].as_str().is_some_and(|manager| HANDS.contains(&manager)));
    hands.into_iter().any(|entry| owns(&entry["fieldsV1"]["f:spec"], path))
}

/// The status belongs to controllers, and is no wish.
fn entries(live: &Value) -> impl Iterator<Item = &Value> {
    live["metadata"]["managedFields"].as_array().into_iter().flatten().filter(|entry| entry["subresource"].as_str().unwrap_or_default().is_empty())
}

fn hand(entry: &Value) -> Option<Hand> {
    let at = entry["time"].as_str().and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let at = at.and_then(|at| u64::try_from(at.as_millisecond()).ok()).map(Timestamp);
    Some(Hand { manager: entry["manager"].as_str()?.to_owned(), at })
}

/// Whether a tree of names holds the path; a name with nothing below it stands for all of it.
fn owns(fields: &Value, path: &[Step]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    let Some(below) = fields.as_object() else { return false };
    let next = match first {
        Step::Key(key) => below.get(&format!("f:{key}")),
        Step::Entry { by, is } => below.iter().find(|(name, _)| is_entry(name, by, is)).map(|(_, tree)| tree),
        // Entries without a name are owned as a whole list.
        Step::Place(_) => None,
    };
    match next {
        Some(tree) if tree.as_object().is_none_or(serde_json::Map::is_empty) => true,
        Some(tree) => owns(tree, rest),
        None => false,
    }
}

fn is_entry(name: &str, by: &str, is: &str) -> bool {
    let key = name.strip_prefix("k:").and_then(|key| serde_json::from_str::<Value>(key).ok());
    key.is_some_and(|key| key[by] == is)
}
