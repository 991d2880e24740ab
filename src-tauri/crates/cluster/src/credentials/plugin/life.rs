//! How long does a credential serve, when the clock of this computer may be wrong?
//!
//! What a program says of the end is a date by the server's clock. Here it becomes a time from the moment at which the
//! credential came, so that nobody's setting of the clock ends it.

use api::{Millis, Timestamp};

use crate::clock::Now;

/// Renewed so long before the end that no request is sent with a token that ends on its way.
const EARLY: Millis = Millis::seconds(60);
/// No program gives what ends before it can be used.
const LEAST: Millis = Millis::seconds(5);

/// How long a credential serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Until the server refuses it: of its end nothing was said.
    Open,
    /// The same, since it had ended when it came: then the clock is ahead, and would end each one after it as soon.
    Doubted,
    /// Until this moment of the clock that counts sleep.
    Until(Millis),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Fresh,
    /// Good, and soon not any more.
    Ending,
    Ended,
}

impl Life {
    /// Of a credential that comes now.
    pub(super) fn of(expires: Option<Timestamp>, now: Now) -> Self {
        match expires.map(|end| end.since(now.wall)) {
            None => Self::Open,
            Some(left) if left < LEAST => Self::Doubted,
            Some(left) => Self::Until(Millis(now.boot.0.saturating_add(left.0))),
        }
    }

    /// Of a credential that comes now, after one of that life. A program that keeps what it gave prints it again until it ends:
    /// that is no sign of a wrong clock.
    pub(super) fn after(before: Option<Life>, expires: Option<Timestamp>, now: Now) -> Self {
        before.filter(|life| life.standing(now) != Standing::Ended).unwrap_or_else(|| Self::of(expires, now))
    }

    pub(super) fn standing(self, now: Now) -> Standing {
        match self {
            Self::Until(end) if now.boot >= end => Standing::Ended,
            Self::Until(end) if now.boot.0.saturating_add(EARLY.0) >= end.0 => Standing::Ending,
            Self::Until(_) | Self::Open | Self::Doubted => Standing::Fresh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds on the clock that counts sleep, and on the one at the wall.
    fn now(boot: u64, wall: u64) -> Now {
        Now { awake: Millis::seconds(boot), boot: Millis::seconds(boot), wall: Timestamp(wall * 1_000) }
    }

    #[test]
    fn a_credential_serves_for_its_time_whatever_becomes_of_the_wall_clock() {
        let life = Life::of(Some(Timestamp(8_600_000)), now(10, 5_000));
        for (boot, wall, standing) in [
            (10, 5_000, Standing::Fresh),
            (3_549, 8_539, Standing::Fresh),
            (3_550, 8_540, Standing::Ending),
            (3_610, 8_600, Standing::Ended),
            // Set ahead by two hours, and back.
            (70, 12_260, Standing::Fresh),
            (3_610, 1_400, Standing::Ended),
        ] {
            assert_eq!(life.standing(now(boot, wall)), standing, "{boot} {wall}");
        }
    }

    #[test]
    fn an_end_that_was_past_when_the_credential_came_is_not_believed() {
        for (end, life) in [(None, Life::Open), (Some(1_400), Life::Doubted), (Some(5_004), Life::Doubted), (Some(5_005), Life::Until(Millis::seconds(15)))] {
            assert_eq!(Life::of(end.map(|seconds| Timestamp(seconds * 1_000)), now(10, 5_000)), life, "{end:?}");
        }
        assert_eq!(Life::Doubted.standing(now(1_000_000, 5_000)), Standing::Fresh);
    }

    #[test]
    fn a_credential_that_is_printed_again_ends_when_it_would_have_ended() {
        let (end, kept) = (Some(Timestamp(5_063_000)), Life::Until(Millis::seconds(73)));
        for (boot, life) in [(70, kept), (73, Life::Doubted)] {
            assert_eq!(Life::after(Some(kept), end, now(boot, 4_990 + boot)), life, "{boot}");
        }
        assert_eq!(Life::after(None, end, now(10, 5_000)), kept);
    }
}
