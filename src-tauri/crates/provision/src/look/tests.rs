use api::jobs::PartState;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use serde_json::{Value, json};

use super::webhooks::Missing;
use super::{Webhooks, available, lacking, parts, trouble};

const NAMESPACES: [&str; 5] = ["cert-manager", "capi-system", "capi-kubeadm-bootstrap-system", "capi-kubeadm-control-plane-system", "capd-system"];

/// Deployments and pods at a moment of a recorded init.
fn recorded(file: &str) -> (Vec<Deployment>, Vec<Pod>) {
    let all: Value = serde_json::from_str(&crate::recorded::text(&format!("init/{file}.json"))).unwrap();
    (serde_json::from_value(all["deployments"].clone()).unwrap(), serde_json::from_value(all["pods"].clone()).unwrap())
}

fn short(file: &str) -> Vec<(String, PartState, String)> {
    let (deployments, pods) = recorded(file);
    parts(&deployments, &pods, &NAMESPACES).into_iter().map(|p| (p.name, p.state, p.count)).collect()
}

#[test]
fn every_deployment_is_shown_while_it_comes_up() {
    let coming = short("coming-up");
    assert_eq!(coming.len(), 7);
    assert_eq!(coming[0], ("cert-manager".to_owned(), PartState::Ready, "1 / 1".to_owned()));
    let capd = coming.last().unwrap();
    assert_eq!((capd.0.as_str(), capd.2.as_str()), ("capd-controller-manager", "0 / 1"));
    assert_ne!(capd.1, PartState::Ready);
    assert!(short("available").iter().all(|(_, state, count)| *state == PartState::Ready && count == "1 / 1"));
}

#[test]
fn all_is_available_only_when_each_namespace_has_a_deployment_that_is() {
    assert!(!available(&recorded("coming-up").0, &NAMESPACES));
    assert!(available(&recorded("available").0, &NAMESPACES));
    assert!(!available(&recorded("available").0, &["cert-manager", "capx-system"]));
    assert!(!available(&[], &NAMESPACES));
}

#[test]
fn being_created_is_no_trouble_and_a_first_crash_is_none_either() {
    assert_eq!(trouble(&recorded("coming-up").1, &NAMESPACES), None);
    let pod = |reason: &str, restarts: i32| -> Vec<Pod> {
        let status =
            json!({ "name": "m", "image": "m", "imageID": "", "ready": false, "restartCount": restarts, "state": { "waiting": { "reason": reason } } });
        vec![serde_json::from_value(json!({ "metadata": { "name": "p", "namespace": "capd-system" }, "status": { "containerStatuses": [status] } })).unwrap()]
    };
    assert_eq!(trouble(&pod("CrashLoopBackOff", 1), &NAMESPACES), None);
    assert_eq!(trouble(&pod("CrashLoopBackOff", 2), &NAMESPACES).unwrap().restarts, 2);
    assert_eq!(trouble(&pod("ImagePullBackOff", 0), &NAMESPACES).unwrap().pod, "p");
    assert_eq!(trouble(&pod("ImagePullBackOff", 0), &["elsewhere"]), None);
    assert_eq!(trouble(&pod("CreateContainerConfigError", 0), &NAMESPACES), None, "its Secret may be written in a moment");
    assert_eq!(lacking(&pod("CreateContainerConfigError", 0), &NAMESPACES).unwrap().pod, "p");
    assert_eq!(lacking(&pod("CreateContainerConfigError", 0), &["elsewhere"]), None);
    assert_eq!(lacking(&pod("ContainerCreating", 0), &NAMESPACES), None);
}

