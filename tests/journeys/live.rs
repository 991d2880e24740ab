//! The live tables of a context on the real API server.

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
