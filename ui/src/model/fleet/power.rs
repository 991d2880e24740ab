//! What is asked before a local cluster is switched?

use std::rc::Rc;

use api::{
    contexts::{ContextRow, Guard},
    local::{LocalRow, Power, Role},
};

use super::may_not_restart;

/// How a cluster is taken away for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    Pause,
    Stop,
}

impl Halt {
    pub fn power(self) -> Power {
        match self {
            Self::Pause => Power::Pause,
            Self::Stop => Power::Stop,
        }
    }
}

/// A cluster is taken away only after this was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub name: String,
    pub halt: Halt,
    /// Control plane nodes, where it may not start again because of them.
    pub planes: Option<usize>,
    /// The name of the protected context that opens it.
    pub guard: Option<String>,
}

/// `None` where it is done at once: what starts takes nothing away. Clusters of other programs are not switched by KOS.
pub fn question(row: &LocalRow, contexts: &[Rc<ContextRow>], power: Power) -> Option<Question> {
    if matches!(row.role, Role::Foreign { .. }) {
        return None;
    }
    let (halt, planes) = match power {
        Power::Start | Power::Unpause => return None,
        Power::Pause => (Halt::Pause, None),
        Power::Stop => (Halt::Stop, may_not_restart(row)),
    };
    let guard = guard_of(row, contexts);
    (planes.is_some() || guard.is_some()).then(|| Question { name: row.name.clone(), halt, planes, guard })
}

/// The name of the context that opens a cluster, when that is protected.
fn guard_of(row: &LocalRow, contexts: &[Rc<ContextRow>]) -> Option<String> {
    let opened_by = row.context.as_ref()?;
    contexts.iter().find(|context| context.id == *opened_by && context.guard == Guard::Protected).map(|context| context.name.clone())
}

#[cfg(test)]
mod tests {
    use api::local::{ContainerState, LocalState, NodeMark};

    use super::*;
    use crate::model::samples;

    fn cluster(planes: usize) -> LocalRow {
        let node = NodeMark { container: String::new(), role: "control-plane".into(), state: ContainerState::Running, since: None };
        LocalRow { nodes: vec![node; planes], context: Some("kind-lab".into()), ..samples::local("lab", Role::Plain, LocalState::Running) }
    }

    #[test]
    fn a_cluster_of_a_protected_context_is_paused_and_stopped_only_when_its_name_is_typed() {
        let open = [Rc::new(samples::context("kind-lab"))];
        let protected = [Rc::new(ContextRow { guard: Guard::Protected, ..samples::context("kind-lab") })];
        let typed = Some("kind-lab".to_owned());
        for (planes, contexts, power, asked) in [
            (1, &open, Power::Pause, None),
            (1, &open, Power::Stop, None),
            (3, &open, Power::Pause, None),
            (3, &open, Power::Stop, Some((Halt::Stop, Some(3), None))),
            (1, &protected, Power::Pause, Some((Halt::Pause, None, typed.clone()))),
            (1, &protected, Power::Stop, Some((Halt::Stop, None, typed.clone()))),
            (3, &protected, Power::Stop, Some((Halt::Stop, Some(3), typed))),
            (3, &protected, Power::Start, None),
            (3, &protected, Power::Unpause, None),
        ] {
            let found = question(&cluster(planes), contexts, power).map(|found| (found.halt, found.planes, found.guard));
            assert_eq!(found, asked, "{planes} {power:?}");
        }
        assert_eq!(question(&LocalRow { context: None, ..cluster(1) }, &protected, Power::Stop), None, "another cluster");
    }
}
