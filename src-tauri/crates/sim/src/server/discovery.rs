//! What does the server say about itself and its kinds?

use std::collections::BTreeMap;

use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::request::Accept;
use super::resources::{Resource, Scope, VERBS};
use super::status::Refusal;
use super::store::Store;
use super::{Answer, object};

pub(crate) fn version(git: &str) -> Value {
    let mut parts = git.trim_start_matches('v').split('.');
    json!({
        "major": parts.next(), "minor": parts.next(), "gitVersion": git, "gitCommit": "0000000000000000000000000000000000000000",
        "gitTreeState": "clean", "buildDate": "2026-01-01T00:00:00Z", "goVersion": "go1.26.8", "compiler": "gc", "platform": "linux/amd64",
    })
}

/// `/api` and `/apis`, in one answer with all kinds when the asker understands that.
pub(crate) fn groups(store: &Store, accept: Accept, core: bool) -> Response<Answer> {
    let groups = by_group(store, core);
    match accept {
        Accept::AggregatedDiscovery => {
            let items: Vec<Value> = groups.iter().map(|(group, kinds)| aggregated(group, kinds)).collect();
            let mut response =
                object(StatusCode::OK, &json!({ "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items }));
            let kind = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
            response
        }
        Accept::Plain | Accept::Table if core => {
            object(StatusCode::OK, &json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] }))
        }
        Accept::Plain | Accept::Table => {
            let groups: Vec<Value> = groups
                .iter()
                .map(|(group, kinds)| {
                    let versions: Vec<Value> =
                        versions(kinds).iter().map(|version| json!({ "groupVersion": format!("{group}/{version}"), "version": version })).collect();
                    json!({ "name": group, "versions": versions, "preferredVersion": versions.first() })
                })
                .collect();
            object(StatusCode::OK, &json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups }))
        }
    }
}

/// `/api/v1` and `/apis/GROUP/VERSION`.
pub(crate) fn resources(store: &Store, group: &str, version: &str) -> Result<Value, Refusal> {
    let served = store.resources.values().filter(|one| one.id.group == group && one.versions.iter().any(|served| served == version));
    let mut list: Vec<Value> = Vec::new();
    for resource in served {
        list.push(resource.described());
        let mut status = json!({ "name": format!("{}/status", resource.id.plural), "singularName": "", "namespaced": resource.scope == Scope::Namespaced });
        status["kind"] = json!(resource.kind);
        status["verbs"] = json!(["get", "patch", "update"]);
        list.push(status);
    }
    if list.is_empty() {
        return Err(Refusal::no_such_path());
    }
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    Ok(json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": list }))
}

fn by_group(store: &Store, core: bool) -> BTreeMap<&str, Vec<&Resource>> {
    let mut groups: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in store.resources.values().filter(|one| one.id.group.is_empty() == core) {
        groups.entry(&resource.id.group).or_default().push(resource);
    }
    groups
}

fn versions<'a>(kinds: &[&'a Resource]) -> Vec<&'a str> {
    let mut versions: Vec<&str> = Vec::new();
    for version in kinds.iter().flat_map(|kind| &kind.versions) {
        if !versions.contains(&version.as_str()) {
            versions.push(version);
        }
    }
    versions
}

fn aggregated(group: &str, kinds: &[&Resource]) -> Value {
    let entry = |version: &str, kind: &Resource| {
        json!({
            "resource": kind.id.plural, "singularResource": kind.singular, "shortNames": kind.short, "verbs": VERBS,
            "responseKind": { "group": group, "version": version, "kind": kind.kind },
            "scope": match kind.scope { Scope::Cluster => "Cluster", Scope::Namespaced => "Namespaced" },
            "subresources": [{ "subresource": "status", "responseKind": { "group": group, "version": version, "kind": kind.kind }, "verbs": ["get", "patch", "update"] }],
        })
    };
    let versions: Vec<Value> = versions(kinds)
        .into_iter()
        .map(|version| {
            let served = kinds.iter().filter(|kind| kind.versions.iter().any(|one| one == version));
            json!({ "version": version, "freshness": "Current", "resources": served.map(|kind| entry(version, kind)).collect::<Vec<_>>() })
        })
        .collect();
    json!({ "metadata": { "name": group }, "versions": versions })
}
