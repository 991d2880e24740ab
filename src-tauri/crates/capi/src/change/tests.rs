use std::collections::BTreeMap;

use api::capi::LaneGroup;
use api::changes::{Allowed, Bounds, ClusterChange, Follows, NewPool, PoolFrom, PoolSize, Repair, Taint, TaintEffect};
use api::{Millis, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::recorded;

mod health;
mod leaving;
mod taints;

/// A recorded cluster, as it was or with hands laid on it.
struct Scene {
    documents: Documents,
    key: ClusterKey,
}

impl Scene {
    /// Three control planes and three workers of a topology.
    fn running() -> Self {
        Self { documents: recorded::documents("in-memory/04-running.yaml"), key: recorded::key("default", "wl1") }
    }

    /// The same without a topology: hand-made of the recording.
    fn plain() -> Self {
        let mut scene = Self::running();
        scene.change("Cluster", |cluster| cluster["spec"]["topology"] = Value::Null);
        for kind in ["MachineDeployment", "KubeadmControlPlane"] {
            scene.change(kind, |object| {
                object["metadata"]["labels"].as_object_mut().unwrap().retain(|name, _| !name.starts_with("topology."));
            });
        }
        scene
    }

    fn change(&mut self, kind: &str, change: impl Fn(&mut Value)) -> &mut Self {
        self.documents.iter_mut().filter(|(id, _)| &*id.kind == kind).for_each(|(_, document)| change(document));
        self
    }

    fn class(&mut self, spec: Value) -> &mut Self {
        let cluster = self.document("Cluster").clone();
        let id = class_of(&cluster).expect("a topology has a class");
        self.documents.insert(id, json!({ "kind": "ClusterClass", "metadata": { "name": "in-memory" }, "spec": spec }));
        self
    }

    fn document(&self, kind: &str) -> &Value {
        self.documents.iter().find(|(id, _)| &*id.kind == kind).map(|(_, document)| document).expect("it is recorded")
    }

    fn plan(&self, change: &ClusterChange) -> Planned {
        self.plan_where(TopologyTakes::RolloutsAndTaints, change)
    }

    fn plan_where(&self, topology: TopologyTakes, change: &ClusterChange) -> Planned {
        let listed = vec!["v1.35.8".into(), "v1.34.11".into()];
        let around = Around { each: Some(Millis::seconds(24)), listed, topology, ..Around::default() };
        plan(&recorded::graph_of(&self.documents), &self.key, &self.documents, &around, change)
    }

    fn refusal(&self, change: &ClusterChange) -> String {
        self.plan(change).expect_err("it is refused").0
    }

    /// The documents after the writes of a plan, deletions and creations aside.
    fn after(&self, plan: &Plan) -> Documents {
        let mut documents = self.documents.clone();
        for write in &plan.writes {
            let document = documents.entry(write.object.clone()).or_default();
            match &write.act {
                Act::Merge(patch) => json_patch::merge(document, patch),
                Act::Steps(steps) => {
                    let steps: json_patch::Patch = serde_json::from_value(json!(steps)).expect("steps are RFC 6902");
                    json_patch::patch(document, &steps).expect("the steps fit");
                }
                Act::Create(made) => document.clone_from(made),
                Act::Delete => *document = Value::Null,
            }
        }
        documents
    }

    /// The topology after a change, and that nothing but the Cluster was written.
    fn topology_after(&self, change: &ClusterChange) -> Value {
        let plan = self.plan(change).expect("it is planned");
        assert_eq!(plan.writes.iter().map(|w| &*w.object.kind).collect::<Vec<_>>(), ["Cluster"]);
        let after = self.after(&plan);
        after.iter().find(|(id, _)| &*id.kind == "Cluster").map(|(_, cluster)| cluster["spec"]["topology"].clone()).unwrap()
    }
}

fn size(pool: &str, to: u32) -> PoolSize {
    PoolSize { pool: pool.into(), to }
}

fn scale(control_plane: Option<u32>, pools: &[(&str, u32)]) -> ClusterChange {
    ClusterChange::Scale { control_plane, pools: pools.iter().map(|(pool, to)| size(pool, *to)).collect() }
}

fn new_pool(from: PoolFrom) -> ClusterChange {
    let taints = vec![Taint { key: "gpu".into(), value: "yes".into(), effect: TaintEffect::NoSchedule }];
    ClusterChange::AddPool(NewPool { name: "gpu".into(), from, replicas: 2, labels: BTreeMap::from([("tier".into(), "gpu".into())]), taints })
}

fn sentences(plan: &Plan, weight: Follows) -> Vec<&str> {
    plan.effects.iter().filter(|e| e.weight == weight).map(|e| e.sentence.as_str()).collect()
}

#[test]
fn a_topology_is_scaled_in_its_cluster_alone() {
    let topology = Scene::running().topology_after(&scale(Some(5), &[("md-0", 4)]));
    assert_eq!(topology["controlPlane"]["replicas"], 5);
    assert_eq!(topology["workers"]["machineDeployments"], json!([{ "class": "default-worker", "name": "md-0", "replicas": 4 }]));
}

#[test]
fn a_pool_is_also_found_by_the_name_of_its_object() {
    let topology = Scene::running().topology_after(&scale(None, &[("wl1-md-0-klnwq", 1)]));
    assert_eq!((&topology["workers"]["machineDeployments"][0]["replicas"], &topology["controlPlane"]["replicas"]), (&json!(1), &json!(3)));
}

#[test]
fn a_control_plane_that_the_topology_does_not_count_gets_its_number_there() {
    let mut scene = Scene::running();
    scene.change("Cluster", |cluster| {
        cluster["spec"]["topology"].as_object_mut().unwrap().remove("controlPlane");
    });
    assert_eq!(scene.topology_after(&scale(Some(1), &[]))["controlPlane"], json!({ "replicas": 1 }));
    assert_eq!(scene.topology_after(&scale(Some(1), &[("md-0", 1)]))["controlPlane"], json!({ "replicas": 1 }));
}

#[test]
fn a_plain_cluster_is_scaled_in_the_objects_themselves() {
    let scene = Scene::plain();
    let plan = scene.plan(&scale(Some(1), &[("wl1-md-0-klnwq", 5)])).unwrap();
    let written: Vec<(&str, &Act)> = plan.writes.iter().map(|w| (&*w.object.kind, &w.act)).collect();
    let (one, five) = (Act::Merge(json!({ "spec": { "replicas": 1 } })), Act::Merge(json!({ "spec": { "replicas": 5 } })));
    assert_eq!(written, [("KubeadmControlPlane", &one), ("MachineDeployment", &five)]);
}

#[test]
fn what_goes_and_what_comes_is_counted_and_named() {
    let scene = Scene::running();
    let plan = scene.plan(&scale(Some(1), &[("md-0", 5)])).unwrap();
    assert_eq!(plan.title, "Scale wl1");
    assert_eq!(sentences(&plan, Follows::Made), ["2 machines more in md-0, all at once."]);
    assert_eq!(sentences(&plan, Follows::Gone), ["2 machines of the control plane go, one after the other, the oldest first."]);
    let gone = plan.effects.iter().find(|e| e.weight == Follows::Gone).unwrap();
    assert_eq!(gone.names.len(), 2);
    assert_eq!(sentences(&plan, Follows::Risk), ["With one control plane machine the API of wl1 stops whenever that machine does."]);
}

#[rstest]
#[case(scale(Some(2), &[]), "2 control planes are no safer than 1: etcd decides by majority. Use 1, 3 or 5.")]
#[case(scale(Some(0), &[]), "wl1 needs at least one control plane machine. Delete the cluster if it shall go.")]
#[case(scale(Some(3), &[("md-0", 3)]), "wl1 is of this size already.")]
#[case(scale(None, &[("md-9", 3)]), "wl1 has no pool md-9, or not any more.")]
#[case(scale(None, &[("md-0", 100_000)]), "100000 machines are more than KOS asks for at once. 1000 are the most.")]
#[case(ClusterChange::Resume, "wl1 is not paused.")]
#[case(ClusterChange::Upgrade { to: "v1.34.2".into() }, "wl1 cannot go to v1.34.2: runs already.")]
#[case(ClusterChange::Upgrade { to: "v1.33.9".into() }, "wl1 cannot go to v1.33.9: Kubernetes does not go back.")]
#[case(ClusterChange::Upgrade { to: "v1.36.0".into() }, "wl1 cannot go to v1.36.0: one minor at a time: v1.35 first.")]
#[case(ClusterChange::Upgrade { to: "latest".into() }, "wl1 cannot go to latest: this is no version: write it like v1.36.4.")]
#[case(ClusterChange::ReplaceMachine { machine: "nobody".into() }, "wl1 has no machine nobody, or not any more.")]
#[case(new_pool(PoolFrom::Class("big".into())), "The class of wl1 names no worker classes, or cannot be read.")]
#[case(ClusterChange::SetBounds { pool: "md-0".into(), bounds: Some(Bounds { min: 3, max: 2 }) }, "The fewest (3) cannot be more than the most (2).")]
#[case(ClusterChange::SetLabels { pool: "md-0".into(), labels: BTreeMap::new() }, "md-0 has these labels already.")]
fn what_cannot_be_done_is_refused_in_a_sentence(#[case] change: ClusterChange, #[case] sentence: &str) {
    assert_eq!(Scene::running().refusal(&change), sentence);
}

#[test]
fn etcd_elsewhere_allows_an_even_number() {
    let mut scene = Scene::running();
    scene.change("KubeadmControlPlane", |plane| plane["spec"]["kubeadmConfigSpec"]["clusterConfiguration"]["etcd"]["external"] = json!({ "endpoints": [] }));
    assert_eq!(scene.topology_after(&scale(Some(2), &[]))["controlPlane"]["replicas"], 2);
}

#[test]
fn a_pool_is_added_of_a_class_or_like_another_and_removed_again() {
    let mut scene = Scene::running();
    scene.class(json!({ "workers": { "machineDeployments": [{ "class": "default-worker" }, { "class": "big" }] } }));
    let taints = json!([{ "key": "gpu", "value": "yes", "effect": "NoSchedule", "propagation": "Always" }]);
    for (from, class) in [(PoolFrom::Class("big".into()), "big"), (PoolFrom::Like("md-0".into()), "default-worker")] {
        let pools = scene.topology_after(&new_pool(from))["workers"]["machineDeployments"].clone();
        assert_eq!(pools[1], json!({ "class": class, "name": "gpu", "replicas": 2, "metadata": { "labels": { "tier": "gpu" } }, "taints": taints }));
    }
    let remove = ClusterChange::RemovePool { pool: "md-0".into() };
    assert_eq!(scene.topology_after(&remove)["workers"]["machineDeployments"], json!([]));
    let plan = scene.plan(&remove).unwrap();
    assert_eq!(plan.effects[0].names.len(), 3, "each machine that goes is named");
    assert!(sentences(&plan, Follows::Risk).iter().any(|s| s.contains("no workers")));
}

#[test]
fn a_plain_pool_is_made_with_the_templates_of_another() {
    let scene = Scene::plain();
    let plan = scene.plan(&new_pool(PoolFrom::Like("wl1-md-0-klnwq".into()))).unwrap();
    let Act::Create(made) = &plan.writes[0].act else { panic!("{plan:?}") };
    let own = json!({ "cluster.x-k8s.io/cluster-name": "wl1", "cluster.x-k8s.io/deployment-name": "gpu" });
    assert_eq!(made["spec"]["selector"], json!({ "matchLabels": own }));
    assert_eq!(made["spec"]["template"]["spec"]["infrastructureRef"]["name"], "wl1-md-0-g6cv8");
    assert_eq!(made["spec"]["template"]["metadata"]["labels"]["tier"], "gpu");
    assert!(made["metadata"]["uid"].is_null() && made["status"].is_null());
    let removed = scene.plan(&ClusterChange::RemovePool { pool: "wl1-md-0-klnwq".into() }).unwrap();
    assert_eq!((&*removed.writes[0].object.kind, &removed.writes[0].act), ("MachineDeployment", &Act::Delete));
}

#[test]
fn the_entry_of_a_pool_is_tested_before_it_is_changed() {
    let mut scene = Scene::running();
    let plan = scene.plan(&ClusterChange::RemovePool { pool: "md-0".into() }).unwrap();
    scene.change("Cluster", |cluster| {
        cluster["spec"]["topology"]["workers"]["machineDeployments"].as_array_mut().unwrap().insert(0, json!({ "name": "other" }));
    });
    let Act::Steps(steps) = &plan.writes[0].act else { panic!("{plan:?}") };
    let steps: json_patch::Patch = serde_json::from_value(json!(steps)).unwrap();
    let mut moved = scene.document("Cluster").clone();
    assert!(json_patch::patch(&mut moved, &steps).is_err(), "another pool stands at this place now");
}

#[test]
fn an_autoscaler_gets_bounds_and_the_number_leaves_the_topology() {
    let mut scene = Scene::running();
    let set = ClusterChange::SetBounds { pool: "md-0".into(), bounds: Some(Bounds { min: 1, max: 5 }) };
    let pool = scene.topology_after(&set)["workers"]["machineDeployments"][0].clone();
    let bounds =
        json!({ "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "1", "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size": "5" });
    assert_eq!((&pool["metadata"]["annotations"], pool.get("replicas")), (&bounds, None));
    scene.change("Cluster", |cluster| cluster["spec"]["topology"]["workers"]["machineDeployments"][0] = pool.clone());
    assert_eq!(scene.refusal(&scale(None, &[("md-0", 2)])), "The size of md-0 is left to an autoscaler. Change its bounds, or take them back first.");
    let taken = scene.topology_after(&ClusterChange::SetBounds { pool: "md-0".into(), bounds: None });
    assert_eq!(
        taken["workers"]["machineDeployments"][0],
        json!({ "class": "default-worker", "name": "md-0", "replicas": 3, "metadata": { "annotations": {} } })
    );
}

#[test]
fn labels_say_which_of_them_reach_nodes() {
    let labels = BTreeMap::from([("node-role.kubernetes.io/gpu".to_owned(), String::new()), ("tier".to_owned(), "a".to_owned())]);
    let change = ClusterChange::SetLabels { pool: "md-0".into(), labels: labels.clone() };
    let scene = Scene::running();
    assert_eq!(scene.topology_after(&change)["workers"]["machineDeployments"][0]["metadata"]["labels"], json!(labels));
    let plan = scene.plan(&change).unwrap();
    let names = |weight: Follows| plan.effects.iter().find(|e| e.weight == weight).map(|e| e.names.clone()).unwrap();
    assert_eq!((names(Follows::Made), names(Follows::Risk)), (vec!["node-role.kubernetes.io/gpu".to_owned()], vec!["tier".to_owned()]));
    let plain = Scene::plain();
    let after = plain.after(&plain.plan(&ClusterChange::SetLabels { pool: "wl1-md-0-klnwq".into(), labels }).unwrap());
    let deployment = after.iter().find(|(id, _)| &*id.kind == "MachineDeployment").unwrap().1;
    assert_eq!(deployment["spec"]["template"]["metadata"]["labels"]["cluster.x-k8s.io/cluster-name"], "wl1", "the labels of Cluster API stay");
}

#[test]
fn an_upgrade_names_every_machine_in_the_order_of_its_replacement() {
    let scene = Scene::running();
    let change = ClusterChange::Upgrade { to: "v1.35.8".into() };
    let plan = scene.plan(&change).unwrap();
    assert_eq!(plan.writes[0].act, Act::Merge(json!({ "spec": { "topology": { "version": "v1.35.8" } } })));
    let groups: Vec<(&LaneGroup, usize, u32, Option<Millis>)> = plan.replaced.iter().map(|r| (&r.group, r.machines.len(), r.surge, r.each)).collect();
    let (pool, each) = (LaneGroup::Pool("md-0".into()), Some(Millis::seconds(24)));
    assert_eq!(groups, [(&LaneGroup::ControlPlane, 3, 1, each), (&pool, 3, 1, each)]);
    assert_eq!(sentences(&plan, Follows::Replaced), ["6 machines, the control plane before the pools, a new one before an old one goes."]);
    assert_eq!(sentences(&plan, Follows::Risk), ["It cannot be undone: Kubernetes does not go back. It can be paused between machines."]);
}

#[test]
fn no_upgrade_begins_while_another_goes_on() {
    for moment in ["08-upgrading-cp", "09-upgrading-workers"] {
        let scene = Scene { documents: recorded::documents(&format!("in-memory/{moment}.yaml")), key: recorded::key("default", "wl1") };
        let said = scene.refusal(&ClusterChange::Upgrade { to: "v1.35.8".into() });
        assert!(said.ends_with("goes on."), "{moment}: {said}");
    }
}

#[test]
fn a_class_that_names_versions_decides_which_are_allowed() {
    let mut scene = Scene::running();
    scene.class(json!({ "kubernetesVersions": ["v1.34.2", "v1.35.1", "v1.36.0"] }));
    assert_eq!(scene.topology_after(&ClusterChange::Upgrade { to: "v1.36.0".into() })["version"], "v1.36.0");
    assert_eq!(scene.refusal(&ClusterChange::Upgrade { to: "v1.35.8".into() }), "wl1 cannot go to v1.35.8: the class of this cluster does not name it.");
    let offered = offers(&recorded::graph_of(&scene.documents), &scene.key, &scene.documents, &Around::default()).unwrap();
    let words: Vec<(&str, Allowed)> = offered.versions.iter().map(|v| (v.version.as_str(), v.allowed)).collect();
    assert_eq!(words, [("v1.36.0", Allowed::Yes), ("v1.35.1", Allowed::Yes), ("v1.34.2", Allowed::No)]);
}

#[test]
fn each_version_is_offered_with_why_it_is_allowed_or_not() {
    let scene = Scene::running();
    let listed = ["v1.37.0", "v1.35.8", "v1.34.11", "v1.33.1"].map(String::from).to_vec();
    let around = Around { listed: listed.clone(), containers: vec!["wl1-lb".into()], ..Around::default() };
    let offered = offers(&recorded::graph_of(&scene.documents), &scene.key, &scene.documents, &around).unwrap();
    let words: Vec<(&str, &str)> = offered.versions.iter().map(|v| (v.version.as_str(), v.why.as_str())).collect();
    assert_eq!(
        words,
        [
            ("v1.37.0", "one minor at a time: v1.35 first"),
            ("v1.35.8", "next minor"),
            ("v1.34.11", "patch of the same minor"),
            ("v1.34.2", "runs already"),
            ("v1.33.1", "Kubernetes does not go back"),
        ]
    );
    assert_eq!(offered.control_plane.map(|cp| (cp.replicas, cp.counts)), Some((3, vec![1, 3, 5, 7])));
    assert_eq!(offered.pools.iter().map(|p| (p.pool.as_str(), p.object.as_str(), p.replicas)).collect::<Vec<_>>(), [("md-0", "wl1-md-0-klnwq", Some(3))]);
    let elsewhere = offers(&recorded::graph_of(&scene.documents), &scene.key, &scene.documents, &Around { listed, ..Around::default() }).unwrap();
    let versions: Vec<&str> = elsewhere.versions.iter().map(|v| v.version.as_str()).collect();
    assert_eq!(versions, ["v1.34.2"], "images of containers say nothing of other machines");
}

#[test]
fn what_a_builder_adds_to_a_version_is_kept_when_it_is_read_offered_and_written() {
    let mut scene = Scene::running();
    let build = |object: &mut Value, field: &str| {
        if let Some(version) = object.pointer_mut(field) {
            *version = json!("v1.34.2+rke2r1");
        }
    };
    scene.change("Cluster", |cluster| build(cluster, "/spec/topology/version"));
    scene.change("KubeadmControlPlane", |plane| build(plane, "/spec/version"));
    scene.change("MachineDeployment", |pool| build(pool, "/spec/template/spec/version"));
    scene.change("Machine", |machine| build(machine, "/spec/version"));
    scene.class(json!({ "kubernetesVersions": ["v1.34.2+rke2r1", "v1.34.2+rke2r2", "v1.35.1+rke2r1"] }));
    let offered = offers(&recorded::graph_of(&scene.documents), &scene.key, &scene.documents, &Around::default()).unwrap();
    let words: Vec<(&str, &str)> = offered.versions.iter().map(|v| (v.version.as_str(), v.why.as_str())).collect();
    assert_eq!(words, [("v1.35.1+rke2r1", "next minor"), ("v1.34.2+rke2r2", "another build of the same release"), ("v1.34.2+rke2r1", "runs already")]);
    assert_eq!(scene.topology_after(&ClusterChange::Upgrade { to: "v1.34.2+rke2r2".into() })["version"], "v1.34.2+rke2r2");
}

#[test]
fn a_plain_cluster_of_other_machines_names_the_templates_that_may_hold_the_old_image() {
    let mut scene = Scene::plain();
    let change = ClusterChange::Upgrade { to: "v1.35.8".into() };
    let templates = |scene: &Scene| {
        let plan = scene.plan(&change).unwrap();
        let found = plan.effects.into_iter().find(|effect| effect.weight == Follows::Risk && effect.sentence.starts_with("New machines come from"));
        found.map(|effect| effect.names)
    };
    let of_planes = scene.document("KubeadmControlPlane")["spec"]["machineTemplate"]["spec"]["infrastructureRef"]["name"].as_str().unwrap();
    assert_eq!(templates(&scene), Some(vec![format!("DevMachineTemplate {of_planes}")]));
    scene.change("Machine", |machine| machine["spec"]["providerID"] = json!("docker:////wl1-x"));
    assert_eq!(templates(&scene), None, "the image of a container follows the version");
    assert_eq!(templates(&Scene::running()), None, "a class changes the template");
}

#[test]
fn a_plain_cluster_is_upgraded_control_plane_first_then_its_pools() {
    let mut scene = Scene::plain();
    let change = ClusterChange::Upgrade { to: "v1.35.8".into() };
    let plan = scene.plan(&change).unwrap();
    assert_eq!(plan.writes.iter().map(|w| &*w.object.kind).collect::<Vec<_>>(), ["KubeadmControlPlane"]);
    assert!(sentences(&plan, Follows::Unharmed)[0].starts_with("The pools stay at their version."));
    scene.change("KubeadmControlPlane", |plane| plane["spec"]["version"] = json!("v1.35.8"));
    let said = scene.refusal(&ClusterChange::Upgrade { to: "v1.35.9".into() });
    assert!(said.ends_with("an upgrade to v1.35.8 goes on."), "{said}");
    scene.change("Machine", |machine| {
        if machine["metadata"]["labels"]["cluster.x-k8s.io/control-plane"].is_string() {
            machine["spec"]["version"] = json!("v1.35.8");
        }
    });
    let plan = scene.plan(&change).unwrap();
    let pools = Act::Merge(json!({ "spec": { "template": { "spec": { "version": "v1.35.8" } } } }));
    assert_eq!(plan.writes.iter().map(|w| (&*w.object.kind, &w.act)).collect::<Vec<_>>(), [("MachineDeployment", &pools)]);
}

#[test]
fn a_pool_may_not_fall_more_than_three_minors_behind() {
    let mut scene = Scene::plain();
    scene.change("MachineDeployment", |pool| pool["spec"]["template"]["spec"]["version"] = json!("v1.31.0"));
    let said = scene.refusal(&ClusterChange::Upgrade { to: "v1.35.8".into() });
    assert_eq!(said, "wl1 cannot go to v1.35.8: wl1-md-0-klnwq would be more than 3 minors older: upgrade it first.");
}

#[test]
fn a_rollout_is_written_where_it_is_not_changed_back() {
    let at = Timestamp(1_795_000_000_000);
    let moment = json!("2026-11-18T11:06:40Z");
    let rollout = |group: LaneGroup| ClusterChange::Rollout { group, at };
    let scene = Scene::running();
    assert_eq!(scene.topology_after(&rollout(LaneGroup::ControlPlane))["controlPlane"]["rollout"]["after"], moment);
    assert_eq!(scene.topology_after(&rollout(LaneGroup::Pool("md-0".into())))["workers"]["machineDeployments"][0]["rollout"]["after"], moment);
    let mut old = Scene::running();
    for kind in ["Cluster", "KubeadmControlPlane"] {
        old.change(kind, |object| object["apiVersion"] = json!("x.cluster.x-k8s.io/v1beta1"));
    }
    let documents: Documents = recorded::documents("in-memory/04-running.yaml").into_keys().zip(old.documents.into_values()).collect();
    let old = plan(&recorded::graph("in-memory/04-running.yaml"), &scene.key, &documents, &Around::default(), &rollout(LaneGroup::ControlPlane)).unwrap();
    assert_eq!((&*old.writes[0].object.kind, &old.writes[0].act), ("KubeadmControlPlane", &Act::Merge(json!({ "spec": { "rolloutAfter": moment } }))));
}

#[test]
fn a_topology_of_an_older_cluster_api_has_no_place_for_rollouts_and_taints() {
    let scene = Scene::running();
    let rollout = |group: LaneGroup| ClusterChange::Rollout { group, at: Timestamp(1_795_000_000_000) };
    let after = Act::Merge(json!({ "spec": { "rollout": { "after": "2026-11-18T11:06:40Z" } } }));
    for takes in [TopologyTakes::Neither, TopologyTakes::Untold] {
        for (group, kind) in [(LaneGroup::ControlPlane, "KubeadmControlPlane"), (LaneGroup::Pool("md-0".into()), "MachineDeployment")] {
            let plan = scene.plan_where(takes, &rollout(group)).unwrap();
            assert_eq!(plan.writes.iter().map(|w| (&*w.object.kind, &w.act)).collect::<Vec<_>>(), [(kind, &after)], "{takes:?}");
        }
    }
    // What the topology says itself is changed back on the objects.
    let mut said = Scene::running();
    said.change("Cluster", |cluster| cluster["spec"]["topology"]["controlPlane"]["rollout"] = json!({ "after": "2026-01-01T00:00:00Z" }));
    let plan = said.plan_where(TopologyTakes::Untold, &rollout(LaneGroup::ControlPlane)).unwrap();
    assert_eq!(&*plan.writes[0].object.kind, "Cluster");
    let refused = scene.plan_where(TopologyTakes::Neither, &new_pool(PoolFrom::Like("md-0".into()))).unwrap_err();
    assert!(refused.0.starts_with("A topology has a place for taints since Cluster API v1.13."), "{refused:?}");
    assert!(scene.plan_where(TopologyTakes::Untold, &new_pool(PoolFrom::Like("md-0".into()))).is_ok(), "the dry run of the server tells");
}

#[test]
fn the_definition_of_cluster_tells_what_its_topology_takes() {
    let with = |plane: Value| {
        let topology = json!({ "properties": { "controlPlane": { "properties": plane } } });
        let schema = json!({ "openAPIV3Schema": { "properties": { "spec": { "properties": { "topology": topology } } } } });
        json!({ "spec": { "versions": [{ "name": "v1beta1", "schema": {} }, { "name": "v1beta2", "schema": schema }] } })
    };
    let full = with(json!({ "replicas": {}, "taints": {}, "rollout": { "properties": { "after": {} } } }));
    for (definition, version, takes) in [
        (&full, "cluster.x-k8s.io/v1beta2", TopologyTakes::RolloutsAndTaints),
        (&full, "cluster.x-k8s.io/v1beta1", TopologyTakes::Untold),
        (&with(json!({ "replicas": {} })), "cluster.x-k8s.io/v1beta2", TopologyTakes::Neither),
        (&Value::Null, "cluster.x-k8s.io/v1beta2", TopologyTakes::Untold),
    ] {
        assert_eq!(TopologyTakes::read(definition, version), takes, "{version} {definition}");
    }
}

#[test]
fn a_machine_is_replaced_by_its_owner_and_etcd_keeps_its_majority() {
    let mut scene = Scene::running();
    let replace = |machine: &str| ClusterChange::ReplaceMachine { machine: machine.into() };
    let worker = scene.plan(&replace("wl1-md-0-klnwq-zxcb9-fgmrn")).unwrap();
    assert_eq!((&*worker.writes[0].object.kind, &worker.writes[0].act), ("Machine", &Act::Delete));
    assert_eq!(sentences(&worker, Follows::Made), ["A new one in its place: md-0 makes it."]);
    let plane = scene.plan(&replace("wl1-dlcrd-6jrkk")).unwrap();
    assert!(sentences(&plane, Follows::Unharmed).contains(&"Its etcd member leaves first, and the others keep the data."));
    scene.change("Machine", |machine| {
        if machine["metadata"]["name"] == "wl1-dlcrd-r5j2v" {
            machine["status"]["conditions"] = json!([{ "type": "Ready", "status": "False" }]);
        }
    });
    let said = scene.refusal(&replace("wl1-dlcrd-6jrkk"));
    assert_eq!(said, "1 of the other control plane machines are well, and etcd needs 2 to keep its data. Wait for them, or repair them first.");
    assert!(scene.plan(&replace("wl1-dlcrd-r5j2v")).is_ok(), "the ill one itself may go");
}

#[test]
fn the_only_control_plane_machine_is_not_deleted() {
    let mut scene = Scene::running();
    scene.documents.retain(|id, _| !["wl1-dlcrd-r5j2v", "wl1-dlcrd-wwtl2"].contains(&&*id.name) || &*id.kind != "Machine");
    let said = scene.refusal(&ClusterChange::ReplaceMachine { machine: "wl1-dlcrd-6jrkk".into() });
    assert!(said.starts_with("wl1-dlcrd-6jrkk is the only control plane machine of wl1"), "{said}");
}

#[test]
fn a_chosen_machine_is_marked_before_its_pool_gets_smaller() {
    let scene = Scene::running();
    let plan = scene.plan(&ClusterChange::RemoveMachine { machine: "wl1-md-0-klnwq-zxcb9-fgmrn".into() }).unwrap();
    assert_eq!(plan.writes.iter().map(|w| &*w.object.kind).collect::<Vec<_>>(), ["Machine", "Cluster"]);
    assert_eq!(plan.writes[0].act, Act::Merge(json!({ "metadata": { "annotations": { "cluster.x-k8s.io/delete-machine": "" } } })));
}

#[test]
fn health_checks_leave_a_machine_alone_until_that_is_taken_back() {
    let mut scene = Scene::running();
    let set = |repair| ClusterChange::SetRepair { machine: "wl1-dlcrd-6jrkk".into(), repair };
    let mark = |value: Value| Act::Merge(json!({ "metadata": { "annotations": { "cluster.x-k8s.io/skip-remediation": value } } }));
    assert_eq!(scene.plan(&set(Repair::Skipped)).unwrap().writes[0].act, mark(json!("")));
    assert_eq!(scene.refusal(&set(Repair::Allowed)), "Health checks may replace wl1-dlcrd-6jrkk already.");
    scene.change("Machine", |machine| machine["metadata"]["annotations"]["cluster.x-k8s.io/skip-remediation"] = json!(""));
    assert_eq!(scene.plan(&set(Repair::Allowed)).unwrap().writes[0].act, mark(Value::Null));
}

#[test]
fn only_the_cluster_is_deleted_and_what_goes_is_told_in_its_order() {
    let scene = Scene::running();
    let around = Around { containers: vec!["wl1-lb".into()], ..Around::default() };
    let plan = plan(&recorded::graph_of(&scene.documents), &scene.key, &scene.documents, &around, &ClusterChange::Delete).unwrap();
    assert_eq!(plan.writes.iter().map(|w| (&*w.object.kind, &w.act)).collect::<Vec<_>>(), [("Cluster", &Act::Delete)]);
    let gone: Vec<(&str, usize)> = plan.effects.iter().filter(|e| e.weight == Follows::Gone).map(|e| (e.sentence.as_str(), e.names.len())).collect();
    assert_eq!(
        gone,
        [
            ("First 3 machines of md-0, without a drain: pods end at once.", 3),
            ("Then 3 machines of the control plane, with etcd and all its objects.", 3),
            ("Then its infrastructure: networks and load balancers that were made for it.", 1),
            ("These containers of this computer, with their volumes.", 1),
            ("Its certificates and its kubeconfig: copies of it lead nowhere afterwards.", 5),
        ]
    );
}

#[test]
fn what_is_paused_is_not_deleted_and_says_so_of_everything_else() {
    let mut scene = Scene::running();
    assert_eq!(scene.plan(&ClusterChange::Pause).unwrap().writes[0].act, Act::Merge(json!({ "spec": { "paused": true } })));
    scene.change("Cluster", |cluster| cluster["spec"]["paused"] = json!(true));
    assert_eq!(scene.plan(&ClusterChange::Resume).unwrap().writes[0].act, Act::Merge(json!({ "spec": { "paused": false } })));
    assert_eq!(scene.refusal(&ClusterChange::Delete), "wl1 is paused, and what is paused is not deleted. Resume it first.");
    let plan = scene.plan(&scale(None, &[("md-0", 4)])).unwrap();
    assert!(sentences(&plan, Follows::Risk).contains(&"wl1 is paused: nothing of this happens before it is resumed."));
}

#[test]
fn what_has_to_be_read_whole_is_little() {
    let graph = recorded::graph("in-memory/04-running.yaml");
    let key = recorded::key("default", "wl1");
    let kinds = |change: Option<&ClusterChange>| wanted(&graph, &key, change).iter().map(|id| id.kind.to_string()).collect::<Vec<_>>();
    // What is offered tells the health checks too.
    assert_eq!(kinds(None), ["Cluster", "KubeadmControlPlane", "MachineDeployment", "MachineHealthCheck", "MachineHealthCheck"]);
    let replace = ClusterChange::ReplaceMachine { machine: "wl1-dlcrd-6jrkk".into() };
    assert_eq!(kinds(Some(&replace)), ["Cluster", "KubeadmControlPlane", "MachineDeployment", "Machine"]);
}
