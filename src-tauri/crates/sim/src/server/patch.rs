//! How is an object patched or applied?
//!
//! Server-side apply is simplified: it merges, and remembers one owner per top-level field of `spec` and `data`.

use std::sync::Arc;

use http::Response;
use serde_json::{Map, Value, json};

use super::request::{Ask, Objects};
use super::status::Refusal;
use super::write::save;
use super::{Answer, write};
use crate::cluster::Cluster;

pub(crate) fn patch(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects, name: &str) -> Result<Response<Answer>, Refusal> {
    match ask.content_type.split(';').next().unwrap_or_default().trim() {
        "application/apply-patch+yaml" => apply(cluster, ask, objects, name),
        "application/merge-patch+json" => {
            let body = ask.body()?;
            save(cluster, objects, name, ask.dry_run(), |present| {
                let mut next = present.clone();
                json_patch::merge(&mut next, &body);
                Ok(next)
            })
        }
        "application/strategic-merge-patch+json" => {
            let body = ask.body()?;
            save(cluster, objects, name, ask.dry_run(), |present| Ok(strategic(present, &body)))
        }
        "application/json-patch+json" => {
            let steps: json_patch::Patch = serde_json::from_slice(ask.raw_body()).map_err(|cause| Refusal::bad_request(cause.to_string()))?;
            save(cluster, objects, name, ask.dry_run(), |present| {
                let mut next = present.clone();
                json_patch::patch(&mut next, &steps).map_err(|cause| {
                    Refusal::invalid(&objects.resource.kind, name, format!("the server rejected our request due to an error in our request: {cause}"))
                })?;
                Ok(next)
            })
        }
        other => Err(Refusal::bad_request(format!("unsupported patch type {other}"))),
    }
}

fn apply(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects, name: &str) -> Result<Response<Answer>, Refusal> {
    let manager = ask.param("fieldManager").to_owned();
    if manager.is_empty() {
        return Err(Refusal::bad_request("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"));
    }
    let mut body = ask.body()?;
    body["metadata"]["name"] = json!(name);
    let exists = cluster.store().get(&objects.resource.id, &objects.namespace, name).is_some();
    body["metadata"].as_object_mut().map(|metadata| metadata.remove("managedFields"));
    if !exists {
        owned(&mut body, &Value::Null, &manager);
        let ask = ask.with_body(&body);
        return write::create(cluster, &ask, objects);
    }
    let force = ask.flag("force");
    save(cluster, objects, name, ask.dry_run(), |present| {
        if !force && let Some((owner, field)) = conflict(present, &body, &manager) {
            return Err(Refusal::apply_conflict(&owner, &field));
        }
        let mut next = strategic(present, &body);
        owned(&mut next, &body, &manager);
        Ok(next)
    })
}

/// The first field that another manager set to another value.
fn conflict(present: &Value, body: &Value, manager: &str) -> Option<(String, String)> {
    let entries = present["metadata"]["managedFields"].as_array()?;
    for part in ["spec", "data"] {
        for (key, value) in body[part].as_object().into_iter().flatten() {
            let owner = entries.iter().find(|entry| entry["fieldsV1"][format!("f:{part}")].get(format!("f:{key}")).is_some());
            if let Some(owner) = owner.and_then(|entry| entry["manager"].as_str()).filter(|owner| *owner != manager)
                && strategic(&present[part][key], value) != present[part][key]
            {
                return Some((owner.to_owned(), format!(".{part}.{key}")));
            }
        }
    }
    None
}

/// Enters `manager` as the owner of what `body` sets (of all of `object` when it is new).
fn owned(object: &mut Value, body: &Value, manager: &str) {
    let source = if body.is_null() { object.clone() } else { body.clone() };
    let mut fields = Map::new();
    for part in ["spec", "data"] {
        let keys: Map<String, Value> = source[part].as_object().into_iter().flatten().map(|(key, _)| (format!("f:{key}"), json!({}))).collect();
        if !keys.is_empty() {
            fields.insert(format!("f:{part}"), Value::Object(keys));
        }
    }
    let mut entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    for entry in &mut entries {
        for (part, keys) in &fields {
            if let (Some(theirs), Some(keys)) = (entry["fieldsV1"][part].as_object_mut(), keys.as_object()) {
                theirs.retain(|key, _| !keys.contains_key(key));
            }
        }
    }
    entries.retain(|entry| entry["manager"] != manager);
    entries.push(json!({ "manager": manager, "operation": "Apply", "apiVersion": object["apiVersion"], "fieldsType": "FieldsV1", "fieldsV1": fields }));
    object["metadata"]["managedFields"] = Value::Array(entries);
}

/// A merge that joins lists of things with a name, type or uid instead of replacing them.
pub(crate) fn strategic(present: &Value, patch: &Value) -> Value {
    match (present, patch) {
        (Value::Object(present), Value::Object(patch)) => {
            let mut next = present.clone();
            for (key, value) in patch {
                if value.is_null() {
                    next.remove(key);
                } else {
                    let merged = strategic(present.get(key).unwrap_or(&Value::Null), value);
                    next.insert(key.clone(), merged);
                }
            }
            Value::Object(next)
        }
        (Value::Array(present), Value::Array(patch)) => match ["name", "type", "uid"].into_iter().find(|key| keyed(patch, key) && keyed(present, key)) {
            Some(key) => joined(present, patch, key),
            None => Value::Array(patch.clone()),
        },
        (_, patch) => patch.clone(),
    }
}

/// Whether the entries are known by this; two of one type make a list that is one value.
fn keyed(list: &[Value], key: &str) -> bool {
    list.iter().enumerate().all(|(at, one)| one[key].is_string() && !list[..at].iter().any(|before| before[key] == one[key]))
}

fn joined(present: &[Value], patch: &[Value], key: &str) -> Value {
    let mut next = present.to_vec();
    for one in patch {
        let at = next.iter().position(|other| other[key] == one[key]);
        match (at, one["$patch"] == "delete") {
            (Some(at), true) => {
                next.remove(at);
            }
            (Some(at), false) => next[at] = strategic(&next[at], one),
            (None, true) => {}
            (None, false) => next.push(one.clone()),
        }
    }
    Value::Array(next)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::strategic;

    #[test]
    fn entries_are_joined_where_each_has_a_name_of_its_own() {
        for (present, patch, after) in [
            (json!([{ "name": "a", "n": 1 }]), json!([{ "name": "a", "n": 2 }, { "name": "b" }]), json!([{ "name": "a", "n": 2 }, { "name": "b" }])),
            (
                json!([{ "type": "Ready", "status": "Unknown" }, { "type": "Ready", "status": "False" }]),
                json!([{ "type": "Ready", "status": "Unknown" }, { "type": "Ready", "status": "False" }]),
                json!([{ "type": "Ready", "status": "Unknown" }, { "type": "Ready", "status": "False" }]),
            ),
            (json!(["x"]), json!(["y"]), json!(["y"])),
        ] {
            assert_eq!(strategic(&present, &patch), after, "{patch}");
        }
    }
}
