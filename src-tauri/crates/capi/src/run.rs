//! What is kept of the making of a cluster?
//!
//! A run is noted while it is seen and never taken back: machines that went, and a cluster that is gone, stay in it.

use std::collections::HashSet;

use api::Timestamp;
use api::capi::LaneState;
use api::runs::{KeptMachine, Run, RunRow};
use api::shared::SharedLane;

use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::lanes::{group, note_shared, shared, state};
use crate::leave::leaving;
use crate::object::Object;
use crate::steps::Reached;

/// Kept of each run, the newest.
pub const MOST_EVENTS_KEPT: usize = 200;
/// A pool that is replaced for months makes many; the newest stay.
const MOST_MACHINES_KEPT: usize = 500;

/// How much of a cluster is known when it is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Lists are on their way: what is not there may only not have come yet.
    Partly,
    Whole,
}

/// The run of a cluster that nothing is kept of yet.
pub fn started(cluster: &Object) -> Run {
    let row = RunRow {
        id: cluster.uid.to_string(),
        namespace: cluster.id.namespace.to_string(),
        name: cluster.id.name.to_string(),
        class: cluster.class.clone().unwrap_or_default(),
        version: cluster.version.clone().unwrap_or_default(),
        machines: 0,
        started: cluster.created.unwrap_or_default(),
        available: None,
        gone: None,
    };
    Run { row, machines: vec![], shared: vec![], events: vec![], upgrade: None }
}

/// Notes what is there now; whether that is more than before.
pub fn note(run: &mut Run, graph: &Graph, key: &ClusterKey, reached: impl Fn(&Object) -> Reached, seen: Seen, now: Timestamp) -> bool {
    let before = without_events(run);
    let cluster = graph.cluster(key).filter(|cluster| *cluster.uid == *run.row.id);
    if let Some(cluster) = cluster {
        run.row.gone = None;
        run.row.class = cluster.class.clone().unwrap_or_default();
        run.row.version = cluster.version.clone().unwrap_or_default();
        let available = cluster.available().filter(|c| c.is_true());
        run.row.available = run.row.available.or_else(|| available.and_then(|c| c.since));
        note_shared(&mut run.shared, shared(graph, key), now);
        for machine in graph.machines(key) {
            machine_of(run, graph, machine, &reached(machine), now);
        }
    }
    if seen == Seen::Whole {
        let there: HashSet<&str> = cluster.into_iter().flat_map(|_| graph.machines(key)).map(|machine| &*machine.uid).collect();
        for machine in run.machines.iter_mut().filter(|machine| !there.contains(machine.uid.as_str())) {
            machine.gone.get_or_insert(now);
        }
        if cluster.is_none() {
            run.row.gone.get_or_insert(now);
        }
    }
    run.machines.sort_by(|a, b| (&a.group, a.created, &a.name).cmp(&(&b.group, b.created, &b.name)));
    if run.machines.len() > MOST_MACHINES_KEPT {
        let mut oldest: Vec<(Option<Timestamp>, String)> = run.machines.iter().filter(|m| m.gone.is_some()).map(|m| (m.gone, m.uid.clone())).collect();
        oldest.sort();
        let leave: HashSet<String> = oldest.into_iter().take(run.machines.len() - MOST_MACHINES_KEPT).map(|(_, uid)| uid).collect();
        run.machines.retain(|machine| !leave.contains(&machine.uid));
    }
    run.row.machines = u32::try_from(run.machines.len()).unwrap_or(u32::MAX);
    before != without_events(run)
}

fn machine_of(run: &mut Run, graph: &Graph, machine: &Object, reached: &Reached, now: Timestamp) {
    let failed = matches!(state(graph, machine, reached), LaneState::Failed { .. });
    let place = run.machines.iter().position(|kept| kept.uid == *machine.uid);
    let fresh = || KeptMachine {
        uid: machine.uid.to_string(),
        name: machine.id.name.to_string(),
        group: group(graph, machine),
        created: machine.created.unwrap_or_default(),
        ends: [None; 7],
        failed: None,
        leaves: vec![],
        gone: None,
    };
    if place.is_none() {
        run.machines.push(fresh());
    }
    let kept = match place {
        Some(at) => run.machines.get_mut(at),
        None => run.machines.last_mut(),
    };
    if let Some(kept) = kept {
        // Its owner may have come after it.
        kept.group = group(graph, machine);
        kept.ends = Reached::of(kept.ends).or_later(*reached).ends();
        kept.failed = if failed { kept.failed.or_else(|| failed_at(graph, machine)).or(Some(now)) } else { None };
        kept.leaves = leaving(machine, reached.leaves()).bars;
        kept.gone = None;
    }
}

