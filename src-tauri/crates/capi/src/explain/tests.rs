use api::Timestamp;
use api::capi::{EvidenceSource, Explanation, Weight};
use rstest::rstest;

use super::{Facts, Happening, LogLine, LogSource, explain};
use crate::condition::Status;
use crate::graph::Graph;
use crate::object::Object;
use crate::recorded::{self, at};

mod by_hand;
mod going;
mod held;
mod kept;
mod shown;

fn asked(graph: &Graph, namespace: &str, name: &str, facts: &Facts) -> Explanation {
    explain(graph, &recorded::key(namespace, name), facts).expect("the cluster is there")
}

fn facts(now: Timestamp) -> Facts {
    Facts { now, ..Facts::default() }
}

/// Real controllers wrote every object of these; the last word is where the way down ends.
#[rstest]
#[case::paused("in-memory/06-paused.yaml", "default/wl1", "paused", Weight::Chosen, "Cluster")]
#[case::even("in-memory/12-stuck-topology.yaml", "default/wl1", "even-replicas", Weight::Stuck, "Cluster")]
#[case::upgrading("in-memory/08-upgrading-cp.yaml", "default/wl1", "upgrading", Weight::Normal, "DevMachine")]
#[case::scaling_up("in-memory/05-scaling-up.yaml", "default/wl1", "building", Weight::Normal, "KubeadmConfig")]
#[case::scaling_down("in-memory/07-scaling-down.yaml", "default/wl1", "scaling", Weight::Normal, "Cluster")]
#[case::workers_go("in-memory/13-deleting-workers.yaml", "default/wl1", "deleting", Weight::Normal, "Machine")]
#[case::pools_are_gone("in-memory/14-deleting-cp.yaml", "default/wl1", "deleting", Weight::Normal, "Cluster")]
#[case::workers_wait("docker/stuck-lb-reload.yaml", "default/w1", "wait-cp", Weight::Normal, "Machine")]
#[case::no_class("in-memory/stuck-class-missing.yaml", "default/c-class", "class-missing", Weight::Stuck, "Cluster")]
#[case::webhook("in-memory/stuck-webhook-down.yaml", "default/c-web", "webhook-down", Weight::Stuck, "Cluster")]
#[case::hook("in-memory/stuck-hook.yaml", "default/c-probe", "topology-hook", Weight::Stuck, "Cluster")]
#[case::no_docker("in-memory/stuck-no-docker.yaml", "default/c-lb", "lb-missing", Weight::Stuck, "DevCluster")]
#[case::no_authority("in-memory/stuck-no-authority.yaml", "default/c-skew", "certs-missing", Weight::Stuck, "KubeadmConfig")]
#[case::unreachable("in-memory/stuck-unreachable.yaml", "default/c-hook", "probe-failed", Weight::Stuck, "KubeadmControlPlane")]
#[case::version_skew("in-memory/stuck-version-skew.yaml", "default/c-skew", "ms-preflight", Weight::Stuck, "MachineDeployment")]
#[case::health_checks("in-memory/stuck-health-checks.yaml", "default/c-mhc", "mhc-loop", Weight::Stuck, "Machine")]
#[case::too_many_ill("in-memory/stuck-too-many-ill.yaml", "default/c-mhc", "mhc-blocked", Weight::Stuck, "DevMachine")]
#[case::sick_member("in-memory/stuck-sick-member.yaml", "default/c-pre", "kcp-preflight", Weight::Stuck, "Machine")]
#[case::machine_stays("in-memory/stuck-deleting-machine.yaml", "default/c-web", "deleting", Weight::Normal, "Machine")]
#[case::infrastructure_stays("in-memory/stuck-deleting-infrastructure.yaml", "default/c-lb", "deleting", Weight::Normal, "Cluster")]
fn a_recorded_moment_is_explained(#[case] moment: &str, #[case] cluster: &str, #[case] rule: &str, #[case] weight: Weight, #[case] leaf: &str) {
    let (namespace, name) = cluster.split_once('/').expect("namespace and name");
    let said = asked(&recorded::graph(moment), namespace, name, &facts(at("13:42:00")));
    assert_eq!((said.rule.as_deref(), said.weight), (Some(rule), weight), "{said:?}");
    assert_eq!(said.path.last().map(|stop| stop.kind.as_str()), Some(leaf), "{said:?}");
    assert!(said.seen.iter().all(|e| !e.text.is_empty()) && !said.seen.is_empty(), "{said:?}");
}

