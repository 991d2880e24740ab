//! What a deletion waits for, by objects made by hand: machines in memory go at once.

use api::capi::Weight;
use api::{Millis, Timestamp};
use rstest::rstest;

use super::by_hand::Changed;
use super::{LogLine, LogSource, asked};
use crate::condition::{Condition, Status};
use crate::explain::{Container, ContainerState};
use crate::recorded::{self, at};

/// When somebody deletes the cluster: later than all that was recorded of it.
const ASKED: &str = "15:00:00";

/// The cluster goes and is in this step; of these kinds one object goes with it.
fn going(reason: &str, kinds: &[&str]) -> Changed {
    let running = Changed::running();
    let mut cluster = running.cluster();
    cluster.deleting_since = Some(at(ASKED));
    let mut changed = running.set(cluster, "Deleting", Status::True, reason, "");
    for kind in kinds {
        let mut object = if *kind == "Machine" { changed.first(kind, false) } else { changed.of_kind(kind) };
        object.deleting_since = Some(at(ASKED));
        if *kind == "Machine" {
            object.conditions.retain(|c| c.kind != "Deleting");
            let (kind, reason) = ("Deleting".into(), "WaitingForVolumeDetach".into());
            object.conditions.push(Condition { kind, status: Status::True, reason, message: String::new(), since: Some(at(ASKED)), severity: None });
        }
        changed.graph.put(object);
    }
    changed
}

fn after(minutes: u64) -> Timestamp {
    at(ASKED).plus(Millis::seconds(60 * minutes))
}

#[rstest]
#[case::hook("WaitingForBeforeDeleteHook", &[], "delete-hook", "as soon as the hook BeforeClusterDelete allows it", "has held the deletion of w1 for 15 minutes")]
#[case::workers("WaitingForWorkersDeletion", &["MachineDeployment", "MachineSet", "Machine"], "deleting", "waits for 2 workers to go", "waits for Machine w1-md-0-")]
#[case::pools("WaitingForWorkersDeletion", &["MachineDeployment", "MachineSet"], "deleting", "waits for 2 workers to go", "waits for MachineSet w1-md-0-")]
#[case::control_plane(
    "WaitingForControlPlaneDeletion",
    &["KubeadmControlPlane"],
    "deleting",
    "waits for 3 control plane machines to go",
    "waits for KubeadmControlPlane w1-"
)]
#[case::infrastructure("WaitingForInfrastructureDeletion", &["DevCluster"], "deleting", "is being deleted", "is not removed for more than ten minutes")]
#[case::finalizers("DeletionCompleted", &[], "deleting", "only finalizers hold it", "nothing of it has moved for 15 minutes")]
#[case::error("InternalError", &[], "deleting", "its controller reports an error", "nothing of it has moved for 15 minutes")]
fn each_step_of_a_deletion_is_said_and_is_stuck_when_it_stands_for_long(
    #[case] reason: &str,
    #[case] kinds: &[&str],
    #[case] rule: &str,
    #[case] soon: &str,
    #[case] late: &str,
) {
    let mut changed = going(reason, kinds);
    changed.facts.now = after(1);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule.as_deref(), said.weight), (Some(rule), Weight::Normal), "{said:?}");
    assert!(said.sentence.contains(soon), "{}", said.sentence);
    changed.facts.now = after(15);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!(said.weight, Weight::Stuck, "{said:?}");
    assert!(said.sentence.contains(late), "{}", said.sentence);
    assert!(said.remedies.iter().all(|remedy| remedy.change.is_none()), "{said:?}");
}

#[test]
fn what_is_left_of_a_deletion_that_stands_is_told_with_its_condition_and_its_log() {
    let mut changed = going("WaitingForWorkersDeletion", &["MachineDeployment", "MachineSet", "Machine"]);
    changed.facts.now = after(15);
    let name = changed.first("Machine", false).id.name.to_string();
    let line = |of: &str| format!("\"Reconciler error\" err=\"no\" controller=\"machine\" Machine=\"default/{of}\"");
    for text in [line(&name), line("w1-another")] {
        changed.facts.logs.push(LogLine { source: LogSource::Controller("capi-controller-manager".into()), text, at: None }.into());
    }
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert!(said.sentence.ends_with(&format!("{name}, which has not moved for 15 minutes: its volumes are being detached.")), "{}", said.sentence);
    let quoted: Vec<&str> = said.seen.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(quoted, ["WaitingForWorkersDeletion", "WaitingForVolumeDetach", line(&name).as_str()]);
    assert_eq!(said.remedies[0].command, Some(format!("kubectl describe machine.cluster.x-k8s.io {name} -n default")));
}

