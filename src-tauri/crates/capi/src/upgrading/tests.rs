use api::upgrading::{DrainLine, DrainPace, DrainedPod, RunStage, RunState, RunStep, StepOf};
use api::{Millis, Timestamp};

use super::{Upgrading, drain, drain_lines};
use crate::graph::{ClusterKey, Graph};
use crate::object::Object;
use crate::recorded;

/// A watch of a real upgrade of one control plane and two workers, as somebody saw it who looked from a second on.
struct Watched {
    key: ClusterKey,
    graph: Graph,
    upgrading: Upgrading,
    now: Timestamp,
}

impl Watched {
    fn between(from: f64, to: f64) -> Self {
        let mut watched = Self { key: recorded::key("default", "w1"), graph: Graph::default(), upgrading: Upgrading::default(), now: Timestamp(0) };
        for event in recorded::events("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz") {
            let second = event["t"].as_f64().unwrap();
            if second > to {
                break;
            }
            let Ok(object) = Object::read(&event["object"]) else { continue };
            // The newest moment that an object tells is the time of its server.
            let told = object.conditions.iter().filter_map(|c| c.since).chain(object.created).chain(object.deleting_since).max();
            watched.now = watched.now.max(told.unwrap_or_default());
            if event["type"] == "DELETED" {
                watched.graph.remove(&object.id);
            } else {
                watched.graph.put(object);
            }
            if second >= from {
                watched.upgrading.note(&watched.graph, &watched.key, watched.now);
            }
        }
        watched
    }

    /// Pods of the drain that goes on, with the seconds since they were asked to go and until they were gone.
    fn drained(&self) -> Vec<(String, Option<u64>, Option<u64>)> {
        let Some(run) = self.upgrading.run(&self.graph, &self.key, None) else { return vec![] };
        let lines = run.steps.into_iter().flat_map(|step| step.pods);
        let tell = |line: DrainLine| {
            let gone = match line.pace {
                DrainPace::Gone { by } => Some(by),
                DrainPace::Going | DrainPace::Held | DrainPace::Later => None,
            };
            let seconds = |at: Timestamp| line.asked.map(|asked| at.since(asked).0 / 1_000);
            (line.pods, seconds(self.now), gone.and_then(seconds))
        };
        lines.map(tell).collect()
    }

    fn told(&self) -> Vec<String> {
        let Some(run) = self.upgrading.run(&self.graph, &self.key, Some(Millis::seconds(60))) else { return vec![] };
        run.steps.iter().map(words).collect()
    }
}

fn words(step: &RunStep) -> String {
    let of = match &step.of {
        StepOf::Machine { group, place, of } => format!("{group:?} {place}/{of}"),
        StepOf::Agreement => "agreement".to_owned(),
    };
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
    format!("{of}: {} -> {}: {:?}", name(&step.old), name(&step.new), step.stage)
}

const PLANE: &str = "ControlPlane 1/1: w1-95l8p-9fjfg -> ";
const NEW_PLANE: &str = "w1-95l8p-qlhr7: ";
const POOL: &str = "Pool(\"md-0\") 1/1: w1-md-0-jf9kl-2twsn-glfrh -> ";
const NEW_WORKER: &str = "w1-md-0-jf9kl-qzrw6-279s8: ";

#[test]
fn a_real_upgrade_is_followed_machine_by_machine() {
    let waits = "?: Waiting";
    for (second, plane, pool, end) in [
        (2.0, waits.to_owned(), waits.to_owned(), "Waiting"),
        (12.0, format!("{NEW_PLANE}Making(BootstrapRun)"), waits.to_owned(), "Waiting"),
        (71.0, format!("{NEW_PLANE}Leaving(Drain)"), waits.to_owned(), "Waiting"),
        (90.0, format!("{NEW_PLANE}Leaving(Hook)"), waits.to_owned(), "Waiting"),
        (103.0, format!("{NEW_PLANE}Making(Healthy)"), format!("{NEW_WORKER}Making(BootstrapData)"), "Waiting"),
        (136.0, format!("{NEW_PLANE}Making(Healthy)"), format!("{NEW_WORKER}Leaving(Drain)"), "Waiting"),
        (177.0, format!("{NEW_PLANE}Done"), format!("{NEW_WORKER}Done"), "Done"),
    ] {
        let told = Watched::between(0.0, second).told();
        assert_eq!(told, [format!("{PLANE}{plane}"), format!("{POOL}{pool}"), format!("agreement: ? -> ?: {end}")], "at {second} s");
    }
}

