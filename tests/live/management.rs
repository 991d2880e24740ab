//! The main job on the real Docker, kind and clusterctl.

use serde_json::{Value, json};
use tests::headless::Rows;
use tests::{Desk, Headless, lab};

/// A desk with the real programs in its PATH and a provider repository in a folder.
pub(crate) async fn core(desk: &Desk) -> anyhow::Result<Headless> {
    core_with(desk, &[]).await
}

/// The same, with further variables.
pub(crate) async fn core_with(desk: &Desk, variables: &[(&str, &str)]) -> anyhow::Result<Headless> {
    let mut core = Headless::start_by(desk, &[], variables, &[]).await?;
    let settings = core.subscribe(json!("Settings")).await?;
    core.until(settings, "settings", |rows| !rows.rows.is_empty()).await?;
    core.call("save_choices", json!({ "chosen": { "clusterctl_config": { "to": lab::clusterctl_config() } } })).await?;
    Ok(core)
}

/// A desk from which the clusters of an earlier run are gone, which was cut off before it removed them.
pub(crate) fn desk(clusters: &[&str]) -> anyhow::Result<Desk> {
    clusters.iter().try_for_each(|cluster| clear(cluster))?;
    Ok(Desk::new().with_path(lab::programs()))
}

/// Removes the containers of a cluster, by force.
fn clear(cluster: &str) -> anyhow::Result<()> {
    let left = lab::containers(cluster)?;
    if left.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = left.iter().map(String::as_str).collect();
    lab::run("docker", &[["rm", "--force", "--volumes"].as_slice(), &names].concat()).map(drop)
}

/// The containers of clusters that are gone when this is, also when a test fails.
pub(crate) struct Removed(pub(crate) &'static [&'static str]);

impl Drop for Removed {
    fn drop(&mut self) {
        for why in self.0.iter().filter_map(|cluster| clear(cluster).err()) {
            eprintln!("{why:#}");
        }
    }
}

/// Plans a cluster of that name with what the machine suggests, and starts the job.
pub(crate) async fn create(core: &mut Headless, name: &str) -> anyhow::Result<Value> {
    let spec = suggested(core, name).await?;
    start(core, &spec).await
}

/// What the machine suggests for a cluster of that name, of a node image that is here.
pub(crate) async fn suggested(core: &mut Headless, name: &str) -> anyhow::Result<Value> {
    let suggestion = core.call("suggest_management", Value::Null).await?;
    let mut spec = suggestion["spec"].clone();
    spec["name"] = json!(name);
    let image = suggestion["images"].as_array().into_iter().flatten().find(|i| i["is"]["Here"].is_object());
    spec["kubernetes"] = image.map(|i| i["kubernetes"].clone()).ok_or_else(|| anyhow::anyhow!("no node image is here: {suggestion}"))?;
    Ok(spec)
}

