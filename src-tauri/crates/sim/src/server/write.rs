//! How are objects created, replaced and deleted?

use std::sync::Arc;
use std::time::Duration;

use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::request::{Ask, Objects};
use super::resources::Scope;
use super::status::Refusal;
use super::store::{Key, Store};
use super::{Answer, admission, object};
use crate::cluster::Cluster;
use crate::objects::stamp;

pub(crate) fn create(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects) -> Result<Response<Answer>, Refusal> {
    let mut body = ask.body()?;
    place(&mut body, objects)?;
    let now = cluster.clock().now();
    let deaf = cluster.manners().deaf_until;
    let made = cluster.write(|store| {
        born(store, objects, &mut body, &stamp(now));
        let name = name_of(&body);
        if name.is_empty() {
            return Err(Refusal::invalid(&objects.resource.kind, "", "metadata.name: Required value: name or generateName is required"));
        }
        if store.get(&objects.resource.id, &objects.namespace, &name).is_some() {
            return Err(Refusal::exists(&objects.resource.id, &name));
        }
        let missing =
            objects.resource.scope == Scope::Namespaced && store.get(&super::resources::ResourceId::new("", "namespaces"), "", &objects.namespace).is_none();
        if missing {
            return Err(Refusal::not_found(&super::resources::ResourceId::new("", "namespaces"), &objects.namespace));
        }
        admission::admit(store, objects, &body, &deaf, now)?;
        Ok(if ask.dry_run() { body } else { store.put(&objects.resource.id, body).value() })
    })?;
    Ok(object(StatusCode::CREATED, &made))
}

pub(crate) fn replace(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects, name: &str) -> Result<Response<Answer>, Refusal> {
    let mut body = ask.body()?;
    place(&mut body, objects)?;
    save(cluster, objects, name, ask.dry_run(), move |_| Ok(body))
}

/// Writes what `change` makes of the present object, with the checks that all writes share.
pub(crate) fn save(
    cluster: &Arc<Cluster>,
    objects: &Objects,
    name: &str,
    dry_run: bool,
    change: impl FnOnce(&Value) -> Result<Value, Refusal>,
) -> Result<Response<Answer>, Refusal> {
    let id = &objects.resource.id;
    let (now, deaf) = (cluster.clock().now(), cluster.manners().deaf_until);
    let saved = cluster.write(|store| {
        let present = store.get(id, &objects.namespace, name).ok_or_else(|| Refusal::not_found(id, name))?.value();
        let mut next = change(&present)?;
        let asked = next["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        if !asked.is_empty() && present["metadata"]["resourceVersion"] != asked {
            return Err(Refusal::conflict(id, name));
        }
        keep_identity(&present, &mut next, objects.subresource.as_deref());
        if next == present {
            return Ok(present);
        }
        admission::admit(store, objects, &next, &deaf, now)?;
        if dry_run {
            return Ok(next);
        }
        if doomed(&next) && store.get(id, &objects.namespace, name).is_some() {
            let last = store.put(id, next).value();
            store.remove(id, &objects.namespace, name);
            return Ok(last);
        }
        Ok(store.put(id, next).value())
    })?;
    Ok(object(StatusCode::OK, &saved))
}

pub(crate) fn delete(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects, name: &str) -> Result<Response<Answer>, Refusal> {
    let id = &objects.resource.id;
    let options: Value = if ask.raw_body().is_empty() { Value::Null } else { ask.body()? };
    let preconditions = &options["preconditions"];
    // Options in the body take the place of those in the query, as in a real server.
    let dry_run = if options.is_null() { ask.dry_run() } else { options["dryRun"] == json!(["All"]) };
    let now = cluster.clock().now();
    let last = cluster.write(|store| {
        let present = store.get(id, &objects.namespace, name).ok_or_else(|| Refusal::not_found(id, name))?.value();
        let differs = |key: &str, field: &str| preconditions[key].as_str().is_some_and(|wanted| present["metadata"][field] != wanted);
        if differs("uid", "uid") || differs("resourceVersion", "resourceVersion") {
            return Err(Refusal::conflict(id, name));
        }
        if dry_run {
            return Ok(present);
        }
        let grace = options["gracePeriodSeconds"].as_u64();
        let key = (objects.namespace.clone(), name.to_owned());
        Ok(doom(store, objects, &key, present, grace, &stamp(now)))
    })?;
    Ok(object(StatusCode::OK, &last))
}

pub(crate) fn delete_all(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects) -> Result<Response<Answer>, Refusal> {
    let selector = super::selectors::Selector::parse(ask.param("labelSelector"), ask.param("fieldSelector"))?;
    let now = cluster.clock().now();
    let gone: Vec<Value> = cluster.write(|store| {
        let found: Vec<_> = store.list(&objects.resource.id, &objects.namespace, None).filter(|one| selector.matches(one)).cloned().collect();
        found.iter().map(|one| doom(store, objects, &(one.namespace.clone(), one.name.clone()), one.value(), None, &stamp(now))).collect()
    });
    let api_version = objects.resource.api_version(&objects.version);
    Ok(object(StatusCode::OK, &json!({ "kind": format!("{}List", objects.resource.kind), "apiVersion": api_version, "metadata": {}, "items": gone })))
}

