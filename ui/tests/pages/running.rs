use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis, Status, Timestamp,
    budget::{Budget, HeldPod, MoreCopies, Owner},
    capi::{ClusterState, Evidence, EvidenceSource, Explanation, LaneGroup, LogRow, Remedy, Stop, Weight},
    changes::{Bounds, ClusterChange, NewPool, PoolFrom},
    contexts::Away,
    impact::{Impact, Notice, NoticeWhy, Removed, RemovedApi},
    upgrading::{DrainLine, DrainPace, Leaving, RunMachine, RunStage, RunState, RunStep, Side, StepOf, UpgradeRun},
};
use ui::{
    model::{
        clock::Clock,
        pools::{Marks, PoolDraft},
    },
    pages::{
        change::{
            bounds::{BoundsSheet, BoundsSheetProps},
            marks::{MarksSheet, MarksSheetProps},
            pool::{AddPoolSheet, AddPoolSheetProps},
        },
        cluster::Parts,
        upgrade::{
            UpgradeSheet, UpgradeSheetProps,
            run::{
                RunSheet, RunSheetProps,
                budget::{BudgetSheet, BudgetSheetProps},
            },
        },
    },
};
use yew::Callback;

use super::{changes, clusters::cluster, render, sample};

fn ago(seconds: u64) -> Timestamp {
    Timestamp(sample::NOW.0 - seconds * 1_000)
}

fn pool() -> LaneGroup {
    LaneGroup::Pool("md-0".into())
}

fn step(group: LaneGroup, place: u32, of: u32, names: (&str, &str), stage: RunStage, from: u64, to: Option<u64>) -> RunStep {
    let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let from = (stage != RunStage::Waiting).then(|| ago(from));
    RunStep {
        of: StepOf::Machine { group, place, of },
        old: name(names.0),
        new: name(names.1),
        stage,
        from,
        to: to.map(ago),
        usual: Some(Millis::seconds(86)),
        pods: vec![],
    }
}

fn machine(name: &str, group: LaneGroup, side: Side, times: [Option<u64>; 4]) -> RunMachine {
    let [created, available, leaves, gone] = times.map(|time| time.map(ago));
    RunMachine { machine: name.into(), group, side, created: created.unwrap_or(ago(90_000)), available, leaves, gone, pods: vec![] }
}

fn run(state: RunState) -> UpgradeRun {
    let line = |pods: &str, says: &str, pace| DrainLine { pods: pods.into(), says: says.into(), pace, asked: Some(ago(54)) };
    let drains = RunStep {
        pods: vec![
            line("web/api-5f8c4-9tr6d", "", DrainPace::Gone { by: ago(34) }),
            line("web/web-7c9d5-4xkq2", "deletionTimestamp set, but still not removed from the Node", DrainPace::Going),
            line("db/postgres-0", "cannot evict pod as it would violate the pod's disruption budget.", DrainPace::Held),
        ],
        ..step(pool(), 2, 3, ("lab-a-md-0-x-dk9tz", "lab-a-md-0-x-m9wcf"), RunStage::Leaving(Leaving::Drain), 94, None)
    };
    let agreement = RunStep { of: StepOf::Agreement, old: None, new: None, stage: RunStage::Waiting, from: None, to: None, usual: None, pods: vec![] };
    UpgradeRun {
        from: "v1.35.4".into(),
        to: "v1.36.1".into(),
        began: ago(262),
        state,
        steps: vec![
            step(LaneGroup::ControlPlane, 1, 1, ("lab-a-cp-2mw8d", "lab-a-cp-xk4rj"), RunStage::Done, 257, Some(136)),
            step(pool(), 1, 3, ("lab-a-md-0-x-7pvl2", "lab-a-md-0-x-b6h2s"), RunStage::Done, 180, Some(96)),
            drains,
            step(pool(), 3, 3, ("lab-a-md-0-x-w5q8n", ""), RunStage::Waiting, 0, None),
            agreement,
        ],
        drain: Some(Millis::seconds(32)),
        machines: vec![
            machine("lab-a-cp-xk4rj", LaneGroup::ControlPlane, Side::New, [Some(257), Some(188), None, None]),
            machine("lab-a-cp-2mw8d", LaneGroup::ControlPlane, Side::Old, [None, None, Some(172), Some(136)]),
            machine("lab-a-md-0-x-b6h2s", pool(), Side::New, [Some(180), Some(140), None, None]),
            machine("lab-a-md-0-x-7pvl2", pool(), Side::Old, [None, None, Some(128), Some(96)]),
            machine("lab-a-md-0-x-m9wcf", pool(), Side::New, [Some(94), Some(60), None, None]),
            machine("lab-a-md-0-x-dk9tz", pool(), Side::Old, [None, None, Some(54), None]),
            machine("lab-a-md-0-x-w5q8n", pool(), Side::Old, [None; 4]),
        ],
    }
}

