//! How is the fleet described?

use api::{
    FaultCode, Millis, Timestamp,
    connect::Life,
    contexts::{ContextRow, Link, Way},
    files::{FileRow, FileState, Problem, Severity},
    local::{LocalRow, LocalState, Maker, Role},
};

use crate::{
    model::{
        clock::{Clock, bytes, span},
        time::{age, latency, plural},
        waits::{WaitsFor, waits_for},
    },
    widgets::{Pic, State, Voice},
};

pub const TITLE: &str = "Fleet";
pub const LOCAL: &str = "Local clusters";
pub const CONTEXTS: &str = "Kubeconfig contexts";
pub const NEEDS: &str = "Needs you";
pub const MACHINE: &str = "This machine";
pub const JOBS: &str = "Jobs";
pub const ADD: &str = "Add kubeconfig";
pub const NEW: &str = "New workload cluster";
pub const CREATE: &str = "Create local management cluster";
pub const STOP_HEAD: &str = "It may not start again.";
pub const STOP_KNOWN: &str = "When their containers start again, Docker may give them other addresses than etcd and the API servers remember, and kind does not mend that (kind issue 1689, open). Pausing keeps the addresses.";
pub const PAUSE_KEPT: &str = "Nothing is deleted. Its memory stays in use until it is resumed.";
pub const STOP_KEPT: &str = "Nothing is deleted: containers and their volumes stay.";

/// A state with its words, as a pill says them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub state: State,
    pub voice: Voice,
    pub words: String,
}

pub fn told(state: State, voice: Voice, words: impl Into<String>) -> Told {
    Told { state, voice, words: words.into() }
}

/// `5 local clusters and 8 contexts in 4 kubeconfig files. Nothing is contacted until you open it.`
pub fn summary(local: usize, contexts: usize, files: usize) -> String {
    format!(
        "{} and {} in {}. Nothing is contacted until you open it.",
        plural(local, "local cluster", "local clusters"),
        plural(contexts, "context", "contexts"),
        plural(files, "kubeconfig file", "kubeconfig files")
    )
}

/// How a context's connection is.
pub fn connection(row: &ContextRow, clock: Clock) -> Told {
    let next = |at: Timestamp| if at > clock.now { format!("next try in {}", span(at.since(clock.now))) } else { "trying now".into() };
    if let Some(words) = row.workload.as_ref().and_then(|workload| gone(workload.life, clock)) {
        return told(State::Warning, Voice::Tinted, words);
    }
    match &row.link {
        Link::Unopened if row.problems.iter().any(|p| p.rule == NO_PLUGIN) => told(State::Warning, Voice::Tinted, "Plugin not found"),
        Link::Unopened if row.problems.iter().any(|p| p.severity == Severity::Unusable) => told(State::Failed, Voice::Tinted, "Cannot be used as written"),
        Link::Unopened => told(State::Idle, Voice::Quiet, "Not connected"),
        Link::Opening { .. } => told(State::Progress, Voice::Quiet, "Connecting"),
        Link::Live { .. } if row.problems.iter().any(|p| p.rule == ANOTHER) => told(State::Warning, Voice::Tinted, "Another cluster than before"),
        Link::Live { .. } if row.problems.iter().any(|p| p.rule == DROPPED) => told(State::Warning, Voice::Tinted, "Open, in no file any more"),
        Link::Live { .. } if row.problems.iter().any(|p| p.rule == CLOCK) => told(State::Warning, Voice::Tinted, "Clock of this computer is off"),
        Link::Live { latency: l, .. } => told(State::Healthy, Voice::Quiet, format!("Live, {}", latency(*l))),
        Link::Stale { since, retry_at, .. } => told(State::Stale, Voice::Tinted, format!("Stale since {}, {}", clock.moment(*since), next(*retry_at))),
        Link::Unreachable { why, retry_at, .. } => {
            // Who could not sign in has not asked the server.
            let what = match waits_for(why.code) {
                WaitsFor::Plugin => "Plugin failed",
                WaitsFor::SignIn => "Sign-in failed",
                WaitsFor::Trust | WaitsFor::TrustFile | WaitsFor::Certificate | WaitsFor::Other => "Unreachable",
            };
            told(State::Failed, Voice::Tinted, format!("{what}, {}", next(*retry_at)))
        }
        Link::NeedsYou { since, why } => needs_you(why.code, &why.sentence, *since, clock),
    }
}

