//! Which providers does the simulated clusterctl know, and what do they hold?

use std::time::Duration;

use super::{cluster_of, not_in_the_demo};
use crate::fleet::providers::{self, Provider};
use crate::programs::run::Run;
use crate::server::resources::ResourceId;

const FLAGS: [&str; 7] = ["--core", "--bootstrap", "--control-plane", "--infrastructure", "--ipam", "--addon", "--runtime-extension"];

pub(super) fn list(run: &mut Run<'_>) -> Result<(), String> {
    run.out("NAME                       TYPE                       URL                                    FILE");
    for one in providers::KNOWN {
        run.out(&format!("{:<27}{:<27}{}   components.yaml", one.name, one.kind, one.from));
    }
    Ok(())
}

/// The provider that a flag names, with its version.
fn named(run: &Run<'_>) -> Result<Provider, String> {
    let arguments = run.arguments();
    let (flag, text) = FLAGS.iter().find_map(|flag| Some((*flag, arguments.value(flag)?))).ok_or("at least one provider should be specified")?;
    let (name, version) = text.split_once(':').unwrap_or((text, ""));
    providers::named(flag, name, version).ok_or_else(|| not_in_the_demo(name))
}

pub(super) fn provider(run: &mut Run<'_>) -> Result<(), String> {
    let provider = named(run)?;
    if run.arguments().has("--describe") {
        let lines = [("Name", provider.name), ("Type", provider.kind), ("Version", &provider.version), ("TargetNamespace", provider.namespace)];
        lines.iter().for_each(|(key, value)| run.out(&format!("{:<20}{value}", format!("{key}:"))));
        return Ok(());
    }
    // The kind of its inventory is clusterctl's own, no provider's.
    let is_inventory = |object: &serde_json::Value| object["spec"]["group"] == "clusterctl.cluster.x-k8s.io";
    for object in providers::objects(&provider).into_iter().filter(|object| !is_inventory(object)) {
        let text = serde_yaml::to_string(&object).map_err(|why| why.to_string())?;
        // Keys in the order in which components are written.
        run.out(&format!("kind: {}", object["kind"].as_str().unwrap_or_default()));
        text.lines().filter(|line| !line.starts_with("kind:")).for_each(|line| run.out(line));
        run.out("---");
    }
    if !provider.asks.is_empty() {
        run.out(&credentials(&provider));
    }
    Ok(())
}

/// What asks for variables: a Secret, and a switch that has a value of its own.
fn credentials(provider: &Provider) -> String {
    let name = provider.manager.trim_end_matches("-controller-manager");
    let asked: String = provider.asks.iter().map(|variable| format!("    {}: '${{{variable}}}'\n", variable.to_lowercase())).collect();
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}-manager-bootstrap-credentials\n  namespace: {}\nstringData:\n  credentials.yaml: |-\n{asked}---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}-manager-role\nfeatures: ${{EXP_NODE_ANTI_AFFINITY:=false}}",
        provider.namespace
    )
}

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
