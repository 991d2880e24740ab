//! Diagnoses by objects made by hand: of what no controller of the lab can be brought to, and of what differs by a little.
//!
//! `shown.rs` says which rule is shown by what, and why some by these alone.

use std::sync::Arc;

use api::capi::{EvidenceSource, Weight};
use rstest::rstest;

use super::{asked, facts};
use crate::condition::{Condition, Status};
use crate::explain::{Container, ContainerState, Facts, Gates, LogLine, LogSource};
use crate::graph::Graph;
use crate::object::Object;
use crate::recorded::{self, at};

/// The log of a load balancer that refuses its configuration was not kept beside the recorded objects.
#[test]
fn a_load_balancer_that_refuses_its_configuration_is_found_in_its_own_log() {
    let mut known = facts(at("13:42:00"));
    let text = "[ALERT] (8) : [haproxy.main()] Cannot raise FD limit to 200023, limit is 1048576.".to_owned();
    known.logs.push(LogLine { source: LogSource::Container("w1-lb".into()), text, at: None }.into());
    let said = asked(&recorded::graph("docker/stuck-lb-reload.yaml"), "default", "w1", &known);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("lb-broken"), Weight::Stuck));
    assert_eq!(said.remedies[0].command.as_deref(), Some("docker restart w1-lb"));
}

/// What the load balancer of the real lab says in each healthy start.
#[test]
fn a_load_balancer_that_took_its_configuration_after_all_is_not_broken() {
    let line = |text: &str| Arc::new(LogLine { source: LogSource::Container("w1-lb".into()), text: text.to_owned(), at: None });
    let alert = || line("[ALERT] (1) : [/usr/sbin/haproxy.main()] FD limit (20000) too low for maxconn=100000/maxsock=200030.");
    let mut known = facts(at("13:42:00"));
    known.logs.extend([alert(), line("[NOTICE] (1) : New worker (30) forked"), line("[NOTICE] (1) : Loading success.")]);
    let graph = recorded::graph("docker/stuck-lb-reload.yaml");
    assert_ne!(asked(&graph, "default", "w1", &known).rule.as_deref(), Some("lb-broken"));
    let mut running = Changed::running();
    running.facts.logs.push(alert());
    let said = asked(&running.graph, "default", "w1", &running.facts);
    assert_ne!(said.rule.as_deref(), Some("lb-broken"), "its first API server was found long ago");
}

/// A running cluster of the recording with one thing changed.
pub(super) struct Changed {
    pub(super) graph: Graph,
    pub(super) facts: Facts,
}

impl Changed {
    pub(super) fn running() -> Self {
        Self { graph: recorded::graph("docker/w1-3cp-2w.yaml"), facts: facts(at("14:10:00")) }
    }

    pub(super) fn first(&self, kind: &str, control_plane: bool) -> Object {
        let key = recorded::key("default", "w1");
        let machine = self.graph.members(&key).filter(|o| &*o.id.kind == "Machine").find(|m| m.is_control_plane_machine() == control_plane);
        let machine = machine.expect("a machine").clone();
        match kind {
            "Machine" => machine,
            _ => self.graph.get(machine.infrastructure.as_ref().expect("a reference")).expect("an infrastructure machine").clone(),
        }
    }

    /// Sets a condition and what follows from it upwards.
    pub(super) fn set(mut self, mut object: Object, kind: &str, status: Status, reason: &str, message: &str) -> Self {
        object.conditions.retain(|c| c.kind != kind);
        let since = Some(at("14:09:00"));
        object.conditions.push(Condition { kind: kind.into(), status, reason: reason.into(), message: message.into(), since, severity: None });
        self.graph.put(object);
        self
    }

    pub(super) fn cluster(&self) -> Object {
        self.graph.cluster(&recorded::key("default", "w1")).expect("the cluster").clone()
    }

    pub(super) fn of_kind(&self, kind: &str) -> Object {
        self.graph.members(&recorded::key("default", "w1")).find(|o| &*o.id.kind == kind).expect("an object of the kind").clone()
    }

    /// A worker that is not available, so that the way leads to it.
    pub(super) fn worker_ill(self) -> Self {
        let worker = self.first("Machine", false);
        let pool = self.of_kind("MachineDeployment");
        let changed = self.set(worker, "Available", Status::False, "NotReady", "");
        let worker = changed.first("Machine", false);
        changed.set(worker, "InfrastructureReady", Status::False, "NotReady", "").set(
            pool,
            "Available",
            Status::False,
            "NotAvailable",
            "1 available replicas, at least 2 required",
        )
    }

    pub(super) fn rule(&self) -> (Option<String>, Weight) {
        let said = asked(&self.graph, "default", "w1", &self.facts);
        (said.rule, said.weight)
    }
}