/// Why a kept kubeconfig opens nothing any more.
fn gone(life: Life, clock: Clock) -> Option<String> {
    match life {
        Life::There => None,
        Life::Deleted { at } => Some(format!("Its cluster was deleted at {}", clock.moment(at))),
        Life::Remade { at } => Some(format!("Its cluster was made again at {}", clock.moment(at))),
    }
}

/// `from kind-kos-mgmt`: whose cluster a context opens.
pub fn origin(row: &ContextRow) -> Option<String> {
    row.workload.as_ref().map(|workload| format!("from {}", workload.manager))
}

fn needs_you(code: FaultCode, sentence: &str, since: Timestamp, clock: Clock) -> Told {
    match waits_for(code) {
        WaitsFor::SignIn => told(State::Stale, Voice::Tinted, format!("Sign in needed since {}", clock.moment(since))),
        WaitsFor::Trust => told(State::Warning, Voice::Tinted, "Asks to run its program"),
        WaitsFor::TrustFile => told(State::Warning, Voice::Tinted, "Asks to send a file"),
        WaitsFor::Plugin => told(State::Warning, Voice::Tinted, "Plugin failed"),
        WaitsFor::Certificate => told(State::Failed, Voice::Tinted, "Certificate not accepted"),
        WaitsFor::Other => told(State::Warning, Voice::Tinted, sentence.trim_end_matches('.')),
    }
}

/// Certificates that end within this time are said loudly.
const SOON: Millis = Millis(30 * 86_400_000);
const SOON_FOR_A_TOKEN: Millis = Millis::seconds(5 * 60);

/// How a context signs in: drawing, words, and a warning of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignsIn {
    pub icon: Pic,
    pub words: String,
    pub warning: Option<Told>,
}

pub fn signs_in(row: &ContextRow, now: Timestamp) -> SignsIn {
    let (icon, words) = match &row.sign_in.way {
        Way::Nothing => (Pic::User, "Nothing".to_owned()),
        Way::ClientCertificate => (Pic::FileBadge, "Client certificate".into()),
        Way::Token => (Pic::KeyRound, "Token".into()),
        Way::TokenFile => (Pic::KeyRound, "Token file".into()),
        Way::Basic => (Pic::User, "User and password".into()),
        Way::Plugin { command } => (Pic::Terminal, command.clone()),
        Way::Legacy { name } => (Pic::Terminal, format!("auth-provider {name}, which KOS does not speak")),
    };
    let ends = match row.sign_in.way {
        Way::ClientCertificate | Way::Token => row.sign_in.expires,
        Way::Nothing | Way::TokenFile | Way::Basic | Way::Plugin { .. } | Way::Legacy { .. } => None,
    };
    // A certificate is renewed by hand, a token every hour: each is said loudly when it is time to act.
    let soon = if row.sign_in.way == Way::Token { SOON_FOR_A_TOKEN } else { SOON };
    match ends {
        Some(at) if at <= now => SignsIn { icon, words: format!("{words},"), warning: Some(told(State::Failed, Voice::Tinted, "expired")) },
        Some(at) if at.since(now) < soon => {
            SignsIn { icon, words: format!("{words},"), warning: Some(told(State::Warning, Voice::Tinted, format!("{} left", age(at.since(now))))) }
        }
        Some(at) if row.sign_in.way == Way::Token => SignsIn { icon, words: format!("{words}, {} left", age(at.since(now))), warning: None },
        Some(at) => SignsIn { icon, words: format!("{words}, {}", age(at.since(now))), warning: None },
        None if row.sign_in.way == Way::Token => SignsIn { icon, words: "Token, no expiry known".into(), warning: None },
        None => SignsIn { icon, words, warning: None },
    }
}

