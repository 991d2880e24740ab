use api::Request;
use api::computer::{CheckId, CheckRow, Recheck, Verdict};
use api::contexts::OpenContext;
use doctor::Wanted;

use crate::answers::answer;
use crate::demo_fleet;
use crate::realm::Realm;

fn plugins(realm: &Realm) -> CheckRow {
    realm.doctor.checks().rows().into_iter().find(|row| row.id == CheckId::SignInPlugins).expect("every check has a row")
}

fn is_missing(realm: &Realm) -> bool {
    demo_fleet::row(realm, "gke-batch").problems.iter().any(|problem| problem.rule == "KC21")
}

#[tokio::test]
async fn a_plugin_that_was_installed_is_found_by_the_next_check_and_its_context_can_be_used() {
    let (_home, realm) = demo_fleet::opened().await;
    realm.doctor.look(&Wanted::default()).await;
    let before = plugins(&realm);
    assert_eq!((before.verdict, before.found.as_str()), (Verdict::Warning, "1 of 3 not found"));
    assert!(before.explanation.starts_with("gke-gcloud-auth-plugin is in none of 3 folders, so gke-batch cannot sign in."), "{before:?}");
    assert!(is_missing(&realm));

    realm.simulated().install("gke-gcloud-auth-plugin");
    answer(&realm, Request::Recheck(Recheck { check: CheckId::SignInPlugins })).await.expect("a check can run again");
    let after = plugins(&realm);
    assert_eq!((after.verdict, after.found.as_str()), (Verdict::Passed, "aws, gke-gcloud-auth-plugin, kubelogin"));
    assert!(!is_missing(&realm));
    realm.close().await;
}

#[tokio::test]
async fn a_plugin_that_was_installed_is_found_when_its_context_is_opened() {
    let (_home, realm) = demo_fleet::opened().await;
    realm.doctor.look(&Wanted::default()).await;
    assert!(is_missing(&realm));
    realm.simulated().install("gke-gcloud-auth-plugin");
    let context = demo_fleet::row(&realm, "gke-batch").id;
    answer(&realm, Request::OpenContext(OpenContext { context })).await.expect("a context can be opened whose program was missing");
    demo_fleet::until(&realm, || !is_missing(&realm)).await;
    realm.close().await;
}