/// Workers that went one after the other may take longer in all: what counts is what stands.
#[test]
fn a_deletion_that_goes_on_is_normal_however_long_it_takes() {
    let mut changed = going("WaitingForWorkersDeletion", &["MachineDeployment", "MachineSet", "Machine"]);
    let mut machine = changed.first("Machine", false);
    machine.more = crate::object::More::Deletion(Box::new([Some(at(ASKED)), Some(after(12)), None]));
    changed.graph.put(machine);
    changed.facts.now = after(15);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("deleting"), Weight::Normal), "{said:?}");
}

#[test]
fn a_finalizer_is_offered_last_and_only_where_the_provider_does_not_come() {
    let changed = Changed::running();
    let mut part = changed.of_kind("DevCluster");
    part.deleting_since = Some(at("13:00:00"));
    part.finalizers = vec!["devcluster.infrastructure.cluster.x-k8s.io".into()];
    let name = part.id.name.to_string();
    let mut cluster = changed.cluster();
    cluster.deleting_since = Some(at("13:00:00"));
    let mut changed = changed.set(cluster, "Deleting", Status::True, "WaitingForInfrastructureDeletion", "* DevCluster: waits");
    changed.graph.put(part);
    changed.facts.now = at("14:00:00");
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    let last = said.remedies.last().and_then(|remedy| remedy.change.clone());
    assert_eq!(last, Some(api::changes::ClusterChange::RemoveFinalizers { kind: "DevCluster".into(), name: name.clone() }), "{said:?}");
    assert_eq!(said.remedies.len(), 2, "the provider is looked at first");
    changed.facts.now = at("13:30:00");
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule.as_deref(), said.remedies.len()), (Some("delete-infra"), 1), "it may only be slow: {said:?}");
    let error = format!("\"Reconciler error\" err=\"failed to delete the load balancer\" controller=\"devcluster\" DevCluster=\"default/{name}\"");
    changed.facts.logs.push(LogLine { source: LogSource::Controller("capd-controller-manager".into()), text: error, at: None }.into());
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert!(said.sentence.ends_with("its controller reports an error."), "{}", said.sentence);
    assert_eq!(said.remedies.len(), 1, "what cannot be removed now may be in a minute: {said:?}");
}

/// A worker that is deleted while what it ran on is gone already.
fn left_alone(provider_id: Option<&str>) -> Changed {
    let mut changed = Changed::running();
    let part = changed.first("DevMachine", false);
    changed.graph.remove(&part.id);
    changed.facts.gone.push(part.id);
    let mut worker = changed.first("Machine", false);
    worker.deleting_since = Some(at("13:30:00"));
    worker.finalizers = vec!["machine.cluster.x-k8s.io".into()];
    worker.provider_id = provider_id.map(str::to_owned);
    worker.conditions.retain(|c| c.kind != "Deleting");
    let (kind, reason, message) = ("Deleting".into(), "WaitingForInfrastructureDeletion".into(), "DevMachine is being deleted".into());
    worker.conditions.push(Condition { kind, status: Status::True, reason, message, since: Some(at("13:30:00")), severity: None });
    changed.graph.put(worker);
    changed
}

#[rstest]
#[case::by_its_id(Some("aws:///eu-1a/i-0abc"), "aws:///eu-1a/i-0abc stays behind at its provider, and nobody removes it any more")]
#[case::by_its_kinds(None, "What it made, such as a container, a virtual machine or a disk, stays behind, and nobody removes it any more")]
fn a_machine_whose_infrastructure_is_gone_is_let_go_last_and_says_what_stays_behind(#[case] id: Option<&str>, #[case] stays: &str) {
    let mut changed = left_alone(id);
    changed.facts.now = at("13:35:00");
    assert_ne!(changed.rule().0.as_deref(), Some("delete-infra"), "its controller may need a moment");
    changed.facts.now = at("14:10:00");
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("delete-infra"), Weight::Stuck), "{said:?}");
    assert!(said.sentence.ends_with("and there is no such object any more."), "{}", said.sentence);
    let name = changed.first("Machine", false).id.name.to_string();
    let last = said.remedies.last().expect("a remedy");
    assert_eq!(last.change, Some(api::changes::ClusterChange::RemoveFinalizers { kind: "Machine".into(), name }));
    assert_eq!((last.effect.as_str(), said.remedies.len()), (stays, 2));
}

