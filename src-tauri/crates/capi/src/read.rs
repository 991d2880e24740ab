//! How is an object read from what the server sent, in v1beta1 or v1beta2?

use std::collections::BTreeMap;
use std::sync::Arc;

use api::Timestamp;
use serde_json::Value;

use crate::checks::span;
use crate::condition::{Condition, Severity, Status};
use crate::files::{Step, owner};
use crate::object::{CLUSTER_NAME_LABEL, CORE, More, Object, ObjectId, Replicas};
use crate::{addons, checks};

/// What an object must have to be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    NoKind,
    NoName,
    NoUid,
}

impl Object {
    /// Reads an object of either contract; a field of an unexpected shape counts as absent.
    ///
    /// # Errors
    /// When it lacks what tells it from others.
    pub fn read(value: &Value) -> Result<Self, Unreadable> {
        let (meta, spec, status) = (&value["metadata"], &value["spec"], &value["status"]);
        let kind = value["kind"].as_str().ok_or(Unreadable::NoKind)?;
        let group = group_of(value["apiVersion"].as_str().unwrap_or_default());
        let namespace = meta["namespace"].as_str().unwrap_or_default();
        let name = meta["name"].as_str().ok_or(Unreadable::NoName)?;
        let labels = words(&meta["labels"]);
        let annotations = words(&meta["annotations"]);
        let is_cluster = group == CORE && kind == "Cluster";
        let cluster = match is_cluster {
            true => Some(name),
            false => spec["clusterName"].as_str().or_else(|| addons::cluster(group, kind, name, spec)).or(labels.get(CLUSTER_NAME_LABEL).map(String::as_str)),
        };
        let reference = |of: &Value| refer(of, namespace);
        Ok(Self {
            id: ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() },
            uid: meta["uid"].as_str().ok_or(Unreadable::NoUid)?.into(),
            created: moment(&meta["creationTimestamp"]),
            deleting_since: moment(&meta["deletionTimestamp"]),
            controller: controller(&meta["ownerReferences"]),
            cluster: cluster.map(Arc::from),
            infrastructure: reference(&spec["infrastructureRef"]),
            control_plane: reference(&spec["controlPlaneRef"]),
            bootstrap: reference(&spec["bootstrap"]["configRef"]),
            version: text(&spec["topology"]["version"]).or_else(|| text(&spec["version"])).or_else(|| text(&spec["template"]["spec"]["version"])),
            phase: text(&status["phase"]),
            // v1beta1 has the name of the class beside the version, v1beta2 a reference.
            class: text(&spec["topology"]["classRef"]["name"]).or_else(|| text(&spec["topology"]["class"])),
            endpoint: endpoint(&spec["controlPlaneEndpoint"]),
            provider_id: text(&spec["providerID"]),
            node: text(&status["nodeRef"]["name"]),
            addresses: addresses(&status["addresses"]),
            os_image: text(&status["nodeInfo"]["osImage"]),
            failure_domain: text(&status["failureDomain"]).or_else(|| text(&spec["failureDomain"])),
            drain_limit: span(&spec["deletion"]["nodeDrainTimeoutSeconds"]).or_else(|| span(&spec["nodeDrainTimeout"])).filter(|limit| limit.0 > 0),
            paused_by: (spec["paused"] == true).then(|| owner(value, &["spec", "paused"].map(|key| Step::Key(key.to_owned())))).flatten(),
            paused: spec["paused"] == true,
            replicas: if is_cluster { of_cluster(status) } else { of_owner(spec, status) },
            conditions: conditions(status),
            more: more(group, kind, value),
            finalizers: list(&meta["finalizers"]).iter().filter_map(|f| f.as_str().map(str::to_owned)).collect(),
            labels,
            annotations: annotations.into_iter().filter(|(name, _)| is_kept(name)).collect(),
        })
    }
}

fn more(group: &str, kind: &str, object: &Value) -> More {
    if group == CORE && kind == "Cluster" {
        return More::Parts(Box::new(parts(&object["status"])));
    }
    if group == CORE && kind == "Machine" && object["metadata"]["deletionTimestamp"].is_string() {
        let begun = &object["status"]["deletion"];
        return More::Deletion(Box::new(
            ["nodeDrainStartTime", "waitForNodeVolumeDetachStartTime", "waitForPreTerminateHookStartTime"].map(|field| moment(&begun[field])),
        ));
    }
    if group == CORE && kind == "MachineHealthCheck" {
        return More::Check(Box::new(checks::read(object)));
    }
    addons::read(group, kind, object).map_or(More::Nothing, More::AddOns)
}

