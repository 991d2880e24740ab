//! A cluster in the real Docker sleeps and wakes, and its load balancer gets another port, while KOS looks at it.

use anyhow::Context;
use serde_json::{Value, json};
use tests::Headless;
use tests::headless::Rows;
use tests::lab::{self, Server};
use tests::moment::{self, Machines};

use crate::made::containers;
use crate::management::{ended, follow, state};
use crate::page::{head, is_as_asked, why};

/// A workload cluster whose page is open.
pub(crate) struct Seen<'a> {
    pub(crate) name: &'static str,
    pub(crate) at: &'a Value,
    pub(crate) page: u64,
    /// Its own context, in the stream of all contexts.
    pub(crate) own: &'a Value,
    pub(crate) contexts: u64,
}

async fn switched(core: &mut Headless, name: &str, power: &str) -> anyhow::Result<()> {
    let job = core.call("set_power", json!({ "name": name, "power": power })).await?;
    let view = follow(core, &job).await?;
    let rows = core.until(view, power, ended).await?;
    assert_eq!(state(&rows), "Done", "{:#}", rows.rows[0]);
    Ok(())
}

pub(crate) async fn changed(core: &mut Headless, at: &Value, change: Value) -> anyhow::Result<()> {
    let plan = core.call("plan_change", json!({ "at": at, "change": change })).await?;
    core.call("apply_change", json!({ "at": at, "change": change, "digest": plan["digest"], "typed": "" })).await.map(drop)
}

/// How many of its containers Docker holds.
fn frozen(name: &str) -> anyhow::Result<usize> {
    let filter = format!("label=io.x-k8s.kind.cluster={name}");
    Ok(lab::run("docker", &["ps", "--filter", &filter, "--filter", "status=paused", "--format", "{{.Names}}"])?.lines().count())
}

/// Objects first, then containers; nobody replaces a machine meanwhile, and all of them come back.
pub(crate) async fn sleeps_and_wakes(core: &mut Headless, seen: &Seen<'_>, manager: &Server) -> anyhow::Result<()> {
    let before = containers(&[seen.name])?;
    let refused = core.refused("set_power", json!({ "name": seen.name, "power": "Pause" })).await?;
    assert!(refused["sentence"].as_str().is_some_and(|said| said.contains("is not paused, so its health checks would replace machines")), "{refused}");
    assert_eq!(frozen(seen.name)?, 0);
    changed(core, seen.at, json!("Pause")).await?;
    core.until(seen.page, "its objects are paused", |rows| head(rows)["state"] == "Paused").await?;
    switched(core, seen.name, "Pause").await?;
    assert_eq!(frozen(seen.name)?, before.len());
    let asleep = core.until(seen.page, "it sleeps", |rows| why(rows)["rule"] == "asleep").await?;
    assert!(why(&asleep)["remedies"].to_string().contains("docker unpause"), "{:#}", why(&asleep));
    moment::keep(manager, seen.name, Machines::InDocker, why(&asleep))?;
    core.until(seen.contexts, "its context does not answer", |rows| !link(rows, seen.own).contains("Live")).await?;

    switched(core, seen.name, "Unpause").await?;
    assert_eq!(frozen(seen.name)?, 0);
    changed(core, seen.at, json!("Resume")).await?;
    core.until(seen.page, "1 of 1 and 1 of 1 again", |rows| is_as_asked(rows, 1, 1)).await?;
    core.until(seen.contexts, "its context answers again", |rows| link(rows, seen.own).contains("Live")).await?;
    assert_eq!(containers(&[seen.name])?, before, "no machine was replaced");
    Ok(())
}

