//! What can the user do with a job, and when is it refused?

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::jobs::Undoing;
use api::{Fault, JobId};
use futures::FutureExt;

use super::{FINISHED_JOBS_KEPT, Jobs, blocking};
use crate::What;
use crate::any_work::AnyWork;
use crate::context::Pen;
use crate::fault::{self, JobError, Refusal};
use crate::job::{Claim, Control, Job, log_file};
use crate::run::{Way, left};
use crate::snapshot::{Phase, Standing};

impl Jobs {
    /// Ends the running act and undoes what was made; an undo that waits is left, and can be asked for again.
    ///
    /// Errors: the job does not run, or its undo takes something away now.
    pub fn cancel(&self, id: &JobId) -> Result<(), Fault> {
        let (job, title) = self.named(id)?;
        self.may_write(&title)?;
        let phase = job.recorder.snapshot().phase;
        match &*job.control() {
            Control::Resting | Control::Ending => return Err(Refusal::NotRunning.fault(&title)),
            Control::Running(asked) => match phase {
                Phase::Undoing { now: Undoing::Acts } => return Err(Refusal::Undoes.fault(&title)),
                Phase::Undoing { now: Undoing::Waits } => asked.leave.cancel(),
                Phase::Planned | Phase::Running | Phase::Failed { .. } | Phase::Done | Phase::Undone | Phase::UndoFailed { .. } | Phase::Kept => {
                    asked.cancel.cancel()
                }
            },
        }
        Ok(())
    }

    /// Runs the failed act again; the acts before it are not repeated. Goes forwards too where an undo failed that takes nothing away.
    pub async fn retry(&self, id: &JobId) -> Result<(), Fault> {
        let (job, _) = self.named(id)?;
        self.again(id, |standing| match standing {
            Standing::Failed { .. } => Ok(Way::Forwards),
            Standing::UndoFailed { .. } if job.opening.plan.undo.leaves_way_forwards() => Ok(Way::Forwards),
            Standing::Done
            | Standing::Interrupted { .. }
            | Standing::UndoInterrupted { .. }
            | Standing::Undone
            | Standing::UndoFailed { .. }
            | Standing::Kept => Err(Refusal::NotFailed),
            Standing::Damaged { .. } => Err(Refusal::Damaged),
        })
        .await
    }

    /// Goes on with an interrupted job where it stood; with its undo, when that was interrupted.
    pub async fn go_on(&self, id: &JobId) -> Result<(), Fault> {
        self.again(id, |standing| match standing {
            Standing::Interrupted { .. } => Ok(Way::Forwards),
            Standing::UndoInterrupted { .. } => Ok(Way::Backwards),
            Standing::Done | Standing::Failed { .. } | Standing::Undone | Standing::UndoFailed { .. } | Standing::Kept => Err(Refusal::NotInterrupted),
            Standing::Damaged { .. } => Err(Refusal::Damaged),
        })
        .await
    }

