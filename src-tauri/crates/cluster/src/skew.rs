//! How far is the clock of this computer from a server's?

use api::{Millis, Timestamp};

/// Less is not worth a word: a server tells whole seconds, and its answer takes its time.
const LEAST: Millis = Millis::seconds(30);
/// What differs by less is the same, so that the word does not come and go.
const SAME: Millis = Millis::seconds(10);

/// How the clock of this computer stands to a server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skew {
    Ahead(Millis),
    Behind(Millis),
}

impl Skew {
    /// What is known after an answer that came at `here` by our clock, and at `there` by the server's.
    pub(crate) fn after(before: Option<Self>, here: Timestamp, there: Timestamp) -> Option<Self> {
        let now = if here < there { Self::Behind(there.since(here)) } else { Self::Ahead(here.since(there)) };
        if now.signed().abs_diff(before.map_or(0, Self::signed)) <= SAME.0 {
            return before;
        }
        (now.signed().unsigned_abs() >= LEAST.0).then_some(now)
    }

    fn signed(self) -> i64 {
        let whole = |by: Millis| i64::try_from(by.0).unwrap_or(i64::MAX);
        match self {
            Self::Ahead(by) => whole(by),
            Self::Behind(by) => -whole(by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_from_half_a_minute_on_and_small_steps_are_none() {
        let (ahead, behind) = (|s| Some(Skew::Ahead(Millis::seconds(s))), |s| Some(Skew::Behind(Millis::seconds(s))));
        for (before, here, there, wanted) in [
            (None, 1_000, 1_000, None),
            (None, 1_029, 1_000, None),
            (None, 1_030, 1_000, ahead(30)),
            (None, 1_000, 4_600, behind(3_600)),
            (ahead(30), 1_024, 1_000, ahead(30)),
            (ahead(30), 1_019, 1_000, None),
            (ahead(60), 1_069, 1_000, ahead(60)),
            (ahead(60), 1_071, 1_000, ahead(71)),
            (ahead(60), 1_000, 1_060, behind(60)),
        ] {
            assert_eq!(Skew::after(before, Timestamp(here * 1_000), Timestamp(there * 1_000)), wanted, "{before:?} {here} {there}");
        }
    }
}