/// What somebody pauses in Docker, past KOS, is told apart from a network that fails, and can be taken back.
pub(crate) async fn a_pause_from_outside_is_named(core: &mut Headless, seen: &Seen<'_>, manager: &Server) -> anyhow::Result<()> {
    let before = containers(&[seen.name])?;
    let names: Vec<&str> = before.keys().map(String::as_str).collect();
    lab::run("docker", &[["pause"].as_slice(), &names].concat())?;
    core.call("look_around", Value::Null).await?;
    let told = core.until(seen.page, "Docker holds its containers", |rows| why(rows)["rule"] == "docker-paused").await?;
    assert!(why(&told)["sentence"].as_str().is_some_and(|said| said.contains("the network is well")), "{:#}", why(&told));
    assert!(why(&told)["seen"][0]["at"].is_u64(), "Docker remembers when: {:#}", why(&told));
    moment::keep(manager, seen.name, Machines::InDocker, why(&told))?;
    switched(core, seen.name, "Unpause").await?;
    core.until(seen.page, "1 of 1 and 1 of 1 again", |rows| is_as_asked(rows, 1, 1)).await?;
    assert_eq!(containers(&[seen.name])?, before, "no machine was replaced");
    Ok(())
}

/// The kubeconfig names an address that leads nowhere from here, as it is where Docker runs in a virtual machine: then
/// the way is a port that Docker publishes, and each start of the load balancer has another one.
pub(crate) async fn an_open_session_follows_a_new_port(core: &mut Headless, seen: &Seen<'_>, manager: &Server) -> anyhow::Result<()> {
    let nodes = core.subscribe(json!({ "Table": { "context": seen.own, "kind": "Nodes", "namespace": "" } })).await?;
    let stand = |rows: &Rows| rows.status == "Live" && rows.rows.len() == 2;
    core.until(nodes, "two nodes", stand).await?;
    let secret = format!("{}-kubeconfig", seen.name);
    let kubeconfig = manager.kubectl(&["get", "secret", &secret, "-o", "go-template={{.data.value | base64decode}}"])?;
    let named = kubeconfig.lines().find_map(|line| line.trim().strip_prefix("server: ")).context("a kubeconfig names a server")?;
    let put = |text: &str| {
        let patch = json!({ "stringData": { "value": text } }).to_string();
        manager.kubectl(&["patch", "secret", &secret, "--type", "merge", "--patch", &patch]).map(drop)
    };
    put(&kubeconfig.replace(named, "https://127.0.0.1:1"))?;
    let mut port = published(seen.name)?;
    core.until(seen.contexts, "it answers at the published port", |rows| at_port(rows, seen.own, &port) && link(rows, seen.own).contains("Live")).await?;
    core.until(nodes, "the nodes over that port", stand).await?;
    let before = port.clone();
    for _ in 0..10 {
        lab::run("docker", &["restart", "--time", "1", &format!("{}-lb", seen.name)])?;
        port = published(seen.name)?;
        // Docker may give the same port again.
        if port != before {
            break;
        }
    }
    assert_ne!(port, before, "ten starts had one port");
    core.until(seen.contexts, "it answers at the new port", |rows| at_port(rows, seen.own, &port) && link(rows, seen.own).contains("Live")).await?;
    core.until(nodes, "the same table lives on", stand).await?;
    put(&kubeconfig)?;
    core.until(seen.page, "1 of 1 and 1 of 1 again", |rows| is_as_asked(rows, 1, 1)).await?;
    core.until(seen.contexts, "its context answers", |rows| link(rows, seen.own).contains("Live")).await?;
    Ok(())
}

fn row<'a>(rows: &'a Rows, own: &Value) -> &'a Value {
    rows.rows.iter().find(|row| row["id"] == *own).unwrap_or(&Value::Null)
}

fn link(rows: &Rows, own: &Value) -> String {
    row(rows, own)["link"].to_string()
}

fn at_port(rows: &Rows, own: &Value, port: &str) -> bool {
    row(rows, own)["server"] == format!("https://127.0.0.1:{port}")
}

/// The port of this machine that leads to the load balancer.
fn published(cluster: &str) -> anyhow::Result<String> {
    let said = lab::run("docker", &["port", &format!("{cluster}-lb"), "6443/tcp"])?;
    let port = said.lines().next().and_then(|line| line.rsplit_once(':')).context("the load balancer has a port")?.1;
    Ok(port.to_owned())
}
