//! How long did the API server not answer meanwhile?
//!
//! Only what KOS itself met: while the context of the cluster was open.

use api::{
    Millis, Timestamp,
    capi::LaneGroup,
    contexts::Away,
    upgrading::{RunState, RunStep, StepOf, UpgradeRun},
};

use crate::model::clock::{Clock, span};

/// `, API away for 8 s` after what a machine of the control plane does or did.
pub fn away_words(step: &RunStep, away: &[Away], now: Timestamp) -> Option<String> {
    match &step.of {
        StepOf::Machine { group: LaneGroup::ControlPlane, .. } => {
            let (_, sum) = within(away, step.from?, step.to.unwrap_or(now))?;
            Some(format!(", API away for {}", length(sum)))
        }
        StepOf::Machine { group: LaneGroup::Pool(_) | LaneGroup::Alone, .. } | StepOf::Agreement => None,
    }
}

/// `The API answered KOS again at 14:08:31, after 8 s.` below the lanes.
pub fn away_line(run: &UpgradeRun, away: &[Away], clock: Clock) -> Option<String> {
    let end = match run.state {
        RunState::Done { at } => at,
        RunState::Going | RunState::Paused => clock.now,
    };
    let (times, sum) = within(away, run.began, end)?;
    let (last, sum) = (clock.seconds(times.last()?.to), length(sum));
    Some(match times.len() {
        1 => format!("The API answered KOS again at {last}, after {sum}."),
        n => format!("The API did not answer KOS {n} times, {sum} in all; it answered again at {last}."),
    })
}

/// Those that began in a time, and how long they were in all; nothing when there were none.
fn within(away: &[Away], from: Timestamp, to: Timestamp) -> Option<(Vec<Away>, Millis)> {
    let times: Vec<Away> = away.iter().filter(|one| (from..=to).contains(&one.from)).copied().collect();
    let sum = Millis(times.iter().map(|one| one.to.since(one.from).0).sum());
    (!times.is_empty()).then_some((times, sum))
}

/// `8 s`, `1:20`: what was begun of a second counts.
fn length(time: Millis) -> String {
    match time.0.div_ceil(1_000) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => span(Millis::seconds(seconds)),
    }
}
