//! What lies in the state folder, who owns it, and how does a job get its place in it?
//!
//! `jobs/lock`, `jobs/learned.json`, and one folder per job: `plan.json`, `journal.jsonl`, `output.log`, files of programs.
//! Everything here blocks.

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::{JobId, Timestamp};
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use crate::What;
use crate::disk::Disk;
use crate::fault;
use crate::job::{Access, Opening, log_file};
use crate::journal::{self, Damage, LastLine, Tail};
use crate::learn::Learned;
use crate::output::{LINES_IN_MEMORY, Output};
use crate::recorder::Files;
use crate::snapshot::{Phase, Snapshot, Standing};

/// A KOS that is being closed lets its programs end before it lets go of the folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// The folder of all jobs, with its lock for as long as this value lives.
pub(crate) struct Folder {
    path: PathBuf,
    disk: Arc<dyn Disk>,
    pub(crate) access: Access,
    /// Two that write below one folder would each undo what the other does. The kernel frees it with the process, so no stale
    /// lock is ever found.
    _lock: Option<File>,
}

/// A job as found on disk.
pub(crate) struct FoundJob {
    pub(crate) id: JobId,
    pub(crate) folder: PathBuf,
    pub(crate) opening: Opening,
    pub(crate) snapshot: Snapshot,
    pub(crate) output: Output,
    pub(crate) files: Option<Files>,
}

/// A finished job is seldom opened; its older lines are in its log.
fn lines_kept(snapshot: &Snapshot) -> usize {
    match snapshot.standing() {
        Standing::Done | Standing::Undone | Standing::Kept => LINES_IN_MEMORY / 10,
        Standing::Failed { .. } | Standing::Interrupted { .. } | Standing::UndoInterrupted { .. } | Standing::UndoFailed { .. } | Standing::Damaged { .. } => {
            LINES_IN_MEMORY
        }
    }
}

/// What of a damage still matters: a job that is known to have ended has nothing to lose by it.
fn damage(tail: Tail, snapshot: &Snapshot) -> Option<Damage> {
    match tail {
        Tail::Damaged(Damage { last: LastLine::Event, .. }) if matches!(snapshot.phase, Phase::Done | Phase::Undone | Phase::Kept) => None,
        Tail::Damaged(damage) => Some(damage),
        Tail::Whole | Tail::Torn => None,
    }
}

impl Folder {
    pub(crate) fn open(state: &Path, disk: Arc<dyn Disk>) -> io::Result<Self> {
        let path = state.join("jobs");
        match Self::claim(state, &path, &*disk) {
            Ok((access, lock)) => Ok(Self { path, disk, access, _lock: Some(lock) }),
            Err(cause) if cannot_be_written(&cause) => Ok(Self { path, disk, access: Access::Nowhere, _lock: None }),
            Err(cause) => Err(cause),
        }
    }

