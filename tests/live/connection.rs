//! Contexts and tables against the real API server.

use serde_json::{Value, json};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless, lab};

const ADMIN: &str = "kubernetes-admin@lab";

async fn at_the_lab() -> anyhow::Result<(Desk, Headless)> {
    let desk = Desk::new();
    desk.file(".kube/config", &lab::kubeconfig());
    let core = Headless::start(&desk, &[]).await?;
    Ok((desk, core))
}

fn context(name: &str) -> Value {
    json!({ "context": format!("#{name}") })
}

fn link<'a>(rows: &'a Rows, name: &str) -> &'a Value {
    rows.rows.iter().find(|r| r["name"] == name).map_or(&Value::Null, |r| &r["link"])
}

fn has_pod(rows: &Rows, name: &str) -> bool {
    rows.rows.iter().any(|r| r["Pod"]["name"] == name)
}

#[tokio::test]
async fn a_pod_made_by_kubectl_appears_and_leaves_live() -> anyhow::Result<()> {
    // An earlier run that was cut off may have left it.
    lab::kubectl(&["delete", "pod", "seen-live", "--ignore-not-found", "--now"])?;
    let (_desk, mut core) = at_the_lab().await?;
    core.call("open_context", context(ADMIN)).await?;
    let pods = core.subscribe(json!({ "Table": { "context": format!("#{ADMIN}"), "kind": "Pods", "namespace": "" } })).await?;
    core.until(pods, "a live table", |rows| rows.status == "Live").await?;
    lab::kubectl(&["run", "seen-live", "--image=kos.dev/none", "--restart=Never"])?;
    let there = core.until(pods, "the new pod runs", |rows| rows.rows.iter().any(|r| r["Pod"]["name"] == "seen-live" && r["Pod"]["status"] == "Running")).await;
    lab::kubectl(&["delete", "pod", "seen-live", "--wait=false"])?;
    there?;
    core.until(pods, "the pod is gone", |rows| !has_pod(rows, "seen-live")).await?;
    core.end().await
}

#[tokio::test]
async fn nodes_and_namespaces_stand_as_kubectl_says() -> anyhow::Result<()> {
    let (_desk, mut core) = at_the_lab().await?;
    core.call("open_context", context(ADMIN)).await?;
    for (kind, tag, plural) in [("Nodes", "Node", "nodes"), ("Namespaces", "Namespace", "namespaces")] {
        let listed = lab::kubectl(&["get", plural, "-o", "jsonpath={.items[*].metadata.name}"])?;
        let mut wanted: Vec<String> = listed.split_whitespace().map(str::to_owned).collect();
        wanted.sort();
        let stream = core.subscribe(json!({ "Table": { "context": format!("#{ADMIN}"), "kind": kind, "namespace": "" } })).await?;
        let names = |rows: &Rows| {
            let mut names: Vec<String> = rows.rows.iter().filter_map(|r| r[tag]["name"].as_str().map(str::to_owned)).collect();
            names.sort();
            names
        };
        core.until(stream, plural, |rows| rows.status == "Live" && names(rows) == wanted).await?;
    }
    core.end().await
}

#[tokio::test]
async fn a_dead_server_turns_the_context_stale_and_back_without_losing_a_row() -> anyhow::Result<()> {
    let (_desk, mut core) = at_the_lab().await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.call("open_context", context(ADMIN)).await?;
    let nodes = core.subscribe(json!({ "Table": { "context": format!("#{ADMIN}"), "kind": "Nodes", "namespace": "" } })).await?;
    core.until(contexts, "live", |rows| link(rows, ADMIN).get("Live").is_some()).await?;
    let before = core.until(nodes, "a live table", |rows| rows.status == "Live" && !rows.rows.is_empty()).await?;
    lab::kill_api_server()?;
    let stale = core.until(contexts, "stale", |rows| link(rows, ADMIN).get("Stale").is_some()).await;
    let kept = core.until(nodes, "stale rows", |rows| rows.status.get("Stale").is_some()).await;
    lab::start_api_server()?;
    let why = &link(&stale?, ADMIN)["Stale"]["why"].clone();
    assert!(why["sentence"].as_str().is_some_and(|s| s.contains(ADMIN)), "the sentence names the context: {why}");
    assert_eq!(kept?.rows.len(), before.rows.len(), "errors never remove rows");
    core.until(contexts, "live again", |rows| link(rows, ADMIN).get("Live").is_some()).await?;
    core.until(nodes, "a live table again", |rows| rows.status == "Live" && rows.rows.len() == before.rows.len()).await?;
    core.end().await
}