/// A host is reached at its addresses inside first; its names are said where it has no number.
fn addresses(of: &Value) -> Vec<String> {
    let named = |kind: &'static str| list(of).iter().filter(move |a| a["type"] == kind).filter_map(|a| text(&a["address"]));
    let mut all: Vec<String> = vec![];
    for address in ["InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS"].into_iter().flat_map(named) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

/// What kubectl last applied is a copy of the object and as long.
fn is_kept(annotation: &str) -> bool {
    annotation != "kubectl.kubernetes.io/last-applied-configuration"
}

pub(crate) fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// v1beta2 names the group, v1beta1 the version and the namespace.
fn refer(of: &Value, namespace: &str) -> Option<ObjectId> {
    let group = of["apiGroup"].as_str().or_else(|| of["apiVersion"].as_str().map(group_of))?;
    let (kind, name) = (of["kind"].as_str()?, of["name"].as_str().filter(|n| !n.is_empty())?);
    let namespace = of["namespace"].as_str().filter(|n| !n.is_empty()).unwrap_or(namespace);
    Some(ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() })
}

fn endpoint(of: &Value) -> Option<String> {
    let (host, port) = (text(&of["host"])?, number(&of["port"])?);
    Some(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
}

fn controller(owners: &Value) -> Option<Arc<str>> {
    list(owners).iter().find(|o| o["controller"] == true).and_then(|o| o["uid"].as_str()).map(Arc::from)
}

/// The conditions of the v1beta2 contract where the object has them, else those of v1beta1.
///
/// v1beta2 keeps them in `status.conditions`; an object read as v1beta1 has them in `status.v1beta2.conditions` while
/// `status.conditions` holds the old ones, which have a severity.
fn conditions(status: &Value) -> Vec<Condition> {
    let new = list(&status["v1beta2"]["conditions"]);
    let now = list(&status["conditions"]);
    let (found, old) = if new.is_empty() { (now, list(&status["deprecated"]["v1beta1"]["conditions"])) } else { (new, now) };
    let mut found: Vec<Condition> = found.iter().filter_map(condition).collect();
    for hidden in found.iter_mut().filter(|c| c.reason == INTERNAL_ERROR) {
        let told = old.iter().filter_map(condition).find(|c| c.kind == hidden.kind && !c.is_true() && !c.message.is_empty());
        if let Some(told) = told {
            hidden.message = told.message;
        }
    }
    found
}

/// Such a condition says `Please check controller logs for errors`; the one of v1beta1 beside it often says which.
const INTERNAL_ERROR: &str = "InternalError";

fn condition(value: &Value) -> Option<Condition> {
    Some(Condition {
        kind: text(&value["type"])?,
        status: match value["status"].as_str()? {
            "True" => Status::True,
            "False" => Status::False,
            _ => Status::Unknown,
        },
        reason: text(&value["reason"]).unwrap_or_default(),
        message: text(&value["message"]).unwrap_or_default(),
        since: moment(&value["lastTransitionTime"]),
        severity: match value["severity"].as_str() {
            Some("Error") => Some(Severity::Error),
            Some("Warning") => Some(Severity::Warning),
            Some("Info") => Some(Severity::Info),
            _ => None,
        },
    })
}

/// A Cluster counts its control plane and its workers apart; the v1beta1 API keeps the same below `v1beta2`.
fn parts(status: &Value) -> [Replicas; 2] {
    let status = if status["v1beta2"].is_object() { &status["v1beta2"] } else { status };
    [&status["controlPlane"], &status["workers"]].map(|part| Replicas {
        desired: number(&part["desiredReplicas"]),
        current: number(&part["replicas"]),
        ready: number(&part["readyReplicas"]),
        available: number(&part["availableReplicas"]),
        up_to_date: number(&part["upToDateReplicas"]),
    })
}

fn of_cluster(status: &Value) -> Option<Replicas> {
    let parts = parts(status);
    let sum = |count: fn(&Replicas) -> Option<u32>| parts.iter().filter_map(count).reduce(u32::saturating_add);
    let all = Replicas {
        desired: sum(|part| part.desired),
        current: sum(|part| part.current),
        ready: sum(|part| part.ready),
        available: sum(|part| part.available),
        up_to_date: sum(|part| part.up_to_date),
    };
    (all != Replicas::default()).then_some(all)
}

fn of_owner(spec: &Value, status: &Value) -> Option<Replicas> {
    let new = &status["v1beta2"];
    let either = |now: &str, before: &str| number(&new[now]).or_else(|| number(&status[now])).or_else(|| number(&status[before]));
    let all = Replicas {
        desired: number(&spec["replicas"]),
        current: number(&status["replicas"]),
        ready: either("readyReplicas", "readyReplicas"),
        available: either("availableReplicas", "availableReplicas"),
        up_to_date: either("upToDateReplicas", "updatedReplicas"),
    };
    (all != Replicas::default()).then_some(all)
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn words(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

pub(crate) fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|n| u32::try_from(n).ok())
}

/// When an object was made.
pub fn created(object: &Value) -> Option<Timestamp> {
    moment(&object["metadata"]["creationTimestamp"])
}

/// `2026-11-23T13:34:27Z`; Kubernetes writes whole seconds.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Timestamp)
}

#[cfg(test)]
mod tests;
