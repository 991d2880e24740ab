//! Are machines, conditions, add-ons, classes and past runs of a management cluster told as they are?

use serde_json::{Value, json};
use tests::{Desk, headless::Rows};

use crate::changes::{at, open};

const LATE: &str = "lab-b-md-0-6k8wz-x7k2p";

fn parts<'a>(rows: &'a Rows, kind: &str) -> Vec<&'a Value> {
    rows.rows.iter().filter_map(|row| row.get(kind)).collect()
}

#[tokio::test]
async fn a_cluster_tells_its_machines_conditions_checks_and_add_ons() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let stream = core.subscribe(json!({ "Cluster": at(&context, "lab-b") })).await?;
    let whole =
        |seen: &Rows| parts(seen, "Machine").len() == 4 && parts(seen, "Check").len() == 1 && parts(seen, "AddOn").len() == 1 && parts(seen, "Lane").len() == 4;
    let owned = |seen: &Rows| parts(seen, "Machine").iter().all(|m| m["owner"].as_str().is_some_and(|o| !o.is_empty()));
    let seen = core.until(stream, "all of lab-b", |seen| whole(seen) && owned(seen) && parts(seen, "Condition").iter().any(|c| c["tone"] == "Failed")).await?;
    let late = parts(&seen, "Machine").into_iter().find(|m| m["name"] == LATE).cloned().unwrap_or_default();
    assert_eq!((&late["owner"], &late["ready"], &late["node"], &late["checks"]), (&json!("MachineSet lab-b-md-0-6k8wz"), &json!("No"), &json!(""), &json!([])));
    assert_eq!(late["state"], json!({ "Failed": { "step": "BootstrapRun" } }));
    let failed = parts(&seen, "Condition").into_iter().find(|c| c["tone"] == "Failed").cloned().unwrap_or_default();
    assert_eq!((&failed["on"], &failed["kind"]), (&json!("DockerMachine"), &json!("BootstrapExecSucceeded")));
    assert_eq!(parts(&seen, "AddOn")[0]["what"], "Secret kindnet");
    assert_eq!(parts(&seen, "Check")[0]["watches"], json!(["lab-b-cp-9vq4d"]));
    let usual = parts(&seen, "Lane").into_iter().find(|l| l["machine"] == LATE).map(|l| l["usual"].clone()).unwrap_or_default();
    assert!(usual.as_array().is_some_and(|steps| steps.iter().all(|step| !step.is_null())), "the other workers say what is usual: {usual}");
    core.end().await
}

#[tokio::test]
async fn an_object_is_read_as_text_and_nothing_outside_of_its_cluster() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-b");
    let text = core.call("read_object", json!({ "at": lab, "kind": "Machine", "name": LATE })).await?;
    let yaml = text["yaml"].as_str().unwrap_or_default();
    assert!(yaml.contains("kind: Machine") && yaml.contains("docker:////") && !yaml.contains("managedFields"), "{yaml}");
    assert_eq!(text["command"], format!("kubectl --context kind-kos-mgmt get machines.cluster.x-k8s.io {LATE} -n default -o yaml"));
    for (kind, name) in [("Secret", "lab-b-kubeconfig"), ("Machine", "lab-a-cp-4tq8z"), ("Cluster", "gone")] {
        let refused = core.refused("read_object", json!({ "at": lab, "kind": kind, "name": name })).await?;
        assert_eq!((&refused["code"], &refused["unharmed"]), (&json!("NotFound"), &json!("Nothing was changed.")), "{kind} {name}");
    }
    core.end().await
}

#[tokio::test]
async fn the_container_of_a_machine_is_read_where_it_is_on_this_computer() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-b");
    let stream = core.subscribe(json!({ "Cluster": lab })).await?;
    core.until(stream, "the machines", |seen| parts(seen, "Machine").len() == 4).await?;
    let log = core.call("read_machine_log", json!({ "at": lab, "machine": LATE })).await?;
    let lines = log["lines"].as_array().cloned().unwrap_or_default();
    let said = lines.iter().find(|line| line["text"] == "inotify_init: too many open files");
    assert!(said.is_some_and(|line| line["at"].is_u64()), "{log}");
    assert_eq!(log["command"], format!("docker logs {LATE}"));
    let refused = core.refused("read_machine_log", json!({ "at": lab, "machine": "kos-mgmt-control-plane" })).await?;
    assert_eq!(refused["unharmed"], "The machine is not touched.", "only a machine of this cluster is read: {refused}");
    core.end().await
}

