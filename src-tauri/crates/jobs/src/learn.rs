//! How long does a step usually take here, and how long the undo of an act?
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
    /// Of undos, by the key of the first step of their act; an earlier KOS kept none.
    #[serde(default)]
    undos: BTreeMap<String, Vec<Millis>>,
}

impl Learned {
    /// The median of the last runs, `None` before the first.
    pub fn expected(&self, kind: &str, step: &str) -> Option<Millis> {
        median(self.kinds.get(kind)?.steps.get(step)?)
    }

    /// How long the undo of what a job made is expected to take, `None` unless one of each of its acts was timed.
    pub fn undo(&self, kind: &str, plan: &StoredPlan, snapshot: &Snapshot) -> Option<Millis> {
        let acts = snapshot.acts_to_undo();
        let known = self.kinds.get(kind).filter(|_| !acts.is_empty())?;
        let each = acts.iter().map(|act| Some(median(known.undos.get(key(plan, *act)?)?)?.0));
        each.sum::<Option<u64>>().map(Millis)
    }

    /// How many runs the answers come from, 20 at most.
    pub fn runs(&self, kind: &str) -> u32 {
        self.kinds.get(kind).map_or(0, |k| k.runs)
    }

    /// Takes in a job that is done or undone; steps that were found done, or needed a second attempt, teach nothing.
    pub fn add(&mut self, kind: &str, plan: &StoredPlan, snapshot: &Snapshot) {
        match snapshot.phase {
            Phase::Done => self.add_steps(kind, plan, snapshot),
            Phase::Undone => self.add_undo(kind, plan, snapshot),
            Phase::Planned | Phase::Running | Phase::Failed { .. } | Phase::Undoing { .. } | Phase::UndoFailed { .. } | Phase::Kept => {}
        }
    }

    fn add_undo(&mut self, kind: &str, plan: &StoredPlan, snapshot: &Snapshot) {
        let known = self.kinds.entry(kind.to_owned()).or_default();
        for (act, took) in &snapshot.undone {
            if let Some(key) = key(plan, *act) {
                remember(known.undos.entry(key.to_owned()).or_default(), *took);
            }
        }
    }

    fn add_steps(&mut self, kind: &str, plan: &StoredPlan, snapshot: &Snapshot) {
        let known = self.kinds.entry(kind.to_owned()).or_default();
        known.runs = known.runs.saturating_add(1).min(u32::try_from(REMEMBERED_RUNS).unwrap_or(u32::MAX));
        for ((_, planned), state) in plan.steps().zip(&snapshot.steps) {
            let teaches = state.mark == StepMark::Done && state.origin == Origin::Run && state.attempt == 1;
            if let (true, Some(took)) = (teaches, state.took) {
                remember(known.steps.entry(planned.step.clone()).or_default(), took);
            }
        }
    }
}

/// By what the undo of an act is known: what it shows first.
fn key(plan: &StoredPlan, act: u32) -> Option<&str> {
    Some(plan.acts.get(act as usize)?.steps.first()?.step.as_str())
}

fn median(durations: &[Millis]) -> Option<Millis> {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

fn remember(durations: &mut Vec<Millis>, took: Millis) {
    durations.push(took);
    let surplus = durations.len().saturating_sub(REMEMBERED_RUNS);
    durations.drain(..surplus);
}

#[cfg(test)]
mod tests;
