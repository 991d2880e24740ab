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

/// What a press that waits has done for it at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Nothing,
    /// Its context is connected.
    Connect,
    /// Its objects are resumed, with what was typed.
    Resume(String),
}

/// What is done for a press that waits, and the press that waits on. One that was done waits no more: whatever becomes of
/// the write, the next one is another press.
pub fn due(stage: Waking, press: Option<String>) -> (Deed, Option<String>) {
    match (stage, press) {
        (Waking::Awake, Some(typed)) => (Deed::Resume(typed), None),
        // A lost connection waits longer each time; now there is a reason to try.
        (Waking::Answer, Some(typed)) => (Deed::Connect, Some(typed)),
        (Waking::Asleep | Waking::Containers | Waking::Answer | Waking::Awake, press) => (Deed::Nothing, press),
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

    #[test]
    fn a_press_resumes_once_however_often_the_cluster_answers_anew() {
        let mut press = Some("kind-kos-mgmt".to_owned());
        let mut done = vec![];
        for stage in [Waking::Containers, Waking::Answer, Waking::Awake, Waking::Answer, Waking::Awake] {
            let (deed, next) = due(stage, press);
            press = next;
            done.push(deed);
        }
        let resumed = Deed::Resume("kind-kos-mgmt".to_owned());
        assert_eq!(done, [Deed::Nothing, Deed::Connect, resumed, Deed::Nothing, Deed::Nothing]);
        assert_eq!(press, None, "the button can be pressed again when the write was refused or taken back");
    }
}
