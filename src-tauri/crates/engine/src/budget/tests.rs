use std::sync::Arc;

use api::FaultCode;
use api::budget::{ApplyCopies, AskBudget, HeldPod, MoreCopies, Owner, PlanCopies};
use api::changes::ClusterAt;
use api::contexts::Guard;
use api::{ContextId, Fault};

use super::{apply, ask, plan};
use crate::demo_fleet;
use crate::realm::Realm;

struct Lab {
    realm: Arc<Realm>,
    at: ClusterAt,
    own: ContextId,
    _home: tempfile::TempDir,
}

impl Lab {
    async fn open() -> Self {
        let (home, realm) = demo_fleet::opened().await;
        Self { at: demo_fleet::at(&realm, "lab-a"), own: demo_fleet::row(&realm, "lab-a").id, realm, _home: home }
    }

    async fn enter(&self) {
        demo_fleet::live(&self.realm, "lab-a").await;
    }

    async fn ask(&self, pod: &str) -> Result<HeldPod, Fault> {
        ask(&self.realm, &AskBudget { at: self.at.clone(), pod: pod.into() }).await
    }

    async fn apply(&self, copies: &MoreCopies, digest: &str, typed: &str) -> Result<api::changes::Applied, Fault> {
        apply(&self.realm, &ApplyCopies { at: self.at.clone(), copies: copies.clone(), digest: digest.into(), typed: typed.into() }).await
    }
}

#[tokio::test]
async fn a_budget_is_told_only_over_an_open_context_with_its_numbers_and_whom_it_means() {
    let lab = Lab::open().await;
    let closed = lab.ask("db/postgres-0").await.unwrap_err();
    assert_eq!((closed.code, closed.sentence.contains("is not open. Open it to see which budget holds the drain")), (FaultCode::NotFound, true), "{closed}");
    lab.enter().await;
    let held = lab.ask("db/postgres-0").await.unwrap();
    let [budget] = held.budgets.as_slice() else { panic!("{held:?}") };
    assert_eq!((budget.name.as_str(), budget.rule.as_str(), budget.selector.as_str()), ("db/postgres", "at least 1 available", "app=postgres"));
    assert_eq!((budget.allowed, budget.healthy, budget.needed, budget.expected), (0, 1, 1, 1));
    let of = Owner { kind: "StatefulSet".into(), namespace: "db".into(), name: "postgres".into() };
    assert_eq!(held.scale, Some(MoreCopies { of, now: 1, to: 2 }));
    let free = lab.ask("monitoring/grafana-0").await.unwrap();
    assert_eq!((free.budgets, free.scale), (vec![], None), "nothing holds it");
    assert_eq!(lab.ask("db/no-such-pod").await.unwrap_err().code, FaultCode::NotFound);
    lab.realm.close().await;
}

#[tokio::test]
async fn one_more_copy_is_shown_after_a_dry_run_and_written_once_as_it_was_shown() {
    let lab = Lab::open().await;
    lab.enter().await;
    let copies = lab.ask("db/postgres-0").await.unwrap().scale.unwrap();
    let wish = |copies: &MoreCopies| PlanCopies { at: lab.at.clone(), copies: copies.clone() };
    let planned = plan(&lab.realm, &wish(&copies)).await.unwrap();
    let [write] = planned.writes.as_slice() else { panic!("{planned:?}") };
    assert!(write.before.contains("replicas: 1") && write.after.contains("replicas: 2"), "{write:?}");
    assert_eq!(planned.commands, [r#"kubectl --context lab-a patch statefulsets.apps postgres -n db --type merge -p '{"spec":{"replicas":2}}'"#]);
    assert_eq!(lab.ask("db/postgres-0").await.unwrap().scale.unwrap().now, 1, "a dry run keeps nothing");
    assert_eq!(lab.apply(&copies, "another plan", "").await.unwrap_err().code, FaultCode::Changed);
    assert_eq!(lab.apply(&copies, &planned.digest, "").await.unwrap().written, ["StatefulSet postgres"]);
    let again = lab.apply(&copies, &planned.digest, "").await.unwrap_err();
    assert_eq!((again.code, again.unharmed.as_str()), (FaultCode::Changed, super::NOTHING), "it is not scaled twice");
    let odd = |kind: &str, to: u32| MoreCopies { of: Owner { kind: kind.into(), ..copies.of.clone() }, now: 2, to };
    for wrong in [odd("DaemonSet", 3), odd("StatefulSet", 1)] {
        assert_eq!(plan(&lab.realm, &wish(&wrong)).await.unwrap_err().code, FaultCode::Invalid, "{wrong:?}");
    }
    lab.realm.close().await;
}

#[tokio::test]
async fn a_protected_workload_cluster_is_scaled_only_after_its_name_was_typed() {
    let lab = Lab::open().await;
    lab.enter().await;
    lab.realm.fleet.remember(&lab.own, |known| known.guard = Guard::Protected).unwrap();
    let copies = lab.ask("db/postgres-0").await.unwrap().scale.unwrap();
    let planned = plan(&lab.realm, &PlanCopies { at: lab.at.clone(), copies: copies.clone() }).await.unwrap();
    assert_eq!(planned.typed.as_deref(), Some("lab-a"));
    assert_eq!(lab.apply(&copies, &planned.digest, "").await.unwrap_err().code, FaultCode::Invalid);
    lab.apply(&copies, &planned.digest, "lab-a").await.unwrap();
    lab.realm.close().await;
}
