use std::collections::BTreeMap;

use api::capi::ClusterPart;
use api::machines::{ConditionRow, ConditionTone};
use api::{Row as _, RowId};
use proptest::prelude::*;

use super::{Conditions, MOST_CONDITIONS};
use crate::condition::Status;
use crate::graph::{ClusterKey, Graph};
use crate::object::Object;
use crate::page::PageChange;
use crate::recorded;

/// What a page holds after these changes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Held(BTreeMap<RowId, ClusterPart>);

impl Held {
    fn draw(&mut self, conditions: &mut Conditions, graph: &Graph, key: &ClusterKey) -> usize {
        let mut change = PageChange::default();
        conditions.draw(graph, key, &mut change);
        let told = change.set.len() + change.gone.len();
        self.0.extend(change.set.into_iter().map(|row| (row.id(), row)));
        change.gone.iter().for_each(|id| drop(self.0.remove(id)));
        told
    }

    fn anew(graph: &Graph, key: &ClusterKey, most: usize) -> Self {
        let mut held = Self::default();
        held.draw(&mut Conditions::with_most(most), graph, key);
        held
    }

    fn rows(&self) -> Vec<&ConditionRow> {
        self.0.values().filter_map(|part| if let ClusterPart::Condition(row) = part { Some(row) } else { None }).collect()
    }
}

#[test]
fn paused_false_is_as_it_should_be_and_each_condition_stands_once() {
    let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
    let key = graph.clusters().next().expect("a cluster").clone();
    let held = Held::anew(&graph, &key, MOST_CONDITIONS);
    let tones: Vec<ConditionTone> = held.rows().iter().map(|row| row.tone).collect();
    assert!(tones.contains(&ConditionTone::Waits) && tones.contains(&ConditionTone::Good), "{tones:?}");
    assert!(held.rows().iter().filter(|row| row.kind == "Paused").all(|row| row.tone == ConditionTone::Good));
    assert_eq!(held.0.len(), graph.members(&key).map(|object| object.conditions.len()).sum::<usize>());
}

#[test]
fn of_too_many_those_stay_that_are_not_as_they_should_be() {
    let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
    let key = graph.clusters().next().expect("a cluster").clone();
    let all = Held::anew(&graph, &key, MOST_CONDITIONS);
    let ill = all.rows().iter().filter(|row| row.tone != ConditionTone::Good).count();
    assert!(Held::anew(&graph, &key, ill).rows().iter().all(|row| row.tone != ConditionTone::Good));
    assert_eq!(Held::anew(&graph, &key, ill + 1).0.len(), ill + 1);
}

#[test]
fn a_change_of_one_object_tells_nothing_of_the_others() {
    let (mut graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
    let (mut conditions, mut held) = (Conditions::default(), Held::default());
    held.draw(&mut conditions, &graph, &key);
    assert_eq!(held.draw(&mut conditions, &graph, &key), 0);
    let mut machine = graph.machines(&key).next().expect("a machine").clone();
    machine.conditions[0].status = Status::Unknown;
    graph.put(machine);
    assert_eq!(held.draw(&mut conditions, &graph, &key), 1);
}

/// What may happen to one of the objects.
#[derive(Debug, Clone, Copy)]
enum Step {
    Turns(usize, Status),
    /// It reports one condition less.
    Loses(usize),
    Goes,
    ComesBack,
}

fn step() -> impl Strategy<Value = Step> {
    let status = prop_oneof![Just(Status::True), Just(Status::False), Just(Status::Unknown)];
    prop_oneof![4 => (0..20_usize, status).prop_map(|(at, to)| Step::Turns(at, to)), 1 => (0..20_usize).prop_map(Step::Loses), 1 => Just(Step::Goes), 1 => Just(Step::ComesBack)]
}

fn take(graph: &mut Graph, whole: &Object, step: Step) {
    let Some(mut object) = graph.get(&whole.id).cloned().or_else(|| matches!(step, Step::ComesBack).then(|| whole.clone())) else { return };
    let count = object.conditions.len().max(1);
    match step {
        Step::Turns(at, to) => object.conditions.iter_mut().skip(at % count).take(1).for_each(|condition| condition.status = to),
        Step::Loses(at) if at < object.conditions.len() => drop(object.conditions.remove(at)),
        Step::Loses(_) | Step::ComesBack => {}
        Step::Goes => {
            graph.remove(&whole.id);
            return;
        }
    }
    graph.put(object);
}

proptest! {
    #[test]
    fn what_was_told_bit_by_bit_is_what_would_be_drawn_anew(steps in prop::collection::vec((0..40_usize, step()), 1..40), most in 1..400_usize) {
        let (mut graph, key) = (recorded::graph("in-memory/08-upgrading-cp.yaml"), recorded::key("default", "wl1"));
        let whole: Vec<Object> = graph.members(&key).cloned().collect();
        let (mut conditions, mut held) = (Conditions::with_most(most), Held::default());
        held.draw(&mut conditions, &graph, &key);
        for (which, step) in steps {
            take(&mut graph, &whole[which % whole.len()], step);
            held.draw(&mut conditions, &graph, &key);
            prop_assert_eq!(&held, &Held::anew(&graph, &key, most));
        }
        let ids: Vec<RowId> = held.0.keys().cloned().collect();
        let mut told = conditions.ids();
        told.sort();
        prop_assert_eq!(told, ids);
    }
}