fn why() -> Explanation {
    let machine = "lab-a-md-0-x-dk9tz";
    Explanation {
        rule: Some("delete-drain".into()),
        weight: Weight::Stuck,
        sentence: format!(
            "db/postgres-0 blocks the drain of {machine}: its disruption budget postgres allows no eviction. Cluster API tries again by itself; nothing is broken."
        ),
        path: vec![Stop { kind: "Cluster".into(), name: "lab-a".into(), says: String::new() }],
        seen: vec![Evidence {
            source: EvidenceSource::Condition { on: format!("Machine {machine}"), kind: "Deleting".into() },
            text: "* Pod db/postgres-0: cannot evict pod as it would violate the pod's <b>disruption budget</b>.".into(),
            at: Some(ago(24)),
        }],
        remedies: vec![Remedy {
            title: "Limit the drain to 2 min".into(),
            effect: "Then machines of md-0 go although a pod is left on them".into(),
            command: None,
            change: Some(ClusterChange::LimitDrain { group: pool(), seconds: 120 }),
        }],
    }
}

fn sheet(state: RunState, why: Option<Explanation>) -> RunSheetProps {
    let line = LogRow {
        number: 1,
        at: Some(ago(24)),
        source: "capi-controller-manager".into(),
        text: "postgres-0: Too Many Requests, <i>disruption budget</i>".into(),
    };
    let parts =
        Parts { head: Some(Rc::new(cluster("lab-a", ClusterState::Upgrading, 0))), why: why.map(Rc::new), log: vec![Rc::new(line)], ..Parts::default() };
    RunSheetProps {
        name: "lab-a".into(),
        run: Rc::new(run(state)),
        parts: Rc::new(parts),
        status: Status::Live,
        clock: Clock { now: sample::NOW, zone_minutes: 0 },
        held: None,
        held_fault: None,
        away: vec![Away { from: ago(150), to: ago(142) }],
        on: Callback::noop(),
    }
}

fn held() -> HeldPod {
    let of = Owner { kind: "StatefulSet".into(), namespace: "db".into(), name: "postgres".into() };
    let budget = Budget {
        name: "db/postgres".into(),
        rule: "at least 1 available".into(),
        selector: "app=<b>postgres</b>".into(),
        allowed: 0,
        healthy: 1,
        needed: 1,
        expected: 1,
    };
    HeldPod { context: "lab-a".into(), pod: "db/postgres-0".into(), budgets: vec![budget], scale: Some(MoreCopies { of, now: 1, to: 2 }) }
}

