//! What stands in which place of the fleet?
//!
//! Start at: [`locals`] and [`groups`].

pub mod managed;
pub mod power;

use std::rc::Rc;

use api::{
    ContextId, FaultCode, JobId, RowId, Timestamp,
    contexts::{ContextRow, Favourite, Guard, Link, TlsCheck},
    files::{FileRow, FileState, Origin, Severity},
    jobs::JobRow,
    local::{ContainerState, LocalRow, LocalState, Role},
    settings::Choices,
};

use super::{
    clock::{Clock, Pace},
    jobs,
    time::ago,
};
use crate::{
    widgets::State,
    words::fleet::{SignsIn, Told, connection, file_trouble, local_state, runs_on, signs_in, worst},
};

/// How a line hangs on the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    None,
    Middle,
    Last,
}

/// What the button of a local cluster does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalAction {
    Open(ContextId),
    Watch(JobId),
    Start,
    Unpause,
    /// Nothing to open: no kubeconfig has a context for it.
    None,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LocalLine {
    pub branch: Branch,
    pub row: Rc<LocalRow>,
    pub told: Told,
    pub marks: Vec<State>,
    pub ready: usize,
    pub runs_on: String,
    pub action: LocalAction,
    /// The context that opens it.
    pub context: Option<Rc<ContextRow>>,
}

/// Local clusters: managers with those they manage below them, then the others.
pub fn locals(rows: &[Rc<LocalRow>], contexts: &[Rc<ContextRow>], clock: Clock) -> Vec<LocalLine> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|r| r.order);
    let of = |row: &LocalRow| match &row.role {
        Role::Workload { of: Some(manager) } if rows.iter().any(|r| r.name == *manager) => Some(manager.clone()),
        Role::Workload { .. } | Role::Management | Role::Plain | Role::Foreign { .. } => None,
    };
    let mut lines = vec![];
    let local = |row: &Rc<LocalRow>, branch| {
        let context = row.context.as_ref().and_then(|id| contexts.iter().find(|c| c.id == *id)).cloned();
        local(row, context, branch, clock)
    };
    for row in rows.iter().filter(|r| of(r).is_none()) {
        lines.push(local(row, Branch::None));
        let managed: Vec<_> = rows.iter().filter(|r| of(r).as_deref() == Some(row.name.as_str())).collect();
        for (place, row) in managed.iter().enumerate() {
            lines.push(local(row, if place + 1 == managed.len() { Branch::Last } else { Branch::Middle }));
        }
    }
    lines
}

/// Contexts that do not stand beside a local cluster already: KOS made their files for just that cluster.
pub fn elsewhere(contexts: &[Rc<ContextRow>], local: &[Rc<LocalRow>], files: &[Rc<FileRow>]) -> Vec<Rc<ContextRow>> {
    let made = |c: &ContextRow| files.iter().any(|f| f.id == c.file && f.origin == Origin::Made);
    let beside = |c: &ContextRow| local.iter().any(|row| row.context.as_ref() == Some(&c.id));
    contexts.iter().filter(|c| !(made(c) && beside(c))).cloned().collect()
}

/// Files that stand for themselves: one of KOS's own whose contexts all stand beside their cluster is left out.
pub fn shown_files(files: &[Rc<FileRow>], shown: &[Rc<ContextRow>]) -> Vec<Rc<FileRow>> {
    let whole = |f: &FileRow| f.origin == Origin::Made && f.state == FileState::Good && f.problems.is_empty();
    files.iter().filter(|f| !whole(f) || shown.iter().any(|c| c.file == f.id)).cloned().collect()
}

