//! Which contexts does the user have, and how do they stand?
//!
//! Owns what was read of the kubeconfigs. Sources of news: the watcher of files, what the user does, connections.

mod held;
mod reading;
mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::app::LookedAt;
use api::contexts::{ContextRow, Link};
use api::files::{FileChange, FileRow, StandingLock};
use api::settings::Choices;
use api::{ContextId, Fault, FaultCode, Fix, Quote, Status, Timestamp};
use doctor::{Plugin, PluginFact};
use kubeconfig::Resolved;
use kubeconfig::edit::shell_word;
use kubeconfig::fs::RealFs;
use kubeconfig::sources::shown;
use kubeconfig::target::Target;
use kubeconfig::write::{LOCK_STALE_AFTER, WriteError, Writer};

use crate::board::Board;
use crate::home::Home;
use crate::memory::{Memory, OfContext, Remembered};
use held::Held;
use reading::Reading;

pub(crate) use reading::{Listing, now};
pub(crate) use rows::{Marks, Own, Place, View};

/// How long another program may hold the lock of a file that shall be written.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);

/// Files that entries name are watched, so many at most: each may lie in a folder of its own, and the system counts those.
const MOST_NAMED: usize = 256;

/// The fleet.
pub(crate) struct Fleet {
    files: Arc<Board<FileRow>>,
    contexts: Arc<Board<ContextRow>>,
    memory: Memory,
    reading: Reading,
    /// Held while files are read: of two readings at once the older one could be shown last.
    one_at_a_time: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    read: kubeconfig::Fleet,
    held: Held,
    views: HashMap<ContextId, View>,
    own: Own,
    /// Another program writes a file right now.
    again_at: Option<Timestamp>,
}

impl Fleet {
    /// Reads all files once; contacts nobody and runs nothing.
    pub(crate) fn open(home: &Home, memory: Memory) -> Self {
        let fleet = Self {
            files: Arc::new(Board::new(Status::Live)),
            contexts: Arc::new(Board::new(Status::Live)),
            memory,
            reading: Reading::new(home),
            one_at_a_time: Mutex::default(),
            state: Mutex::default(),
        };
        fleet.read_again();
        fleet
    }

    pub(crate) fn files(&self) -> Arc<Board<FileRow>> {
        self.files.clone()
    }

    pub(crate) fn contexts(&self) -> Arc<Board<ContextRow>> {
        self.contexts.clone()
    }

