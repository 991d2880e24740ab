//! Which columns does the server print for a kind?

use api::Timestamp;
use serde_json::{Value, json};

use super::resources::{Column, Resource};

pub(crate) fn of(resource: &Resource, objects: &[Value], metadata: &Value, now: Timestamp) -> Value {
    let columns = columns(resource);
    let definitions: Vec<Value> = columns
        .iter()
        .map(|column| {
            let format = if column.name == "Name" { "name" } else { "" };
            json!({ "name": column.name, "type": column.kind, "format": format, "description": "", "priority": 0 })
        })
        .collect();
    let rows: Vec<Value> = objects
        .iter()
        .map(|object| {
            let cells: Vec<Value> = columns.iter().map(|column| cell(object, column, now)).collect();
            let partial = json!({ "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] });
            json!({ "cells": cells, "object": partial })
        })
        .collect();
    json!({ "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": definitions, "rows": rows })
}

fn columns(resource: &Resource) -> Vec<Column> {
    let column = |name: &str, kind: &str, path: &str| Column { name: name.into(), kind: kind.into(), path: path.into() };
    let mut all = vec![column("Name", "string", ".metadata.name")];
    match (resource.id.group.as_str(), resource.id.plural.as_str()) {
        ("", "pods") => all.extend([column("Ready", "string", "ready"), column("Status", "string", "status"), column("Restarts", "integer", "restarts")]),
        ("", "nodes") => all.extend([
            column("Status", "string", ".status.conditions[?(@.type==\"Ready\")].reason"),
            column("Version", "string", ".status.nodeInfo.kubeletVersion"),
        ]),
        ("", "namespaces") => all.push(column("Status", "string", ".status.phase")),
        ("apps", "deployments") => all.extend([
            column("Ready", "integer", ".status.readyReplicas"),
            column("Up-to-date", "integer", ".status.updatedReplicas"),
            column("Available", "integer", ".status.availableReplicas"),
        ]),
        ("", "services") => all.extend([column("Type", "string", ".spec.type"), column("Cluster-IP", "string", ".spec.clusterIP")]),
        _ => all.extend(resource.columns.iter().filter(|one| one.name != "Age").cloned()),
    }
    all.push(column("Age", "date", ".metadata.creationTimestamp"));
    all
}

fn cell(object: &Value, column: &Column, now: Timestamp) -> Value {
    let containers = || object["status"]["containerStatuses"].as_array().into_iter().flatten();
    match column.path.as_str() {
        "ready" => {
            let all = object["spec"]["containers"].as_array().map_or(0, Vec::len);
            json!(format!("{}/{all}", containers().filter(|one| one["ready"] == true).count()))
        }
        "status" => containers()
            .find_map(|one| one["state"]["waiting"]["reason"].as_str().or_else(|| one["state"]["terminated"]["reason"].as_str()))
            .map_or_else(|| object["status"]["phase"].clone(), |reason| json!(reason)),
        "restarts" => json!(containers().filter_map(|one| one["restartCount"].as_u64()).sum::<u64>()),
        path => {
            let found = at_path(object, path);
            match column.kind.as_str() {
                "date" => found.as_str().and_then(|text| text.parse().ok()).map_or(Value::Null, |made| json!(age(moment(made), now))),
                "integer" if found.is_null() => json!(0),
                _ => found,
            }
        }
    }
}

/// `.a.b`, and `.list[?(@.key=="value")].c`, which is all that these definitions use.
fn at_path(object: &Value, path: &str) -> Value {
    let Some((before, rest)) = path.split_once("[?(@.") else {
        return path.split('.').filter(|part| !part.is_empty()).fold(object, |at, key| &at[key]).clone();
    };
    let Some((test, after)) = rest.split_once(")]") else { return Value::Null };
    let Some((key, wanted)) = test.split_once("==") else { return Value::Null };
    let list = at_path(object, before);
    let wanted = wanted.trim_matches(['"', '\'']);
    list.as_array().into_iter().flatten().find(|one| one[key] == wanted).map_or(Value::Null, |one| at_path(one, after))
}

fn moment(made: jiff::Timestamp) -> Timestamp {
    Timestamp(u64::try_from(made.as_millisecond()).unwrap_or_default())
}

/// As kubectl shortens a span: `22m`, `6h`, `9d`.
fn age(made: Timestamp, now: Timestamp) -> String {
    match now.since(made).0 / 1_000 {
        seconds @ ..120 => format!("{seconds}s"),
        seconds @ 120..7_200 => format!("{}m", seconds / 60),
        seconds @ 7_200..172_800 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}