/// The older kinds of Docker's provider spell it otherwise.
#[rstest]
#[case::dev("BootstrapCompleted", "Failed")]
#[case::docker("BootstrapExecSucceeded", "BootstrapFailed")]
fn bootstrap_that_failed_names_the_machine_and_offers_a_new_one(#[case] condition: &str, #[case] reason: &str) {
    let changed = Changed::running().worker_ill();
    let part = changed.first("DevMachine", false);
    let changed = changed.set(part, condition, Status::False, reason, "kubeadm join: exit status 1, STDERR: connection refused");
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!(said.rule.as_deref(), Some("bootstrap-failed"), "{said:?}");
    assert_eq!(said.path.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>(), ["Cluster", "MachineDeployment", "Machine", "DevMachine"]);
    assert!(said.remedies[0].command.as_deref().is_some_and(|c| c.starts_with("kubectl delete machine w1-md-0-")), "{said:?}");
}

/// What was forbidden is the cause, and the failed bootstrap what came of it: its condition holds both.
#[test]
fn a_bootstrap_that_failed_because_its_token_may_not_read_says_so() {
    let changed = Changed::running().worker_ill();
    let part = changed.first("DevMachine", false);
    let forbidden = "STDERR: configmaps \"kubeadm-config\" is forbidden: User \"system:bootstrap:abcdef\" cannot get resource \"configmaps\"";
    let changed = changed.set(part, "BootstrapCompleted", Status::False, "Failed", forbidden);
    assert_eq!(changed.rule(), (Some("join-rbac".to_owned()), Weight::Stuck));
}

/// Everything of the cluster is gone, and its own last finalizer may not be taken from it.
#[test]
fn a_deletion_that_waits_for_a_feature_is_not_said_to_take_its_time() {
    let changed = Changed::running();
    let mut cluster = changed.cluster();
    cluster.deleting_since = Some(at("14:00:00"));
    let mut changed = changed.set(cluster, "Deleting", Status::True, "DeletionCompleted", "");
    assert_eq!(changed.rule(), (Some("deleting".to_owned()), Weight::Normal));
    let text = "\"Reconciler error\" err=\"Cluster.cluster.x-k8s.io \\\"w1\\\" is invalid: spec.topology: Forbidden: can be set only if the ClusterTopology feature flag is enabled\"";
    changed.facts.logs.push(LogLine { source: LogSource::Controller("capi-controller-manager".into()), text: text.into(), at: None }.into());
    assert_eq!(changed.rule(), (Some("feature-off".to_owned()), Weight::Stuck));
}

const ON: &str = "--feature-gates=MachinePool=true,ClusterTopology=true,RuntimeSDK=false";
const OFF: &str = "--feature-gates=MachinePool=true,ClusterTopology=false,RuntimeSDK=false";
const OF_TOPOLOGY: &str = "machineset.topology.cluster.x-k8s.io";

/// Made by hand: the lab runs its managers without pods, so nothing tells there with which features. The finalizers are those
/// that real controllers set.
#[rstest]
#[case::held(OFF, &[OF_TOPOLOGY], None, "feature-off", Weight::Stuck)]
#[case::about_to_go(ON, &[OF_TOPOLOGY], None, "deleting", Weight::Normal)]
#[case::of_unknown_features("", &[OF_TOPOLOGY], None, "deleting", Weight::Normal)]
#[case::held_by_others_too(OFF, &["cluster.x-k8s.io/machineset", OF_TOPOLOGY], None, "deleting", Weight::Normal)]
#[case::held_by_nobody(OFF, &[], None, "deleting", Weight::Normal)]
#[case::while_machines_go(OFF, &[OF_TOPOLOGY], Some("14:05:00"), "deleting", Weight::Normal)]
fn pools_that_only_a_missing_feature_lets_go_are_told_as_held_by_it(
    #[case] argument: &str,
    #[case] finalizers: &[&str],
    #[case] machine_goes: Option<&str>,
    #[case] rule: &str,
    #[case] weight: Weight,
) {
    let running = Changed::running();
    let mut cluster = running.cluster();
    cluster.deleting_since = Some(at("14:00:00"));
    let mut changed = running.set(cluster, "Deleting", Status::True, "WaitingForWorkersDeletion", "");
    let (mut pool, mut machine) = (changed.of_kind("MachineSet"), changed.first("Machine", false));
    pool.deleting_since = Some(at("14:00:10"));
    pool.finalizers = finalizers.iter().map(|one| (*one).to_owned()).collect();
    machine.deleting_since = machine_goes.map(at);
    let name = pool.id.name.to_string();
    changed.graph.put(pool);
    changed.graph.put(machine);
    changed.facts.gates = (!argument.is_empty()).then(|| Gates { controller: "capi-controller-manager".into(), argument: argument.into() });
    assert_eq!(changed.rule(), (Some(rule.to_owned()), weight));
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    let seen: Vec<(&EvidenceSource, &str)> = said.seen.iter().map(|one| (&one.source, one.text.as_str())).collect();
    let field = |on: String, path: &str| EvidenceSource::Field { on, path: path.to_owned() };
    let quoted = [field(format!("MachineSet {name}"), "metadata.finalizers"), field("Deployment capi-controller-manager".into(), "args")];
    if rule == "feature-off" {
        assert!(said.sentence.contains("does not let w1 go"), "{}", said.sentence);
        assert_eq!(seen, [(&quoted[0], OF_TOPOLOGY), (&quoted[1], OFF)]);
    }
}

