//! Which objects does a YAML of one's own hold?

use std::collections::BTreeSet;

use api::drawing::{FormCheck, FormField};
use serde_json::{Value, json};

use super::stops;
use super::substitute::substituted_but;
use crate::files::split::{Part, split};
use crate::object::CORE;
use crate::yaml;

/// A template with all its classes has some 20 KiB.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_DOCUMENTS: usize = 200;
/// Variables without a value that are named; nobody reads more.
const MOST_NAMED: usize = 20;

/// The one cluster of a text, and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Documents {
    pub cluster: Value,
    /// Classes, templates, secrets: written before the cluster, in their order.
    pub others: Vec<Value>,
}

/// Reads a text with one cluster in it; objects without a namespace are put into `namespace`, or into the cluster's.
///
/// # Errors
/// What keeps it from being a cluster, each with its line or document.
pub fn documents(text: &str, namespace: &str) -> Result<Documents, Vec<FormCheck>> {
    documents_but(text, namespace, &BTreeSet::new())
}

/// The same where `${NAME}` stays for the names of values that are put in later.
///
/// # Errors
/// As those of [`documents`].
pub fn documents_but(text: &str, namespace: &str, stay: &BTreeSet<String>) -> Result<Documents, Vec<FormCheck>> {
    let wrong = |title: &str, says: String| stops(FormField::Yaml, title, says);
    if text.len() > MOST_BYTES {
        return Err(vec![wrong("The YAML is too long", "A definition of a cluster has less than 1 MiB.".to_owned())]);
    }
    let text = substituted_but(text, stay).map_err(|unset| {
        let names: Vec<String> = unset.iter().take(MOST_NAMED).map(|u| format!("{:.64} in line {}", u.name, u.line)).collect();
        let more = unset.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let says = format!("{}{more}. Give each a value, or write $${{NAME}} where the braces themselves are meant.", names.join(", "));
        vec![wrong(if names.len() == 1 { "A variable has no value" } else { "Variables have no value" }, says)]
    })?;
    let mut found = read(&text).map_err(|says| vec![wrong("The YAML cannot be read", says)])?;
    let mut checks = vec![];
    for (at, object) in found.iter().enumerate() {
        let part = |field: &str| object.pointer(field).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind, name) = (part("/apiVersion"), part("/kind"), part("/metadata/name"));
        if api_version.is_empty() || kind.is_empty() || name.is_empty() {
            checks.push(wrong("A document is no object", format!("Document {} lacks apiVersion, kind or metadata.name.", at + 1)));
        } else if !belongs(api_version, kind) {
            let says = format!("{kind} {name} is not part of a cluster’s definition. Take it out, and apply it with kubectl if it is wanted.");
            checks.push(wrong("The YAML has other kinds in it", says));
        }
    }
    let clusters: Vec<usize> = (0..found.len()).filter(|at| found.get(*at).is_some_and(is_cluster)).collect();
    match clusters.as_slice() {
        [] if checks.is_empty() => checks.push(wrong("The YAML has no Cluster", "One object of the kind Cluster is needed.".to_owned())),
        [] | [_] => {}
        many => checks.push(wrong("The YAML has several clusters", format!("{} objects are of the kind Cluster. A form makes one.", many.len()))),
    }
    let Some(place) = clusters.first().copied().filter(|_| checks.is_empty()) else { return Err(checks) };
    let mut cluster = found.remove(place);
    let home = cluster["metadata"]["namespace"].as_str().unwrap_or(namespace).to_owned();
    for object in found.iter_mut().chain([&mut cluster]) {
        if object["metadata"]["namespace"].is_null() {
            object["metadata"]["namespace"] = json!(home);
        }
    }
    Ok(Documents { cluster, others: found })
}

/// The text of objects, each a document, the cluster last.
pub fn written(cluster: &Value, others: &[Value]) -> String {
    let texts: Vec<String> = others.iter().chain([cluster]).map(|object| serde_yaml::to_string(object).unwrap_or_default()).collect();
    texts.join("---\n")
}

fn is_cluster(object: &Value) -> bool {
    let group = object["apiVersion"].as_str().and_then(|v| v.split_once('/')).map(|(group, _)| group);
    group == Some(CORE) && object["kind"] == "Cluster"
}

/// Cluster API and its providers, and what they read: credentials and the content of resource sets.
fn belongs(api_version: &str, kind: &str) -> bool {
    match api_version.split_once('/') {
        Some((group, _)) => group == CORE || group.ends_with(&format!(".{CORE}")),
        None => api_version == "v1" && matches!(kind, "Secret" | "ConfigMap"),
    }
}

/// The objects of all documents; the items of a list count one by one.
fn read(text: &str) -> Result<Vec<Value>, String> {
    let mut found = vec![];
    for Part { first_line, range } in split(text) {
        let object: Value = yaml::one(text.get(range).unwrap_or_default()).map_err(|why| {
            let line = why.location().map_or(first_line, |at| first_line + usize::try_from(at.line()).unwrap_or(1).saturating_sub(1));
            format!("Line {line}: {}", yaml::said(&why))
        })?;
        match object {
            Value::Null => {}
            Value::Object(mut fields) if fields.get("kind").is_some_and(|kind| kind == "List") => {
                found.extend(fields.remove("items").and_then(|items| if let Value::Array(items) = items { Some(items) } else { None }).unwrap_or_default());
            }
            object @ Value::Object(_) => found.push(object),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(format!("Line {first_line}: this is no object.")),
        }
        if found.len() > MOST_DOCUMENTS {
            return Err(format!("More than {MOST_DOCUMENTS} objects are no definition of one cluster."));
        }
    }
    Ok(found)
}
