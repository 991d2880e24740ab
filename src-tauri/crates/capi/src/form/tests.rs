mod checks;
mod texts;

use std::collections::BTreeMap;

use api::changes::{Taint, TaintEffect};
use api::drawing::{
    ClassName, ClassView, ClusterForm, ClusterNetwork, FormCheck, FormField, FormFix, Label, Level, MachineCount, MachinesAre, Need, Pool, Shape,
};
use api::local::{ImageIs, NodeImage};
use serde_json::{Value, json};

use super::*;
use crate::change::TopologyTakes;

/// The class of Cluster API's quick start, as the real server held it.
fn quick_start() -> Value {
    serde_json::from_str(&crate::recorded::text("docker/clusterclass-quick-start.json")).expect("a recording is JSON")
}

fn docker_template() -> Value {
    json!({ "kind": "DevClusterTemplate", "spec": { "template": { "spec": { "backend": { "docker": {} } } } } })
}

fn view() -> ClassView {
    class(&quick_start(), Some(&docker_template())).expect("a class")
}

fn pool(name: &str, replicas: u32) -> Pool {
    Pool { name: name.into(), class: "default-worker".into(), replicas, labels: vec![], taints: vec![] }
}

/// The drawn form, without what is wrong with it.
fn form() -> ClusterForm {
    ClusterForm {
        namespace: "default".into(),
        name: "lab-c".into(),
        class: ClassName { namespace: "default".into(), name: "quick-start".into() },
        version: "v1.36.4".into(),
        control_planes: 1,
        pools: vec![pool("md-0", 3)],
        network: ClusterNetwork::Kindnet,
        pod_range: "192.168.0.0/16".into(),
        service_range: "10.128.0.0/12".into(),
        variables: BTreeMap::new(),
        yaml: None,
    }
}

fn ground() -> Ground {
    Ground {
        classes: vec![view()],
        taken: vec![("default".into(), "lab-a".into())],
        here: vec!["kos-mgmt".into(), "lab-z".into()],
        versions: vec![NodeImage { kubernetes: "v1.36.4".into(), image: "kindest/node:v1.36.4".into(), is: ImageIs::Here { bytes: None } }],
        networks: vec![DockerNetwork { name: "kind".into(), ranges: vec!["172.18.0.0/16".into(), "fc00:f853:ccd:e793::/64".into()] }],
        host: None,
    }
}

const BETA2: &str = "cluster.x-k8s.io/v1beta2";

#[test]
fn a_recorded_class_tells_what_can_be_chosen() {
    let view = view();
    assert_eq!((view.infrastructure.as_str(), view.control_plane.as_str(), view.machines), ("DevCluster", "KubeadmControlPlane", MachinesAre::Containers));
    assert_eq!(view.workers, ["default-worker"]);
    let variables: Vec<(&str, Need, Option<&str>)> = view.variables.iter().map(|v| (v.name.as_str(), v.need, v.default.as_deref())).collect();
    let wanted = [
        ("imageRepository", Need::Required, Some("\"\"")),
        ("etcdImageTag", Need::Required, Some("\"\"")),
        ("coreDNSImageTag", Need::Required, Some("\"\"")),
        ("podSecurityStandard", Need::Optional, None),
    ];
    assert_eq!(variables, wanted);
    assert!(matches!(view.variables[0].shape, Shape::Text { .. }) && view.variables[3].shape == Shape::Tree);
}

