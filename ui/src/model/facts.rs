//! What is this machine like, in one line each?

use std::rc::Rc;

use api::computer::{CheckId, CheckRow, ComputerView, DockerState, Verdict};

use super::time::gigabytes;
use crate::widgets::State;

/// A line of “This computer”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub state: State,
    pub head: String,
    pub text: String,
}

fn fact(state: State, head: impl Into<String>, text: impl Into<String>) -> Fact {
    Fact { state, head: head.into(), text: text.into() }
}

/// Docker, memory, disk, kernel limits and programs, in this order.
pub fn facts(computer: &ComputerView, checks: &[Rc<CheckRow>]) -> Vec<Fact> {
    let mut all = vec![docker(&computer.docker)];
    if computer.memory_total > 0 {
        let enough = computer.memory_free >= 4_000_000_000;
        all.push(fact(
            if enough { State::Healthy } else { State::Warning },
            format!("{} GB memory free", gigabytes(computer.memory_free)),
            "a management cluster and a small one need 4 GB",
        ));
    }
    if computer.disk_total > 0 {
        let enough = computer.disk_free >= 5_000_000_000;
        all.push(fact(
            if enough { State::Healthy } else { State::Warning },
            format!("{} GB disk free", gigabytes(computer.disk_free)),
            "the images need about 1.2 GB",
        ));
    }
    for id in [CheckId::InotifyInstances, CheckId::Kind, CheckId::Clusterctl, CheckId::Kubectl] {
        all.extend(checks.iter().find(|c| c.id == id).and_then(|c| check(c)));
    }
    all
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

/// What Docker itself said, when it is not well.
pub fn docker_said(docker: &DockerState) -> Option<&str> {
    match docker {
        DockerState::NotAsked | DockerState::Running { .. } | DockerState::NotInstalled => None,
        DockerState::Stopped { said } | DockerState::NoPermission { said } | DockerState::Unreachable { said, .. } => Some(said),
    }
}

/// Programs that are missing can be fetched; KOS uses those on PATH first.
fn check(row: &CheckRow) -> Option<Fact> {
    let state = match row.verdict {
        Verdict::NotChecked => return None,
        Verdict::Passed => State::Healthy,
        Verdict::Warning => State::Warning,
        Verdict::Failed if matches!(row.id, CheckId::Kind | CheckId::Clusterctl) => {
            return Some(fact(State::Idle, format!("{} is not on PATH", row.title), "KOS offers to download the pinned release when it is needed"));
        }
        Verdict::Failed => State::Warning,
        Verdict::Unknown => State::Unknown,
    };
    Some(fact(state, row.title.clone(), row.found.clone()))
}

#[cfg(test)]
mod tests;
