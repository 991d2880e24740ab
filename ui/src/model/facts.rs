//! What is this machine like, in one line each?

use std::rc::Rc;

use api::computer::{CheckId, CheckRow, ComputerView, DockerState, Verdict};

use super::time::{gigabytes, plural};
use crate::widgets::State;

/// A line of “This computer”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub state: State,
    pub head: String,
    pub text: String,
}

impl Fact {
    /// The head where many stand in one line: a mark says that a limit is high enough.
    pub fn brief(&self) -> &str {
        self.head.strip_suffix(ENOUGH).unwrap_or(&self.head)
    }
}

/// What is said of limits that are no trouble.
const ENOUGH: &str = " are high enough";

fn fact(state: State, head: impl Into<String>, text: impl Into<String>) -> Fact {
    Fact { state, head: head.into(), text: text.into() }
}

/// Docker, memory, disk, kernel limits, programs and other clusters, in this order; `local` is how many clusters were found.
pub fn facts(computer: &ComputerView, checks: &[Rc<CheckRow>], local: usize) -> Vec<Fact> {
    let of = |id: CheckId| checks.iter().find(|c| c.id == id).map(Rc::as_ref);
    let mut all = vec![with_socket(docker(&computer.docker), &computer.docker, of(CheckId::DockerSocket))];
    if computer.memory_total > 0 {
        all.push(room("memory", computer.memory_free, of(CheckId::Memory)));
    }
    if computer.disk_total > 0 {
        all.push(room("disk", computer.disk_free, of(CheckId::Disk)));
    }
    all.extend(of(CheckId::InotifyInstances).and_then(|row| inotify(row, of(CheckId::InotifyWatches))));
    all.extend(programs(of(CheckId::Kind), of(CheckId::Clusterctl)));
    if local == 0 && matches!(computer.docker, DockerState::Running { .. }) {
        all.push(fact(State::Idle, "No other clusters found", "looked for kind, k3d, minikube, k3s, OpenShift Local and Docker Desktop"));
    }
    all
}

/// `12 checks passed`, or how many did not.
pub fn verdicts(checks: &[Rc<CheckRow>]) -> String {
    let made = checks.iter().filter(|c| c.verdict != Verdict::NotChecked).count();
    let passed = checks.iter().filter(|c| c.verdict == Verdict::Passed).count();
    match (made, made - passed) {
        (0, _) => "All checks".into(),
        (_, 0) => format!("{} passed", plural(passed, "check", "checks")),
        (made, failed) => format!("{failed} of {} not passed", plural(made, "check", "checks")),
    }
}

/// Docker's state in one line.
pub fn docker(docker: &DockerState) -> Fact {
    match docker {
        DockerState::NotAsked => fact(State::Idle, "Docker was not asked yet", ""),
        DockerState::Running { version, answer_ms } => fact(State::Healthy, format!("Docker {version}"), format!("answers in {answer_ms} ms")),
        DockerState::NotInstalled => fact(State::Warning, "Docker is not installed", "clusters on this computer need it; others do not"),
        DockerState::Stopped { .. } => fact(State::Warning, "Docker is installed, not running", "start it and a cluster is one click away"),
        DockerState::NoPermission { .. } => fact(State::Warning, "You may not use Docker", "your user is not in Docker's group"),
        DockerState::Unreachable { host, .. } => fact(State::Warning, "Docker does not answer", host.clone()),
    }
}

/// Cluster API makes machines through the socket of Docker: whether it can is said where Docker answers.
fn with_socket(docker: Fact, state: &DockerState, socket: Option<&CheckRow>) -> Fact {
    let DockerState::Running { .. } = state else { return docker };
    let words = match socket.map(|row| row.verdict) {
        Some(Verdict::Passed) => "; its socket can be mounted",
        Some(Verdict::Warning) => "; its socket is on another machine",
        Some(Verdict::Failed) => "; its socket cannot be mounted",
        Some(Verdict::NotChecked | Verdict::Unknown) | None => "",
    };
    Fact { text: format!("{}{words}", docker.text), ..docker }
}

/// What is free: whether it is enough is said by its check, and by nobody before it was made.
fn room(what: &str, free: u64, check: Option<&CheckRow>) -> Fact {
    let head = format!("{} GB {what} free", gigabytes(free));
    let Some(check) = check else { return fact(State::Idle, head, "") };
    let why = check.explanation.trim_end_matches('.');
    match check.verdict {
        Verdict::NotChecked => fact(State::Idle, head, ""),
        Verdict::Passed => fact(State::Healthy, head, format!("{} is enough", check.needed)),
        Verdict::Warning | Verdict::Failed => fact(State::Warning, head, why),
        Verdict::Unknown => fact(State::Unknown, format!("Free {what} cannot be told"), why),
    }
}

/// What Docker itself said, when it is not well.
pub fn docker_said(docker: &DockerState) -> Option<&str> {
    match docker {
        DockerState::NotAsked | DockerState::Running { .. } | DockerState::NotInstalled => None,
        DockerState::Stopped { said } | DockerState::NoPermission { said } | DockerState::Unreachable { said, .. } => Some(said),
    }
}

fn inotify(instances: &CheckRow, watches: Option<&CheckRow>) -> Option<Fact> {
    let found = |row: &CheckRow, what: &str| {
        if row.found.chars().all(|c| c.is_ascii_digit() || c == ',') { format!("{} {what}", row.found) } else { row.found.clone() }
    };
    let text = [Some(found(instances, "instances")), watches.map(|row| found(row, "watches"))].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some(match instances.verdict.max(watches.map_or(Verdict::NotChecked, |row| row.verdict)) {
        Verdict::NotChecked => return None,
        Verdict::Passed => fact(State::Healthy, format!("inotify limits{ENOUGH}"), text),
        Verdict::Unknown => {
            let why = [Some(instances), watches].into_iter().flatten().find(|row| row.verdict == Verdict::Unknown);
            fact(State::Unknown, "inotify limits cannot be read", why.map(|row| row.explanation.clone()).unwrap_or_default())
        }
        Verdict::Warning | Verdict::Failed => fact(State::Warning, "inotify limits are too low", text),
    })
}

/// Programs that are missing can be fetched; KOS uses those on PATH first.
fn programs(kind: Option<&CheckRow>, clusterctl: Option<&CheckRow>) -> Option<Fact> {
    let rows: Vec<&CheckRow> = kind.into_iter().chain(clusterctl).filter(|row| row.verdict != Verdict::NotChecked).collect();
    let lacks = |row: &&&CheckRow| row.verdict == Verdict::Failed;
    let name = |row: &&CheckRow| if row.id == CheckId::Kind { "kind" } else { "clusterctl" };
    let missing: Vec<&str> = rows.iter().filter(lacks).map(name).collect();
    match (rows.len(), missing.as_slice()) {
        (0, _) => None,
        (_, []) => Some(fact(State::Healthy, "Nothing to install", "kind and clusterctl are on your PATH")),
        (_, names) => {
            let are = if names.len() == 1 { "is" } else { "are" };
            Some(fact(State::Idle, format!("{} {are} not on PATH", names.join(" and ")), "KOS offers to download the pinned release when it is needed"))
        }
    }
}

#[cfg(test)]
mod tests;
