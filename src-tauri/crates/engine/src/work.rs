//! How do jobs reach the page?
//!
//! `jobs` owns the running ones; here their news become rows. A board of one job lives as long as somebody looks at it.

use std::sync::Arc;
use std::time::Duration;

use api::feed::JobOutput;
use api::jobs::{JobRow, JobView, OutputLine};
use api::{Fault, FaultCode, Feed, JobId, Status};
use jobs::Jobs;
use tokio::sync::watch;

use crate::board::{Board, Readable};
use crate::streams::Interest;
use crate::tasks::Task;

/// Lines moved at once, so that a flood of output never holds the board for long.
const LINES_AT_ONCE: usize = 2_000;

/// A flood changes a job ten thousand times a second: its lines are moved at most this often, its steps less often.
const BETWEEN_LINES: Duration = Duration::from_millis(20);
const BETWEEN_STEPS: Duration = Duration::from_millis(100);

/// The jobs and their list.
pub(crate) struct Work {
    pub(crate) jobs: Arc<Jobs>,
    board: Arc<Board<JobRow>>,
    _list: Task,
}

impl Work {
    pub(crate) fn new(jobs: Jobs) -> Self {
        let (jobs, board) = (Arc::new(jobs), Arc::new(Board::new(Status::Live)));
        let (from, to) = (jobs.clone(), board.clone());
        // Whoever looks first sees them all: an empty list that is live would say that there is none.
        board.replace(jobs.rows());
        let list = Task::spawn("list of jobs", each_change(jobs.changes(), Duration::ZERO, move || to.replace(from.rows())));
        Self { jobs, board, _list: list }
    }

    pub(crate) fn board(&self) -> Arc<Board<JobRow>> {
        self.board.clone()
    }

    /// The steps of one job, live.
    pub(crate) fn view(&self, id: &JobId) -> Result<(Arc<dyn Readable>, Interest), Fault> {
        let board: Arc<Board<JobView>> = Arc::new(Board::new(Status::Live));
        let (from, to, id, changes) = (self.jobs.clone(), board.clone(), id.clone(), self.changes_of(id)?);
        let show = move || to.replace(from.view(&id).into_iter().collect());
        show();
        Ok((board, Arc::new(Task::spawn("steps of a job", each_change(changes, BETWEEN_STEPS, show)))))
    }

    /// The output of one job, live.
    pub(crate) fn output(&self, id: &JobId) -> Result<(Arc<dyn Readable>, Interest), Fault> {
        let board: Arc<Board<OutputLine>> = Arc::new(Board::bounded(Status::Live, JobOutput::MOST_ROWS));
        let (from, to, id, changes) = (self.jobs.clone(), board.clone(), id.clone(), self.changes_of(id)?);
        let mut last = 0;
        let show = move || {
            while let Some(slice) = from.output(&id, last, LINES_AT_ONCE)
                && let Some(newest) = slice.lines.last()
            {
                last = newest.number;
                to.apply(slice.lines, vec![]);
            }
        };
        Ok((board, Arc::new(Task::spawn("output of a job", each_change(changes, BETWEEN_LINES, show)))))
    }

    fn changes_of(&self, id: &JobId) -> Result<watch::Receiver<u64>, Fault> {
        self.jobs.changes_of(id).ok_or_else(|| Fault::new(FaultCode::NotFound, "This job does not exist any more."))
    }
}

/// Shows what is, then again after each change; changes that come within `pause` of the last showing are shown once.
async fn each_change(mut changes: watch::Receiver<u64>, pause: Duration, mut show: impl FnMut()) {
    show();
    while changes.changed().await.is_ok() {
        show();
        tokio::time::sleep(pause).await;
    }
}