/// How a local cluster is: its containers, and its API server while one is connected to it.
pub fn local_state(row: &LocalRow, link: Option<&Link>, clock: Clock) -> Told {
    match &row.state {
        LocalState::Creating => told(State::Progress, Voice::Quiet, "Being created"),
        LocalState::Running => match link {
            Some(Link::Live { latency: l, .. }) => told(State::Healthy, Voice::Quiet, format!("Live, {}", latency(*l))),
            Some(Link::Stale { .. } | Link::Unreachable { .. }) => told(State::Warning, Voice::Tinted, "Runs, its API does not answer"),
            Some(Link::Unopened | Link::Opening { .. } | Link::NeedsYou { .. }) | None => told(State::Healthy, Voice::Quiet, "Running"),
        },
        LocalState::Paused => told(State::Paused, Voice::Quiet, "Paused"),
        LocalState::Stopped { since: Some(at) } => told(State::Idle, Voice::Quiet, format!("Stopped since {}", clock.moment(*at))),
        LocalState::Stopped { since: None } => told(State::Idle, Voice::Quiet, "Stopped"),
        LocalState::NotAsked => match link {
            Some(Link::Live { latency: l, .. }) => told(State::Healthy, Voice::Quiet, format!("Live, {}", latency(*l))),
            Some(Link::Stale { .. } | Link::Unreachable { .. }) => told(State::Warning, Voice::Tinted, "Its API does not answer"),
            Some(Link::Unopened | Link::Opening { .. } | Link::NeedsYou { .. }) | None => told(State::Idle, Voice::Quiet, "Set up, not asked whether it runs"),
        },
        LocalState::Mixed { running, of } => told(State::Warning, Voice::Filled, format!("{running} of {of} containers run")),
    }
}

/// Marks a cluster that another program made.
pub const FOREIGN: &str = "not ours";

/// Who manages a cluster that is not ours.
pub fn managed_by(by: Maker) -> String {
    format!("{0} made it and manages it. KOS shows and opens it; start, stop and delete it with {0}.", by.name())
}

/// What a local cluster stands on.
pub fn runs_on(row: &LocalRow) -> String {
    match &row.role {
        Role::Workload { of: Some(manager) } => manager.clone(),
        Role::Workload { of: None } => "Cluster API, Docker".into(),
        Role::Management | Role::Plain => "kind, Docker".into(),
        Role::Foreign { by: by @ (Maker::K3d | Maker::Minikube) } if !row.nodes.is_empty() => format!("{}, Docker", by.name()),
        Role::Foreign { by } => by.name().into(),
    }
}

/// What the containers of a cluster use now: `0.4 cores, 1.2 GB`, with the same in a sentence; none where Docker does not say.
pub fn uses(row: &LocalRow) -> Option<(String, String)> {
    let (cpu, memory) = (row.cpu_milli?, bytes(row.memory_bytes?));
    let short = format!("{}.{} cores, {memory}", cpu / 1_000, cpu % 1_000 / 100);
    let whole = format!("Its containers use {}.{:02} cores and {memory} of memory.", cpu / 1_000, cpu % 1_000 / 10);
    Some((short, whole))
}

/// The rule that a program of a context is not there: the context's own row tells it, the file is as it should be.
const NO_PLUGIN: &str = "KC21";
/// What only a connection tells: the cluster is not the one of before.
const ANOTHER: &str = "KC31";
/// The rule by which an open context is one that no file names any more.
const DROPPED: &str = "KC33";
/// What only a connection tells: the clock of this computer is not the server's.
const CLOCK: &str = "KC34";

/// The worst problem of a file that no context tells by itself, and how many more there are. Of a file whose contexts can all
/// be used only what is risky about the file as a whole stands on its row.
pub fn worst(file: &FileRow) -> (Option<&Problem>, usize) {
    let risky = |p: &Problem| p.entry.is_empty() && p.severity >= Severity::Risk;
    let its_own = || file.problems.iter().filter(|p| p.rule != NO_PLUGIN && (file.state != FileState::Good || risky(p)));
    (its_own().max_by_key(|p| p.severity), its_own().count().saturating_sub(1))
}

/// What is wrong with a file, for its own row; empty when all is well.
pub fn file_trouble(file: &FileRow) -> Option<Told> {
    let (worst, more) = worst(file);
    // Some sentences name their line themselves.
    let words = worst.map(|p| if p.line > 0 && !p.sentence.starts_with("Line ") { format!("Line {}: {}", p.line, p.sentence) } else { p.sentence.clone() });
    let words = words.map(|w| if more > 0 { format!("{w} And {more} more.") } else { w });
    match file.state {
        FileState::Good => words.map(|w| told(State::Warning, Voice::Quiet, w)),
        FileState::Partly => words.map(|w| told(State::Warning, Voice::Tinted, w)),
        FileState::Unreadable => Some(told(State::Failed, Voice::Tinted, words.unwrap_or_else(|| "Cannot be read. Its contexts are not shown.".into()))),
        FileState::Missing => Some(told(State::Idle, Voice::Quiet, "No such file")),
        FileState::BeingRewritten => Some(told(State::Progress, Voice::Quiet, "Another program is writing it; the last good contexts are kept")),
    }
}
