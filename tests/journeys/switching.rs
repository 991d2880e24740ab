//! A user goes from context to context, and only what was shown is ever written.

use fantoccini::key::Key;
use tests::desk::kubeconfig;
use tests::{Desk, Window};

/// Three contexts in kubectl's own file and one in a file that was added; nobody answers at the servers.
fn desk() -> Desk {
    let desk = Desk::new();
    let own = "# mine\napiVersion: v1\nkind: Config\ncurrent-context: dev # the usual one\n\
        clusters:\n- {name: c, cluster: {server: 'https://127.0.0.1:1'}}\nusers:\n- {name: u, user: {token: t}}\n\
        contexts:\n- {name: dev, context: {cluster: c, user: u}}\n- {name: stage, context: {cluster: c, user: u}}\n- {name: edge, context: {cluster: c, user: u}}\n";
    desk.file(".kube/config", own);
    let shop = desk.file("clients/shop.yaml", &kubeconfig("shop", "https://127.0.0.1:2", "token-shop"));
    let pinned = |place: u32| serde_json::json!({ "favourite": { "Pinned": { "place": place } } });
    let remembered = serde_json::json!({ "files": [shop], "contexts": { "#dev": pinned(0), format!("{}#shop", shop.display()): pinned(1) } });
    desk.file(".local/state/kos/remembered.json", &remembered.to_string());
    desk
}

/// Waits until the window stands in a context.
async fn in_context(window: &Window, name: &str) -> anyhow::Result<()> {
    let label = serde_json::json!(format!("Switch context, now {name}"));
    window.until(&format!("{name} is open"), &format!("document.querySelector('.contextbar .pick')?.title === {label}")).await
}

#[tokio::test]
async fn five_ways_lead_to_a_context_and_no_file_changes_by_a_byte() -> anyhow::Result<()> {
    let desk = desk();
    let before = (desk.bytes(".kube"), desk.bytes("clients"));
    let window = Window::open(&desk, &[]).await?;
    window.click_in(".rail", "", "dev").await?;
    in_context(&window, "dev").await?;
    window.ctrl('2').await?;
    in_context(&window, "shop").await?;
    window.click("Switch context, now shop").await?;
    window.see(".popover [role=option]").await?;
    window.fill("Filter contexts", "dev").await?;
    window
        .until(
            "the list found it",
            "document.querySelectorAll('.popover [role=option]').length === 1 && document.querySelector('.popover .pi.on')?.textContent.includes('dev')",
        )
        .await?;
    window.enter().await?;
    in_context(&window, "dev").await?;
    window.ctrl('k').await?;
    window.fill("Search or run a command", "@stage").await?;
    window.until("the palette found it", "document.querySelector('.palette .pi.on')?.textContent.includes('stage')").await?;
    window.enter().await?;
    in_context(&window, "stage").await?;
    window.ctrl('0').await?;
    window.click_in("[role=row]", "edge", "Connect").await?;
    in_context(&window, "edge").await?;
    window.close().await?;
    assert_eq!((desk.bytes(".kube"), desk.bytes("clients")), before);
    Ok(())
}

#[tokio::test]
async fn a_context_is_made_current_for_kubectl_after_its_change_was_shown() -> anyhow::Result<()> {
    let desk = desk();
    let file = desk.home().join(".kube/config");
    let before = std::fs::read_to_string(&file)?;
    let window = Window::open(&desk, &[]).await?;
    window.click("More for stage").await?;
    window.click("Make stage current for kubectl…").await?;
    window.until("the change is shown", "document.querySelector('.dl.add')?.textContent.includes('current-context: stage')").await?;
    assert_eq!(std::fs::read_to_string(&file)?, before, "nothing is written before the answer");
    window.click("Write the file").await?;
    window.read("kubectl uses stage now").await?;
    assert_eq!(std::fs::read_to_string(&file)?, before.replace("current-context: dev", "current-context: stage"));
    window.close().await
}

/// Opens a cluster of the demo where every write waits, so long that it is not the time that decides.
async fn at_lab_a(desk: &Desk) -> anyhow::Result<Window> {
    let window = Window::open(desk, &["--demo=fleet"]).await?;
    window.read("dev-eu").await?;
    window.click("Settings").await?;
    window.click("Safety").await?;
    window.fill("Seconds before a write is sent", "60").await?;
    window.command("kind-kos-mgmt").await?;
    window.click("Clusters").await?;
    window.click_in("main", "", "lab-a").await?;
    Ok(window)
}

