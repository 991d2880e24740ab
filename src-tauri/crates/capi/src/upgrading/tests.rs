use api::upgrading::{DrainLine, DrainPace, DrainedPod, RunStage, RunState, RunStep, StepOf};
use api::{Millis, Timestamp};
use serde_json::{Value, json};

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

/// Takes in a topology with a control plane as it is at a second: its machines, which all serve, by name, version and the
/// second in which they were made. Gives the steps.
fn noted(upgrading: &mut Upgrading, second: u64, (to, replicas): (&str, u32), machines: &[(&str, &str, u64)]) -> Vec<String> {
    let moment = |second: u64| format!("1970-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
    let (core, planes) = ("cluster.x-k8s.io", "controlplane.cluster.x-k8s.io");
    let meta = |name: &str, made: u64| json!({ "name": name, "namespace": "default", "uid": name, "creationTimestamp": moment(made) });
    let reference = json!({ "apiGroup": planes, "kind": "KubeadmControlPlane", "name": "planes" });
    let object = |group: &str, kind: &str, metadata: Value, spec: Value| json!({ "apiVersion": format!("{group}/v1beta2"), "kind": kind, "metadata": metadata, "spec": spec });
    let plane = json!({ "clusterName": "c", "replicas": replicas, "version": to });
    let mut objects = vec![
        object(core, "Cluster", meta("c", 0), json!({ "topology": { "version": to }, "controlPlaneRef": reference })),
        object(planes, "KubeadmControlPlane", meta("planes", 0), plane),
    ];
    for (name, version, made) in machines {
        let mut metadata = meta(name, *made);
        metadata["labels"] = json!({ "cluster.x-k8s.io/control-plane": "" });
        let mut machine = object(core, "Machine", metadata, json!({ "clusterName": "c", "version": version }));
        machine["status"]["conditions"] = json!([{ "type": "Available", "status": "True", "lastTransitionTime": moment(made + 5) }]);
        objects.push(machine);
    }
    let (mut graph, key) = (Graph::default(), recorded::key("default", "c"));
    objects.iter().for_each(|object| drop(graph.put(Object::read(object).unwrap())));
    upgrading.note(&graph, &key, Timestamp(second * 1_000));
    upgrading.run(&graph, &key, None).map(|run| run.steps.iter().map(words).collect()).unwrap_or_default()
}

const OLD: [(&str, &str, u64); 3] = [("a", "v1.31.0", 0), ("b", "v1.31.0", 1), ("c", "v1.31.0", 2)];

#[test]
fn over_two_minors_there_is_a_step_a_machine_and_the_machines_between_keep_its_place() {
    let (mut upgrading, to) = (Upgrading::default(), ("v1.33.0", 3));
    let [a, b, c] = OLD;
    let [d, e, f] = [("d", "v1.32.0", 15), ("e", "v1.32.0", 25), ("f", "v1.32.0", 35)];
    let [g, h, i] = [("g", "v1.33.0", 45), ("h", "v1.33.0", 55), ("i", "v1.33.0", 65)];
    for (second, machines, steps) in [
        (10, vec![a, b, c], ["1/3: a -> ?: Waiting", "2/3: b -> ?: Waiting", "3/3: c -> ?: Waiting"]),
        (20, vec![a, b, c, d], ["1/3: a -> d: Leaving(Next)", "2/3: b -> ?: Waiting", "3/3: c -> ?: Waiting"]),
        (30, vec![b, c, d, e], ["1/3: d -> ?: Waiting", "2/3: b -> e: Leaving(Next)", "3/3: c -> ?: Waiting"]),
        (40, vec![c, d, e, f], ["1/3: d -> ?: Waiting", "2/3: e -> ?: Waiting", "3/3: c -> f: Leaving(Next)"]),
        (50, vec![d, e, f, g], ["1/3: d -> g: Leaving(Next)", "2/3: e -> ?: Waiting", "3/3: f -> ?: Waiting"]),
        (60, vec![e, f, g, h], ["1/3: d -> g: Done", "2/3: e -> h: Leaving(Next)", "3/3: f -> ?: Waiting"]),
        (70, vec![f, g, h, i], ["1/3: d -> g: Done", "2/3: e -> h: Done", "3/3: f -> i: Leaving(Next)"]),
        (80, vec![g, h, i], ["1/3: d -> g: Done", "2/3: e -> h: Done", "3/3: f -> i: Done"]),
    ] {
        let told = noted(&mut upgrading, second, to, &machines);
        let end = if second == 80 { "Done" } else { "Waiting" };
        let wanted = steps.map(|step| format!("ControlPlane {step}")).into_iter().chain([format!("agreement: ? -> ?: {end}")]);
        assert_eq!(told, wanted.collect::<Vec<_>>(), "at {second} s");
    }
}

#[test]
fn a_control_plane_that_is_made_smaller_meanwhile_has_a_step_less_for_each() {
    let mut upgrading = Upgrading::default();
    let ([a, b, c], d) = (OLD, ("d", "v1.32.0", 15));
    noted(&mut upgrading, 10, ("v1.32.0", 3), &OLD);
    noted(&mut upgrading, 20, ("v1.32.0", 3), &[a, b, c, d]);
    let told = noted(&mut upgrading, 30, ("v1.32.0", 1), &[b, c, d]);
    assert_eq!(told, ["ControlPlane 1/1: a -> d: Done", "agreement: ? -> ?: Settling"]);
    let told = noted(&mut upgrading, 40, ("v1.32.0", 1), &[d]);
    assert_eq!(told, ["ControlPlane 1/1: a -> d: Done", "agreement: ? -> ?: Done"]);
}

#[test]
fn a_control_plane_that_is_made_larger_meanwhile_takes_none_for_gone_that_was_never_there() {
    let mut upgrading = Upgrading::default();
    let ([a, b, c], d) = (OLD, ("d", "v1.32.0", 15));
    let [e, f, g, h] = [("e", "v1.32.0", 35), ("f", "v1.32.0", 36), ("g", "v1.32.0", 45), ("h", "v1.32.0", 46)];
    noted(&mut upgrading, 10, ("v1.32.0", 3), &OLD);
    noted(&mut upgrading, 20, ("v1.32.0", 3), &[a, b, c, d]);
    let told = noted(&mut upgrading, 30, ("v1.32.0", 5), &[b, c, d]);
    let (done, grows) = ("ControlPlane 1/5: a -> d: Done", ["ControlPlane 4/5: ? -> ?: Waiting", "ControlPlane 5/5: ? -> ?: Waiting"]);
    let end = "agreement: ? -> ?: Waiting";
    assert_eq!(told, [done, "ControlPlane 2/5: b -> ?: Waiting", "ControlPlane 3/5: c -> ?: Waiting", grows[0], grows[1], end]);
    let told = noted(&mut upgrading, 40, ("v1.32.0", 5), &[b, c, d, e, f]);
    assert_eq!(told, [done, "ControlPlane 2/5: b -> e: Leaving(Next)", "ControlPlane 3/5: c -> f: Leaving(Next)", grows[0], grows[1], end]);
    let told = noted(&mut upgrading, 50, ("v1.32.0", 5), &[d, e, f, g, h]);
    let steps = ["1/5: a -> d", "2/5: b -> e", "3/5: c -> f", "4/5: ? -> g", "5/5: ? -> h"].map(|step| format!("ControlPlane {step}: Done"));
    assert_eq!((&told[..5], told[5].as_str()), (&steps[..], "agreement: ? -> ?: Done"));
    let later = noted(&mut upgrading, 60, ("v1.32.0", 1), &[d]);
    assert_eq!(later, told, "what is over stays as it was");
}

#[test]
fn a_machine_that_is_changed_in_place_is_of_the_new_version() {
    let mut upgrading = Upgrading::default();
    noted(&mut upgrading, 10, ("v1.32.0", 1), &[("a", "v1.31.0", 0)]);
    let told = noted(&mut upgrading, 20, ("v1.32.0", 1), &[("a", "v1.32.0", 0)]);
    assert_eq!(told, ["ControlPlane 1/1: ? -> a: Done", "agreement: ? -> ?: Done"]);
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
