//! What is done before this computer sleeps, and when it wakes?
//!
//! logind tells both on the system bus, and waits a moment for whoever holds a lock. Where there is no such bus nothing is
//! shown of it: a jump of the clocks tells connections of a long sleep too, some seconds later. Start at: [`follow`].

use std::sync::Weak;
use std::time::Duration;

use futures::StreamExt;
use zbus::zvariant::OwnedFd;
use zbus::{Connection, Proxy};

use crate::Inner;

const SERVICE: &str = "org.freedesktop.login1";
const OBJECT: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// Who gives no lock within this time is listened to without one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Acts on what is told until the engine or the bus is gone.
pub(crate) async fn follow(engine: Weak<Inner>) {
    if let Err(cause) = hear(&engine).await {
        tracing::info!(%cause, "nobody tells when this computer sleeps");
    }
}

async fn hear(engine: &Weak<Inner>) -> zbus::Result<()> {
    let system = Connection::system().await?;
    let manager = Proxy::new(&system, SERVICE, OBJECT, MANAGER).await?;
    let mut told = manager.receive_signal("PrepareForSleep").await?;
    let mut lock = delay(&manager).await;
    while let Some(message) = told.next().await {
        let Ok(sleeps) = message.body().deserialize::<bool>() else { continue };
        let Some(engine) = engine.upgrade() else { return Ok(()) };
        if sleeps {
            engine.before_sleep().await;
            // The computer sleeps as soon as the last lock is closed.
            drop(lock.take());
        } else {
            engine.after_sleep();
            lock = delay(&manager).await;
        }
    }
    Ok(())
}

/// A lock that puts a sleep off until it is closed, at most for the seconds that logind allows.
async fn delay(manager: &Proxy<'_>) -> Option<OwnedFd> {
    let wish = ("sleep", "KOS", "What was seen is being kept.", "delay");
    match tokio::time::timeout(PATIENCE, manager.call::<_, _, OwnedFd>("Inhibit", &wish)).await {
        Ok(Ok(lock)) => Some(lock),
        Ok(Err(cause)) => {
            tracing::info!(%cause, "a sleep does not wait for KOS");
            None
        }
        Err(_) => None,
    }
}
