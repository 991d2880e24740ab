//! Which providers does the simulated clusterctl know, and what do they hold?

use std::time::Duration;

use super::{VERSION, cluster_of};
use crate::fleet::providers::{self, Provider};
use crate::programs::run::Run;
use crate::server::resources::ResourceId;

/// Name, type, where its releases are.
const KNOWN: [(&str, &str, &str); 16] = [
    ("cluster-api", "CoreProvider", "https://github.com/kubernetes-sigs/cluster-api/releases/latest/"),
    ("k0sproject-k0smotron", "BootstrapProvider", "https://github.com/k0sproject/k0smotron/releases/latest/"),
    ("kubeadm", "BootstrapProvider", "https://github.com/kubernetes-sigs/cluster-api/releases/latest/"),
    ("rke2", "BootstrapProvider", "https://github.com/rancher/cluster-api-provider-rke2/releases/latest/"),
    ("talos", "BootstrapProvider", "https://github.com/siderolabs/cluster-api-bootstrap-provider-talos/releases/latest/"),
    ("kubeadm", "ControlPlaneProvider", "https://github.com/kubernetes-sigs/cluster-api/releases/latest/"),
    ("talos", "ControlPlaneProvider", "https://github.com/siderolabs/cluster-api-control-plane-provider-talos/releases/latest/"),
    ("aws", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api-provider-aws/releases/latest/"),
    ("azure", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api-provider-azure/releases/latest/"),
    ("docker", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api/releases/latest/"),
    ("gcp", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api-provider-gcp/releases/latest/"),
    ("metal3", "InfrastructureProvider", "https://github.com/metal3-io/cluster-api-provider-metal3/releases/latest/"),
    ("openstack", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api-provider-openstack/releases/latest/"),
    ("vsphere", "InfrastructureProvider", "https://github.com/kubernetes-sigs/cluster-api-provider-vsphere/releases/latest/"),
    ("in-cluster", "IPAMProvider", "https://github.com/kubernetes-sigs/cluster-api-ipam-provider-in-cluster/releases/latest/"),
    ("helm", "AddonProvider", "https://github.com/kubernetes-sigs/cluster-api-addon-provider-helm/releases/latest/"),
];

const FLAGS: [&str; 7] = ["--core", "--bootstrap", "--control-plane", "--infrastructure", "--ipam", "--addon", "--runtime-extension"];

pub(super) fn list(run: &mut Run<'_>) -> Result<(), String> {
    run.out("NAME                       TYPE                       URL                                    FILE");
    for (name, kind, url) in KNOWN {
        run.out(&format!("{name:<27}{kind:<27}{url}   components.yaml"));
    }
    Ok(())
}

/// The provider that a flag names, with its version.
fn named(run: &Run<'_>) -> Result<Provider, String> {
    let arguments = run.arguments();
    let (flag, text) = FLAGS.iter().find_map(|flag| Some((*flag, arguments.value(flag)?))).ok_or("at least one provider should be specified")?;
    let (name, version) = text.split_once(':').unwrap_or((text, VERSION));
    providers::named(flag, name, version).ok_or_else(|| {
        format!("failed to get provider components for the \"{text}\" provider: error getting the repository for {name}: Get \"https://github.com/\": dial tcp: lookup github.com: no such host")
    })
}

pub(super) fn provider(run: &mut Run<'_>) -> Result<(), String> {
    let provider = named(run)?;
    if run.arguments().has("--describe") {
        let name = provider.label.rsplit_once('-').map_or(provider.label, |(_, name)| name);
        let lines = [("Name", name), ("Type", provider.kind), ("Version", &provider.version), ("TargetNamespace", provider.namespace)];
        lines.iter().for_each(|(key, value)| run.out(&format!("{:<20}{value}", format!("{key}:"))));
        return Ok(());
    }
    for object in providers::objects(&provider) {
        let text = serde_yaml::to_string(&object).map_err(|why| why.to_string())?;
        // Keys in the order in which components are written.
        run.out(&format!("kind: {}", object["kind"].as_str().unwrap_or_default()));
        text.lines().filter(|line| !line.starts_with("kind:")).for_each(|line| run.out(line));
        run.out("---");
    }
    if provider.label == "infrastructure-vsphere" {
        CREDENTIALS.lines().for_each(|line| run.out(line));
    }
    Ok(())
}

/// What asks for variables.
const CREDENTIALS: &str = "apiVersion: v1
kind: Secret
metadata:
  name: capv-manager-bootstrap-credentials
  namespace: capv-system
stringData:
  credentials.yaml: |-
    username: '${VSPHERE_USERNAME}'
    password: '${VSPHERE_PASSWORD}'
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: capv-manager-role
features: ${EXP_NODE_ANTI_AFFINITY:=false}";

/// Takes a provider away; its kinds and its namespace stay.
pub(super) async fn delete(run: &mut Run<'_>) -> Result<(), String> {
    let (cluster, provider) = (cluster_of(run)?, named(run)?);
    run.err(&format!("Deleting Provider=\"{}\" Version=\"\" Namespace=\"{}\"", provider.label, provider.namespace));
    run.wait(Duration::from_secs(1)).await;
    cluster.write(|store| {
        store.remove(&ResourceId::new("apps", "deployments"), provider.namespace, provider.manager);
        store.remove(&ResourceId::new("clusterctl.cluster.x-k8s.io", "providers"), provider.namespace, provider.label);
    });
    Ok(())
}
