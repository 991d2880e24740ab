//! What do cert-manager and the providers of Cluster API put into a cluster?

use std::sync::Arc;

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::objects::{READY_AFTER, deployment, namespace, place, service};

/// One provider as clusterctl knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) label: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) manager: &'static str,
    pub(crate) service: &'static str,
    pub(crate) group: &'static str,
    pub(crate) kinds: &'static [(&'static str, &'static str)],
    pub(crate) version: String,
}

pub(crate) fn named(flag: &str, name: &str, version: &str) -> Option<Provider> {
    let version = version.to_owned();
    Some(match (flag, name) {
        ("--core", "cluster-api") => Provider {
            label: "cluster-api",
            namespace: "capi-system",
            kind: "CoreProvider",
            manager: "capi-controller-manager",
            service: "capi-webhook-service",
            group: "cluster.x-k8s.io",
            kinds: &[
                ("Cluster", "clusters"),
                ("Machine", "machines"),
                ("MachineDeployment", "machinedeployments"),
                ("MachineSet", "machinesets"),
                ("MachineHealthCheck", "machinehealthchecks"),
                ("ClusterClass", "clusterclasses"),
            ],
            version,
        },
        ("--bootstrap", "kubeadm") => Provider {
            label: "bootstrap-kubeadm",
            namespace: "capi-kubeadm-bootstrap-system",
            kind: "BootstrapProvider",
            manager: "capi-kubeadm-bootstrap-controller-manager",
            service: "capi-kubeadm-bootstrap-webhook-service",
            group: "bootstrap.cluster.x-k8s.io",
            kinds: &[("KubeadmConfig", "kubeadmconfigs"), ("KubeadmConfigTemplate", "kubeadmconfigtemplates")],
            version,
        },
        ("--control-plane", "kubeadm") => Provider {
            label: "control-plane-kubeadm",
            namespace: "capi-kubeadm-control-plane-system",
            kind: "ControlPlaneProvider",
            manager: "capi-kubeadm-control-plane-controller-manager",
            service: "capi-kubeadm-control-plane-webhook-service",
            group: "controlplane.cluster.x-k8s.io",
            kinds: &[("KubeadmControlPlane", "kubeadmcontrolplanes"), ("KubeadmControlPlaneTemplate", "kubeadmcontrolplanetemplates")],
            version,
        },
        ("--infrastructure", "docker") => Provider {
            label: "infrastructure-docker",
            namespace: "capd-system",
            kind: "InfrastructureProvider",
            manager: "capd-controller-manager",
            service: "capd-webhook-service",
            group: "infrastructure.cluster.x-k8s.io",
            kinds: &[
                ("DockerCluster", "dockerclusters"),
                ("DockerMachine", "dockermachines"),
                ("DockerClusterTemplate", "dockerclustertemplates"),
                ("DevCluster", "devclusters"),
                ("DevMachine", "devmachines"),
                ("DevClusterTemplate", "devclustertemplates"),
                ("DockerMachineTemplate", "dockermachinetemplates"),
                ("DevMachineTemplate", "devmachinetemplates"),
            ],
            version,
        },
        ("--infrastructure", "vsphere") => Provider {
            label: "infrastructure-vsphere",
            namespace: "capv-system",
            kind: "InfrastructureProvider",
            manager: "capv-controller-manager",
            service: "capv-webhook-service",
            group: "infrastructure.cluster.x-k8s.io",
            kinds: &[("VSphereCluster", "vsphereclusters"), ("VSphereMachine", "vspheremachines"), ("VSphereMachineTemplate", "vspheremachinetemplates")],
            version,
        },
        _ => return None,
    })
}

/// A provider by its name in the inventory.
pub(crate) fn labelled(label: &str, version: &str) -> Option<Provider> {
    let (flag, name) = match label.split_once('-')? {
        ("cluster", _) => ("--core", label),
        ("bootstrap", name) => ("--bootstrap", name),
        ("control", name) => ("--control-plane", name.strip_prefix("plane-")?),
        ("infrastructure", name) => ("--infrastructure", name),
        _ => return None,
    };
    named(flag, name, version)
}

/// Puts the four usual providers into a cluster as they stand days after an init; `log` is what Docker's wrote.
pub(crate) fn installed(cluster: &Arc<Cluster>, created: &str, log: &str) {
    let wanted = [("--core", "cluster-api"), ("--bootstrap", "kubeadm"), ("--control-plane", "kubeadm"), ("--infrastructure", "docker")];
    let all = wanted.into_iter().filter_map(|(flag, name)| named(flag, name, "v1.14.2"));
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
    let mut objects = vec![namespace(place, ""), definition("clusterctl.cluster.x-k8s.io", "Provider", "providers", &["v1alpha3"])];
    objects.extend(provider.kinds.iter().map(|(kind, plural)| {
        let mut definition = definition(provider.group, kind, plural, &["v1beta2", "v1beta1"]);
        definition["metadata"]["labels"] =
            json!({ "cluster.x-k8s.io/provider": label, "cluster.x-k8s.io/v1beta1": "v1beta1", "cluster.x-k8s.io/v1beta2": "v1beta2" });
        definition
    }));
    let mut manager = deployment(place, provider.manager, &format!("registry.k8s.io/cluster-api/{label}-controller:{version}"), 1, "", 12);
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
        .map(|(at, name)| json!({ "name": name, "served": true, "storage": at == 0, "schema": { "openAPIV3Schema": { "type": "object" } } }))
        .collect();
    let names = json!({ "kind": kind, "listKind": format!("{kind}List"), "plural": plural, "singular": kind.to_lowercase() });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": format!("{plural}.{group}") },
        "spec": { "group": group, "scope": "Namespaced", "names": names, "versions": versions },
        "status": { "conditions": [{ "type": "NamesAccepted", "status": "True" }, { "type": "Established", "status": "True" }] },
    })
}