#[rstest]
#[case::inotify("inotify", "kubelet.service: Failed to create control group inotify object: Too many open files")]
#[case::disk("disk-pressure", "write /var/lib/containerd/x: no space left on device")]
#[case::processor("arch-mismatch", "exec /usr/local/bin/entrypoint: exec format error")]
#[case::limit("image-pull", "failure pulling container image kindest/node:v1.36.1: toomanyrequests: You have reached your pull rate limit")]
#[case::gone("container-gone", "Container w1-md-0 is not running anymore")]
#[case::feature("feature-off", "spec.topology: Forbidden: can be set only if the ClusterTopology feature flag is enabled")]
#[case::certificates("certs-missing", "cluster certificates are missing or unknown")]
#[case::join("join-rbac", "configmaps \"kubeadm-config\" is forbidden: User \"system:bootstrap:abcdef\" cannot get resource \"configmaps\" in API group")]
#[case::webhook("webhook-down", "failed calling webhook \"default.cluster.cluster.x-k8s.io\": dial tcp 10.0.0.1:443: connect: connection refused")]
#[case::balancer_address("lb-no-ip", "load balancer IP cannot be empty: container w1-lb")]
fn a_line_of_a_log_names_the_cause(#[case] rule: &str, #[case] line: &str) {
    let mut changed = Changed::running().worker_ill();
    changed.facts.logs.push(LogLine { source: LogSource::Container("w1-md-0".into()), text: line.into(), at: None }.into());
    assert_eq!(changed.rule(), (Some(rule.to_owned()), Weight::Stuck));
}

#[test]
fn containers_tell_what_conditions_do_not() {
    let worker = Changed::running().first("Machine", false).id.name.to_string();
    for (name, state, rule, weight) in [
        ("w1-lb".to_owned(), ContainerState::Exited(137), "lb-no-ip", Weight::Stuck),
        (worker.clone(), ContainerState::Exited(0), "container-gone", Weight::Stuck),
        (worker, ContainerState::Paused, "docker-paused", Weight::Chosen),
    ] {
        let mut changed = Changed::running().worker_ill();
        changed.facts.containers.push(Container { name: name.clone(), state, since: Some(at("14:08:30")) });
        assert_eq!(changed.rule(), (Some(rule.to_owned()), weight), "{name}");
        let said = asked(&changed.graph, "default", "w1", &changed.facts);
        let told = said.seen.iter().find(|one| matches!(one.source, EvidenceSource::Docker { .. })).expect("Docker's word");
        assert_eq!(told.at, Some(at("14:08:30")), "{name}");
    }
}

/// A controller's line is heard for minutes after somebody started the container again.
#[rstest]
#[case::of_the_load_balancer("w1-lb", "lb-no-ip", "load balancer IP cannot be empty: container w1-lb does not have an associated IP address")]
#[case::of_a_machine("", "container-gone", "Container is not running anymore")]
fn what_was_said_of_a_container_is_over_when_docker_says_that_it_runs(#[case] name: &str, #[case] rule: &str, #[case] line: &str) {
    let mut changed = Changed::running().worker_ill();
    let worker = changed.first("Machine", false).id.name.to_string();
    let name = if name.is_empty() { worker } else { name.to_owned() };
    changed.facts.logs.push(LogLine { source: LogSource::Controller("capd-controller-manager".into()), text: line.into(), at: None }.into());
    assert_eq!(changed.rule().0.as_deref(), Some(rule));
    changed.facts.containers.push(Container { name, state: ContainerState::Running, since: None });
    assert_ne!(changed.rule().0.as_deref(), Some(rule));
}