    /// Reads every listed file; what did not change costs no news.
    pub(crate) fn read_again(&self) {
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, again_at) = self.reading.read(&self.memory.read());
        {
            let mut state = self.lock();
            state.held.follow(&read);
            state.read = read;
            state.again_at = again_at;
            self.show(&state);
        }
    }

    /// Reads the files that `KUBECONFIG` of the login shell names, where KOS was started without one.
    pub(crate) fn take_login(&self, login: &tools::Environment) -> Listing {
        let listing = self.reading.take_login(login);
        if listing == Listing::Other {
            self.read_again();
        }
        listing
    }

    /// Takes what the settings say of contexts by their names, from now on.
    pub(crate) fn take_choices(&self, choices: Choices) {
        let mut state = self.lock();
        state.own = Own { protect: choices.protect, namespaces: choices.namespaces };
        self.show(&state);
    }

    /// When the files shall be read again although nothing tells so: another program was seen to write.
    pub(crate) fn again_at(&self) -> Option<Timestamp> {
        self.lock().again_at
    }

    /// The files and folders to be watched: what is listed, and what its entries name.
    pub(crate) fn watched(&self) -> BTreeSet<PathBuf> {
        let mut all: BTreeSet<PathBuf> = self.reading.watched(&self.memory.read()).into_iter().collect();
        let state = self.lock();
        let named: BTreeSet<&PathBuf> = state.read.contexts.iter().flat_map(|context| &context.files).collect();
        all.extend(named.into_iter().take(MOST_NAMED).cloned());
        all
    }

    /// Contexts that wait for their user and whose entries name one of these files.
    pub(crate) fn waiting_with(&self, files: &BTreeSet<PathBuf>) -> Vec<ContextId> {
        let state = self.lock();
        let waits = |context: &&Resolved| {
            state.views.get(&context.id).is_some_and(|view| matches!(view.link, Link::NeedsYou { .. } | Link::Unreachable { .. } | Link::Stale { .. }))
        };
        let waiting = state.read.contexts.iter().filter(waits);
        waiting.filter(|context| context.files.iter().any(|file| files.contains(file))).map(|context| context.id.clone()).collect()
    }

    /// Reads again when a context cannot be used by what was read: it may be mended since, where nothing tells of it.
    pub(crate) fn read_before_refusing(&self, context: &ContextId) {
        let barred = self.lock().named(context).is_some_and(|found| found.target.is_err());
        if barred {
            self.read_again();
        }
    }

    /// The programs that contexts sign in with, each once.
    pub(crate) fn plugins(&self) -> Vec<Plugin> {
        let state = self.lock();
        let mut plugins: BTreeMap<&Path, Plugin> = BTreeMap::new();
        for context in &state.read.contexts {
            let Some(program) = &context.program else { continue };
            let plugin = plugins.entry(&program.command).or_insert_with(|| Plugin { command: program.command.clone(), contexts: vec![], hint: String::new() });
            plugin.contexts.push(context.name.clone());
            if plugin.hint.is_empty() {
                plugin.hint.clone_from(&program.install_hint);
            }
        }
        plugins.into_values().collect()
    }

    /// Those among them that are not known to be there, once programs may be looked for at all.
    pub(crate) fn plugins_unfound(&self) -> Vec<Plugin> {
        self.plugins().into_iter().filter(|plugin| self.reading.is_unfound(&plugin.command)).collect()
    }

    /// Takes note of which of them were found, and tells which are missing.
    pub(crate) fn plugins_are(&self, looked_for: &[PluginFact]) {
        self.reading.plugins_are(looked_for);
        self.read_again();
    }

    /// Places that were looked at, with what was found: for a user who has no context yet.
    pub(crate) fn looked_at(&self) -> Vec<LookedAt> {
        self.reading.looked_at()
    }

    /// Says that a context exists: a file names it, or it is open although none does any more.
    pub(crate) fn known(&self, context: &ContextId) -> Result<Resolved, Fault> {
        let state = self.lock();
        let found = state.named(context).or_else(|| state.held.get(context));
        found.cloned().ok_or_else(unknown)
    }

    /// Says that a file names a context now.
    fn named(&self, context: &ContextId) -> Result<Resolved, Fault> {
        self.lock().named(context).cloned().ok_or_else(unknown)
    }

    /// What a connection to a context needs; from now on the context stays listed until its view is taken off.
    ///
    /// Errors: as [`Self::target`], and no file names it any more.
    pub(crate) fn hold(&self, context: &ContextId) -> Result<Target, Fault> {
        let mut state = self.lock();
        let State { read, held, .. } = &mut *state;
        let found = read.contexts.iter().find(|c| c.id == *context).ok_or_else(unknown)?;
        let target = target(found)?;
        held.hold(found, read);
        Ok(target)
    }

    /// Open contexts whose file was KOS's own and went with its cluster.
    pub(crate) fn orphans(&self) -> Vec<ContextId> {
        self.lock().held.orphans()
    }

    /// What a connection to a context needs.
    ///
    /// Errors: the entry names something that cannot be used; each problem is quoted with its line.
    pub(crate) fn target(&self, context: &ContextId) -> Result<Target, Fault> {
        target(&self.known(context)?)
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Keeps something about a context and shows it.
    pub(crate) fn remember(&self, context: &ContextId, edit: impl FnOnce(&mut OfContext)) -> Result<(), Fault> {
        let kept = self.memory.change_context(context, edit);
        self.show(&self.lock());
        kept
    }

    /// Changes the list of files and reads it.
    pub(crate) fn change_list(&self, edit: impl FnOnce(&mut Remembered)) -> Result<(), Fault> {
        let kept = self.memory.change(edit);
        self.read_again();
        kept
    }

    /// Shows how a connection stands, `None` when it was closed.
    pub(crate) fn view(&self, context: &ContextId, view: Option<View>) {
        let mut state = self.lock();
        match view {
            Some(view) => state.views.insert(context.clone(), view),
            None => {
                state.held.release(context);
                state.views.remove(context)
            }
        };
        self.show(&state);
    }

    /// Adds what else is known of a failed try, which the connection itself cannot tell; the next try says its own.
    pub(crate) fn add_causes(&self, context: &ContextId, of: Timestamp, causes: Vec<Quote>) {
        let mut state = self.lock();
        let view = state.views.get_mut(context);
        if let Some(Link::Stale { why, retry_at, .. } | Link::Unreachable { why, retry_at, .. }) = view.map(|view| &mut view.link)
            && *retry_at == of
            && !causes.is_empty()
        {
            why.cause.extend(causes);
            self.show(&state);
        }
    }

    /// Whether a path is read already.
    pub(crate) fn lists(&self, path: &Path) -> bool {
        self.lock().read.files.iter().any(|f| Path::new(f.id.as_str()) == path)
    }

    /// What "Make current for kubectl" would change; writes nothing.
    pub(crate) fn plan_current(&self, context: &ContextId) -> Result<FileChange, Fault> {
        let found = self.named(context)?;
        self.reading.plan_current(&found, &self.memory.read())
    }

    /// Writes the change that was shown.
    pub(crate) async fn make_current(&self, context: &ContextId, seen: &str, backups: &Path) -> Result<(), Fault> {
        let found = self.named(context)?;
        let (listed, seen, backups) = (self.reading.file_of_current(&found, &self.memory.read())?, seen.to_owned(), backups.to_owned());
        let unlock = Fix::RemoveLock(context.clone());
        at_file(move || {
            let writer = Writer { fs: &RealFs, backups: &backups, patience: LOCK_PATIENCE };
            let written = writer.make_current(&listed, &found.name, &seen);
            written.map(drop).map_err(|why| {
                let mut fault = why.to_fault(&listed.id);
                if why.is_old_lock() {
                    // It shows the command too.
                    fault.fixes = vec![unlock];
                }
                fault
            })
        })
        .await?;
        self.read_again();
        Ok(())
    }

    /// Writes what the change would make of the file to another place.
    pub(crate) async fn save_elsewhere(&self, context: &ContextId, seen: &str, to: PathBuf) -> Result<(), Fault> {
        let found = self.named(context)?;
        let (listed, seen) = (self.reading.file_of_current(&found, &self.memory.read())?, seen.to_owned());
        at_file(move || writer().save_elsewhere(&listed, &found.name, &seen, &to).map_err(|why| why.to_fault_of_copy(&listed.id, &to))).await
    }

    /// The old lock that keeps the file of a context from being written.
    ///
    /// Errors: there is none, or it is so young that its program may still be at work.
    pub(crate) async fn plan_unlock(&self, context: &ContextId) -> Result<StandingLock, Fault> {
        let listed = self.reading.file_of_current(&self.named(context)?, &self.memory.read())?;
        let home = self.reading.home().to_owned();
        at_file(move || {
            let lock = writer().standing_lock(&listed).map_err(|why| why.to_fault_of_lock(&listed.id))?;
            if lock.age < LOCK_STALE_AFTER {
                let young = WriteError::Locked { path: lock.path, age: lock.age };
                return Err(young.to_fault_of_lock(&listed.id));
            }
            Ok(StandingLock {
                shown: shown(&listed.path, Some(&home)),
                lock: shown(&lock.path, Some(&home)),
                age_seconds: lock.age.as_secs(),
                seen: lock.seen,
                command: format!("rm {}", shell_word(&lock.path.to_string_lossy())),
            })
        })
        .await
    }

    /// Removes the lock that was shown.
    pub(crate) async fn remove_lock(&self, context: &ContextId, seen: &str) -> Result<(), Fault> {
        let listed = self.reading.file_of_current(&self.named(context)?, &self.memory.read())?;
        let seen = seen.to_owned();
        at_file(move || writer().remove_lock(&listed, &seen).map_err(|why| why.to_fault_of_lock(&listed.id))).await?;
        self.read_again();
        Ok(())
    }

    fn show(&self, state: &State) {
        self.files.replace(state.held.files(&state.read));
        self.contexts.replace(rows::rows(&state.read, &state.held, &self.memory.read(), &state.views, &state.own));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn named(&self, context: &ContextId) -> Option<&Resolved> {
        self.read.contexts.iter().find(|c| c.id == *context)
    }
}

/// Does what may wait for a disk where waiting holds nobody up.
async fn at_file<T: Send + 'static>(act: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(act).await.map_err(|_| Fault::new(FaultCode::Bug, "The file could not be looked at or changed."))?
}

/// One that makes no backup and waits for nobody: it changes no kubeconfig.
fn writer() -> Writer<'static> {
    Writer { fs: &RealFs, backups: Path::new("/"), patience: Duration::ZERO }
}

fn target(found: &Resolved) -> Result<Target, Fault> {
    found.target.clone().map_err(|problems| {
        let mut fault =
            Fault::new(FaultCode::File, format!("The context {} cannot be used as it is written.", found.name)).unharmed("Other contexts are not affected.");
        for problem in problems {
            fault = fault.because(format!("{}, line {}", found.file, problem.line), problem.sentence);
        }
        fault.fix(Fix::OpenFile { file: found.file.clone(), line: Some(found.line) })
    })
}

fn unknown() -> Fault {
    Fault::new(FaultCode::NotFound, "No kubeconfig file names this context any more.").unharmed("Nothing was changed.")
}

#[cfg(test)]
mod tests;
