use api::capi::LaneGroup;
use api::changes::ClusterChange;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Act, Around, Follows, Scene, plan, sentences};
use crate::recorded;

fn limit(group: LaneGroup) -> ClusterChange {
    ClusterChange::LimitDrain { group, seconds: 120 }
}

fn pool() -> LaneGroup {
    LaneGroup::Pool("md-0".into())
}

#[test]
fn a_limit_of_a_drain_is_written_where_machines_take_it_from() {
    let topology = Scene::running().topology_after(&limit(pool()));
    assert_eq!(topology["workers"]["machineDeployments"][0]["deletion"], json!({ "nodeDrainTimeoutSeconds": 120 }));
    let topology = Scene::running().topology_after(&limit(LaneGroup::ControlPlane));
    assert_eq!(topology["controlPlane"]["deletion"], json!({ "nodeDrainTimeoutSeconds": 120 }));
}

#[rstest]
#[case::pool(LaneGroup::Pool("wl1-md-0-klnwq".into()), "MachineDeployment", "/spec/template/spec/deletion/nodeDrainTimeoutSeconds")]
#[case::control_plane(LaneGroup::ControlPlane, "KubeadmControlPlane", "/spec/machineTemplate/spec/deletion/nodeDrainTimeoutSeconds")]
fn without_a_topology_it_is_written_in_the_owner(#[case] group: LaneGroup, #[case] kind: &str, #[case] field: &str) {
    let plan = Scene::plain().plan(&limit(group)).unwrap();
    let [write] = &plan.writes[..] else { panic!("one write: {plan:?}") };
    let Act::Merge(patch) = &write.act else { panic!("a merge: {write:?}") };
    assert_eq!((&*write.object.kind, patch.pointer(field)), (kind, Some(&json!(120))));
}

#[test]
fn the_older_contract_writes_a_limit_as_a_text() {
    let mut scene = Scene::running();
    scene.change("Cluster", |cluster| cluster["apiVersion"] = json!("cluster.x-k8s.io/v1beta1"));
    assert_eq!(scene.topology_after(&limit(pool()))["workers"]["machineDeployments"][0]["nodeDrainTimeout"], "120s");
}

#[test]
fn a_limit_says_that_pods_end_and_that_no_machine_is_made_anew() {
    let plan = Scene::running().plan(&limit(pool())).unwrap();
    assert_eq!(
        sentences(&plan, Follows::Risk),
        ["After 120 s a machine of the pool md-0 goes although pods are left on it: they end, and no disruption budget is kept."]
    );
    assert_eq!(plan.replaced, []);
    assert_eq!(Scene::running().refusal(&ClusterChange::LimitDrain { group: pool(), seconds: 0 }), "A limit of 0 s means none: choose at least 1 s.");
}

fn held(deleted: &Value, finalizers: &Value) -> Scene {
    let mut scene = Scene::running();
    scene.change("MachineDeployment", |object| {
        object["metadata"]["deletionTimestamp"] = deleted.clone();
        object["metadata"]["finalizers"] = finalizers.clone();
    });
    scene
}

#[test]
fn a_finalizer_is_taken_off_only_from_what_is_being_deleted() {
    let name = "wl1-md-0-klnwq".to_owned();
    let let_go = ClusterChange::RemoveFinalizers { kind: "MachineDeployment".into(), name: name.clone() };
    let gone = json!("2026-11-23T14:00:00Z");
    let finalizers = json!(["cluster.x-k8s.io/machinedeployment"]);
    let plan = held(&gone, &finalizers).plan(&let_go).unwrap();
    assert_eq!(plan.writes[0].act, Act::Merge(json!({ "metadata": { "finalizers": null } })));
    assert_eq!(plan.effects[0].names, ["cluster.x-k8s.io/machinedeployment"]);
    assert_eq!(sentences(&plan, Follows::Risk).len(), 1);
    for (scene, why) in [
        (held(&Value::Null, &finalizers), "is not being deleted. Its finalizers keep others from forgetting what belongs to it."),
        (held(&gone, &json!([])), "has no finalizers: it goes by itself."),
    ] {
        assert_eq!(scene.refusal(&let_go), format!("MachineDeployment {name} {why}"));
    }
}

#[test]
fn what_stays_behind_is_named_before_a_machine_is_let_go() {
    let mut documents = recorded::documents("in-memory/04-running.yaml");
    let (id, machine) = documents.iter_mut().find(|(id, _)| &*id.kind == "Machine").expect("a machine");
    let name = id.name.to_string();
    machine["metadata"]["deletionTimestamp"] = json!("2026-11-23T14:00:00Z");
    machine["metadata"]["finalizers"] = json!(["machine.cluster.x-k8s.io"]);
    machine["spec"]["providerID"] = json!("docker:////old-1");
    let let_go = ClusterChange::RemoveFinalizers { kind: "Machine".into(), name };
    for (containers, says, names) in [
        (vec!["old-1".to_owned()], "docker rm -f -v old-1 removes it.", "old-1"),
        (vec!["old-2".to_owned()], "may stay behind, and cost: no controller looks for it afterwards.", "docker:////old-1"),
    ] {
        let around = Around { containers, ..Around::default() };
        let plan = plan(&recorded::graph_of(&documents), &recorded::key("default", "wl1"), &documents, &around, &let_go).unwrap();
        let risk = plan.effects.iter().find(|effect| effect.weight == Follows::Risk).expect("a risk");
        assert!(risk.sentence.ends_with(says) && risk.names == [names], "{risk:?}");
    }
}