fn failed_at(graph: &Graph, machine: &Object) -> Option<Timestamp> {
    let infrastructure = machine.infrastructure.as_ref().and_then(|id| graph.get(id))?;
    infrastructure.bootstrap_failure().and_then(|c: &Condition| c.since)
}

/// What is compared to tell whether there is more than before.
fn without_events(run: &Run) -> (RunRow, Vec<KeptMachine>, Vec<SharedLane>) {
    (run.row.clone(), run.machines.clone(), run.shared.clone())
}

#[cfg(test)]
mod tests {
    use api::Timestamp;
    use api::capi::{LaneGroup, LeaveStep};

    use super::{Seen, note, started};
    use crate::recorded;
    use crate::{Graph, Reached};

    const NOW: Timestamp = Timestamp(9_000);

    #[test]
    fn a_run_keeps_its_machines_and_their_steps_when_the_cluster_is_gone() {
        let (graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
        let mut run = started(graph.cluster(&key).expect("the cluster"));
        let reached = |machine: &crate::Object| Reached::read(&graph, &key, machine);
        assert!(note(&mut run, &graph, &key, reached, Seen::Whole, NOW));
        assert!(!note(&mut run, &graph, &key, reached, Seen::Whole, NOW), "the same again is nothing new");
        assert_eq!((run.row.machines, run.row.gone, run.machines[0].group.clone()), (6, None, LaneGroup::ControlPlane));
        assert_eq!(run.shared.len(), 1, "the infrastructure of its cluster");
        assert!(run.row.available.is_some() && run.machines.iter().all(|m| m.ends.iter().all(Option::is_some)));
        let later = Timestamp(10_000);
        assert!(!note(&mut run, &Graph::default(), &key, |_| Reached::default(), Seen::Partly, later), "lists are on their way");
        assert!(note(&mut run, &Graph::default(), &key, |_| Reached::default(), Seen::Whole, later));
        assert_eq!((run.row.gone, run.machines.len(), run.machines[3].gone), (Some(later), 6, Some(later)));
        assert!(run.machines.iter().all(|m| m.ends.iter().all(Option::is_some)));
    }

    #[test]
    fn what_the_deletion_of_a_machine_waited_for_is_kept_when_its_cluster_is_gone() {
        let (graph, key) = (recorded::graph("in-memory/stuck-deleting-machine.yaml"), recorded::key("default", "c-web"));
        let mut run = started(graph.cluster(&key).expect("the cluster"));
        note(&mut run, &graph, &key, |machine| Reached::read(&graph, &key, machine), Seen::Whole, NOW);
        note(&mut run, &Graph::default(), &key, |_| Reached::default(), Seen::Whole, Timestamp(10_000));
        let kept = run.machines.iter().find(|machine| !machine.leaves.is_empty()).expect("one went");
        let last = kept.leaves.last().expect("it has begun to go");
        assert_eq!((last.step, last.to, kept.gone), (LeaveStep::Infrastructure, None, Some(Timestamp(10_000))));
        let after_a_restart = Reached::of(kept.ends).left(&kept.leaves);
        assert_eq!(after_a_restart.leaves()[LeaveStep::Infrastructure as usize], Some(last.from));
    }

    #[test]
    fn another_cluster_of_the_same_name_is_no_part_of_a_run() {
        let (graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
        let mut run = started(graph.cluster(&key).expect("the cluster"));
        run.row.id = "an earlier one".into();
        note(&mut run, &graph, &key, |machine| Reached::read(&graph, &key, machine), Seen::Whole, NOW);
        assert_eq!((run.row.gone, run.machines.len()), (Some(NOW), 0));
    }
}
