//! Does the core go by what the profile of its user sets, where a launcher started it without?

use std::time::Duration;

use serde_json::{Value, json};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_secs(60);
const SERVER: &str = "https://127.0.0.1:1";

fn names(rows: &Rows) -> Vec<&str> {
    let mut names: Vec<&str> = rows.rows.iter().filter_map(|row| row["name"].as_str()).collect();
    names.sort_unstable();
    names
}

/// What the core says of the variable.
async fn variable(core: &mut Headless) -> anyhow::Result<Value> {
    let about = core.call("about", Value::Null).await?;
    Ok(about["looked_at"].as_array().into_iter().flatten().find(|at| at["place"] == "KUBECONFIG").map(|at| at["result"].clone()).unwrap_or_default())
}

#[tokio::test]
async fn the_files_that_a_profile_names_are_read_and_watched_once_programs_are_looked_for() -> anyhow::Result<()> {
    let desk = Desk::new();
    let one = desk.file("clusters/one", &kubeconfig("one", SERVER, "t"));
    let two = desk.file("clusters/two", &kubeconfig("two", SERVER, "t"));
    let list = format!("{}:{}", one.display(), two.display());
    desk.file(".profile", &format!("touch \"$HOME/asked\"\nexport KUBECONFIG='{list}'\n"));
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "a first look", |rows| rows.batches > 0).await?;
    assert_eq!((names(&rows), variable(&mut core).await?), (vec![], json!("NotSet")));
    assert!(!desk.home().join("asked").exists(), "the shell runs before anything is shown");

    core.subscribe(json!("Local")).await?;
    core.until(contexts, "the contexts of both files", |rows| names(rows) == ["one", "two"]).await?;
    assert_eq!(variable(&mut core).await?, json!({ "Set": list }));
    desk.file("clusters/two", &kubeconfig("three", SERVER, "t"));
    core.until(contexts, "a change of one of them", |rows| names(rows) == ["one", "three"]).await?;
    core.end().await
}

#[tokio::test]
async fn a_list_that_the_core_was_started_with_counts_more_than_that_of_a_profile() -> anyhow::Result<()> {
    let desk = Desk::new();
    let exec = "    exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never}\n";
    desk.file(".kube/config", &kubeconfig("own", SERVER, "t").replace("    token: t\n", exec));
    let other = desk.file("other", &kubeconfig("other", SERVER, "t"));
    desk.file(".profile", &format!("export KUBECONFIG='{}'\n", other.display()));
    // Set to nothing it stands for the default file.
    let mut core = Headless::start_by(&desk, &[], &[("KUBECONFIG", "")], &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the default file", |rows| names(rows) == ["own"]).await?;
    core.subscribe(json!("Local")).await?;
    // Programs are looked for when the profile is known.
    let rows = core.until(contexts, "its program is missing", |rows| rows.rows.iter().any(|row| row["problems"].to_string().contains("KC21"))).await?;
    assert_eq!((names(&rows), variable(&mut core).await?), (vec!["own"], json!("NotSet")));
    core.end().await
}

#[tokio::test]
async fn a_server_is_reached_through_the_proxy_that_a_profile_sets() -> anyhow::Result<()> {
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let desk = Desk::new();
    // An address that leads nowhere without the proxy.
    let file = desk.file("clusters/far", &kubeconfig("far", "https://192.0.2.1:6443", "t"));
    desk.file(".profile", &format!("export HTTPS_PROXY=http://{} KUBECONFIG='{}'\n", proxy.local_addr()?, file.display()));
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.subscribe(json!("Local")).await?;
    core.until(contexts, "the profile is known", |rows| names(rows) == ["far"]).await?;
    core.call("open_context", json!({ "context": "#far" })).await?;
    let (mut asked, _) = tokio::time::timeout(LIMIT, proxy.accept()).await??;
    let mut head = [0; "CONNECT 192.0.2.1:6443 ".len()];
    tokio::time::timeout(LIMIT, asked.read_exact(&mut head)).await??;
    assert_eq!(String::from_utf8_lossy(&head), "CONNECT 192.0.2.1:6443 ");
    core.end().await
}
