//! What can happen in a job?
//!
//! One closed vocabulary: the journal keeps the events that matter, the reducer in `snapshot.rs` applies all of them.

use api::jobs::{Finding, Part, Undoing, Words};
use api::{Fault, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Rises by one per event of a job, chatter included; an event seen twice is recognised by it.
    pub seq: u64,
    pub at: Timestamp,
    pub what: What,
}

/// Steps and acts are indices into the stored plan, from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The plan is on disk; nothing has run.
    Planned,
    /// A runner took the job: at its start, by Retry or by Continue.
    Running,
    ActStarted {
        act: u32,
        attempt: u32,
    },
    /// The world was found as the act would leave it.
    ActFound {
        act: u32,
        words: Words,
    },
    ActDone {
        act: u32,
    },
    /// Terminal until Retry.
    ActFailed {
        act: u32,
        why: Fault,
    },

    StepStarted {
        step: u32,
    },
    StepDetail {
        step: u32,
        words: Words,
    },
    /// Chatter.
    StepShare {
        step: u32,
        thousandths: u16,
    },
    /// Chatter.
    StepParts {
        step: u32,
        parts: Vec<Part>,
    },

    CommandStarted {
        id: u32,
        step: u32,
        line: String,
    },
    CommandEnded {
        id: u32,
        exit: String,
    },

    /// On disk right after the program started; when KOS is killed in between, nobody knows of the program.
    ProcessNoted {
        id: u32,
        act: u32,
        process: Value,
    },
    ProcessEnded {
        id: u32,
    },
    /// On disk before the side effect.
    Intended {
        id: u32,
        act: u32,
        step: u32,
        thing: Thing,
    },
    Made {
        id: u32,
    },

    /// How the job's outcome reads in the list.
    Outcome {
        words: Words,
    },
    /// Terminal.
    Done,

    /// Cancel or Undo was asked.
    UndoStarted,
    /// Chatter.
    UndoGoesOn {
        now: Undoing,
    },
    /// All that the act had noted is gone.
    ActUndone {
        act: u32,
    },
    /// Terminal.
    Undone,
    /// Terminal until Undo is asked again, or Retry where the undo takes nothing away.
    UndoFailed {
        act: u32,
        why: Fault,
    },
    /// Terminal: left as it is by the user's choice.
    Kept,

    /// Chatter: what a look at the world found.
    Found {
        findings: Vec<Finding>,
    },
}

/// Something an act makes and its undo removes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// `Container`, `Cluster`, `Kubeconfig`.
    pub kind: String,
    pub name: String,
    /// What undo and look need to find it again; no secret.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

impl Thing {
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into(), data: Value::Null }
    }

    pub fn with(mut self, data: Value) -> Self {
        self.data = data;
        self
    }
}

/// A thing as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    pub id: u32,
    pub act: u32,
    pub step: u32,
    pub thing: Thing,
    pub at: Timestamp,
    pub certainty: Certainty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It may be there: KOS ended, or the act failed, between the intent and its result.
    Intended,
    Made,
}

/// A child process that an earlier attempt left, in the words of whoever noted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedProcess {
    pub id: u32,
    pub act: u32,
    pub process: Value,
    pub at: Timestamp,
}

impl What {
    /// Chatter may be lost without a state being wrong: it is not written to the journal.
    pub fn is_chatter(&self) -> bool {
        match self {
            What::StepShare { .. } | What::StepParts { .. } | What::UndoGoesOn { .. } | What::Found { .. } => true,
            What::Planned
            | What::Running
            | What::ActStarted { .. }
            | What::ActFound { .. }
            | What::ActDone { .. }
            | What::ActFailed { .. }
            | What::StepStarted { .. }
            | What::StepDetail { .. }
            | What::CommandStarted { .. }
            | What::CommandEnded { .. }
            | What::ProcessNoted { .. }
            | What::ProcessEnded { .. }
            | What::Intended { .. }
            | What::Made { .. }
            | What::Outcome { .. }
            | What::Done
            | What::UndoStarted
            | What::ActUndone { .. }
            | What::Undone
            | What::UndoFailed { .. }
            | What::Kept => false,
        }
    }
}
