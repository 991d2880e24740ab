//! How does `--format` of docker print an object?
//!
//! Knows: `{{json .}}`, `{{json .A.B}}`, `{{.A.B}}`, `{{.Label "k"}}`, `{{index .A "k"}}` and the text between them.

use serde_json::Value;

pub(crate) fn print(format: &str, object: &Value) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(&before.replace("\\t", "\t").replace("\\n", "\n"));
        let Some((action, after)) = after.split_once("}}") else { break };
        text.push_str(&act(action.trim(), object));
        rest = after;
    }
    text + &rest.replace("\\t", "\t").replace("\\n", "\n")
}

fn act(action: &str, object: &Value) -> String {
    if let Some(path) = action.strip_prefix("json ") {
        return at(object, path.trim()).to_string();
    }
    if let Some(key) = action.strip_prefix(".Label ") {
        return label(object, key.trim().trim_matches('"'));
    }
    if let Some(rest) = action.strip_prefix("index ") {
        let mut parts = rest.split_whitespace();
        let found = at(object, parts.next().unwrap_or_default());
        return plain(parts.fold(&found, |at, key| &at[key.trim_matches('"')]));
    }
    plain(&at(object, action))
}

fn at(object: &Value, path: &str) -> Value {
    path.split('.').filter(|part| !part.is_empty()).fold(object, |at, key| &at[key]).clone()
}

/// `docker ps` prints labels as one text, `docker inspect` as an object.
fn label(object: &Value, key: &str) -> String {
    let text = object["Labels"].as_str().unwrap_or_default();
    text.split(',').filter_map(|one| one.split_once('=')).find(|(name, _)| *name == key).map_or_else(String::new, |(_, value)| value.to_owned())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "<no value>".into(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
