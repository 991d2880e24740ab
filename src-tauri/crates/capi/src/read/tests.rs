use serde_json::{Map, Value, json};

use crate::explain::Facts;
use crate::object::{CORE, Object, Replicas};
use crate::read::{group_of, text};
use crate::recorded::{self, at};
use crate::{Graph, explain};

/// Recorded moments with every kind, and those in which a condition tells less than the older one beside it.
const MOMENTS: &[&str] = &[
    "in-memory/01-provisioning-start.yaml",
    "in-memory/04-running.yaml",
    "in-memory/08-upgrading-cp.yaml",
    "in-memory/12-stuck-topology.yaml",
    "in-memory/stuck-deleting-infrastructure.yaml",
    "in-memory/stuck-deleting-machine.yaml",
    "in-memory/stuck-no-authority.yaml",
    "docker/w1-3cp-2w.yaml",
    "docker/w1-upgrading.yaml",
];

fn documents(moment: &str) -> Vec<Value> {
    recorded::documents(moment).into_values().filter(|document| document["kind"] != "ClusterClass").collect()
}

/// What a server sends of the same object that keeps v1beta1; hand-made by the conversions of Cluster API.
/// Source: `api/core/v1beta1/conversion.go`.
fn older(object: &Value) -> Value {
    let mut object = object.clone();
    let group = group_of(object["apiVersion"].as_str().unwrap_or_default()).to_owned();
    object["apiVersion"] = json!(format!("{group}/v1beta1"));
    let namespace = object["metadata"]["namespace"].clone();
    for path in ["/spec/infrastructureRef", "/spec/controlPlaneRef", "/spec/bootstrap/configRef"] {
        if let Some(reference) = object.pointer_mut(path).and_then(Value::as_object_mut)
            && let Some(group) = reference.remove("apiGroup").as_ref().and_then(text)
        {
            reference.insert("apiVersion".into(), json!(format!("{group}/v1beta1")));
            reference.insert("namespace".into(), namespace.clone());
        }
    }
    if let Some(topology) = object.pointer_mut("/spec/topology").and_then(Value::as_object_mut)
        && let Some(class) = topology.remove("classRef")
    {
        topology.insert("class".into(), class["name"].clone());
    }
    if let Some(seconds) = object.pointer("/spec/deletion/nodeDrainTimeoutSeconds").and_then(Value::as_u64) {
        object["spec"]["nodeDrainTimeout"] = json!(format!("{seconds}s"));
        object["spec"]["deletion"] = Value::Null;
    }
    if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) {
        let before = status.remove("deprecated").unwrap_or_default();
        let new = ["conditions", "controlPlane", "workers", "readyReplicas", "availableReplicas", "upToDateReplicas"];
        let new: Map<String, Value> = new.into_iter().filter_map(|field| Some((field.to_owned(), status.remove(field)?))).collect();
        status.extend(before["v1beta1"].as_object().cloned().unwrap_or_default());
        status.insert("v1beta2".into(), Value::Object(new));
    }
    object
}

/// The older contract counts nobody where the newer one does not count yet.
fn counted(mut object: Object) -> Object {
    let known = |count: Option<u32>| Some(count.unwrap_or_default());
    object.replicas = object.replicas.map(|of| Replicas { ready: known(of.ready), available: known(of.available), up_to_date: known(of.up_to_date), ..of });
    object.annotations.clear();
    object
}

#[test]
fn every_recorded_object_reads_the_same_in_the_older_contract() {
    let mut seen = 0;
    for document in MOMENTS.iter().flat_map(|moment| documents(moment)) {
        let [new, old] = [&document, &older(&document)].map(|of| counted(Object::read(of).expect("it is whole")));
        assert_eq!(new, old, "{} {}", document["kind"], document["metadata"]["name"]);
        seen += 1;
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn a_cluster_of_the_older_contract_is_explained_as_one_of_the_newer() {
    for moment in MOMENTS {
        let (mut new, mut old) = (Graph::default(), Graph::default());
        for document in documents(moment) {
            new.put(counted(Object::read(&document).expect("it is whole")));
            old.put(counted(Object::read(&older(&document)).expect("it is whole")));
        }
        let facts = Facts { now: at("13:45:00"), ..Facts::default() };
        let keys: Vec<_> = new.clusters().cloned().collect();
        assert!(!keys.is_empty(), "{moment}");
        for key in keys {
            let [new, old] = [&new, &old].map(|graph| explain(graph, &key, &facts).expect("the cluster is there"));
            assert_eq!((new.rule, new.sentence, new.seen), (old.rule, old.sentence, old.seen), "{moment} {}", key.name);
        }
    }
}

#[test]
fn what_a_condition_hides_is_told_by_the_one_of_the_older_contract_wherever_that_stands() {
    let hidden = json!([{ "type": "Ready", "status": "False", "reason": "InternalError", "message": "Please check controller logs for errors" }]);
    let told = json!([{ "type": "Ready", "status": "False", "severity": "Error", "reason": "Failed", "message": "no authority" }]);
    let object = |status: Value| json!({ "apiVersion": format!("{CORE}/v1"), "kind": "Machine", "metadata": { "name": "m", "uid": "u" }, "status": status });
    for status in [
        json!({ "conditions": hidden.clone(), "deprecated": { "v1beta1": { "conditions": told.clone() } } }),
        json!({ "conditions": told, "v1beta2": { "conditions": hidden } }),
    ] {
        let read = Object::read(&object(status)).expect("it is whole");
        assert_eq!(read.conditions.iter().map(|c| c.message.as_str()).collect::<Vec<_>>(), ["no authority"]);
    }
}

#[test]
fn a_machine_tells_where_it_stands_and_what_its_node_runs_on() {
    let status = json!({ "failureDomain": "fd-b", "nodeInfo": { "osImage": "Debian GNU/Linux 13 (trixie)" } });
    let machine = json!({ "apiVersion": format!("{CORE}/v1beta2"), "kind": "Machine", "metadata": { "name": "m", "uid": "u" }, "status": status });
    let read = Object::read(&machine).expect("it is whole");
    assert_eq!((read.failure_domain.as_deref(), read.os_image.as_deref()), (Some("fd-b"), Some("Debian GNU/Linux 13 (trixie)")));
}
