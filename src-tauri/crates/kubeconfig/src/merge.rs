//! Which contexts do all files give together?
//!
//! Knows: client-go's merge, first one wins per name. Does not know: how files are read.
//! Start at: [`fleet`].

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

use api::{
    ContextId, Timestamp,
    files::{FileRow, FileState, Origin, Problem, Severity},
    visible::owned,
};

use crate::{
    entries::{Colours, Context, Entry, Parsed, Readable, User},
    expiry::token_expiry,
    lint::{self, Around},
    look::Look,
    problem::{problem, whole_file},
    resolve::{Checked, CurrentContext, Place, Resolved, resolve},
    sources::{Listed, Part, shown},
};

/// A listed file with what it holds.
#[derive(Debug, Clone)]
pub struct Source {
    pub listed: Listed,
    pub loaded: Loaded,
}

#[derive(Debug, Clone)]
pub enum Loaded {
    Parsed {
        parsed: Arc<Parsed>,
        mode: u32,
        folder_mode: u32,
    },
    /// Another program is writing the file: what it held before.
    Kept(Arc<Parsed>),
    Missing,
    Folder,
    /// In the system's words.
    NotReadable(String),
}

impl Loaded {
    pub fn parsed(&self) -> Option<&Arc<Parsed>> {
        match self {
            Self::Parsed { parsed, .. } | Self::Kept(parsed) => Some(parsed),
            Self::Missing | Self::Folder | Self::NotReadable(_) => None,
        }
    }
}

/// Everything that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fleet {
    pub files: Vec<FileRow>,
    pub contexts: Vec<Resolved>,
    /// kubectl's own current context, also when no such context exists.
    pub current: Option<String>,
    /// Extensions of kubectl's list by name, the first of each.
    pub extensions: Vec<(String, String)>,
    pub colours: Colours,
}

/// What is known beside the files.
pub struct World<'a> {
    pub look: &'a dyn Look,
    pub now: Timestamp,
    pub home: Option<&'a Path>,
}

pub fn fleet(sources: &[Source], world: &World<'_>) -> Fleet {
    let mut fleet = Fleet::default();
    let mut said: Vec<Vec<Problem>> = sources.iter().map(own_problems).collect();
    let of_kubectl: Vec<usize> = (0..sources.len()).filter(|at| sources[*at].listed.part == Part::OfKubectl).collect();
    missing_list(sources, &of_kubectl, &mut said);
    let mut contexts: Vec<(usize, Resolved)> = configuration(sources, &of_kubectl, world, &mut said);
    fleet.current = current(sources, &of_kubectl).map(|(_, name)| name.to_owned());
    for at in of_kubectl {
        let Some(parsed) = sources[at].loaded.parsed() else { continue };
        for (name, value) in &parsed.extensions {
            if fleet.extensions.iter().all(|(known, _)| known != name) {
                fleet.extensions.push((name.clone(), value.clone()));
            }
        }
        if parsed.colours == Colours::On {
            fleet.colours = Colours::On;
        }
    }
    for at in (0..sources.len()).filter(|at| sources[*at].listed.part == Part::Alone) {
        contexts.extend(configuration(sources, &[at], world, &mut said));
    }
    let mut counts = vec![0_u32; sources.len()];
    for (at, _) in &contexts {
        counts[*at] += 1;
    }
    for (at, (source, mut problems)) in sources.iter().zip(said).enumerate() {
        problems.sort_by_key(|problem| problem.line);
        fleet.files.push(row(at, source, few(problems), counts[at], world.home));
    }
    fleet.contexts = contexts.into_iter().map(|(_, context)| context).collect();
    fleet
}

/// More of one file nobody reads.
const PROBLEMS_AT_MOST: usize = 100;

/// Those that keep something from being used come first when there is no room for all.
fn few(mut problems: Vec<Problem>) -> Vec<Problem> {
    let more = problems.len().saturating_sub(PROBLEMS_AT_MOST);
    if more > 0 {
        problems.sort_by_key(|problem| problem.severity != Severity::Unusable);
        problems.truncate(PROBLEMS_AT_MOST);
        problems.sort_by_key(|problem| problem.line);
        problems.push(whole_file("KC01", Severity::Risk, 0, format!("{more} more problems of this file are not listed.")));
    }
    problems
}

