//! What is put into a cluster from its management cluster, and did it arrive?
//!
//! ClusterResourceSets are part of Cluster API: a binding of a cluster says what of them was applied. Charts come with
//! the add-on provider for Helm, which keeps a HelmReleaseProxy for each cluster.

use std::collections::BTreeMap;

use api::Timestamp;
use api::machines::{AddOnRow, AddOnSource, AddOnState};
use serde_json::Value;

use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::object::{More, Object};
use crate::read::{list, moment, text};

const GROUP: &str = "addons.cluster.x-k8s.io";
/// Source: `api/v1alpha1/helmreleaseproxy_types.go` of the add-on provider for Helm.
const PROXY_LABEL: &str = "helmreleaseproxy.addons.cluster.x-k8s.io/helmchartproxy-name";

/// One thing that an object of the group puts into its cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOn {
    by: AddOnSource,
    name: String,
    what: String,
    arrived: Arrived,
    at: Option<Timestamp>,
}

/// What the object itself tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrived {
    Yes,
    No,
    /// Its conditions tell.
    ByConditions,
}

/// The cluster of an object that names it in no label: v1beta1 calls a binding like its cluster.
pub(crate) fn cluster<'a>(group: &str, kind: &str, name: &'a str, spec: &'a Value) -> Option<&'a str> {
    match (group, kind) {
        (GROUP, "ClusterResourceSetBinding") => Some(name),
        (GROUP, "HelmReleaseProxy") => spec["clusterRef"]["name"].as_str(),
        _ => None,
    }
}

/// `None` for an object of another kind.
pub(crate) fn read(group: &str, kind: &str, object: &Value) -> Option<Vec<AddOn>> {
    match (group, kind) {
        (GROUP, "ClusterResourceSetBinding") => Some(list(&object["spec"]["bindings"]).iter().flat_map(bound).collect()),
        (GROUP, "HelmReleaseProxy") => Some(vec![release(object)]),
        _ => None,
    }
}

fn bound(binding: &Value) -> Vec<AddOn> {
    let set = text(&binding["clusterResourceSetName"]).unwrap_or_default();
    let one = |resource: &Value| AddOn {
        by: AddOnSource::ResourceSet,
        name: set.clone(),
        what: format!("{} {}", text(&resource["kind"]).unwrap_or_default(), text(&resource["name"]).unwrap_or_default()),
        arrived: if resource["applied"] == true { Arrived::Yes } else { Arrived::No },
        at: moment(&resource["lastAppliedTime"]),
    };
    list(&binding["resources"]).iter().map(one).collect()
}

fn release(object: &Value) -> AddOn {
    let (meta, spec) = (&object["metadata"], &object["spec"]);
    let chart = text(&spec["chartName"]).unwrap_or_default();
    let version = text(&spec["version"]).map_or_else(|| "newest version".to_owned(), |version| format!("version {version}"));
    let place = text(&spec["namespace"]).unwrap_or_else(|| "default".to_owned());
    AddOn {
        by: AddOnSource::HelmChart { proxy: text(&meta["labels"][PROXY_LABEL]).unwrap_or_default() },
        // An address of a registry ends in the chart.
        name: chart.rsplit('/').next().unwrap_or_default().to_owned(),
        what: format!("{version} in {place}"),
        arrived: Arrived::ByConditions,
        at: None,
    }
}

/// What is put into a cluster, sets first.
pub(crate) fn rows(graph: &Graph, key: &ClusterKey) -> Vec<AddOnRow> {
    let mut rows: Vec<AddOnRow> = graph.members(key).flat_map(of).collect();
    rows.sort_by(|a, b| (&a.by, &a.name, &a.what).cmp(&(&b.by, &b.name, &b.what)));
    rows
}

/// A part of what is put into a cluster, and when it came.
type Part<'g> = (&'g AddOn, Option<Timestamp>);