#[test]
fn who_comes_in_the_middle_knows_how_many_went_and_not_their_names() {
    let told = Watched::between(130.0, 136.0).told();
    assert_eq!(told[0], format!("ControlPlane 1/1: ? -> {NEW_PLANE}Making(Healthy)"));
    assert_eq!(told[1], format!("{POOL}{NEW_WORKER}Leaving(Drain)"));
}

#[test]
fn who_left_before_a_restart_is_still_named_after_it() {
    let first = Watched::between(0.0, 103.0);
    let kept = first.upgrading.keep().unwrap();
    let written = serde_json::to_string(&kept).unwrap();
    let again = Upgrading::kept(serde_json::from_str(&written).unwrap());
    assert_eq!(again.keep(), Some(kept));
    // The second session sees only what comes after; the old control plane is gone by then.
    let mut second = Watched::between(1e9, 136.0);
    second.upgrading = again;
    second.upgrading.note(&second.graph, &second.key, second.now);
    let told = second.told();
    assert_eq!(told[0], format!("{PLANE}{NEW_PLANE}Making(Healthy)"), "without what was kept its name is lost");
    assert_eq!(told[1], format!("{POOL}{NEW_WORKER}Leaving(Drain)"));
}

#[test]
fn an_upgrade_says_from_where_to_where_and_what_leaving_takes() {
    let watched = Watched::between(0.0, 177.0);
    let run = watched.upgrading.run(&watched.graph, &watched.key, Some(Millis::seconds(60))).unwrap();
    assert_eq!((run.from.as_str(), run.to.as_str()), ("v1.36.3", "v1.36.4"));
    assert!(matches!(run.state, RunState::Done { .. }), "{:?}", run.state);
    assert!(run.drain.is_some_and(|drain| (Millis::seconds(15)..Millis::seconds(40)).contains(&drain)), "{:?}", run.drain);
    assert_eq!(run.steps[0].usual, run.drain.map(|drain| Millis(drain.0 + 60_000)));
    assert_eq!(run.machines.len(), 4, "also the two that are gone");
}

