//! Is the whole way gone by one job, from an empty machine to a workload cluster with ready nodes?

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Desk, Headless, headless::Rows};

const PATIENCE: Duration = Duration::from_secs(60);

fn state(rows: &Rows) -> &Value {
    rows.rows.first().map_or(&Value::Null, |row| &row["row"]["state"])
}

/// A machine with Docker and nothing else, on which minutes are a second.
async fn empty(desk: &Desk) -> anyhow::Result<Headless> {
    Ok(Headless::start(desk, &["--demo=first", "--pace=120"]).await?.within(PATIENCE))
}

async fn suggested(core: &mut Headless) -> anyhow::Result<Value> {
    let suggestion = core.call("suggest_management", Value::Null).await?;
    let mut spec = suggestion["spec"].clone();
    spec["workload"] = suggestion["workload"].clone();
    Ok(spec)
}

async fn started(core: &mut Headless, spec: &Value) -> anyhow::Result<(Value, u64)> {
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    assert!(plan["obstacles"].as_array().is_some_and(|all| all.iter().all(|one| one["severity"] != "Unusable")), "{plan:#}");
    let job = core.call("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    let view = core.subscribe(json!({ "Job": job })).await?;
    Ok((job, view))
}

#[tokio::test]
async fn one_job_leads_from_an_empty_machine_to_a_workload_cluster_with_ready_nodes() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = empty(&desk).await?;
    let spec = suggested(&mut core).await?;
    let name = spec["workload"]["name"].as_str().unwrap_or_default().to_owned();
    let (_, view) = started(&mut core, &spec).await?;
    let done = core.until(view, "the end of the job", |rows| !state(rows).is_null() && *state(rows) != "Running").await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let steps = done.rows[0]["steps"].as_array().cloned().unwrap_or_default();
    assert!(steps.len() == 14 && steps.iter().all(|step| step["mark"] == "Done" || step["mark"] == "Skipped"), "{steps:#?}");

    let contexts = core.subscribe(json!("Contexts")).await?;
    let live = |rows: &Rows| rows.rows.iter().any(|row| row["name"] == *name && row["link"].get("Live").is_some());
    let rows = core.until(contexts, "the workload cluster is a context that answers", live).await?;
    let context = rows.rows.iter().find(|row| row["name"] == *name).map(|row| row["id"].clone()).unwrap_or_default();
    let nodes = core.subscribe(json!({ "Table": { "context": context, "kind": "Nodes", "namespace": "" } })).await?;
    core.until(nodes, "two nodes", |rows| rows.rows.len() == 2).await?;
    core.end().await
}

#[tokio::test]
async fn a_whole_way_that_is_stopped_in_its_last_steps_leaves_no_container() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = empty(&desk).await?;
    let spec = suggested(&mut core).await?;
    let (job, view) = started(&mut core, &spec).await?;
    let at = |title: &'static str| {
        move |rows: &Rows| {
            let steps = rows.rows.first().and_then(|row| row["steps"].as_array().cloned()).unwrap_or_default();
            steps.iter().any(|step| step["mark"] == "Running" && step["title"].to_string().contains(title))
        }
    };
    core.until(view, "its control plane starts", at("Start lab")).await?;
    core.call("cancel_job", json!({ "job": job })).await?;
    let undone = core.until(view, "undone", |rows| state(rows) != "Running" && state(rows).get("Undoing").is_none()).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    let local = core.subscribe(json!("Local")).await?;
    core.call("look_around", Value::Null).await?;
    core.until(local, "no cluster is left", |rows| rows.status == "Live" && rows.rows.iter().all(|row| row["role"].get("Foreign").is_some())).await?;
    core.end().await
}

#[tokio::test]
async fn a_plan_of_the_whole_way_that_changed_meanwhile_is_not_started() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = empty(&desk).await?;
    let mut spec = suggested(&mut core).await?;
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    spec["workload"]["control_planes"] = json!(3);
    let refused = core.refused("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    assert_eq!(refused["code"], "Changed");
    spec["workload"]["control_planes"] = json!(2);
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    assert!(plan["obstacles"].to_string().contains("kubeadm refuses an even number"), "{plan:#}");
    core.end().await
}

#[tokio::test]
async fn the_whole_way_is_one_command_that_shows_its_plan_first() -> anyhow::Result<()> {
    let desk = Desk::new();
    let words = |more: &'static [&'static str]| [&["--demo=first", "--pace=120", "create-all"], more].concat();
    let (code, shown) = Headless::run(&desk, &words(&[]), PATIENCE).await?;
    assert_eq!((code, shown.len()), (Some(0), 1), "{shown:?}");
    assert!(shown[0]["plan"]["commands"].as_array().is_some_and(|all| all.len() == 6), "{}", shown[0]);
    let spec = desk.file("spec.json", &shown[0]["spec"].to_string());
    let path = spec.display().to_string();
    let (code, lines) = Headless::run(&desk, &[words(&["--yes", "--spec"]), vec![path.as_str()]].concat(), PATIENCE).await?;
    let last = lines.last().cloned().unwrap_or_default();
    assert_eq!((code, &last["view"]["row"]["state"]), (Some(0), &json!("Done")), "{last:#}");
    assert_eq!(lines[0]["spec"], shown[0]["spec"], "it is the spec that was shown");
    assert!(lines[1]["job"].is_string(), "{}", lines[1]);

    let odd = desk.file("odd.json", &shown[0]["spec"].to_string().replace("\"control_planes\":1", "\"control_planes\":2"));
    let (code, lines) = Headless::run(&desk, &[words(&["--yes", "--spec"]), vec![odd.to_str().unwrap_or_default()]].concat(), PATIENCE).await?;
    assert_eq!(code, Some(1));
    assert!(lines.iter().any(|line| line.get("fault").is_some()) && lines.iter().all(|line| line.get("job").is_none()), "{lines:?}");
    let (code, _) = Headless::run(&desk, &words(&["--continue"]), PATIENCE).await?;
    assert_eq!(code, Some(1), "no job was cut off");
    let cut_off = |word: &'static str| ["--demo=cut-off", "--pace=120", "create-all", word];
    let (code, lines) = Headless::run(&desk, &cut_off("--yes"), PATIENCE).await?;
    assert_eq!((code, lines.len()), (Some(1), 0), "what was begun is not left where it is: {lines:?}");
    let (code, lines) = Headless::run(&desk, &cut_off("--continue"), PATIENCE).await?;
    assert_eq!((code, &lines.last().cloned().unwrap_or_default()["view"]["row"]["state"]), (Some(0), &json!("Done")));
    Ok(())
}