/// What is put into a cluster, and since when all of it is there. A set of one resource is called like that: users know
/// the network, not who brings it.
pub(crate) fn arrivals(graph: &Graph, key: &ClusterKey) -> Vec<(String, Option<Timestamp>)> {
    let mut found: BTreeMap<(&AddOnSource, &str), Vec<Part<'_>>> = BTreeMap::new();
    for object in graph.members(key) {
        let More::AddOns(all) = &object.more else { continue };
        for one in all {
            found.entry((&one.by, one.name.as_str())).or_default().push((one, came(object, one)));
        }
    }
    // One that is missing makes the whole missing: `None` is less than any moment.
    let whole = |parts: &[Part<'_>]| parts.iter().map(|(_, at)| *at).min().flatten().and(parts.iter().map(|(_, at)| *at).max().flatten());
    found.into_iter().map(|((by, name), parts)| (called(by, name, &parts), whole(&parts))).collect()
}

fn called(by: &AddOnSource, name: &str, parts: &[Part<'_>]) -> String {
    match (by, parts) {
        (AddOnSource::ResourceSet, [(only, _)]) => only.what.split_once(' ').map_or(name, |(_, resource)| resource).to_owned(),
        (AddOnSource::ResourceSet | AddOnSource::HelmChart { .. }, _) => name.to_owned(),
    }
}

fn came(object: &Object, one: &AddOn) -> Option<Timestamp> {
    match one.arrived {
        Arrived::Yes => one.at,
        Arrived::No => None,
        Arrived::ByConditions => object.condition("Ready").filter(|c| c.is_true()).and_then(|c| c.since),
    }
}

fn of(object: &Object) -> Vec<AddOnRow> {
    let More::AddOns(all) = &object.more else { return vec![] };
    all.iter().map(|one| row(object, one)).collect()
}

fn row(object: &Object, one: &AddOn) -> AddOnRow {
    let ready = object.condition("Ready");
    let state = match (one.arrived, ready) {
        (Arrived::Yes, _) => AddOnState::Applied,
        (Arrived::No, _) => AddOnState::Failed("not applied yet, or refused by the cluster".to_owned()),
        (Arrived::ByConditions, Some(c)) if c.is_true() => AddOnState::Applied,
        (Arrived::ByConditions, Some(c)) if c.reason.ends_with("Failed") => AddOnState::Failed(words(c)),
        (Arrived::ByConditions, Some(c)) => AddOnState::Waits(words(c)),
        (Arrived::ByConditions, None) => AddOnState::Waits("nothing is reported yet".to_owned()),
    };
    AddOnRow { by: one.by.clone(), name: one.name.clone(), what: one.what.clone(), state, at: one.at.or_else(|| ready.and_then(|c| c.since)) }
}

fn words(condition: &Condition) -> String {
    if condition.message.is_empty() { condition.reason.clone() } else { condition.message.clone() }
}

#[cfg(test)]
mod tests {
    use api::machines::{AddOnSource, AddOnState};
    use serde_json::json;

    use super::rows;
    use crate::{Graph, Object, recorded};

    #[test]
    fn what_a_set_and_a_chart_put_into_a_cluster_is_applied_waits_or_failed() {
        let binding = json!({
            "apiVersion": "addons.cluster.x-k8s.io/v1beta2", "kind": "ClusterResourceSetBinding", "metadata": { "name": "lab", "namespace": "default", "uid": "b" },
            "spec": { "bindings": [{ "clusterResourceSetName": "network", "resources": [
                { "kind": "Secret", "name": "kindnet", "applied": true, "lastAppliedTime": "2026-11-23T14:20:10Z" }, { "kind": "ConfigMap", "name": "extra", "applied": false },
            ] }] },
        });
        let chart = |uid: &str, cluster: &str, reason: &str, status: &str| {
            json!({
                "apiVersion": "addons.cluster.x-k8s.io/v1alpha1", "kind": "HelmReleaseProxy",
                "metadata": { "name": format!("{uid}-x"), "namespace": "default", "uid": uid, "labels": { "helmreleaseproxy.addons.cluster.x-k8s.io/helmchartproxy-name": uid } },
                "spec": { "clusterRef": { "kind": "Cluster", "name": cluster }, "chartName": format!("oci://registry.invalid/charts/{uid}"), "version": "1.2.3", "namespace": "kube-system" },
                "status": { "conditions": [{ "type": "Ready", "status": status, "reason": reason, "message": "" }] },
            })
        };
        let all = [
            binding,
            chart("cilium", "lab", "HelmInstallOrUpgradeFailed", "False"),
            chart("dns", "lab", "Ready", "True"),
            chart("none", "other", "Ready", "True"),
        ];
        let mut graph = Graph::default();
        for object in &all {
            graph.put(Object::read(object).expect("an object is whole"));
        }
        let rows = rows(&graph, &recorded::key("default", "lab"));
        let said: Vec<(&str, &str, bool)> = rows.iter().map(|r| (r.name.as_str(), r.what.as_str(), r.state == AddOnState::Applied)).collect();
        let wanted = [
            ("network", "ConfigMap extra", false),
            ("network", "Secret kindnet", true),
            ("cilium", "version 1.2.3 in kube-system", false),
            ("dns", "version 1.2.3 in kube-system", true),
        ];
        assert_eq!(said, wanted);
        assert_eq!(rows[2].by, AddOnSource::HelmChart { proxy: "cilium".into() });
        assert_eq!(rows[2].state, AddOnState::Failed("HelmInstallOrUpgradeFailed".into()));
    }
}
