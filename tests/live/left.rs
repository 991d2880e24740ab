//! What clusters that are gone left in the real Docker is found, offered and removed.

use std::collections::BTreeSet;

use anyhow::bail;
use serde_json::{Value, json};
use tests::headless::Rows;
use tests::{Headless, lab};

use crate::made::in_docker;
use crate::management::{Removed, core, desk, ended, follow, remove, state};

const LOST: &str = "kos-live-lost";

/// A container with the labels that Cluster API's Docker provider gives its machines and load balancers, with a volume of
/// its own, on the network of kind.
fn left_behind(name: &str, role: &str) -> anyhow::Result<()> {
    let image = lab::run("docker", &["image", "ls", "kindest/haproxy", "--format", "{{.Repository}}:{{.Tag}}"])?;
    let (cluster, role) = (format!("io.x-k8s.kind.cluster={LOST}"), format!("io.x-k8s.kind.role={role}"));
    let run = ["run", "--detach", "--name", name, "--label", &cluster, "--label", &role, "--network", "kind", "--volume", "/var"];
    lab::run("docker", &[run.as_slice(), &[image.trim()]].concat()).map(drop)
}

/// kind makes it with the first cluster; where none was made yet it is made here.
fn network_of_kind() -> anyhow::Result<()> {
    if in_docker()?.contains("network kind") {
        return Ok(());
    }
    lab::run("docker", &["network", "create", "kind"]).map(drop)
}

fn names(found: &Value, list: &str) -> Vec<String> {
    found[list].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
}

/// What is surely left over of live tests; this machine may have leftovers of its own.
fn sure(found: &Value) -> Vec<&Value> {
    let all = found["sure"].as_array().into_iter().flatten();
    all.filter(|one| one["name"].as_str().is_some_and(|name| name.starts_with("kos-live"))).collect()
}

async fn done(core: &mut Headless, job: &Value) -> anyhow::Result<Rows> {
    let view = follow(core, job).await?;
    core.until(view, "the job ends", ended).await
}

#[tokio::test]
async fn what_clusters_left_in_docker_is_found_offered_and_removed() -> anyhow::Result<()> {
    let _removed = Removed(&[LOST]);
    let desk = desk(&[LOST])?;
    network_of_kind()?;
    let before = in_docker()?;
    left_behind("kos-live-lost-lb", "external-load-balancer")?;
    left_behind("kos-live-lost-md-0-x7k2p", "worker")?;
    // One that was stopped is left over as well, and keeps the network in use.
    lab::run("docker", &["stop", "--time", "1", "kos-live-lost-lb", "kos-live-lost-md-0-x7k2p"])?;
    let made: BTreeSet<String> = in_docker()?.difference(&before).cloned().collect();
    assert_eq!(made.len(), 4, "two containers, each with a volume: {made:?}");

    let mut core = core(&desk).await?;
    let found = core.call("find_leftovers", Value::Null).await?;
    let [lost] = sure(&found)[..] else { bail!("one cluster is left over: {found:#}") };
    assert_eq!(lost["name"], LOST);
    assert_eq!((lost["containers"].as_array().map(Vec::len), &lost["volumes"]), (Some(2), &json!(2)), "{lost:#}");
    assert!(lost["bytes"].is_u64() && lost["created"].is_u64(), "{lost:#}");
    assert_eq!(found["networks"], json!([]), "somebody is on it: {found:#}");
    let refused = core.refused("remove_network", json!({ "name": "kind" })).await?;
    assert_eq!(refused["unharmed"], "Nothing was removed.");

    remove(&mut core, LOST).await?;
    let stays = in_docker()?;
    assert!(stays.is_disjoint(&made) && stays.contains("network kind"), "containers and volumes are gone, the network stays: {stays:?}");
    let found = core.call("find_leftovers", Value::Null).await?;
    assert_eq!((sure(&found), names(&found, "networks")), (vec![], vec!["kind".to_owned()]), "{found:#}");
    assert_eq!(found["networks"][0]["command"], "docker network rm kind");
    let job = core.call("remove_network", json!({ "name": "kind" })).await?;
    let rows = done(&mut core, &job).await?;
    assert_eq!(state(&rows), "Done", "{:#}", rows.rows[0]);
    assert!(!in_docker()?.contains("network kind"));
    let found = core.call("find_leftovers", Value::Null).await?;
    assert_eq!(found["networks"], json!([]), "{found:#}");
    core.end().await
}
