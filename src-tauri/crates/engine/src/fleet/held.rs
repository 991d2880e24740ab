//! Which contexts stay listed although no file names them any more?
//!
//! Those that are open: what is looked at goes on until the user closes it. Pure: what was read, and what is held.

use std::collections::BTreeMap;

use api::ContextId;
use api::files::{FileRow, FileState, Origin, Problem, Severity};
use cluster::visible;
use kubeconfig::{Fleet, Resolved};

/// The rule of a context that is open without an entry.
pub(super) const DROPPED: &str = "KC33";

/// The open contexts, as their files named them last.
#[derive(Debug, Default)]
pub(super) struct Held(BTreeMap<ContextId, Entry>);

#[derive(Debug)]
struct Entry {
    context: Resolved,
    file: Option<FileRow>,
    standing: Standing,
}

/// Whether a file names a context now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Listed,
    Dropped,
}

impl Held {
    /// Keeps a context from the moment that it is opened.
    pub(super) fn hold(&mut self, context: &Resolved, read: &Fleet) {
        self.0.insert(context.id.clone(), Entry::of(context, read));
    }

    pub(super) fn release(&mut self, context: &ContextId) {
        self.0.remove(context);
    }

    /// Takes in what the files say now.
    pub(super) fn follow(&mut self, read: &Fleet) {
        for (id, entry) in &mut self.0 {
            match read.contexts.iter().find(|context| context.id == *id) {
                Some(context) => *entry = Entry::of(context, read),
                None => entry.standing = Standing::Dropped,
            }
        }
    }

    pub(super) fn get(&self, context: &ContextId) -> Option<&Resolved> {
        self.0.get(context).map(|entry| &entry.context)
    }

    /// What is open although no file names it.
    pub(super) fn dropped(&self) -> impl Iterator<Item = &Resolved> {
        self.entries().map(|entry| &entry.context)
    }

    /// Those among them whose file was KOS's own: it went with the cluster that it was made for.
    pub(super) fn orphans(&self) -> Vec<ContextId> {
        let ours = |entry: &&Entry| entry.file.as_ref().is_some_and(|file| file.origin == Origin::Made);
        self.entries().filter(ours).map(|entry| entry.context.id.clone()).collect()
    }

    /// The files as they were read; one that is gone is listed for as long as a context of it is open.
    pub(super) fn files(&self, read: &Fleet) -> Vec<FileRow> {
        let mut files = read.files.clone();
        for entry in self.entries() {
            let known = files.iter().position(|file| file.id == entry.context.file);
            let at = match (known, &entry.file) {
                (Some(at), _) => at,
                (None, Some(file)) => {
                    let order = u32::try_from(files.len()).unwrap_or(u32::MAX);
                    let gone = FileRow { order, state: FileState::Missing, current_context: String::new(), contexts: 0, problems: vec![], ..file.clone() };
                    files.push(gone);
                    files.len() - 1
                }
                (None, None) => continue,
            };
            files[at].problems.push(problem(String::new(), format!("{} is open although this file names it no longer.", visible::text(&entry.context.name))));
        }
        files
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.values().filter(|entry| entry.standing == Standing::Dropped)
    }
}

impl Entry {
    fn of(context: &Resolved, read: &Fleet) -> Self {
        let file = read.files.iter().find(|file| file.id == context.file).cloned();
        Self { context: context.clone(), file, standing: Standing::Listed }
    }
}

/// What is said of a context that is open without an entry.
pub(super) fn problem(entry: String, sentence: String) -> Problem {
    Problem { rule: DROPPED.to_owned(), severity: Severity::Risk, line: 0, entry, sentence }
}
