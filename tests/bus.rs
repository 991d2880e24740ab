//! Over which bus do the programs of a desktop speak?

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(60);

/// A session bus of its own; it ends with this.
pub struct Bus {
    pub address: String,
    _daemon: Child,
}

impl Bus {
    pub async fn new() -> anyhow::Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("dbus-daemon")?;
        let said = daemon.stdout.take().context("stdout is piped")?;
        let address = tokio::time::timeout(PATIENCE, BufReader::new(said).lines().next_line()).await??.context("no address is said")?;
        Ok(Self { address, _daemon: daemon })
    }
}
