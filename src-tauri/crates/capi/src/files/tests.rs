use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::recorded;

const CLUSTER: &str = "\
# the lab
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: lab-a
spec:
  topology:
    version: v1.36.1
";

fn words(text: &str) -> (Vec<String>, Vec<String>) {
    let (found, left) = read(text, "team");
    let found = found.iter().map(|one| format!("{} {}/{} in line {}", one.id.kind, one.id.namespace, one.id.name, one.line)).collect();
    (found, left.iter().map(|one| format!("{}: {:?}: {}", one.line, one.why, one.says)).collect())
}

#[test]
fn every_document_of_a_file_is_read_by_itself() {
    let text = format!(
        "{CLUSTER}---\nkind: [\n---\napiVersion: v1\nkind: Secret\nmetadata: {{ name: s, namespace: other }}\n---\n# nothing\n---\n- 1\n---\nkind: X\n"
    );
    let (found, left) = words(&text);
    assert_eq!(found, ["Cluster team/lab-a in line 2", "Secret other/s in line 12"]);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left[0].starts_with("11: Broken") || left[0].starts_with("10: Broken"), "{left:?}");
    assert_eq!(left[1..], ["18: Broken: This is no object.", "20: Broken: This lacks apiVersion, kind or metadata.name."]);
}

#[test]
fn other_kinds_and_templates_are_named_and_left_out() {
    let text = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\n{CLUSTER}---\n{}", CLUSTER.replace("lab-a", "${CLUSTER_NAME}"));
    let (found, left) = words(&text);
    assert_eq!(found, ["Cluster team/lab-a in line 7"]);
    assert_eq!(
        left,
        ["1: OtherKind: Deployment web is not part of a cluster’s definition.", "19: Template: This is a template: nothing gives a value to CLUSTER_NAME."]
    );
}

#[test]
fn the_items_of_a_list_count_one_by_one() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: a }\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: b }\n";
    let (found, left) = read(text, "team");
    assert_eq!((found.len(), found[0].sole, left.len()), (2, Sole::No, 0));
    let sole = read(CLUSTER, "team").0.remove(0);
    assert_eq!((sole.sole, &CLUSTER[sole.range]), (Sole::Yes, CLUSTER));
}

fn topology(replicas: u64) -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "lab-a", "namespace": "default" },
        "spec": { "topology": { "version": "v1.36.1", "workers": { "machineDeployments": [{ "class": "default-worker", "name": "md-0", "replicas": replicas }] } } },
    })
}

/// What the server has: the same with defaults, a status, and whose the fields are.
fn live(replicas: u64, change: impl Fn(&mut Value)) -> Value {
    let mut live = topology(replicas);
    live["metadata"]["uid"] = json!("u");
    live["metadata"]["resourceVersion"] = json!("7");
    live["metadata"]["managedFields"] = json!([
        { "manager": "kubectl-client-side-apply", "operation": "Update", "time": "2026-12-06T10:00:00Z", "fieldsV1": { "f:spec": { "f:topology": { "f:version": {} } } } },
        { "manager": "kubectl-edit", "operation": "Update", "time": "2026-12-11T16:40:00Z", "fieldsV1": { "f:spec": { "f:topology": { "f:workers": { "f:machineDeployments": {
            "k:{\"name\":\"md-0\"}": { "f:replicas": {}, "f:deletion": { "f:nodeDrainTimeoutSeconds": {} } } } } } } } },
        { "manager": "manager", "operation": "Update", "subresource": "status", "time": "2026-12-12T10:00:00Z", "fieldsV1": { "f:status": {} } },
    ]);
    live["spec"]["paused"] = json!(false);
    live["status"] = json!({ "phase": "Provisioned" });
    change(&mut live);
    live
}

/// What an apply that is run dry gives: everything of the server, with what the document says over it.
fn applied(live: &Value, document: &Value) -> Value {
    let mut kept = live.clone();
    let pools = kept["spec"]["topology"]["workers"]["machineDeployments"].as_array_mut().unwrap();
    for pool in document["spec"]["topology"]["workers"]["machineDeployments"].as_array().unwrap() {
        match pools.iter_mut().find(|other| other["name"] == pool["name"]) {
            Some(other) => json_patch::merge(other, pool),
            None => pools.push(pool.clone()),
        }
    }
    kept["metadata"]["generation"] = json!(9);
    kept
}

