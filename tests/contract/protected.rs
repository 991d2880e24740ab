//! Does what takes a protected context away, makes it everybody's, or ends its protection, ask for its name?

use serde_json::json;
use tests::desk::kubeconfig;
use tests::{Desk, Headless};

use crate::changes::open;

#[tokio::test]
async fn a_local_cluster_of_a_protected_context_is_paused_and_deleted_only_after_its_name_was_typed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, context) = open(&desk).await?;
    core.call("set_guard", json!({ "context": context, "guard": "Protected" })).await?;
    for (power, typed) in [("Pause", ""), ("Stop", ""), ("Stop", "kos-mgmt")] {
        let refused = core.refused("set_power", json!({ "name": "kos-mgmt", "power": power, "typed": typed })).await?;
        assert_eq!(refused["sentence"], "To do this, type kind-kos-mgmt.", "{power}");
        assert_eq!(refused["unharmed"], "The containers of kos-mgmt run on.");
    }
    let plan = core.call("plan_delete", json!({ "name": "kos-mgmt" })).await?;
    assert_eq!(plan["typed"], "kind-kos-mgmt", "{plan}");
    let refused = core.refused("delete_cluster", json!({ "name": "kos-mgmt", "typed": "kos-mgmt", "seen": plan["seen"] })).await?;
    assert_eq!(refused["sentence"], "The cluster kos-mgmt was not deleted: kind-kos-mgmt was not typed.");
    core.call("set_power", json!({ "name": "kos-mgmt", "power": "Pause", "typed": "kind-kos-mgmt" })).await?;
    let local = core.subscribe(json!("Local")).await?;
    core.until(local, "a paused cluster", |seen| seen.rows.iter().any(|row| row["name"] == "kos-mgmt" && row["state"] == "Paused")).await?;
    core.end().await
}

#[tokio::test]
async fn a_protected_context_is_not_made_current_without_its_name() -> anyhow::Result<()> {
    let desk = Desk::new();
    let two = kubeconfig("a", "https://127.0.0.1:1", "t").replace("contexts:\n", "contexts:\n- name: prod\n  context: {cluster: a, user: a}\n");
    let file = desk.file(".kube/config", &two);
    let mut core = Headless::start(&desk, &[]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |seen| seen.rows.len() == 2).await?;
    core.call("set_guard", json!({ "context": "#prod", "guard": "Protected" })).await?;
    let seen = core.call("plan_current", json!({ "context": "#prod" })).await?["seen"].clone();
    let refused = core.refused("make_current", json!({ "context": "#prod", "seen": seen })).await?;
    assert_eq!(refused["sentence"], "To do this, type prod.");
    assert_eq!(std::fs::read_to_string(&file)?, two, "the file stays as it was");
    core.call("make_current", json!({ "context": "#prod", "seen": seen, "typed": "prod" })).await?;
    assert!(std::fs::read_to_string(&file)?.contains("current-context: prod"));
    core.end().await
}

#[tokio::test]
async fn a_context_is_no_longer_protected_only_after_its_name_was_typed() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("a", "https://127.0.0.1:1", "t"));
    let mut core = Headless::start(&desk, &[]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the context", |seen| !seen.rows.is_empty()).await?;
    core.call("set_guard", json!({ "context": "#a", "guard": "Protected" })).await?;
    for typed in ["", "b"] {
        let refused = core.refused("set_guard", json!({ "context": "#a", "guard": "Open", "typed": typed })).await?;
        assert_eq!(refused["sentence"], "To do this, type a.", "{typed:?}");
        assert_eq!(refused["unharmed"], "It stays protected.");
    }
    let asks = core.refused("make_current", json!({ "context": "#a", "seen": "" })).await?;
    assert_eq!(asks["sentence"], "To do this, type a.", "it stays protected");
    core.call("set_guard", json!({ "context": "#a", "guard": "Open", "typed": "a" })).await?;
    // An open one asks for nothing.
    core.call("set_guard", json!({ "context": "#a", "guard": "Open" })).await?;
    core.end().await
}

#[tokio::test]
async fn a_context_that_a_rule_protects_tells_whether_it_is_protected_by_itself_too() -> anyhow::Result<()> {
    let desk = Desk::new();
    let two = kubeconfig("a", "https://127.0.0.1:1", "t").replace("contexts:\n", "contexts:\n- name: prod\n  context: {cluster: a, user: a}\n");
    desk.file(".kube/config", &two);
    let mut core = Headless::start(&desk, &[]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |seen| seen.rows.len() == 2).await?;
    core.call("set_guard", json!({ "context": "#prod", "guard": "Protected" })).await?;
    core.call("save_choices", json!({ "chosen": { "protect": { "to": ["*"] } } })).await?;
    let both = core.until(contexts, "the rule", |seen| seen.rows.iter().all(|row| row["guard"] == "Protected")).await?.rows;
    let mut own: Vec<_> = both.iter().map(|row| (row["name"].as_str().unwrap_or_default(), row["own_guard"].as_str().unwrap_or_default())).collect();
    own.sort_unstable();
    assert_eq!(own, [("a", "Open"), ("prod", "Protected")]);
    core.call("save_choices", json!({ "chosen": { "protect": { "to": [] } } })).await?;
    core.until(contexts, "what is protected by itself stays so", |seen| {
        seen.rows.iter().all(|row| row["guard"] == if row["name"] == "prod" { "Protected" } else { "Open" })
    })
    .await?;
    core.end().await
}
