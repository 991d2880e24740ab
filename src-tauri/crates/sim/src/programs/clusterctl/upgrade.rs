//! How does the simulated clusterctl upgrade providers?

use std::time::Duration;

use serde_json::json;

use super::{DockerGone, apply as put, cluster_of, inventory};
use crate::failure::Step;
use crate::fleet::providers::{self, Provider};
use crate::objects::{find, place};
use crate::programs::run::Run;

/// Those that are not the newest yet.
fn behind(all: &[Provider]) -> Vec<&Provider> {
    all.iter().filter(|one| one.version.as_str() < one.next).collect()
}

pub(super) async fn plan(run: &mut Run<'_>) -> Result<(), String> {
    let all = inventory(&cluster_of(run)?);
    run.err("Checking if cert-manager needs upgrade...");
    run.wait(Duration::from_millis(400)).await;
    run.out("Cert-Manager is already up to date");
    run.out("");
    run.err("Checking new release availability...");
    run.wait(Duration::from_millis(900)).await;
    run.out("");
    run.out("Latest release available for the v1beta2 Cluster API contract version:");
    run.out("");
    run.out("NAME                    NAMESPACE                           TYPE                     CURRENT VERSION   NEXT VERSION");
    for one in &all {
        let next = if one.version.as_str() < one.next { one.next } else { "Already up to date" };
        run.out(&format!("{:<24}{:<36}{:<25}{:<18}{next}", one.label, one.namespace, one.kind, one.version));
    }
    run.out("");
    if behind(&all).is_empty() {
        run.out("You are already up to date!");
    } else {
        run.out("You can now apply the upgrade by executing the following command:");
        run.out("");
        run.out("clusterctl upgrade apply --contract v1beta2");
    }
    run.out("");
    Ok(())
}

pub(super) async fn apply(run: &mut Run<'_>) -> Result<(), String> {
    let cluster = cluster_of(run)?;
    let all = inventory(&cluster);
    let behind = behind(&all);
    run.err("Checking if cert-manager needs upgrade...");
    run.err("Cert-manager is already up to date");
    run.err("Performing upgrade...");
    let named = |one: &Provider| format!("Provider={{\"name\":\"{}\",\"namespace\":\"{}\"}} providerVersion=\"{}\"", one.label, one.namespace, one.version);
    for one in &behind {
        run.err(&format!("Scaling down {}", named(one)));
        cluster.write(|store| {
            if let Some(mut manager) = find(store, "apps", "deployments", one.namespace, one.manager) {
                manager["spec"]["replicas"] = json!(0);
                place(store, manager);
            }
        });
        run.wait(Duration::from_secs(1)).await;
    }
    for one in &behind {
        run.err(&format!("Deleting {}", named(one)));
        run.wait(Duration::from_secs(1)).await;
        run.err(&format!("Installing provider=\"{}\" version=\"{}\" targetNamespace=\"{}\"", one.label, one.next, one.namespace));
        let gone = |_: DockerGone| "failed to create provider object: the server was asked to stop".to_owned();
        run.work(Step::Providers, Duration::from_secs(6)).await.map_err(gone)?;
        let next = Provider { version: one.next.to_owned(), ..(*one).clone() };
        put(run, &cluster, providers::objects(&next));
    }
    Ok(())
}
