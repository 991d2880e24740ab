//! How does a whole process group end?
//!
//! Invariant: a group that was started is ended: by its own end, by [`Group::end`], by dropping it, or with the runtime.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;
use tokio::runtime::Handle as Runtime;
use tokio_util::task::TaskTracker;

use crate::ProcessId;
use crate::process::{self, Handle};

/// How long a group may tidy up after TERM.
pub(crate) const GRACE: Duration = Duration::from_secs(5);
/// How often the members that are nobody's children are looked for; they send no event.
const LOOK: Duration = Duration::from_millis(50);

/// What happens to members that outlive the program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leftovers {
    End,
    /// A sign-in program may have opened the browser; a tail of a file may be read by a daemon that it started.
    Leave,
}

/// A child that leads a process group.
#[derive(Debug)]
pub(crate) struct Group {
    ending: Option<Ending>,
    id: ProcessId,
    endings: TaskTracker,
    runtime: Runtime,
}

impl Group {
    pub(crate) fn new(mut child: Child, endings: TaskTracker) -> io::Result<Self> {
        // Not reaped yet, so its number, descriptor and stat line are its own.
        let parts = child.id().and_then(|number| Some((process::pid(number)?, process::identify(number)?)));
        let Some((leader, id)) = parts else {
            child.start_kill()?;
            return Err(io::Error::other("/proc does not show the new process"));
        };
        let handle = match Handle::open(leader) {
            Ok(handle) => handle,
            Err(error) => {
                child.start_kill()?;
                return Err(error);
            }
        };
        let ending = Ending { child, leader, handle, over: false };
        Ok(Self { ending: Some(ending), id, endings, runtime: Runtime::current() })
    }

    pub(crate) fn id(&self) -> ProcessId {
        self.id
    }

    /// Returns once the program itself ended; it is not reaped, so its group cannot be mistaken.
    pub(crate) async fn ended(&self) {
        match &self.ending {
            Some(ending) => ending.handle.ended().await,
            None => std::future::pending().await,
        }
    }

    /// Ends what the program left behind, to be called after [`Group::ended`].
    pub(crate) async fn settle(mut self, leftovers: Leftovers) -> io::Result<ExitStatus> {
        let Some(mut ending) = self.ending.take() else { return Err(io::Error::other("the group ended before")) };
        match leftovers {
            Leftovers::Leave => {
                ending.over = true;
                ending.child.wait().await
            }
            Leftovers::End => self.finish(ending).await,
        }
    }

    /// Ends every member: TERM, then KILL.
    pub(crate) async fn end(mut self) {
        if let Some(ending) = self.ending.take() {
            // How it ended is of no interest: the caller wanted it gone.
            let _ = self.finish(ending).await;
        }
    }

    /// Runs as a task, so that dropping the caller in the middle does not spare the group.
    async fn finish(&self, ending: Ending) -> io::Result<ExitStatus> {
        self.endings.spawn_on(ending.run(), &self.runtime).await.map_err(io::Error::other)?
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(ending) = self.ending.take() {
            signal(ending.leader, Signal::TERM);
            self.endings.spawn_on(ending.run(), &self.runtime);
        }
    }
}

/// A group on its way out; dropped with the runtime it kills at once.
#[derive(Debug)]
struct Ending {
    child: Child,
    leader: Pid,
    handle: Handle,
    over: bool,
}

impl Ending {
    async fn run(mut self) -> io::Result<ExitStatus> {
        signal(self.leader, Signal::TERM);
        let tidy = async {
            self.handle.ended().await;
            gone(self.leader).await;
        };
        if tokio::time::timeout(GRACE, tidy).await.is_err() {
            kill(self.leader).await;
        }
        self.handle.ended().await;
        self.over = true;
        // Reaped last: until here the zombie kept the number of the group from being used again.
        self.child.wait().await
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if !self.over {
            signal(self.leader, Signal::KILL);
        }
    }
}

/// Ends a group of an earlier session, whose members are nobody's children here.
pub(crate) async fn end_foreign(process: ProcessId, handle: &Handle) {
    let Some(leader) = process::pid(process.pid) else { return };
    if !process::leads_its_group(process) {
        return;
    }
    signal(leader, Signal::TERM);
    let tidy = async {
        handle.ended().await;
        gone(leader).await;
    };
    if tokio::time::timeout(GRACE, tidy).await.is_err() {
        kill(leader).await;
    }
    handle.ended().await;
}

/// Kills every member and waits until none runs, unless the kernel holds one back, such as for a dead network disk.
async fn kill(leader: Pid) {
    signal(leader, Signal::KILL);
    let _ = tokio::time::timeout(GRACE, gone(leader)).await;
}

/// Returns once no member of the group runs.
async fn gone(leader: Pid) {
    while tokio::task::spawn_blocking(move || process::group_runs(leader)).await.unwrap_or(false) {
        tokio::time::sleep(LOOK).await;
    }
}

fn signal(leader: Pid, signal: Signal) {
    // The only failure is that nobody is left, which is what was wanted.
    let _ = kill_process_group(leader, signal);
}