#[test]
fn a_class_of_the_older_contract_reads_the_same() {
    let old = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "ClusterClass", "metadata": { "name": "c", "namespace": "n" },
        "spec": {
            "infrastructure": { "ref": { "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta1", "kind": "DockerClusterTemplate", "name": "t", "namespace": "n" } },
            "controlPlane": { "ref": { "apiVersion": "controlplane.cluster.x-k8s.io/v1beta1", "kind": "KubeadmControlPlaneTemplate", "name": "t" } },
            "workers": { "machineDeployments": [{ "class": "a" }, { "class": "b" }] },
        },
        "status": { "conditions": [{ "type": "VariablesReconciled", "status": "False", "message": "patch w is gone" }] },
    });
    let view = class(&old, None).unwrap();
    assert_eq!((view.infrastructure.as_str(), view.machines, view.workers.join(" ")), ("DockerCluster", MachinesAre::Containers, "a b".into()));
    assert_eq!(view.trouble, "patch w is gone");
    assert_eq!(template_of(&old).unwrap().namespace, "n");
}

#[test]
fn the_backend_of_a_template_tells_what_machines_are() {
    let with = |backend: Value| class(&quick_start(), Some(&json!({ "spec": { "template": { "spec": { "backend": backend } } } }))).unwrap().machines;
    assert_eq!(with(json!({ "inMemory": {} })), MachinesAre::Simulated);
    assert_eq!(with(json!({ "docker": {} })), MachinesAre::Containers);
    assert_eq!(class(&quick_start(), None).unwrap().machines, MachinesAre::Elsewhere);
}

#[test]
fn a_cluster_without_a_class_names_its_infrastructure_itself() {
    let of = |kind: &str, others: &[Value]| machines_of(&json!({ "spec": { "infrastructureRef": { "kind": kind, "name": "lab" } } }), others);
    let backend = |name: &str, backend: &str| json!({ "kind": "DevCluster", "metadata": { "name": name }, "spec": { "backend": { backend: {} } } });
    assert_eq!(of("DockerCluster", &[]), MachinesAre::Containers);
    assert_eq!(of("DevCluster", &[backend("other", "inMemory"), backend("lab", "docker")]), MachinesAre::Containers);
    assert_eq!(of("DevCluster", &[backend("lab", "inMemory")]), MachinesAre::Simulated);
    assert_eq!(of("DevCluster", &[backend("other", "docker")]), MachinesAre::Elsewhere);
    assert_eq!(of("VSphereCluster", &[]), MachinesAre::Elsewhere);
}

#[test]
fn a_form_becomes_the_cluster_that_clusterctl_would_generate() {
    let mut wanted = form();
    wanted.control_planes = 3;
    wanted.name = "wl1".into();
    wanted.class.name = "in-memory".into();
    wanted.version = "v1.34.2".into();
    let mut made = cluster(&wanted, BETA2, None);
    made["metadata"].as_object_mut().unwrap().remove("annotations");
    let text = crate::recorded::text("in-memory/00-generated-wl1.yaml");
    let generated = documents(&text, "default").unwrap();
    assert_eq!(made, generated.cluster);
    let kinds: Vec<&str> = generated.others.iter().filter_map(|o| o["kind"].as_str()).collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
}

#[test]
fn labels_and_taints_of_a_pool_stand_in_the_topology() {
    let mut wanted = form();
    wanted.pools[0].labels = vec![Label { key: "node-role.kubernetes.io/gpu".into(), value: String::new() }];
    wanted.pools[0].taints = vec![Taint { key: "sim/gpu".into(), value: "yes".into(), effect: TaintEffect::NoSchedule }];
    let made = cluster(&wanted, BETA2, None);
    let pool = &made["spec"]["topology"]["workers"]["machineDeployments"][0];
    assert_eq!(pool["metadata"]["labels"], json!({ "node-role.kubernetes.io/gpu": "" }));
    assert_eq!(pool["taints"], json!([{ "key": "sim/gpu", "value": "yes", "effect": "NoSchedule", "propagation": "Always" }]));
    assert_eq!(form_of(&made, &form()), Ok(wanted.clone()));
    let old = cluster(&wanted, "cluster.x-k8s.io/v1beta1", None);
    assert_eq!((&old["spec"]["topology"]["class"], &old["spec"]["topology"]["classRef"]), (&json!("quick-start"), &Value::Null));
    assert!(old["spec"]["topology"]["workers"]["machineDeployments"][0]["taints"].is_null());
}

