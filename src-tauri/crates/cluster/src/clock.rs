//! What time is it, by which clock?
//!
//! Limits run on the monotonic clock, "last seen" on the one that counts sleep, the wall clock is only shown.

use api::{Millis, Timestamp};

/// One moment on three clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since some moment in the past; stands still while the machine sleeps.
    pub awake: Millis,
    /// As `awake`, and counts sleep.
    pub boot: Millis,
    pub wall: Timestamp,
}

impl Now {
    /// How long the machine slept between two moments.
    pub fn slept_since(self, earlier: Now) -> Millis {
        let of = |now: Now| now.boot.0.saturating_sub(now.awake.0);
        Millis(of(self).saturating_sub(of(earlier)))
    }

    /// The wall clock at a moment of the monotonic one.
    pub fn wall_at(self, awake: Millis) -> Timestamp {
        self.wall.plus(Millis(awake.0.saturating_sub(self.awake.0)))
    }
}

/// Tells the time and rolls the dice; tests hold both still.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Now;
    /// From 0.0 up to 1.0, to spread retries.
    fn chance(&self) -> f64;
}

/// The clocks of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    fn now(&self) -> Now {
        let millis = |id| {
            let at = rustix::time::clock_gettime(id);
            Millis(u64::try_from(at.tv_sec * 1_000 + at.tv_nsec / 1_000_000).unwrap_or_default())
        };
        let wall = Timestamp(millis(rustix::time::ClockId::Realtime).0);
        Now { awake: millis(rustix::time::ClockId::Monotonic), boot: millis(rustix::time::ClockId::Boottime), wall }
    }

    fn chance(&self) -> f64 {
        // Spreading retries needs no better dice than the nanoseconds of the clock, mixed once.
        let nanos = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic).tv_nsec.unsigned_abs();
        let mixed = nanos.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
        mixed as f64 / (1u64 << 53) as f64
    }
}
