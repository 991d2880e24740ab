//! Somebody without a mouse reaches everything, sees where they are, and never loses the place.

use anyhow::bail;
use fantoccini::Locator;
use fantoccini::key::Key;
use tests::desk::crowded;
use tests::{Desk, Window};

/// More stops of Tab than any page has.
const STOPS: usize = 120;

/// What has the focus is called this.
fn at(name: &str) -> String {
    format!("(e => [e?.innerText?.trim(), e?.getAttribute('aria-label'), e?.title].includes({}))(document.activeElement)", serde_json::json!(name))
}

async fn key(window: &Window, key: Key) -> anyhow::Result<()> {
    window.press(&char::from(key).to_string()).await
}

/// Presses Tab until the focus is on the control with this name.
async fn tab_to(window: &Window, name: &str) -> anyhow::Result<()> {
    let here = format!("return {}", at(name));
    for _ in 0..STOPS {
        if window.page.execute(&here, vec![]).await? == true {
            return Ok(());
        }
        key(window, Key::Tab).await?;
    }
    bail!("Tab does not lead to {name}; the page says:\n{}", window.text().await?)
}

async fn stands_at(window: &Window, name: &str) -> anyhow::Result<()> {
    window.until(&format!("the focus is on {name}"), &at(name)).await
}

/// The focus is on something that can be seen or on the page itself, not on nothing.
async fn stands_somewhere(window: &Window) -> anyhow::Result<()> {
    window.until("the focus is not lost", "document.activeElement !== null && document.activeElement !== document.body").await
}

#[tokio::test]
async fn the_focus_comes_back_from_menus_lists_and_dialogs() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    tab_to(&window, "All contexts").await?;
    window.enter().await?;
    window.see(".popover").await?;
    key(&window, Key::Escape).await?;
    stands_at(&window, "All contexts").await?;
    tab_to(&window, "More for scratch").await?;
    window.enter().await?;
    window.until("the menu has the focus", "document.activeElement?.role === 'menu' || document.activeElement?.className === 'menu'").await?;
    // The last item is one step up from the first.
    key(&window, Key::Up).await?;
    window.until("the last item", "document.querySelector('.menu .mi.on')?.textContent === 'Delete scratch…'").await?;
    key(&window, Key::Escape).await?;
    stands_at(&window, "More for scratch").await?;
    window.press("?").await?;
    window.see("[role=dialog]").await?;
    key(&window, Key::Escape).await?;
    stands_at(&window, "More for scratch").await?;
    window.close().await
}

#[tokio::test]
async fn a_page_that_takes_the_focused_button_away_keeps_the_focus() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo=failing", "--pace=60"]).await?;
    window.read("dev-eu").await?;
    tab_to(&window, "Jobs").await?;
    window.enter().await?;
    tab_to(&window, "Output").await?;
    window.enter().await?;
    window.read("Too many open files").await?;
    stands_somewhere(&window).await?;
    tab_to(&window, "Check again and retry step 3").await?;
    window.enter().await?;
    window.gone("Check again and retry step 3").await?;
    stands_somewhere(&window).await?;
    // Esc leads back, from page to page, and stays at the fleet.
    key(&window, Key::Escape).await?;
    window.read("Work goes on when you leave a page").await?;
    stands_somewhere(&window).await?;
    key(&window, Key::Escape).await?;
    window.read("Kubeconfig contexts").await?;
    key(&window, Key::Escape).await?;
    window.read("Kubeconfig contexts").await?;
    window.close().await
}

#[tokio::test]
async fn arrows_walk_choices_and_what_is_chosen_has_the_focus() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo=cut-off"]).await?;
    window.read("Settings").await?;
    tab_to(&window, "Settings").await?;
    window.enter().await?;
    window.read("Appearance").await?;
    tab_to(&window, "Regular").await?;
    key(&window, Key::Right).await?;
    stands_at(&window, "Roomy").await?;
    window.see("[data-rows=roomy]").await?;
    tab_to(&window, "Add rule").await?;
    window.enter().await?;
    stands_at(&window, "Rule, * stands for anything").await?;
    key(&window, Key::Escape).await?;
    stands_somewhere(&window).await?;
    tab_to(&window, "Jobs").await?;
    window.enter().await?;
    tab_to(&window, "Choose…").await?;
    window.enter().await?;
    window.read("How to go on with").await?;
    tab_to(&window, "Continue").await?;
    key(&window, Key::Down).await?;
    stands_at(&window, "Undo").await?;
    window.until("it is chosen", "document.activeElement.getAttribute('aria-checked') === 'true'").await?;
    window.close().await
}