fn local(row: &Rc<LocalRow>, context: Option<Rc<ContextRow>>, branch: Branch, clock: Clock) -> LocalLine {
    let marks: Vec<State> = row
        .nodes
        .iter()
        .map(|n| match &n.state {
            ContainerState::Running => State::Healthy,
            ContainerState::Paused => State::Paused,
            ContainerState::Exited { .. } if matches!(row.state, LocalState::Mixed { .. }) => State::Failed,
            ContainerState::Exited { .. } => State::Idle,
            ContainerState::Other(_) => State::Unknown,
        })
        .collect();
    let ready = marks.iter().filter(|m| matches!(m, State::Healthy | State::Paused)).count();
    let open = || row.context.clone().map_or(LocalAction::None, LocalAction::Open);
    let action = match (&row.job, &row.role, &row.state) {
        (Some(job), _, _) => LocalAction::Watch(job.clone()),
        // Its machines belong to its manager, which would not understand why they start or stop.
        (None, Role::Workload { .. }, _) => open(),
        // Its own program switches it.
        (None, Role::Foreign { .. }, _) => open(),
        (None, Role::Management | Role::Plain, LocalState::Stopped { .. } | LocalState::Mixed { .. }) => LocalAction::Start,
        (None, Role::Management | Role::Plain, LocalState::Paused) => LocalAction::Unpause,
        (None, Role::Management | Role::Plain, LocalState::Running | LocalState::Creating | LocalState::NotAsked) => open(),
    };
    let told = local_state(row, context.as_ref().map(|c| &c.link), clock);
    LocalLine { branch, told, context, marks, ready, runs_on: runs_on(row), action, row: row.clone() }
}

/// Control plane nodes beyond one: their cluster may not start again once it is stopped.
pub fn may_not_restart(row: &LocalRow) -> Option<usize> {
    if matches!(row.role, Role::Foreign { .. }) {
        return None;
    }
    let planes = row.nodes.iter().filter(|node| node.role == "control-plane").count();
    (planes > 1).then_some(planes)
}

/// What the button of a context does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextAction {
    Open,
    Connect,
    TryNow,
    /// Shows what is needed to sign in.
    SignIn,
    /// Shows the program that wants to run.
    Review,
    Explain,
}

