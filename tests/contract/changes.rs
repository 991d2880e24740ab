//! Is a cluster changed as its plan said, and is nothing written that was not shown?

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Desk, Headless, headless::Rows};

/// Controllers that take minutes for people take seconds here.
pub(crate) async fn open(desk: &Desk) -> anyhow::Result<(Headless, Value)> {
    let mut core = Headless::start(desk, &["--demo=fleet", "--pace=60"]).await?.within(Duration::from_secs(60));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let id = rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    Ok((core, id))
}

pub(crate) fn at(context: &Value, name: &str) -> Value {
    json!({ "context": context, "namespace": "default", "name": name })
}

async fn plan(core: &mut Headless, at: &Value, change: &Value) -> anyhow::Result<Value> {
    core.call("plan_change", json!({ "at": at, "change": change })).await
}

/// Plans a change and does what the plan showed.
async fn done(core: &mut Headless, at: &Value, change: Value) -> anyhow::Result<Value> {
    let plan = plan(core, at, &change).await?;
    let typed = plan["typed"].as_str().unwrap_or_default();
    core.call("apply_change", json!({ "at": at, "change": change, "digest": plan["digest"], "typed": typed })).await
}

async fn watch(core: &mut Headless, at: &Value) -> anyhow::Result<u64> {
    core.subscribe(json!({ "Cluster": at })).await
}

fn head(rows: &Rows) -> Value {
    rows.rows.iter().find_map(|r| r.get("Head").cloned()).unwrap_or_default()
}

fn ready(head: &Value) -> usize {
    head["machines"].as_array().into_iter().flatten().filter(|m| *m == "Ready").count()
}

