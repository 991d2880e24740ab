use api::Timestamp;
use api::providers::{ErrorLine, ProviderHealth, ProviderRole};
use serde_json::{Value, json};

use super::{Inventory, MOST_ERRORS, error_of};
use crate::recorded::{at, text};

/// What stood in a management cluster that the real clusterctl had made.
fn recorded() -> Inventory {
    let list: Value = serde_json::from_str(&text("docker/providers.json")).unwrap();
    let mut inventory = Inventory::default();
    for object in list["items"].as_array().unwrap() {
        let key = format!("{}/{}", object["metadata"]["namespace"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
        let shelf = match object["kind"].as_str().unwrap() {
            "Provider" => &mut inventory.providers,
            "Deployment" => &mut inventory.deployments,
            _ => &mut inventory.pods,
        };
        shelf.insert(key, object.clone());
    }
    inventory
}

#[test]
fn the_providers_of_a_real_management_cluster_stand_with_their_health() {
    let rows = recorded().rows();
    let shown: Vec<_> = rows.iter().map(|row| (row.title.as_str(), row.version.as_str(), row.role, row.ready, row.wanted, &row.health)).collect();
    let well = &ProviderHealth::Well;
    assert_eq!(
        shown,
        [
            ("Cluster API", "v1.14.2", ProviderRole::Core, 1, 1, well),
            ("kubeadm bootstrap", "v1.14.2", ProviderRole::Bootstrap, 1, 1, well),
            ("kubeadm control plane", "v1.14.2", ProviderRole::ControlPlane, 1, 1, well),
            ("Docker", "v1.14.2", ProviderRole::Infrastructure, 1, 1, well),
            ("cert-manager", "v1.21.2", ProviderRole::Needed, 3, 3, well),
        ]
    );
    assert_eq!(rows.iter().map(|row| row.order).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

#[test]
fn the_deployments_of_a_provider_are_named_with_their_pods() {
    let rows = recorded().rows();
    let named = |at: usize| rows[at].deployments.iter().map(|one| (one.name.as_str(), one.ready, one.wanted)).collect::<Vec<_>>();
    assert_eq!(named(3), [("capd-controller-manager", 1, 1)]);
    assert_eq!(named(4), [("cert-manager", 1, 1), ("cert-manager-cainjector", 1, 1), ("cert-manager-webhook", 1, 1)]);
}

#[test]
fn a_provider_that_another_tool_installed_is_found_by_its_deployment() {
    let mut inventory = recorded();
    inventory.providers.clear();
    let rows = inventory.rows();
    assert_eq!(rows.len(), 5);
    assert_eq!((rows[3].name.as_str(), rows[3].namespace.as_str(), rows[3].version.as_str()), ("infrastructure-docker", "capd-system", "v1.14.2"));
}

#[test]
fn kinds_and_contracts_are_read_from_labels_and_not_from_names() {
    let mut inventory = recorded();
    for kind in ["DockerCluster", "DevCluster"] {
        let name = format!("{}s.infrastructure.cluster.x-k8s.io", kind.to_lowercase());
        let labels =
            json!({ "cluster.x-k8s.io/provider": "infrastructure-docker", "cluster.x-k8s.io/v1beta1": "v1beta1", "cluster.x-k8s.io/v1beta2": "v1beta2" });
        inventory.definitions.insert(name.clone(), labels);
        inventory.kinds.insert(name, kind.to_owned());
    }
    inventory.definitions.insert("things.other.io".into(), json!({ "cluster.x-k8s.io/v1": "v1" }));
    inventory.definitions.insert(
        "late.other.io".into(),
        json!({ "cluster.x-k8s.io/provider": "cluster-api", "cluster.x-k8s.io/v1": "v1", "cluster.x-k8s.io/v1beta2": "v1beta2" }),
    );
    let rows = inventory.rows();
    assert_eq!(
        (rows[3].kinds.as_slice(), rows[3].contracts.as_slice()),
        (["DevCluster".to_owned(), "DockerCluster".into()].as_slice(), ["v1beta2".to_owned(), "v1beta1".into()].as_slice())
    );
    // What discovery does not know yet is called by its plural; a final version is newer than a beta.
    assert_eq!((rows[0].kinds.as_slice(), rows[0].contracts.as_slice()), (["late".to_owned()].as_slice(), ["v1".to_owned(), "v1beta2".into()].as_slice()));
}

#[test]
fn a_controller_that_does_not_come_up_is_told_with_the_reason_it_waits_for() {
    let held = |reason: &str, restarts: u32| ProviderHealth::Held { reason: reason.into(), says: "back-off".into(), restarts };
    for (state, restarts, ready, health) in [
        (json!({ "waiting": { "reason": "CrashLoopBackOff", "message": "back-off" } }), 3, 0, held("CrashLoopBackOff", 3)),
        (json!({ "waiting": { "reason": "CrashLoopBackOff", "message": "back-off" } }), 1, 0, ProviderHealth::Starting),
        (json!({ "waiting": { "reason": "ImagePullBackOff", "message": "back-off" } }), 0, 0, held("ImagePullBackOff", 0)),
        (json!({ "waiting": { "reason": "ContainerCreating" } }), 0, 0, ProviderHealth::Starting),
        (json!({ "running": {} }), 3, 1, ProviderHealth::Restarted(3)),
        (json!({ "running": {} }), 1, 1, ProviderHealth::Well),
    ] {
        let mut inventory = recorded();
        let pod = inventory.pods.values_mut().find(|pod| pod["metadata"]["namespace"] == "capd-system").unwrap();
        pod["status"]["containerStatuses"] = json!([{ "name": "manager", "restartCount": restarts, "state": state }]);
        inventory.deployments.get_mut("capd-system/capd-controller-manager").unwrap()["status"]["readyReplicas"] = json!(ready);
        let rows = inventory.rows();
        assert_eq!(rows[3].health, health);
        assert!(rows.iter().filter(|row| row.name != "infrastructure-docker").all(|row| row.health == ProviderHealth::Well), "the others go on");
    }
    let mut inventory = recorded();
    inventory.deployments.remove("capi-system/capi-controller-manager");
    assert_eq!(inventory.rows()[0].health, ProviderHealth::Missing);
}

#[test]
fn errors_are_read_of_a_real_log_and_of_json_and_nothing_else_is() {
    let log = text("docker/capd-stuck-image.log");
    let errors: Vec<ErrorLine> = log.lines().filter_map(error_of).collect();
    assert!(!errors.is_empty() && errors.len() < log.lines().count());
    let first = "failed to create worker DockerMachine: error pulling container image kindest/node:v1.36.9: failure pulling container image: Error response from daemon: Get \"https://registry-1.docker.io/v2/\"";
    assert!(errors.iter().any(|error| error.text.starts_with(first)), "{errors:?}");
    for (line, said) in [
        (r#"E1123 14:06:36.618666       1 leaderelection.go:347] error retrieving resource lock"#, Some("error retrieving resource lock")),
        (r#"E1123 14:06:36.618666       1 main.go:4] "Failed to start" setup="x""#, Some("Failed to start")),
        (r#"E1123 1 m.go:4] "x" err="token abcdef.0123456789abcdef is gone""#, Some("token (a bootstrap token) is gone")),
        (r#"{"ts":1,"level":"error","msg":"Reconciler error","err":"no such host"}"#, Some("no such host")),
        (r#"{"ts":1,"level":"info","msg":"started"}"#, None),
        (r#"I1123 14:06:36.618666       1 controller.go:494] "Reconciler error""#, None),
        ("Error: half", None),
        ("E", None),
        ("{", None),
        ("", None),
    ] {
        assert_eq!(error_of(line).map(|error| error.text).as_deref(), said, "{line}");
    }
    let stamped = error_of(r#"2026-11-23T14:06:36Z E1123 14:06:36.618666       1 m.go:4] "x""#).unwrap();
    assert_eq!(stamped.at, Some(at("14:06:36")));
}

#[test]
fn the_last_errors_are_kept_and_one_that_is_told_again_stands_once() {
    let mut inventory = recorded();
    for n in 0..MOST_ERRORS as u64 + 3 {
        let error = ErrorLine { at: Some(Timestamp(n)), text: format!("error {n}") };
        assert!(inventory.hear("infrastructure-docker", error.clone()) && !inventory.hear("infrastructure-docker", error));
    }
    let row = inventory.rows().remove(3);
    assert_eq!((row.errors.len(), row.errors[0].text.as_str()), (MOST_ERRORS, "error 14"));
}
