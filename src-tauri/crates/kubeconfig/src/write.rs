//! How is a kubeconfig changed so that nobody ever sees half of it?
//!
//! Knows: client-go's lock, backup, temporary file, rename. Does not know: what is changed ([`crate::edit`]).
//! Start at: [`Writer::make_current`].

mod lock;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    edit::{self, EditError, Planned, digest},
    fs::{Fs, Stat},
    sources::Listed,
    temporary,
};
pub use lock::{LOCK_STALE_AFTER, Locks, StandingLock};

const BACKUPS_AT_MOST: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("another program has held the lock {} for {}", .path.display(), about(*.age))]
    Locked { path: PathBuf, age: Duration },
    #[error("the file changed since it was shown")]
    Changed,
    #[error("no program holds a lock of it")]
    NotLocked,
    #[error("its lock is another one than the one that was shown")]
    OtherLock,
    #[error("the change could not be worked out")]
    Edit(#[source] EditError),
    #[error("{} could not be {did}", .path.display())]
    Io { did: Did, path: PathBuf, source: io::Error },
    #[error("{} was not fully written and could not be put back; its old bytes are in {}", .path.display(), .backup.display())]
    Harmed { path: PathBuf, backup: PathBuf, source: io::Error },
}

/// In the unit in which people would say it.
fn about(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// What did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    Read,
    Lock,
    BackUp,
    Write,
    Remove,
}

impl std::fmt::Display for Did {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Lock => "locked",
            Self::BackUp => "backed up",
            Self::Write => "written",
            Self::Remove => "removed",
        })
    }
}

/// Does the writer know what it last wrote? For the watcher, which must not report our own change as another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub digest: String,
    /// The old bytes; `None` for a file that is new.
    pub backup: Option<PathBuf>,
}

pub struct Writer<'a> {
    pub fs: &'a dyn Fs,
    /// The state folder for old bytes.
    pub backups: &'a Path,
    /// How long to wait for a lock: 3 s in the product.
    pub patience: Duration,
}