/// Plans such a cluster, which nothing may stand in the way of, and starts the job.
pub(crate) async fn start(core: &mut Headless, spec: &Value) -> anyhow::Result<Value> {
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    assert!(plan["obstacles"].as_array().is_some_and(|o| o.iter().all(|o| o["severity"] != "Unusable")), "{plan:#}");
    core.call("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await
}

pub(crate) fn state(rows: &Rows) -> &Value {
    rows.rows.first().map_or(&Value::Null, |r| &r["row"]["state"])
}

/// Whether the job came to some end; no rows yet is no end.
pub(crate) fn ended(rows: &Rows) -> bool {
    let now = state(rows);
    !now.is_null() && *now != "Running" && now.get("Undoing").is_none() && now.get("Interrupted").is_none()
}

fn running(rows: &Rows) -> Option<&Value> {
    rows.rows.first()?["steps"].as_array()?.iter().find(|s| s["mark"] == "Running")
}

pub(crate) fn at_step(rows: &Rows, words: &str) -> bool {
    running(rows).is_some_and(|s| s["title"].to_string().contains(words))
}

pub(crate) async fn follow(core: &mut Headless, job: &Value) -> anyhow::Result<u64> {
    core.subscribe(json!({ "Job": job })).await
}

pub(crate) async fn remove(core: &mut Headless, name: &str) -> anyhow::Result<()> {
    let plan = core.call("plan_delete", json!({ "name": name })).await?;
    let job = core.call("delete_cluster", json!({ "name": name, "typed": name, "seen": plan["seen"] })).await?;
    let view = follow(core, &job).await?;
    core.until(view, "deleted", |rows| state(rows) == "Done").await?;
    assert_eq!(lab::containers(name)?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn one_click_makes_a_management_cluster_and_one_removes_it() -> anyhow::Result<()> {
    let _removed = Removed(&["kos-live-a"]);
    let desk = desk(&["kos-live-a"])?;
    let mut core = core(&desk).await?;
    let job = create(&mut core, "kos-live-a").await?;
    let view = follow(&mut core, &job).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let done = core.until(view, "the job ends", ended).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let row = core.until(contexts, "the new context", |rows| rows.rows.iter().any(|r| r["name"] == "kind-kos-live-a")).await?;
    let id = row.rows.iter().find(|r| r["name"] == "kind-kos-live-a").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    let pods = core.subscribe(json!({ "Table": { "context": id, "kind": "Pods", "namespace": "" } })).await?;
    let wanted = ["capi-system", "capd-system", "cert-manager", "kube-system"];
    core.until(pods, "system pods of all providers run", |rows| {
        wanted.iter().all(|ns| rows.rows.iter().any(|r| r["Pod"]["namespace"] == *ns && r["Pod"]["status"] == "Running"))
    })
    .await?;
    let local = core.subscribe(json!("Local")).await?;
    core.call("look_around", Value::Null).await?;
    core.until(local, "listed as running", |rows| rows.rows.iter().any(|r| r["name"] == "kos-live-a" && r["state"] == "Running")).await?;
    remove(&mut core, "kos-live-a").await?;
    core.end().await
}

/// Docker lists a container for some tenths of a second before it has made it, and removes none that it still makes.
#[tokio::test]
async fn cancel_while_docker_makes_the_node_leaves_nothing_behind() -> anyhow::Result<()> {
    let _removed = Removed(&["kos-live-n"]);
    let desk = desk(&["kos-live-n"])?;
    let mut core = core(&desk).await?;
    for _ in 0..3 {
        let job = create(&mut core, "kos-live-n").await?;
        let view = follow(&mut core, &job).await?;
        core.until(view, "kind is at it", |rows| at_step(rows, "Start the node container") || ended(rows)).await?;
        let is_listed = || lab::containers("kos-live-n").is_ok_and(|listed| !listed.is_empty());
        assert!((0..2_000).any(|_| is_listed()), "docker lists no container");
        core.call("cancel_job", json!({ "job": job })).await?;
        let rows = core.until(view, "the job ends", ended).await?;
        assert_eq!(state(&rows), "Undone", "{:#}", rows.rows[0]);
        assert_eq!(lab::containers("kos-live-n")?, Vec::<String>::new());
    }
    core.end().await
}

#[tokio::test]
async fn cancel_while_the_control_plane_starts_leaves_nothing_behind() -> anyhow::Result<()> {
    let _removed = Removed(&["kos-live-b"]);
    let desk = desk(&["kos-live-b"])?;
    let mut core = core(&desk).await?;
    let job = create(&mut core, "kos-live-b").await?;
    let view = follow(&mut core, &job).await?;
    core.until(view, "the control plane starts", |rows| at_step(rows, "Start the control plane")).await?;
    core.call("cancel_job", json!({ "job": job })).await?;
    core.until(view, "undone", |rows| state(rows) == "Undone").await?;
    assert_eq!(lab::containers("kos-live-b")?, Vec::<String>::new());
    core.end().await
}

#[tokio::test]
async fn a_power_loss_while_the_control_plane_starts_is_continued_and_nothing_is_made_twice() -> anyhow::Result<()> {
    let _removed = Removed(&["kos-live-c"]);
    let desk = desk(&["kos-live-c"])?;
    let mut first = core(&desk).await?;
    let job = create(&mut first, "kos-live-c").await?;
    let view = follow(&mut first, &job).await?;
    first.until(view, "the control plane starts", |rows| at_step(rows, "Start the control plane")).await?;
    first.kill().await?;

    let mut second = core(&desk).await?;
    let view = follow(&mut second, &job).await?;
    second.until(view, "interrupted", |rows| state(rows).get("Interrupted").is_some()).await?;
    second.call("continue_job", json!({ "job": job })).await?;
    let done = second.until(view, "the job ends", ended).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    assert_eq!(lab::containers("kos-live-c")?, ["kos-live-c-control-plane"]);
    remove(&mut second, "kos-live-c").await?;
    second.end().await
}

#[tokio::test]
async fn a_power_loss_while_providers_are_installed_is_undone_to_nothing() -> anyhow::Result<()> {
    let _removed = Removed(&["kos-live-d"]);
    let desk = desk(&["kos-live-d"])?;
    let mut first = core(&desk).await?;
    let job = create(&mut first, "kos-live-d").await?;
    let view = follow(&mut first, &job).await?;
    first.until(view, "providers are installed", |rows| at_step(rows, "Install")).await?;
    first.kill().await?;

    let mut second = core(&desk).await?;
    let view = follow(&mut second, &job).await?;
    second.until(view, "interrupted", |rows| state(rows).get("Interrupted").is_some()).await?;
    second.call("undo_job", json!({ "job": job })).await?;
    second.until(view, "undone", |rows| state(rows) == "Undone").await?;
    assert_eq!(lab::containers("kos-live-d")?, Vec::<String>::new());
    second.end().await
}
