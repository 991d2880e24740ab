//! In which order are the containers of a cluster switched, and switched back?

use api::local::{ContainerState, Power};

use crate::programs::docker::Container;

/// The containers that have to be switched, in the order in which it is done.
///
/// Up: load balancer, control planes, workers, so that nobody joins what is not there. Down: the other way round. Paused
/// containers have to be unpaused before they can be stopped, so a stop finds them too.
pub fn sequence(containers: &[Container], power: Power) -> Vec<&Container> {
    let needs = |c: &&Container| match (power, &c.state) {
        (Power::Start, ContainerState::Running | ContainerState::Paused) => false,
        (Power::Start, ContainerState::Exited { .. } | ContainerState::Other(_)) => true,
        (Power::Stop, ContainerState::Running | ContainerState::Paused) => true,
        (Power::Stop, ContainerState::Exited { .. } | ContainerState::Other(_)) => false,
        (Power::Pause, state) => *state == ContainerState::Running,
        (Power::Unpause, state) => *state == ContainerState::Paused,
    };
    let mut list: Vec<&Container> = containers.iter().filter(needs).collect();
    list.sort_by(|a, b| (&a.role, &a.name).cmp(&(&b.role, &b.name)));
    match power {
        Power::Start | Power::Unpause => {}
        Power::Stop | Power::Pause => list.reverse(),
    }
    list
}

pub(super) fn verb(power: Power) -> &'static str {
    match power {
        Power::Start => "start",
        Power::Stop => "stop",
        Power::Pause => "pause",
        Power::Unpause => "unpause",
    }
}

/// How a container stood before it was switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Was {
    Running,
    Paused,
    Stopped,
}

impl Was {
    /// As it was noted, in words: `stopped, exit 137`.
    pub(super) fn read(noted: &str) -> Self {
        match noted {
            "running" => Self::Running,
            "paused" => Self::Paused,
            _ => Self::Stopped,
        }
    }
}

/// What brings containers back to how they stood, one after the other: only one that runs can be paused.
pub(super) const BACK: [(Power, &[Was]); 4] =
    [(Power::Start, &[Was::Running, Was::Paused]), (Power::Unpause, &[Was::Running]), (Power::Pause, &[Was::Paused]), (Power::Stop, &[Was::Stopped])];
