//! The main job from the window, on the real Docker, kind and clusterctl: to its end, stopped, and cut off by a crash.

use std::time::Duration;

use tests::{Desk, Window, lab};

/// What the job takes on a slow machine that does other things too.
const LONG: Duration = Duration::from_secs(420);
/// The title of the step in which each crash and stop comes: the cluster is half there.
const MIDDLE: &str = "Start the control plane";

/// A desk from which an earlier run's clusters are gone.
pub(crate) fn desk(name: &str) -> anyhow::Result<Desk> {
    remove(name)?;
    let desk = Desk::new().with_path(lab::programs());
    desk.file(".config/kos/settings.yaml", &format!("clusterctl_config: {}\n", lab::clusterctl_config().display()));
    Ok(desk)
}

pub(crate) fn remove(name: &str) -> anyhow::Result<()> {
    lab::run("kind", &["delete", "cluster", "--name", name, "--kubeconfig", "/dev/null"]).map(drop)
}

/// From the first page to the running job.
async fn order(window: &Window, name: &str) -> anyhow::Result<()> {
    window.click("Create it").await?;
    window.fill("Name", name).await?;
    window.click(&format!("Create {name}")).await?;
    window.see(".steplist").await
}

/// An expression that is true while a step with this title has this glyph.
fn step(title: &str, glyph: &str) -> String {
    let title = serde_json::json!(title);
    format!(
        "[...document.querySelectorAll('.step')].some(s => s.querySelector('.ti').textContent.includes({title}) && s.querySelector('.nd use[href=\"#g-{glyph}\"]'))"
    )
}

async fn in_the_middle(window: &Window) -> anyhow::Result<()> {
    window.until_within(LONG, MIDDLE, &step(MIDDLE, "progress")).await
}

async fn all_removed(window: &Window) -> anyhow::Result<()> {
    window
        .until_within(LONG, "all that was made is removed", "document.querySelector('.page').textContent.includes('everything it made is removed again')")
        .await
}

/// Nothing of a cluster is on the machine, and nothing of it at the desk.
pub(crate) fn nothing_is_left(desk: &Desk, name: &str) -> anyhow::Result<()> {
    assert_eq!(lab::containers(name)?, Vec::<String>::new());
    assert_eq!(desk.bytes(".local/share/kos/kubeconfigs").into_keys().collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn the_main_job_runs_to_its_end_and_its_pods_stand_live() -> anyhow::Result<()> {
    let name = "kos-window-a";
    let desk = desk(name)?;
    let window = Window::open(&desk, &[]).await?;
    order(&window, name).await?;
    window.all_done(LONG).await?;
    window.ctrl('0').await?;
    // Its context stands beside its cluster, not a second time among the user's own files.
    window.read("management").await?;
    window.click_in("[role=row]", name, "Open").await?;
    for words in ["capd-system", "cert-manager", "kube-system"] {
        window.read(words).await?;
    }
    window.ctrl('0').await?;
    window.click(&format!("More for {name}")).await?;
    window.click(&format!("Export logs of {name}…")).await?;
    window.fill("Folder", "~/logs").await?;
    window.click_in("[role=dialog]", "", "Export the logs").await?;
    window.all_done(LONG).await?;
    assert!(desk.home().join(format!("logs/{name}-control-plane/kubelet.log")).is_file(), "the logs of the node are exported");
    window.ctrl('0').await?;
    window.click(&format!("More for {name}")).await?;
    window.click(&format!("Delete {name}…")).await?;
    window.fill(&format!("Type {name} to delete it"), name).await?;
    window.click_in("[role=dialog]", "", &format!("Delete {name}")).await?;
    window.all_done(LONG).await?;
    nothing_is_left(&desk, name)?;
    window.ctrl('0').await?;
    window.gone(name).await?;
    window.close().await
}

#[tokio::test]
async fn a_job_that_is_stopped_in_its_middle_leaves_nothing() -> anyhow::Result<()> {
    let name = "kos-window-b";
    let desk = desk(name)?;
    let window = Window::open(&desk, &[]).await?;
    order(&window, name).await?;
    in_the_middle(&window).await?;
    window.click("Stop").await?;
    window.click_in("[role=dialog]", "", "Stop").await?;
    all_removed(&window).await?;
    nothing_is_left(&desk, name)?;
    window.close().await
}

/// Kills KOS in the middle of the job, and starts it again.
async fn cut_off(desk: &Desk, name: &str) -> anyhow::Result<Window> {
    let window = Window::open(desk, &[]).await?;
    order(&window, name).await?;
    in_the_middle(&window).await?;
    window.kill().await?;
    let window = Window::open(desk, &[]).await?;
    window.read("KOS stopped while a job was running").await?;
    Ok(window)
}

#[tokio::test]
async fn a_job_that_a_crash_cut_off_is_continued_from_its_page() -> anyhow::Result<()> {
    let name = "kos-window-c";
    let desk = desk(name)?;
    let window = cut_off(&desk, name).await?;
    window.read(&format!("{name}-control-plane")).await?;
    window.click("Continue at step 4").await?;
    window.all_done(LONG).await?;
    assert_eq!(lab::containers(name)?, [format!("{name}-control-plane")]);
    window.close().await?;
    remove(name)
}

#[tokio::test]
async fn a_job_that_a_crash_cut_off_is_undone_from_its_page() -> anyhow::Result<()> {
    let name = "kos-window-d";
    let desk = desk(name)?;
    let window = cut_off(&desk, name).await?;
    window.click(&format!("Undo {name}…")).await?;
    window.fill(&format!("Type {name} to undo it"), name).await?;
    window.click_in("[role=dialog]", "", &format!("Undo {name}")).await?;
    all_removed(&window).await?;
    nothing_is_left(&desk, name)?;
    window.close().await
}
