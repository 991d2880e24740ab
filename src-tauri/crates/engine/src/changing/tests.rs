use api::Timestamp;

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
