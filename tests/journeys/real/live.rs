//! The live tables of a context on the real API server.

use anyhow::Context;
use testkit::FaultProxy;
use tests::{Desk, Window, lab};

const ADMIN: &str = "kubernetes-admin@lab";

async fn at_the_lab() -> anyhow::Result<(Desk, Window)> {
    let desk = Desk::new();
    desk.file(".kube/config", &lab::kubeconfig());
    let window = Window::open(&desk, &[]).await?;
    window.read(ADMIN).await?;
    window.click("Connect").await?;
    window.see(".datatable").await?;
    Ok((desk, window))
}

#[tokio::test]
async fn a_pod_made_by_kubectl_appears_in_the_table_and_leaves() -> anyhow::Result<()> {
    lab::kubectl(&["delete", "pod", "seen-in-window", "--ignore-not-found", "--now"])?;
    let (_desk, window) = at_the_lab().await?;
    lab::kubectl(&["run", "seen-in-window", "--image=kos.dev/none", "--restart=Never"])?;
    let seen = window.read("seen-in-window").await;
    lab::kubectl(&["delete", "pod", "seen-in-window", "--wait=false"])?;
    seen?;
    window.gone("seen-in-window").await?;
    window.close().await
}

#[tokio::test]
async fn the_keyboard_alone_leads_from_the_start_to_an_open_pod() -> anyhow::Result<()> {
    lab::kubectl(&["delete", "pod", "reached-by-keys", "--ignore-not-found", "--now"])?;
    lab::kubectl(&["run", "reached-by-keys", "--image=kos.dev/none", "--restart=Never"])?;
    let desk = Desk::new();
    desk.file(".kube/config", &lab::kubeconfig());
    let window = Window::open(&desk, &[]).await?;
    window.read(ADMIN).await?;
    window.ctrl('k').await?;
    window.until("the palette has the focus", "document.activeElement?.closest('.palette') !== null").await?;
    window.press("@lab").await?;
    window.until("the context is found", &format!("document.querySelector('.palette .pi.on')?.textContent.includes('{ADMIN}')")).await?;
    window.enter().await?;
    window.read("reached-by-keys").await?;
    window.press("j").await?;
    window.until("the rows have the focus", "document.activeElement?.closest('[role=grid]') !== null").await?;
    window.press("j").await?;
    window.until("a row is focused", "document.querySelector('[role=grid] .tr.is-at') !== null").await?;
    window.enter().await?;
    window.read("Pod in ").await?;
    lab::kubectl(&["delete", "pod", "reached-by-keys", "--wait=false"])?;
    window.close().await
}

/// The computer slept, and woke in a network that leads nowhere for a while.
#[tokio::test]
async fn a_window_that_was_stopped_while_its_network_went_away_is_live_again_without_a_click() -> anyhow::Result<()> {
    lab::kubectl(&["delete", "pod", "sleeps", "--ignore-not-found", "--now"])?;
    lab::kubectl(&["run", "sleeps", "--image=kos.dev/none", "--restart=Never"])?;
    let kubeconfig = lab::kubeconfig();
    let server = kubeconfig.lines().find_map(|line| line.trim().strip_prefix("server: https://")).context("a kubeconfig names a server")?;
    let wire = FaultProxy::before(server.parse().with_context(|| server.to_owned())?).await?;
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig.replace(server, &wire.address().to_string()));
    let window = Window::open(&desk, &[]).await?;
    window.read(ADMIN).await?;
    window.click("Connect").await?;
    window.read("sleeps").await?;

    let family = window.process().family();
    family.iter().try_for_each(|one| one.signal("STOP"))?;
    wire.accept_silent();
    wire.rst();
    family.iter().rev().try_for_each(|one| one.signal("CONT"))?;
    window.read("Stale since").await?;
    assert!(window.text().await?.contains("sleeps"), "errors never remove rows");
    let asks = window.page.execute("return document.querySelector('[role=dialog]') !== null", vec![]).await?;
    assert_eq!(asks, serde_json::Value::Bool(false), "nobody is asked anything");
    wire.pass();
    wire.rst();
    window.gone("Stale since").await?;
    window.read("sleeps").await?;
    lab::kubectl(&["delete", "pod", "sleeps", "--wait=false"])?;
    window.gone("sleeps").await?;
    window.close().await
}

#[tokio::test]
async fn a_dead_server_turns_the_table_stale_with_its_rows_and_back() -> anyhow::Result<()> {
    lab::kubectl(&["delete", "pod", "stays", "--ignore-not-found", "--now"])?;
    lab::kubectl(&["run", "stays", "--image=kos.dev/none", "--restart=Never"])?;
    let (_desk, window) = at_the_lab().await?;
    window.read("stays").await?;
    lab::kill_api_server()?;
    let stale = window.read("Stale since").await;
    let kept = window.text().await;
    lab::start_api_server()?;
    stale?;
    assert!(kept?.contains("stays"), "errors never remove rows");
    window.gone("Stale since").await?;
    window.read("stays").await?;
    lab::kubectl(&["delete", "pod", "stays", "--wait=false"])?;
    window.close().await
}
