//! What needs a human?

use std::rc::Rc;

use api::{
    ContextId, Fault, FaultCode, JobId,
    computer::{CheckId, CheckRow, Verdict},
    contexts::{ContextRow, Link},
    files::{FileRow, FileState},
    jobs::{Amid, JobRow, JobState},
    local::{LocalRow, LocalState, Role},
};

use super::{
    clock::Clock,
    waits::{WaitsFor, waits_for},
};
use crate::widgets::State;

/// Where a need leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    Job(JobId),
    Doctor,
    /// Shows the fault of a context, with its fixes.
    Explain(ContextId),
    Trust(ContextId),
    Start(String),
    Open(ContextId),
    /// A cluster of Cluster API, with what blocks it.
    Cluster {
        context: ContextId,
        namespace: String,
        name: String,
    },
    CopyPath {
        path: String,
        line: u32,
    },
}

/// One thing that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub state: State,
    pub head: String,
    pub text: String,
    /// `since 13:41`; empty where the text says it, or nobody knows.
    pub since: String,
    pub verb: String,
    pub lead: Lead,
}

/// Everything that waits for a person, what stopped work first.
pub fn needs(
    jobs: &[Rc<JobRow>],
    local: &[Rc<LocalRow>],
    contexts: &[Rc<ContextRow>],
    checks: &[Rc<CheckRow>],
    files: &[Rc<FileRow>],
    clock: Clock,
) -> Vec<Need> {
    let mut all: Vec<Need> = vec![];
    all.extend(jobs.iter().filter_map(|j| job(j)));
    all.extend(local.iter().filter_map(|l| cluster(l)));
    all.extend(contexts.iter().filter_map(|c| context(c, clock)));
    all.extend(checks.iter().filter_map(|c| check(c)));
    all.extend(files.iter().filter_map(|f| file(f)));
    all
}

/// Whether a context waits for a sign-in, or for a word on a program or a file.
pub fn asks(row: &ContextRow) -> bool {
    matches!(&row.link, Link::NeedsYou { why, .. } if matches!(why.code, FaultCode::SignIn | FaultCode::Trust | FaultCode::TrustFile))
}

/// Who has to sign in and what asks to be run or sent, as the list of jobs says it.
pub fn sign_ins(contexts: &[Rc<ContextRow>], clock: Clock) -> Vec<Need> {
    let said = |row: &Rc<ContextRow>| {
        let Link::NeedsYou { since, why } = &row.link else { return None };
        let need = Need { since: format!("since {}", clock.moment(*since)), ..context(row, clock)? };
        let head = if why.code == FaultCode::SignIn { format!("Sign in to {}", row.name) } else { need.head };
        Some(Need { head, text: why.sentence.clone(), ..need })
    };
    contexts.iter().filter(|row| asks(row)).filter_map(said).collect()
}

fn job(row: &JobRow) -> Option<Need> {
    let lead = Lead::Job(row.id.clone());
    let title = row.title.plain();
    let (state, head, text) = match &row.state {
        JobState::Failed { why, .. } => (State::Failed, format!("{title} failed"), why.sentence.clone()),
        JobState::UndoFailed { why } => (State::Failed, format!("{title} was not undone"), why.sentence.clone()),
        JobState::Damaged { why } => (State::Failed, format!("{title} cannot go on"), why.sentence.clone()),
        JobState::Interrupted { amid, .. } => {
            let doing = match amid {
                Amid::Run => "it ran",
                Amid::Undo => "it was being undone",
            };
            (State::Warning, format!("{title} was interrupted"), format!("KOS ended while {doing}. Nothing goes on before you choose."))
        }
        JobState::Running | JobState::Undoing { .. } | JobState::Done | JobState::Undone | JobState::Kept => return None,
    };
    Some(Need { state, head, text, since: String::new(), verb: "See why".into(), lead })
}

fn cluster(row: &LocalRow) -> Option<Need> {
    let LocalState::Mixed { running, of } = row.state else { return None };
    let (verb, lead) = match (&row.role, &row.context) {
        (Role::Management | Role::Plain, _) => (format!("Start {}", row.name), Lead::Start(row.name.clone())),
        (Role::Workload { .. }, Some(context)) => (format!("Open {}", row.name), Lead::Open(context.clone())),
        // Its manager works on it, and there is nothing to open.
        (Role::Workload { .. }, None) => return None,
        // Its own program works on it.
        (Role::Foreign { .. }, _) => return None,
    };
    let head = format!("{} runs only in part", row.name);
    row.job.is_none().then(|| Need { state: State::Warning, head, text: format!("{running} of {of} containers run."), since: String::new(), verb, lead })
}

fn context(row: &ContextRow, clock: Clock) -> Option<Need> {
    let Link::NeedsYou { since, why } = &row.link else { return None };
    let explain = |state: State, head: String, why: &Fault| Need {
        state,
        head,
        text: why.sentence.clone(),
        since: String::new(),
        verb: "Explain".into(),
        lead: Lead::Explain(row.id.clone()),
    };
    let review = |head: String, verb: &str| Need {
        state: State::Warning,
        head,
        text: why.sentence.clone(),
        since: String::new(),
        verb: verb.into(),
        lead: Lead::Trust(row.id.clone()),
    };
    Some(match waits_for(why.code) {
        WaitsFor::SignIn => Need {
            state: State::Stale,
            head: format!("{} needs a sign-in", row.name),
            text: format!("{} Waiting since {}. KOS opens no browser by itself.", why.sentence, clock.moment(*since)),
            since: String::new(),
            verb: "Sign in".into(),
            lead: Lead::Explain(row.id.clone()),
        },
        WaitsFor::Trust => review(format!("{} wants to run a program", row.name), "Review the program"),
        WaitsFor::TrustFile => review(format!("{} wants to send a file", row.name), "Review the file"),
        WaitsFor::Certificate => explain(State::Failed, format!("{}: certificate not accepted", row.name), why),
        WaitsFor::Plugin | WaitsFor::Other => explain(State::Warning, format!("{} does not connect", row.name), why),
    })
}

fn check(row: &CheckRow) -> Option<Need> {
    // A missing program is fetched when it is needed; nobody has to act before.
    let offered = matches!(row.id, CheckId::Kind | CheckId::Clusterctl | CheckId::Kubectl | CheckId::Helm | CheckId::Git);
    let head = if row.id != CheckId::InotifyInstances {
        row.title.clone()
    } else if row.explanation.starts_with("All ") {
        "No inotify instances are left".to_owned()
    } else {
        // The check fails too where the limit serves a node or two.
        "Few inotify instances are left".to_owned()
    };
    (row.verdict == Verdict::Failed && !offered).then(|| Need {
        state: State::Warning,
        head,
        text: if row.explanation.is_empty() { row.matters.clone() } else { row.explanation.clone() },
        since: String::new(),
        verb: "Open Doctor".into(),
        lead: Lead::Doctor,
    })
}

fn file(row: &FileRow) -> Option<Need> {
    let worst = row.problems.iter().max_by_key(|p| p.severity);
    (row.state == FileState::Unreadable).then(|| Need {
        state: State::Failed,
        head: format!("{} cannot be read", row.shown),
        text: worst.map(|p| p.sentence.clone()).unwrap_or_default(),
        since: String::new(),
        verb: worst.filter(|p| p.line > 0).map_or_else(|| "Copy path".into(), |p| format!("Copy path, line {}", p.line)),
        lead: Lead::CopyPath { path: row.id.0.clone(), line: worst.map_or(0, |p| p.line) },
    })
}

#[cfg(test)]
mod tests;
