use std::collections::HashMap;

use api::capi::{Lane, LaneGroup, LaneState, LeaveStep, MachineStep};
use api::{Millis, Timestamp};
use serde_json::Value;

use super::{Usual, lane, lanes, patience};
use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, Object};
use crate::recorded::{self, at};
use crate::steps::Reached;

/// When the recording of a deletion began; what others note of one is not looked at.
const BEGINS: &str = "13:43:46";

/// A watch of real controllers, told event by event; what was reached is noted as KOS does.
struct Told {
    graph: Graph,
    noted: HashMap<String, Reached>,
}

impl Told {
    fn until(recording: &str, key: &ClusterKey, second: f64) -> Self {
        let mut told = Self { graph: Graph::default(), noted: HashMap::new() };
        for event in recorded::events(recording) {
            if event["t"].as_f64().unwrap_or_default() > second {
                break;
            }
            told.take(&event, key);
        }
        told
    }

    fn take(&mut self, event: &Value, key: &ClusterKey) {
        let Ok(object) = Object::read(&event["object"]) else { return };
        if event["type"] == "DELETED" {
            self.graph.remove(&object.id);
            return;
        }
        self.graph.put(object);
        let machines: Vec<Object> = self.graph.core(key, "Machine").cloned().collect();
        for machine in machines {
            let seen = at(BEGINS).plus(Millis((event["t"].as_f64().unwrap_or_default() * 1_000.0) as u64));
            let now = Reached::read(&self.graph, key, &machine).watched(&machine, seen);
            let before = self.noted.get(&*machine.uid).copied().unwrap_or_default();
            self.noted.insert(machine.uid.to_string(), before.or_later(now));
        }
    }

    fn lanes(&self, key: &ClusterKey) -> Vec<Lane> {
        lanes(&self.graph, key, |m| self.noted.get(&*m.uid).copied().unwrap_or_default(), &Usual::default())
    }
}

fn ends(lane: &Lane) -> Vec<(MachineStep, Option<Timestamp>)> {
    lane.bars.iter().map(|b| (b.step, b.to)).collect()
}

#[test]
fn each_machine_of_a_real_cluster_takes_its_steps_at_the_recorded_times() {
    let key = recorded::key("default", "w1");
    let told = Told::until("events/w1-create-1cp-1w.jsonl.gz", &key, f64::MAX);
    let lanes = told.lanes(&key);
    assert_eq!(lanes.iter().map(|l| l.group.clone()).collect::<Vec<_>>(), [LaneGroup::ControlPlane, LaneGroup::Pool("md-0".into())]);
    let first = ["13:41:16", "13:41:20", "13:41:24", "13:42:01", "13:42:14", "13:42:23", "13:42:25"];
    let worker = ["13:42:22", "13:42:23", "13:42:29", "13:42:45", "13:42:45", "13:42:50", "13:42:50"];
    for (lane, clock) in lanes.iter().zip([first, worker]) {
        let expected: Vec<_> = MachineStep::ALL.into_iter().zip(clock).map(|(step, end)| (step, Some(at(end)))).collect();
        assert_eq!(ends(lane), expected, "{}", lane.machine);
        assert_eq!(lane.state, LaneState::Available { since: at(clock[6]) }, "{}", lane.machine);
    }
}

#[test]
fn three_and_three_machines_are_seen_one_by_one() {
    let key = recorded::key("default", "wl1");
    let told = Told::until("events/in-memory.jsonl.gz", &key, 96.0);
    let lanes = told.lanes(&key);
    assert_eq!(lanes.iter().filter(|l| l.group == LaneGroup::ControlPlane).count(), 3);
    assert_eq!(lanes.iter().filter(|l| l.group == LaneGroup::Pool("md-0".into())).count(), 3);
    for lane in &lanes {
        assert!(matches!(lane.state, LaneState::Available { .. }), "{lane:?}");
        let mut last = lane.created;
        for bar in &lane.bars {
            assert!(bar.from == last && bar.to.is_some_and(|to| to >= bar.from), "{lane:?}");
            last = bar.to.unwrap_or(last);
        }
    }
}

#[test]
fn workers_wait_in_the_queue_until_the_first_api_server_answers() {
    let key = recorded::key("default", "w1");
    let told = Told::until("events/w1-create-1cp-1w.jsonl.gz", &key, 60.0);
    let lanes = told.lanes(&key);
    let worker = lanes.last().expect("there is a worker");
    assert_eq!(worker.state, LaneState::Working { step: MachineStep::Queued });
    assert_eq!(lanes[0].state, LaneState::Working { step: MachineStep::Joined });
}

