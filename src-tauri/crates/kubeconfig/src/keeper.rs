//! May a freshly read file replace what is known of it, or is somebody still writing?
//!
//! Pure: (what was read, lock, now) in, a decision out. An in-place writer exposes empty and half files.

use std::{collections::HashMap, sync::Arc};

use api::{FileId, Millis, Timestamp};

use crate::{
    entries::{Entry, Parsed, Readable},
    merge::Loaded,
};

/// After the first doubtful sight of a file it is read again at these times.
const RETRIES: [Millis; 3] = [Millis(300), Millis(1_000), Millis(3_000)];
/// The same of a file that is not there: a program may be slow between its delete and its create, and one that was removed
/// shall leave within a second.
const AWAY: [Millis; 3] = [Millis(300), Millis(700), LOCK_AT_MOST];
/// A lock is believed this long.
const LOCK_AT_MOST: Millis = Millis(2_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Free,
    Held,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// What was read counts.
    Show,
    /// The last good set stays; read again at this time.
    Keep { again_at: Timestamp },
}

/// The last good content of every file.
#[derive(Debug, Default)]
pub struct Keeper {
    files: HashMap<FileId, Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    good: Option<Arc<Parsed>>,
    doubt: Option<Doubt>,
}

#[derive(Debug, Clone, Copy)]
struct Doubt {
    since: Timestamp,
    again_at: Timestamp,
}

impl Keeper {
    pub fn saw(&mut self, file: &FileId, loaded: &Loaded, lock: Lock, now: Timestamp) -> Decision {
        let kept = self.files.entry(file.clone()).or_default();
        let patience = kept.good.as_deref().map_or(Millis(0), |good| patience(good, loaded, lock));
        let since = kept.doubt.map_or(now, |doubt| doubt.since);
        let retries = if loaded.parsed().is_some() { RETRIES } else { AWAY };
        match retries.iter().map(|retry| since.plus(*retry)).find(|at| *at > now) {
            Some(again_at) if now.since(since) < patience => {
                kept.doubt = Some(Doubt { since, again_at });
                Decision::Keep { again_at }
            }
            Some(_) | None => {
                kept.doubt = None;
                kept.good = loaded.parsed().filter(|parsed| parsed.readable == Readable::Yes).cloned();
                Decision::Show
            }
        }
    }

    /// What the fleet is made from: the file as read, or what was kept of it.
    pub fn shown(&self, file: &FileId, read: Loaded, decision: Decision) -> Loaded {
        let good = self.files.get(file).and_then(|kept| kept.good.clone());
        match (decision, good) {
            (Decision::Keep { .. }, Some(good)) => Loaded::Kept(good),
            (Decision::Keep { .. }, None) | (Decision::Show, _) => read,
        }
    }

    /// The files to read again now.
    pub fn due(&self, now: Timestamp) -> Vec<FileId> {
        let is_due = |kept: &Kept| kept.doubt.is_some_and(|doubt| doubt.again_at <= now);
        self.files.iter().filter(|(_, kept)| is_due(kept)).map(|(file, _)| file.clone()).collect()
    }

    pub fn forget(&mut self, file: &FileId) {
        self.files.remove(file);
    }
}

/// How long the last good set outlives what was read.
fn patience(good: &Parsed, loaded: &Loaded, lock: Lock) -> Millis {
    let had = !good.contexts.is_empty() || !good.clusters.is_empty() || !good.users.is_empty();
    let doubt = match loaded.parsed() {
        _ if !had => Millis(0),
        None => AWAY[1],
        Some(parsed) if parsed.readable == Readable::No || lost_by_error(good, parsed) || is_bare(parsed) => RETRIES[2],
        Some(_) => Millis(0),
    };
    if lock == Lock::Held && had { doubt.max(LOCK_AT_MOST) } else { doubt }
}

fn is_bare(parsed: &Parsed) -> bool {
    parsed.contexts.is_empty() && parsed.clusters.is_empty() && parsed.users.is_empty()
}

/// An entry that was usable is now there in a broken form.
fn lost_by_error(good: &Parsed, now: &Parsed) -> bool {
    broke(&good.clusters, &now.clusters) || broke(&good.users, &now.users) || broke(&good.contexts, &now.contexts)
}

fn broke<T>(good: &[Entry<T>], now: &[Entry<T>]) -> bool {
    now.iter().any(|entry| !entry.is_usable() && good.iter().any(|old| old.name == entry.name && old.is_usable()))
}

#[cfg(test)]
mod tests;
