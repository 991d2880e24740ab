//! What does KOS itself know of the clusters of this machine, and which of its jobs work on them?

use std::collections::{BTreeMap, BTreeSet};

use api::files::Origin;
use api::jobs::{JobRow, JobState, Word};
use api::local::Purpose;
use api::{ContextId, Fault, FaultCode, JobId};
use provision::local::{self, Known, Manages};
use provision::management;

use super::{CHANGE, Local, MANAGEMENT};

impl Local {
    /// Whether a job that rests may work again, forwards or backwards: on its cluster another may work by now.
    ///
    /// # Errors
    /// What a second job on that cluster is told.
    pub(crate) fn may_work_again(&self, id: &JobId) -> Result<(), Fault> {
        let is_local = [MANAGEMENT, CHANGE].into_iter().any(|kind| self.work.jobs.first_act(kind, id).is_some());
        let rests = self.work.jobs.rows().into_iter().find(|job| is_local && job.id == *id);
        match rests.as_ref().and_then(|job| job.title.0.last()) {
            Some(Word::Mono(name)) => self.refuse_second_job(name, Some(id)),
            Some(Word::Said(_)) | None => Ok(()),
        }
    }

    /// Two jobs on one cluster would each undo what the other makes.
    pub(super) fn refuse_second_job(&self, name: &str, this: Option<&JobId>) -> Result<(), Fault> {
        match self.work.jobs.rows().into_iter().find(|job| works(job) && names(job, name) && Some(&job.id) != this) {
            Some(job) => Err(Fault::new(FaultCode::Invalid, format!("The job “{}” works on {name} already.", job.title.plain())).unharmed("It goes on.")),
            None => Ok(()),
        }
    }

    /// What is made under the name of a job that stopped would go with the undo of that job.
    pub(super) fn refuse_half_made(&self, name: &str) -> Result<(), Fault> {
        let left = |job: &JobRow| self.work.jobs.view(&job.id).is_some_and(|view| !view.made.is_empty());
        match self.work.jobs.rows().into_iter().find(|job| stopped(job) && names(job, name) && left(job)) {
            Some(job) => {
                let title = job.title.plain();
                let sentence = format!("What the job “{title}” made of {name} is not removed yet. Undo that job first, or leave it as it is.");
                Err(Fault::new(FaultCode::Invalid, sentence).unharmed("Nothing was started."))
            }
            None => Ok(()),
        }
    }

    pub(super) fn names_of_jobs(&self) -> Vec<String> {
        self.work
            .jobs
            .rows()
            .iter()
            .filter(|job| works(job))
            .flat_map(|job| job.title.0.clone())
            .map(|word| match word {
                Word::Said(text) | Word::Mono(text) => text,
            })
            .collect()
    }

    /// What KOS itself knows of the clusters of this machine.
    pub(super) fn known(&self) -> BTreeMap<String, Known> {
        let jobs = self.work.jobs.rows();
        let mut known = self.made(&jobs);
        let contexts = self.fleet.contexts().rows();
        // A workload cluster was connected through the one that manages it.
        let connected_at: BTreeSet<ContextId> = contexts.iter().filter_map(|row| Some(row.workload.as_ref()?.at.context.clone())).collect();
        for context in contexts {
            let made = self.fleet.files().rows().iter().any(|f| f.id == context.file && f.origin == Origin::Made);
            let name = match (local::cluster_of(&context.name), made) {
                (Some(found), _) => found,
                // In KOS's own files a context may simply be named after its cluster.
                (None, true) => context.name.as_str(),
                (None, false) => continue,
            };
            let entry = known.entry(name.to_owned()).or_default();
            if connected_at.contains(&context.id) || self.sessions.serves_clusters(&context.id) {
                entry.manages = Manages::Seen;
            }
            entry.context.get_or_insert(context.id);
        }
        for job in jobs.into_iter().filter(works) {
            if let Some(Word::Mono(name)) = job.title.0.last() {
                known.entry(name.clone()).or_default().job = Some(job.id);
            }
        }
        known
    }

    /// What clusters were made for, by the newest job that says so of each.
    fn made(&self, newest_first: &[JobRow]) -> BTreeMap<String, Known> {
        let mut known = BTreeMap::new();
        for job in newest_first {
            if let (Some(Word::Mono(name)), Some(manages)) = (job.title.0.last(), self.told_by(job)) {
                known.entry(name.clone()).or_insert(Known { manages, ..Known::default() });
            }
        }
        known
    }

    /// One that was deleted, or whose making was undone, may be made anew by anybody.
    fn told_by(&self, job: &JobRow) -> Option<Manages> {
        if let Some(act) = self.work.jobs.first_act(MANAGEMENT, &job.id) {
            let act: management::Act = serde_json::from_value(act).ok()?;
            let purpose = if act.order.spec.manages() { Purpose::Manages } else { Purpose::Plain };
            return Some(if job.state == JobState::Undone { Manages::NotTold } else { Manages::Made(purpose) });
        }
        let change: local::Act = serde_json::from_value(self.work.jobs.first_act(CHANGE, &job.id)?).ok()?;
        match change.step {
            local::Step::Delete { .. } => (job.state == JobState::Done).then_some(Manages::NotTold),
            local::Step::Switch(_) | local::Step::ExportLogs { .. } => None,
        }
    }
}

fn works(job: &JobRow) -> bool {
    match job.state {
        JobState::Running | JobState::Undoing { .. } | JobState::Interrupted { .. } => true,
        JobState::Done | JobState::Failed { .. } | JobState::Undone | JobState::UndoFailed { .. } | JobState::Kept | JobState::Damaged { .. } => false,
    }
}

fn stopped(job: &JobRow) -> bool {
    match job.state {
        JobState::Failed { .. } | JobState::UndoFailed { .. } | JobState::Damaged { .. } => true,
        JobState::Running | JobState::Undoing { .. } | JobState::Interrupted { .. } | JobState::Done | JobState::Undone | JobState::Kept => false,
    }
}

fn names(job: &JobRow, name: &str) -> bool {
    job.title.0.last().is_some_and(|word| matches!(word, Word::Mono(text) if text == name))
}
