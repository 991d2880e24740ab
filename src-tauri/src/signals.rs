//! Who asks KOS to end, and how is that heard?

use tauri::AppHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A plain kill otherwise ends the process at once: no state is saved, nothing is closed.
pub(crate) struct Asked {
    term: Signal,
    int: Signal,
}

impl Asked {
    /// Listens from now on: what is asked before the window stands is kept until it does. `None` where nothing can be heard.
    pub(crate) fn listen() -> Option<Self> {
        tauri::async_runtime::block_on(async { Some(Self { term: signal(SignalKind::terminate()).ok()?, int: signal(SignalKind::interrupt()).ok()? }) })
    }

    /// Ends the application as its window would.
    pub(crate) async fn end(mut self, app: AppHandle) {
        tokio::select! { _ = self.term.recv() => {}, _ = self.int.recv() => {} }
        app.exit(0);
    }
}
