//! What stops a whole cluster, and what only the object that carries an annotation? Both are made of a recorded cluster.

use api::capi::{ClusterState, Weight};
use api::changes::{ClusterChange, Follows};
use rstest::rstest;
use serde_json::{Value, json};

use super::{asked, facts};
use crate::change::{Around, Documents, plan};
use crate::recorded::{self, at};
use crate::view;

/// A running cluster with one document changed.
fn running(kind: &str, change: impl Fn(&mut Value)) -> Documents {
    let mut documents = recorded::documents("in-memory/04-running.yaml");
    documents.iter_mut().filter(|(id, _)| &*id.kind == kind).for_each(|(_, document)| change(document));
    documents
}

/// As the controllers say it of each of the two, and of both.
fn pause(cluster: &mut Value, spec: bool, annotation: bool) {
    let mut says = vec![];
    if spec {
        cluster["spec"]["paused"] = json!(true);
        says.push("Cluster spec.paused is set to true");
    }
    if annotation {
        cluster["metadata"]["annotations"]["cluster.x-k8s.io/paused"] = json!("");
        says.push("Cluster has the cluster.x-k8s.io/paused annotation");
    }
    let conditions = cluster["status"]["conditions"].as_array_mut().expect("it has conditions");
    for condition in conditions.iter_mut().filter(|c| c["type"] == "Paused" && !says.is_empty()) {
        condition["status"] = json!("True");
        condition["reason"] = json!("Paused");
        condition["message"] = json!(says.join(", "));
    }
}

/// Containers may sleep only where the cluster is `Paused`: then no health check replaces a machine.
#[rstest]
#[case::neither(false, false, None, false, true, ClusterState::Available)]
#[case::spec(true, false, Some("paused"), true, false, ClusterState::Paused)]
#[case::annotation(false, true, Some("held"), false, false, ClusterState::Available)]
#[case::both(true, true, Some("paused"), true, false, ClusterState::Paused)]
fn only_its_spec_pauses_a_cluster_and_its_annotation_holds_the_object_alone(
    #[case] spec: bool,
    #[case] annotation: bool,
    #[case] rule: Option<&str>,
    #[case] is_resumed: bool,
    #[case] is_deleted: bool,
    #[case] state: ClusterState,
) {
    let documents = running("Cluster", |cluster| pause(cluster, spec, annotation));
    let (graph, key) = (recorded::graph_of(&documents), recorded::key("default", "wl1"));
    let said = asked(&graph, "default", "wl1", &facts(at("13:37:00")));
    assert_eq!(said.rule.as_deref(), rule, "{said:?}");
    let (row, _) = view::head(&graph, &key, &facts(at("13:37:00"))).expect("the cluster is there");
    assert_eq!(row.state, state);
    let planned = |change: &ClusterChange| plan(&graph, &key, &documents, &Around::default(), change);
    assert_eq!((planned(&ClusterChange::Resume).is_ok(), planned(&ClusterChange::Delete).is_ok()), (is_resumed, is_deleted));
    if rule == Some("held") {
        assert!(said.weight == Weight::Chosen && said.sentence.contains("health checks replace them as ever"), "{said:?}");
        assert!(said.remedies.iter().all(|remedy| remedy.change.is_none()), "there is nothing to resume: {said:?}");
        let refused = planned(&ClusterChange::Delete).expect_err("it is held").0;
        assert!(refused.ends_with("kubectl annotate cluster wl1 -n default cluster.x-k8s.io/paused-"), "{refused}");
    }
}

#[rstest]
#[case::control_plane("KubeadmControlPlane", "kubeadmcontrolplane.controlplane.cluster.x-k8s.io wl1-dlcrd")]
#[case::pool("MachineDeployment", "machinedeployment.cluster.x-k8s.io wl1-md-0-klnwq")]
fn an_upgrade_that_a_held_object_stops_names_it_and_how_it_is_let_go(#[case] kind: &str, #[case] what: &str) {
    let mut documents = running(kind, |object| object["metadata"]["annotations"]["cluster.x-k8s.io/paused"] = json!("true"));
    for (_, cluster) in documents.iter_mut().filter(|(id, _)| &*id.kind == "Cluster") {
        let conditions = cluster["status"]["conditions"].as_array_mut().expect("it has conditions");
        for condition in conditions.iter_mut().filter(|c| c["type"] == "TopologyReconciled") {
            condition["status"] = json!("False");
            condition["reason"] = json!("ClusterUpgrading");
            condition["message"] = json!("Cluster is upgrading to v1.35.0");
        }
    }
    let graph = recorded::graph_of(&documents);
    let said = asked(&graph, "default", "wl1", &facts(at("13:37:00")));
    assert_eq!((said.rule.as_deref(), said.weight), (Some("held"), Weight::Chosen), "{said:?}");
    assert!(said.sentence.starts_with(&format!("{kind} wl1-")), "{}", said.sentence);
    assert_eq!(said.remedies[0].command, Some(format!("kubectl annotate {what} -n default cluster.x-k8s.io/paused-")));
    let deletion = plan(&graph, &recorded::key("default", "wl1"), &documents, &Around::default(), &ClusterChange::Delete).expect("it is planned");
    let risk = deletion.effects.iter().find(|one| one.weight == Follows::Risk && one.sentence.starts_with("Held by the annotation")).expect("it is said");
    assert!(risk.names.iter().all(|name| name.starts_with(kind)) && risk.names.len() == 1, "{risk:?}");
}
