//! How does a job go forwards, and how backwards?
//!
//! Start at: [`Run::go`].

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use api::Fault;
use futures::FutureExt;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::any_work::AnyWork;
use crate::context::{ActCore, Pen};
use crate::fault;
use crate::job::{Asked, Job};
use crate::jobs::LearnedHere;
use crate::output::Printed;
use crate::snapshot::Snapshot;
use crate::{StoredPlan, What};

/// A program gets 5 s between TERM and KILL; an act that ends several one after another needs a few of these.
const CANCEL_GRACE: Duration = Duration::from_secs(30);

/// One runner of one job: from a verb to an end.
pub(crate) struct Run {
    pub(crate) job: Arc<Job>,
    pub(crate) work: AnyWork,
    pub(crate) asked: Asked,
    /// KOS ends: leave everything as it is.
    pub(crate) closing: CancellationToken,
    pub(crate) learned: Arc<LearnedHere>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Forwards,
    Backwards,
}

/// How the forward way ended.
enum Forwards {
    /// Terminal, and said so.
    Ended,
    Cancelled,
    Left,
}

/// How one call of the work ended.
enum Held<T> {
    Ended(Result<T, Fault>),
    /// KOS ends; the call is neither polled nor dropped any more.
    Left,
}

impl Run {
    /// Runs to the end of the job, or until KOS closes.
    pub(crate) async fn go(self, way: Way) {
        tokio::select! {
            () = self.walk(way) => {}
            () = self.job.recorder.keep_flushing() => {}
        }
        self.job.recorder.flush().await;
    }

    async fn walk(&self, way: Way) {
        match way {
            Way::Backwards => self.backwards().await,
            Way::Forwards => match self.forwards().await {
                Forwards::Ended | Forwards::Left => {}
                Forwards::Cancelled => match self.job.recorder.write_through(What::UndoStarted).await {
                    Ok(()) => self.backwards().await,
                    Err(why) => self.job.recorder.write(What::UndoFailed { act: 0, why }),
                },
            },
        }
    }

    async fn forwards(&self) -> Forwards {
        while let Some(index) = self.job.recorder.snapshot().next_act() {
            if self.asked.cancel.is_cancelled() {
                return Forwards::Cancelled;
            }
            let why = match self.act(index).await {
                Held::Ended(Ok(())) => continue,
                Held::Ended(Err(why)) => why,
                Held::Left => return Forwards::Left,
            };
            if !self.job.settle() {
                return Forwards::Cancelled;
            }
            let failed = What::ActFailed { act: index, why };
            if self.job.recorder.write_through(failed.clone()).await.is_err() {
                // The journal will say that it was interrupted here, which is true as well.
                self.job.recorder.write(failed);
            }
            return Forwards::Ended;
        }
        if !self.job.settle() {
            return Forwards::Cancelled;
        }
        if let Err(why) = self.job.recorder.write_through(What::Done).await {
            let act = u32::try_from(self.plan().acts.len().saturating_sub(1)).unwrap_or(u32::MAX);
            self.job.recorder.write(What::ActFailed { act, why });
            return Forwards::Ended;
        }
        self.learned.add(&self.job).await;
        Forwards::Ended
    }

    /// Looks, runs, and notes what came of it.
    async fn act(&self, index: u32) -> Held<()> {
        let snapshot = self.job.recorder.snapshot();
        let Some(planned) = self.plan().acts.get(index as usize) else { return Held::Ended(Ok(())) };
        let attempt = snapshot.acts.get(index as usize).map_or(1, |a| a.attempt + 1);
        if let Err(why) = self.job.recorder.write_through(What::ActStarted { act: index, attempt }).await {
            return Held::Ended(Err(why));
        }
        let end = match self.looked(self.work.done_already(&planned.act)).await {
            Held::Left => return Held::Left,
            Held::Ended(Err(why)) => return Held::Ended(Err(why)),
            Held::Ended(Ok(Some(words))) => What::ActFound { act: index, words },
            Held::Ended(Ok(None)) if self.asked.cancel.is_cancelled() => return Held::Ended(Ok(())),
            Held::Ended(Ok(None)) => {
                let core = self.core(index, attempt, &snapshot, self.asked.cancel.clone());
                let core = ActCore { printed: self.printed(&core), ..core };
                match self.held(self.work.run(&planned.act, core)).await {
                    Held::Left => return Held::Left,
                    Held::Ended(Err(why)) => return Held::Ended(Err(why)),
                    Held::Ended(Ok(())) => What::ActDone { act: index },
                }
            }
        };
        Held::Ended(self.job.recorder.write_through(end).await)
    }

