//! Which objects does a file define?
//!
//! One broken document never hides another: each is read by itself.

use std::ops::Range;

use serde_json::Value;

use super::split::{Part, split};
use crate::form::substituted;
use crate::object::{CORE, ObjectId};
use crate::yaml;

/// No definition of clusters has more objects; a file with more is somebody's dump.
const MOST_OBJECTS: usize = 500;
/// Of all kinds, also those that are no part of a cluster's definition.
const MOST_DOCUMENTS: usize = 2_000;
/// Variables without a value that are named.
const MOST_NAMED: usize = 20;

/// An object that a file defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Defined {
    pub id: ObjectId,
    pub document: Value,
    /// The first line of its document that says something; counts from 1.
    pub line: usize,
    /// The bytes of its document in the file; an item of a list has those of the list.
    pub range: Range<usize>,
    pub sole: Sole,
}

/// Whether a document holds one object, so that its text can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sole {
    Yes,
    /// One of a list, or with variables put in.
    No,
}

/// A document that is no object of a cluster's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub line: usize,
    pub why: Why,
    /// One sentence.
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    OtherKind,
    Broken,
    Template,
    TooMany,
}

/// Reads all documents of a text, in their order; one that names no namespace means `namespace`.
pub fn read(text: &str, namespace: &str) -> (Vec<Defined>, Vec<Left>) {
    let (mut found, mut left) = (vec![], vec![]);
    for (number, part) in split(text).into_iter().enumerate() {
        let own = text.get(part.range.clone()).unwrap_or_default();
        let line = part.first_line + own.lines().take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#')).count();
        if found.len() >= MOST_OBJECTS {
            left.push(Left { line, why: Why::TooMany, says: format!("More than {MOST_OBJECTS} objects in one file are not compared.") });
            break;
        }
        if number >= MOST_DOCUMENTS {
            left.push(Left { line, why: Why::TooMany, says: format!("More than {MOST_DOCUMENTS} documents in one file are not compared.") });
            break;
        }
        match document(own, &part) {
            Ok((objects, sole)) => {
                for object in objects {
                    match defined(object, namespace, line, &part, sole) {
                        Ok(defined) => found.push(defined),
                        Err(why) => left.push(why),
                    }
                }
            }
            Err(why) => left.push(Left { line: why.line.max(part.first_line), ..why }),
        }
    }
    (found, left)
}

fn document(own: &str, part: &Part) -> Result<(Vec<Value>, Sole), Left> {
    let filled = substituted(own).map_err(|unset| {
        let first = unset.first().map_or(1, |unset| unset.line);
        let names: Vec<String> = unset.iter().take(MOST_NAMED).map(|unset| format!("{:.64}", unset.name)).collect();
        let more = unset.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let says = format!("This is a template: nothing gives a value to {}{more}.", names.join(", "));
        Left { line: part.first_line + first - 1, why: Why::Template, says }
    })?;
    let broken = |line: usize, says: String| Left { line: part.first_line + line.max(1) - 1, why: Why::Broken, says };
    let object: Value = yaml::one(&filled).map_err(|why| {
        let line = why.location().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
        broken(line, yaml::said(&why))
    })?;
    let sole = if filled == own { Sole::Yes } else { Sole::No };
    match object {
        Value::Null => Ok((vec![], sole)),
        Value::Object(mut fields) if fields.get("kind").and_then(Value::as_str).is_some_and(|kind| kind == "List") => match fields.remove("items") {
            Some(Value::Array(items)) => Ok((items, Sole::No)),
            Some(_) | None => Err(broken(1, "This is a list without items.".to_owned())),
        },
        object @ Value::Object(_) => Ok((vec![object], sole)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(broken(1, "This is no object.".to_owned())),
    }
}

fn defined(document: Value, namespace: &str, line: usize, part: &Part, sole: Sole) -> Result<Defined, Left> {
    let Some(id) = id_of(&document, namespace) else {
        return Err(Left { line, why: Why::Broken, says: "This lacks apiVersion, kind or metadata.name.".to_owned() });
    };
    if !belongs(&id) {
        let says = format!("{} {} is not part of a cluster’s definition.", id.kind, id.name);
        return Err(Left { line, why: Why::OtherKind, says });
    }
    Ok(Defined { id, document, line, range: part.range.clone(), sole })
}

/// Who a document says it is; one that names no namespace means `namespace`.
pub fn id_of(document: &Value, namespace: &str) -> Option<ObjectId> {
    let text = |field: &str| document.pointer(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let group = crate::read::group_of(text("/apiVersion")?);
    let namespace = text("/metadata/namespace").unwrap_or(namespace);
    Some(ObjectId { group: group.into(), kind: text("/kind")?.into(), namespace: namespace.into(), name: text("/metadata/name")?.into() })
}

/// Cluster API and its providers, and what they read: credentials and the content of resource sets.
fn belongs(id: &ObjectId) -> bool {
    match &*id.group {
        "" => matches!(&*id.kind, "Secret" | "ConfigMap"),
        group => group == CORE || group.ends_with(&format!(".{CORE}")),
    }
}