fn told(document: &Value, live: &Value) -> Vec<(String, Option<String>, Option<String>, Applied)> {
    let words = |value: Option<Value>| value.map(|value| value.to_string());
    compare(document, live, &applied(live, document)).into_iter().map(|f| (path_words(&f.path), words(f.file), words(f.cluster), f.applied)).collect()
}

const POOL: &str = ".spec.topology.workers.machineDeployments[md-0]";

#[test]
fn defaults_and_what_the_server_counts_are_no_difference() {
    assert_eq!(told(&topology(3), &live(3, |_| {})), []);
}

#[test]
fn a_number_that_was_changed_by_hand_is_told_with_both_sides_and_whose_it_is() {
    let (document, live) = (topology(2), live(3, |_| {}));
    assert_eq!(told(&document, &live), [(format!("{POOL}.replicas"), Some("2".into()), Some("3".into()), Applied::Follows)]);
    let fields = compare(&document, &live, &applied(&live, &document));
    let hand = owner(&live, &fields[0].path).expect("it is somebody’s");
    assert_eq!((hand.manager.as_str(), hand.at), ("kubectl-edit", Some(recorded::moment("2026-12-11T16:40:00Z"))));
    assert_eq!(taken(&document, &fields), topology(3));
}

#[test]
fn what_the_file_does_not_name_is_told_where_a_hand_set_it_and_stays() {
    let live = live(2, |live| live["spec"]["topology"]["workers"]["machineDeployments"][0]["deletion"] = json!({ "nodeDrainTimeoutSeconds": 120 }));
    assert_eq!(told(&topology(2), &live), [(format!("{POOL}.deletion"), None, Some(r#"{"nodeDrainTimeoutSeconds":120}"#.into()), Applied::Stays)]);
    let fields = compare(&topology(2), &live, &applied(&live, &topology(2)));
    let next = taken(&topology(2), &fields);
    assert_eq!(next["spec"]["topology"]["workers"]["machineDeployments"][0]["deletion"]["nodeDrainTimeoutSeconds"], 120);
}

#[test]
fn a_pool_that_only_the_cluster_has_is_told_and_one_that_only_the_file_has_too() {
    let gpu = json!({ "class": "gpu", "name": "gpu", "replicas": 1 });
    let with = |mut of: Value| {
        of["spec"]["topology"]["workers"]["machineDeployments"].as_array_mut().unwrap().push(gpu.clone());
        of
    };
    let path = ".spec.topology.workers.machineDeployments[gpu]".to_owned();
    assert_eq!(told(&topology(2), &with(live(2, |_| {}))), [(path.clone(), None, Some(gpu.to_string()), Applied::Stays)]);
    assert_eq!(told(&with(topology(2)), &live(2, |_| {})), [(path, Some(gpu.to_string()), None, Applied::Follows)]);
    let defaulted = live(2, |live| live["spec"]["topology"]["variables"] = json!([{ "name": "a", "value": 1 }, { "name": "b", "value": 2 }]));
    let mut document = topology(2);
    document["spec"]["topology"]["variables"] = json!([{ "name": "a", "value": 1 }]);
    assert_eq!(told(&document, &defaulted), [], "a class fills up variables");
}

#[test]
fn taking_every_field_makes_the_document_what_runs() {
    let document = json!({ "spec": { "a": [1, 2], "b": { "c": 1 }, "list": [{ "name": "x", "v": 1 }, { "name": "y" }], "gone": 1 } });
    let live = json!({ "spec": { "a": [1, 3], "b": { "d": 2 }, "list": [{ "name": "y" }, { "name": "z", "v": 9 }], "new": { "deep": [] } } });
    let fields = compare(&Value::Null, &live, &document);
    let next = taken(&document, &fields);
    assert_eq!(compare(&Value::Null, &live, &next).len(), 0, "{next}");
}

#[test]
fn what_others_refer_to_comes_first() {
    let id = |kind: &str| crate::ObjectId { group: "cluster.x-k8s.io".into(), kind: kind.into(), namespace: "n".into(), name: "a".into() };
    let mut kinds = ["MachineHealthCheck", "Cluster", "ClusterClass", "MachineDeployment", "DockerClusterTemplate", "Secret"];
    kinds.sort_by_key(|kind| order(&id(kind)));
    assert_eq!(kinds, ["Secret", "DockerClusterTemplate", "ClusterClass", "Cluster", "MachineDeployment", "MachineHealthCheck"]);
}

fn recorded_cluster(topology: bool) -> (crate::Graph, Vec<Value>) {
    let mut documents = recorded::documents("in-memory/04-running.yaml");
    if !topology {
        for document in documents.values_mut() {
            document["spec"].as_object_mut().map(|spec| spec.remove("topology"));
            if let Some(labels) = document["metadata"]["labels"].as_object_mut() {
                labels.retain(|name, _| !name.starts_with("topology."));
            }
        }
    }
    (recorded::graph_of(&documents), documents.into_values().collect())
}

/// The objects that are reached from a cluster, as a server would give them.
fn reached(topology: bool) -> Vec<Value> {
    let (graph, all) = recorded_cluster(topology);
    let mut open = members(&graph, &recorded::key("default", "wl1"));
    let mut found: Vec<Value> = vec![];
    while let Some(id) = open.pop() {
        let Some(object) = all.iter().find(|one| id_of(one, "").as_ref() == Some(&id)) else { continue };
        if !found.contains(object) {
            open.extend(references(object));
            found.push(object.clone());
        }
    }
    found
}

#[rstest]
#[case::of_a_topology(true, &["Cluster"])]
#[case::of_plain_objects(false, &["Cluster", "MachineDeployment", "KubeadmControlPlane", "DevCluster", "MachineHealthCheck"])]
fn a_cluster_is_exported_without_what_controllers_make(#[case] topology: bool, #[case] kinds: &[&str]) {
    let (files, left) = export(&reached(topology), Folder::Together);
    assert_eq!((files.len(), files[0].name.as_str(), left), (1, "cluster.yaml", vec![]));
    let text = &files[0].text;
    let (found, broken) = read(text, "");
    assert_eq!(broken, []);
    let mut found: Vec<String> = found.into_iter().map(|one| one.id.kind.to_string()).collect();
    found.dedup();
    assert_eq!(found, kinds);
    let noise = ["managedFields", "uid:", "resourceVersion", "ownerReferences", "finalizers", "creationTimestamp", "controlPlaneEndpoint", "last-applied"];
    for noise in noise {
        assert!(!text.contains(noise), "{noise}: {text}");
    }
    assert!(!text.lines().any(|line| line == "status:"), "{text}");
    assert_eq!(text.contains("controlPlaneRef"), !topology);
    let again = export(&reached(topology).into_iter().rev().collect::<Vec<_>>(), Folder::Together).0;
    assert_eq!(again, files, "the same cluster has the same text, in whichever order it was read");
}

#[test]
fn an_exported_cluster_has_no_drift_against_itself() {
    for object in reached(false) {
        let (files, _) = export(std::slice::from_ref(&object), Folder::Together);
        let document = read(&files[0].text, "").0.remove(0).document;
        let mut kept = object.clone();
        json_patch::merge(&mut kept, &document);
        assert_eq!(compare(&document, &object, &kept), [], "{}", files[0].text);
    }
}

#[test]
fn a_secret_is_never_written_into_a_file() {
    let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "s", "namespace": "n" }, "data": { "token": "aHVudGVyMg==" } });
    let (files, left) = export(&[topology(1), secret.clone()], Folder::Apart);
    assert_eq!(left, ["Secret s is not written into files. Keep it where secrets are kept."]);
    assert!(files.iter().all(|file| !file.text.contains("aHVudGVyMg")));
    assert!(!hidden(&secret).to_string().contains("aHVudGVyMg") && hidden(&secret)["data"]["token"] == "…");
}

/// Of a file of many documents no more are told of.
const MOST_LEFT: usize = 2_001;

#[test]
fn a_bomb_in_a_file_is_left_out_and_hides_no_other_document() {
    for (name, bomb) in crate::yaml::bombs() {
        let (found, left) = words(&format!("{CLUSTER}---\n{bomb}"));
        assert_eq!(found, ["Cluster team/lab-a in line 2"], "{name}");
        assert!((1..=MOST_LEFT).contains(&left.len()), "{name}: {} are left", left.len());
    }
}