fn row(at: usize, source: &Source, problems: Vec<Problem>, contexts: u32, home: Option<&Path>) -> FileRow {
    let unusable = problems.iter().any(|problem| problem.severity == Severity::Unusable);
    let state = match &source.loaded {
        Loaded::Missing => FileState::Missing,
        Loaded::Folder | Loaded::NotReadable(_) => FileState::Unreadable,
        Loaded::Kept(_) => FileState::BeingRewritten,
        Loaded::Parsed { parsed, .. } if parsed.readable == Readable::No => FileState::Unreadable,
        Loaded::Parsed { .. } if unusable => FileState::Partly,
        Loaded::Parsed { .. } => FileState::Good,
    };
    FileRow {
        id: source.listed.id.clone(),
        shown: owned(shown(&source.listed.path, home)),
        order: u32::try_from(at).unwrap_or(u32::MAX),
        origin: source.listed.origin.clone(),
        state,
        current_context: source.loaded.parsed().and_then(|parsed| parsed.current_context.as_ref()).map(|current| owned(&current.name)).unwrap_or_default(),
        contexts,
        problems,
    }
}

/// What can be said of a file without its neighbours; the entries speak for themselves later.
fn own_problems(source: &Source) -> Vec<Problem> {
    match &source.loaded {
        Loaded::Parsed { parsed, mode, folder_mode } => {
            let mut problems = parsed.problems.clone();
            if mode & 0o077 != 0 {
                problems.push(whole_file("KC26", Severity::Risk, 0, "Other users of this computer can read or change this file; chmod 600 keeps it yours."));
            }
            if folder_mode & 0o022 != 0 {
                problems.push(whole_file("KC26", Severity::Risk, 0, "Other users of this computer can replace files in the folder of this file."));
            }
            problems
        }
        Loaded::Kept(parsed) => parsed.problems.clone(),
        Loaded::Missing if source.listed.part == Part::Alone => vec![whole_file("KC02", Severity::Risk, 0, "The file does not exist any more.")],
        Loaded::Missing => vec![],
        Loaded::Folder => vec![whole_file("KC02", Severity::Risk, 0, "This is a folder; kubectl refuses the whole list because of it.")],
        Loaded::NotReadable(why) => vec![whole_file("KC02", Severity::Risk, 0, format!("The file cannot be read: {why}."))],
    }
}

/// A missing file of `KUBECONFIG` is normal, unless all of them are.
fn missing_list(sources: &[Source], of_kubectl: &[usize], said: &mut [Vec<Problem>]) {
    let all = of_kubectl.iter().all(|at| matches!(sources[*at].loaded, Loaded::Missing) && sources[*at].listed.origin == Origin::Environment);
    if let (true, Some(first)) = (all, of_kubectl.first()) {
        said[*first].push(whole_file("KC02", Severity::Risk, 0, "No file that KUBECONFIG names exists."));
    }
}

/// The first value that is not empty.
fn current<'a>(sources: &'a [Source], members: &[usize]) -> Option<(usize, &'a str)> {
    members.iter().find_map(|at| {
        let current = sources[*at].loaded.parsed()?.current_context.as_ref()?;
        (!current.name.is_empty()).then_some((*at, current.name.as_str()))
    })
}

/// Merges and resolves the files of one configuration.
fn configuration(sources: &[Source], members: &[usize], world: &World<'_>, said: &mut [Vec<Problem>]) -> Vec<(usize, Resolved)> {
    let clusters =
        Named::gather(sources, members, said, "cluster", |parsed| &parsed.clusters, |entry, folder| (lint::cluster(entry, &around(folder, world)), None));
    let users = Named::gather(sources, members, said, "user", |parsed| &parsed.users, |entry, folder| check_user(entry, &around(folder, world)));
    let contexts = Named::gather(sources, members, said, "context", |parsed| &parsed.contexts, |entry, _| (lint::context(entry), None));
    let current = current(sources, members);

    let mut used_clusters = HashSet::new();
    let mut used_users = HashSet::new();
    let mut resolved = Vec::with_capacity(contexts.all.len());
    for (at, checked) in &contexts.all {
        let body: &Context = &checked.entry.body;
        used_clusters.insert(body.cluster.as_str());
        used_users.insert(body.user.as_str());
        let id = context_id(&sources[*at].listed, &checked.entry.name);
        let mut context = resolve(id, checked, clusters.get(&body.cluster), users.get(&body.user));
        if current.is_some_and(|(_, name)| name == checked.entry.name) {
            context.current = CurrentContext::Yes;
        }
        context.shadows = contexts.shadows.get(checked.entry.name.as_str()).cloned().unwrap_or_default();
        said[*at].extend(
            context
                .problems
                .iter()
                .filter(|problem| matches!(problem.rule.as_str(), "KC07" | "KC08" | "KC16") && problem.entry.starts_with("context "))
                .cloned(),
        );
        resolved.push((*at, context));
    }
    if let Some((at, name)) = current.filter(|(_, name)| contexts.get(name).is_none()) {
        let line = sources[at].loaded.parsed().and_then(|parsed| parsed.current_context.as_ref()).map_or(0, |current| current.line);
        said[at].push(whole_file("KC09", Severity::Risk, line, format!("current-context is {name:?}, and no context has that name.")));
    }
    orphans("cluster", &clusters, &used_clusters, said);
    orphans("user", &users, &used_users, said);
    resolved
}

