//! Do clusters stand in the list that other programs made, and do they stay untouched?

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::{Value, json};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

/// Who made the clusters that are not ours, with their names.
fn foreign(rows: &Rows) -> Vec<(String, String)> {
    let mut found: Vec<_> =
        rows.rows.iter().filter_map(|row| Some((row["role"]["Foreign"]["by"].as_str()?.to_owned(), row["name"].as_str()?.to_owned()))).collect();
    found.sort();
    found
}

/// A desk whose Docker does not answer.
fn without_docker() -> anyhow::Result<Desk> {
    let desk = Desk::new();
    let docker = desk.file("bin/docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon.' >&2\nexit 1\n");
    std::fs::set_permissions(&docker, std::fs::Permissions::from_mode(0o755))?;
    let bin = desk.home().join("bin");
    Ok(desk.with_path(bin))
}

#[tokio::test]
async fn a_name_that_a_context_of_the_fleet_has_is_not_suggested() -> anyhow::Result<()> {
    let desk = without_docker()?;
    desk.file(".kube/config", &kubeconfig("kind-kos-mgmt", "https://127.0.0.1:1", "t"));
    let other = desk.file("other", &kubeconfig("kind-kos-mgmt-2", "https://127.0.0.1:1", "t"));
    let mut core = Headless::start(&desk, &[]).await?;
    let first = core.call("suggest_management", Value::Null).await?;
    assert_eq!(first["spec"]["name"], "kos-mgmt-2", "no container has the first name, but a context does: {first:#}");
    core.call("add_paths", json!({ "paths": [other] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |seen| seen.rows.len() == 2).await?;
    let next = core.call("suggest_management", Value::Null).await?;
    assert_eq!(next["spec"]["name"], "kos-mgmt-3");
    core.end().await
}

#[tokio::test]
async fn a_cluster_that_needs_no_docker_is_listed_without_docker() -> anyhow::Result<()> {
    let desk = without_docker()?;
    desk.file("etc/rancher/k3s/k3s.yaml", "");
    desk.file(".crc/machines/crc/config.json", "{}");
    desk.file(".minikube/profiles/vm/config.json", "{}");
    let mut core = Headless::start(&desk, &[]).await?;
    let stream = core.subscribe(json!("Local")).await?;
    let wanted = |more: &[(&str, &str)]| {
        let mut all: Vec<(String, String)> = [("K3s", "k3s"), ("Minikube", "vm"), ("OpenShiftLocal", "crc")]
            .iter()
            .chain(more)
            .map(|(by, name)| ((*by).to_owned(), (*name).to_owned()))
            .collect();
        all.sort();
        all
    };
    core.until(stream, "clusters known by their files", |rows| foreign(rows) == wanted(&[])).await?;
    // A context that Docker Desktop writes is taken up while somebody looks, without asking docker again.
    desk.file(".kube/config", &kubeconfig("docker-desktop", "https://127.0.0.1:6443", "t"));
    let rows = core.until(stream, "the cluster of Docker Desktop", |rows| foreign(rows) == wanted(&[("DockerDesktop", "docker-desktop")])).await?;
    let desktop = rows.rows.iter().find(|row| row["name"] == "docker-desktop").unwrap_or(&Value::Null);
    assert_eq!(desktop["state"], "NotAsked");
    assert!(desktop["context"].is_string(), "{desktop}");
    core.end().await
}

#[tokio::test]
async fn a_cluster_of_another_program_is_listed_and_no_call_changes_it() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let stream = core.subscribe(json!("Local")).await?;
    let rows = core.until(stream, "the cluster of k3d", |rows| foreign(rows) == [("K3d".to_owned(), "play".to_owned())]).await?;
    let play = rows.rows.iter().find(|row| row["name"] == "play").unwrap_or(&Value::Null);
    assert_eq!((&play["state"], &play["version"], play["nodes"].as_array().map(Vec::len)), (&json!("Running"), &json!("v1.35.4+k3s1"), Some(2)));
    for (call, with) in [
        ("set_power", json!({ "name": "play", "power": "Stop" })),
        ("plan_delete", json!({ "name": "play" })),
        ("delete_cluster", json!({ "name": "play", "typed": "play", "seen": "" })),
        ("export_logs", json!({ "name": "play", "folder": "/nonexistent" })),
    ] {
        assert_eq!(core.refused(call, with).await?["code"], "NotFound", "{call}");
    }
    core.end().await
}

/// Its file is named as those of management clusters are, and stands in the same folder.
#[tokio::test]
async fn a_cluster_that_is_made_as_a_plain_one_is_listed_as_one() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo=first", "--pace=120"]).await?.within(Duration::from_secs(60));
    let mut spec = core.call("suggest_management", Value::Null).await?["spec"].clone();
    spec["purpose"] = json!("Plain");
    let name = spec["name"].as_str().unwrap_or_default().to_owned();
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    let job = core.call("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    let view = core.subscribe(json!({ "Job": job })).await?;
    core.until(view, "the end of the job", |rows| rows.rows.iter().any(|row| row["row"]["state"] == "Done")).await?;
    let local = core.subscribe(json!("Local")).await?;
    let is_opened = |row: &Value| row["name"] == *name && row["context"].is_string();
    let rows = core.until(local, "the cluster with its context", |rows| rows.rows.iter().any(is_opened)).await?;
    let role = rows.rows.iter().find(|row| is_opened(row)).map(|row| row["role"].clone());
    assert_eq!(role, Some(json!("Plain")));
    core.end().await
}

/// kind itself would write to `~/.kube/config`; the file is the one in which the user's context stands.
#[tokio::test]
async fn a_deletion_of_a_cluster_made_by_hand_names_the_users_own_entry_and_takes_out_that_alone() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let mine = kubeconfig("kind-scratch", "https://127.0.0.1:43210", "t");
    let entry = |part: &str| format!("{part}:\n- name: other\n");
    let text = ["clusters", "users", "contexts"].iter().fold(mine, |text, part| {
        let body = match *part {
            "clusters" => "  cluster: {server: 'https://127.0.0.1:1'}\n",
            "users" => "  user: {token: t}\n",
            _ => "  context: {cluster: other, user: other}\n",
        };
        text.replace(&format!("{part}:\n"), &format!("{}{body}", entry(part)))
    });
    let added = core.call("add_text", json!({ "name": "mine", "text": text })).await?;
    let file = added["files"][0].as_str().unwrap_or_default().to_owned();
    let contexts = core.subscribe(json!("Contexts")).await?;
    let has = |rows: &Rows, name: &str| rows.rows.iter().any(|row| row["name"] == name && row["file"] == file.as_str());
    core.until(contexts, "the contexts of the file", |rows| has(rows, "kind-scratch") && has(rows, "other")).await?;
    let local = core.subscribe(json!("Local")).await?;
    core.until(local, "the cluster", |rows| rows.rows.iter().any(|row| row["name"] == "scratch")).await?;

    let plan = core.call("plan_delete", json!({ "name": "scratch" })).await?;
    let told = plan["kubeconfig"].to_string();
    assert!(told.starts_with("[\"kind-scratch in ") && told.contains("mine"), "{plan}");
    assert!(plan["command"].as_str().is_some_and(|command| command.ends_with(&file)), "{plan}");
    core.call("delete_cluster", json!({ "name": "scratch", "typed": "scratch", "seen": plan["seen"] })).await?;
    core.until(contexts, "its entry to be gone", |rows| !has(rows, "kind-scratch")).await?;
    core.until(contexts, "the other to stay", |rows| has(rows, "other")).await?;
    core.end().await
}
