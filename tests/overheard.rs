//! What does a desktop session hear and show of a window, beside the window itself?

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use testkit::wait_until;
use tokio::process::{Child, Command};

const LIMIT: Duration = Duration::from_secs(60);

/// All that goes over a bus from now on, until this is dropped.
pub struct Overheard {
    file: PathBuf,
    _monitor: Child,
}

impl Overheard {
    /// Listens to the bus at this address and notes what it hears in a file.
    pub async fn on(bus: &str, file: &Path) -> anyhow::Result<Self> {
        let mut monitor = Command::new("dbus-monitor");
        monitor.args(["--binary", "--address", bus]).stdin(Stdio::null()).stdout(File::create(file)?).stderr(Stdio::null()).kill_on_drop(true);
        let heard = Self { file: file.to_owned(), _monitor: monitor.spawn().context("dbus-monitor")? };
        // The bus greets whoever begins to listen.
        heard.until("NameAcquired").await;
        Ok(heard)
    }

    pub async fn until(&self, words: &str) {
        wait_until(LIMIT, &format!("{words} is heard on the bus"), async || self.text().contains(words)).await;
    }

    /// What was heard so far; texts stand in it as they were sent.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.file).unwrap_or_default()).into_owned()
    }
}

/// The titles of all windows on the screen.
pub async fn titles() -> anyhow::Result<String> {
    let told = Command::new("xwininfo").args(["-root", "-tree"]).output().await.context("xwininfo")?;
    Ok(String::from_utf8_lossy(&told.stdout).into_owned())
}
