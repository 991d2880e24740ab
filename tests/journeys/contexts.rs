//! A user with three kubeconfigs, one of them broken, goes from context to context.

use fantoccini::key::Key;
use tests::desk::kubeconfig;
use tests::{Desk, Window};

/// Two good files and a broken one in a folder of the user's; nobody answers at the servers.
fn three_files() -> Desk {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "token-dev"));
    let second = desk.file("clients/shop.yaml", &kubeconfig("shop", "https://127.0.0.1:2", "token-shop"));
    let broken = desk.file("clients/broken.yaml", "apiVersion: v1\nkind: Config\nclusters:\n- name: x\n  cluster: {server: [\n");
    let pinned = |place: u32| serde_json::json!({ "favourite": { "Pinned": { "place": place } } });
    let id = format!("{}#shop", second.display());
    let remembered = serde_json::json!({ "files": [second, broken], "contexts": { "#dev": pinned(0), id: pinned(1) } });
    desk.file(".local/state/kos/remembered.json", &remembered.to_string());
    desk
}

#[tokio::test]
async fn the_fleet_shows_good_contexts_beside_a_broken_file_that_names_its_line() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    for words in ["dev", "shop", "broken.yaml", "Line ", "Not connected"] {
        window.read(words).await?;
    }
    window.close().await
}

#[tokio::test]
async fn contexts_are_switched_by_rail_keyboard_and_palette() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    let here = |name: &str| format!("document.querySelector('.contextbar')?.innerText.includes({})", serde_json::json!(name));
    window.see(".rail .ctx[title=dev]").await?;
    window.click("dev").await?;
    window.until("dev is open", &here("dev")).await?;
    window.ctrl('2').await?;
    window.until("shop is open by Ctrl 2", &here("shop")).await?;
    window.ctrl('k').await?;
    window.see(".palette input").await?;
    window.press("@dev").await?;
    window.see(".palette [role=option]").await?;
    let enter: char = Key::Enter.into();
    window.press(&enter.to_string()).await?;
    window.until("dev is open by the palette", &here("dev")).await?;
    window.close().await
}

#[tokio::test]
async fn an_unreachable_server_is_named_with_its_next_try() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    window.see(".rail .ctx[title=dev]").await?;
    window.click("dev").await?;
    window.read("127.0.0.1:1").await?;
    window.ctrl('0').await?;
    window.read("Unreachable").await?;
    window.close().await
}

#[tokio::test]
async fn a_file_saved_by_another_program_appears_without_a_restart() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    window.read("shop").await?;
    desk.file(".kube/config", &kubeconfig("renamed", "https://127.0.0.1:1", "token-dev"));
    window.read("renamed").await?;
    window.close().await
}

#[tokio::test]
async fn an_open_menu_stays_open_when_a_context_comes_before_it() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    window.click("More for shop").await?;
    window.see("[role=menu]").await?;
    let both = kubeconfig("dev", "https://127.0.0.1:1", "token-dev")
        .replace("contexts:\n", "contexts:\n- name: earlier\n  context:\n    cluster: dev\n    user: dev\n");
    desk.file(".kube/config", &both);
    window.read("earlier").await?;
    window.until("the menu is still open", "document.querySelector('[role=menu]')?.contains(document.activeElement)").await?;
    window.close().await
}