#[rstest]
#[case::pool_waits("events/w1-create-1cp-1w.jsonl.gz", 9.2, "ms-preflight", Weight::Normal)]
#[case::workers_wait("events/w1-create-1cp-1w.jsonl.gz", 40.0, "wait-cp", Weight::Normal)]
#[case::worker_is_made("events/w1-create-1cp-1w.jsonl.gz", 85.0, "building", Weight::Normal)]
#[case::new_node("events/w1-create-1cp-1w.jsonl.gz", 99.0, "building", Weight::Normal)]
fn a_recorded_second_is_explained(#[case] recording: &str, #[case] second: f64, #[case] rule: &str, #[case] weight: Weight) {
    let said = asked(&recorded::graph_at(recording, second), "default", "w1", &facts(at("13:42:00")));
    assert_eq!((said.rule.as_deref(), said.weight), (Some(rule), weight), "{said:?}");
}

/// Recorded while three control planes became one: the last that goes takes etcd and the API server with it for a moment.
#[rstest]
#[case::drained("13:48:00", Weight::Normal, "w1-95l8p-mqgrf is being removed: its Node is being drained. This is normal.")]
#[case::drained_for_long("14:00:00", Weight::Stuck, "w1-95l8p-mqgrf is being removed, and has not moved for 12 minutes: its Node is being drained.")]
fn a_machine_that_leaves_a_living_cluster_says_what_it_waits_for(#[case] now: &str, #[case] weight: Weight, #[case] sentence: &str) {
    let graph = recorded::graph_at("events/w1-scale-3cp-2w-and-back.jsonl.gz", 253.0);
    let said = asked(&graph, "default", "w1", &facts(at(now)));
    assert_eq!((said.rule.as_deref(), said.weight, said.sentence.as_str()), (Some("leaving"), weight, sentence), "{said:?}");
    assert!(!said.seen.is_empty(), "{said:?}");
}

/// A Node has no network for its first seconds, also in a cluster that has a plugin; one that stays so is told.
#[rstest]
#[case::upgrade("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz", 120.0, "13:51:43", "upgrading", Weight::Normal)]
#[case::upgrade_of_a_worker("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz", 131.0, "13:51:54", "upgrading", Weight::Normal)]
#[case::scale_up("events/w1-scale-3cp-2w-and-back.jsonl.gz", 100.0, "13:45:25", "building", Weight::Normal)]
#[case::for_two_minutes("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz", 120.0, "13:53:40", "upgrading", Weight::Normal)]
#[case::for_longer("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz", 120.0, "13:53:45", "cni-late", Weight::Stuck)]
fn a_new_node_of_a_cluster_with_a_network_is_no_trouble(
    #[case] recording: &str,
    #[case] second: f64,
    #[case] now: &str,
    #[case] rule: &str,
    #[case] weight: Weight,
) {
    let said = asked(&recorded::graph_at(recording, second), "default", "w1", &facts(at(now)));
    assert_eq!((said.rule.as_deref(), said.weight), (Some(rule), weight), "{said:?}");
    assert_eq!(said.sentence.contains("does not come up on w1-95l8p-qlhr7"), weight == Weight::Stuck, "{said:?}");
}

/// The same moment of a cluster in which no Node has a network.
#[test]
fn nodes_wait_for_a_network_plugin_where_none_of_them_is_ready() {
    let mut graph = recorded::graph_at("events/w1-create-1cp-1w.jsonl.gz", 99.0);
    let machines: Vec<Object> = graph.machines(&recorded::key("default", "w1")).cloned().collect();
    for mut machine in machines {
        for condition in machine.conditions.iter_mut().filter(|c| c.kind == "NodeReady") {
            condition.status = Status::False;
            condition.message = "* Node.Ready: container runtime network not ready: cni plugin not initialized".to_owned();
        }
        graph.put(machine);
    }
    let said = asked(&graph, "default", "w1", &facts(at("13:42:46")));
    assert_eq!((said.rule.as_deref(), said.weight), (Some("no-cni"), Weight::Stuck), "{said:?}");
    assert!(said.sentence.starts_with("2 nodes wait for a network plugin."), "{}", said.sentence);
}

