//! How long do tree, lanes and explanation take of many clusters, and an event until it is on the page?

use std::cell::Cell;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Built;
use super::desk::Desk;
use super::lines::{Core, rows};
use super::management::Management;
use super::series::{self, Series};
use crate::programs::cargo_path;

const TURNS: usize = 15;
const CONTEXT: &str = "#bench";
const MACHINES: &str = "/apis/cluster.x-k8s.io/v1beta2/machines";

pub(crate) fn measure(built: &Built) -> Result<()> {
    for line in example(&[])?.lines() {
        let figure: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let text = |field: &str| figure[field].as_str().unwrap_or_default().to_owned();
        let mut took = Series::default();
        figure["took"].as_array().into_iter().flatten().filter_map(Value::as_f64).for_each(|one| took.push(one));
        series::bound(&text("name"), &text("unit"), &took, figure["bound"].as_f64().unwrap_or_default());
    }
    event_to_lane(built)
}

fn example(args: &[&str]) -> Result<String> {
    let mut cargo = Command::new(cargo_path());
    cargo.args(["run", "--locked", "--release", "--quiet", "--package", "capi", "--example", "figures", "--"]).args(args);
    let out = cargo.stderr(Stdio::inherit()).output().context("cargo")?;
    if !out.status.success() {
        bail!("the figures of capi ended with {}", out.status);
    }
    Ok(String::from_utf8(out.stdout)?)
}

/// From the line of a watch to the batch with the lane, as the window pulls it, with all the clusters beside it.
fn event_to_lane(built: &Built) -> Result<()> {
    let objects = example(&["objects"])?;
    let mut of_machine = objects.lines().filter_map(|line| line.strip_prefix("cluster.x-k8s.io/v1beta2 Machine "));
    let mut machine: Value = serde_json::from_str(of_machine.next_back().context("there are machines")?)?;
    let cluster = machine["spec"]["clusterName"].clone();
    let clusters = objects.lines().filter(|line| line.starts_with("cluster.x-k8s.io/v1beta2 Cluster ")).count();
    let management = Management::start(&objects)?;
    let desk = Desk::new()?;
    desk.file(".kube/config", &management.kubeconfig())?;
    let mut core = Core::start(&built.headless, &desk)?;
    core.ask(json!({ "call": "open_context", "with": { "context": CONTEXT } }))?;
    core.ask(json!({ "subscribe": { "Clusters": CONTEXT } }))?;
    // One kind comes after the other, and a cluster is drawn again with each: all is there when all are well.
    let well = Cell::new(0);
    core.until(|batch| {
        let all = ["Snapshot", "Delta"].iter().flat_map(|kind| [&batch[kind]["rows"], &batch[kind]["set"]]).filter_map(Value::as_array).flatten();
        well.set(well.get() + all.filter(|row| row["state"] == "Available" && row["machines"].as_array().is_some_and(|all| all.len() == 10)).count());
        well.get() >= clusters
    })?;
    core.ask(json!({ "subscribe": { "Cluster": { "context": CONTEXT, "namespace": "default", "name": cluster } } }))?;
    core.until(|batch| rows(batch) > 0)?;
    let mut took = Series::default();
    for turn in 0..=TURNS {
        let status = if turn % 2 == 0 { "False" } else { "True" };
        machine["metadata"]["resourceVersion"] = json!((turn + 2).to_string());
        let conditions = machine["status"]["conditions"].as_array_mut().context("a machine with conditions")?;
        conditions.iter_mut().filter(|one| one["type"] == "Available").for_each(|one| one["status"] = json!(status));
        let began = Instant::now();
        management.tell(MACHINES, &machine)?;
        let there = core.until(|batch| batch["Delta"]["set"].as_array().is_some_and(|set| set.iter().any(|row| row["Lane"].is_object())))?;
        // The first turn fills the caches and counts for nothing.
        if turn > 0 {
            took.push(there.duration_since(began).as_secs_f64() * 1_000.0);
        }
    }
    series::bound(&format!("watch event to its lane on the page, {clusters} clusters"), "ms", &took, 100.0);
    Ok(())
}
