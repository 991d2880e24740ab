use api::Timestamp;
use api::capi::LaneGroup;
use capi::change::DEFINITION;
use http::{Method, Request};
use serde_json::json;

use super::*;
use crate::demo_fleet;

/// The demo with its management cluster open.
async fn demo() -> (tempfile::TempDir, Arc<Realm>, ClusterAt) {
    let (folder, realm) = demo_fleet::opened().await;
    let at = demo_fleet::at(&realm, "lab-a");
    realm.sessions.open(&at.context).await.unwrap();
    (folder, realm, at)
}

#[tokio::test]
async fn a_webhook_that_is_silent_is_named_before_anything_is_written() {
    let (_folder, realm, at) = demo().await;
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    management.behave(|manners| manners.deaf_until = vec![("capi-webhook-service".into(), Timestamp(u64::MAX))]);
    let changing = Changing::open(&realm, &at).await.unwrap();
    let planned = changing.plan(&ClusterChange::Pause).await.unwrap_err();
    let applied = changing.apply(&ApplyChange { at, change: ClusterChange::Pause, digest: "of before".into(), typed: String::new() }).await.unwrap_err();
    for fault in [planned, applied] {
        assert!(fault.sentence.contains("a webhook that has to agree does not answer"), "{fault}");
        assert_eq!((fault.cause[0].source.as_str(), fault.unharmed.as_str()), ("default.cluster.cluster.x-k8s.io", NOTHING));
    }
    realm.close().await;
}

#[tokio::test]
async fn a_management_cluster_that_is_gone_plans_nothing_and_says_so() {
    let (_folder, realm, at) = demo().await;
    let changing = Changing::open(&realm, &at).await.unwrap();
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    management.behave(|manners| manners.reach = sim::Reach::Refused);
    let fault = changing.plan(&ClusterChange::Delete).await.unwrap_err();
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Unreachable, NOTHING), "{fault}");
    realm.close().await;
}

#[tokio::test]
async fn machines_are_made_anew_by_the_topology_where_the_server_has_a_place_for_that() {
    let plane = json!({ "taints": {}, "rollout": { "properties": { "after": {} } } });
    let older = json!({ "replicas": {} });
    for (plane, written) in [(plane, "Cluster"), (older, "KubeadmControlPlane")] {
        let (_folder, realm) = demo_fleet::opened().await;
        let client = kube::Client::new(realm.simulated().server("https://127.0.0.1:41873").unwrap(), "default");
        let definition = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{DEFINITION}");
        let asked = |method: Method| Request::builder().method(method).uri(&definition).header("content-type", "application/json");
        let mut known: Value = client.request(asked(Method::GET).body(vec![]).unwrap()).await.unwrap();
        known["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["topology"] =
            json!({ "properties": { "controlPlane": { "properties": plane } } });
        let _: Value = client.request(asked(Method::PUT).body(known.to_string().into_bytes()).unwrap()).await.unwrap();
        let at = demo_fleet::at(&realm, "lab-a");
        realm.sessions.open(&at.context).await.unwrap();
        let change = ClusterChange::Rollout { group: LaneGroup::ControlPlane, at: Timestamp(1_795_000_000_000) };
        let changing = Changing::open(&realm, &at).await.unwrap();
        // The webhooks of a fleet that has just begun answer a moment later.
        let answered = async {
            loop {
                match changing.plan(&change).await {
                    Err(fault) if fault.code == FaultCode::Unreachable => tokio::task::yield_now().await,
                    plan => break plan.unwrap(),
                }
            }
        };
        let plan = tokio::time::timeout(demo_fleet::PATIENCE, answered).await.expect("the webhooks answer in time");
        assert_eq!(plan.writes.iter().map(|write| write.kind.as_str()).collect::<Vec<_>>(), [written]);
        realm.close().await;
    }
}

#[test]
fn a_finalizer_is_taken_off_only_after_the_name_of_its_object_was_typed() {
    let let_go = ClusterChange::RemoveFinalizers { kind: "DevMachine".into(), name: "lab-a-md-0-x".into() };
    for (guard, change, typed) in [
        (Guard::Open, &let_go, Some("lab-a-md-0-x")),
        (Guard::Open, &ClusterChange::Delete, Some("lab-a")),
        (Guard::Open, &ClusterChange::Pause, None),
        (Guard::Protected, &let_go, Some("kind-kos-mgmt/lab-a-md-0-x")),
        (Guard::Protected, &ClusterChange::Delete, Some("kind-kos-mgmt/lab-a")),
        (Guard::Protected, &ClusterChange::Pause, Some("kind-kos-mgmt")),
    ] {
        assert_eq!(to_type(guard, "kind-kos-mgmt", "lab-a", change).as_deref(), typed, "{guard:?} {change:?}");
    }
}