#[tokio::test]
async fn a_cluster_is_scaled_as_its_plan_showed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let offers = core.call("offer_changes", json!({ "at": lab })).await?;
    assert_eq!((&offers["by"], &offers["control_plane"]["replicas"], &offers["pools"][0]["pool"]), (&json!("Topology"), &json!(1), &json!("md-0")), "{offers}");
    let change = json!({ "Scale": { "control_plane": 3, "pools": [{ "pool": "md-0", "to": 5 }] } });
    let shown = plan(&mut core, &lab, &change).await?;
    let write = &shown["writes"][0];
    assert_eq!((shown["writes"].as_array().map(Vec::len), &write["kind"], &write["fate"]), (Some(1), &json!("Cluster"), &json!("Changed")), "{shown}");
    let text = |field: &str| write[field].as_str().unwrap_or_default().to_owned();
    assert!(text("before").contains("replicas: 1") && text("after").contains("replicas: 5"), "{shown}");
    assert!(shown["commands"][0].as_str().is_some_and(|c| c.starts_with("kubectl --context kind-kos-mgmt patch clusters.cluster.x-k8s.io lab-a ")), "{shown}");
    let stream = watch(&mut core, &lab).await?;
    let before = core.until(stream, "lab-a", |seen| head(seen)["wanted"] == 4).await?;
    assert_eq!(ready(&head(&before)), 4, "a plan changes nothing");
    let applied = done(&mut core, &lab, change).await?;
    assert_eq!(applied["written"], json!(["Cluster lab-a"]));
    core.until(stream, "eight machines", |seen| head(seen)["wanted"] == 8 && ready(&head(seen)) == 8).await?;
    done(&mut core, &lab, json!({ "Scale": { "control_plane": 1, "pools": [{ "pool": "md-0", "to": 1 }] } })).await?;
    core.until(stream, "two machines", |seen| head(seen)["wanted"] == 2 && head(seen)["machines"] == json!(["Ready", "Ready"])).await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_is_upgraded_machine_by_machine() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let shown = plan(&mut core, &lab, &json!({ "Upgrade": { "to": "v1.36.4" } })).await?;
    let sizes: Vec<usize> = shown["replaced"].as_array().into_iter().flatten().map(|g| g["machines"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sizes, [1, 3], "{shown}");
    let stream = watch(&mut core, &lab).await?;
    done(&mut core, &lab, json!({ "Upgrade": { "to": "v1.36.4" } })).await?;
    core.until(stream, "an upgrade that goes on", |seen| head(seen)["state"] == "Upgrading").await?;
    let refused = core.refused("plan_change", json!({ "at": lab, "change": { "Upgrade": { "to": "v1.37.0" } } })).await?;
    assert!(refused["sentence"].as_str().is_some_and(|s| s.contains("an upgrade to v1.36.4 goes on")), "{refused}");
    let old =
        |seen: &Rows| seen.rows.iter().filter_map(|r| r["Lane"]["machine"].as_str()).any(|m| m == "lab-a-cp-4tq8z" || m.starts_with("lab-a-md-0-m2c9k-kv2ds"));
    core.until(stream, "four new machines", |seen| head(seen)["state"] == "Available" && ready(&head(seen)) == 4 && !old(seen)).await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_is_paused_and_resumed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let stream = watch(&mut core, &lab).await?;
    done(&mut core, &lab, json!("Pause")).await?;
    core.until(stream, "a paused cluster", |seen| head(seen)["state"] == "Paused").await?;
    let refused = core.refused("plan_change", json!({ "at": lab, "change": "Delete" })).await?;
    assert_eq!(refused["sentence"], "lab-a is paused, and what is paused is not deleted. Resume it first.");
    done(&mut core, &lab, json!("Resume")).await?;
    core.until(stream, "a cluster that goes on", |seen| head(seen)["state"] == "Available").await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_is_deleted_to_its_last_machine_when_its_name_is_typed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let shown = plan(&mut core, &lab, &json!("Delete")).await?;
    assert_eq!((&shown["typed"], &shown["writes"][0]["after"]), (&json!("lab-a"), &json!("")), "{shown}");
    let mut apply = json!({ "at": lab, "change": "Delete", "digest": shown["digest"], "typed": "lab" });
    let refused = core.refused("apply_change", apply.clone()).await?;
    assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!("To do this, type lab-a."), &json!("Nothing was written.")));
    let clusters = core.subscribe(json!({ "Clusters": context })).await?;
    core.until(clusters, "three clusters", |seen| seen.rows.len() == 3).await?;
    apply["typed"] = json!("lab-a");
    core.call("apply_change", apply).await?;
    core.until(clusters, "a deletion that goes on", |seen| seen.rows.iter().any(|r| r["name"] == "lab-a" && r["state"] == "Deleting")).await?;
    core.until(clusters, "two clusters", |seen| seen.rows.len() == 2 && seen.rows.iter().all(|r| r["name"] != "lab-a")).await?;
    let refused = core.refused("offer_changes", json!({ "at": lab })).await?;
    assert_eq!((&refused["code"], &refused["unharmed"]), (&json!("NotFound"), &json!("Nothing was written.")));
    core.end().await
}

#[tokio::test]
async fn a_plan_of_before_is_not_written() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let pause = plan(&mut core, &lab, &json!("Pause")).await?;
    done(&mut core, &lab, json!({ "Scale": { "control_plane": null, "pools": [{ "pool": "md-0", "to": 2 }] } })).await?;
    let refused = core.refused("apply_change", json!({ "at": lab, "change": "Pause", "digest": pause["digest"], "typed": "" })).await?;
    assert_eq!((&refused["code"], &refused["unharmed"]), (&json!("Changed"), &json!("Nothing was written.")));
    let other = core.refused("apply_change", json!({ "at": lab, "change": "Delete", "digest": pause["digest"], "typed": "lab-a" })).await?;
    assert_eq!(other["code"], "Changed", "the digest of one change allows no other");
    let stream = watch(&mut core, &lab).await?;
    let seen = core.until(stream, "lab-a", |seen| head(seen)["name"] == "lab-a").await?;
    assert_ne!(head(&seen)["state"], "Paused");
    core.end().await
}

