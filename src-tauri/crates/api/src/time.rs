//! How are moments and durations written?

use serde::{Deserialize, Serialize};

/// A moment of the wall clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

/// A duration in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Timestamp {
    /// The time from `earlier` to this moment, zero when the clock went back.
    pub fn since(self, earlier: Timestamp) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    pub fn plus(self, later: Millis) -> Timestamp {
        Timestamp(self.0.saturating_add(later.0))
    }
}

impl Millis {
    pub const fn seconds(n: u64) -> Self {
        Self(n * 1_000)
    }
}
