//! Are a cluster and the files that define it compared, and is either side written only as it was shown?

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Desk, Headless, headless::Rows};

const CLUSTER: &str = "\
# ours
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: lab-b
spec:
  topology:
    version: v1.36.1 # keep
    workers:
      machineDeployments:
      - name: md-0
        class: default-worker
        replicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
";

/// The demo with its management cluster open, and a folder that defines lab-b.
async fn bound(desk: &Desk) -> anyhow::Result<(Headless, Value, PathBuf)> {
    let mut core = Headless::start(desk, &["--demo=fleet", "--pace=60"]).await?.within(Duration::from_secs(60));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let id = rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    let folder = desk.home().join("definitions");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("lab-b.yaml"), CLUSTER)?;
    let at = json!({ "context": id, "namespace": "default", "name": "lab-b" });
    core.call("bind_folder", json!({ "at": at, "path": folder })).await?;
    Ok((core, at, folder))
}

fn object<'r>(rows: &'r Rows, kind: &str) -> Option<&'r Value> {
    rows.rows.iter().filter_map(|row| row.get("Object")).find(|row| row["object"]["kind"] == kind)
}

fn is(rows: &Rows, kind: &str, state: &str) -> bool {
    object(rows, kind).is_some_and(|row| row["state"] == state)
}

#[tokio::test]
async fn a_folder_is_compared_applied_and_the_machines_follow() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, at, _) = bound(&desk).await?;
    let drift = core.subscribe(json!({ "Drift": at })).await?;
    let seen = core.until(drift, "a cluster that drifted", |seen| is(seen, "Cluster", "Drifted")).await?;
    let field = &object(&seen, "Cluster").cloned().unwrap_or_default()["fields"];
    assert_eq!(
        (field.as_array().map(Vec::len), &field[0]["path"], &field[0]["file"], &field[0]["cluster"]),
        (Some(1), &json!(".spec.topology.workers.machineDeployments[md-0].replicas"), &json!("5"), &json!("3"))
    );
    assert!(seen.rows.iter().any(|row| row["Left"]["why"] == "OtherKind" && row["Left"]["at"]["line"] == 15), "{:?}", seen.rows);
    let plan = core.call("plan_definitions", json!({ "at": at, "objects": [] })).await?;
    assert!(plan["writes"][0]["after"].as_str().is_some_and(|text| text.contains("replicas: 5")), "{plan}");
    let other = core.refused("apply_definitions", json!({ "at": at, "objects": [], "digest": "another", "typed": "" })).await?;
    assert_eq!((&other["code"], &other["unharmed"]), (&json!("Changed"), &json!("Nothing was written.")));
    let cluster = core.subscribe(json!({ "Cluster": at })).await?;
    let applied = core.call("apply_definitions", json!({ "at": at, "objects": [], "digest": plan["digest"], "typed": "" })).await?;
    assert_eq!(applied["written"], json!(["Cluster lab-b"]));
    core.until(drift, "no drift any more", |seen| is(seen, "Cluster", "Same")).await?;
    core.until(cluster, "six machines asked for", |seen| seen.rows.iter().any(|row| row["Head"]["wanted"] == 6)).await?;
    core.end().await
}

#[tokio::test]
async fn a_saved_file_is_seen_and_what_runs_is_written_into_it() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, at, folder) = bound(&desk).await?;
    let drift = core.subscribe(json!({ "Drift": at })).await?;
    core.until(drift, "a cluster that drifted", |seen| is(seen, "Cluster", "Drifted")).await?;
    let file = folder.join("lab-b.yaml");
    std::fs::write(&file, CLUSTER.replace("replicas: 5", "replicas: 3"))?;
    core.until(drift, "the saved file", |seen| is(seen, "Cluster", "Same")).await?;
    std::fs::write(&file, CLUSTER)?;
    core.until(drift, "the file of before", |seen| is(seen, "Cluster", "Drifted")).await?;
    let cluster = json!({ "group": "cluster.x-k8s.io", "kind": "Cluster", "namespace": "default", "name": "lab-b" });
    let wish = json!({ "Take": { "objects": [cluster] } });
    let plan = core.call("plan_files", json!({ "at": at, "wish": wish })).await?;
    assert_eq!((&plan["files"][0]["before"], &plan["files"][0]["comments"]), (&json!(CLUSTER), &json!("Stay")), "{plan}");
    assert_eq!(std::fs::read_to_string(&file)?, CLUSTER, "a plan writes nothing");
    core.call("save_files", json!({ "at": at, "wish": wish, "digest": plan["digest"] })).await?;
    assert_eq!(std::fs::read_to_string(&file)?, CLUSTER.replace("replicas: 5", "replicas: 3"));
    core.until(drift, "no drift any more", |seen| is(seen, "Cluster", "Same")).await?;
    core.end().await
}