    fn claim(state: &Path, path: &Path, disk: &dyn Disk) -> io::Result<(Access, File)> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(state)?;
        match disk.make_folder(path) {
            Ok(()) => {}
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(cause),
        }
        // A link planted under this name is refused, not followed, and a pipe is not waited for.
        let no_follow = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
        let lock = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).custom_flags(no_follow).open(path.join("lock"))?;
        let began = Instant::now();
        loop {
            match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok((Access::Owner, lock)),
                Err(Errno::WOULDBLOCK) if began.elapsed() < LOCK_PATIENCE => std::thread::sleep(LOCK_PAUSE),
                Err(cause) => return Err(cause.into()),
            }
        }
    }

    /// All jobs that can be read. One that cannot does not hide the others: it stays on disk and is named in the log.
    pub(crate) fn read(&self) -> io::Result<Vec<FoundJob>> {
        let mut found = vec![];
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            // Nothing was ever kept here, and nothing can be.
            Err(_) if self.access == Access::Nowhere => return Ok(found),
            Err(cause) => return Err(cause),
        };
        for entry in entries {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            match self.read_job(&entry.path()) {
                Ok(Some(job)) => found.push(job),
                Ok(None) => self.remove_unstarted(&entry.path()),
                Err(cause) => tracing::warn!(folder = %entry.path().display(), %cause, "a job cannot be read and is not shown"),
            }
        }
        Ok(found)
    }

    /// `None` when the job never started: its journal is empty, or its first event was being written.
    fn read_job(&self, folder: &Path) -> io::Result<Option<FoundJob>> {
        let file = folder.join("journal.jsonl");
        let read = match fs::read(&file) {
            Ok(bytes) => journal::read(&bytes),
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause),
        };
        if read.lines == 0 {
            return Ok(None);
        }
        let opening: Opening = serde_json::from_slice(&fs::read(folder.join("plan.json"))?)?;
        let mut snapshot = Snapshot::new(&opening.plan, opening.planned);
        for event in &read.events {
            snapshot.apply(event);
        }
        snapshot.damage = damage(read.tail, &snapshot).map(|damage| fault::damaged(&opening.plan.title.plain(), &file, damage, &snapshot.things()));
        let output = match File::open(log_file(folder)) {
            Ok(log) => Output::read(BufReader::new(log), lines_kept(&snapshot)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Output::default(),
            Err(cause) => return Err(cause),
        };
        let files = match self.access {
            Access::Owner => Some(Files::new(folder, &read)),
            Access::Nowhere => None,
        };
        let id = JobId(folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        Ok(Some(FoundJob { id, folder: folder.to_owned(), opening, snapshot, output, files }))
    }

    fn remove_unstarted(&self, folder: &Path) {
        if self.access == Access::Owner
            && let Err(cause) = fs::remove_dir_all(folder)
        {
            tracing::warn!(folder = %folder.display(), %cause, "the rest of a job that never started cannot be removed");
        }
    }

    /// Makes the place of a new job and writes its first event; when any of it fails, nothing is left.
    pub(crate) fn place(&self, opening: &Opening) -> io::Result<FoundJob> {
        let (id, folder) = self.free_name(opening.planned)?;
        let placed = self.fill(&folder, opening);
        match placed {
            Ok((snapshot, files)) => Ok(FoundJob { id, folder, opening: opening.clone(), snapshot, output: Output::default(), files: Some(files) }),
            Err(cause) => {
                // The first failure is the one to tell; a folder that stays is swept at the next start.
                let _ = fs::remove_dir_all(&folder);
                Err(cause)
            }
        }
    }

    fn free_name(&self, planned: Timestamp) -> io::Result<(JobId, PathBuf)> {
        let mut moment = planned.0;
        loop {
            let id = JobId(format!("{moment:015}"));
            let folder = self.path.join(id.as_str());
            match self.disk.make_folder(&folder) {
                Ok(()) => return Ok((id, folder)),
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => moment += 1,
                Err(cause) => return Err(cause),
            }
        }
    }

    fn fill(&self, folder: &Path, opening: &Opening) -> io::Result<(Snapshot, Files)> {
        self.disk.replace(&folder.join("plan.json"), &serde_json::to_vec_pretty(opening)?)?;
        let nothing = journal::read(&[]);
        let mut files = Files::new(folder, &nothing);
        files.reserve(&*self.disk)?;
        files.begin(&*self.disk, opening.planned)?;
        self.disk.sync_folder(folder)?;
        self.disk.sync_folder(&self.path)?;
        let mut snapshot = Snapshot::new(&opening.plan, opening.planned);
        snapshot.apply(&crate::Event { seq: 1, at: opening.planned, what: What::Planned });
        Ok((snapshot, files))
    }

    pub(crate) fn learned(&self) -> Learned {
        let file = self.learned_file();
        let read = file.is_file().then(|| fs::read(file).ok()).flatten();
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    pub(crate) fn keep_learned(&self, learned: &Learned) {
        let kept = serde_json::to_vec(learned).map_err(io::Error::from).and_then(|bytes| self.disk.replace(&self.learned_file(), &bytes));
        if let Err(cause) = kept {
            tracing::warn!(%cause, "what was learned about durations is not kept");
        }
    }

    fn learned_file(&self) -> PathBuf {
        self.path.join("learned.json")
    }
}

/// The folder is not ours to write, or there is no room: KOS starts all the same and keeps nothing.
fn cannot_be_written(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory | ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}
