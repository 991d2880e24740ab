//! What time is it, as far as jobs are concerned?

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use api::Timestamp;

/// Gives the moment that is written beside each event.
///
/// Only for display and for learned durations: waits use the clock of the runtime.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The wall clock of this machine.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    })
}