#[test]
fn a_step_is_late_after_twice_its_usual_time_and_says_by_how_much() {
    let key = recorded::key("default", "w1");
    let told = Told::until("events/w1-create-1cp-1w.jsonl.gz", &key, 45.0);
    let machine = told.graph.core(&key, "Machine").find(|m| m.is_control_plane_machine()).expect("it is there").clone();
    let reached = told.noted[&*machine.uid];
    let mut usual = Usual::default();
    let whole = Told::until("events/w1-create-1cp-1w.jsonl.gz", &key, f64::MAX);
    usual.learn(&machine, &whole.noted[&*machine.uid]);
    // The bootstrap ran from 13:41:24 and usually takes 37 s.
    let lane = lane(&told.graph, &machine, &reached, &usual.steps(machine.role()));
    assert_eq!(lane.state, LaneState::Working { step: MachineStep::BootstrapRun });
    assert_eq!((lane.late(at("13:42:38")), lane.late(at("13:42:48"))), (None, Some(api::Millis::seconds(10))));
}

#[test]
fn every_step_is_late_some_day_also_where_no_machine_was_timed_before() {
    for step in MachineStep::ALL {
        let wanted = match step {
            MachineStep::Queued => None,
            MachineStep::BootstrapRun => Some(Millis::seconds(300)),
            MachineStep::BootstrapData | MachineStep::Container | MachineStep::Joined | MachineStep::Healthy | MachineStep::Available => {
                Some(Millis::seconds(600))
            }
        };
        assert_eq!(patience(step, None), wanted, "{step:?}");
    }
}

#[test]
fn a_machine_that_falls_ill_keeps_the_lane_of_its_making() {
    let key = recorded::key("default", "w1");
    let recording = recorded::events("events/w1-mhc-remediation-worker.jsonl.gz");
    let mut told = Told { graph: Graph::default(), noted: HashMap::new() };
    let mut seen_ill = false;
    for event in &recording {
        told.take(event, &key);
        for lane in told.lanes(&key) {
            if matches!(lane.state, LaneState::Unwell { .. }) {
                seen_ill = true;
                assert_eq!(lane.bars.len(), MachineStep::ALL.len(), "{lane:?}");
            }
        }
    }
    assert!(seen_ill);
    assert!(told.graph.clusters().any(|c| *c == key) && told.graph.core(&key, "Machine").all(|m| m.id.group.as_ref() == CORE));
}

#[test]
fn a_machine_that_goes_shows_what_it_waited_for_and_waits_for() {
    let key = recorded::key("default", "w1");
    let ends = |clock: &str| Some(at(clock));
    let drained = (LeaveStep::Drain, "13:47:54", ends("13:48:15"));
    let hooked = (LeaveStep::Hook, "13:48:15", ends("13:48:16"));
    for (second, says, wanted) in [
        (247.0, "", vec![]),
        (248.0, "", vec![(LeaveStep::Drain, "13:47:54", None)]),
        (249.0, "Drain not completed yet (started at 2026-11-23T13:47:54Z):", vec![(LeaveStep::Drain, "13:47:54", None)]),
        (269.0, "Waiting for pre-terminate hooks to succeed", vec![drained, (LeaveStep::Hook, "13:48:15", None)]),
        (270.0, "Waiting for DevMachine to be deleted", vec![drained, hooked, (LeaveStep::Infrastructure, "13:48:16", None)]),
        (
            275.0,
            "Deletion completed",
            vec![
                drained,
                hooked,
                (LeaveStep::Infrastructure, "13:48:16", ends("13:48:19")),
                (LeaveStep::Bootstrap, "13:48:19", ends("13:48:20")),
                (LeaveStep::Finalizers, "13:48:20", None),
            ],
        ),
    ] {
        let lanes = Told::until("events/w1-scale-3cp-2w-and-back.jsonl.gz", &key, second).lanes(&key);
        let lane = lanes.iter().find(|lane| lane.machine == "w1-95l8p-mqgrf").expect("it is still there");
        // What only KOS saw has a part of a second.
        let whole = |moment: Timestamp| Timestamp(moment.0 / 1_000 * 1_000);
        let drawn: Vec<_> = lane.leaving.bars.iter().map(|bar| (bar.step, whole(bar.from), bar.to.map(whole))).collect();
        let wanted: Vec<_> = wanted.into_iter().map(|(step, from, to)| (step, at(from), to)).collect();
        assert_eq!(drawn, wanted, "at {second} s");
        assert!(lane.leaving.says.starts_with(says) && lane.leaving.says.is_empty() == says.is_empty(), "at {second} s: {}", lane.leaving.says);
    }
}

#[test]
fn the_older_kinds_of_docker_take_the_same_steps() {
    let key = recorded::key("default", "w1");
    let new = recorded::graph("docker/w1-3cp-2w.yaml");
    let mut old = Graph::default();
    for id in new.ids() {
        let mut object = new.get(id).expect("it is there").clone();
        for condition in object.conditions.iter_mut().filter(|c| c.kind == "BootstrapCompleted") {
            condition.kind = "BootstrapExecSucceeded".to_owned();
        }
        old.put(object);
    }
    let steps = |graph: &Graph| graph.machines(&key).map(|machine| Reached::read(graph, &key, machine).ends()).collect::<Vec<_>>();
    assert_eq!((steps(&old), steps(&old).len()), (steps(&new), 5));
}
