//! What did an act say, when it is tested without a job?

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::Fault;
use api::jobs::Tone;
use async_trait::async_trait;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{ActContext, ActCore, Pen};
use crate::output::Printed;
use crate::plan::step_key;
use crate::{Noted, NotedProcess, What};

/// Keeps in memory what an act says: for tests of single acts.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    said: Arc<Mutex<Said>>,
    folder: PathBuf,
    left: CancellationToken,
}

#[derive(Debug, Default)]
struct Said {
    events: Vec<What>,
    output: Vec<(u32, Tone, String)>,
    last_id: u32,
}

impl Transcript {
    pub fn new() -> Self {
        Self::default()
    }

    /// Output files of programs go into this folder.
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The user leaves an undo as soon as this is cancelled.
    pub fn left_by(mut self, left: CancellationToken) -> Self {
        self.left = left;
        self
    }

    /// A context for one act that shows these steps, in its first attempt.
    pub fn context<S: Serialize>(&self, steps: &[S], cancelled: CancellationToken) -> ActContext<S> {
        self.context_after(steps, vec![], vec![], cancelled)
    }

    /// A context for an act of which an earlier attempt, or the run to undo, left notes.
    pub fn context_after<S: Serialize>(&self, steps: &[S], noted: Vec<Noted>, processes: Vec<NotedProcess>, cancelled: CancellationToken) -> ActContext<S> {
        let keys = steps.iter().filter_map(|s| step_key(s).ok()).collect();
        let attempt = if noted.is_empty() && processes.is_empty() { 1 } else { 2 };
        let used = noted.iter().map(|n| n.id).chain(processes.iter().map(|p| p.id)).max().unwrap_or_default();
        let mut said = self.said();
        said.last_id = said.last_id.max(used);
        drop(said);
        let pen = Arc::new(self.clone());
        let folder = self.folder.clone();
        ActContext::new(ActCore {
            pen,
            act: 0,
            attempt,
            first_step: 0,
            keys,
            current: 0,
            noted,
            processes,
            printed: Printed::default(),
            cancelled,
            left: self.left.clone(),
            folder,
        })
    }

    pub fn events(&self) -> Vec<What> {
        self.said().events.clone()
    }

    /// The step, the tone and the text of each line.
    pub fn output(&self) -> Vec<(u32, Tone, String)> {
        self.said().output.clone()
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Pen for Transcript {
    fn write(&self, what: What) {
        self.said().events.push(what);
    }

    async fn write_through(&self, what: What) -> Result<(), Fault> {
        self.write(what);
        Ok(())
    }

    fn write_through_now(&self, what: What) -> Result<(), Fault> {
        self.write(what);
        Ok(())
    }

    fn output(&self, step: u32, tone: Tone, text: &str) {
        self.said().output.extend(text.lines().map(|line| (step, tone, line.to_owned())));
    }

    fn next_id(&self) -> u32 {
        let mut said = self.said();
        said.last_id += 1;
        said.last_id
    }
}
