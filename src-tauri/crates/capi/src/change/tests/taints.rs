use api::changes::{ClusterChange, Taint, TaintEffect};
use serde_json::json;

use super::{Follows, Scene, TopologyTakes, sentences};

fn taint(key: &str, effect: TaintEffect) -> Taint {
    Taint { key: key.into(), value: "yes".into(), effect }
}

fn set(taints: Vec<Taint>) -> ClusterChange {
    ClusterChange::SetTaints { pool: "md-0".into(), taints }
}

#[test]
fn taints_of_a_pool_are_changed_in_place_and_say_who_is_ended() {
    let scene = Scene::running();
    let change = set(vec![taint("gpu", TaintEffect::NoSchedule), taint("old", TaintEffect::NoExecute)]);
    let pool = &scene.topology_after(&change)["workers"]["machineDeployments"][0];
    assert_eq!(pool["taints"][0], json!({ "key": "gpu", "value": "yes", "effect": "NoSchedule", "propagation": "Always" }));
    let plan = scene.plan(&change).unwrap();
    assert_eq!(sentences(&plan, Follows::Unharmed), ["No machine is replaced: taints are changed in place."]);
    assert_eq!(sentences(&plan, Follows::Risk).len(), 2);
}

#[test]
fn what_no_pool_can_have_is_refused_in_a_sentence() {
    let mut scene = Scene::running();
    assert_eq!(scene.refusal(&set(vec![])), "md-0 has these taints already.");
    let twice = set(vec![taint("gpu", TaintEffect::NoSchedule), taint("gpu", TaintEffect::NoSchedule)]);
    assert_eq!(scene.refusal(&twice), "gpu stands twice with the same effect. A node keeps one of them.");
    let one = set(vec![taint("gpu", TaintEffect::NoSchedule)]);
    let refused = scene.plan_where(TopologyTakes::Neither, &one).unwrap_err().0;
    assert!(refused.starts_with("A topology has a place for taints since Cluster API v1.13."), "{refused}");
    scene.change("Cluster", |cluster| cluster["apiVersion"] = json!("cluster.x-k8s.io/v1beta1"));
    assert!(scene.refusal(&one).starts_with("The v1beta1 contract of Cluster API has no place for taints"));
}
