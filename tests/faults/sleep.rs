//! What does the core do when this computer sleeps and wakes?

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use testkit::{FaultProxy, wait_until};
use tests::desk::kubeconfig;
use tests::{Bus, Computer, Desk, Headless, Process, computer};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

const LIMIT: Duration = Duration::from_secs(60);
const SERVICE: &str = "org.freedesktop.login1";
const OBJECT: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// A lock that somebody asked for, and our end of it.
struct Lock {
    asked: String,
    end: UnixStream,
}

impl Lock {
    /// Waits until whoever holds it lets the computer sleep.
    async fn until_let_go(self) -> anyhow::Result<()> {
        self.end.set_nonblocking(true)?;
        let mut end = tokio::net::UnixStream::from_std(self.end)?;
        let read = tokio::time::timeout(LIMIT, end.read(&mut [0; 1])).await.context("the computer is held up")??;
        anyhow::ensure!(read == 0, "nobody writes into a lock");
        Ok(())
    }
}

/// The part of logind that gives locks; the test tells of sleeps.
struct Manager(mpsc::Sender<Lock>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    async fn inhibit(&self, what: &str, who: &str, _why: &str, mode: &str) -> zbus::fdo::Result<zbus::zvariant::OwnedFd> {
        let (end, theirs) = UnixStream::pair().map_err(|cause| zbus::fdo::Error::Failed(cause.to_string()))?;
        let _ = self.0.send(Lock { asked: format!("{what} {who} {mode}"), end }).await;
        Ok(OwnedFd::from(theirs).into())
    }
}

/// logind as far as KOS sees it.
struct Logind {
    bus: zbus::Connection,
    locks: mpsc::Receiver<Lock>,
}

impl Logind {
    async fn on(bus: &Bus) -> anyhow::Result<Self> {
        let (give, locks) = mpsc::channel(4);
        let bus = zbus::connection::Builder::address(bus.address.as_str())?.name(SERVICE)?.serve_at(OBJECT, Manager(give))?.build().await?;
        Ok(Self { bus, locks })
    }

    async fn tell(&self, sleeps: bool) -> anyhow::Result<()> {
        Ok(self.bus.emit_signal(None::<&str>, OBJECT, MANAGER, "PrepareForSleep", &sleeps).await?)
    }

    async fn lock(&mut self) -> anyhow::Result<Lock> {
        tokio::time::timeout(LIMIT, self.locks.recv()).await.context("no lock is asked for")?.context("logind stands")
    }
}

#[tokio::test]
async fn a_sleep_waits_until_everything_is_kept_and_each_wake_tries_what_waits() -> anyhow::Result<()> {
    let bus = Bus::new().await?;
    let mut logind = Logind::on(&bus).await?;
    // Whoever connects is sent away: there is no server behind it.
    let dead = FaultProxy::before(SocketAddr::from(([127, 0, 0, 1], 1))).await?;
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dead", &format!("https://{}", dead.address()), "t"));
    let variables = [("DBUS_SYSTEM_BUS_ADDRESS", bus.address.as_str())];
    let mut core = Headless::start_by(&desk, &[], &variables, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the context", |rows| rows.rows.len() == 1).await?;
    let mut lock = logind.lock().await?;
    assert_eq!(lock.asked, "sleep KOS delay");
    assert_eq!(dead.accepted(), 0, "to listen for a sleep contacts no cluster");
    core.call("open_context", json!({ "context": "#dead" })).await?;
    core.until(contexts, "it does not answer", |rows| !rows.rows[0]["link"]["Unreachable"].is_null()).await?;
    // So often that waits of their own would grow longer than the patience of this test.
    for _ in 0..8 {
        logind.tell(true).await?;
        lock.until_let_go().await?;
        let before = dead.accepted();
        logind.tell(false).await?;
        lock = logind.lock().await?;
        wait_until(LIMIT, "a try after the wake", async || dead.accepted() > before).await;
    }
    core.call("about", Value::Null).await?;
    core.end().await?;
    lock.until_let_go().await
}

#[tokio::test]
async fn a_core_that_slept_while_its_network_went_away_says_so_and_is_live_again_without_a_call() -> anyhow::Result<()> {
    let bus = Bus::new().await?;
    let mut logind = Logind::on(&bus).await?;
    let computer = Computer::with(computer::Pace::Free).await?;
    computer.programs.touch("node")?;
    let wire = FaultProxy::before(computer.server.trim_start_matches("http://").parse()?).await?;
    computer.desk.file(".kube/config", &kubeconfig("lab", &format!("http://{}", wire.address()), "t"));
    let variables = [("DBUS_SYSTEM_BUS_ADDRESS", bus.address.as_str())];
    let mut core = Headless::start_by(&computer.desk, &[], &variables, &[]).await?.within(LIMIT);
    let lock = logind.lock().await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the context", |rows| rows.rows.len() == 1).await?;
    core.call("open_context", json!({ "context": "#lab" })).await?;
    core.until(contexts, "it answers", |rows| rows.rows[0]["link"].get("Live").is_some()).await?;

    logind.tell(true).await?;
    lock.until_let_go().await?;
    let process = Process::numbered(core.pid().unwrap_or_default()).context("the core runs")?;
    process.signal("STOP")?;
    // It wakes in a network in which nobody answers yet.
    wire.accept_silent();
    wire.rst();
    logind.tell(false).await?;
    process.signal("CONT")?;
    let _again = logind.lock().await?;
    let old = core.until(contexts, "what is shown is old", |rows| rows.rows[0]["link"].get("Stale").is_some()).await?;
    assert!(old.rows[0]["link"]["Stale"]["why"]["sentence"].as_str().is_some_and(|said| said.contains("lab")), "{old:?}");
    wire.pass();
    wire.rst();
    core.until(contexts, "it answers again", |rows| rows.rows[0]["link"].get("Live").is_some()).await?;
    core.end().await
}

#[tokio::test]
async fn without_a_system_bus_or_with_one_that_knows_of_no_sleep_nothing_is_said() -> anyhow::Result<()> {
    let bus = Bus::new().await?;
    for address in [bus.address.as_str(), "unix:path=/nonexistent/bus", "rubbish"] {
        let desk = Desk::new();
        let mut core = Headless::start_by(&desk, &[], &[("DBUS_SYSTEM_BUS_ADDRESS", address)], &[]).await?.within(LIMIT);
        let settings = core.subscribe(json!("Settings")).await?;
        let rows = core.until(settings, "settings", |rows| !rows.rows.is_empty()).await?;
        assert_eq!(rows.rows[0]["trouble"], Value::Null, "{address}");
        core.call("about", Value::Null).await?;
        core.end().await?;
        assert_eq!(std::fs::read_to_string(desk.errors())?, "", "{address}");
    }
    Ok(())
}