impl ContextAction {
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Connect => "Connect",
            Self::TryNow => "Try now",
            Self::SignIn => "Sign in",
            Self::Review => "Review",
            Self::Explain => "Explain",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ContextLine {
    pub row: Rc<ContextRow>,
    pub told: Told,
    pub signs_in: SignsIn,
    pub last_used: String,
    pub action: ContextAction,
}

/// A file with those of its contexts that match.
#[derive(Debug, Clone, PartialEq)]
pub struct FileGroup {
    pub file: Rc<FileRow>,
    pub trouble: Option<Told>,
    /// The line of its worst problem, 0 when none.
    pub line: u32,
    pub contexts: Vec<ContextLine>,
}

/// Contexts by file, narrowed by what was typed: name, server or path.
pub fn groups(files: &[Rc<FileRow>], contexts: &[Rc<ContextRow>], filter: &str, clock: Clock) -> Vec<FileGroup> {
    let filter = filter.trim().to_lowercase();
    let matches = |text: &str| text.to_lowercase().contains(&filter);
    let mut files = files.to_vec();
    files.sort_by_key(|f| f.order);
    let mut contexts = contexts.to_vec();
    contexts.sort_by_key(|c| c.order);
    let group = |file: &Rc<FileRow>| {
        let all = filter.is_empty() || matches(&file.shown);
        let mine = contexts.iter().filter(|c| c.file == file.id && (all || matches(&c.name) || matches(&c.server)));
        let contexts: Vec<_> = mine.map(|c| context(c, clock)).collect();
        // A folder without files of its own is a place to look, not a group.
        let shown = all || !contexts.is_empty();
        shown.then(|| FileGroup { trouble: file_trouble(file), line: worst(file).0.map_or(0, |p| p.line), file: file.clone(), contexts })
    };
    files.iter().filter(|f| f.state != FileState::Missing || !f.problems.is_empty()).filter_map(group).collect()
}

fn context(row: &Rc<ContextRow>, clock: Clock) -> ContextLine {
    ContextLine {
        told: connection(row, clock),
        signs_in: signs_in(row, clock.now),
        last_used: row.last_used.map_or_else(|| "–".into(), |at| ago(clock.now.since(at))),
        action: action(row),
        row: row.clone(),
    }
}

/// The one verb that leads on from where a connection is.
pub fn action(row: &ContextRow) -> ContextAction {
    match &row.link {
        Link::Unopened if row.problems.iter().any(|p| p.severity == Severity::Unusable) => ContextAction::Explain,
        Link::Unopened => ContextAction::Connect,
        Link::Opening { .. } | Link::Live { .. } => ContextAction::Open,
        Link::Stale { .. } | Link::Unreachable { .. } => ContextAction::TryNow,
        Link::NeedsYou { why, .. } if why.code == FaultCode::SignIn => ContextAction::SignIn,
        Link::NeedsYou { why, .. } if matches!(why.code, FaultCode::Trust | FaultCode::TrustFile) => ContextAction::Review,
        Link::NeedsYou { .. } => ContextAction::Explain,
    }
}

/// How often the fleet changes by time alone: countdowns, running jobs and what is seconds old are told to the second.
pub fn pace(contexts: &[Rc<ContextRow>], local: &[Rc<LocalRow>], jobs: &[Rc<JobRow>], now: Timestamp) -> Pace {
    let next_try = |row: &Rc<ContextRow>| match row.link {
        Link::Stale { retry_at, .. } | Link::Unreachable { retry_at, .. } => Some(retry_at),
        Link::Unopened | Link::Opening { .. } | Link::Live { .. } | Link::NeedsYou { .. } => None,
    };
    let moments = contexts.iter().filter_map(next_try).chain(local.iter().filter_map(|row| row.created)).chain(jobs.iter().filter_map(|row| row.ended));
    Pace::of(now, moments).or(jobs::list::pace(jobs))
}

/// What the badge of a pinned context shows.
pub fn badge(link: &Link) -> State {
    match link {
        Link::Unopened => State::Idle,
        Link::Opening { .. } => State::Progress,
        Link::Live { .. } => State::Healthy,
        Link::Stale { .. } => State::Stale,
        Link::Unreachable { .. } => State::Failed,
        Link::NeedsYou { why, .. } if why.code == FaultCode::SignIn => State::Stale,
        Link::NeedsYou { .. } => State::Warning,
    }
}

/// Contexts on the rail, in the order they were pinned.
pub fn pinned(contexts: &[Rc<ContextRow>]) -> Vec<Rc<ContextRow>> {
    let place = |c: &ContextRow| match c.favourite {
        Favourite::Pinned { place } => Some(place),
        Favourite::No => None,
    };
    let mut pinned: Vec<_> = contexts.iter().filter(|c| place(c).is_some()).cloned().collect();
    pinned.sort_by_key(|c| (place(c), c.order));
    pinned
}

/// The place a context gets when it is pinned now.
pub fn next_place(contexts: &[Rc<ContextRow>]) -> Favourite {
    let last = contexts.iter().filter_map(|c| match c.favourite {
        Favourite::Pinned { place } => Some(place),
        Favourite::No => None,
    });
    Favourite::Pinned { place: last.max().map_or(0, |p| p + 1) }
}

pub fn protected(row: &ContextRow) -> bool {
    row.guard == Guard::Protected
}

/// What is typed before a context is no longer protected. Nothing where a rule protects it: it stays so, and the core names the rule.
pub fn typed_to_release(row: &ContextRow, choices: &Choices) -> Option<String> {
    (protected(row) && choices.rule_for(&row.name).is_none()).then(|| row.name.clone())
}

pub fn unverified(row: &ContextRow) -> Option<&'static str> {
    match row.tls {
        TlsCheck::Verified => None,
        TlsCheck::NotVerified => Some("TLS not verified"),
        TlsCheck::PlainHttp => Some("No TLS"),
    }
}

/// What the core says of a name that may be taken for another.
const DECEIVES: &str = "KC32";

/// A mark for a name that may be taken for another one.
pub fn deceives(row: &ContextRow) -> Option<&'static str> {
    row.problems.iter().any(|problem| problem.rule == DECEIVES).then_some("Name may deceive")
}

/// The row of a context in its stream.
pub fn row_id(context: &ContextId) -> RowId {
    RowId(context.0.clone())
}

#[cfg(test)]
mod tests;
