//! How are moments, durations and amounts written?
//!
//! Does not know: which time it is; now and the zone come in as values.

use api::{Millis, Timestamp};

use super::time::thousands;

/// The wall clock of the page: this moment, and the zone it is told in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    pub now: Timestamp,
    /// Minutes east of Greenwich.
    pub zone_minutes: i32,
}

/// How often the words of a view change by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// No words of it tell a time.
    Still,
    /// Only ages of minutes and more are shown.
    Minutes,
    /// Something runs, counts down, or is seconds old.
    Seconds,
}

/// Whether anybody can see the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Shown,
    Hidden,
}

impl Pace {
    /// Milliseconds until time is looked at again; `None` while nobody can see it.
    pub fn period(self, seen: Seen) -> Option<u32> {
        match (seen, self) {
            (Seen::Hidden, _) | (Seen::Shown, Self::Still) => None,
            (Seen::Shown, Self::Seconds) => Some(1_000),
            // An age of minutes is then told at most so late.
            (Seen::Shown, Self::Minutes) => Some(15_000),
        }
    }

    /// For what is told by its age or counted down to: seconds are said within a minute after, and before.
    pub fn of(now: Timestamp, moments: impl IntoIterator<Item = Timestamp>) -> Self {
        Self::when(moments.into_iter().any(|at| at > now || now.since(at).0 < MINUTE))
    }

    /// Seconds when something runs.
    pub fn when(runs: bool) -> Self {
        if runs { Self::Seconds } else { Self::Minutes }
    }

    /// The faster of two.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Seconds, _) | (_, Self::Seconds) => Self::Seconds,
            (Self::Minutes, _) | (_, Self::Minutes) => Self::Minutes,
            (Self::Still, Self::Still) => Self::Still,
        }
    }
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Clock {
    /// `14:04`.
    pub fn time(self, at: Timestamp) -> String {
        let ms = self.of_day(at);
        format!("{:02}:{:02}", ms / HOUR, ms / MINUTE % 60)
    }

    /// `14:04:02`.
    pub fn seconds(self, at: Timestamp) -> String {
        format!("{}:{:02}", self.time(at), self.of_day(at) / SECOND % 60)
    }

    /// `14:04`, and `14:04:30` between whole minutes: what stands at a line of a time axis.
    pub fn tick(self, at: Timestamp) -> String {
        if at.0.is_multiple_of(MINUTE) { self.time(at) } else { self.seconds(at) }
    }

    /// `14:04:02.114`, as a line of output has it.
    pub fn precise(self, at: Timestamp) -> String {
        format!("{}.{:03}", self.seconds(at), self.of_day(at) % SECOND)
    }

    /// Whole days from this moment's midnight back to the one of `at`: 0 is today.
    pub fn days_ago(self, at: Timestamp) -> u64 {
        self.day(self.now).saturating_sub(self.day(at))
    }

    /// `3 Nov`.
    pub fn date(self, at: Timestamp) -> String {
        let (month, day) = month_and_day(self.day(at));
        format!("{day} {}", MONTHS.get(month).copied().unwrap_or_default())
    }

    /// `12 s ago`; an exact time when older than an hour.
    pub fn ago(self, at: Timestamp) -> String {
        let past = self.now.since(at).0;
        if past < MINUTE {
            format!("{} s ago", past / SECOND)
        } else if past < HOUR {
            format!("{} min ago", past / MINUTE)
        } else {
            format!("at {}", self.moment(at))
        }
    }

    /// `09:41` today, `3 Nov 09:41` on another day.
    pub fn moment(self, at: Timestamp) -> String {
        if self.days_ago(at) == 0 { self.time(at) } else { format!("{} {}", self.date(at), self.time(at)) }
    }

    /// The same to the second: `09:41:07`, `3 Nov 09:41:07`.
    pub fn exact(self, at: Timestamp) -> String {
        if self.days_ago(at) == 0 { self.seconds(at) } else { format!("{} {}", self.date(at), self.seconds(at)) }
    }

    fn local(self, at: Timestamp) -> u64 {
        at.0.saturating_add_signed(i64::from(self.zone_minutes) * 60_000)
    }

    fn of_day(self, at: Timestamp) -> u64 {
        self.local(at) % DAY
    }

    fn day(self, at: Timestamp) -> u64 {
        self.local(at) / DAY
    }
}

/// `0:21`, `12:05`, `1:02:03`.
pub fn span(time: Millis) -> String {
    let seconds = time.0 / SECOND;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A guess never pretends to the second: `about 0:08`, `about 1:50`, `about 12 min`.
pub fn about(time: Millis) -> String {
    let seconds = time.0.div_ceil(SECOND);
    if seconds <= 20 {
        format!("about {}", span(Millis::seconds(seconds)))
    } else if seconds < 600 {
        format!("about {}", span(Millis::seconds(seconds.next_multiple_of(10))))
    } else {
        format!("about {} min", seconds.div_ceil(60))
    }
}

/// `7.1 of 15.6 GB`: both in the unit of the larger one.
pub fn of_bytes(part: u64, whole: u64) -> String {
    let (unit, name) = unit(whole);
    format!("{} of {} {name}", rounded(part, unit), rounded(whole, unit))
}

/// `8.5 GB`, `412 MB`.
pub fn bytes(amount: u64) -> String {
    let (unit, name) = unit(amount);
    format!("{} {name}", rounded(amount, unit))
}

/// `1 line`, `12 lines`.
pub fn count(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {one}s", thousands(n)) }
}

fn unit(amount: u64) -> (u64, &'static str) {
    match amount {
        1_000_000_000.. => (1_000_000_000, "GB"),
        1_000_000.. => (1_000_000, "MB"),
        1_000.. => (1_000, "kB"),
        0.. => (1, "B"),
    }
}

fn rounded(amount: u64, unit: u64) -> String {
    let tenths = (u128::from(amount) * 10 + u128::from(unit) / 2) / u128::from(unit);
    if unit == 1 || tenths >= 1000 || tenths.is_multiple_of(10) { format!("{}", (tenths + 5) / 10) } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// Month from 0 and day from 1 of a day since 1970, in the Gregorian calendar.
fn month_and_day(day: u64) -> (usize, u64) {
    // The year starts in March here, so that the leap day is its last.
    let shifted = day + 719_468;
    let of_era = shifted % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 2 } else { from_march - 10 };
    (usize::try_from(month).unwrap_or(0), of_year - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests;
