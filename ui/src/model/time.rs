//! How are ages, durations and sizes written?
//!
//! Knows: exact times when older than an hour, numbers with units.

use api::{
    Millis, Timestamp,
    contexts::{ContextRow, Identity},
};

use super::clock::Clock;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Of a credential whose end is past.
const EXPIRED: &str = "expired";

/// `12 s`, `6 min`, `3 h`, `9 d`: one number, for a column.
pub fn age(span: Millis) -> String {
    match span.0 {
        ms if ms < MINUTE => format!("{} s", ms / SECOND),
        ms if ms < HOUR => format!("{} min", ms / MINUTE),
        ms if ms < DAY => format!("{} h", ms / HOUR),
        ms => format!("{} d", ms / DAY),
    }
}

/// The same in a narrow column of a table: `6 m`.
pub fn short_age(span: Millis) -> String {
    age(span).replace("min", "m")
}

/// When something was used: `now` within a minute.
pub fn ago(span: Millis) -> String {
    if span.0 < MINUTE { "now".into() } else { age(span) }
}

/// `6:06`, `1:02:11`: a running time or a countdown.
pub fn clock(span: Millis) -> String {
    let seconds = span.0 / SECOND;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

/// `18 ms`, `1.4 s`.
pub fn latency(span: Millis) -> String {
    if span.0 < SECOND { format!("{} ms", span.0) } else { format!("{}.{} s", span.0 / SECOND, span.0 % SECOND / 100) }
}

/// What is left until a moment: `42 min left`, `expired`.
pub fn left(until: Timestamp, now: Timestamp) -> String {
    if until <= now { EXPIRED.into() } else { format!("{} left", age(until.since(now))) }
}

/// How long one is still signed in, where the credential says when it ends: `42 min`.
pub fn identity_left(row: &ContextRow, now: Timestamp) -> Option<String> {
    let until = row.sign_in.expires?;
    match until.since(now) {
        Millis(0) => Some(EXPIRED.into()),
        span => Some(age(span)),
    }
}

/// Who one is to a cluster: `kubernetes-admin, 3 groups, 42 min`.
pub fn identity_words(identity: &Identity, left: Option<&str>) -> String {
    let groups = (!identity.groups.is_empty()).then(|| plural(identity.groups.len(), "group", "groups"));
    [Some(identity.user.clone()), groups, left.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The same with the names of the groups, a line each.
pub fn identity_title(identity: &Identity, left: Option<&str>) -> String {
    let groups = (!identity.groups.is_empty()).then(|| format!("Groups: {}", identity.groups.join(", ")));
    let ends = left.map(|left| if left == EXPIRED { "Its credential is expired".to_owned() } else { format!("Its credential is good for {left}") });
    [Some(identity.user.clone()), groups, ends].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Minutes east of Greenwich.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Zone(pub i32);

impl Zone {
    /// The wall clock of this zone at a moment.
    pub fn at(self, now: Timestamp) -> Clock {
        Clock { now, zone_minutes: self.0 }
    }
}

/// `1,284`: a number that is read, not computed with.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// `61`, `7.1`: gigabytes as disks and memory are sold.
pub fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    if tenths >= 1_000 || tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// `256 Mi`, `15.5 Gi`: memory as Kubernetes writes it.
pub fn binary(bytes: u64) -> String {
    const MI: u64 = 1 << 20;
    const GI: u64 = 1 << 30;
    if bytes >= GI { format!("{:.1} Gi", bytes as f64 / GI as f64) } else { format!("{} Mi", bytes / MI) }
}

/// `1 machine`, `3 machines`.
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as u64), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