#[test]
fn a_form_comes_back_from_its_cluster_in_either_contract() {
    let mut wanted = form();
    wanted.variables.insert("imageRepository".into(), "\"registry.local\"".into());
    wanted.variables.insert("podSecurityStandard".into(), json!({ "enabled": false }).to_string());
    wanted.network = ClusterNetwork::Cilium;
    wanted.pod_range = "10.244.0.0/16, fd00::/48".into();
    wanted.class.namespace = "classes".into();
    for api_version in [BETA2, "cluster.x-k8s.io/v1beta1"] {
        let made = cluster(&wanted, api_version, None);
        assert_eq!(form_of(&made, &form()), Ok(wanted.clone()), "{api_version}");
    }
}

#[test]
fn what_a_form_has_no_place_for_stays_when_its_fields_change() {
    let mut own = cluster(&form(), BETA2, None);
    own["metadata"]["labels"] = json!({ "team": "a" });
    own["spec"]["topology"]["controlPlane"]["metadata"] = json!({ "annotations": { "note": "kept" } });
    own["spec"]["topology"]["workers"]["machineDeployments"][0]["failureDomain"] = json!("fd1");
    let mut wanted = form();
    wanted.pools[0].replicas = 5;
    wanted.pools.push(pool("md-1", 1));
    let next = cluster(&wanted, BETA2, Some(&own));
    assert_eq!(next["metadata"]["labels"], json!({ "team": "a" }));
    assert_eq!(next["spec"]["topology"]["controlPlane"]["metadata"]["annotations"]["note"], "kept");
    let pools = &next["spec"]["topology"]["workers"]["machineDeployments"];
    assert_eq!((&pools[0]["failureDomain"], &pools[0]["replicas"], &pools[1]["name"]), (&json!("fd1"), &json!(5), &json!("md-1")));
}

#[test]
fn without_pools_the_topology_has_no_workers() {
    let mut wanted = form();
    wanted.pools.clear();
    assert!(cluster(&wanted, BETA2, None)["spec"]["topology"]["workers"].is_null());
    assert_eq!(asked(&wanted), MachineCount { control_planes: 1, workers: 0 });
}

#[test]
fn a_pool_that_an_autoscaler_keeps_stays_without_a_number() {
    let mut own = cluster(&form(), BETA2, None);
    own["spec"]["topology"]["workers"]["machineDeployments"][0].as_object_mut().unwrap().remove("replicas");
    let read = form_of(&own, &form()).unwrap();
    assert_eq!(cluster(&read, BETA2, Some(&own)), own);
}

#[test]
fn three_and_three_asked_are_three_and_three_rendered() {
    let mut wanted = form();
    wanted.control_planes = 3;
    assert_eq!(
        (asked(&wanted), rendered(&cluster(&wanted, BETA2, None), &[])),
        (MachineCount { control_planes: 3, workers: 3 }, MachineCount { control_planes: 3, workers: 3 })
    );
}

#[test]
fn machine_pools_with_the_same_number_are_counted_as_well() {
    let mut own = cluster(&form(), BETA2, None);
    own["spec"]["topology"]["workers"]["machinePools"] = json!([{ "class": "default-worker", "name": "mp-0", "replicas": 3 }]);
    assert_eq!(rendered(&own, &[]).workers, 6);
    assert_eq!(asked(&form_of(&own, &form()).unwrap()).workers, 3);
}

#[test]
fn a_cluster_without_a_class_is_counted_by_its_own_objects() {
    let plain = json!({ "apiVersion": BETA2, "kind": "Cluster", "metadata": { "name": "p" }, "spec": {} });
    let others = [
        json!({ "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlane", "spec": { "replicas": 3 } }),
        json!({ "apiVersion": BETA2, "kind": "MachineDeployment", "spec": { "replicas": 2 } }),
    ];
    assert_eq!(form_of(&plain, &form()), Err(NoTopology));
    assert_eq!(rendered(&plain, &others), MachineCount { control_planes: 3, workers: 2 });
}