#[test]
fn a_cluster_that_sleeps_is_told_from_one_whose_containers_alone_were_paused() {
    let frozen = |changed: &mut Changed| {
        let name = changed.first("Machine", false).id.name.to_string();
        changed.facts.containers.extend(["w1-lb".to_owned(), name].map(|name| Container { name, state: ContainerState::Paused, since: None }));
    };
    let mut alone = Changed::running();
    frozen(&mut alone);
    let said = asked(&alone.graph, "default", "w1", &alone.facts);
    assert_eq!((said.rule.as_deref(), said.remedies.len()), (Some("docker-paused"), 2));
    assert!(said.sentence.contains("the network is well") && said.remedies[0].command.as_deref().is_some_and(|c| c.starts_with("docker unpause w1-lb ")));
    let mut asleep = Changed::running();
    let mut cluster = asleep.cluster();
    cluster.paused = true;
    asleep.graph.put(cluster);
    frozen(&mut asleep);
    let said = asked(&asleep.graph, "default", "w1", &asleep.facts);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("asleep"), Weight::Chosen));
}

#[test]
fn a_pause_is_told_with_its_time_where_docker_remembers_it_of_every_container() {
    let (first, second) = (Some(at("14:05:00")), Some(at("14:08:30")));
    for (of_balancer, of_machine, told) in [(second, first, first), (None, first, None), (second, None, None), (None, None, None)] {
        let mut changed = Changed::running();
        let machine = changed.first("Machine", false).id.name.to_string();
        let paused = [("w1-lb".to_owned(), of_balancer), (machine, of_machine)];
        changed.facts.containers.extend(paused.map(|(name, since)| Container { name, state: ContainerState::Paused, since }));
        let said = asked(&changed.graph, "default", "w1", &changed.facts);
        let docker = said.seen.iter().find(|one| matches!(one.source, EvidenceSource::Docker { .. })).expect("Docker's word");
        assert_eq!((docker.text.as_str(), docker.at), ("paused", told), "{of_balancer:?} {of_machine:?}");
    }
}

#[test]
fn containers_are_unpaused_from_the_load_balancer_over_control_planes_to_workers() {
    let mut changed = Changed::running();
    let plane = changed.first("Machine", true).id.name.to_string();
    let mut worker = changed.first("Machine", false);
    worker.provider_id = Some("docker:////a-worker".into());
    changed.graph.put(worker);
    let paused = |name: &str| Container { name: name.into(), state: ContainerState::Paused, since: None };
    changed.facts.containers.extend(["a-worker", plane.as_str(), "w1-lb"].map(paused));
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!(said.rule.as_deref(), Some("docker-paused"));
    assert_eq!(said.remedies[0].command, Some(format!("docker unpause w1-lb {plane} a-worker")));
}

#[rstest]
#[case::probe("Cluster", "RemoteConnectionProbe", "ProbeFailed", "Remote connection probe failed, probe last succeeded at 14:00", "probe-failed")]
#[case::hook("Cluster", "TopologyReconciled", "LifecycleHookBlocking", "hook \"BeforeClusterUpgrade\" is blocking", "topology-hook")]
#[case::class("Cluster", "TopologyReconciled", "ClusterClassNotReconciled", "ClusterClass not reconciled", "class-missing")]
#[case::refused("Cluster", "TopologyReconciled", "ReconcileFailed", "admission webhook \"x\" denied the request: no", "topology-refused")]
#[case::balancer("DevCluster", "LoadBalancerAvailable", "NotAvailable", "image haproxy not found", "lb-missing")]
fn a_condition_names_the_cause(#[case] kind: &str, #[case] condition: &str, #[case] reason: &str, #[case] message: &str, #[case] rule: &str) {
    let changed = Changed::running();
    let object = if kind == "Cluster" { changed.cluster() } else { changed.of_kind(kind) };
    let changed = changed.set(object, condition, Status::False, reason, message);
    assert_eq!(changed.rule(), (Some(rule.to_owned()), Weight::Stuck));
}

#[test]
fn a_load_balancer_without_its_image_offers_to_get_it() {
    let changed = Changed::running();
    let object = changed.of_kind("DevCluster");
    let message = "failed to create load balancer: error pulling container image \"kindest/haproxy:v20260131\": manifest unknown";
    let changed = changed.set(object, "LoadBalancerAvailable", Status::False, "NotAvailable", message);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!(said.rule.as_deref(), Some("lb-missing"), "{said:?}");
    assert_eq!(said.remedies[0].command.as_deref(), Some("docker pull kindest/haproxy:v20260131"));
}

#[test]
fn what_no_rule_knows_is_said_to_be_unknown_with_all_that_is_seen() {
    let changed = Changed::running();
    let cluster = changed.cluster();
    let changed = changed.set(cluster, "Available", Status::False, "NotAvailable", "* SomethingNew: never seen before");
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule, said.weight), (None, Weight::Unclear));
    assert!(said.sentence.starts_with("KOS cannot tell"), "{}", said.sentence);
    assert!(said.seen.iter().any(|e| e.text.contains("never seen before")), "{:?}", said.seen);
}