#[tokio::test]
async fn a_machine_on_this_computer_says_what_its_container_is_and_uses() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let lab = at(&context, "lab-b");
    let stream = core.subscribe(json!({ "Cluster": lab })).await?;
    core.until(stream, "the machines", |seen| parts(seen, "Machine").len() == 4).await?;
    let host = core.call("read_machine_host", json!({ "at": lab, "machine": LATE })).await?;
    assert_eq!(
        (&host["image"], &host["state"], &host["shell"]),
        (&json!("kindest/node:v1.36.1"), &json!("Running"), &json!(format!("docker exec -it {LATE} bash")))
    );
    let told = ["id", "cpu_milli", "memory_bytes", "since"].iter().all(|field| !host[*field].is_null()) && host["addresses"][0].is_string();
    assert!(told, "{host}");
    let refused = core.refused("read_machine_host", json!({ "at": lab, "machine": "kos-mgmt-control-plane" })).await?;
    assert_eq!(refused["unharmed"], "The machine is not touched.", "only a machine of this cluster is looked at: {refused}");
    core.end().await
}

#[tokio::test]
async fn the_network_of_a_cluster_is_told_by_the_cluster_itself_and_not_before_it_is_connected() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let refused = core.refused("ask_network", json!({ "at": at(&context, "ci-smoke") })).await?;
    assert_eq!((&refused["code"], &refused["unharmed"]), (&json!("NotFound"), &json!("Nothing was changed.")));
    assert!(refused["sentence"].as_str().is_some_and(|said| said.contains("it is not connected")), "{refused}");
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "lab-a", |seen| seen.rows.iter().any(|row| row["name"] == "lab-a")).await?.rows;
    let lab = rows.iter().find(|row| row["name"] == "lab-a").map(|row| row["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": lab })).await?;
    core.until(contexts, "lab-a to be live", |seen| seen.rows.iter().any(|row| row["id"] == lab && row["link"].get("Live").is_some())).await?;
    let told = core.call("ask_network", json!({ "at": at(&context, "lab-a") })).await?;
    let network = &told["found"][0];
    assert_eq!((&network["plugin"], &network["runs"], &network["ready"]), (&json!("Kindnet"), &json!("kube-system/kindnet"), &json!(3)), "{told}");
    assert_eq!(told["found"].as_array().map(Vec::len), Some(1), "kube-proxy is no network: {told}");
    core.end().await
}

#[tokio::test]
async fn all_machines_and_all_classes_of_a_management_cluster_are_listed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let machines = core.subscribe(json!({ "Machines": context })).await?;
    core.until(machines, "ten machines", |seen| seen.rows.len() == 10).await?;
    let classes = core.subscribe(json!({ "Classes": context })).await?;
    let seen = core.until(classes, "two classes", |seen| seen.rows.len() == 2).await?;
    let quick = seen.rows.iter().find(|r| r["class"]["name"]["name"] == "quick-start").cloned().unwrap_or_default();
    assert_eq!(quick["class"]["variables"].as_array().map(Vec::len), Some(7), "{quick}");
    let watched = core.subscribe(json!({ "Watched": context })).await?;
    let all = |row: &Value| row["kinds"].as_u64() > Some(5) && row["denied"].is_null();
    core.until(watched, "that all of it may be read", |seen| seen.rows.iter().any(all)).await?;
    core.end().await
}

#[tokio::test]
async fn a_run_is_kept_when_its_cluster_is_gone_and_can_be_read_again() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    let runs = core.subscribe(json!({ "Runs": context })).await?;
    let whole = |seen: &Rows| seen.rows.iter().any(|r| r["name"] == "lab-a" && r["machines"] == 4 && !r["available"].is_null());
    let seen = core.until(runs, "the run of lab-a", |seen| whole(seen) && seen.rows.len() == 3).await?;
    let id = seen.rows.iter().find(|r| r["name"] == "lab-a").map(|r| r["id"].clone()).unwrap_or_default();
    let lab = at(&context, "lab-a");
    let plan = core.call("plan_change", json!({ "at": lab, "change": "Delete" })).await?;
    core.call("apply_change", json!({ "at": lab, "change": "Delete", "digest": plan["digest"], "typed": "lab-a" })).await?;
    core.until(runs, "its end", |seen| seen.rows.iter().any(|r| r["id"] == id && !r["gone"].is_null())).await?;
    let run = core.call("read_run", json!({ "context": context, "id": id })).await?;
    let machines = run["machines"].as_array().cloned().unwrap_or_default();
    let made = |m: &Value| m["ends"].as_array().is_some_and(|ends| ends.iter().all(|end| !end.is_null())) && !m["gone"].is_null();
    assert!(machines.len() == 4 && machines.iter().all(made), "{run}");
    let refused = core.refused("read_run", json!({ "context": context, "id": "another" })).await?;
    assert_eq!(refused["code"], "NotFound");
    core.end().await
}
