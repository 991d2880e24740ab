use std::collections::BTreeMap;
use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis, Status,
    capi::{ClusterState, LaneGroup},
    changes::{Allowed, ChangePlan, ClusterOffers, Consequence, ControlPlaneOffer, Follows, PoolOffer, Replaced, VersionOffer, WrittenIn},
    health::{HealthCheck, HealthRule, RuleOf, RuleStatus},
    local::ImageIs,
    planned::{Fate, PlannedObject},
};
use ui::{
    model::{
        change::Sizes,
        health::{HealthDraft, Watched},
    },
    pages::{
        change::{
            Asked, ChangeSheet, ChangeSheetProps, Danger,
            health::{HealthSheet, HealthSheetProps, Known},
            scale::{ScaleSheet, ScaleSheetProps},
        },
        upgrade::{UpgradeSheet, UpgradeSheetProps},
    },
    shell::hold::Hold,
    widgets::Ready,
};
use yew::{Callback, Html};

use super::{clusters::cluster, render};

const CLUSTER: &str = "kind: Cluster\nmetadata:\n  name: lab-a\nspec:\n  topology:\n    classRef:\n      name: quick-start\n    version: v1.35.4\n";

fn effect(weight: Follows, sentence: &str, names: &[&str]) -> Consequence {
    Consequence { weight, sentence: sentence.into(), names: names.iter().map(|n| (*n).to_owned()).collect() }
}

fn plan(title: &str, fate: Fate, after: &str, effects: Vec<Consequence>, typed: Option<&str>) -> ChangePlan {
    let write = PlannedObject { fate, kind: "Cluster".into(), namespace: "default".into(), name: "lab-a".into(), before: CLUSTER.into(), after: after.into() };
    ChangePlan {
        digest: "d".into(),
        title: title.into(),
        writes: vec![write],
        effects,
        replaced: vec![],
        commands: vec!["kubectl --context kind-kos-mgmt patch clusters.cluster.x-k8s.io lab-a -n default".into()],
        typed: typed.map(Into::into),
    }
}

pub(super) fn upgrade() -> ChangePlan {
    let effects = vec![
        effect(
            Follows::Replaced,
            "2 machines, the control plane before the pools, a new one before an old one goes.",
            &["lab-a-cp-2mw8d", "lab-a-md-0-x-7pvl2"],
        ),
        effect(Follows::Risk, "The API stops for about 10 s: with one control plane machine etcd moves to the new one, then the old one goes.", &[]),
    ];
    let replaced = |group, machine: &str| Replaced { group, machines: vec![machine.to_owned()], surge: 1, each: Some(Millis::seconds(90)) };
    ChangePlan {
        replaced: vec![replaced(LaneGroup::ControlPlane, "lab-a-cp-2mw8d"), replaced(LaneGroup::Pool("md-0".into()), "lab-a-md-0-x-7pvl2")],
        ..plan("Upgrade lab-a to v1.36.1", Fate::Changed, &CLUSTER.replace("v1.35.4", "v1.36.1"), effects, None)
    }
}

fn deletion() -> ChangePlan {
    let effects = vec![
        effect(Follows::Gone, "First 1 machine of md-0, without a drain: pods end at once.", &["lab-a-md-0-x-7pvl2"]),
        effect(Follows::Risk, "Everything stored in lab-a is lost. This cannot be undone.", &[]),
        effect(Follows::Unharmed, "The management cluster, its other clusters, classes and templates stay.", &[]),
    ];
    plan("Delete lab-a", Fate::Deleted, "", effects, Some("lab-a"))
}

pub(super) fn asked(plan: Option<ChangePlan>, fault: Option<Fault>) -> Asked {
    Asked { plan, fault, busy: Ready::Yes, hold: Hold::none(), on_apply: Callback::noop(), on_again: Callback::noop(), on_fix: Callback::noop() }
}

fn sheet(verb: &str, danger: Danger, plan: Option<ChangePlan>, fault: Option<Fault>) -> ChangeSheetProps {
    sheet_of(verb, danger, asked(plan, fault))
}

pub(super) fn sheet_of(verb: &str, danger: Danger, asked: Asked) -> ChangeSheetProps {
    ChangeSheetProps { verb: verb.into(), keep: "Keep it".into(), danger, asked, on_close: Callback::noop(), children: Html::default(), idle: None }
}

pub(super) fn offers() -> ClusterOffers {
    let offer = |version: &str, allowed, why: &str, image| VersionOffer { version: version.into(), allowed, why: why.into(), image: Some(image) };
    let here = ImageIs::Here { bytes: Some(1_084_000_000) };
    let pool = |pool: &str, replicas| PoolOffer {
        pool: pool.into(),
        object: format!("lab-a-{pool}"),
        replicas,
        class: "default-worker".into(),
        version: "v1.35.4".into(),
        bounds: None,
        labels: BTreeMap::new(),
        taints: vec![],
        health: None,
    };
    ClusterOffers {
        by: WrittenIn::Topology,
        control_plane: Some(ControlPlaneOffer { name: "lab-a-cp".into(), replicas: 1, counts: vec![1, 3, 5, 7], version: "v1.35.4".into(), health: None }),
        pools: vec![pool("md-0", Some(3)), pool("burst", None)],
        classes: vec!["default-worker".into()],
        version: "v1.35.4".into(),
        versions: vec![
            offer("v1.37.0", Allowed::No, "one minor at a time: v1.36 first", ImageIs::ToBePulled { bytes: Some(400_000_000) }),
            offer("v1.36.1", Allowed::Yes, "next minor", here),
            offer("v1.35.4", Allowed::No, "runs already", here),
        ],
    }
}

