//! Does each scene of the demo show what it is for, and can one go on from it?

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Desk, Headless, headless::Rows, window};

/// A demo that takes minutes for people takes seconds here.
const PACE: &str = "--pace=60";

async fn open(desk: &Desk, scene: &str) -> anyhow::Result<Headless> {
    Ok(Headless::start(desk, &[&format!("--demo={scene}"), PACE]).await?.within(Duration::from_secs(120)))
}

fn state<'r>(rows: &'r Rows, name: &str) -> Option<&'r Value> {
    rows.rows.first().map(|job| &job["state"]).filter(|state| *state == name || state.get(name).is_some())
}

async fn job(core: &mut Headless, stream: u64, wanted: &str) -> anyhow::Result<Value> {
    let rows = core.until(stream, wanted, |rows| state(rows, wanted).is_some()).await?;
    Ok(rows.rows[0].clone())
}

#[tokio::test]
async fn every_scene_opens_with_what_it_is_for() -> anyhow::Result<()> {
    for (scene, contexts, docker, jobs) in [
        ("fleet", 14, "Running", 0),
        ("first", 0, "Running", 0),
        ("no-docker", 0, "Stopped", 0),
        ("empty", 0, "Running", 0),
        ("failing", 11, "Running", 1),
        ("no-network", 14, "Running", 0),
        ("hostile", 15, "Running", 0),
        ("hostile-failing", 12, "Running", 1),
    ] {
        let desk = Desk::new();
        let mut core = open(&desk, scene).await?;
        let [rows, computer, work] = [core.subscribe(json!("Contexts")).await?, core.subscribe(json!("Computer")).await?, core.subscribe(json!("Jobs")).await?];
        // What stands on this machine is looked at for whoever looks at the checks.
        core.subscribe(json!("Checks")).await?;
        core.until(rows, scene, |rows| rows.batches > 0 && rows.rows.len() == contexts).await?;
        core.until(computer, scene, |rows| rows.rows.first().is_some_and(|row| row["docker"].get(docker).is_some())).await?;
        core.until(work, scene, |rows| rows.batches > 0 && rows.rows.len() == jobs).await?;
        core.end().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_demo_fleet_opens_with_its_contexts_connected() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = open(&desk, "fleet").await?;
    let rows = core.subscribe(json!("Contexts")).await?;
    let live = |rows: &Rows| rows.rows.iter().filter(|row| row["link"].get("Live").is_some()).count();
    core.until(rows, "four live contexts", |rows| live(rows) == 4).await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_without_a_network_says_in_the_demo_what_it_waits_for() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = open(&desk, "no-network").await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let id = |rows: &Rows| rows.rows.iter().find(|row| row["name"] == "kind-kos-mgmt" && row["link"].get("Live").is_some()).map(|row| row["id"].clone());
    let rows = core.until(contexts, "the management cluster", |rows| id(rows).is_some()).await?;
    let cluster = core.subscribe(json!({ "Cluster": { "context": id(&rows), "namespace": "default", "name": "lab-a" } })).await?;
    core.until(cluster, "a network that is missing", |rows| rows.rows.iter().any(|row| row["Why"]["rule"] == "no-cni")).await?;
    core.end().await
}

#[tokio::test]
async fn a_job_that_failed_in_the_demo_is_retried_to_its_end() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = open(&desk, "failing").await?;
    let jobs = core.subscribe(json!("Jobs")).await?;
    let failed = job(&mut core, jobs, "Failed").await?;
    core.call("retry_job", json!({ "job": failed["id"] })).await?;
    job(&mut core, jobs, "Done").await?;
    core.end().await
}

#[tokio::test]
async fn a_job_that_was_cut_off_in_the_demo_continues_to_its_end() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = open(&desk, "cut-off").await?;
    let jobs = core.subscribe(json!("Jobs")).await?;
    let cut = job(&mut core, jobs, "Interrupted").await?;
    core.call("continue_job", json!({ "job": cut["id"] })).await?;
    job(&mut core, jobs, "Done").await?;
    core.end().await
}

#[tokio::test]
async fn a_job_that_was_cut_off_in_the_demo_is_undone_or_kept() -> anyhow::Result<()> {
    for (call, end) in [("undo_job", "Undone"), ("keep_job", "Kept")] {
        let desk = Desk::new();
        let mut core = open(&desk, "cut-off").await?;
        let jobs = core.subscribe(json!("Jobs")).await?;
        let cut = job(&mut core, jobs, "Interrupted").await?;
        core.call(call, json!({ "job": cut["id"] })).await?;
        job(&mut core, jobs, end).await?;
        core.end().await?;
    }
    Ok(())
}

#[test]
fn an_unknown_scene_ends_the_program_with_code_2_and_the_names() {
    let desk = Desk::new();
    for program in [window::binary(), window::target().join("headless")] {
        let out = Command::new(&program).arg("--demo=frist").env_clear().envs(desk.environment()).output().expect("the program is built with the tests");
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{}: {said}", program.display());
        assert!(said.contains("fleet, first, no-docker, empty, failing, cut-off"), "{said}");
    }
}
