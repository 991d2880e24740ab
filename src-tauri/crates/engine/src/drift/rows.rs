//! How is what was compared told to the page?

use api::Fault;
use api::definitions::{DriftRow, DriftState, FieldDrift, FilePlace, Hand, ObjectName};
use capi::files::{Defined, Field, cleaned, hidden, id_of, owner, path_words, taken, text_of};
use capi::{ClusterKey, ObjectId};
use serde_json::Value;

use super::accept::seen;
use super::compare::Both;
use super::edit::edited;
use super::folder::{ReadFile, line};

/// A value is shown in a line, and no longer.
const MOST_SHOWN: usize = 200;

pub(super) fn name_of(id: &ObjectId) -> ObjectName {
    ObjectName { group: id.group.to_string(), kind: id.kind.to_string(), namespace: id.namespace.to_string(), name: id.name.to_string() }
}

/// The row of an object that a file defines.
pub(super) fn row(file: &ReadFile, defined: &Defined, both: Result<&Both, Fault>) -> DriftRow {
    let text = shown(defined, &defined.document, file.text.get(defined.range.clone()).unwrap_or_default());
    let at = Some(FilePlace { file: file.name.clone(), line: line(defined.line) });
    let first_line = line(file.text.get(..defined.range.start).map_or(0, |before| before.matches('\n').count()) + 1);
    let object = name_of(&defined.id);
    // A secret is never accepted: what names its values is kept nowhere either.
    let secret = &*defined.id.kind == "Secret";
    let named = |sides: &[&str]| if secret { String::new() } else { seen(sides) };
    let row = |state, fields: Vec<FieldDrift>, hand, running, seen| DriftRow { object, state, at, fields, hand, first_line, text: text.clone(), running, seen };
    match both {
        Err(fault) => row(DriftState::Refused(fault), vec![], None, String::new(), String::new()),
        Ok(Both { live: None, .. }) => row(DriftState::Missing, vec![], None, String::new(), named(&["missing", &defined.document.to_string()])),
        Ok(Both { live: Some(_), fields, .. }) if fields.is_empty() => row(DriftState::Same, vec![], None, text.clone(), String::new()),
        Ok(Both { live: Some(live), fields: different, .. }) => {
            let fields: Vec<FieldDrift> = different.iter().map(|field| told(field, live, secret)).collect();
            let hand = fields.iter().filter_map(|field| field.owner.clone()).max_by_key(|hand| hand.at);
            let next = taken(&defined.document, different);
            let running = if secret { text_of(&hidden(&next)) } else { edited(&text, &next).0 };
            // Whole values: what is shown of a long one, or of a secret, is not all that it says.
            let sides: Vec<String> = different.iter().map(|field| format!("{:?} {:?} {:?}", field.path, field.file, field.cluster)).collect();
            row(DriftState::Drifted, fields, hand, running, named(&sides.iter().map(String::as_str).collect::<Vec<_>>()))
        }
    }
}

/// The row of an object that no file defines.
pub(super) fn extra(object: &Value, key: &ClusterKey) -> Option<DriftRow> {
    let id = id_of(object, &key.namespace)?;
    let managed = object["metadata"]["managedFields"].as_array().into_iter().flatten();
    let made = managed.filter_map(|entry| entry["manager"].as_str()).next().map(|manager| Hand {
        manager: manager.to_owned(),
        at: object["metadata"]["creationTimestamp"]
            .as_str()
            .and_then(|at| at.parse::<jiff::Timestamp>().ok())
            .map(|at| api::Timestamp(u64::try_from(at.as_millisecond()).unwrap_or_default())),
    });
    let running = text_of(&cleaned(&hidden(object)));
    let seen = if &*id.kind == "Secret" { String::new() } else { seen(&["extra", &cleaned(object).to_string()]) };
    Some(DriftRow { object: name_of(&id), state: DriftState::Extra, at: None, fields: vec![], hand: made, first_line: 1, text: String::new(), running, seen })
}

/// The text of a document; that of a Secret without its values.
fn shown(defined: &Defined, document: &Value, text: &str) -> String {
    if &*defined.id.kind == "Secret" { text_of(&hidden(document)) } else { text.to_owned() }
}

fn told(field: &Field, live: &Value, secret: bool) -> FieldDrift {
    let words = |value: &Option<Value>| value.as_ref().map(|value| if secret { "…".to_owned() } else { short(value) });
    FieldDrift { path: path_words(&field.path), file: words(&field.file), cluster: words(&field.cluster), owner: owner(live, &field.path) }
}

fn short(value: &Value) -> String {
    let words = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    if words.chars().count() > MOST_SHOWN { words.chars().take(MOST_SHOWN).chain(['…']).collect() } else { words }
}