#[tokio::test]
async fn escape_in_a_drawer_leads_back_to_its_row() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    window.ctrl('k').await?;
    window.fill("Search or run a command", "@dev-eu").await?;
    window.until("the context is found", "document.querySelector('.palette .pi.on')?.textContent.includes('dev-eu')").await?;
    window.enter().await?;
    window.read("checkout-api").await?;
    window.press("j").await?;
    window.until("the rows have the focus", "document.activeElement?.closest('[role=grid]') !== null").await?;
    window.press("j").await?;
    window.enter().await?;
    window.see(".drawer").await?;
    tab_to(&window, "Next row, J").await?;
    key(&window, Key::Escape).await?;
    window.until("the drawer is closed and the rows have the focus", "!document.querySelector('.drawer') && document.activeElement?.role === 'grid'").await?;
    window.close().await
}

#[tokio::test]
async fn a_question_over_the_fleet_leaves_its_filter_and_its_focus_as_they_were() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    window.fill("Filter", "prod").await?;
    tab_to(&window, "More for scratch").await?;
    window.enter().await?;
    window.until("the menu has the focus", "document.activeElement?.className === 'menu'").await?;
    // The last item is one step up from the first.
    key(&window, Key::Up).await?;
    window.until("the last item", "document.querySelector('.menu .mi.on')?.textContent === 'Delete scratch…'").await?;
    window.enter().await?;
    window.see("[role=dialog]").await?;
    key(&window, Key::Escape).await?;
    window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    stands_at(&window, "More for scratch").await?;
    window.until("the filter is as it was", "document.querySelector('main .search input')?.value === 'prod'").await?;
    window.close().await
}

/// Tab, the other way round.
async fn tab_back(window: &Window) -> anyhow::Result<()> {
    let [shift, tab] = [Key::Shift, Key::Tab].map(char::from);
    window.press(&format!("{shift}{tab}{shift}")).await
}

/// Clicks with the mouse, which takes the focus along.
async fn point_at(window: &Window, css: &str) -> anyhow::Result<()> {
    window.see(css).await?;
    Ok(window.page.find(Locator::Css(css)).await?.click().await?)
}

#[tokio::test]
async fn keys_stay_with_a_dialog_whatever_of_it_is_clicked() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    window.click("Add kubeconfig").await?;
    window.click_in("[role=row]", "Kubeconfig", "Add…").await?;
    window.see("[role=dialog]").await?;
    // Of a choice that arrows walk, the first is no stop of Tab any more.
    window.click("Pasted text").await?;
    window.see("[role=dialog] textarea").await?;
    let inside = async || window.until("the focus is in the dialog", "Boolean(document.activeElement?.closest('[role=dialog]'))").await;
    for _ in 0..10 {
        tab_back(&window).await?;
        inside().await?;
    }
    point_at(&window, "[role=dialog] h2").await?;
    for _ in 0..10 {
        key(&window, Key::Tab).await?;
        inside().await?;
    }
    point_at(&window, "[role=dialog] h2").await?;
    key(&window, Key::Escape).await?;
    window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    window.ctrl('k').await?;
    point_at(&window, ".palette .pf").await?;
    for _ in 0..2 {
        window.until("the box has the focus", "document.activeElement?.matches('.palette input')").await?;
        tab_back(&window).await?;
    }
    window.until("the box keeps the focus", "document.activeElement?.matches('.palette input')").await?;
    key(&window, Key::Escape).await?;
    window.until("the palette is closed", "!document.querySelector('.palette')").await?;
    // A fault stands over a dialog and is no part of it.
    window.page.execute("window.dispatchEvent(new CustomEvent('kos-dropped', { detail: ['relative'] }))", vec![]).await?;
    for part in [".toast .hd", ".toast [aria-label=Close]"] {
        window.see(part).await?;
        window.press("?").await?;
        window.see("[role=dialog]").await?;
        point_at(&window, part).await?;
        inside().await?;
        key(&window, Key::Escape).await?;
        window.until("the dialog is closed", "!document.querySelector('[role=dialog]')").await?;
    }
    window.until("the fault is closed", "!document.querySelector('.toast')").await?;
    window.close().await
}

