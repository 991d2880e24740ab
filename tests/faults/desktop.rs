//! What does the desktop do for the core, and what is said where there is none?

use std::time::Duration;

use serde_json::json;
use tests::computer::{Computer, LIMIT, Pace, create, rests};
use tests::{Bus, Headless};
use tokio::sync::mpsc;

/// A file manager that notes what it is to show.
struct Shows(mpsc::Sender<Vec<String>>);

#[zbus::interface(name = "org.freedesktop.FileManager1")]
impl Shows {
    async fn show_items(&self, uris: Vec<String>, _startup: &str) {
        let _ = self.0.send(uris).await;
    }
}

#[tokio::test]
async fn a_log_is_shown_by_the_file_manager_of_the_session_or_its_path_is_told() -> anyhow::Result<()> {
    let bus = Bus::new().await?;
    let computer = Computer::with(Pace::Free).await?;
    let variables = [("DBUS_SESSION_BUS_ADDRESS", bus.address.as_str())];
    let mut core = Headless::start_by(&computer.desk, &[], &variables, &[]).await?.within(LIMIT);
    let job = create(&mut core).await?;
    let log = rests(&mut core, &job).await?.rows[0]["log_file"].as_str().unwrap_or_default().to_owned();

    let fault = core.refused("show_log", json!({ "job": job })).await?;
    assert_eq!((&fault["code"], &fault["fixes"][0]["OpenFile"]["file"]), (&json!("Program"), &json!(log)), "{fault}");
    assert!(fault["cause"].to_string().contains("org.freedesktop.FileManager1"), "{fault}");

    let (shown, mut shows) = mpsc::channel(1);
    let manager = zbus::connection::Builder::address(bus.address.as_str())?
        .name("org.freedesktop.FileManager1")?
        .serve_at("/org/freedesktop/FileManager1", Shows(shown))?
        .build()
        .await?;
    core.call("show_log", json!({ "job": job })).await?;
    let uris = tokio::time::timeout(Duration::from_secs(60), shows.recv()).await?.expect("the file manager stands");
    assert_eq!(uris, [format!("file://{log}")]);
    assert!(std::path::Path::new(&log).is_file());
    manager.close().await?;
    core.end().await
}
