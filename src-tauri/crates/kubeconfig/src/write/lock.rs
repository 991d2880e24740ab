//! Who may write a kubeconfig now?
//!
//! client-go's own protocol, so that kubectl and KOS exclude each other: an empty file `NAME.lock`.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, UNIX_EPOCH},
};

use super::{Did, WriteError};
use crate::fs::Fs;

/// From this age on KOS offers to remove a lock; it never does so by itself.
pub const LOCK_STALE_AFTER: Duration = Duration::from_secs(60);

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(300);

/// Locks that are held; dropped in reverse order, also when a panic unwinds.
pub struct Locks<'a> {
    fs: &'a dyn Fs,
    held: Vec<PathBuf>,
}

impl<'a> Locks<'a> {
    /// Takes the locks in the order of their bytes, as client-go does; two spellings of one file are two locks at most.
    pub fn take<'p>(fs: &'a dyn Fs, paths: impl IntoIterator<Item = &'p Path>, patience: Duration) -> Result<Self, WriteError> {
        let wanted = lock_paths(fs, paths);
        let mut locks = Self { fs, held: vec![] };
        let began = Instant::now();
        for path in wanted {
            locks.take_one(path, began, patience)?;
        }
        Ok(locks)
    }

    fn take_one(&mut self, path: PathBuf, began: Instant, patience: Duration) -> Result<(), WriteError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.fs.create_lock(&path) {
                Ok(()) => {
                    self.held.push(path);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                // A folder that cannot be written cannot be locked by client-go either, so there is nobody to exclude.
                Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => return Ok(()),
                Err(source) => return Err(WriteError::Io { did: Did::Lock, path, source }),
            }
            if began.elapsed() >= patience {
                let age = self.fs.stat(&path).ok().and_then(|stat| stat.modified.elapsed().ok()).unwrap_or_default();
                return Err(WriteError::Locked { path, age });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Locks<'_> {
    fn drop(&mut self) {
        for path in self.held.drain(..).rev() {
            if let Err(error) = self.fs.remove(&path) {
                tracing::warn!(path = %path.display(), %error, "a lock could not be removed");
            }
        }
    }
}

/// A lock that is there, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingLock {
    pub path: PathBuf,
    pub age: Duration,
    /// Names this lock: one that was made anew in its place has another name.
    pub seen: String,
}

/// The first lock that stands, in the order in which they are taken.
pub(super) fn standing<'p>(fs: &dyn Fs, paths: impl IntoIterator<Item = &'p Path>) -> Option<StandingLock> {
    lock_paths(fs, paths).into_iter().find_map(|path| {
        let modified = fs.stat(&path).ok()?.modified;
        // One from the future, after the clock was set back, has no age.
        let age = modified.elapsed().unwrap_or_default();
        let moment = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Some(StandingLock { seen: format!("{moment} {}", path.display()), path, age })
    })
}

fn lock_paths<'p>(fs: &dyn Fs, paths: impl IntoIterator<Item = &'p Path>) -> BTreeSet<PathBuf> {
    paths.into_iter().map(|path| lock_path(&settled(fs, path))).collect()
}

/// The folder resolved and the name as spelt: `/k/./f` and `/k/f` are one lock file.
fn settled(fs: &dyn Fs, path: &Path) -> PathBuf {
    match (path.parent().and_then(|folder| fs.real(folder).ok()), path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        (_, _) => path.to_owned(),
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
