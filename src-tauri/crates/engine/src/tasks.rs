//! Who owns a running task?
//!
//! The one place of the engine that spawns. A task has a name, ends when its owner is dropped, and a panic in it is logged.

use std::future::Future;

use tokio::task::JoinHandle;
use tokio_util::task::AbortOnDropHandle;

/// A task that ends with this value.
#[derive(Debug)]
#[must_use = "the task ends when this is dropped"]
pub(crate) struct Task {
    name: &'static str,
    handle: AbortOnDropHandle<()>,
}

impl Task {
    pub(crate) fn spawn(name: &'static str, work: impl Future<Output = ()> + Send + 'static) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the owner is this value")]
        let handle: JoinHandle<()> = tokio::spawn(work);
        Self { name, handle: AbortOnDropHandle::new(handle) }
    }

    /// Waits for its own end.
    #[cfg(test)]
    pub(crate) async fn finished(self) {
        let _ = self.handle.await;
    }

    /// Ends the task and waits until it is gone.
    pub(crate) async fn end(self) {
        self.handle.abort();
        if let Err(why) = self.handle.await
            && why.is_panic()
        {
            tracing::error!(task = self.name, "a task panicked");
        }
    }
}
