//! How long does a step usually take here?
//!
//! Pure: a list of durations per step of a kind of job, of which the median of the last 20 good runs is the answer.

use std::collections::BTreeMap;

use api::Millis;
use api::jobs::StepMark;
use serde::{Deserialize, Serialize};

use crate::StoredPlan;
use crate::snapshot::{Origin, Phase, Snapshot};

/// Enough to be steady, few enough to follow a new machine within a week.
const REMEMBERED_RUNS: usize = 20;

/// Durations of earlier runs on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    kinds: BTreeMap<String, Kind>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    runs: u32,
    /// By step key, the newest last.
    steps: BTreeMap<String, Vec<Millis>>,
}

impl Learned {
    /// The median of the last runs, `None` before the first.
    pub fn expected(&self, kind: &str, step: &str) -> Option<Millis> {
        let mut sorted = self.kinds.get(kind)?.steps.get(step)?.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }

    /// How many runs the answers come from, 20 at most.
    pub fn runs(&self, kind: &str) -> u32 {
        self.kinds.get(kind).map_or(0, |k| k.runs)
    }

    /// Takes in a job that is done; steps that were found done, or needed a second attempt, teach nothing.
    pub fn add(&mut self, kind: &str, plan: &StoredPlan, snapshot: &Snapshot) {
        if snapshot.phase != Phase::Done {
            return;
        }
        let known = self.kinds.entry(kind.to_owned()).or_default();
        known.runs = known.runs.saturating_add(1).min(u32::try_from(REMEMBERED_RUNS).unwrap_or(u32::MAX));
        for ((_, planned), state) in plan.steps().zip(&snapshot.steps) {
            let teaches = state.mark == StepMark::Done && state.origin == Origin::Run && state.attempt == 1;
            if let (true, Some(took)) = (teaches, state.took) {
                let durations = known.steps.entry(planned.step.clone()).or_default();
                durations.push(took);
                let surplus = durations.len().saturating_sub(REMEMBERED_RUNS);
                durations.drain(..surplus);
            }
        }
    }
}

#[cfg(test)]
mod tests;