#[test]
fn who_paused_a_cluster_and_when_is_quoted_as_the_server_notes_it() {
    let mut graph = recorded::graph("in-memory/06-paused.yaml");
    let mut cluster = graph.cluster(&recorded::key("default", "wl1")).expect("the cluster").clone();
    assert_eq!(cluster.paused_by, None, "the recording is without the notes of the server");
    // As a server notes it of `kubectl patch`.
    let noted = serde_json::json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
        "metadata": {
            "name": "wl1", "namespace": "default", "uid": &*cluster.uid,
            "managedFields": [
                { "manager": "kubectl-client-side-apply", "time": "2026-11-23T13:30:00Z", "fieldsV1": { "f:spec": { "f:topology": {} } } },
                { "manager": "kubectl-patch", "time": "2026-11-23T13:37:12Z", "fieldsV1": { "f:spec": { "f:paused": {} } } },
            ],
        },
        "spec": { "paused": true },
    });
    cluster.paused_by = Object::read(&noted).expect("it is an object").paused_by;
    graph.put(cluster);
    let said = asked(&graph, "default", "wl1", &facts(at("13:42:00")));
    let first = &said.seen[0];
    assert_eq!(first.source, EvidenceSource::Field { on: "Cluster wl1".into(), path: "spec.paused".into() });
    assert_eq!((first.text.as_str(), first.at), ("true, set by kubectl-patch", Some(recorded::moment("2026-11-23T13:37:12Z"))));
}

#[test]
fn what_is_as_asked_needs_no_explanation() {
    let said = asked(&recorded::graph("in-memory/04-running.yaml"), "default", "wl1", &facts(at("13:37:00")));
    assert_eq!((said.rule, said.weight, said.path), (None, Weight::Well, vec![]));
}

#[test]
fn a_missing_node_image_is_found_in_the_log_of_the_controller_alone() {
    let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
    let before = asked(&graph, "stuck", "w2", &facts(at("14:06:30")));
    assert_eq!(before.rule.as_deref(), Some("wait-cp"), "no condition tells it");
    let mut known = facts(at("14:07:00"));
    let line = |text: &str| LogLine { source: LogSource::Controller("capd-controller-manager".into()), text: text.to_owned(), at: Some(at("14:06:58")) };
    known.logs.extend(recorded::text("docker/capd-stuck-image.log").lines().map(|text| std::sync::Arc::new(line(text))));
    let said = asked(&graph, "stuck", "w2", &known);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("image-pull"), Weight::Stuck), "{said:?}");
    assert_eq!(said.sentence, "Docker cannot get kindest/node:v1.36.9: the registry cannot be reached from here. The machine waits for as long as that is so.");
    assert_eq!(said.seen[0].source, EvidenceSource::Controller { name: "capd-controller-manager".into() });
    assert!(said.seen[0].text.contains("controllerKind=\"DevMachine\""), "the whole line is quoted: {said:?}");
    assert_eq!(said.remedies[0].command.as_deref(), Some("docker pull kindest/node:v1.36.9"));
}

/// Of the same recording, without the log: no condition tells the cause, but ten minutes are not normal.
#[test]
fn a_machine_that_is_overdue_is_not_said_to_be_normal() {
    let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
    let machine = graph.machines(&recorded::key("stuck", "w2")).find(|m| m.is_control_plane_machine()).expect("a control plane");
    let ordered = machine.created.expect("the moment of its order");
    for (minutes, usual, rule) in [(9, None, "wait-cp"), (11, None, "overdue"), (11, Some(6), "wait-cp"), (13, Some(6), "overdue"), (11, Some(1), "overdue")] {
        let mut known = facts(ordered.plus(api::Millis::seconds(60 * minutes)));
        known.usual = usual.map(|minutes| api::Millis::seconds(60 * minutes));
        let said = asked(&graph, "stuck", "w2", &known);
        assert_eq!(said.rule.as_deref(), Some(rule), "after {minutes} minutes, usually {usual:?}: {said:?}");
        assert!(
            rule != "overdue" || (said.weight == Weight::Stuck && said.sentence.contains(&format!("{minutes} minutes")) && !said.seen.is_empty()),
            "{said:?}"
        );
    }
}

