//! What is one job in memory, and who may touch it now?

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::jobs::{JobRow, JobView};
use api::{JobId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::StoredPlan;
use crate::learn::Learned;
use crate::recorder::{Recorder, Room};
use crate::snapshot::{Phase, Snapshot};
use crate::view::{Life, Shown};

/// What `plan.json` holds: all that is needed to make the work again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opening {
    pub(crate) kind: String,
    /// The caller's own words; no secret.
    pub(crate) spec: Value,
    pub(crate) planned: Timestamp,
    pub(crate) plan: StoredPlan,
}

pub(crate) struct Job {
    pub(crate) id: JobId,
    pub(crate) folder: PathBuf,
    pub(crate) opening: Opening,
    pub(crate) recorder: Recorder,
    pub(crate) access: Access,
    /// When this computer started.
    pub(crate) booted: Option<Timestamp>,
    pub(crate) control: Mutex<Control>,
}

/// Whether this instance is the one that writes below the state folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Owner,
    /// Nothing can be written below the state folder: what is there is shown, verbs are refused.
    Nowhere,
}

/// Who has the job.
#[derive(Debug, Clone)]
pub(crate) enum Control {
    Resting,
    Running(Asked),
    /// The runner writes the end: too late for a cancel.
    Ending,
}

/// What the user asks of whoever runs the job.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// End the way forwards, and undo what was made.
    pub(crate) cancel: CancellationToken,
    /// Leave an undo where it waits.
    pub(crate) leave: CancellationToken,
}

impl Job {
    /// Takes the job for a new runner, `None` when somebody has it.
    pub(crate) fn claim(self: &Arc<Self>) -> Option<(Asked, Claim)> {
        let mut control = self.control();
        match *control {
            Control::Resting => {
                let asked = Asked::default();
                *control = Control::Running(asked.clone());
                Some((asked, Claim(Arc::clone(self))))
            }
            Control::Running(_) | Control::Ending => None,
        }
    }

    /// Closes the door for a cancel; `false` when one came before.
    pub(crate) fn settle(&self) -> bool {
        let mut control = self.control();
        match &*control {
            Control::Running(asked) if asked.cancel.is_cancelled() => false,
            Control::Running(_) | Control::Ending | Control::Resting => {
                *control = Control::Ending;
                true
            }
        }
    }

    pub(crate) fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn row(&self) -> JobRow {
        let snapshot = self.recorder.snapshot();
        self.shown(&snapshot).row()
    }

    pub(crate) fn view(&self, learned: &Learned) -> JobView {
        let snapshot = self.recorder.snapshot();
        self.shown(&snapshot).view(learned, &self.recorder.lines_per_step(), log_file(&self.folder).display().to_string())
    }

    fn shown<'a>(&'a self, snapshot: &'a Snapshot) -> Shown<'a> {
        Shown { id: &self.id, kind: &self.opening.kind, plan: &self.opening.plan, snapshot, life: self.life(snapshot), booted: self.booted }
    }

    fn life(&self, snapshot: &Snapshot) -> Life {
        match (self.access, &*self.control()) {
            (Access::Owner, Control::Resting) => Life::Resting,
            (Access::Owner, Control::Running(_) | Control::Ending) => Life::Running,
            // Nobody runs one that can only be left.
            (Access::Nowhere, _) if snapshot.damage.is_some() => Life::Resting,
            (Access::Nowhere, _) => match snapshot.phase {
                Phase::Planned | Phase::Running | Phase::Undoing { .. } => Life::Running,
                Phase::Failed { .. } | Phase::Done | Phase::Undone | Phase::UndoFailed { .. } | Phase::Kept => Life::Resting,
            },
        }
    }
}

/// Holds a job while something runs or changes it; lets go when dropped, however that comes about.
pub(crate) struct Claim(Arc<Job>);

impl Claim {
    pub(crate) fn job(&self) -> &Arc<Job> {
        &self.0
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let room = match self.0.recorder.snapshot().phase {
            Phase::Done | Phase::Undone | Phase::Kept => Room::GivenBack,
            Phase::Planned | Phase::Running | Phase::Failed { .. } | Phase::Undoing { .. } | Phase::UndoFailed { .. } => Room::Kept,
        };
        self.0.recorder.rest(room);
        *self.0.control() = Control::Resting;
        self.0.recorder.bump();
    }
}

pub(crate) fn log_file(folder: &Path) -> PathBuf {
    folder.join("output.log")
}