#[tokio::test]
async fn a_change_that_a_webhook_refuses_quotes_it_and_nothing_is_written() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let pool = |taints: Value| json!({ "AddPool": { "name": "gpu", "from": { "Class": "default-worker" }, "replicas": 2, "labels": {}, "taints": taints } });
    let tainted = pool(json!([{ "key": "gpu", "value": "", "effect": "NoSchedule" }]));
    let refused = core.refused("plan_change", json!({ "at": lab, "change": tainted })).await?;
    assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!("kind-kos-mgmt refuses this change of Cluster lab-a."), &json!("Nothing was written.")));
    assert_eq!(refused["cause"][0]["source"], "validation.cluster.cluster.x-k8s.io");
    assert!(refused["cause"][0]["text"].as_str().is_some_and(|t| t.contains("MachineTaintPropagation is disabled")), "{refused}");
    let stream = watch(&mut core, &lab).await?;
    done(&mut core, &lab, pool(json!([]))).await?;
    core.until(stream, "a second pool", |seen| ready(&head(seen)) == 6).await?;
    done(&mut core, &lab, json!({ "RemovePool": { "pool": "gpu" } })).await?;
    core.until(stream, "the first pool alone", |seen| head(seen)["wanted"] == 4 && ready(&head(seen)) == 4).await?;
    core.end().await
}

#[tokio::test]
async fn in_a_protected_context_each_write_asks_for_its_name() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    core.call("set_guard", json!({ "context": context, "guard": "Protected" })).await?;
    let lab = at(&context, "lab-a");
    for (change, typed) in [("Pause", "kind-kos-mgmt"), ("Delete", "kind-kos-mgmt/lab-a")] {
        let shown = plan(&mut core, &lab, &json!(change)).await?;
        assert_eq!(shown["typed"], typed);
        let refused = core.refused("apply_change", json!({ "at": lab, "change": change, "digest": shown["digest"], "typed": "lab-a" })).await?;
        assert_eq!(refused["sentence"], format!("To do this, type {typed}."));
    }
    done(&mut core, &lab, json!("Pause")).await?;
    core.end().await
}

#[tokio::test]
async fn a_machine_is_replaced_by_its_owner() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-b");
    let machine = "lab-b-md-0-6k8wz-x7k2p";
    let stream = watch(&mut core, &lab).await?;
    core.until(stream, "why lab-b is stuck", |seen| seen.rows.iter().any(|r| r["Why"]["rule"] == "inotify")).await?;
    done(&mut core, &lab, json!({ "ReplaceMachine": { "machine": machine } })).await?;
    let gone = |seen: &Rows| seen.rows.iter().all(|r| r["Lane"]["machine"] != machine);
    core.until(stream, "another machine in its place", |seen| gone(seen) && head(seen)["state"] == "Available" && ready(&head(seen)) == 4).await?;
    core.end().await
}

#[tokio::test]
async fn an_upgrade_that_goes_on_is_told_step_by_step() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let stream = watch(&mut core, &lab).await?;
    let run = |seen: &Rows| seen.rows.iter().find_map(|r| r.get("Upgrade").cloned()).unwrap_or_default();
    let stages = |seen: &Rows| run(seen)["steps"].as_array().into_iter().flatten().map(|step| step["stage"].clone()).collect::<Vec<_>>();
    let before = core.until(stream, "lab-a", |seen| head(seen)["name"] == "lab-a").await?;
    assert_eq!(run(&before), Value::Null, "no upgrade was seen");
    done(&mut core, &lab, json!({ "Upgrade": { "to": "v1.36.4" } })).await?;
    let begun = core.until(stream, "the first step", |seen| run(seen)["to"] == "v1.36.4").await?;
    assert_eq!((&run(&begun)["from"], stages(&begun).len()), (&json!("v1.36.1"), 5), "a control plane, three workers, and the end");
    let held = core
        .until(stream, "a drain that a budget holds", |seen| {
            run(seen)["steps"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|step| step["pods"].as_array().is_some_and(|pods| pods.iter().any(|line| line["pace"] == "Held")))
        })
        .await?;
    let why = held.rows.iter().find_map(|r| r.get("Why").cloned()).unwrap_or_default();
    assert_eq!((&why["rule"], &why["remedies"][0]["change"]["LimitDrain"]["seconds"]), (&json!("delete-drain"), &json!(120)), "{why}");
    let over = core.until(stream, "the end", |seen| !run(seen)["state"]["Done"].is_null()).await?;
    assert!(stages(&over).iter().all(|stage| stage == "Done"), "{:?}", stages(&over));
    assert_eq!(run(&over)["machines"].as_array().map(Vec::len), Some(8), "also those that are gone");
    core.end().await
}

