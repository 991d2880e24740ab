//! Is what the user did there after a restart?

use serde_json::json;
use tests::desk::kubeconfig;
use tests::{Desk, Headless};

#[tokio::test]
async fn a_context_is_left_at_a_namespace_that_is_there_after_a_restart() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "t"));
    let mut core = Headless::start(&desk, &[]).await?;
    let stream = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(stream, "the context", |rows| rows.rows.len() == 1).await?;
    let id = rows.rows[0]["id"].clone();
    assert_eq!(rows.rows[0]["left_at"], "");
    let refused = core.refused("leave_at", json!({ "context": id, "namespace": "../etc" })).await?;
    assert_eq!(refused["code"], "Invalid");
    core.call("leave_at", json!({ "context": id, "namespace": "shop" })).await?;
    core.until(stream, "the namespace", |rows| rows.rows[0]["left_at"] == "shop").await?;
    core.end().await?;
    let mut again = Headless::start(&desk, &[]).await?;
    let stream = again.subscribe(json!("Contexts")).await?;
    again.until(stream, "the namespace after a restart", |rows| rows.rows.first().is_some_and(|row| row["left_at"] == "shop")).await?;
    again.end().await
}

#[tokio::test]
async fn a_context_opens_in_the_namespace_that_the_settings_name_and_they_are_read_again() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "t"));
    desk.file(".config/kos/settings.yaml", "namespaces: {dev: shop, other: db}\n");
    let mut core = Headless::start(&desk, &[]).await?;
    let stream = core.subscribe(json!("Contexts")).await?;
    core.until(stream, "the namespace of the settings", |rows| rows.rows.first().is_some_and(|row| row["left_at"] == "shop")).await?;
    core.call("leave_at", json!({ "context": "#dev", "namespace": "left" })).await?;
    desk.file(".config/kos/settings.yaml", "namespaces: {dev: payments}\n");
    core.until(stream, "the edited one", |rows| rows.rows[0]["left_at"] == "payments").await?;
    desk.file(".config/kos/settings.yaml", "namespaces: {dev: ../etc}\n");
    core.until(stream, "what is none is not taken", |rows| rows.rows[0]["left_at"] == "left").await?;
    core.end().await
}

#[tokio::test]
async fn what_was_remembered_and_cannot_be_read_is_said_because_protection_goes_with_it() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("prod", "https://127.0.0.1:1", "t"));
    let aside = desk.file(".local/state/kos/remembered.json", "{\"contexts\": {\"#prod\": {\"guard\": ").with_extension("unreadable.json");
    let mut core = Headless::start(&desk, &[]).await?;
    let settings = core.subscribe(json!("Settings")).await?;
    let rows = core.until(settings, "the trouble", |rows| rows.rows.first().is_some_and(|row| !row["trouble"].is_null())).await?;
    let said = rows.rows[0]["trouble"]["sentence"].as_str().unwrap_or_default();
    assert!(said.contains("protected contexts"), "{said}");
    assert!(aside.is_file(), "it is kept");
    core.end().await
}
