//! What does a connection do next?
//!
//! Pure: a state and an event become a state and effects; time and dice come in as values.
//! Knows: back-off, sleep, heartbeats. Does not know: sockets, clients, tasks. Start at: [`next`].

#[cfg(test)]
mod tests;

use api::Millis;
use api::contexts::Away;

use crate::clock::Now;
use crate::failure::{Heals, LinkError};

/// The first wait; doubles with each failure.
const FIRST_WAIT: Millis = Millis(800);
const LONGEST_WAIT: Millis = Millis::seconds(30);
/// So long a connection must work before the next failure starts at the first wait again.
const HEALTHY_AFTER: Millis = Millis::seconds(120);
/// A quiet connection is asked whether it is still there.
pub const QUIET: Millis = Millis::seconds(10);
/// Two readings of two clocks are never so far apart.
const NO_SLEEP: Millis = Millis::seconds(1);
/// A jump of the clock that is no hiccup but a lid that was closed.
const SLEEP: Millis = Millis::seconds(30);
/// After a sleep the contexts come back spread over this time instead of all at once.
const WAKE_SPREAD: Millis = Millis(2_000);

/// Where a connection stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Unopened,
    /// The first try since it was opened, or a try the user asked for.
    Opening {
        since: Now,
    },
    Live(Live),
    /// It does not work; the next try comes by itself.
    Waiting(Waiting),
    /// A try after a failure runs.
    Retrying(Waiting),
    /// A person must act.
    NeedsYou {
        since: Now,
        why: LinkError,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    pub since: Now,
    pub latency: Millis,
    /// Bytes were last seen then.
    pub heard: Now,
    /// A heartbeat is under way.
    pub asked: Asked,
    /// Failures in a row before this connection, forgotten after two minutes of health.
    failures: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    No,
    Yes,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// It does not work since then.
    pub since: Now,
    pub was: Was,
    pub why: LinkError,
    pub retry_at: Now,
    failures: u32,
}

/// Whether there are rows from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Was {
    NeverLive,
    Live,
    /// It worked, and this computer slept: nobody knows whether the server was away.
    Slept,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Open,
    /// A try or a heartbeat succeeded.
    Answered {
        latency: Millis,
    },
    /// A try, a heartbeat or a request failed for a reason that concerns the whole connection.
    Failed(LinkError),
    /// The clock moved on; `heard` is when bytes were last seen.
    Tick {
        heard: Now,
        slept: Millis,
    },
    TryNow,
    /// The system tells that this computer woke, after so long a sleep.
    Woke {
        slept: Millis,
    },
    Close,
}

/// What the owner must do, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Give up every connection and stream from before.
    Drop,
    /// Make a client and ask for the version.
    Dial,
    /// Ask for the version on the connection that is there.
    Beat,
}

/// Decides; `chance` is from 0.0 up to 1.0.
pub fn next(state: State, event: Event, now: Now, chance: f64) -> (State, Vec<Effect>) {
    match event {
        Event::Close => match state {
            State::Unopened => (State::Unopened, vec![]),
            State::Opening { .. } | State::Live(_) | State::Waiting(_) | State::Retrying(_) | State::NeedsYou { .. } => (State::Unopened, vec![Effect::Drop]),
        },
        Event::Open => match state {
            State::Unopened => (State::Opening { since: now }, vec![Effect::Dial]),
            open @ (State::Opening { .. } | State::Live(_) | State::Waiting(_) | State::Retrying(_) | State::NeedsYou { .. }) => (open, vec![]),
        },
        Event::TryNow => try_now(state, now),
        Event::Woke { slept } => woke(state, slept, now),
        Event::Answered { latency } => answered(state, latency, now),
        Event::Failed(why) => failed(state, why, now, chance),
        Event::Tick { heard, slept } => tick(state, heard, slept, now, chance),
    }
}

/// When the next tick is worth it.
pub fn wake(state: &State) -> Option<Millis> {
    match state {
        State::Unopened | State::Opening { .. } | State::Retrying(_) | State::NeedsYou { .. } => None,
        State::Live(live) => match live.asked {
            Asked::No => Some(Millis(live.heard.awake.0 + QUIET.0)),
            Asked::Yes => None,
        },
        State::Waiting(waiting) => Some(waiting.retry_at.awake),
    }
}

/// Since when a server that had answered does not.
pub fn away_since(state: &State) -> Option<Now> {
    match state {
        State::Waiting(waiting) | State::Retrying(waiting) => match waiting.was {
            Was::Live => Some(waiting.since),
            Was::NeverLive | Was::Slept => None,
        },
        State::Unopened | State::Opening { .. } | State::Live(_) | State::NeedsYou { .. } => None,
    }
}

/// How long it was away, once it answers; while this computer slept nobody asked, so that such a time tells nothing of it.
pub fn came_back(since: Option<Now>, state: &State) -> Option<Away> {
    let (Some(since), State::Live(live)) = (since, state) else { return None };
    (live.since.slept_since(since) < NO_SLEEP).then_some(Away { from: since.wall, to: live.since.wall })
}

fn try_now(state: State, now: Now) -> (State, Vec<Effect>) {
    match state {
        State::Waiting(waiting) => (State::Retrying(waiting), vec![Effect::Dial]),
        State::NeedsYou { .. } => (State::Opening { since: now }, vec![Effect::Dial]),
        // Nothing waits: the first is closed, the others are at it or done.
        still @ (State::Unopened | State::Opening { .. } | State::Live(_) | State::Retrying(_)) => (still, vec![]),
    }
}