/// A core of somebody who may look into one namespace alone.
async fn of_a_developer() -> anyhow::Result<(Desk, Headless)> {
    let desk = Desk::new();
    let server = lab::kubectl(&["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"])?;
    let authority = lab::kubectl(&["config", "view", "--raw", "--minify", "-o", "jsonpath={.clusters[0].cluster.certificate-authority-data}"])?;
    let file = kubeconfig("dev", &server, "lab-dev-token").replace("    server:", &format!("    certificate-authority-data: {authority}\n    server:"));
    desk.file(".kube/config", &file);
    let core = Headless::start(&desk, &[]).await?;
    Ok((desk, core))
}

#[tokio::test]
async fn who_may_not_list_is_told_so_and_sees_a_namespace_typed_by_hand() -> anyhow::Result<()> {
    let (_desk, mut core) = of_a_developer().await?;
    core.call("open_context", context("dev")).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "live with an identity", |rows| rows.rows.iter().any(|r| r["identity"]["user"] == "dev")).await?;
    assert!(rows.rows[0]["identity"]["groups"].to_string().contains("lab:developers"));
    let all = core.subscribe(json!({ "Table": { "context": "#dev", "kind": "Pods", "namespace": "" } })).await?;
    core.until(all, "denied", |rows| rows.status.get("Denied").is_some()).await?;
    core.call("set_namespaces", json!({ "context": "#dev", "namespaces": ["default"] })).await?;
    let one = core.subscribe(json!({ "Table": { "context": "#dev", "kind": "Pods", "namespace": "default" } })).await?;
    core.until(one, "live", |rows| rows.status == "Live").await?;
    core.end().await
}

/// What lets developers look at Cluster API in the namespace in which they work; it is taken from them with this.
struct MayLook;

impl MayLook {
    const NAME: &'static str = "kos-live-look";

    fn granted(desk: &Desk) -> anyhow::Result<Self> {
        let meta = json!({ "name": Self::NAME, "namespace": "default" });
        let groups = ["", "bootstrap.", "controlplane.", "infrastructure.", "addons."].map(|group| format!("{group}cluster.x-k8s.io"));
        let (version, group) = ("rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io");
        let role = json!({
            "apiVersion": version, "kind": "Role", "metadata": meta,
            "rules": [{ "apiGroups": groups, "resources": ["*"], "verbs": ["get", "list", "watch"] }],
        });
        let binding = json!({
            "apiVersion": version, "kind": "RoleBinding", "metadata": meta,
            "roleRef": { "apiGroup": group, "kind": "Role", "name": Self::NAME },
            "subjects": [{ "apiGroup": group, "kind": "Group", "name": "lab:developers" }],
        });
        let file = desk.file("may-look.json", &json!({ "apiVersion": "v1", "kind": "List", "items": [role, binding] }).to_string());
        lab::kubectl(&["apply", "-f", &file.to_string_lossy()])?;
        Ok(Self)
    }
}

impl Drop for MayLook {
    fn drop(&mut self) {
        if let Err(why) = lab::kubectl(&["delete", "role,rolebinding", Self::NAME, "--namespace", "default", "--ignore-not-found"]) {
            eprintln!("{why:#}");
        }
    }
}

#[tokio::test]
async fn who_may_look_into_one_namespace_sees_cluster_api_there_on_a_real_server() -> anyhow::Result<()> {
    let (desk, mut core) = of_a_developer().await?;
    let _may_look = MayLook::granted(&desk)?;
    core.call("open_context", context("dev")).await?;
    let clusters = core.subscribe(json!({ "Clusters": "#dev" })).await?;
    let rows = core.until(clusters, "what is refused everywhere", |rows| rows.status.get("Denied").is_some()).await?;
    assert!(rows.rows.is_empty());
    core.call("set_namespaces", json!({ "context": "#dev", "namespaces": ["default"] })).await?;
    core.until(clusters, "live clusters of the namespace", |rows| rows.status == "Live").await?;
    let classes = core.subscribe(json!({ "Classes": "#dev" })).await?;
    core.until(classes, "the class of the lab", |rows| rows.rows.iter().any(|row| row["class"]["name"]["name"] == "in-memory")).await?;
    let watched = core.subscribe(json!({ "Watched": "#dev" })).await?;
    let told = |row: &Value| row["namespaces"] == json!(["default"]) && row["denied"]["code"] == "Denied" && row["kinds"].as_u64() > Some(5);
    core.until(watched, "that the rest is refused", |rows| rows.rows.iter().any(told)).await?;
    core.end().await
}