#[tokio::test]
async fn what_runs_is_committed_and_a_difference_is_accepted_as_the_page_asks_for_it() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo=fleet", "--pace=60"]).await?.within(Duration::from_secs(60));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let id = rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    let at = json!({ "context": id, "namespace": "default", "name": "lab-a" });
    let drift = core.subscribe(json!({ "Drift": at })).await?;
    let seen = core.until(drift, "a check that drifted", |seen| is(seen, "MachineHealthCheck", "Drifted") && is(seen, "Cluster", "Drifted")).await?;
    let check = object(&seen, "MachineHealthCheck").cloned().unwrap_or_default();
    core.call("accept_drift", json!({ "at": at, "object": check["object"], "seen": check["seen"] })).await?;
    core.until(drift, "that it is accepted", |seen| seen.rows.iter().any(|row| row["Object"]["state"] == "Accepted")).await?;
    let objects = json!([object(&seen, "Cluster").cloned().unwrap_or_default()["object"]]);
    let plan = core.call("plan_commit", json!({ "at": at, "objects": objects })).await?;
    assert_eq!((&plan["branch"], &plan["rendered"], plan["files"]["files"].as_array().map(Vec::len)), (&json!("main"), &json!("Same"), Some(1)), "{plan}");
    let stale = core.refused("commit_files", json!({ "at": at, "objects": objects, "digest": "another", "message": "lab-a" })).await?;
    assert_eq!((&stale["code"], &stale["unharmed"]), (&json!("Changed"), &json!("Nothing was written.")));
    let made = core.call("commit_files", json!({ "at": at, "objects": objects, "digest": plan["digest"], "message": "lab-a: 3 workers" })).await?;
    let head = |seen: &Rows| seen.rows.iter().any(|row| row["Head"]["bound"]["checkout"]["commit"] == made["commit"]);
    core.until(drift, "the new commit", |seen| head(seen) && is(seen, "Cluster", "Same")).await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_is_exported_and_a_file_that_is_there_is_compared_first() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, at, folder) = bound(&desk).await?;
    let to = folder.join("exported.yaml");
    std::fs::write(&to, "# mine\n")?;
    let wish = json!({ "Export": { "to": to } });
    let plan = core.call("plan_files", json!({ "at": at, "wish": wish })).await?;
    let text = plan["files"][0]["after"].as_str().unwrap_or_default().to_owned();
    assert_eq!((plan["files"].as_array().map(Vec::len), &plan["files"][0]["before"]), (Some(1), &json!("# mine\n")), "{plan}");
    assert!(text.contains("kind: Cluster\n") && text.contains("kind: ClusterClass") && !text.contains("\nstatus:") && !text.contains("kind: Secret"), "{text}");
    std::fs::write(&to, "# mine, saved again\n")?;
    let stale = core.refused("save_files", json!({ "at": at, "wish": wish, "digest": plan["digest"] })).await?;
    assert_eq!(stale["code"], "Changed", "{stale}");
    assert_eq!(std::fs::read_to_string(&to)?, "# mine, saved again\n");
    let plan = core.call("plan_files", json!({ "at": at, "wish": wish })).await?;
    core.call("save_files", json!({ "at": at, "wish": wish, "digest": plan["digest"] })).await?;
    assert_eq!(std::fs::read_to_string(&to)?, text);
    core.end().await
}

#[tokio::test]
async fn a_folder_that_is_none_is_not_bound_and_one_that_went_is_told() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, at, folder) = bound(&desk).await?;
    for (path, words) in [("/nonexistent/x", "/nonexistent/x cannot be opened."), ("relative", "A folder is bound by its full path.")] {
        let refused = core.refused("bind_folder", json!({ "at": at, "path": path })).await?;
        assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!(words), &json!("Nothing was bound.")));
    }
    let drift = core.subscribe(json!({ "Drift": at })).await?;
    core.until(drift, "a cluster that drifted", |seen| is(seen, "Cluster", "Drifted")).await?;
    std::fs::remove_dir_all(&folder)?;
    let failed = |seen: &Rows| seen.rows.iter().any(|row| row["Head"]["bound"]["compared"]["Failed"]["code"] == "File");
    core.until(drift, "that the folder is gone", |seen| failed(seen) && is(seen, "Cluster", "Drifted")).await?;
    core.call("unbind_folder", json!({ "at": at })).await?;
    core.until(drift, "that nothing is bound", |seen| seen.rows.iter().any(|row| row.get("Head").is_some_and(|head| head["bound"].is_null()))).await?;
    let unbound = core.refused("plan_definitions", json!({ "at": at, "objects": [] })).await?;
    assert_eq!(unbound["sentence"], "lab-b is bound to no folder. Bind one first.");
    core.end().await
}
