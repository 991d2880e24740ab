//! What time is it, as far as jobs are concerned, and since when does this computer run?

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

/// When this computer started; only Linux tells.
pub fn booted() -> Option<Timestamp> {
    boot_time(&std::fs::read_to_string("/proc/stat").ok()?)
}

fn boot_time(stat: &str) -> Option<Timestamp> {
    let seconds: u64 = stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    Some(Timestamp(seconds.saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use api::Timestamp;

    use super::boot_time;

    #[test]
    fn the_start_of_this_computer_is_read_from_what_its_kernel_tells() {
        let stat = "cpu  1 2 3 4\nintr 9 0\nctxt 77\nbtime 1764467880\nprocesses 12\n";
        assert_eq!(boot_time(stat), Some(Timestamp(1_764_467_880_000)));
        for other in ["", "btime", "btime soon", "xbtime 5"] {
            assert_eq!(boot_time(other), None, "{other:?}");
        }
    }
}