/// Of a provider whose kinds KOS may not list, or whose group it does not know: what is not seen may be there.
#[test]
fn a_machine_is_not_let_go_where_nobody_can_tell_that_its_infrastructure_is_gone() {
    let mut changed = left_alone(None);
    changed.facts.now = at("14:10:00");
    changed.facts.gone.clear();
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert!(said.rule.as_deref() != Some("delete-infra") && said.remedies.iter().all(|remedy| remedy.change.is_none()), "{said:?}");
}

#[test]
fn a_machine_in_a_container_that_is_let_go_names_the_container() {
    let mut changed = left_alone(Some("docker:////w1-md-0-old"));
    changed.facts.containers.push(Container { name: "w1-md-0-old".into(), state: ContainerState::Running, since: None });
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    let last = said.remedies.last().expect("a remedy");
    assert_eq!(last.effect, "The container w1-md-0-old stays behind on this computer, and nobody removes it any more");
}

/// Made by hand: machines in memory serve no evictions.
fn draining(since: &str, limit: Option<Millis>) -> Changed {
    let mut worker = Changed::running().first("Machine", false);
    worker.deleting_since = Some(at(since));
    worker.drain_limit = limit;
    let message = "Drain not completed yet (started at 2026-11-23T14:08:00Z):\n* Pod shop/web-0: cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 1 healthy pods and has 1 currently";
    worker.conditions.retain(|c| c.kind != "Deleting");
    let (kind, reason) = ("Deleting".into(), "DrainingNode".into());
    worker.conditions.push(Condition { kind, status: Status::True, reason, message: message.into(), since: Some(at(since)), severity: None });
    let mut changed = Changed::running();
    changed.graph.put(worker);
    changed
}

#[rstest]
#[case::within_its_limit("14:08:00", Some(Millis::seconds(300)), Weight::Normal, "After 5 min of draining the machine goes anyway.")]
#[case::at_its_limit("14:05:00", Some(Millis::seconds(300)), Weight::Stuck, "allows no eviction")]
#[case::without_a_limit("14:08:00", None, Weight::Normal, "Cluster API tries again by itself")]
#[case::without_a_limit_for_long("13:59:00", None, Weight::Stuck, "allows no eviction")]
fn a_budget_that_holds_a_drain_within_its_time_is_no_trouble(#[case] since: &str, #[case] limit: Option<Millis>, #[case] weight: Weight, #[case] words: &str) {
    let changed = draining(since, limit);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!((said.rule.as_deref(), said.weight), (Some("delete-drain"), weight), "{}", said.sentence);
    assert!(said.sentence.contains(words), "{}", said.sentence);
    let (row, _) = crate::view::head(&changed.graph, &recorded::key("default", "w1"), &changed.facts).unwrap();
    assert_eq!(row.state == api::capi::ClusterState::Stuck, weight == Weight::Stuck, "{row:?}");
    if weight == Weight::Normal {
        assert!(row.why.starts_with("Draining w1-md-0-") && row.why.contains(", held by web: shop/web-0"), "{}", row.why);
    }
}

#[test]
fn a_disruption_budget_that_blocks_a_drain_is_named_with_its_pod() {
    let changed = draining("13:50:00", None);
    let said = asked(&changed.graph, "default", "w1", &changed.facts);
    assert_eq!(said.rule.as_deref(), Some("delete-drain"));
    assert!(said.sentence.starts_with("shop/web-0 blocks the drain of w1-md-0-"), "{}", said.sentence);
    assert!(said.sentence.contains("its disruption budget web allows no eviction"), "{}", said.sentence);
    let limit = api::changes::ClusterChange::LimitDrain { group: api::capi::LaneGroup::Pool("md-0".into()), seconds: 120 };
    assert_eq!(said.remedies[0].change, Some(limit));
}
