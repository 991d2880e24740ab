//! A name of any length stays in its place: nothing overlaps, no button is pushed out, and the whole text is told.

use tests::desk::{crowded, kubeconfig};
use tests::window::SIZES;
use tests::{Desk, Window};

/// As long as the name of an object may be.
const NAME: &str = "team-payments-production-eu-central-1-blue-cluster-0123456789ab";

/// What is out of place: a control that cannot be seen whole, a text that is cut and told nowhere.
const FAULTS: &str = "(() => {
    const seen = e => e.offsetParent !== null && e.getClientRects().length > 0;
    const inside = (e, r) => { for (let p = e.parentElement; p; p = p.parentElement) {
        const s = getComputedStyle(p), b = p.getBoundingClientRect();
        if (s.overflowX === 'hidden' && (r.right > b.right + 1 || r.left < b.left - 1)) return false;
        // It stands above the page: nothing further out cuts it, and no scrolling brings it into view.
        if (p.getAttribute('role') === 'menu') return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth;
    } return r.right <= innerWidth + 1; };
    const out = [...document.querySelectorAll('button, input, select, [role^=menuitem]')].filter(seen).filter(e => !inside(e, e.getBoundingClientRect()))
        .map(e => `pushed out: ${e.innerText || e.ariaLabel}`);
    const untold = [...document.querySelectorAll('main .ell, main .ti, .popover .ell, .palette .ell')]
        .filter(e => seen(e) && e.scrollWidth > e.clientWidth + 1 && !e.closest('[title]')).map(e => `cut and told nowhere: ${e.innerText}`);
    return [...out, ...untold].join('; ');
})()";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig(NAME, "https://127.0.0.1:1", "token-a"));
    let deep = desk.file(&format!("{NAME}/{NAME}/{NAME}.yaml"), &kubeconfig(&format!("z{}", &NAME[1..]), "https://127.0.0.1:2", "token-b"));
    let broken = desk.file(&format!("{NAME}/broken-{NAME}.yaml"), "apiVersion: v1\nkind: Config\ncontexts:\n- name: a\n  context: {cluster: a\nusers: [\n");
    desk.file(".local/state/kos/remembered.json", &serde_json::json!({ "files": [deep, broken] }).to_string());
    desk
}

/// Looks at both sizes of the window.
async fn in_order(window: &Window, place: &str) -> anyhow::Result<()> {
    for (width, height) in SIZES {
        window.resize(*width, *height).await?;
        let faults = window.page.execute(&format!("return {FAULTS}"), vec![]).await?;
        assert_eq!(faults, "", "{place} at {width}x{height}");
    }
    Ok(())
}

#[tokio::test]
async fn names_of_any_length_push_nothing_out() -> anyhow::Result<()> {
    let desk = desk();
    let window = Window::open(&desk, &[]).await?;
    window.read("Kubeconfig contexts").await?;
    window.read("did not find expected").await?;
    in_order(&window, "the fleet").await?;
    window.click("All contexts").await?;
    window.see(".popover [role=option]").await?;
    in_order(&window, "the list of contexts").await?;
    window.press(&char::from(fantoccini::key::Key::Escape).to_string()).await?;
    window.ctrl('k').await?;
    window.fill("Search or run a command", "@team").await?;
    window.see(".palette u").await?;
    in_order(&window, "the palette").await?;
    window.press(&char::from(fantoccini::key::Key::Escape).to_string()).await?;
    window.click("Settings").await?;
    window.click("Kubeconfig files").await?;
    window.read("cannot be read").await?;
    in_order(&window, "the settings").await?;
    window.close().await
}

#[tokio::test]
async fn a_job_with_a_long_name_keeps_its_buttons() -> anyhow::Result<()> {
    const CLUSTER: &str = "management-of-everything-that-we-ever-wanted-01";
    let desk = Desk::new();
    let window = Window::open(&desk, &["--demo=failing", "--pace=60"]).await?;
    window.read("dev-eu").await?;
    window.click("Create local management cluster").await?;
    window.fill("Name", CLUSTER).await?;
    in_order(&window, "the form").await?;
    window.click(&format!("Create {CLUSTER}")).await?;
    window.read("You may close this page").await?;
    in_order(&window, "the job").await?;
    window.click("Jobs").await?;
    window.read("Finished today").await?;
    in_order(&window, "the list of jobs").await?;
    window.close().await
}

/// More contexts than the highest window has rows for.
const MANY: usize = 40;

#[tokio::test]
async fn the_menu_of_the_last_row_stands_whole_in_the_window() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &crowded(MANY));
    let window = Window::open(&desk, &[]).await?;
    window.read("Kubeconfig contexts").await?;
    window.read("c-39").await?;
    let to_its_end = "(fleet => { fleet.scrollTop = fleet.scrollHeight; return fleet.scrollTop > 0 })(document.querySelector('.fleet'))";
    for (width, height) in SIZES {
        window.resize(*width, *height).await?;
        window.until("the list is longer than the window", to_its_end).await?;
        window.click("More for c-39").await?;
        window.see("[role=menu]").await?;
        let faults = window.page.execute(&format!("return {FAULTS}"), vec![]).await?;
        assert_eq!(faults, "", "the menu at {width}x{height}");
        let marked = "document.getElementById(document.querySelector('[role=menu]').getAttribute('aria-activedescendant'))?.matches('.mi.on')";
        window.until("the marked item is told", marked).await?;
        window.press(&char::from(fantoccini::key::Key::Escape).to_string()).await?;
        window.until("the menu is closed", "!document.querySelector('[role=menu]')").await?;
    }
    window.close().await
}
