//! How does the page get its answers while the core still starts?
//!
//! The window and its page take longer to come up than the core takes to read its files, so both begin at once.

use api::{Fault, FaultCode};
use engine::{Engine, Home, Stage};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::first::First;

/// The core of this window, from its first moment on.
#[derive(Debug, Clone)]
pub(crate) struct Core {
    started: watch::Receiver<Option<Result<Engine, Fault>>>,
    asked: watch::Sender<bool>,
}

impl Core {
    /// Starts the core beside the window; when it cannot be started, the program says why and ends.
    pub(crate) fn start(home: Home, stage: Stage, first: First, app: AppHandle) -> Self {
        let (tell, started) = watch::channel(None);
        tauri::async_runtime::spawn(async move {
            let engine = Engine::start(home, stage).await;
            match &engine {
                Ok(engine) => {
                    tauri::async_runtime::spawn(first.draw(engine.clone()));
                }
                Err(fault) => {
                    eprintln!("KOS did not start. {fault}");
                    app.exit(1);
                }
            }
            tell.send_replace(Some(engine));
        });
        Self { started, asked: watch::Sender::default() }
    }

    /// The core for a page that asks for something.
    pub(crate) async fn for_page(&self) -> Result<Engine, Fault> {
        self.asked.send_replace(true);
        self.engine().await
    }

    /// Waits until a page runs so far that it asks for something.
    pub(crate) async fn asked(&self) {
        // The sender lives as long as the core does.
        let _ = self.asked.subscribe().wait_for(|asked| *asked).await;
    }

    /// Waits for the start, which is over after the first call.
    pub(crate) async fn engine(&self) -> Result<Engine, Fault> {
        let mut started = self.started.clone();
        let found = started.wait_for(Option::is_some).await.ok().and_then(|found| found.clone());
        found.unwrap_or_else(|| Err(Fault::new(FaultCode::Bug, "KOS made a mistake while it started.")))
    }

    /// How many pages have drawn their first view; before the start is over none has.
    #[cfg(target_os = "linux")]
    pub(crate) fn pages_that_stood(&self) -> u64 {
        match &*self.started.borrow() {
            Some(Ok(engine)) => engine.pages_drawn(),
            Some(Err(_)) | None => 0,
        }
    }

    /// Ends the views of a page that is gone; before the start is over there are none.
    pub(crate) fn end_views(&self) {
        if let Some(Ok(engine)) = &*self.started.borrow() {
            engine.end_views();
        }
    }

    /// Ends what was started.
    pub(crate) async fn close(&self) {
        if let Ok(engine) = self.engine().await {
            engine.close().await;
        }
    }
}