fn scale(sizes: Sizes, plan: Option<ChangePlan>) -> ScaleSheetProps {
    ScaleSheetProps { name: "lab-a".into(), offers: Some(offers()), sizes, on_sizes: Callback::noop(), asked: asked(plan, None), on_close: Callback::noop() }
}

pub(super) fn to_version(offers: Option<ClusterOffers>, plan: Option<ChangePlan>, fault: Option<Fault>) -> UpgradeSheetProps {
    UpgradeSheetProps {
        head: Some(Rc::new(cluster("lab-a", ClusterState::Available, 0))),
        status: Status::Live,
        offers,
        version: Some("v1.36.1".into()),
        plan,
        last: None,
        impact: None,
        hold: Hold::none(),
        fault,
        busy: Ready::Yes,
        on_choose: Callback::noop(),
        on_apply: Callback::noop(),
        on_again: Callback::noop(),
        on_cancel: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

#[tokio::test]
async fn an_upgrade_shows_versions_lanes_checks_and_the_text() {
    insta::assert_snapshot!(render::<UpgradeSheet>(|| to_version(Some(offers()), Some(upgrade()), None)).await);
}

#[tokio::test]
async fn an_upgrade_that_is_refused_says_why_and_has_no_plan() {
    let fault = || {
        Fault::new(FaultCode::Invalid, "kind-kos-mgmt refuses this change of Cluster lab-a.")
            .because("validation.cluster", "no")
            .unharmed("Nothing was written.")
    };
    let shown = render::<UpgradeSheet>(move || to_version(Some(offers()), None, Some(fault()))).await;
    assert!(shown.contains("refuses this change") && shown.contains("Nothing was written.") && shown.contains("There is no plan"), "{shown}");
    assert!(shown.contains("btn primary off"), "without a plan nothing can be pressed: {shown}");
}

#[tokio::test]
async fn a_deletion_names_what_goes_and_asks_for_the_name() {
    let shown = render::<ChangeSheet>(|| sheet("Delete lab-a", Danger::Yes, Some(deletion()), None)).await;
    assert!(shown.contains("btn danger off"), "before the name is typed nothing is deleted: {shown}");
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn an_object_that_changed_meanwhile_can_be_looked_at_again() {
    let fault = || Fault::new(FaultCode::Changed, "lab-a is not as it was when this was planned.").unharmed("Nothing was written.");
    let shown = render::<ChangeSheet>(move || sheet("Pause lab-a", Danger::No, Some(upgrade()), Some(fault()))).await;
    assert!(shown.contains("Look again") && shown.contains("Nothing was written."), "{shown}");
}

#[tokio::test]
async fn the_sizes_of_a_cluster_are_chosen_before_there_is_a_plan() {
    insta::assert_snapshot!(render::<ScaleSheet>(|| scale(Sizes::of(&offers()), None)).await);
}

#[tokio::test]
async fn another_size_shows_what_follows() {
    let bigger = || Sizes { control_plane: Some(3), ..Sizes::of(&offers()) };
    let effects = || vec![effect(Follows::Made, "2 machines more for the control plane.", &[])];
    let after = CLUSTER.replace("    version", "    controlPlane:\n      replicas: 3\n    version");
    let shown = render::<ScaleSheet>(move || scale(bigger(), Some(plan("Scale lab-a", Fate::Changed, &after, effects(), None)))).await;
    assert!(shown.contains("2 machines more for the control plane.") && shown.contains("      replicas: 3"), "{shown}");
    assert!(!shown.contains("btn primary off"), "{shown}");
}

fn health(known: Known, draft: HealthDraft) -> HealthSheetProps {
    HealthSheetProps {
        cluster: "lab-a".into(),
        group: LaneGroup::Pool("md-0".into()),
        known,
        draft,
        wrong: None,
        differs: Ready::No,
        on_draft: Callback::noop(),
        on_show: Callback::noop(),
        asked: asked(None, None),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn a_health_check_is_drawn_before_it_is_planned() {
    let rule = HealthRule { of: RuleOf::Node, condition: "Ready".into(), status: RuleStatus::Unknown, seconds: 300 };
    let check = HealthCheck { start_up_seconds: 600, rules: vec![rule], most_ill: "40%".into() };
    let draft = HealthDraft::of(Some(&check));
    insta::assert_snapshot!(render::<HealthSheet>(move || health(Known::Check(Some(check)), draft)).await);
    let nobody = render::<HealthSheet>(|| health(Known::Check(None), HealthDraft::of(None))).await;
    assert!(nobody.contains("by nobody") && !nobody.contains("Ill when"), "{nobody}");
    let wrong = render::<HealthSheet>(|| HealthSheetProps {
        wrong: Some("“soon” is no time.".into()),
        ..health(Known::Check(None), HealthDraft { watched: Watched::ByCheck, ..HealthDraft::of(None) })
    })
    .await;
    assert!(wrong.contains("“soon” is no time.") && wrong.contains("Ill when"), "{wrong}");
}
