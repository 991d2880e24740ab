//! Which local clusters can be switched from the palette?

use std::rc::Rc;

use api::local::{LocalRow, LocalState, Power, Role};

use super::{Act, Entry, Form, List, Mark};
use crate::{model::fleet::may_not_restart, widgets::Pic};

/// Verbs of our own clusters that nobody works on. What may not start again is stopped in the fleet, where that is said first.
pub fn verbs(rows: &[Rc<LocalRow>]) -> Vec<Entry> {
    let ours = |row: &&Rc<LocalRow>| row.job.is_none() && matches!(row.role, Role::Management | Role::Plain);
    rows.iter().filter(ours).flat_map(|row| of(row)).collect()
}

fn of(row: &LocalRow) -> Vec<Entry> {
    let entry = |icon: Pic, verb: &str, power: Power| Entry {
        list: List::Commands,
        mark: Mark::Icon(icon),
        words: format!("{verb} {}", row.name),
        form: Form::Said,
        sub: "local cluster".into(),
        key: None,
        act: Act::Power(row.name.clone(), power),
    };
    let stop = may_not_restart(row).is_none().then(|| entry(Pic::CircleStop, "Stop", Power::Stop));
    match row.state {
        LocalState::Running => [entry(Pic::Pause, "Pause", Power::Pause)].into_iter().chain(stop).collect(),
        LocalState::Paused => [entry(Pic::Zap, "Resume", Power::Unpause)].into_iter().chain(stop).collect(),
        LocalState::Stopped { .. } | LocalState::Mixed { .. } => vec![entry(Pic::Zap, "Start", Power::Start)],
        LocalState::Creating | LocalState::NotAsked => vec![],
    }
}

#[cfg(test)]
mod tests {
    use api::local::{ContainerState, Maker, NodeMark};

    use super::*;
    use crate::model::samples::local;

    fn row(name: &str, role: Role, state: LocalState, planes: usize) -> Rc<LocalRow> {
        let node = NodeMark { container: String::new(), role: "control-plane".into(), state: ContainerState::Running, since: None };
        Rc::new(LocalRow { nodes: vec![node; planes], ..local(name, role, state) })
    }

    #[test]
    fn own_clusters_are_switched_by_a_command_that_names_them() {
        let busy = Rc::new(LocalRow { job: Some("j".into()), ..(*row("busy", Role::Plain, LocalState::Running, 1)).clone() });
        let rows = [
            row("one", Role::Plain, LocalState::Running, 1),
            row("three", Role::Management, LocalState::Running, 3),
            row("off", Role::Plain, LocalState::Stopped { since: None }, 1),
            row("still", Role::Plain, LocalState::Paused, 1),
            row("work", Role::Workload { of: None }, LocalState::Running, 1),
            row("play", Role::Foreign { by: Maker::K3d }, LocalState::Running, 1),
            busy,
        ];
        let words: Vec<String> = verbs(&rows).into_iter().map(|entry| entry.words).collect();
        assert_eq!(words, ["Pause one", "Stop one", "Pause three", "Start off", "Resume still", "Stop still"]);
    }
}
