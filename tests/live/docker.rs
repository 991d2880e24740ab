//! A workload cluster whose machines are containers of the real Docker.

use serde_json::{Value, json};
use tests::Headless;
use tests::lab::{self, Server};

use crate::asleep::{Seen, a_pause_from_outside_is_named, an_open_session_follows_a_new_port, sleeps_and_wakes};
use crate::broken::{a_budget_that_holds_a_drain_is_named, containers_that_stop_are_named, joins_that_fail_are_named};
use crate::management::{Removed, core, create, desk, ended, follow, remove, state};
use crate::page::{assert_in_order, drawn_as_by_clusterctl, head, is_as_asked, lanes, why};
use crate::unanswered::a_write_without_an_answer_is_not_sent_twice;

const MANAGEMENT: &str = "kos-live-e";
const WORKLOAD: &str = "kos-live-w";
const PODS: &str = "192.168.0.0/16";

/// Keeps the kubeconfig of a cluster as its plan showed it, opens it and gives its context.
async fn connected(core: &mut Headless, at: &Value) -> anyhow::Result<Value> {
    let plan = core.call("plan_connect", json!({ "at": at })).await?;
    assert!(plan["version"].as_str().is_some_and(|version| version.starts_with('v')), "it was asked for its version: {plan:#}");
    let context = core.call("connect", json!({ "at": at, "seen": plan["change"]["seen"] })).await?;
    core.call("open_context", json!({ "context": context })).await?;
    Ok(context)
}

/// Adds kindnet as its plan showed it, object by object.
async fn networked(core: &mut Headless, at: &Value) -> anyhow::Result<()> {
    let plan = core.call("plan_network", json!({ "at": at, "from": "Kindnet" })).await?;
    let objects = plan["objects"].as_array().cloned().unwrap_or_default();
    assert!(objects.len() == 4 && objects.iter().all(|object| object["fate"] == "Made"), "{plan:#}");
    assert_eq!((&plan["pods"], &plan["doubts"]), (&json!([PODS]), &json!([])), "{plan:#}");
    core.call("apply_network", json!({ "at": at, "from": "Kindnet", "seen": plan["seen"], "typed": "" })).await?;
    let again = core.call("plan_network", json!({ "at": at, "from": "Kindnet" })).await?;
    assert!(again["objects"].as_array().into_iter().flatten().all(|object| object["fate"] != "Made"), "{again:#}");
    Ok(())
}

#[tokio::test]
async fn machines_in_containers_are_seen_come_sleep_wake_and_go_and_their_cluster_is_followed_to_a_new_port() -> anyhow::Result<()> {
    let _removed = Removed(&[WORKLOAD, MANAGEMENT]);
    let desk = desk(&[WORKLOAD, MANAGEMENT])?;
    let mut core = core(&desk).await?;
    let job = create(&mut core, MANAGEMENT).await?;
    let view = follow(&mut core, &job).await?;
    let done = core.until(view, "the job ends", ended).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let contexts = core.subscribe(json!("Contexts")).await?;
    let name = format!("kind-{MANAGEMENT}");
    let rows = core.until(contexts, "the new context", |rows| rows.rows.iter().any(|r| r["name"] == *name)).await?;
    let context = rows.rows.iter().find(|r| r["name"] == *name).map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": context })).await?;
    let page = core.subscribe(json!({ "Cluster": { "context": context, "namespace": "default", "name": WORKLOAD } })).await?;

    let file = desk.file("management.kubeconfig", &lab::run("kind", &["get", "kubeconfig", "--name", MANAGEMENT])?);
    let server = Server::at(file.clone());
    server.apply(&server.generated(WORKLOAD, PODS)?)?;
    let rows = core.until(page, "all that lacks is a network", |rows| why(rows)["rule"] == "no-cni").await?;
    assert_eq!(head(&rows)["state"], "Stuck");
    assert!(why(&rows)["seen"][0]["text"].to_string().contains("cni plugin not initialized"), "{:#}", why(&rows));

    let at = json!({ "context": context, "namespace": "default", "name": WORKLOAD });
    let own = connected(&mut core, &at).await?;
    core.until(contexts, "the new cluster answers", |rows| rows.rows.iter().any(|r| r["id"] == own && r["link"].get("Live").is_some())).await?;
    networked(&mut core, &at).await?;
    let rows = core.until(page, "1 of 1 and 1 of 1", |rows| is_as_asked(rows, 1, 1)).await?;
    let (control_planes, workers) = lanes(&rows);
    assert_in_order(control_planes.iter().chain(&workers));
    drawn_as_by_clusterctl(&mut core, page, &server, WORKLOAD).await?;
    let machines: Vec<String> = control_planes.iter().chain(&workers).filter_map(|lane| lane["machine"].as_str().map(str::to_owned)).collect();
    let mut containers = lab::containers(WORKLOAD)?;
    containers.retain(|name| !name.ends_with("-lb"));
    assert!(machines.len() == 2 && containers.len() == 2 && machines.iter().all(|m| containers.contains(m)), "{machines:?} {containers:?}");

    let seen = Seen { name: WORKLOAD, at: &at, page, own: &own, contexts };
    sleeps_and_wakes(&mut core, &seen, &server).await?;
    a_pause_from_outside_is_named(&mut core, &seen, &server).await?;
    an_open_session_follows_a_new_port(&mut core, &seen, &server).await?;
    a_write_without_an_answer_is_not_sent_twice(&server, &file.display().to_string()).await?;
    containers_that_stop_are_named(&mut core, &seen, &server).await?;
    joins_that_fail_are_named(&mut core, &seen, &server, &desk).await?;
    a_budget_that_holds_a_drain_is_named(&mut core, &seen, &server, &desk).await?;

    let mut machines = lab::containers(WORKLOAD)?;
    machines.retain(|name| !name.ends_with("-lb"));
    assert_eq!(machines.len(), 3, "{machines:?}");
    let plan = core.call("plan_change", json!({ "at": at, "change": "Delete" })).await?;
    for name in &machines {
        assert!(plan["effects"].to_string().contains(name.as_str()), "{name} is named before it goes: {plan:#}");
    }
    core.call("apply_change", json!({ "at": at, "change": "Delete", "digest": plan["digest"], "typed": WORKLOAD })).await?;
    core.until(page, "its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(lab::containers(WORKLOAD)?, Vec::<String>::new());
    let gone = |r: &Value| r["id"] == own && r["workload"]["life"].get("Deleted").is_some();
    core.until(contexts, "its context says that it is gone", |rows| rows.rows.iter().any(gone)).await?;
    core.call("disconnect", json!({ "context": own })).await?;
    remove(&mut core, MANAGEMENT).await?;
    core.end().await
}