    /// Removes what a failed or interrupted job made; goes on with an undo that failed or was interrupted.
    pub async fn undo(&self, id: &JobId) -> Result<(), Fault> {
        self.again(id, |standing| match standing {
            Standing::Failed { .. } | Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } | Standing::UndoFailed { .. } => Ok(Way::Backwards),
            Standing::Done | Standing::Undone | Standing::Kept => Err(Refusal::NothingToUndo),
            Standing::Damaged { .. } => Err(Refusal::Damaged),
        })
        .await
    }

    /// Leaves everything as it is and closes the job.
    pub async fn keep(&self, id: &JobId) -> Result<(), Fault> {
        let (claim, title) = self.claimed(id)?;
        stopped(claim.job(), &title)?;
        claim.job().recorder.write_through(What::Kept).await
    }

    /// Looks again at what a stopped job left in the world.
    pub async fn look_again(&self, id: &JobId) -> Result<(), Fault> {
        let (job, title) = self.named(id)?;
        self.may_write(&title)?;
        if !matches!(*job.control(), Control::Resting) {
            return Err(taken(&job).fault(&title));
        }
        stopped(&job, &title)?;
        let work = self.kinds.open(&job.opening.kind, &job.opening.spec)?;
        look(&job, &work).await
    }

    /// Takes a job off the list, its folder and log with it.
    ///
    /// Errors: it runs, or what it made would be forgotten with it.
    pub async fn forget(&self, id: &JobId) -> Result<(), Fault> {
        let (claim, title) = self.claimed(id)?;
        let snapshot = claim.job().recorder.snapshot();
        match snapshot.standing() {
            Standing::Done | Standing::Undone | Standing::Kept => {}
            Standing::Failed { .. } if snapshot.acts_to_undo().is_empty() => {}
            Standing::Failed { .. } | Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } | Standing::UndoFailed { .. } => {
                return Err(Refusal::NotFinished.fault(&title));
            }
            Standing::Damaged { .. } => return Err(Refusal::Damaged.fault(&title)),
        }
        self.remove(claim.job()).await.map_err(|cause| JobError::NotForgotten { title, cause }.into())
    }

    /// The file that the whole output is written to.
    pub fn log_of(&self, id: &JobId) -> Result<PathBuf, Fault> {
        self.named(id).map(|(job, _)| log_file(&job.folder))
    }

    /// Writes the whole output to a new file of the user's choice.
    ///
    /// Errors: something stands there, or it cannot be written.
    pub async fn save_log(&self, id: &JobId, path: &Path) -> Result<(), Fault> {
        let (job, title) = self.named(id)?;
        job.recorder.flush().await;
        let (from, to) = (log_file(&job.folder), path.to_owned());
        let copied = blocking(move || copy_to_new(&from, &to)).await;
        copied.map_err(|cause| JobError::NotSaved { title, path: path.display().to_string(), cause }.into())
    }

    /// Removes the oldest finished jobs beyond the newest 200.
    pub(super) async fn sweep(&self) {
        let finished: Vec<_> = self.all().values().rev().filter(|job| is_finished(job)).skip(FINISHED_JOBS_KEPT).cloned().collect();
        for job in finished {
            if let Some((_, claim)) = self.may_write("").ok().and_then(|()| job.claim())
                && let Err(cause) = self.remove(claim.job()).await
            {
                tracing::warn!(job = %job.id, %cause, "an old job cannot be removed");
            }
        }
    }

    async fn again(&self, id: &JobId, way: impl FnOnce(&Standing) -> Result<Way, Refusal>) -> Result<(), Fault> {
        let (job, title) = self.named(id)?;
        self.may_write(&title)?;
        let (asked, claim) = job.claim().ok_or_else(|| taken(&job).fault(&title))?;
        let way = way(&job.recorder.snapshot().standing()).map_err(|refusal| refusal.fault(&title))?;
        let work = self.kinds.open(&job.opening.kind, &job.opening.spec)?;
        self.run(claim, asked, work, way).await
    }

    pub(super) async fn remove(&self, job: &Arc<Job>) -> std::io::Result<()> {
        job.recorder.close_files();
        let folder = job.folder.clone();
        blocking(move || std::fs::remove_dir_all(folder)).await?;
        self.all().remove(&job.id);
        Ok(())
    }

    fn claimed(&self, id: &JobId) -> Result<(Claim, String), Fault> {
        let (job, title) = self.named(id)?;
        self.may_write(&title)?;
        let (_, claim) = job.claim().ok_or_else(|| taken(&job).fault(&title))?;
        Ok((claim, title))
    }

    fn named(&self, id: &JobId) -> Result<(Arc<Job>, String), Fault> {
        let job = self.all().get(id).cloned().ok_or_else(|| fault::unknown(id))?;
        let title = job.opening.plan.title.plain();
        Ok((job, title))
    }
}

/// Nothing that stands at the name is written over, a link there leads nowhere, and half a copy does not stay.
fn copy_to_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut log = File::open(from)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut log, &mut file).map(drop).inspect_err(|_| {
        let _ = std::fs::remove_file(to);
    })
}

/// Asks the work what is there and shows it.
pub(super) async fn look(job: &Job, work: &AnyWork) -> Result<(), Fault> {
    let asked = AssertUnwindSafe(work.look(left(&job.opening.plan, &job.recorder.snapshot()))).catch_unwind();
    let findings = asked.await.unwrap_or_else(|panic| Err(fault::panicked(&*panic)))?;
    job.recorder.write(What::Found { findings });
    Ok(())
}

fn taken(job: &Job) -> Refusal {
    match job.recorder.snapshot().phase {
        Phase::Undoing { .. } => Refusal::Undoes,
        Phase::Planned | Phase::Running | Phase::Failed { .. } | Phase::Done | Phase::Undone | Phase::UndoFailed { .. } | Phase::Kept => Refusal::Runs,
    }
}

fn stopped(job: &Job, title: &str) -> Result<(), Fault> {
    match job.recorder.snapshot().standing() {
        Standing::Failed { .. } | Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } | Standing::UndoFailed { .. } | Standing::Damaged { .. } => {
            Ok(())
        }
        Standing::Done | Standing::Undone | Standing::Kept => Err(Refusal::NotStopped.fault(title)),
    }
}

fn is_finished(job: &Job) -> bool {
    match job.recorder.snapshot().standing() {
        Standing::Done | Standing::Undone | Standing::Kept => true,
        Standing::Failed { .. } | Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } | Standing::UndoFailed { .. } | Standing::Damaged { .. } => {
            false
        }
    }
}
