//! Which local clusters can be switched from the palette?

use std::rc::Rc;

use api::{
    contexts::ContextRow,
    local::{LocalRow, LocalState, Power, Role},
};

use super::{Act, Entry, Form, List, Mark};
use crate::{model::fleet::power::question, widgets::Pic};

/// Verbs of our own clusters that nobody works on. What is asked about first is paused and stopped in the fleet: a cluster that
/// may not start again, and one of a protected context.
pub fn verbs(rows: &[Rc<LocalRow>], contexts: &[Rc<ContextRow>]) -> Vec<Entry> {
    let ours = |row: &&Rc<LocalRow>| row.job.is_none() && matches!(row.role, Role::Management | Role::Plain);
    rows.iter().filter(ours).flat_map(|row| of(row, contexts)).collect()
}

fn of(row: &LocalRow, contexts: &[Rc<ContextRow>]) -> Vec<Entry> {
    let entry = |icon: Pic, verb: &str, power: Power| Entry {
        list: List::Power,
        mark: Mark::Icon(icon),
        words: format!("{verb} {}", row.name),
        form: Form::Said,
        sub: "local cluster".into(),
        key: None,
        act: Act::Power(row.name.clone(), power),
    };
    let at_once = |power: Power| question(row, contexts, power).is_none();
    let pause = at_once(Power::Pause).then(|| entry(Pic::Pause, "Pause", Power::Pause));
    let stop = at_once(Power::Stop).then(|| entry(Pic::CircleStop, "Stop", Power::Stop));
    match row.state {
        LocalState::Running => pause.into_iter().chain(stop).collect(),
        LocalState::Paused => [entry(Pic::Zap, "Resume", Power::Unpause)].into_iter().chain(stop).collect(),
        LocalState::Stopped { .. } | LocalState::Mixed { .. } => vec![entry(Pic::Zap, "Start", Power::Start)],
        LocalState::Creating | LocalState::NotAsked => vec![],
    }
}

#[cfg(test)]
mod tests {
    use api::contexts::Guard;
    use api::local::{ContainerState, Maker, NodeMark};

    use super::*;
    use crate::model::{
        palette::find,
        samples::{context, local},
    };

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
            Rc::new(LocalRow { context: Some("kind-shop".into()), ..(*row("shop", Role::Plain, LocalState::Running, 1)).clone() }),
            busy,
        ];
        let contexts = [Rc::new(ContextRow { guard: Guard::Protected, ..context("kind-shop") })];
        let words: Vec<String> = verbs(&rows, &contexts).into_iter().map(|entry| entry.words).collect();
        assert_eq!(words, ["Pause one", "Stop one", "Pause three", "Start off", "Resume still", "Stop still"]);
    }

    #[test]
    fn the_name_of_a_cluster_leads_to_its_context_and_only_a_verb_before_it_switches_it() {
        let going = |name: &str| Entry {
            list: List::Contexts,
            mark: Mark::Icon(Pic::Box),
            words: name.to_owned(),
            form: Form::Name,
            sub: String::new(),
            key: None,
            act: Act::Enter(name.into()),
        };
        let running = [row("kos-mgmt", Role::Management, LocalState::Running, 1)];
        let entries: Vec<Entry> = verbs(&running, &[]).into_iter().chain([going("kind-kos-mgmt"), going("sos-mgmt")]).collect();
        let words = |typed: &str| find(&entries, typed).into_iter().map(|found| found.entry.words).collect::<Vec<_>>();
        assert_eq!(words("kos-mgmt"), ["kind-kos-mgmt"], "Enter after its name freezes nothing");
        assert_eq!(words("pause kos"), ["Pause kos-mgmt"]);
        assert_eq!(words("stop"), ["Stop kos-mgmt"]);
        assert_eq!(words("sos-mgmt")[0], "sos-mgmt", "its letters are those of Stop too");
        assert_eq!(words(""), ["kind-kos-mgmt", "sos-mgmt"]);
        assert_eq!(words(">"), ["Pause kos-mgmt", "Stop kos-mgmt"], "who asks for commands sees all of them");
    }
}