/// Recorded while the provider's manager served its webhooks and waited for another replica to give up the lead.
#[test]
fn an_object_that_no_controller_looks_at_is_said_to_have_none() {
    let graph = recorded::graph("in-memory/stuck-silent-controller.yaml");
    let made = graph.cluster(&recorded::key("default", "c-silent")).and_then(|cluster| cluster.created).expect("the moment of its order");
    for (seconds, rule) in [(30, None), (90, Some("controller-silent"))] {
        let said = asked(&graph, "default", "c-silent", &facts(made.plus(api::Millis::seconds(seconds))));
        assert_eq!(said.rule.as_deref().filter(|rule| *rule == "controller-silent"), rule, "after {seconds} s: {said:?}");
        assert_eq!(said.path.last().map(|stop| stop.kind.as_str()), Some("DevCluster"));
        assert!(rule.is_none() || said.sentence.starts_with("No controller has looked at DevCluster c-silent-"), "{said:?}");
    }
}

/// Recorded with this line beside it: no condition and no event tells of the quota.
const QUOTA_LOG: &str = r#"E1128 18:20:23.918472   23229 controller.go:494] "Reconciler error" err="failed to sync replicas: failed to apply Machine: machines.cluster.x-k8s.io \"c-quota-md-0-7ttb9-mcg7p-v2qt8\" is forbidden: exceeded quota: clusters, requested: count/machines.cluster.x-k8s.io=1, used: count/machines.cluster.x-k8s.io=1, limited: count/machines.cluster.x-k8s.io=1" controller="machineset" controllerGroup="cluster.x-k8s.io" controllerKind="MachineSet" MachineSet="team/c-quota-md-0-7ttb9-mcg7p" reconcileID="b5c9460c-1225-4280-ab80-717f024107f5""#;

#[test]
fn a_quota_that_leaves_no_room_for_machines_is_named() {
    let (graph, now) = (recorded::graph("in-memory/stuck-quota.yaml"), recorded::moment("2026-11-28T18:20:24Z"));
    let before = asked(&graph, "team", "c-quota", &facts(now));
    assert_eq!((before.rule.as_deref(), before.weight), (Some("scaling"), Weight::Normal), "no condition tells it");
    let later = asked(&graph, "team", "c-quota", &facts(now.plus(api::Millis::seconds(700))));
    assert_eq!((later.rule, later.weight), (None, Weight::Unclear), "but machines do not come");
    assert!(crate::log::concerns(QUOTA_LOG, &recorded::key("team", "c-quota"), &[]), "the line is heard for this cluster");
    let mut known = facts(now);
    known.logs.push(LogLine { source: LogSource::Controller("capi-controller-manager".into()), text: QUOTA_LOG.into(), at: Some(now) }.into());
    let said = asked(&graph, "team", "c-quota", &known);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("quota"), Weight::Stuck));
    assert_eq!(said.sentence, "The quota clusters of the namespace team is used up, so nothing more is made for c-quota.");
    assert_eq!(said.remedies[0].command.as_deref(), Some("kubectl describe quota clusters -n team"));
}

/// Recorded while the provider's manager did not run, and while it ran without the Docker that it needs.
#[test]
fn what_a_provider_does_not_remove_is_stuck_by_its_log_or_after_ten_minutes() {
    for (moment, cluster, part) in
        [("deleting-machine", "c-web", "DevMachine c-web-md-0-hj8ht-r4vrk-xqxn2"), ("deleting-infrastructure", "c-lb", "DevCluster c-lb")]
    {
        let graph = recorded::graph(&format!("in-memory/stuck-{moment}.yaml"));
        let later = asked(&graph, "default", cluster, &facts(recorded::moment("2026-11-28T15:30:00Z")));
        assert_eq!((later.rule.as_deref(), later.weight), (Some("delete-infra"), Weight::Stuck), "{later:?}");
        assert!(later.sentence.starts_with(part), "{}", later.sentence);
        let (kind, name) = part.split_once(' ').expect("kind and name");
        for (of, rule) in [(name, "delete-infra"), ("c-other", "deleting")] {
            let text = format!("{NO_DOCKER_LOG} controllerKind=\"{kind}\" {kind}=\"default/{of}\"");
            let mut known = facts(recorded::moment("2026-11-28T15:17:20Z"));
            known.logs.push(LogLine { source: LogSource::Controller("capd-controller-manager".into()), text: text.clone(), at: None }.into());
            let at_once = asked(&graph, "default", cluster, &known);
            assert_eq!(at_once.rule.as_deref(), Some(rule), "{at_once:?}");
            assert_eq!(at_once.seen.iter().any(|e| e.text == text), rule == "delete-infra", "{at_once:?}");
            assert!(at_once.remedies.iter().all(|remedy| remedy.change.is_none()), "nothing is let go in the first hour: {at_once:?}");
        }
    }
}