#[tokio::test]
async fn a_write_that_waits_is_not_sent_once_something_else_is_chosen() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = at_lab_a(&desk).await?;
    window.click("Scale…").await?;
    let machines = async |n: u32| {
        let shown = format!("document.querySelector('[aria-label=\"Machines of md-0\"] .num')?.textContent === '{n}'");
        window.until(&format!("{n} machines"), &shown).await
    };
    machines(3).await?;
    window.click("More: Machines of md-0").await?;
    window.click("Scale lab-a").await?;
    window.read("Sent in").await?;
    window.click("More: Machines of md-0").await?;
    machines(5).await?;
    window.gone("Sent in").await?;
    // The button is back, and what is shown when it is pressed waits anew.
    window.click("Scale lab-a").await?;
    window.read("Sent in").await?;
    window.click("Do not send").await?;
    window.gone("Sent in").await?;
    window.press(&char::from(Key::Escape).to_string()).await?;
    window.click("Scale…").await?;
    machines(3).await?;
    window.close().await
}

#[tokio::test]
async fn z_takes_a_write_back_also_from_the_field_of_its_name() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = at_lab_a(&desk).await?;
    window.click("Delete…").await?;
    window.fill("Type lab-a to go on", "lab-a").await?;
    window.until("it can be deleted", "Boolean(document.querySelector('.dft .danger:not([disabled])'))").await?;
    window.ctrl(Key::Enter.into()).await?;
    window.read("Sent in").await?;
    window.until("the way back has the focus", "document.activeElement?.textContent === 'Do not send'").await?;
    window.press("z").await?;
    window.gone("Sent in").await?;
    window.until("the field has the focus, and no Z in it", "document.activeElement?.value === 'lab-a'").await?;
    window.press(&char::from(Key::Escape).to_string()).await?;
    window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    window.until("lab-a is there", "document.querySelector('main h1')?.textContent === 'lab-a'").await?;
    assert!(!window.says("It is being deleted.").await?);
    window.close().await
}

#[tokio::test]
async fn a_filter_keeps_the_focus_while_one_types() -> anyhow::Result<()> {
    let desk = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("stage").await?;
    window.press("/").await?;
    window.until("the filter has the focus", "document.activeElement?.matches('.search input')").await?;
    for letter in ["s", "h", "o"] {
        window.press(letter).await?;
    }
    window.until("all letters arrived", "document.activeElement?.matches('.search input') && document.activeElement.value === 'sho'").await?;
    window.until("one context is left", "document.querySelectorAll('.t-kube .tr').length === 1").await?;
    window.close().await
}

/// From now on the page hears only after `answer()` that a table is open; which of them are open is noted.
const LATE: &str = "
    const door = window.kos.invoke;
    const open = (window.tables = new Set());
    const answered = new Promise((done) => (window.answer = done));
    window.kos.invoke = async (command, args) => {
        const answer = await door(command, args);
        if (command === 'subscribe' && args.topic.Table) {
            open.add(answer);
            await answered;
        }
        if (command === 'unsubscribe') open.delete(args.stream);
        return answer;
    };";

#[tokio::test]
async fn a_page_that_is_left_while_its_tables_are_being_opened_leaves_none_open() -> anyhow::Result<()> {
    let desk = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("stage").await?;
    window.page.execute(LATE, vec![]).await?;
    window.click_in(".rail", "", "dev").await?;
    in_context(&window, "dev").await?;
    window.until("the core has opened the tables", "window.tables.size >= 3").await?;
    window.ctrl('0').await?;
    window.see(".t-kube").await?;
    window.page.execute("window.answer()", vec![]).await?;
    window.until("none of them is open", "window.tables.size === 0").await?;
    window.close().await
}

/// From now on the page hears only after `answer()` that a change was written.
const UNANSWERED: &str = "
    const door = window.kos.invoke;
    window.written = false;
    const answered = new Promise((done) => (window.answer = done));
    window.kos.invoke = async (command, args) => {
        const answer = await door(command, args);
        if (args.request?.call === 'apply_change') {
            window.written = true;
            await answered;
        }
        return answer;
    };";

#[tokio::test]
async fn an_answer_that_comes_late_leads_nobody_away() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".config/kos/settings.yaml", "write_wait_seconds: 0\n");
    let window = Window::open(&desk, &["--demo=fleet"]).await?;
    window.read("dev-eu").await?;
    window.command("kind-kos-mgmt").await?;
    window.click("Clusters").await?;
    window.click_in("main", "", "lab-a").await?;
    window.read("Provisioning").await?;
    window.page.execute(UNANSWERED, vec![]).await?;
    window.command("Pause lab-a").await?;
    window.click("Pause lab-a").await?;
    window.until("it is written", "window.written").await?;
    window.press(&char::from(Key::Escape).to_string()).await?;
    window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    let here = "document.querySelector('main h1')?.textContent === 'lab-a'";
    window.until("the page of lab-a is back", here).await?;
    window.page.execute("window.answer()", vec![]).await?;
    window.read("It is written.").await?;
    window.until("the page of lab-a is still there", here).await?;
    window.close().await
}
