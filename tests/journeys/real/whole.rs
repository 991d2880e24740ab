//! The whole way from the window, on the real Docker, kind, clusterctl and controllers.

use std::time::Duration;

use tests::lab::{self, Server};
use tests::{Desk, Window};

use crate::management::{desk, remove};

/// Machines that are made one after another, on a machine that does other things too.
const LONG: Duration = Duration::from_secs(600);
const MANAGEMENT: &str = "kos-window-e";
const WORKLOAD: &str = "kos-window-w";

/// The containers that a failed run left go with their clusters.
fn cleared() -> anyhow::Result<Desk> {
    remove(WORKLOAD)?;
    desk(MANAGEMENT)
}

/// From the first page to the running job of both clusters.
async fn order(window: &Window) -> anyhow::Result<()> {
    window.click("Create it").await?;
    window.fill("Name", MANAGEMENT).await?;
    window.click("And a workload cluster on it").await?;
    window.fill("Name of the workload cluster", WORKLOAD).await?;
    // The exact objects stand there before anything is made.
    window.read("kind: ClusterClass").await?;
    window.click(&format!("Create {MANAGEMENT}")).await?;
    window.see(".steplist").await
}

/// To the page of the workload cluster, by the list of its management cluster.
async fn to_its_page(window: &Window) -> anyhow::Result<()> {
    window.ctrl('0').await?;
    window.click_in("[role=row]", MANAGEMENT, "Open").await?;
    window.click("Clusters").await?;
    window.click(WORKLOAD).await?;
    window.see(".facts").await
}

#[tokio::test]
async fn the_whole_way_is_one_job_and_its_cluster_is_used_scaled_and_deleted() -> anyhow::Result<()> {
    let desk = cleared()?;
    let window = Window::open(&desk, &[]).await?;
    order(&window).await?;
    window.all_done(LONG).await?;

    window.ctrl('0').await?;
    window.click_in("[role=row]", WORKLOAD, "Open").await?;
    let kept = desk.home().join(format!(".local/share/kos/kubeconfigs/{WORKLOAD}.default.kind-{MANAGEMENT}.yaml"));
    Server::at(kept).kubectl(&["run", "seen-in-window", "--image=kos.dev/none", "--restart=Never"])?;
    window.read("seen-in-window").await?;

    to_its_page(&window).await?;
    window.click("Scale…").await?;
    window.click("More: Machines of md-0").await?;
    window.click_in("[role=dialog]", "", &format!("Scale {WORKLOAD}")).await?;
    let well = "['Available', '3 of 3 ready'].every(words => document.querySelector('.facts')?.textContent.includes(words))";
    window.until_within(LONG, "three machines that are available", well).await?;
    assert_eq!(lab::containers(WORKLOAD)?.len(), 4, "one load balancer, three machines");

    window.click("Delete…").await?;
    window.fill(&format!("Type {WORKLOAD} to go on"), WORKLOAD).await?;
    window.click_in("[role=dialog]", "", &format!("Delete {WORKLOAD}")).await?;
    window.until_within(LONG, "it is gone", "document.querySelector('main').textContent.includes('This cluster is not there')").await?;
    window.ctrl('0').await?;
    window.click(&format!("More for {MANAGEMENT}")).await?;
    window.click(&format!("Delete {MANAGEMENT}…")).await?;
    window.fill(&format!("Type {MANAGEMENT} to delete it"), MANAGEMENT).await?;
    window.click_in("[role=dialog]", "", &format!("Delete {MANAGEMENT}")).await?;
    window.all_done(LONG).await?;
    assert_eq!(lab::containers(WORKLOAD)?, Vec::<String>::new());
    assert_eq!(lab::containers(MANAGEMENT)?, Vec::<String>::new());
    window.close().await
}