const NO_DOCKER_LOG: &str = "E1128 15:17:15.926733   18119 controller.go:494] \"Reconciler error\" err=\"failed to create helper for managing the externalLoadBalancer: failed to list containers: failed to list containers: failed to list containers: failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory\" controller=\"devcluster\"";

/// What can be done while something is ill is looking: nothing is deleted, restarted or written.
#[rstest]
#[case::sick_member("in-memory/stuck-sick-member.yaml", "default/c-pre", "kcp-preflight", &["kubectl describe machine c-pre-"])]
#[case::too_many_ill("in-memory/stuck-too-many-ill.yaml", "default/c-mhc", "mhc-blocked", &["kubectl describe machine c-mhc-", "kubectl describe machinehealthcheck c-mhc-"])]
#[case::no_docker("in-memory/stuck-no-docker.yaml", "default/c-lb", "lb-missing", &["docker version", "docker ps -a --filter name=c-lb-lb"])]
#[case::unreachable("in-memory/stuck-unreachable.yaml", "default/c-hook", "probe-failed", &["docker ps -a --filter name=c-hook-lb", "kubectl get cluster c-hook -n default "])]
fn what_is_ill_can_be_looked_at_with_a_command_and_its_effect(#[case] moment: &str, #[case] cluster: &str, #[case] rule: &str, #[case] starts: &[&str]) {
    let (namespace, name) = cluster.split_once('/').expect("namespace and name");
    let said = asked(&recorded::graph(moment), namespace, name, &facts(at("13:42:00")));
    assert_eq!(said.rule.as_deref(), Some(rule));
    let commands: Vec<&str> = said.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
    assert_eq!(commands.len(), starts.len(), "{said:?}");
    assert!(commands.iter().zip(starts).all(|(command, start)| command.starts_with(start)), "{said:?}");
    assert!(said.remedies.iter().all(|remedy| remedy.effect.starts_with("Changes nothing") && remedy.change.is_none()), "{said:?}");
}

#[test]
fn what_a_new_condition_hides_is_taken_from_the_old_one_beside_it() {
    let said = asked(&recorded::graph("in-memory/stuck-no-authority.yaml"), "default", "c-skew", &facts(at("13:42:00")));
    assert_eq!(said.seen[0].text, "missing certificate", "{said:?}");
}

#[test]
fn a_control_plane_that_does_not_answer_is_stuck_after_five_minutes() {
    let graph = recorded::graph("docker/stuck-lb-reload.yaml");
    let up = graph
        .members(&recorded::key("default", "w1"))
        .filter(|o| o.is_control_plane_machine())
        .filter_map(|m| graph.get(m.infrastructure.as_ref()?)?.condition("ContainerProvisioned")?.since)
        .next()
        .expect("its container was made");
    for (minutes, rule) in [(4, "wait-cp"), (6, "cp-first-stuck")] {
        let said = asked(&graph, "default", "w1", &facts(up.plus(api::Millis::seconds(60 * minutes))));
        assert_eq!(said.rule.as_deref(), Some(rule), "after {minutes} minutes");
    }
}

/// The events of the recording: a machine is gone a second after it is judged, and its successor waits for its Node.
fn judged(machine: &str, at: &str) -> Happening {
    Happening {
        kind: "Machine".into(),
        name: format!("c-mhc-md-0-gn7k4-pr2xn-{machine}"),
        reason: "MachineMarkedUnhealthy".into(),
        message: format!("Machine default/c-mhc-md-0-gn7k4-pr2xn-{machine} has been marked as unhealthy by default/c-mhc-md-0-gn7k4"),
        at: Some(recorded::moment(at)),
    }
}

