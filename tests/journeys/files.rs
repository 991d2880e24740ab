//! A user gives KOS a kubeconfig: pasted, dropped, chosen in the system's dialog, or named at the start.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tests::desk::kubeconfig;
use tests::{Desk, Window};

/// A desk with one context, and a file of another one that KOS does not know.
fn desk() -> (Desk, String) {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "token-dev"));
    let shop = desk.file("clients/shop.yaml", &kubeconfig("shop", "https://127.0.0.1:2", "token-shop"));
    (desk, shop.display().to_string())
}

async fn adding(window: &Window) -> anyhow::Result<()> {
    window.click("Add kubeconfig").await?;
    window.click_in("[role=row]", "Kubeconfig", "Add…").await?;
    window.see("[role=dialog]").await
}

#[tokio::test]
async fn a_pasted_kubeconfig_is_kept_in_a_private_file() -> anyhow::Result<()> {
    let (desk, _) = desk();
    let window = Window::open(&desk, &[]).await?;
    adding(&window).await?;
    window.click("Pasted text").await?;
    window.fill("File name", "shop.yaml").await?;
    window.fill("Text of the kubeconfig", &kubeconfig("shop", "https://127.0.0.1:2", "token-shop")).await?;
    window.click_in("[role=dialog]", "", "Add kubeconfig").await?;
    // While a dialog is open, keys are its own.
    window.until("the dialog is gone", "document.querySelector('[role=dialog]') === null").await?;
    window.ctrl('0').await?;
    window.read("shop").await?;
    let kept = desk.home().join(".config/kos/kubeconfigs/shop.yaml");
    assert_eq!(std::fs::metadata(&kept)?.permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&kept)?.contains("token-shop"));
    window.close().await
}

#[tokio::test]
async fn a_kubeconfig_chosen_in_the_dialog_is_added() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[]).await?;
    adding(&window).await?;
    // The system's dialog cannot be driven: its answer is replaced where it arrives, all before and after is real.
    let answer = format!(
        "const real = window.fetch;
         window.fetch = (address, asked) => String(address).includes(encodeURIComponent('plugin:dialog|open'))
            ? Promise.resolve(new Response({}, {{ headers: {{ 'content-type': 'application/json', 'Tauri-Response': 'ok' }} }}))
            : real(address, asked);
         return true",
        json!(json!(shop).to_string())
    );
    window.page.execute(&answer, vec![]).await?;
    window.click("File…").await?;
    window.until("the path stands in its field", &format!("document.querySelector('[role=dialog] input[aria-label=Path]')?.value === {}", json!(shop))).await?;
    window.click_in("[role=dialog]", "", "Add kubeconfig").await?;
    window.read("1 file added").await?;
    window.ctrl('0').await?;
    window.read("shop").await?;
    window.close().await
}

#[tokio::test]
async fn a_kubeconfig_dropped_on_the_window_is_added() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("dev").await?;
    // A drag needs a second program with a pointer: the drop is told to whom the core has listening, as the core would.
    let drop = format!(
        "(() => {{
            const name = 'tauri://drag-drop';
            const listeners = Object.getOwnPropertyNames(window).map(key => window[key]?.[name]).find(Boolean);
            const ids = listeners ? Object.getOwnPropertyNames(listeners) : [];
            for (const id of ids) window.__TAURI_INTERNALS__.runCallback(listeners[id].handlerId, {{ event: name, id, payload: {{ paths: [{}], position: {{ x: 1, y: 1 }} }} }});
            return ids.length === 1;
        }})()",
        json!(shop)
    );
    window.until("the page listens for drops", &drop).await?;
    window.read("1 file added").await?;
    window.read("shop").await?;
    window.close().await
}

#[tokio::test]
async fn a_second_start_hands_its_file_to_the_first_window() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("dev").await?;
    let ended = window.start_again(&desk, &[&shop]).await?;
    assert!(ended.success(), "the second start ends at once, and well: {ended}");
    window.read("shop").await?;
    window.close().await
}

#[tokio::test]
async fn a_file_of_a_second_start_that_cannot_be_added_is_said_in_the_window() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("dev").await?;
    let ended = window.start_again(&desk, &[&format!("{shop}.not")]).await?;
    assert!(ended.success(), "{ended}");
    window.read("cannot be added.").await?;
    window.close().await
}

#[tokio::test]
async fn a_start_reads_the_file_that_it_names() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[&shop]).await?;
    window.read("shop").await?;
    window.close().await
}

#[tokio::test]
async fn a_path_that_is_refused_stays_in_its_field_and_one_that_is_taken_leaves_it() -> anyhow::Result<()> {
    let (desk, shop) = desk();
    let window = Window::open(&desk, &[]).await?;
    window.click("Settings").await?;
    window.click("Kubeconfig files").await?;
    let holds = |path: &str| format!("document.querySelector('input[aria-label=\"Path of a file or folder\"]')?.value === {}", json!(path));
    let wrong = format!("{shop}.not");
    window.fill("Path of a file or folder", &wrong).await?;
    window.click_in("main", "", "Add").await?;
    window.read("cannot be added.").await?;
    window.until("what was typed is still there", &holds(&wrong)).await?;
    window.fill("Path of a file or folder", &shop).await?;
    window.click_in("main", "", "Add").await?;
    window.until("the field is empty", &holds("")).await?;
    window.close().await
}

#[tokio::test]
async fn a_pasted_text_is_there_again_after_a_look_at_the_other_way() -> anyhow::Result<()> {
    let (desk, _) = desk();
    let window = Window::open(&desk, &[]).await?;
    adding(&window).await?;
    window.click("Pasted text").await?;
    window.fill("Text of the kubeconfig", "kind: Config").await?;
    window.click("File or folder").await?;
    window.see("input[aria-label=Path]").await?;
    window.click("Pasted text").await?;
    window.until("the text is there", "document.querySelector('textarea')?.value === 'kind: Config'").await?;
    window.close().await
}
