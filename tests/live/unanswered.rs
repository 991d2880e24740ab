//! A write arrives at a real API server and its answer does not come back.

use anyhow::Context;
use serde_json::json;
use tests::desk::kubeconfig;
use tests::lab::Server;
use tests::lossy::Lossy;
use tests::{Desk, Headless};

const NAME: &str = "kos-live-u";
const WRITE: &str = "POST /apis/cluster.x-k8s.io/";

/// The cluster that clusterctl would write, held before anything is made of it.
fn paused(server: &Server) -> anyhow::Result<String> {
    let all = server.generated(NAME, "192.168.0.0/16")?;
    let cluster = all.split("\n---").find(|document| document.contains("\nkind: Cluster\n")).context("clusterctl writes a Cluster")?;
    Ok(cluster.trim_start_matches("---").replacen("\nspec:\n", "\nspec:\n  paused: true\n", 1))
}

/// What tells the one cluster from one that was written a second time.
fn stands(server: &Server) -> anyhow::Result<String> {
    server.kubectl(&["get", "cluster", NAME, "-o", "jsonpath={.metadata.uid} {.metadata.generation}"])
}

/// KOS says that it does not know; asked again, it finds what was written and writes nothing.
pub(crate) async fn a_write_without_an_answer_is_not_sent_twice(server: &Server, file: &str) -> anyhow::Result<()> {
    let lossy = Lossy::before(file, WRITE).await?;
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("lossy", &format!("http://{}", lossy.address()), "none"));
    let mut core = Headless::start(&desk, &[]).await?;
    core.call("open_context", json!({ "context": "#lossy" })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "live", |rows| rows.rows.iter().any(|row| row["link"].get("Live").is_some())).await?;
    let form = json!({
        "namespace": "default", "name": NAME, "class": { "namespace": "default", "name": "quick-start" }, "version": "v1.36.3", "control_planes": 1,
        "pools": [], "network": "NotInstalled", "pod_range": "192.168.0.0/16", "service_range": "10.128.0.0/12", "variables": {}, "yaml": paused(server)?
    });
    let plan = core.call("plan_cluster", json!({ "context": "#lossy", "form": form, "leads": "Yaml" })).await?;
    assert_eq!((&plan["dry_run"], lossy.lost()), (&json!("Accepted"), 0), "{plan:#}");
    let create = json!({ "context": "#lossy", "form": plan["form"], "digest": plan["digest"] });
    let fault = core.refused("create_cluster", create.clone()).await?;
    assert!(
        fault["sentence"].as_str().is_some_and(|said| said.starts_with(&format!("KOS does not know whether Cluster {NAME} in lossy was written"))),
        "{fault:#}"
    );
    let written = stands(server)?;
    assert_eq!(lossy.lost(), 1, "it is not sent a second time by itself");
    let fault = core.refused("create_cluster", create).await?;
    assert_eq!((&fault["unharmed"], lossy.lost()), (&json!("Nothing was written."), 1), "{fault:#}");
    assert_eq!(stands(server)?, written);
    core.end().await?;
    server.kubectl(&["delete", "cluster", NAME, "--wait=false"])?;
    server.kubectl(&["patch", "cluster", NAME, "--type=merge", "--patch", r#"{"spec":{"paused":false}}"#])?;
    server.kubectl(&["wait", "--for=delete", &format!("cluster/{NAME}"), "--timeout=300s"]).map(drop)
}
