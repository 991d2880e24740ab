//! Which first page is shown?

use api::{Status, computer::DockerState};

/// What the fleet page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Not known yet: nothing for a moment, then skeletons.
    Wait,
    Fleet,
    /// Nothing is left of what was there before: the plan of a first cluster.
    Empty,
    /// Nobody was here before, and Docker runs: one click makes a cluster.
    Welcome,
    /// Docker does not run.
    NoDocker,
}

/// Whether there are signs of earlier use: files that exist, jobs that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    First,
    Returning,
}

/// Decides from what is known. A stream that is still loading is not an empty one.
pub fn first(contexts: (usize, &Status), local: (usize, &Status), files_in_trouble: usize, docker: &DockerState, visit: Visit) -> First {
    if contexts.0 + local.0 + files_in_trouble > 0 {
        return First::Fleet;
    }
    let waits = |status: &Status| matches!(status, Status::Loading);
    if waits(contexts.1) || waits(local.1) || *docker == DockerState::NotAsked {
        return First::Wait;
    }
    match docker {
        DockerState::Running { .. } => match visit {
            Visit::First => First::Welcome,
            Visit::Returning => First::Empty,
        },
        DockerState::NotAsked
        | DockerState::NotInstalled
        | DockerState::Stopped { .. }
        | DockerState::NoPermission { .. }
        | DockerState::Unreachable { .. } => First::NoDocker,
    }
}

#[cfg(test)]
mod tests;
