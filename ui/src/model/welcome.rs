//! Which first page is shown?

use api::{
    Status,
    app::Looked,
    computer::DockerState,
    jobs::{Amount, PlannedStep},
    local::ImageIs,
};

use super::{clock::bytes, time::plural};

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

/// What a first cluster takes by its plan: time and downloads.
pub fn cost(steps: &[PlannedStep]) -> String {
    let total: u64 = steps.iter().map(|step| step.expected.0).sum();
    // Whole minutes: a guess never pretends to the second.
    let time = match (total + 30_000) / 60_000 {
        0 => String::new(),
        minutes => format!("About {}. ", plural(minutes as usize, "minute", "minutes")),
    };
    format!("{time}{}. One click removes all of it again.", downloads(steps))
}

/// Where the times of a plan come from.
pub fn times(learned_from: u32) -> String {
    match learned_from {
        0 => "times are a first guess".to_owned(),
        n => format!("times from {} here", plural(n as usize, "earlier run", "earlier runs")),
    }
}

/// With sizes as far as they are known. What providers need is pulled into each new node, whatever is on this machine.
fn downloads(steps: &[PlannedStep]) -> String {
    let (mut node, mut others) = ("Downloads the node image and".to_owned(), None);
    for amount in steps.iter().filter_map(|step| step.amount) {
        match amount {
            Amount::Image(ImageIs::Here { .. }) => node = "The node image is here. Downloads".to_owned(),
            Amount::Image(ImageIs::ToBePulled { bytes: Some(size) }) => node = format!("Downloads the node image, {}, and", bytes(size)),
            Amount::Image(ImageIs::ToBePulled { bytes: None }) => {}
            Amount::Providers { count } => others = Some(plural(count as usize, "provider", "providers")),
        }
    }
    match others {
        Some(providers) => format!("{node} the images of cert-manager and {providers}"),
        None => "Downloads the images that are not here".to_owned(),
    }
}

/// What was found at a place, behind its name in brackets.
pub fn as_note(looked: &Looked) -> &str {
    match looked {
        Looked::Found => "found",
        Looked::NoFile => "no such file",
        Looked::NotSet => "not set",
        Looked::Set(value) => value,
    }
}

/// The same as the end of a sentence that begins with the place.
pub fn as_verb(looked: &Looked) -> String {
    match looked {
        Looked::Found => "exists".to_owned(),
        Looked::NoFile => "does not exist".to_owned(),
        Looked::NotSet => "is not set".to_owned(),
        Looked::Set(value) => format!("is {value}"),
    }
}

#[cfg(test)]
mod tests;
