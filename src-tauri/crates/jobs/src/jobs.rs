//! Which jobs are there, who runs them, and who ends them?
//!
//! [`Jobs`] owns every running task: they end when it is dropped, and [`Jobs::close`] leaves them interrupted in their
//! journals while their programs go on. What can be done with a job is in `verbs.rs`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::jobs::{JobRow, JobView, PlannedStep};
use api::{Fault, JobId, Timestamp};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::any_work::{AnyWork, Kinds};
use crate::disk::Disk;
use crate::fault::{self, JobError, Refusal};
use crate::folder::{Folder, FoundJob};
use crate::job::{Access, Asked, Claim, Control, Job, Opening};
use crate::learn::Learned;
use crate::output::OutputSlice;
use crate::recorder::{Recorder, Start};
use crate::run::{Run, Way};
use crate::snapshot::Standing;
use crate::view::planned_steps;
use crate::{Clock, Plan, StoredPlan, Work};

mod verbs;

/// Older finished jobs go, with their logs.
const FINISHED_JOBS_KEPT: usize = 200;

/// What jobs need of the world around them.
pub struct Setup {
    /// The folder of the application's state; jobs use `jobs` below it.
    pub state: PathBuf,
    pub kinds: Arc<dyn Kinds>,
    pub clock: Clock,
    pub disk: Arc<dyn Disk>,
    /// When this computer started, as far as that is known.
    pub booted: Option<Timestamp>,
}

/// All jobs of one state folder.
pub struct Jobs {
    folder: Arc<Folder>,
    kinds: Arc<dyn Kinds>,
    clock: Clock,
    disk: Arc<dyn Disk>,
    booted: Option<Timestamp>,
    all: Mutex<BTreeMap<JobId, Arc<Job>>>,
    tasks: Mutex<JoinSet<()>>,
    closing: CancellationToken,
    list: watch::Sender<u64>,
    learned: Arc<LearnedHere>,
}

impl Jobs {
    /// Reads all jobs. Those without an end are interrupted: they are looked at, and nothing goes on by itself.
    ///
    /// Errors: the folder cannot be made or read, or another KOS uses it and goes on doing so.
    pub async fn open(setup: Setup) -> Result<Self, Fault> {
        let Setup { state, kinds, clock, disk, booted } = setup;
        let (path, folder_disk) = (state.display().to_string(), Arc::clone(&disk));
        let opened = blocking(move || {
            let folder = Folder::open(&state, folder_disk)?;
            let found = folder.read()?;
            let learned = folder.learned();
            Ok((folder, found, learned))
        });
        let taken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::WouldBlock;
        let (folder, found, learned) = opened.await.map_err(|cause| if taken(&cause) { JobError::Taken { path } } else { JobError::Folder { path, cause } })?;
        let folder = Arc::new(folder);
        let learned = Arc::new(LearnedHere { folder: Arc::clone(&folder), durations: Mutex::new(learned) });
        let jobs = Self {
            folder,
            kinds,
            clock,
            disk,
            booted,
            all: Mutex::default(),
            tasks: Mutex::default(),
            closing: CancellationToken::new(),
            list: watch::Sender::new(0),
            learned,
        };
        for job in found {
            jobs.admit(job);
        }
        jobs.look_at_interrupted();
        jobs.sweep().await;
        Ok(jobs)
    }

    pub fn access(&self) -> Access {
        self.folder.access
    }

    /// The newest first.
    pub fn rows(&self) -> Vec<JobRow> {
        self.all().values().rev().map(|job| job.row()).collect()
    }

    pub fn view(&self, id: &JobId) -> Option<JobView> {
        let job = self.all().get(id).cloned()?;
        Some(job.view(&self.learned.durations()))
    }

    /// At most `most` output lines after the one numbered `after`, 0 for the first ones.
    pub fn output(&self, id: &JobId, after: u64, most: usize) -> Option<OutputSlice> {
        Some(self.all().get(id)?.recorder.output_after(after, most))
    }