#[tokio::test]
async fn what_holds_a_drain_can_be_looked_at_and_scaled_only_where_the_cluster_is_open() {
    let open = render::<RunSheet>(|| RunSheetProps { held: Some(Rc::new(held())), ..sheet(RunState::Going, Some(why())) }).await;
    for words in ["Scale postgres to 2…", "Open budget", "Limit the drain to 2 min…"] {
        assert!(open.contains(words), "{words}: {open}");
    }
    let fixed = render::<RunSheet>(|| RunSheetProps { held: Some(Rc::new(HeldPod { scale: None, ..held() })), ..sheet(RunState::Going, Some(why())) }).await;
    assert!(fixed.contains("Open budget") && !fixed.contains("Scale postgres"), "more copies would not help: {fixed}");
    let closed = render::<RunSheet>(|| {
        let why_not = Fault::new(FaultCode::NotFound, "KOS cannot see into lab-a: its context lab-a is not open. Open it to see which budget holds the drain.");
        RunSheetProps { held_fault: Some(why_not), ..sheet(RunState::Going, Some(why())) }
    })
    .await;
    assert!(!closed.contains("Open budget") && closed.contains("Open it to see which budget holds the drain."), "{closed}");
}

#[tokio::test]
async fn a_budget_is_shown_with_its_rule_its_pods_and_its_numbers() {
    let shown = render::<BudgetSheet>(|| BudgetSheetProps { held: Rc::new(held()), on_close: Callback::noop() }).await;
    for words in ["db/postgres", "at least 1 available", "app=&lt;b&gt;postgres", "1 of 1", "describe poddisruptionbudget postgres -n db"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn an_upgrade_that_a_budget_holds_shows_steps_lanes_and_what_holds_it() {
    insta::assert_snapshot!(render::<RunSheet>(|| sheet(RunState::Going, Some(why()))).await);
}

#[tokio::test]
async fn a_paused_upgrade_offers_to_go_on_and_one_that_is_over_another_version() {
    let paused = render::<RunSheet>(|| sheet(RunState::Paused, Some(why()))).await;
    assert!(paused.contains("Resume…") && !paused.contains("Pause…") && !paused.contains("holds the drain"), "{paused}");
    let over = render::<RunSheet>(|| sheet(RunState::Done { at: ago(1) }, None)).await;
    assert!(over.contains("Choose another version") && over.contains("it was v1.35.4 before"), "{over}");
}

fn with_impact(impact: Result<Impact, Fault>) -> UpgradeSheetProps {
    UpgradeSheetProps { impact: Some(impact), ..changes::to_version(Some(changes::offers()), Some(changes::upgrade()), None) }
}

fn impact(removed: Removed) -> Impact {
    let notice = |pod: &str, why| Notice { pod: pod.into(), why };
    Impact {
        context: "#lab-a".into(),
        name: "lab-a".into(),
        to: "v1.36.1".into(),
        moves: 24,
        doubled: 22,
        notices: vec![
            notice("db/postgres-0", NoticeWhy::Held { budget: "db/postgres".into() }),
            notice("tmp/shell", NoticeWhy::Alone),
            notice("monitoring/grafana-0", NoticeWhy::OnlyCopy),
        ],
        removed,
        untold: vec![],
    }
}

#[tokio::test]
async fn who_notices_an_upgrade_stands_below_its_lanes_and_among_the_checks() {
    let api = RemovedApi { version: "flowcontrol.apiserver.k8s.io/v1beta3".into(), resource: "flowschemas".into(), removed_in: "1.32".into() };
    insta::assert_snapshot!(render::<UpgradeSheet>(|| with_impact(Ok(impact(Removed::Used(vec![api]))))).await);
    let clean = render::<UpgradeSheet>(|| with_impact(Ok(impact(Removed::Nothing)))).await;
    assert!(clean.contains("Nothing uses a removed API"), "{clean}");
}

#[tokio::test]
async fn a_cluster_that_is_not_connected_says_why_nobody_can_be_named() {
    let why = || Fault::new(FaultCode::NotFound, "KOS cannot see into lab-a: it is not connected. Connect it to see which pods move.");
    let shown = render::<UpgradeSheet>(move || with_impact(Err(why()))).await;
    assert!(shown.contains("Who notices") && shown.contains("it is not connected") && !shown.contains("btn primary off"), "{shown}");
}

fn new_pool(change: Result<ClusterChange, String>) -> AddPoolSheetProps {
    AddPoolSheetProps {
        name: "lab-a".into(),
        offers: Some(changes::offers()),
        draft: PoolDraft { name: "gpu".into(), from: 0, replicas: 2, labels: "tier=gpu".into(), taints: "gpu=yes:NoSchedule".into() },
        change: Some(change),
        on_draft: Callback::noop(),
        on_show: Callback::noop(),
        asked: changes::asked(None, None),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn a_pool_is_drawn_before_it_is_planned() {
    let made = || NewPool { name: "gpu".into(), from: PoolFrom::Class("default-worker".into()), replicas: 2, labels: Default::default(), taints: vec![] };
    insta::assert_snapshot!(render::<AddPoolSheet>(move || new_pool(Ok(ClusterChange::AddPool(made())))).await);
    let shown = render::<AddPoolSheet>(|| new_pool(Err("“gpu” is no taint".into()))).await;
    assert!(shown.contains("“gpu” is no taint"), "{shown}");
}

fn marked(marks: Marks) -> MarksSheetProps {
    MarksSheetProps {
        pool: "lab-a-md-0".into(),
        offer: changes::offers().pools.first().cloned(),
        marks,
        text: "tier=gpu".into(),
        wrong: None,
        on_text: Callback::noop(),
        on_show: Callback::noop(),
        asked: changes::asked(None, None),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn labels_and_taints_of_a_pool_are_one_line_of_text() {
    insta::assert_snapshot!(render::<MarksSheet>(|| marked(Marks::Labels)).await);
    let shown = render::<MarksSheet>(|| marked(Marks::Taints)).await;
    assert!(shown.contains("Change the taints of md-0"), "{shown}");
}

#[tokio::test]
async fn bounds_of_an_autoscaler_are_chosen_beside_by_hand() {
    let props = || BoundsSheetProps {
        pool: "lab-a-md-0".into(),
        offer: changes::offers().pools.first().cloned(),
        bounds: Some(Bounds { min: 1, max: 6 }),
        on_bounds: Callback::noop(),
        asked: changes::asked(None, None),
        on_close: Callback::noop(),
    };
    insta::assert_snapshot!(render::<BoundsSheet>(props).await);
}

#[tokio::test]
async fn a_write_that_waits_can_be_taken_back() {
    use ui::{
        pages::change::{Asked, ChangeSheet, Danger},
        shell::hold::Hold,
    };
    let asked = || Asked { hold: Hold::at(Some(4)), ..changes::asked(Some(changes::upgrade()), None) };
    let shown = render::<ChangeSheet>(move || changes::sheet_of("Pause lab-a", Danger::No, asked())).await;
    assert!(shown.contains("Sent in 4 s") && shown.contains("Do not send") && !shown.contains(">Pause lab-a<"), "{shown}");
}

#[tokio::test]
async fn a_cluster_is_put_to_sleep_objects_first_and_woken_containers_first() {
    use ui::{
        model::sleep::Waking,
        pages::cluster::sleep::{SleepSheet, SleepSheetProps, WakeSheet, WakeSheetProps},
    };
    let sleep = || SleepSheetProps {
        name: "lab-a".into(),
        containers: vec!["lab-a-cp-4tq8z".into(), "lab-a-lb".into()],
        asked: changes::asked(Some(changes::upgrade()), None),
        on_close: Callback::noop(),
    };
    let shown = render::<SleepSheet>(sleep).await;
    assert!(shown.contains("First its objects are paused") && shown.contains("lab-a-cp-4tq8z, lab-a-lb"), "{shown}");
    let wake =
        |stage| move || WakeSheetProps { name: "lab-a".into(), stage, asked: changes::asked(Some(changes::upgrade()), None), on_close: Callback::noop() };
    let waits = render::<WakeSheet>(wake(Waking::Answer)).await;
    assert!(waits.contains("done: ") && waits.contains("progressing: ") && waits.contains("Leaving this now is safe"), "{waits}");
    assert!(!render::<WakeSheet>(wake(Waking::Asleep)).await.contains("Leaving this now is safe"));
}
