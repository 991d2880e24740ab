//! Where is a text of somebody else read, so that nobody waits for it?
//!
//! Budgets end the reading of a text that costs more than it may (`capi::yaml`, `kubeconfig::tree`). This keeps what may
//! still take a moment away from the tasks that answer everybody else, and gives up waiting for it. Start at: [`aside`].

use std::time::Duration;

use api::{Fault, FaultCode};

/// Code that was not optimised takes some twenty times as long.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });

/// Reads where waiting holds nobody up; `what` is read, as the subject of a sentence.
///
/// Errors: it took longer than a second. The reading goes on to its end, which its budget sets, and is then forgotten.
pub(crate) async fn aside<T: Send + 'static>(what: &str, read: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    within(LIMIT, what, read).await
}

async fn within<T: Send + 'static>(limit: Duration, what: &str, read: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    match tokio::time::timeout(limit, tokio::task::spawn_blocking(read)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Fault::new(FaultCode::Bug, format!("{what} could not be read.")).unharmed("Nothing was written.")),
        Err(_) => {
            let fault = Fault::new(FaultCode::Invalid, format!("{what} takes longer than {} s to read, so KOS does not use it.", limit.as_secs()));
            Err(fault.unharmed("Nothing was written."))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use api::FaultCode;

    use super::{aside, within};

    #[tokio::test]
    async fn what_is_read_aside_is_given_and_one_that_does_not_end_is_given_up() {
        assert_eq!(aside("The text", || 7).await, Ok(7));
        let (end, never) = mpsc::channel::<()>();
        let fault = within(Duration::ZERO, "The text", move || never.recv().is_err()).await.unwrap_err();
        assert_eq!((fault.code, fault.sentence.as_str()), (FaultCode::Invalid, "The text takes longer than 0 s to read, so KOS does not use it."));
        // The thread that reads ends with this test.
        drop(end);
    }
}
