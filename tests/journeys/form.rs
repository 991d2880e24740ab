//! What a user typed is not lost by a look at another page or by a refusal, and a plan is of what is so now.

use tests::{Desk, Window};

const NEW: &str = "Create local management cluster";

/// Deletes a cluster as another window of KOS would: the page that is open learns it from its stream.
const DELETE: &str = "
    const done = arguments[arguments.length - 1];
    const ask = (call, given) => window.__TAURI_INTERNALS__.invoke('call', { request: { call, with: given } })
        .then(answer => JSON.parse(new TextDecoder().decode(answer)));
    ask('plan_delete', { name: 'scratch' })
        .then(plan => ask('delete_cluster', { name: plan.name, typed: plan.typed, seen: plan.seen }))
        .then(() => done('asked'), why => done(JSON.stringify(why)))";

/// The name in the form is, or is not, this one.
async fn name(window: &Window, is: &str) -> anyhow::Result<()> {
    let holds = format!("(field => Boolean(field) && field.value {is})(document.querySelector('input[aria-label=Name]'))");
    window.until(&format!("a name that {is}"), &holds).await
}

#[tokio::test]
async fn a_form_is_there_again_until_it_is_cancelled() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    window.command(NEW).await?;
    name(&window, "!== ''").await?;
    window.fill("Name", "second").await?;
    window.read("Create second").await?;
    window.click("Settings").await?;
    window.read("Appearance").await?;
    window.command(NEW).await?;
    name(&window, "=== 'second'").await?;
    window.click("Cancel").await?;
    window.read("Appearance").await?;
    window.command(NEW).await?;
    name(&window, "!== 'second' && field.value !== ''").await?;
    window.close().await
}

#[tokio::test]
async fn what_a_setting_refuses_is_typed_in_no_other_one() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &[]).await?;
    window.click("Settings").await?;
    window.click("Network and proxy").await?;
    window.fill("Proxy", "proxy:3128").await?;
    window.read("A proxy looks like").await?;
    window.click("Local clusters").await?;
    for label in ["Node image", "clusterctl configuration"] {
        window.until(&format!("{label} is empty"), &format!("document.querySelector('main input[aria-label=\"{label}\"]')?.value === ''")).await?;
    }
    window.close().await
}

#[tokio::test]
async fn a_name_that_another_cluster_gives_up_is_planned_without_an_edit() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo", "--pace=60"]).await?;
    window.read("scratch").await?;
    window.command(NEW).await?;
    name(&window, "!== ''").await?;
    window.fill("Name", "scratch").await?;
    window.read("A cluster called scratch is already on this machine.").await?;
    assert_eq!(window.page.execute_async(DELETE, vec![]).await?, "asked");
    window.gone("A cluster called scratch is already on this machine.").await?;
    window.read("--name scratch --config").await?;
    window.close().await
}

#[tokio::test]
async fn a_log_is_saved_and_said_and_a_file_that_is_there_is_left_as_it_is() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mine, new) = (desk.file("mine.log", "mine"), desk.home().join("new.log"));
    let window = Window::open(&desk, &["--demo=failing"]).await?;
    window.click("Jobs").await?;
    window.click("Output").await?;
    window.read("Too many open files").await?;
    window.click("Save log…").await?;
    window.fill("File", &mine.display().to_string()).await?;
    window.click("Save the log").await?;
    window.read("What stands there was left as it is.").await?;
    let stays = format!("document.querySelector('input[aria-label=File]')?.value === {}", serde_json::json!(mine));
    window.until("the path is still there", &stays).await?;
    window.fill("File", &new.display().to_string()).await?;
    window.click("Save the log").await?;
    window.read(&format!("Saved to {}", new.display())).await?;
    window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    assert_eq!(std::fs::read_to_string(&mine)?, "mine");
    assert!(new.is_file());
    window.close().await
}