/// Deletes at once, or marks what must wait for finalizers, a grace period or the content of a namespace.
fn doom(store: &mut Store, objects: &Objects, key: &Key, mut object: Value, grace: Option<u64>, now: &str) -> Value {
    let id = &objects.resource.id;
    let pod = id.plural == "pods" && id.group.is_empty();
    let grace = grace.unwrap_or_else(|| object["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap_or(30));
    let namespace = id.plural == "namespaces" && id.group.is_empty();
    let waits = has_finalizers(&object) || namespace || (pod && grace > 0 && object["spec"]["nodeName"].is_string());
    if !waits {
        return store.remove(id, &key.0, &key.1).map_or(object, |last| last.value());
    }
    if object["metadata"]["deletionTimestamp"].is_null() {
        object["metadata"]["deletionTimestamp"] = json!(now);
        object["metadata"]["deletionGracePeriodSeconds"] = json!(if pod { Duration::from_secs(grace).as_secs() } else { 0 });
        if namespace {
            object["status"]["phase"] = json!("Terminating");
        }
        return store.put(id, object).value();
    }
    object
}

/// What the server adds to a new object.
fn born(store: &mut Store, objects: &Objects, body: &mut Value, now: &str) {
    let metadata = &mut body["metadata"];
    if metadata["name"].as_str().unwrap_or_default().is_empty()
        && let Some(prefix) = metadata["generateName"].as_str()
    {
        metadata["name"] = json!(format!("{prefix}{}", store.next_suffix()));
    }
    metadata["uid"] = json!(store.next_uid());
    metadata["creationTimestamp"] = json!(now);
    metadata["generation"] = json!(1);
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.remove("resourceVersion");
    }
    match (objects.resource.id.group.as_str(), objects.resource.id.plural.as_str()) {
        ("", "namespaces") => {
            body["status"] = json!({ "phase": "Active" });
            let name = body["metadata"]["name"].clone();
            body["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
        }
        ("", "pods") => body["status"] = json!({ "phase": "Pending", "qosClass": "BestEffort" }),
        ("apiextensions.k8s.io", _) => {
            let condition = |kind: &str| json!({ "type": kind, "status": "True", "reason": "InitialNamesAccepted", "message": "", "lastTransitionTime": now });
            body["status"] = json!({ "conditions": [condition("NamesAccepted"), condition("Established")], "acceptedNames": body["spec"]["names"] });
        }
        _ => {}
    }
}

/// The path says where an object goes; a body that says otherwise is refused.
fn place(body: &mut Value, objects: &Objects) -> Result<(), Refusal> {
    if !body.is_object() {
        return Err(Refusal::bad_request("the object provided is unrecognized: not an object"));
    }
    body["kind"] = json!(objects.resource.kind);
    body["apiVersion"] = json!(objects.resource.api_version(&objects.version));
    let said = body["metadata"]["namespace"].as_str().unwrap_or_default();
    if !said.is_empty() && said != objects.namespace {
        return Err(Refusal::bad_request("the namespace of the provided object does not match the namespace sent on the request"));
    }
    if !objects.namespace.is_empty() {
        body["metadata"]["namespace"] = json!(objects.namespace);
    }
    let said = name_of(body);
    match objects.name.as_deref() {
        Some(name) if !said.is_empty() && said != name => {
            Err(Refusal::bad_request(format!("the name of the object ({said}) does not match the name on the URL ({name})")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Nobody writes the uid or the status by accident, and the generation counts changes of the spec.
fn keep_identity(present: &Value, next: &mut Value, subresource: Option<&str>) {
    if subresource == Some("status") {
        let status = next["status"].take();
        *next = present.clone();
        next["status"] = status;
        return;
    }
    for field in ["uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        match present["metadata"].get(field) {
            Some(value) => next["metadata"][field] = value.clone(),
            None => {
                next["metadata"].as_object_mut().map(|metadata| metadata.remove(field));
            }
        }
    }
    if let Some(status) = present.get("status") {
        next["status"] = status.clone();
    }
    if present["spec"] != next["spec"] {
        next["metadata"]["generation"] = json!(present["metadata"]["generation"].as_u64().unwrap_or(1) + 1);
    }
}

fn name_of(body: &Value) -> String {
    body["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

fn has_finalizers(object: &Value) -> bool {
    object["metadata"]["finalizers"].as_array().is_some_and(|list| !list.is_empty())
}

/// Marked for deletion and held by nothing any more; pods and namespaces are ended by their controllers.
fn doomed(object: &Value) -> bool {
    let held = matches!(object["kind"].as_str(), Some("Pod" | "Namespace"));
    object["metadata"]["deletionTimestamp"].is_string() && !has_finalizers(object) && !held
}