#[test]
fn health_checks_that_make_it_worse_are_named_with_their_count() {
    let mut known = facts(recorded::moment("2026-11-28T15:14:16Z"));
    known.events = ["7ldjb", "hmkf7", "s2lxm"].map(|machine| judged(machine, "2026-11-28T15:13:30Z").into()).to_vec();
    let said = asked(&recorded::graph("in-memory/stuck-health-checks.yaml"), "default", "c-mhc", &known);
    assert_eq!(said.rule.as_deref(), Some("mhc-loop"));
    assert!(said.sentence.contains("6 so far"), "{}", said.sentence);
    assert_eq!(said.seen.len(), 6);
}

/// Recorded: a worker that served for minutes falls ill and is replaced once.
#[test]
fn a_machine_that_served_and_is_replaced_is_no_loop_and_is_where_the_way_leads() {
    let graph = recorded::graph_at("events/w1-mhc-remediation-worker.jsonl.gz", 348.2);
    let ill = graph.machines(&recorded::key("default", "w1")).find(|m| m.condition("HealthCheckSucceeded").is_some_and(|c| c.reason == "UnhealthyMachine"));
    let ill = ill.expect("the machine that is ill").id.name.clone();
    let said = asked(&graph, "default", "w1", &facts(at("13:42:00")));
    assert_ne!(said.rule.as_deref(), Some("mhc-loop"), "{said:?}");
    assert!(said.path.iter().any(|stop| stop.name == *ill), "{said:?}");
}

/// The conditions of the recording above on machines of another: Nodes that came and never got ready.
#[rstest]
#[case::at_once("UnhealthyMachine", "False", 6, Some("mhc-loop"))]
#[case::by_older_controllers("UnhealthyNode", "False", 6, Some("mhc-loop"))]
#[case::after_a_day_of_service("UnhealthyMachine", "False", 24 * 60, None)]
#[case::when_kubelets_fell_silent("UnhealthyMachine", "Unknown", 8, None)]
fn nodes_that_never_get_ready_are_a_loop_too(#[case] reason: &str, #[case] status: &str, #[case] minutes: u64, #[case] rule: Option<&str>) {
    let mut graph = recorded::graph("in-memory/stuck-health-checks.yaml");
    let machines: Vec<Object> = graph.core(&recorded::key("default", "c-mhc"), "Machine").cloned().collect();
    for mut machine in machines {
        let judged = machine.created.map(|made| made.plus(api::Millis::seconds(60 * minutes)));
        for condition in machine.conditions.iter_mut().filter(|c| c.kind == "HealthCheckSucceeded" && c.reason == "NodeStartupTimeout") {
            condition.reason = reason.to_owned();
            condition.since = judged;
            condition.message = format!("Health check failed:\n  * Condition Ready on Node is reporting status {status} for more than 5m0s");
        }
        graph.put(machine);
    }
    let said = asked(&graph, "default", "c-mhc", &facts(recorded::moment("2026-11-28T15:14:16Z")));
    assert_eq!(said.rule.as_deref().filter(|rule| *rule == "mhc-loop"), rule, "{said:?}");
}

#[rstest]
#[case::replaced("2026-11-28T15:13:30Z", Some("mhc-loop"))]
#[case::long_before("2026-11-28T15:10:00Z", Some("building"))]
fn a_successor_that_waits_for_its_node_is_part_of_the_loop(#[case] judged_at: &str, #[case] rule: Option<&str>) {
    let mut graph = recorded::graph("in-memory/stuck-health-checks.yaml");
    let machines: Vec<Object> = graph.core(&recorded::key("default", "c-mhc"), "Machine").cloned().collect();
    for mut machine in machines {
        machine.conditions.retain(|c| c.kind != "HealthCheckSucceeded");
        machine.deleting_since = None;
        graph.put(machine);
    }
    let mut known = facts(recorded::moment("2026-11-28T15:14:00Z"));
    known.events = ["7ldjb", "hmkf7", "s2lxm"].map(|machine| judged(machine, judged_at).into()).to_vec();
    assert_eq!(asked(&graph, "default", "c-mhc", &known).rule.as_deref(), rule);
}