#[test]
fn what_will_be_made_stands_in_the_order_of_the_tree() {
    let words: Vec<String> =
        objects(&form(), Some(&view()), &[]).iter().map(|o| format!("{} {} {} {} {}", o.depth, o.object.kind, o.object.name, o.machines, o.note)).collect();
    let wanted = ["0 Cluster lab-c 0 ", "1 DevCluster lab-c-… 0 load balancer", "1 KubeadmControlPlane lab-c-… 1 ", "1 MachineDeployment lab-c-md-0-… 3 "];
    assert_eq!(words, wanted);
}

#[test]
fn the_first_guess_is_what_the_lab_measured() {
    let bars = expected(&form(), Some(&view()), &crate::Usual::default());
    let words: Vec<String> = bars.iter().map(|b| format!("{} {}..{}", b.words, b.from.0 / 1000, b.to.0 / 1000)).collect();
    assert_eq!(words, ["Load balancer 0..7", "Control plane 7..69", "Network 47..65", "md-0, 3 machines 52..98"]);
}

#[test]
fn machines_that_were_made_here_set_the_time() {
    let graph = crate::recorded::graph("in-memory/04-running.yaml");
    let mut usual = crate::Usual::default();
    let key = crate::recorded::key("default", "wl1");
    for machine in graph.members(&key).filter(|o| &*o.id.kind == "Machine") {
        usual.learn(machine, &crate::Reached::read(&graph, &key, machine));
    }
    assert_eq!(usual.machines(), 6);
    let in_memory = ClassView { machines: MachinesAre::Simulated, ..view() };
    let bars = expected(&form(), Some(&in_memory), &usual);
    assert_eq!(bars.len(), 2);
    assert!(bars[0].to.0 > 0 && bars[0].to.0 != 18_000, "{bars:?}");
}

#[test]
fn a_form_that_a_flavor_fits_is_clusterctl_s_command() {
    let wanted = "clusterctl generate cluster lab-c --flavor development --target-namespace default --kubernetes-version v1.36.4 --control-plane-machine-count 1 --worker-machine-count 3 --kubeconfig-context kind-kos-mgmt | kubectl --context kind-kos-mgmt apply -f -";
    assert_eq!(command(&form(), Some(MachinesAre::Containers), "kind-kos-mgmt"), wanted);
    let mut two = form();
    two.pools.push(pool("md-1", 1));
    assert_eq!(command(&two, Some(MachinesAre::Containers), "it's"), r"kubectl --context 'it'\''s' create -f lab-c.yaml");
    assert_eq!(command(&form(), Some(MachinesAre::Elsewhere), "a"), "kubectl --context a create -f lab-c.yaml");
}

#[test]
fn other_numbers_than_asked_are_said_with_both() {
    let asked = MachineCount { control_planes: 3, workers: 3 };
    assert_eq!(mismatch(asked, asked), None);
    assert_eq!(mismatch(asked, MachineCount { workers: 6, ..asked }).unwrap().says, "3 + 3 machines are asked for, the YAML makes 3 + 6.");
}

#[test]
fn taints_have_no_place_in_the_older_contract() {
    let mut tainted = form();
    tainted.pools[0].taints = vec![Taint { key: "sim/gpu".into(), value: String::new(), effect: TaintEffect::NoExecute }];
    for takes in [TopologyTakes::Untold, TopologyTakes::RolloutsAndTaints] {
        assert_eq!(untaken(&tainted, BETA2, takes), []);
    }
    for (version, takes) in [("cluster.x-k8s.io/v1beta1", TopologyTakes::Untold), (BETA2, TopologyTakes::Neither)] {
        assert_eq!(untaken(&tainted, version, takes)[0].field, Some(FormField::Pool(0)), "{version}");
        assert_eq!(untaken(&form(), version, takes), [], "{version}");
    }
}
