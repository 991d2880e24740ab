//! Which contexts does the user have, and how do they stand?
//!
//! Owns what was read of the kubeconfigs. Sources of news: the watcher of files, what the user does, connections.

mod reading;
mod rows;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::contexts::ContextRow;
use api::files::FileRow;
use api::{ContextId, Fault, FaultCode, FileId, Status};
use kubeconfig::Resolved;
use kubeconfig::target::Target;
use tokio::sync::watch;

use crate::board::Board;
use crate::home::Home;
use crate::memory::{Memory, OfContext, Remembered};
use reading::Reading;

pub(crate) use reading::now;
pub(crate) use rows::View;

/// The fleet.
pub(crate) struct Fleet {
    files: Arc<Board<FileRow>>,
    contexts: Arc<Board<ContextRow>>,
    memory: Memory,
    reading: Reading,
    state: Mutex<State>,
    /// Counts what was read, so that open connections can look whether their entry changed.
    news: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    read: kubeconfig::Fleet,
    views: HashMap<ContextId, View>,
}

impl Fleet {
    /// Reads all files once; contacts nobody and runs nothing.
    pub(crate) fn open(home: &Home, memory: Memory) -> Self {
        let fleet = Self {
            files: Arc::new(Board::new(Status::Live)),
            contexts: Arc::new(Board::new(Status::Live)),
            memory,
            reading: Reading::new(home),
            state: Mutex::default(),
            news: watch::Sender::new(0),
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

    /// Tells of each reading of the files.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Reads every listed file; what did not change costs no news.
    pub(crate) fn read_again(&self) {
        let read = self.reading.read(&self.memory.read());
        {
            let mut state = self.lock();
            state.read = read;
            self.show(&state);
        }
        self.news.send_modify(|n| *n += 1);
    }

    /// The files and folders to be watched.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        self.reading.watched(&self.memory.read())
    }

    /// Takes note of where programs are looked for, and tells which plug-ins are missing.
    pub(crate) fn path_is(&self, folders: Vec<PathBuf>) {
        self.reading.path_is(folders);
        self.read_again();
    }

    /// Places that were looked at, with what was found: for a user who has no context yet.
    pub(crate) fn looked_at(&self) -> Vec<(String, String)> {
        self.reading.looked_at()
    }

    /// Says that a context exists.
    pub(crate) fn known(&self, context: &ContextId) -> Result<Resolved, Fault> {
        let state = self.lock();
        let found = state.read.contexts.iter().find(|c| c.id == *context).cloned();
        found.ok_or_else(|| Fault::new(FaultCode::NotFound, "This context does not exist any more.").unharmed("Nothing was changed."))
    }

    /// What a connection to a context needs.
    ///
    /// Errors: the entry names something that cannot be used; each problem is quoted with its line.
    pub(crate) fn target(&self, context: &ContextId) -> Result<Target, Fault> {
        let found = self.known(context)?;
        found.target.map_err(|problems| {
            let mut fault = Fault::new(FaultCode::File, format!("The context {} cannot be used as it is written.", found.name)).unharmed("Other contexts are not affected.");
            for problem in problems {
                fault = fault.because(format!("{}, line {}", found.file, problem.line), problem.sentence);
            }
            fault.fix(api::Fix::OpenFile { file: found.file.clone(), line: Some(found.line) })
        })
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
            None => state.views.remove(context),
        };
        self.show(&state);
    }

    /// The path of a listed file.
    pub(crate) fn file(&self, id: &FileId) -> Result<PathBuf, Fault> {
        let listed = self.lock().read.files.iter().any(|f| f.id == *id);
        if listed {
            Ok(Path::new(id.as_str()).to_path_buf())
        } else {
            Err(Fault::new(FaultCode::NotFound, "This file is not on the list any more.").unharmed("Nothing was changed."))
        }
    }

    fn show(&self, state: &State) {
        self.files.replace(state.read.files.clone());
        self.contexts.replace(rows::rows(&state.read, &self.memory.read(), &state.views));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