#[tokio::test]
async fn a_cluster_says_who_notices_an_upgrade_once_its_context_is_open() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let ask = json!({ "at": lab, "to": "v1.36.4" });
    let refused = core.refused("ask_impact", ask.clone()).await?;
    assert!(refused["sentence"].as_str().is_some_and(|s| s.contains("lab-a is not open")), "{refused}");
    let contexts = core.subscribe(json!("Contexts")).await?;
    let id = |seen: &Rows| seen.rows.iter().find(|r| r["name"] == "lab-a").map(|r| r["id"].clone()).unwrap_or_default();
    let rows = core.until(contexts, "the context of lab-a", |seen| !id(seen).is_null()).await?;
    core.call("open_context", json!({ "context": id(&rows) })).await?;
    core.until(contexts, "an open lab-a", |seen| seen.rows.iter().any(|r| r["name"] == "lab-a" && !r["link"]["Live"].is_null())).await?;
    let told = core.call("ask_impact", ask).await?;
    let pods: Vec<&str> = told["notices"].as_array().into_iter().flatten().filter_map(|n| n["pod"].as_str()).collect();
    assert_eq!((pods, &told["removed"]), (vec!["db/postgres-0", "monitoring/grafana-0"], &json!("Nothing")), "{told}");
    assert_eq!((&told["moves"], &told["doubled"]), (&json!(17), &json!(15)), "{told}");
    let refused = core.refused("ask_impact", json!({ "at": at(&context, "ci-smoke"), "to": "v1.36.4" })).await?;
    assert!(refused["sentence"].as_str().is_some_and(|s| s.contains("it is not connected")), "{refused}");
    core.end().await
}

#[tokio::test]
async fn containers_sleep_only_after_their_objects_are_paused() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-a");
    let sleep = json!({ "name": "lab-a", "power": "Pause" });
    let refused = core.refused("set_power", sleep.clone()).await?;
    assert!(refused["sentence"].as_str().is_some_and(|s| s.starts_with("lab-a is not paused, so its health checks would replace machines")), "{refused}");
    assert_eq!(refused["unharmed"], "The containers of lab-a run on.");
    let stream = watch(&mut core, &lab).await?;
    done(&mut core, &lab, json!("Pause")).await?;
    core.until(stream, "paused objects", |seen| head(seen)["state"] == "Paused").await?;
    core.call("set_power", sleep).await?;
    let local = core.subscribe(json!("Local")).await?;
    core.until(local, "paused containers", |seen| seen.rows.iter().any(|r| r["name"] == "lab-a" && r["state"] == "Paused")).await?;
    let why = |seen: &Rows| seen.rows.iter().find_map(|r| r.get("Why").cloned()).unwrap_or_default();
    core.call("look_around", Value::Null).await?;
    core.call("set_power", json!({ "name": "lab-a", "power": "Unpause" })).await?;
    core.until(local, "containers that run", |seen| seen.rows.iter().any(|r| r["name"] == "lab-a" && r["state"] == "Running")).await?;
    done(&mut core, &lab, json!("Resume")).await?;
    let awake = core.until(stream, "a cluster that is awake", |seen| head(seen)["state"] == "Available").await?;
    assert_ne!(why(&awake)["rule"], "asleep");
    core.end().await
}

#[tokio::test]
async fn what_a_management_cluster_holds_is_not_left_over() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, _) = open(&desk).await?;
    let found = core.call("find_leftovers", Value::Null).await?;
    assert_eq!((&found["sure"], &found["unsure"]), (&json!([]), &json!([])), "{found}");
    core.end().await
}
