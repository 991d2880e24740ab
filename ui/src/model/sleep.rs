//! How far is a cluster on its way back from sleep?

use api::{
    contexts::{ContextRow, Link},
    local::{LocalRow, LocalState},
};

/// Whether somebody said that it shall wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    NotYet,
    Yes,
}

/// Where a cluster is on its way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waking {
    /// Nothing was started yet.
    Asleep,
    /// The containers are unpaused one by one.
    Containers,
    /// They run, and the API server does not answer yet.
    Answer,
    /// It answers; the objects can be resumed.
    Awake,
}

/// What is known of the containers, and of the context that KOS keeps; without one, running containers are all that can be seen.
pub fn waking(begun: Begun, row: Option<&LocalRow>, kept: Option<&ContextRow>) -> Waking {
    let runs = row.is_some_and(|row| row.state == LocalState::Running);
    let answers = kept.is_none_or(|row| matches!(row.link, Link::Live { .. }));
    match (begun, runs, answers) {
        (_, true, true) => Waking::Awake,
        (Begun::NotYet, false, _) => Waking::Asleep,
        (Begun::Yes, false, _) => Waking::Containers,
        (_, true, false) => Waking::Answer,
    }
}

#[cfg(test)]
mod tests {
    use api::local::Role;

    use super::*;
    use crate::model::samples::local;

    #[test]
    fn objects_are_resumed_only_after_containers_run() {
        for (begun, state, stage) in [
            (Begun::NotYet, LocalState::Paused, Waking::Asleep),
            (Begun::Yes, LocalState::Paused, Waking::Containers),
            (Begun::Yes, LocalState::Mixed { running: 1, of: 3 }, Waking::Containers),
            (Begun::Yes, LocalState::Running, Waking::Awake),
            (Begun::NotYet, LocalState::Running, Waking::Awake),
        ] {
            assert_eq!(waking(begun, Some(&local("lab-a", Role::Workload { of: None }, state.clone())), None), stage, "{state:?}");
        }
        assert_eq!(waking(Begun::Yes, None, None), Waking::Containers, "what is not known does not run");
    }
}