/// A jump of the clocks tells of long sleeps alone, and some seconds late; this is told at once, also of a moment's sleep.
fn woke(state: State, slept: Millis, now: Now) -> (State, Vec<Effect>) {
    match state {
        State::Waiting(waiting) => (State::Retrying(Waiting { failures: 0, ..waiting }), vec![Effect::Dial]),
        State::Live(_) if slept.0 > SLEEP.0 => {
            let why = LinkError::Slept { slept_ms: slept.0 };
            (State::Retrying(Waiting { since: now, was: Was::Slept, why, retry_at: now, failures: 0 }), vec![Effect::Drop, Effect::Dial])
        }
        // A person must act, unless the sleep was what stopped it: one try tells.
        State::NeedsYou { why, .. } if why.may_end_in_a_sleep() => (State::Opening { since: now }, vec![Effect::Dial]),
        // It may have outlived a short sleep: it is asked whether it did.
        State::Live(live) if live.asked == Asked::No => (State::Live(Live { asked: Asked::Yes, ..live }), vec![Effect::Beat]),
        still @ (State::Unopened | State::Opening { .. } | State::Live(_) | State::Retrying(_) | State::NeedsYou { .. }) => (still, vec![]),
    }
}

fn answered(state: State, latency: Millis, now: Now) -> (State, Vec<Effect>) {
    match state {
        State::Opening { .. } => (State::Live(Live { since: now, latency, heard: now, asked: Asked::No, failures: 0 }), vec![]),
        State::Retrying(waiting) => (State::Live(Live { since: now, latency, heard: now, asked: Asked::No, failures: waiting.failures }), vec![]),
        State::Live(live) => (State::Live(Live { latency, heard: now, asked: Asked::No, ..live }), vec![]),
        // An answer of a connection that was given up.
        late @ (State::Unopened | State::Waiting(_) | State::NeedsYou { .. }) => (late, vec![]),
    }
}

fn failed(state: State, why: LinkError, now: Now, chance: f64) -> (State, Vec<Effect>) {
    let (since, was, failures) = match state {
        late @ (State::Unopened | State::Waiting(_) | State::NeedsYou { .. }) => return (late, vec![]),
        State::Opening { since } => (since, Was::NeverLive, 0),
        State::Live(live) => {
            let healthy = now.awake.0.saturating_sub(live.since.awake.0) >= HEALTHY_AFTER.0;
            (now, Was::Live, if healthy { 0 } else { live.failures })
        }
        State::Retrying(waiting) => (waiting.since, waiting.was, waiting.failures),
    };
    let state = match why.heals() {
        Heals::WithHelp => State::NeedsYou { since: now, why },
        Heals::WithTime { rest } => {
            let retry_at = later(now, Millis(rest.0 + dice(back_off(failures), chance).0));
            State::Waiting(Waiting { since, was, why, retry_at, failures: failures.saturating_add(1) })
        }
    };
    (state, vec![Effect::Drop])
}

fn tick(state: State, heard: Now, slept: Millis, now: Now, chance: f64) -> (State, Vec<Effect>) {
    let woke = slept.0 > SLEEP.0;
    match state {
        State::Live(_) if woke => {
            let why = LinkError::Slept { slept_ms: slept.0 };
            let retry_at = later(now, dice(WAKE_SPREAD, chance));
            (State::Waiting(Waiting { since: now, was: Was::Slept, why, retry_at, failures: 0 }), vec![Effect::Drop])
        }
        // The wait of before the sleep is over by any clock; the network is likely another one.
        State::Waiting(waiting) if woke => (State::Waiting(Waiting { retry_at: later(now, dice(WAKE_SPREAD, chance)), failures: 0, ..waiting }), vec![]),
        State::NeedsYou { since, why } if woke && why.may_end_in_a_sleep() => {
            let retry_at = later(now, dice(WAKE_SPREAD, chance));
            (State::Waiting(Waiting { since, was: Was::NeverLive, why, retry_at, failures: 0 }), vec![])
        }
        State::Waiting(waiting) if now.awake >= waiting.retry_at.awake => (State::Retrying(waiting), vec![Effect::Dial]),
        State::Live(live) => {
            let heard = if heard.awake > live.heard.awake { heard } else { live.heard };
            let live = Live { heard, ..live };
            if live.asked == Asked::No && now.awake.0 >= heard.awake.0 + QUIET.0 {
                (State::Live(Live { asked: Asked::Yes, ..live }), vec![Effect::Beat])
            } else {
                (State::Live(live), vec![])
            }
        }
        still @ (State::Unopened | State::Opening { .. } | State::Waiting(_) | State::Retrying(_) | State::NeedsYou { .. }) => (still, vec![]),
    }
}

/// 0.8 s, doubled by each failure in a row, at most 30 s.
pub fn back_off(failures: u32) -> Millis {
    Millis(FIRST_WAIT.0.saturating_mul(1u64.checked_shl(failures.min(16)).unwrap_or(u64::MAX))).min(LONGEST_WAIT)
}

/// Full jitter: somewhere between nothing and the whole wait, so that many contexts never knock together.
fn dice(wait: Millis, chance: f64) -> Millis {
    Millis((wait.0 as f64 * chance.clamp(0.0, 1.0)) as u64)
}

fn later(now: Now, wait: Millis) -> Now {
    Now { awake: Millis(now.awake.0 + wait.0), boot: Millis(now.boot.0 + wait.0), wall: now.wall.plus(wait) }
}
