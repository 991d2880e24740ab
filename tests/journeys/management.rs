//! The main job from the window: the real Docker, kind and clusterctl.

use tests::{Desk, Window, lab};

fn desk() -> Desk {
    let desk = Desk::new().with_path(lab::programs());
    desk.file(".config/kos/settings.yaml", &format!("clusterctl_config: {}\n", lab::clusterctl_config().display()));
    desk
}

/// From the first page to the form; the name is what the form suggests.
async fn order(window: &Window) -> anyhow::Result<String> {
    window.click("Create it").await?;
    window.see(".pane").await?;
    let name = "kos-mgmt";
    window.until("the plan stands", "[...document.querySelectorAll('button')].some(b => b.innerText.trim() === 'Create kos-mgmt' && !b.disabled)").await?;
    window.click(&format!("Create {name}")).await?;
    window.see(".steplist").await?;
    Ok(name.to_owned())
}

#[tokio::test]
async fn the_main_job_runs_to_its_end_and_its_pods_stand_live() -> anyhow::Result<()> {
    let desk = desk();
    let window = Window::open(&desk, &[]).await?;
    let name = order(&window).await?;
    let all_done = "document.querySelectorAll('.step').length > 0 && document.querySelectorAll('.step .nd use[href=\"#g-done\"]').length === document.querySelectorAll('.step').length";
    let ended = window.until_within(std::time::Duration::from_secs(420), "every step is done", all_done).await;
    if ended.is_err() {
        println!("{}", window.text().await?);
    }
    ended?;
    window.ctrl('0').await?;
    // Its context stands beside its cluster, not a second time among the user's own files.
    window.read("kos-mgmt").await?;
    window.read("management").await?;
    window.click("Open").await?;
    for words in ["capd-system", "cert-manager", "kube-system"] {
        window.read(words).await?;
    }
    window.close().await?;
    lab::run("kind", &["delete", "cluster", "--name", &name, "--kubeconfig", "/dev/null"])?;
    assert_eq!(lab::containers(&name)?, Vec::<String>::new());
    Ok(())
}