    /// Counts changes of the list, output not included; a slow viewer misses counts, never a state.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.list.subscribe()
    }

    /// Counts changes of one job, output included.
    pub fn changes_of(&self, id: &JobId) -> Option<watch::Receiver<u64>> {
        Some(self.all().get(id)?.recorder.watch())
    }

    /// The folder of a job: its logs, and the place for output files of its programs.
    pub fn folder_of(&self, id: &JobId) -> Option<PathBuf> {
        Some(self.all().get(id)?.folder.clone())
    }

    /// The first act of a job of this kind, as its plan keeps it.
    pub fn first_act(&self, kind: &str, id: &JobId) -> Option<Value> {
        let job = self.all().get(id)?.clone();
        let first = job.opening.plan.acts.first().filter(|_| job.opening.kind == kind)?;
        Some(first.act.clone())
    }

    /// The steps of a plan that has not started, with the durations of earlier runs here and how many those were.
    ///
    /// Errors: a plan with acts or steps that have no JSON form.
    pub fn planned<A: Serialize, S: Serialize>(&self, kind: &str, plan: &Plan<A, S>) -> Result<(Vec<PlannedStep>, u32), Fault> {
        let stored = plan.stored().map_err(|cause| fault::not_readable("the plan", &cause))?;
        let learned = self.learned.durations();
        Ok((planned_steps(kind, &stored, &learned), learned.runs(kind)))
    }

    /// Starts a job; it goes on whether or not somebody watches.
    ///
    /// Shape: `kind` and `spec` are what [`Kinds::open`] gets after a restart; `spec` is kept on disk and holds no secret.
    /// Errors: the journal cannot be kept, or has no room for 1 MiB; then nothing was done and nothing is left.
    pub async fn start<W: Work>(&self, kind: &str, spec: Value, plan: &Plan<W::Act, W::Step>, work: W) -> Result<JobId, Fault> {
        let title = plan.title.plain();
        self.may_write(&title)?;
        let plan = checked(plan)?;
        let opening = Opening { kind: kind.to_owned(), spec, planned: (self.clock)(), plan };
        let folder = Arc::clone(&self.folder);
        let placed = blocking(move || folder.place(&opening)).await;
        let job = self.admit(placed.map_err(|cause| JobError::NotStarted { title: title.clone(), cause })?);
        let (asked, claim) = job.claim().ok_or_else(|| Refusal::Runs.fault(&title))?;
        if let Err(why) = self.run(claim, asked, AnyWork::new(work), Way::Forwards).await {
            if let Err(cause) = self.remove(&job).await {
                tracing::warn!(job = %job.id, %cause, "a job that did not start cannot be removed");
            }
            return Err(why);
        }
        self.sweep().await;
        Ok(job.id.clone())
    }

    /// Puts on disk what waits to be written: before the machine sleeps.
    pub async fn flush(&self) {
        let jobs: Vec<_> = self.all().values().cloned().collect();
        for job in jobs {
            job.recorder.flush().await;
        }
    }

    /// Leaves running jobs as they are: interrupted in their journals, their programs running.
    pub async fn close(&self) {
        self.closing.cancel();
        let mut tasks = std::mem::take(&mut *self.tasks());
        while tasks.join_next().await.is_some() {}
        self.flush().await;
    }

    fn admit(&self, found: FoundJob) -> Arc<Job> {
        let FoundJob { id, folder, opening, snapshot, output, files } = found;
        let (title, clock, disk) = (opening.plan.title.plain(), Arc::clone(&self.clock), Arc::clone(&self.disk));
        let recorder = Recorder::new(Start { title, clock, disk, snapshot, output, files, list: self.list.clone() });
        let access = self.folder.access;
        let job = Arc::new(Job { id: id.clone(), folder, opening, recorder, access, booted: self.booted, control: Mutex::new(Control::Resting) });
        self.all().insert(id, Arc::clone(&job));
        job.recorder.bump();
        job
    }

    fn look_at_interrupted(&self) {
        if self.folder.access != Access::Owner {
            return;
        }
        let jobs: Vec<_> = self.all().values().cloned().collect();
        for job in jobs {
            match job.recorder.snapshot().standing() {
                Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } => {
                    if let Ok(work) = self.kinds.open(&job.opening.kind, &job.opening.spec) {
                        self.spawn(async move {
                            if let Err(why) = verbs::look(&job, &work).await {
                                tracing::warn!(job = %job.id, why = why.sentence, "what an interrupted job left could not be looked at");
                            }
                        });
                    }
                }
                Standing::Done | Standing::Failed { .. } | Standing::Undone | Standing::UndoFailed { .. } | Standing::Kept | Standing::Damaged { .. } => {}
            }
        }
    }

    /// Notes the beginning, then runs in a task of ours.
    async fn run(&self, claim: Claim, asked: Asked, work: AnyWork, way: Way) -> Result<(), Fault> {
        use crate::context::Pen;
        let job = Arc::clone(claim.job());
        let begun = match way {
            Way::Forwards => crate::What::Running,
            Way::Backwards => crate::What::UndoStarted,
        };
        job.recorder.reserve().await?;
        job.recorder.write_through(begun).await?;
        let run = Run { job, work, asked, closing: self.closing.clone(), learned: Arc::clone(&self.learned) };
        self.spawn(async move {
            run.go(way).await;
            drop(claim);
        });
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let closing = self.closing.clone();
        let mut tasks = self.tasks();
        while let Some(ended) = tasks.try_join_next() {
            report(ended);
        }
        if !closing.is_cancelled() {
            tasks.spawn(task);
        }
    }

    fn may_write(&self, title: &str) -> Result<(), Fault> {
        match (self.folder.access, self.closing.is_cancelled()) {
            (Access::Nowhere, _) => Err(Refusal::NothingSaved.fault(title)),
            (Access::Owner, true) => Err(Refusal::Closed.fault(title)),
            (Access::Owner, false) => Ok(()),
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<JobId, Arc<Job>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(cause) = ended {
        tracing::error!(%cause, "the runner of a job ended early; the job is interrupted");
    }
}

fn checked<A: Serialize, S: Serialize>(plan: &Plan<A, S>) -> Result<StoredPlan, Fault> {
    let stored = plan.stored().map_err(|cause| fault::not_readable("the plan", &cause))?;
    if stored.acts.is_empty() || stored.acts.iter().any(|act| act.steps.is_empty()) {
        return Err(fault::not_a_plan("its plan has no steps"));
    }
    Ok(stored)
}

/// Runs what blocks on a thread that may; a panic there is an error like any other.
async fn blocking<T: Send + 'static>(call: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(call).await.unwrap_or_else(|cause| Err(std::io::Error::other(cause)))
}

/// The durations learned here, in memory and on disk.
pub(crate) struct LearnedHere {
    folder: Arc<Folder>,
    durations: Mutex<Learned>,
}

impl LearnedHere {
    /// Takes in a job that is done or undone. A failure to keep it costs an estimate, nothing else.
    pub(crate) async fn add(self: &Arc<Self>, job: &Job) {
        self.durations().add(&job.opening.kind, &job.opening.plan, &job.recorder.snapshot());
        let here = Arc::clone(self);
        let kept = blocking(move || {
            let learned = here.durations().clone();
            here.folder.keep_learned(&learned);
            Ok(())
        });
        if let Err(cause) = kept.await {
            tracing::warn!(%cause, "what was learned about durations is not kept");
        }
    }

    fn durations(&self) -> MutexGuard<'_, Learned> {
        self.durations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