impl Writer<'_> {
    /// Makes the change that was shown, on fresh bytes under the lock.
    ///
    /// Errors: the file is as it was, except for [`WriteError::Harmed`], which names the backup.
    pub fn make_current(&self, listed: &Listed, context: &str, seen: &str) -> Result<Written, WriteError> {
        let path = &listed.path;
        let folder = path.parent().unwrap_or(Path::new("/"));
        self.fs.create_folder(folder).map_err(at(Did::Write, folder))?;
        let real = self.real(path)?;
        let _locks = Locks::take(self.fs, [path.as_path(), &real], self.patience)?;
        let old = self.read(&real)?;
        let bytes = old.as_deref().unwrap_or_default();
        if digest(bytes) != seen {
            return Err(WriteError::Changed);
        }
        let Planned { bytes: new, .. } = edit::plan(listed, bytes, context, None).map_err(WriteError::Edit)?;
        self.replace(&real, old.as_deref(), &new)
    }

    /// Puts the bytes of a backup back, unless the file changed since.
    pub fn undo(&self, path: &Path, written: &Written) -> Result<Written, WriteError> {
        let Some(backup) = &written.backup else { return Err(WriteError::Changed) };
        let real = self.real(path)?;
        let _locks = Locks::take(self.fs, [path, &real], self.patience)?;
        let old = self.read(&real)?;
        if digest(old.as_deref().unwrap_or_default()) != written.digest {
            return Err(WriteError::Changed);
        }
        let bytes = self.fs.read(backup).map_err(at(Did::Read, backup))?;
        self.replace(&real, old.as_deref(), &bytes)
    }

    /// Writes what the change would make of the file somewhere else, for the user alone. The file itself is only read, and what
    /// stands at the other place already is left as it is.
    pub fn save_elsewhere(&self, listed: &Listed, context: &str, seen: &str, to: &Path) -> Result<(), WriteError> {
        let real = self.real(&listed.path)?;
        let bytes = self.read(&real)?.unwrap_or_default();
        if digest(&bytes) != seen {
            return Err(WriteError::Changed);
        }
        let Planned { bytes: new, .. } = edit::plan(listed, &bytes, context, None).map_err(WriteError::Edit)?;
        self.create_new(to, &new)
    }

    /// The lock that keeps a file from being written; touches nothing.
    ///
    /// Errors: there is none.
    pub fn standing_lock(&self, listed: &Listed) -> Result<StandingLock, WriteError> {
        let real = self.real(&listed.path)?;
        lock::standing(self.fs, [listed.path.as_path(), &real]).ok_or(WriteError::NotLocked)
    }

    /// Removes a lock that was shown; the file is not touched.
    ///
    /// Errors: it is another one by now, or so young that its program may still be at work.
    pub fn remove_lock(&self, listed: &Listed, seen: &str) -> Result<(), WriteError> {
        let found = self.standing_lock(listed)?;
        if found.seen != seen {
            return Err(WriteError::OtherLock);
        }
        let StandingLock { path, age, .. } = found;
        if age < LOCK_STALE_AFTER {
            return Err(WriteError::Locked { path, age });
        }
        self.fs.remove(&path).map_err(at(Did::Remove, &path))
    }

    /// Makes a file of KOS's own, for the user alone.
    pub fn write_new(&self, path: &Path, text: &str) -> Result<(), WriteError> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        self.fs.create_folder(folder).map_err(at(Did::Write, folder))?;
        self.create_new(path, text.as_bytes())
    }

    fn create_new(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        let made = self.fs.create(path, bytes, 0o600);
        if let Err(source) = made {
            if source.kind() != io::ErrorKind::AlreadyExists {
                // Half a file must not be taken for a kubeconfig.
                self.discard(path);
            }
            return Err(WriteError::Io { did: Did::Write, path: path.to_owned(), source });
        }
        self.fs.flush_folder(folder).map_err(at(Did::Write, folder))
    }

    /// Writes a file of KOS's own anew, for the user alone: it is the old one or the new one, never a mix.
    ///
    /// No backup is kept: what it held can be read again where it came from, and an old credential is worth nothing.
    pub fn write_made(&self, path: &Path, text: &str) -> Result<(), WriteError> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        self.fs.create_folder(folder).map_err(at(Did::Write, folder))?;
        self.swap_in(path, text.as_bytes(), None).map_err(at(Did::Write, path))
    }

    /// Removes a file of KOS's own; one that is gone already is fine.
    pub fn remove_made(&self, path: &Path) -> Result<(), WriteError> {
        match self.fs.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(Did::Remove, path)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn real(&self, path: &Path) -> Result<PathBuf, WriteError> {
        match self.fs.real(path) {
            Ok(real) => Ok(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
            Err(error) => Err(at(Did::Read, path)(error)),
        }
    }

    fn read(&self, real: &Path) -> Result<Option<Vec<u8>>, WriteError> {
        match self.fs.read(real) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(Did::Read, real)(error)),
        }
    }

    fn replace(&self, real: &Path, old: Option<&[u8]>, new: &[u8]) -> Result<Written, WriteError> {
        let digest = digest(new);
        let Some(old) = old else {
            self.swap_in(real, new, None).map_err(at(Did::Write, real))?;
            return Ok(Written { digest, backup: None });
        };
        let stat = self.fs.stat(real).map_err(at(Did::Read, real))?;
        let backup = self.back_up(real, old)?;
        let written = Written { digest, backup: Some(backup.clone()) };
        // A rename would part a file from its other names.
        let swapped = if stat.links > 1 { Err(io::Error::from(io::ErrorKind::CrossesDevices)) } else { self.swap_in(real, new, Some(stat)) };
        match swapped {
            Ok(()) => Ok(written),
            Err(error) if needs_in_place(&error) => self.in_place(real, old, new, backup).map(|()| written),
            Err(error) => Err(at(Did::Write, real)(error)),
        }
    }

    /// Temporary file beside the real one, then rename.
    fn swap_in(&self, real: &Path, new: &[u8], stat: Option<Stat>) -> io::Result<()> {
        let folder = real.parent().unwrap_or(Path::new("/"));
        temporary::sweep_beside([real]);
        let temporary = temporary::beside(real);
        let made = self.fs.create(&temporary, new, stat.map_or(0o600, |stat| stat.mode));
        if made.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
            // Not ours: it may be a trap, so it is neither followed nor removed.
            return made;
        }
        let done = made.and_then(|()| match stat {
            Some(stat) => self.keep_owner(&temporary, stat),
            None => Ok(()),
        });
        if let Err(error) = done.and_then(|()| self.fs.rename(&temporary, real)) {
            self.discard(&temporary);
            return Err(error);
        }
        // The new name is in place; a folder that cannot be flushed only risks the old bytes after a power cut.
        if let Err(error) = self.fs.flush_folder(folder) {
            tracing::warn!(%error, "the folder of a kubeconfig could not be flushed");
        }
        Ok(())
    }

    fn keep_owner(&self, temporary: &Path, stat: Stat) -> io::Result<()> {
        let ours = self.fs.stat(temporary)?;
        if (ours.uid, ours.gid) == (stat.uid, stat.gid) { Ok(()) } else { self.fs.give_to(temporary, stat.uid, stat.gid) }
    }

    fn in_place(&self, real: &Path, old: &[u8], new: &[u8], backup: PathBuf) -> Result<(), WriteError> {
        let Err(error) = self.fs.overwrite(real, new) else { return Ok(()) };
        match self.fs.overwrite(real, old) {
            Ok(()) => Err(at(Did::Write, real)(error)),
            // Never opened for writing means never changed.
            Err(_) if self.fs.read(real).is_ok_and(|now| now == old) => Err(at(Did::Write, real)(error)),
            Err(source) => Err(WriteError::Harmed { path: real.to_owned(), backup, source }),
        }
    }

    /// Keeps the old bytes, the last twenty for each file.
    fn back_up(&self, real: &Path, old: &[u8]) -> Result<PathBuf, WriteError> {
        self.fs.create_folder(self.backups).map_err(at(Did::BackUp, self.backups))?;
        let stem = format!("{}-", &digest(real.as_os_str().as_encoded_bytes())[..16]);
        let mut kept: Vec<PathBuf> = self.fs.list(self.backups).map_err(at(Did::BackUp, self.backups))?;
        kept.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&stem)));
        kept.sort();
        let number = |path: &PathBuf| path.to_string_lossy().rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
        let next = kept.last().and_then(number).map_or(1, |last| last + 1);
        let path = self.backups.join(format!("{stem}{next:010}"));
        if let Err(error) = self.fs.create(&path, old, 0o600) {
            if error.kind() != io::ErrorKind::AlreadyExists {
                self.discard(&path);
            }
            return Err(at(Did::BackUp, &path)(error));
        }
        for stale in kept.iter().rev().skip(BACKUPS_AT_MOST - 1) {
            self.discard(stale);
        }
        Ok(path)
    }

    fn discard(&self, path: &Path) {
        if let Err(error) = self.fs.remove(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "a file of ours could not be removed");
        }
    }
}

/// A bind mount, another device, or a folder that cannot be written while the file can.
fn needs_in_place(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ReadOnlyFilesystem | ResourceBusy)
}

fn at(did: Did, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError::Io { did, path, source }
}

#[cfg(test)]
mod tests;
