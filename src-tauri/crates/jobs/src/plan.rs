//! What will a job do, in which order, and how long does it usually take?
//!
//! Pure values. [`StoredPlan`] is the same plan with acts as JSON and steps as keys: what the journal's indices refer to,
//! so they do not lie after an upgrade changes how plans are made.

use api::Millis;
use api::jobs::{UndoIs, Words};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Acts in order, each with the steps it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan<A, S> {
    pub title: Words,
    /// `kind with one node in Docker, Kubernetes v1.36.1, Cluster API v1.14.0.`
    pub sentence: String,
    /// The whole job as one could paste it, empty when there is no such line.
    pub command: String,
    /// Plans of an earlier KOS do not say it.
    #[serde(default)]
    pub undo: UndoIs,
    pub acts: Vec<PlannedAct<A, S>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAct<A, S> {
    pub act: A,
    /// At least one; no key twice in one act.
    pub steps: Vec<PlannedStep<S>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep<S> {
    pub step: S,
    pub title: Words,
    pub detail: Words,
    /// How long it takes as far as is known without earlier runs.
    pub expected: Millis,
}

/// A plan as it is kept on disk.
pub type StoredPlan = Plan<Value, String>;

impl<A, S> Plan<A, S> {
    pub fn new(title: Words, sentence: impl Into<String>) -> Self {
        Self { title, sentence: sentence.into(), command: String::new(), undo: UndoIs::default(), acts: vec![] }
    }

    /// Says what its undo does, where that is no removal.
    pub fn undone_by(self, undo: UndoIs) -> Self {
        Self { undo, ..self }
    }

    /// Adds an act that shows one step.
    pub fn then(self, act: A, step: PlannedStep<S>) -> Self {
        self.then_many(act, vec![step])
    }

    /// Adds an act that shows several steps, in the order in which it comes to them.
    pub fn then_many(mut self, act: A, steps: Vec<PlannedStep<S>>) -> Self {
        self.acts.push(PlannedAct { act, steps });
        self
    }

    /// All steps in order, with the index of their act.
    pub fn steps(&self) -> impl Iterator<Item = (u32, &PlannedStep<S>)> {
        (0u32..).zip(&self.acts).flat_map(|(index, act)| act.steps.iter().map(move |step| (index, step)))
    }

    /// The index of the first step of an act, counted over the whole plan.
    pub fn first_step(&self, act: u32) -> u32 {
        let before: usize = self.acts.iter().take(act as usize).map(|a| a.steps.len()).sum();
        u32::try_from(before).unwrap_or(u32::MAX)
    }
}

impl<S> PlannedStep<S> {
    pub fn new(step: S, title: impl Into<String>, detail: Words, expected: Millis) -> Self {
        Self { step, title: Words::said(title), detail, expected }
    }
}

impl<A: Serialize, S: Serialize> Plan<A, S> {
    /// The plan without its types.
    ///
    /// Errors: an act or a step whose `Serialize` fails, for example a map with keys that are not text.
    pub fn stored(&self) -> Result<StoredPlan, serde_json::Error> {
        let acts = self
            .acts
            .iter()
            .map(|planned| {
                let steps = planned
                    .steps
                    .iter()
                    .map(|s| Ok(PlannedStep { step: step_key(&s.step)?, title: s.title.clone(), detail: s.detail.clone(), expected: s.expected }))
                    .collect::<Result<_, serde_json::Error>>()?;
                Ok(PlannedAct { act: serde_json::to_value(&planned.act)?, steps })
            })
            .collect::<Result<_, serde_json::Error>>()?;
        Ok(Plan { title: self.title.clone(), sentence: self.sentence.clone(), command: self.command.clone(), undo: self.undo.clone(), acts })
    }
}

impl StoredPlan {
    /// Names this plan: another plan, or the same one with other words, has another name.
    pub fn seen(&self) -> String {
        // A plan that has no JSON form was refused when it was stored.
        let digest = Sha256::digest(serde_json::to_vec(self).unwrap_or_default());
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The text under which a step is found again: its name for a plain variant, its JSON otherwise.
pub(crate) fn step_key<S: Serialize>(step: &S) -> Result<String, serde_json::Error> {
    Ok(match serde_json::to_value(step)? {
        Value::String(name) => name,
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    })
}
