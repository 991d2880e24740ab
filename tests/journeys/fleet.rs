//! The fleet of a user with three kubeconfigs, one of them broken.

use tests::desk::kubeconfig;
use tests::{Desk, Window};

fn three_files() -> Desk {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "token-dev"));
    desk
}

#[tokio::test]
async fn the_fleet_shows_the_context_of_the_default_file() -> anyhow::Result<()> {
    let desk = three_files();
    let window = Window::open(&desk, &[]).await?;
    window.read("dev").await?;
    window.read("Not connected").await?;
    window.close().await
}
