//! Which kubeconfig files changed just now?
//!
//! Watches folders, never files, because a rename replaces the inode; what changed is told by comparing what the
//! system says of every file and of the rights to it, so symlink swaps and polling are the same case.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::disk::folder_mode;

const DEBOUNCE: Duration = Duration::from_millis(200);
/// How often files are looked at of which the system does not tell.
pub const POLL: Duration = Duration::from_secs(5);
/// Links followed from one name; the kernel follows 40.
const HOPS_AT_MOST: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    Changed(BTreeSet<PathBuf>),
    /// Changes are still seen, but only every five seconds.
    Trouble(WatchTrouble),
    /// The trouble is over: changes are told at once again.
    Watched,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchTrouble {
    /// `fs.inotify.max_user_instances` is used up.
    NoInstances,
    /// `fs.inotify.max_user_watches` is used up.
    NoWatches,
    /// In the system's words.
    Other(String),
}

/// Owns the watching thread, which ends when this is dropped.
#[derive(Debug)]
pub struct Watcher {
    stop: Arc<AtomicBool>,
    wake: SyncSender<()>,
    thread: Option<JoinHandle<()>>,
}

/// What differs when a file was written, or somebody got or lost a right to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print {
    device: u64,
    inode: u64,
    size: u64,
    mode: u32,
    folder_mode: u32,
    /// When its content changed, in seconds and nanoseconds.
    content: (i64, i64),
    /// The same of its entry: a program can set the other one back, but not this.
    entry: (i64, i64),
}

impl Watcher {
    /// Watches files and folders; a report that finds the channel full is told with the next one.
    pub fn start(paths: BTreeSet<PathBuf>, reports: SyncSender<Report>) -> std::io::Result<Self> {
        let (wake, woken) = sync_channel(1);
        let stop = Arc::new(AtomicBool::new(false));
        let mut watch = Watch::of(paths, reports);
        watch.open(&wake);
        let stopping = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("kubeconfig watch".into()).spawn(move || watch.run(&woken, &stopping))?;
        Ok(Self { stop, wake, thread: Some(thread) })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // A full channel wakes it just as well.
        let _ = self.wake.try_send(());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the kubeconfig watch panicked");
        }
    }
}

struct Watch {
    paths: BTreeSet<PathBuf>,
    /// `None`: it is not there, or nobody may look.
    seen: BTreeMap<PathBuf, Option<Print>>,
    reports: SyncSender<Report>,
    pending: BTreeSet<PathBuf>,
    notify: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    trouble: Option<WatchTrouble>,
    told: Option<WatchTrouble>,
}

impl Watch {
    /// What is seen now is taken before any thread starts: a change right after this call is one.
    fn of(paths: BTreeSet<PathBuf>, reports: SyncSender<Report>) -> Self {
        let seen = paths.iter().map(|path| (path.clone(), print(path))).collect();
        Self { paths, seen, reports, pending: BTreeSet::new(), notify: None, folders: BTreeSet::new(), trouble: None, told: None }
    }

    fn open(&mut self, wake: &SyncSender<()>) {
        let wake = wake.clone();
        let opened = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| !matches!(event.kind, EventKind::Access(notify::event::AccessKind::Open(_) | notify::event::AccessKind::Read))) {
                // Full means that it is about to look anyway.
                let _ = wake.try_send(());
            }
        });
        match opened {
            Ok(notify) => self.notify = Some(notify),
            Err(error) => self.trouble = Some(trouble(&error, WatchTrouble::NoInstances)),
        }
        self.follow();
    }

    fn run(mut self, woken: &Receiver<()>, stop: &AtomicBool) {
        while !stop.load(Ordering::Acquire) {
            if !self.tell() {
                return;
            }
            match woken.recv_timeout(if self.pending.is_empty() { POLL } else { DEBOUNCE }) {
                Ok(()) => {
                    if stop.load(Ordering::Acquire) {
                        return;
                    }
                    std::thread::sleep(DEBOUNCE);
                    while woken.try_recv().is_ok() {}
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // Followed first: a change between the two looks is then an event.
            self.follow();
            self.compare();
        }
    }

    /// False when nobody listens any more.
    fn tell(&mut self) -> bool {
        if self.trouble != self.told {
            match self.reports.try_send(self.trouble.clone().map_or(Report::Watched, Report::Trouble)) {
                Ok(()) => self.told.clone_from(&self.trouble),
                Err(TrySendError::Full(_)) => return true,
                Err(TrySendError::Disconnected(_)) => return false,
            }
        }
        if self.pending.is_empty() {
            return true;
        }
        match self.reports.try_send(Report::Changed(self.pending.clone())) {
            Ok(()) => self.pending.clear(),
            Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => return false,
        }
        true
    }

    fn compare(&mut self) {
        for path in &self.paths {
            let now = print(path);
            if self.seen.insert(path.clone(), now) != Some(now) {
                self.pending.insert(path.clone());
            }
        }
    }

    /// Moves the watches to where the names lead now.
    fn follow(&mut self) {
        let Some(notify) = self.notify.as_mut() else { return };
        let wanted: BTreeSet<PathBuf> = self.paths.iter().flat_map(|path| folders(path)).collect();
        for gone in self.folders.difference(&wanted) {
            // A folder that was deleted took its watch with it.
            let _ = notify.unwatch(gone);
        }
        let mut watched = BTreeSet::new();
        self.trouble = None;
        for folder in wanted {
            // Asked for again each time, because a folder may have been replaced under its name.
            match notify.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    watched.insert(folder);
                }
                Err(error) => self.trouble = Some(trouble(&error, WatchTrouble::NoWatches)),
            }
        }
        self.folders = watched;
    }
}

fn trouble(error: &notify::Error, exhausted: WatchTrouble) -> WatchTrouble {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign list; the rest is quoted")]
    match &error.kind {
        ErrorKind::MaxFilesWatch => WatchTrouble::NoWatches,
        ErrorKind::Io(cause)
            if matches!(cause.raw_os_error().map(rustix::io::Errno::from_raw_os_error), Some(rustix::io::Errno::MFILE | rustix::io::Errno::NOSPC)) =>
        {
            exhausted
        }
        _ => WatchTrouble::Other(error.to_string()),
    }
}

fn print(path: &Path) -> Option<Print> {
    let found = std::fs::metadata(path).ok()?;
    Some(Print {
        device: found.dev(),
        inode: found.ino(),
        size: found.size(),
        mode: found.mode(),
        folder_mode: folder_mode(path),
        content: (found.mtime(), found.mtime_nsec()),
        entry: (found.ctime(), found.ctime_nsec()),
    })
}

/// The folder of a name and of every link on its way; a missing folder stands for its nearest parent. A folder is its own.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders = vec![];
    if path.is_dir() {
        folders.push(path.to_owned());
    }
    let mut at = path.to_owned();
    for _ in 0..HOPS_AT_MOST {
        let folder = at.parent().unwrap_or(Path::new("/")).to_owned();
        folders.extend(folder.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned));
        // The file itself, or the first of its folders that is a link: `..data` of a projected volume.
        let Some((link, rest)) = at.ancestors().find_map(|part| Some((std::fs::read_link(part).ok()?, part.to_owned()))) else { break };
        folders.extend(rest.parent().map(Path::to_owned));
        let tail = at.strip_prefix(&rest).unwrap_or(Path::new("")).to_owned();
        let target = rest.parent().unwrap_or(Path::new("/")).join(link);
        at = if tail.as_os_str().is_empty() { target } else { target.join(tail) };
    }
    folders
}

#[cfg(test)]
mod tests;