    /// Undoes the acts that left notes, the last first. Stops at the first that cannot be undone: those before it may be
    /// what its remains can still be reached through.
    async fn backwards(&self) {
        let snapshot = self.job.recorder.snapshot();
        for index in snapshot.acts_to_undo() {
            let Some(planned) = self.plan().acts.get(index as usize) else { continue };
            let attempt = snapshot.acts.get(index as usize).map_or(1, |a| a.attempt);
            let core = self.core(index, attempt, &snapshot, CancellationToken::new());
            let undone = match self.held_uncancelled(self.work.undo(&planned.act, core)).await {
                Held::Left => return,
                Held::Ended(Ok(())) => self.job.recorder.write_through(What::ActUndone { act: index }).await,
                Held::Ended(Err(why)) => Err(why),
            };
            if let Err(why) = undone {
                self.undo_failed(index, why).await;
                return;
            }
        }
        match self.job.recorder.write_through(What::Undone).await {
            Ok(()) => self.learned.add(&self.job).await,
            Err(why) => self.job.recorder.write(What::UndoFailed { act: 0, why }),
        }
    }

    async fn undo_failed(&self, act: u32, why: Fault) {
        let left: Vec<String> = self.job.recorder.snapshot().noted.iter().map(|n| format!("{} {}", n.thing.kind, n.thing.name)).collect();
        let why = if left.is_empty() { why } else { why.because("left", left.join(", ")) };
        let failed = What::UndoFailed { act, why };
        if self.job.recorder.write_through(failed.clone()).await.is_err() {
            self.job.recorder.write(failed);
        }
    }

    /// A look makes nothing, so a cancel need not wait for it.
    async fn looked<T>(&self, look: impl Future<Output = Result<Option<T>, Fault>> + Send) -> Held<Option<T>> {
        tokio::select! {
            biased;
            held = self.held_uncancelled(look) => held,
            () = self.asked.cancel.cancelled() => Held::Ended(Ok(None)),
        }
    }

    async fn held<T>(&self, call: impl Future<Output = Result<T, Fault>> + Send) -> Held<T> {
        let too_late = async {
            self.asked.cancel.cancelled().await;
            tokio::time::sleep(CANCEL_GRACE).await;
        };
        tokio::select! {
            biased;
            held = self.held_uncancelled(call) => held,
            () = too_late => Held::Ended(Err(fault::did_not_stop(CANCEL_GRACE.as_secs()))),
        }
    }

    async fn held_uncancelled<T>(&self, call: impl Future<Output = Result<T, Fault>> + Send) -> Held<T> {
        let mut call = Box::pin(AssertUnwindSafe(call).catch_unwind());
        tokio::select! {
            biased;
            () = self.closing.cancelled() => {
                // Dropping the call would end its programs; KOS goes, they go on and are found again by their notes.
                std::mem::forget(call);
                Held::Left
            }
            end = &mut call => Held::Ended(end.unwrap_or_else(|panic| Err(fault::panicked(&*panic)))),
        }
    }

    fn core(&self, act: u32, attempt: u32, snapshot: &Snapshot, cancelled: CancellationToken) -> ActCore {
        let keys = self.plan().acts.get(act as usize).map(|a| a.steps.iter().map(|s| s.step.clone()).collect()).unwrap_or_default();
        let first_step = self.plan().first_step(act);
        ActCore {
            pen: Arc::new(self.job.recorder.clone()),
            act,
            attempt,
            first_step,
            keys,
            current: first_step,
            noted: snapshot.noted.iter().filter(|n| n.act == act).cloned().collect(),
            processes: snapshot.processes.iter().filter(|p| p.act == act).cloned().collect(),
            printed: Printed::default(),
            cancelled,
            left: self.asked.leave.clone(),
            folder: self.job.folder.clone(),
        }
    }

    /// What the processes of an earlier attempt printed so far.
    fn printed(&self, core: &ActCore) -> Printed {
        let Some(since) = core.processes.iter().map(|process| process.at).min() else { return Printed::default() };
        let steps = u32::try_from(core.keys.len()).unwrap_or(u32::MAX);
        self.job.recorder.printed(&(core.first_step..core.first_step.saturating_add(steps)), since)
    }

    fn plan(&self) -> &StoredPlan {
        &self.job.opening.plan
    }
}

/// What stands in the world, for a look at it.
pub(crate) fn left(plan: &StoredPlan, snapshot: &Snapshot) -> crate::Left<Value> {
    use crate::snapshot::ActProgress;
    let of = |wanted: &[ActProgress]| {
        let acts = plan.acts.iter().zip(&snapshot.acts);
        acts.filter(|(_, state)| wanted.contains(&state.progress)).map(|(planned, _)| planned.act.clone()).collect::<Vec<_>>()
    };
    crate::Left {
        done: of(&[ActProgress::Done]),
        stopped_in: of(&[ActProgress::Running, ActProgress::Failed]).pop(),
        ahead: of(&[ActProgress::Waiting, ActProgress::Undone]),
        noted: snapshot.noted.clone(),
        processes: snapshot.processes.clone(),
    }
}