fn context_id(listed: &Listed, name: &str) -> ContextId {
    match listed.part {
        Part::OfKubectl => ContextId::from(format!("#{name}")),
        Part::Alone => ContextId::from(format!("{}#{name}", listed.id)),
    }
}

fn around<'a>(folder: &'a Path, world: &World<'a>) -> Around<'a> {
    Around { folder, look: world.look, now: world.now }
}

fn check_user(entry: &Entry<User>, around: &Around<'_>) -> (Vec<Problem>, Option<Timestamp>) {
    let token = entry.body.token.as_ref().filter(|_| entry.body.token_file.is_none());
    let expires = token.and_then(|token| token_expiry(token.reveal())).or_else(|| lint::certificate_end(&entry.body, around));
    (lint::user(entry, around), expires)
}

fn orphans<T>(kind: &str, named: &Named<'_, T>, used: &HashSet<&str>, said: &mut [Vec<Problem>]) {
    for (at, checked) in named.all.iter().filter(|(_, checked)| !used.contains(checked.entry.name.as_str())) {
        let sentence = format!("No context uses the {kind} {:?}.", checked.entry.name);
        said[*at].push(problem("KC10", Severity::Note, checked.entry.line, kind, &checked.entry.name, sentence));
    }
}

/// The entries of one kind that count, each with the place of its file.
struct Named<'a, T> {
    all: Vec<(usize, Checked<'a, T>)>,
    by_name: HashMap<&'a str, usize>,
    shadows: HashMap<&'a str, Vec<Place>>,
}

impl<'a, T> Named<'a, T> {
    /// The first entry of a name counts, unless it could not be read: a bad entry never hides another.
    fn gather(
        sources: &'a [Source],
        members: &[usize],
        said: &mut [Vec<Problem>],
        kind: &str,
        list: fn(&Parsed) -> &Vec<Entry<T>>,
        check: impl Fn(&Entry<T>, &Path) -> (Vec<Problem>, Option<Timestamp>),
    ) -> Self {
        let mut named = Self { all: vec![], by_name: HashMap::new(), shadows: HashMap::new() };
        for at in members.iter().copied() {
            let listed = &sources[at].listed;
            let Some(parsed) = sources[at].loaded.parsed() else { continue };
            let folder = listed.path.parent().unwrap_or(Path::new("/"));
            for entry in list(parsed) {
                let (found, expires) = check(entry, folder);
                let problems: Vec<Problem> = entry.problems.iter().cloned().chain(found).collect();
                said[at].extend(problems.iter().cloned());
                let checked = Checked { file: &listed.id, folder, part: listed.part, entry, problems, expires };
                named.add(at, checked, kind, said);
            }
        }
        named
    }

    fn add(&mut self, at: usize, checked: Checked<'a, T>, kind: &str, said: &mut [Vec<Problem>]) {
        let name = checked.entry.name.as_str();
        let Some(first) = self.by_name.get(name).copied() else {
            self.by_name.insert(name, self.all.len());
            self.all.push((at, checked));
            return;
        };
        if !self.all[first].1.entry.is_usable() && checked.entry.is_usable() {
            self.all[first] = (at, checked);
            return;
        }
        let sentence = format!("An earlier file also has the {kind} {name:?}; this one is not used.");
        said[at].push(problem("KC04", Severity::Risk, checked.entry.line, kind, name, sentence));
        self.shadows.entry(name).or_default().push(Place { file: checked.file.clone(), line: checked.entry.line });
    }

    fn get(&self, name: &str) -> Option<&Checked<'a, T>> {
        self.by_name.get(name).map(|at| &self.all[*at].1)
    }
}

#[cfg(test)]
mod tests;
