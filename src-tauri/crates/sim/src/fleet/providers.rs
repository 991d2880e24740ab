//! What do cert-manager and the providers of Cluster API put into a cluster?

mod known;

use std::sync::Arc;

use serde_json::{Value, json};

pub(crate) use known::{KNOWN, Known};

use crate::cluster::Cluster;
use crate::objects::{READY_AFTER, deployment, namespace, place, service};

/// One provider as it is or shall be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) of: &'static Known,
    pub(crate) version: String,
}

impl std::ops::Deref for Provider {
    type Target = Known;

    fn deref(&self) -> &Known {
        self.of
    }
}

/// A provider of the catalogue in a version; an empty one is its newest that is not an upgrade.
pub(crate) fn named(flag: &str, name: &str, version: &str) -> Option<Provider> {
    let of = KNOWN.iter().find(|one| one.flag == flag && one.name == name)?;
    let version = if version.is_empty() { of.version } else { version };
    Some(Provider { of, version: version.to_owned() })
}

/// A provider by its name in the inventory.
pub(crate) fn labelled(label: &str, version: &str) -> Option<Provider> {
    let of = KNOWN.iter().find(|one| one.label == label)?;
    Some(Provider { of, version: version.to_owned() })
}

/// Puts the four usual providers into a cluster as they stand days after an init; `log` is what Docker's wrote.
pub(crate) fn installed(cluster: &Arc<Cluster>, created: &str, log: &str) {
    let wanted = [("--core", "cluster-api"), ("--bootstrap", "kubeadm"), ("--control-plane", "kubeadm"), ("--infrastructure", "docker")];
    let all = wanted.into_iter().filter_map(|(flag, name)| named(flag, name, ""));
    let all: Vec<Value> = cert_manager(Health::Well).into_iter().chain(all.flat_map(|one| objects(&one))).chain([super::workloads::bindings()]).collect();
    cluster.write(|store| {
        for mut object in all {
            object["metadata"]["creationTimestamp"] = json!(created);
            // Nothing is left to pull.
            if object["kind"] == "Deployment" {
                object["spec"]["template"]["metadata"]["annotations"][READY_AFTER] = json!("0");
                if object["metadata"]["name"] == "capd-controller-manager" {
                    object["spec"]["template"]["metadata"]["annotations"]["sim.demo.invalid/log-capd-controller-manager"] = json!(log);
                }
            }
            place(store, object);
        }
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Well,
    Sick,
}

/// The three Deployments of cert-manager; a sick one never becomes available.
pub(crate) fn cert_manager(health: Health) -> Vec<Value> {
    let seconds = |well: u64| match health {
        Health::Well => well,
        Health::Sick => 1_000_000,
    };
    let image = |part: &str| format!("quay.io/jetstack/{part}:v1.21.1");
    let mut objects = vec![namespace("cert-manager", "")];
    for (name, part, ready) in [
        ("cert-manager-cainjector", "cert-manager-cainjector", 8),
        ("cert-manager", "cert-manager-controller", 11),
        ("cert-manager-webhook", "cert-manager-webhook", 40),
    ] {
        objects.push(deployment("cert-manager", name, &image(part), 1, "", seconds(ready)));
    }
    objects.push(service("cert-manager", "cert-manager-webhook", "cert-manager-webhook", ""));
    objects
}

pub(crate) fn objects(provider: &Provider) -> Vec<Value> {
    let (label, place, version) = (provider.label, provider.namespace, &provider.version);
    let grown = version == provider.next;
    let mut objects = vec![namespace(place, ""), definition("clusterctl.cluster.x-k8s.io", "Provider", "providers", &["v1alpha3"])];
    objects.extend(provider.kinds.iter().map(|(kind, plural)| {
        let mut definition = definition(provider.group, kind, plural, &["v1beta2", "v1beta1"]);
        if let Some((_, field)) = known::GROWS.iter().find(|(of, _)| grown && of == kind) {
            definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"][*field] = json!({ "type": "string" });
        }
        definition["metadata"]["labels"] =
            json!({ "cluster.x-k8s.io/provider": label, "cluster.x-k8s.io/v1beta1": "v1beta1", "cluster.x-k8s.io/v1beta2": "v1beta2" });
        definition
    }));
    let mut manager = deployment(place, provider.manager, &format!("{}:{version}", provider.image), 1, "", 12);
    manager["metadata"]["labels"]["cluster.x-k8s.io/provider"] = json!(label);
    manager["spec"]["template"]["metadata"]["labels"]["cluster.x-k8s.io/provider"] = json!(label);
    objects.push(manager);
    objects.push(service(place, provider.service, provider.manager, ""));
    let webhooks: Vec<Value> = provider
        .kinds
        .iter()
        .map(|(kind, plural)| {
            let kind = kind.to_lowercase();
            let path = format!("/mutate-{}-v1beta2-{kind}", provider.group.replace('.', "-"));
            json!({
                "name": format!("default.{kind}.{}", provider.group), "sideEffects": "None", "failurePolicy": "Fail", "admissionReviewVersions": ["v1"],
                "clientConfig": { "service": { "name": provider.service, "namespace": place, "path": path } },
                "rules": [{ "apiGroups": [provider.group], "apiVersions": ["v1beta2"], "operations": ["CREATE", "UPDATE"], "resources": [plural] }],
            })
        })
        .collect();
    objects.push(json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": { "name": format!("{}-mutating-webhook-configuration", place.trim_end_matches("-system")), "labels": { "cluster.x-k8s.io/provider": label } },
        "webhooks": webhooks,
    }));
    objects.push(json!({
        "apiVersion": "clusterctl.cluster.x-k8s.io/v1alpha3", "kind": "Provider", "metadata": { "name": label, "namespace": place },
        "providerName": label.split_once('-').filter(|_| label != "cluster-api").map_or(label, |(_, name)| name.trim_start_matches("plane-")),
        "type": provider.kind, "version": version, "watchedNamespace": "",
    }));
    objects
}

pub(crate) fn definition(group: &str, kind: &str, plural: &str, versions: &[&str]) -> Value {
    let versions: Vec<Value> = versions
        .iter()
        .enumerate()
        .map(|(at, name)| json!({ "name": name, "served": true, "storage": at == 0, "schema": { "openAPIV3Schema": schema() } }))
        .collect();
    let names = json!({ "kind": kind, "listKind": format!("{kind}List"), "plural": plural, "singular": kind.to_lowercase() });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": format!("{plural}.{group}") },
        "spec": { "group": group, "scope": "Namespaced", "names": names, "versions": versions },
        "status": { "conditions": [{ "type": "NamesAccepted", "status": "True" }, { "type": "Established", "status": "True" }] },
    })
}

fn schema() -> Value {
    let open = json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {} });
    json!({ "type": "object", "properties": { "apiVersion": { "type": "string" }, "kind": { "type": "string" }, "metadata": { "type": "object" }, "spec": open, "status": open } })
}
