//! How are hundreds of kubeconfigs read again and again without parsing them each time?
//!
//! Files are read beside each other, and one that did not change since is known already. Start at: [`Reader::load`].

use std::{
    collections::{HashMap, HashSet},
    fs::Metadata,
    os::unix::fs::MetadataExt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use api::{FileId, Millis, Timestamp};

use crate::{
    disk,
    entries::Parsed,
    merge::{Loaded, Source},
    sources::Listed,
};

/// More do not read faster from one disk.
const WORKERS_AT_MOST: usize = 4;
/// Fewer are read before a thread has started.
const FILES_EACH: usize = 8;
/// Two writes within one tick of the file system have the same time: a file so young is read again.
const YOUNG: Millis = Millis(2_000);

/// What was parsed before, by file.
#[derive(Debug, Default)]
pub struct Reader {
    known: Mutex<HashMap<FileId, Known>>,
}

#[derive(Debug)]
struct Known {
    print: Print,
    parsed: Arc<Parsed>,
}

/// What differs when a file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print {
    device: u64,
    inode: u64,
    size: u64,
    /// When its content changed, in seconds and nanoseconds.
    content: (i64, i64),
    /// The same of its entry: a program can set the other one back, but not this.
    entry: (i64, i64),
}

impl Reader {
    /// Reads all listed files, in their order.
    pub fn load(&self, listed: &[Listed], now: Timestamp) -> Vec<Source> {
        let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS_AT_MOST).min(listed.len() / FILES_EACH).max(1);
        let share = listed.len().div_ceil(workers).max(1);
        let read = |part: &[Listed]| part.iter().map(|file| self.one(file, now)).collect::<Vec<_>>();
        let sources = thread::scope(|scope| {
            let mut parts = listed.chunks(share);
            let mine = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
            let mut all = read(mine);
            for other in others {
                all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        });
        let listed: HashSet<&FileId> = listed.iter().map(|file| &file.id).collect();
        self.known().retain(|id, _| listed.contains(id));
        sources
    }

    fn one(&self, listed: &Listed, now: Timestamp) -> Source {
        // Looked at before it is read: what is written in between makes another print.
        let seen = std::fs::metadata(&listed.path).ok().filter(Metadata::is_file);
        let print = seen.as_ref().map(print);
        if let (Some(seen), Some(parsed)) = (&seen, self.parsed_before(&listed.id, print)) {
            let loaded = Loaded::Parsed { parsed, mode: seen.mode(), folder_mode: disk::folder_mode(&listed.path) };
            return Source { listed: listed.clone(), loaded };
        }
        let source = disk::load(listed);
        match (print, source.loaded.parsed()) {
            (Some(print), Some(parsed)) if is_settled(&print, now) => {
                self.known().insert(listed.id.clone(), Known { print, parsed: Arc::clone(parsed) });
            }
            (_, _) => {
                self.known().remove(&listed.id);
            }
        }
        source
    }

    fn parsed_before(&self, file: &FileId, print: Option<Print>) -> Option<Arc<Parsed>> {
        let known = self.known();
        known.get(file).filter(|known| Some(known.print) == print).map(|known| Arc::clone(&known.parsed))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<FileId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn print(metadata: &Metadata) -> Print {
    Print {
        device: metadata.dev(),
        inode: metadata.ino(),
        size: metadata.size(),
        content: (metadata.mtime(), metadata.mtime_nsec()),
        entry: (metadata.ctime(), metadata.ctime_nsec()),
    }
}

/// Whether a write from now on would get another time.
fn is_settled(print: &Print, now: Timestamp) -> bool {
    let old = |(seconds, _): (i64, i64)| u64::try_from(seconds).is_ok_and(|seconds| Timestamp(seconds * 1_000).plus(YOUNG) < now);
    old(print.content) && old(print.entry)
}

#[cfg(test)]
mod tests;