#[test]
fn a_cluster_that_is_as_it_was_asked_to_be_has_no_upgrade() {
    let (graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
    let mut upgrading = Upgrading::default();
    upgrading.note(&graph, &key, recorded::at("14:00:00"));
    assert_eq!(upgrading.run(&graph, &key, None), None);
}

#[test]
fn three_control_planes_and_three_workers_are_six_steps() {
    let (graph, key) = (recorded::graph("in-memory/09-upgrading-workers.yaml"), recorded::key("default", "wl1"));
    let mut upgrading = Upgrading::default();
    upgrading.note(&graph, &key, recorded::at("14:00:00"));
    let run = upgrading.run(&graph, &key, None).unwrap();
    let done = run.steps.iter().filter(|step| step.stage == RunStage::Done).count();
    assert_eq!((run.steps.len(), done, run.from.as_str(), run.to.as_str()), (7, 3, "v1.34.2", "v1.34.3"));
    assert!(run.began < recorded::at("14:00:00"), "the first new machine is as old as the upgrade");
}

#[test]
fn a_drain_says_which_pods_it_waits_for() {
    let message = "Drain not completed yet (started at 2026-11-23T14:08:00Z):\n\
        * Pods web/web-1, web/web-2: deletionTimestamp set, but still not removed from the Node\n\
        * Pod db/postgres-0: cannot evict pod as it would violate the pod's disruption budget. The disruption budget postgres needs 1 healthy pods and has 1 currently\n\
        * Pod ci/run-7: waiting for completion\n\
        After above Pods have been removed from the Node, the following Pods will be evicted: kube-system/coredns-1";
    let lines = drain_lines(message);
    let told: Vec<(&str, DrainPace)> = lines.iter().map(|line| (line.pods.as_str(), line.pace)).collect();
    assert_eq!(
        told,
        [
            ("web/web-1, web/web-2", DrainPace::Going),
            ("db/postgres-0", DrainPace::Held),
            ("ci/run-7", DrainPace::Going),
            ("kube-system/coredns-1", DrainPace::Later),
        ]
    );
    assert!(drain_lines("Error draining Node, please check controller logs for errors").is_empty());
}

#[test]
fn a_real_drain_tells_since_when_its_pods_are_asked_to_go() {
    let drained = Watched::between(0.0, 136.0).drained();
    let [(pods, asked, None)] = drained.as_slice() else { panic!("{drained:?}") };
    assert_eq!(pods, "kube-system/coredns-589f44dc88-dhrvj, kube-system/coredns-589f44dc88-twp29");
    assert!(asked.is_some_and(|seconds| seconds < 20), "{asked:?}");
    let over = Watched::between(0.0, 177.0);
    let run = over.upgrading.run(&over.graph, &over.key, None).unwrap();
    assert!(run.machines.iter().all(|machine| machine.pods.is_empty()), "nothing is kept of machines that are gone");
}

#[test]
fn a_drain_tells_how_long_each_pod_took_to_go_and_takes_none_for_gone_that_is_only_not_named() {
    const HEAD: &str = "Drain not completed yet (started at 1970-01-01T00:00:10Z):";
    let going = |pods: &str| format!("{HEAD}\n* Pods {pods}: deletionTimestamp set, but still not removed from the Node");
    let mut pods = vec![];
    let mut note = |message: &str, second: u64| {
        drain::note(&mut pods, message, Timestamp(second * 1_000));
        let tell = |pod: &DrainedPod| (pod.pod.clone(), pod.asked.0 / 1_000, pod.gone.map(|at| at.0 / 1_000));
        pods.iter().map(tell).collect::<Vec<_>>()
    };
    let pod = |name: &str, asked: u64, gone: Option<u64>| (name.to_owned(), asked, gone);
    assert_eq!(note(&going("a/1, a/2, a/3, ... (2 more)"), 12), [pod("a/1", 10, None), pod("a/2", 10, None), pod("a/3", 10, None)]);
    let late = "\nAfter above Pods have been removed from the Node, the following Pods will be evicted: b/1";
    assert_eq!(note(&format!("{}{late}", going("a/2, a/3, a/4, ... (1 more)")), 32).len(), 4, "a/1 may be the one that is not named");
    let after = [pod("a/1", 10, Some(52)), pod("a/2", 10, Some(52)), pod("a/3", 10, None), pod("a/4", 32, Some(52))];
    assert_eq!(note(&format!("{}{late}", going("a/3")), 52), after);
    assert_eq!(note("Error draining Node, please check controller logs for errors", 60), after, "it names none, and none went by that");
    let last = note(&going("b/1"), 72);
    assert_eq!(last[4], pod("b/1", 72, None), "its turn came now");
    let lines = drain::timed(&pods, drain_lines(&going("b/1")));
    let told: Vec<(&str, DrainPace)> = lines.iter().map(|line| (line.pods.as_str(), line.pace)).collect();
    let gone = |second: u64| DrainPace::Gone { by: Timestamp(second * 1_000) };
    assert_eq!(told, [("a/1", gone(52)), ("a/2", gone(52)), ("a/3", gone(72)), ("a/4", gone(52)), ("b/1", DrainPace::Going)]);
    assert_eq!(lines[4].asked, Some(Timestamp(72_000)));
}
