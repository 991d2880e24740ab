//! What does the page of a cluster show, read from the rows of its stream?

use std::time::Duration;

use anyhow::bail;
use serde_json::{Value, json};
use tests::Headless;
use tests::describe::TreeLine;
use tests::headless::Rows;
use tests::lab::Server;

/// The steps of a machine, in order.
pub(crate) const STEPS: [&str; 7] = ["Queued", "BootstrapData", "Container", "BootstrapRun", "Joined", "Healthy", "Available"];

fn parts<'a>(rows: &'a Rows, name: &str) -> Vec<&'a Value> {
    rows.rows.iter().filter_map(|row| row.get(name)).collect()
}

pub(crate) fn head(rows: &Rows) -> &Value {
    parts(rows, "Head").first().copied().unwrap_or(&Value::Null)
}

pub(crate) fn why(rows: &Rows) -> &Value {
    parts(rows, "Why").first().copied().unwrap_or(&Value::Null)
}

pub(crate) fn tree(rows: &Rows) -> Vec<TreeLine> {
    let mut lines = parts(rows, "Tree");
    lines.sort_by_key(|row| row["order"].as_u64());
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let depth = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    lines.iter().map(|r| TreeLine { depth: depth(&r["depth"]), kind: text(&r["kind"]), name: text(&r["name"]) }).collect()
}

/// Waits until the tree is that of the real clusterctl, row by row. What clusterctl drew may be old before KOS is asked,
/// so it draws again until both say the same.
pub(crate) async fn drawn_as_by_clusterctl(core: &mut Headless, page: u64, server: &Server, cluster: &str) -> anyhow::Result<()> {
    let mut said = vec![];
    for _ in 0..60 {
        said = server.described(cluster)?;
        let same = core.until(page, "the tree of clusterctl", |rows| tree(rows) == said);
        if tokio::time::timeout(Duration::from_secs(1), same).await.is_ok() {
            return Ok(());
        }
    }
    let rows = core.until(page, "any rows", |_| true).await?;
    bail!("clusterctl draws {said:#?}, KOS {:#?}", tree(&rows))
}

/// The lanes of the control planes, then those of the workers, each by the age of their machines.
pub(crate) fn lanes(rows: &Rows) -> (Vec<&Value>, Vec<&Value>) {
    let mut all = parts(rows, "Lane");
    // A restart lists in another order what was made in the same second.
    all.sort_by_key(|lane| (lane["created"].as_u64(), lane["machine"].as_str()));
    all.into_iter().partition(|lane| lane["group"] == "ControlPlane")
}

/// When a step of a lane ended.
pub(crate) fn end(lane: &Value, step: &str) -> u64 {
    let bars = lane["bars"].as_array().into_iter().flatten();
    bars.filter(|bar| bar["step"] == step).find_map(|bar| bar["to"].as_u64()).unwrap_or_else(|| panic!("{step} has no end: {lane:#}"))
}

/// Every lane went through all steps, one after another.
pub(crate) fn assert_in_order<'a>(lanes: impl IntoIterator<Item = &'a &'a Value>) {
    for lane in lanes {
        let steps: Vec<&str> = lane["bars"].as_array().into_iter().flatten().filter_map(|bar| bar["step"].as_str()).collect();
        assert_eq!(steps, STEPS, "{lane:#}");
        assert!(STEPS.windows(2).all(|two| end(lane, two[0]) <= end(lane, two[1])), "{lane:#}");
    }
}

/// It has as many machines as were asked for, all of them available, each count says so, and nothing stands in its way.
pub(crate) fn is_as_asked(rows: &Rows, control_planes: usize, workers: usize) -> bool {
    let machines = control_planes + workers;
    let head = head(rows);
    let is_well = head["state"] == "Available" && head["why"] == "" && head["wanted"] == machines && head["machines"] == json!(vec!["Ready"; machines]);
    let lanes = parts(rows, "Lane");
    let all_available = lanes.len() == machines && lanes.iter().all(|lane| lane["state"].get("Available").is_some());
    rows.status == "Live"
        && is_well
        && all_available
        && count(rows, "KubeadmControlPlane") == [control_planes; 2]
        && count(rows, "MachineDeployment") == [workers; 2]
}

/// `3 of 3`, as the row of a kind says it.
fn count(rows: &Rows, kind: &str) -> [usize; 2] {
    let said = parts(rows, "Tree").into_iter().find(|row| row["kind"] == kind).map_or(&Value::Null, |row| &row["ready"]);
    [0, 1].map(|i| said[i].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX))
}