fn webhooks(ca: Value, ready: Value, established: &str) -> Webhooks {
    let config = json!([{ "metadata": { "name": "c" }, "webhooks": [{ "name": "w", "admissionReviewVersions": ["v1"], "sideEffects": "None",
        "clientConfig": { "caBundle": ca, "service": { "name": "capi-webhook-service", "namespace": "capi-system" } } }] }]);
    let slice = json!([{ "metadata": { "name": "s", "namespace": "capi-system", "labels": { "kubernetes.io/service-name": "capi-webhook-service" } },
        "addressType": "IPv4", "endpoints": [{ "addresses": ["10.0.0.1"], "conditions": { "ready": ready } }], "ports": [] }]);
    let kind = json!([{ "metadata": { "name": "clusters.cluster.x-k8s.io" },
        "spec": { "group": "cluster.x-k8s.io", "scope": "Namespaced", "names": { "plural": "clusters", "kind": "Cluster" }, "versions": [] },
        "status": { "conditions": [{ "type": "Established", "status": established }] } }]);
    Webhooks {
        validating: serde_json::from_value(config).unwrap(),
        mutating: vec![],
        endpoints: serde_json::from_value(slice).unwrap(),
        definitions: serde_json::from_value(kind).unwrap(),
    }
}

#[test]
fn what_is_missing_is_named() {
    let at = |f: fn(String, String) -> Missing| vec![f("capi-system".to_owned(), "capi-webhook-service".to_owned())];
    assert_eq!(webhooks(json!("QQ=="), json!(true), "True").missing(), []);
    assert_eq!(webhooks(json!("QQ=="), Value::Null, "True").missing(), [], "an absent ready means yes");
    assert_eq!(webhooks(Value::Null, json!(true), "True").missing(), at(|namespace, service| Missing::Certificate { namespace, service }));
    assert_eq!(webhooks(json!("QQ=="), json!(false), "True").missing(), at(|namespace, service| Missing::Endpoint { namespace, service }));
    let late = webhooks(json!("QQ=="), json!(true), "False").missing();
    assert_eq!(late[0].sentence(), "The kind clusters.cluster.x-k8s.io is not established.");
}

#[test]
fn each_service_of_webhooks_is_asked_about_one_kind_of_its_provider() {
    let hook = |service: &str, plural: &str, operation: &str, side_effects: &str| {
        json!({ "name": format!("default.{plural}"), "admissionReviewVersions": ["v1"], "sideEffects": side_effects, "namespaceSelector": {},
            "clientConfig": { "caBundle": "QQ==", "service": { "name": service, "namespace": "somewhere" } },
            "rules": [{ "apiGroups": ["a.x-k8s.io"], "apiVersions": ["v1beta2"], "operations": [operation], "resources": [plural] }] })
    };
    let kind = |plural: &str, kind: &str, scope: &str| {
        json!({ "metadata": { "name": plural }, "spec": { "group": "a.x-k8s.io", "scope": scope, "names": { "plural": plural, "kind": kind },
            "versions": [{ "name": "v1beta1", "served": true, "storage": false }, { "name": "v1beta2", "served": true, "storage": true }] } })
    };
    let mut of_few = hook("picky", "devclusters", "CREATE", "None");
    of_few["objectSelector"] = json!({ "matchLabels": { "a": "b" } });
    let mutating = json!([{ "metadata": { "name": "m" }, "webhooks": [
        hook("capd", "devclusters", "CREATE", "None"), hook("capd", "devmachines", "CREATE", "None"), of_few,
        hook("late", "devclusters", "UPDATE", "None"), hook("writes", "devclusters", "CREATE", "Some"), hook("wide", "classes", "CREATE", "None"),
    ] }]);
    let validating = json!([{ "metadata": { "name": "v" }, "webhooks": [hook("late", "devmachines", "*", "NoneOnDryRun")] }]);
    let webhooks = Webhooks {
        validating: serde_json::from_value(validating).unwrap(),
        mutating: serde_json::from_value(mutating).unwrap(),
        endpoints: vec![],
        definitions: serde_json::from_value(json!([
            kind("devclusters", "DevCluster", "Namespaced"),
            kind("devmachines", "DevMachine", "Namespaced"),
            kind("classes", "Class", "Cluster"),
        ]))
        .unwrap(),
    };
    let asked: Vec<_> = webhooks.probes().into_iter().map(|p| (p.service, p.kind, p.version)).collect();
    let one = |service: &str, kind: &str| (service.to_owned(), kind.to_owned(), "v1beta2".to_owned());
    assert_eq!(asked, [one("capd", "DevCluster"), one("late", "DevMachine")]);
}