/// More contexts than the list of the switcher has room for.
const MANY: usize = 20;

#[tokio::test]
async fn keys_stay_with_the_list_of_contexts_and_what_they_mark_is_in_view() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &crowded(MANY));
    let window = Window::open(&desk, &[]).await?;
    window.read("c-19").await?;
    window.click_in("[role=row]", "c-00", "Connect").await?;
    let here = "document.querySelector('.contextbar .pick')?.title === 'Switch context, now c-00'";
    window.until("c-00 is open", here).await?;
    window.click("Switch context, now c-00").await?;
    let stands = async |css: &str| window.until(&format!("the focus is on {css}"), &format!("document.activeElement?.matches('.popover {css}')")).await;
    stands("input").await?;
    key(&window, Key::Tab).await?;
    stands(".all").await?;
    key(&window, Key::Tab).await?;
    stands("input").await?;
    tab_back(&window).await?;
    stands(".all").await?;
    key(&window, Key::Escape).await?;
    window.until("the list is closed", "!document.querySelector('.popover')").await?;
    window.until("c-00 is still open", here).await?;
    window.click("Switch context, now c-00").await?;
    stands("input").await?;
    for _ in 0..20 {
        key(&window, Key::Down).await?;
    }
    let last = "[...document.querySelectorAll('.popover [role=option]')].pop()";
    window.until("the last context is marked", &format!("{last}?.matches('.on')")).await?;
    let inside = "(on, list) => on.top >= list.top - 1 && on.bottom <= list.bottom + 1";
    let seen = format!("({inside})({last}.getBoundingClientRect(), document.querySelector('.popover .list').getBoundingClientRect())");
    window.until("it is in view", &seen).await?;
    window.close().await
}

#[tokio::test]
async fn arrows_walk_the_sides_of_a_cluster_also_past_the_one_that_is_drawn_anew() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.read("dev-eu").await?;
    window.command("kind-kos-mgmt").await?;
    window.click("Clusters").await?;
    window.click_in("main", "", "lab-a").await?;
    window.read("Provisioning").await?;
    tab_to(&window, "Provisioning").await?;
    for side in ["Git", "Machines"] {
        key(&window, Key::Right).await?;
        let chosen = "e?.getAttribute('role') === 'tab' && e.getAttribute('aria-selected') === 'true'";
        let on = format!("(e => {chosen} && e.textContent.startsWith('{side}'))(document.activeElement)");
        window.until(&format!("the focus is on the chosen tab {side}"), &on).await?;
    }
    window.close().await
}

#[tokio::test]
async fn the_heads_of_a_table_sort_by_keys_and_open_no_row() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo"]).await?;
    window.click("dev-eu").await?;
    window.read("checkout-api").await?;
    window.press("j").await?;
    window.until("the rows have the focus", "document.activeElement?.closest('[role=grid]') !== null").await?;
    window.press("j").await?;
    window.until("one of them is marked", "document.querySelector('[role=grid] .tr.is-at') !== null").await?;
    tab_to(&window, "Name").await?;
    let sorted = |how: &str| format!("document.activeElement?.closest('[role=columnheader]')?.getAttribute('aria-sort') === '{how}'");
    window.enter().await?;
    window.until("the names go up", &sorted("ascending")).await?;
    window.press(" ").await?;
    window.until("the names go down", &sorted("descending")).await?;
    window.until("no row was opened or marked", "!document.querySelector('.drawer, .tr[aria-selected=true]')").await?;
    window.close().await
}
