use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis, Status, Timestamp,
    capi::{
        Bar, ClusterRow, ClusterState, Counts, EventRow, EventTone, Evidence, EvidenceSource, Explanation, Lane, LaneGroup, LaneState, LeaveBar, LeaveStep,
        Leaving, LogRow, MachineMark, MachineStep, Remedy, Stop, TreeRow, TreeState, Weight,
    },
    changes::{ClusterAt, ClusterChange, Repair},
    connect::{ConnectPlan, Life, Way, Workload},
    contexts::{ContextRow, Guard},
    drawing::ClusterNetwork,
    files::FileChange,
    local::ContainerState,
    machines::{AddOnRow, AddOnSource, AddOnState, ConditionRow, ConditionTone, HealthCheckRow, MachineRow, Told},
    network::{Manifest, NetworkFound, NetworkPlan, NetworksFound, Plugin},
    planned::{Fate, PlannedObject},
    shared::{Shared, SharedLane},
    watched::WatchedRow,
};
use ui::{
    model::{capi::Folds, clock::Clock},
    pages::{
        cluster::{
            ClusterSheet, ClusterSheetProps, Parts, Side,
            add_ons::{AddOnsSheet, AddOnsSheetProps},
            connect::{ConnectSheet, ConnectSheetProps},
            network::{NetworkSheet, NetworkSheetProps},
        },
        clusters::{ClustersSheet, ClustersSheetProps},
        sight::Sight,
    },
    widgets::Room,
};
use yew::{Callback, Html};

use super::{render, sample};

fn ago(seconds: u64) -> Timestamp {
    Timestamp(sample::NOW.0 - seconds * 1_000)
}

fn counts(asked: u32, ready: u32) -> Counts {
    Counts { asked: Some(asked), made: Some(asked), ready: Some(ready), available: Some(ready), up_to_date: Some(asked) }
}

pub(super) fn cluster(name: &str, state: ClusterState, late: usize) -> ClusterRow {
    ClusterRow {
        namespace: "default".into(),
        name: name.into(),
        state,
        version: "v1.36.1".into(),
        class: "quick-start".into(),
        machines: (0..4).map(|at| if at < 4 - late { MachineMark::Ready } else { MachineMark::Making }).collect(),
        wanted: 4,
        planes: counts(1, 1),
        workers: counts(3, u32::try_from(3_usize.saturating_sub(late)).unwrap_or_default()),
        endpoint: "172.18.0.5:6443".into(),
        created: Some(ago(366)),
        since: Some(ago(288)),
        why: if late == 0 { String::new() } else { "kubeadm failed inside lab-b-md-0-6k8wz-x7k2p; it is not tried again there.".into() },
    }
}

fn tree() -> Vec<Rc<TreeRow>> {
    let row = |order, depth, kind: &str, name: &str, state, ready| {
        Rc::new(TreeRow { order, depth, kind: kind.into(), name: name.into(), state, ready, since: Some(ago(288)), on_the_way: !matches!(order, 1..=3) })
    };
    vec![
        row(0, 0, "Cluster", "lab-b", TreeState::NotAvailable, Some((3, 4))),
        row(1, 1, "DockerCluster", "lab-b-7hx2q", TreeState::Ready, None),
        row(2, 1, "KubeadmControlPlane", "lab-b-cp", TreeState::Available, Some((1, 1))),
        row(3, 2, "Machine", "lab-b-cp-9vq4d", TreeState::Running, None),
        row(4, 1, "MachineDeployment", "lab-b-md-0", TreeState::ScalingUp, Some((2, 3))),
        row(5, 2, "Machine", "lab-b-md-0-6k8wz-x7k2p", TreeState::Provisioning, None),
        row(6, 3, "DockerMachine", "lab-b-md-0-6k8wz-x7k2p", TreeState::Failed("BootstrapFailed".into()), None),
    ]
}

fn lanes() -> Vec<Rc<Lane>> {
    let bar = |step, from, to: Option<u64>| Bar { step, from: ago(from), to: to.map(ago), late_at: None };
    let good = vec![bar(MachineStep::Queued, 366, Some(350)), bar(MachineStep::Container, 350, Some(340)), bar(MachineStep::BootstrapRun, 340, Some(300))];
    let late = vec![bar(MachineStep::Queued, 366, Some(320)), Bar { late_at: Some(ago(271)), ..bar(MachineStep::BootstrapRun, 320, None) }];
    vec![
        Rc::new(Lane {
            machine: "lab-b-cp-9vq4d".into(),
            group: LaneGroup::ControlPlane,
            created: ago(366),
            bars: good,
            usual: [None; 7],
            state: LaneState::Available { since: ago(290) },
            leaving: Leaving::default(),
        }),
        Rc::new(Lane {
            machine: "lab-b-md-0-6k8wz-x7k2p".into(),
            group: LaneGroup::Pool("md-0".into()),
            created: ago(366),
            bars: late,
            usual: [Some(43), Some(1), Some(8), Some(22), Some(12), Some(17), Some(0)].map(|s| s.map(Millis::seconds)),
            state: LaneState::Working { step: MachineStep::BootstrapRun },
            leaving: Leaving::default(),
        }),
    ]
}

fn shared() -> Vec<Rc<SharedLane>> {
    let lane =
        |what, asked, began: Option<u64>, made: u64| Rc::new(SharedLane { what, asked: ago(asked), began: began.map(ago), made: Some(ago(made)), lost: None });
    vec![lane(Shared::LoadBalancer, 378, Some(378), 366), lane(Shared::AddOn { name: "kindnet".into() }, 366, Some(300), 280)]
}

fn why() -> Explanation {
    let stop = |kind: &str, name: &str, says: &str| Stop { kind: kind.into(), name: name.into(), says: says.into() };
    Explanation {
        rule: Some("bootstrap-failed".into()),
        weight: Weight::Stuck,
        sentence: "kubeadm failed inside lab-b-md-0-6k8wz-x7k2p; it is not tried again there.".into(),
        path: vec![
            stop("Cluster", "lab-b", "MachineDeployment lab-b-md-0: 2 available replicas"),
            stop("DockerMachine", "lab-b-md-0-6k8wz-x7k2p", "Repeating bootstrap"),
        ],
        seen: vec![Evidence {
            source: EvidenceSource::Condition { on: "DockerMachine lab-b-md-0-6k8wz-x7k2p".into(), kind: "BootstrapExecSucceeded".into() },
            text: "Repeating bootstrap".into(),
            at: Some(ago(108)),
        }],
        remedies: vec![Remedy {
            title: "Replace the machine".into(),
            effect: "Its owner makes a new one".into(),
            command: Some("kubectl delete machine lab-b-md-0-6k8wz-x7k2p -n default".into()),
            change: Some(ClusterChange::ReplaceMachine { machine: "lab-b-md-0-6k8wz-x7k2p".into() }),
        }],
    }
}

fn sheet(parts: Parts, status: Status) -> ClusterSheetProps {
    ClusterSheetProps {
        at: ClusterAt { context: "f#m".into(), namespace: "default".into(), name: "lab-b".into() },
        parts,
        status,
        clock: Clock { now: sample::NOW, zone_minutes: 0 },
        folds: Folds::new(),
        on_fold: Callback::noop(),
        on_verb: Callback::noop(),
        on_machine: Callback::noop(),
        kept: None,
        network: None,
        actions: Html::default(),
        side: Side::default(),
        on_side: Callback::noop(),
        local: None,
    }
}

fn event() -> EventRow {
    EventRow {
        id: "default/lab-b.1".into(),
        at: ago(108),
        kind: "Machine".into(),
        name: "lab-b-md-0-6k8wz-x7k2p".into(),
        reason: "<b>ControlPlaneUnhealthy</b>".into(),
        message: "Waiting for control plane to pass preflight checks".into(),
        tone: EventTone::Warning,
        count: 13,
        source: "kubeadmcontrolplane-controller".into(),
    }
}

fn line() -> LogRow {
    let text = "E1123 14:06:36 controller.go:494] \"Reconciler error\" err=\"no <i>image</i>\"";
    LogRow { number: 7, at: Some(ago(60)), source: "capd-controller-manager".into(), text: text.into() }
}

fn whole() -> Parts {
    Parts {
        head: Some(Rc::new(cluster("lab-b", ClusterState::Stuck, 1))),
        tree: tree(),
        lanes: lanes(),
        shared: shared(),
        why: Some(Rc::new(why())),
        run: None,
        events: vec![Rc::new(event())],
        machines: machines(),
        conditions: conditions(),
        checks: vec![Rc::new(check())],
        add_ons: add_ons(),
        log: vec![Rc::new(line())],
        watched: 11,
    }
}

fn list(clusters: Vec<ClusterRow>, status: Status) -> ClustersSheetProps {
    ClustersSheetProps {
        context: "f#kind-kos-mgmt".into(),
        clusters: clusters.into_iter().map(Rc::new).collect(),
        status,
        sight: Sight::default(),
        now: sample::NOW,
        room: Room::Full,
        on_go: Callback::noop(),
    }
}

#[tokio::test]
async fn clusters_of_some_namespaces_say_that_there_may_be_others() {
    let refused = || Fault::new(FaultCode::Denied, "kos-mgmt does not let you list clusters.").because("https://10.0.0.1:6443", "clusters is forbidden");
    let part = move || {
        let watched = WatchedRow { kinds: 9, namespaces: vec!["shop".into()], refused: vec!["db".into()], denied: Some(refused()) };
        let sight = Sight { watched: Rc::new(watched), ..Sight::default() };
        ClustersSheetProps { sight, ..list(vec![cluster("lab-b", ClusterState::Stuck, 1)], Status::Live) }
    };
    let shown = render::<ClustersSheet>(part).await;
    for words in ["You may not list clusters in all namespaces.", "Shown is what stands in shop. The server refuses db too.", "Show this namespace", "lab-b"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let none = render::<ClustersSheet>(move || list(vec![], Status::Denied { why: refused() })).await;
    for words in ["kos-mgmt does not let you list clusters.", "clusters is forbidden", "Show this namespace"] {
        assert!(none.contains(words), "{words}: {none}");
    }
}

#[tokio::test]
async fn a_stuck_cluster_shows_its_tree_its_lanes_and_what_blocks() {
    insta::assert_snapshot!(render::<ClusterSheet>(|| sheet(whole(), Status::Live)).await);
}

#[tokio::test]
async fn lanes_show_what_is_expected_and_where_a_further_try_began() {
    let parts = || {
        let joining =
            Lane { bars: vec![Bar { step: MachineStep::BootstrapRun, from: ago(10), to: None, late_at: None }], created: ago(60), ..(*lanes()[1]).clone() };
        Parts { lanes: vec![Rc::new(joining)], events: vec![], log: vec![], ..whole() }
    };
    let shown = render::<ClusterSheet>(move || sheet(parts(), Status::Live)).await;
    for words in ["title=\"join, expected\"", "title=\"node, expected\"", ">expected<"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let tried = || Parts { events: vec![Rc::new(EventRow { count: 1, ..event() })], ..whole() };
    let shown = render::<ClusterSheet>(move || sheet(tried(), Status::Live)).await;
    assert!(shown.contains("class=\"try\"") && shown.contains("title=\"try 2\""), "{shown}");
    assert!(!shown.contains("join, expected"), "nobody knows when one that is late ends: {shown}");
}

#[tokio::test]
async fn a_cluster_that_is_deleted_shows_what_each_machine_waits_for() {
    let drain = |to| LeaveBar { step: LeaveStep::Drain, from: ago(120), to };
    let going = |bars, says: &str| Leaving { bars, says: says.into() };
    let lane = |machine: &str, leaving| {
        let (machine, state) = (machine.into(), LaneState::Deleting { since: ago(120) });
        Rc::new(Lane { machine, state, leaving, ..(*lanes()[0]).clone() })
    };
    let parts = move || Parts {
        head: Some(Rc::new(cluster("lab-b", ClusterState::Deleting, 0))),
        lanes: vec![
            lane("lab-b-cp-1", going(vec![drain(None)], "Drain not completed yet:\n* Pod shop/web: cannot evict pod")),
            lane("lab-b-cp-2", going(vec![drain(Some(ago(60))), LeaveBar { step: LeaveStep::Infrastructure, from: ago(60), to: None }], "")),
        ],
        ..Parts::default()
    };
    let shown = render::<ClusterSheet>(move || sheet(parts(), Status::Live)).await;
    for words in [
        "Its deletion waits for its Node to be drained: Drain not completed yet: * Pod shop/web: cannot evict pod",
        "Its deletion waits for its infrastructure to be removed.",
        "title=\"drain\" class=\"bar run\"",
        "title=\"drain\" class=\"bar gone\"",
        "title=\"infrastructure\" class=\"bar run\"",
        "</i>removed</span>",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn a_cluster_that_is_gone_says_so() {
    let shown = render::<ClusterSheet>(|| sheet(Parts::default(), Status::Live)).await;
    assert!(shown.contains("This cluster is not there"), "{shown}");
}

#[tokio::test]
async fn a_paused_cluster_can_be_resumed_and_one_that_goes_can_not_be_changed() {
    let parts = |state| Parts { head: Some(Rc::new(cluster("lab-b", state, 0))), ..Parts::default() };
    let paused = render::<ClusterSheet>(move || sheet(parts(ClusterState::Paused), Status::Live)).await;
    assert!(paused.contains("Resume…") && !paused.contains("Pause…"), "{paused}");
    let going = render::<ClusterSheet>(move || sheet(parts(ClusterState::Deleting), Status::Live)).await;
    assert!(!going.contains("Delete…") && going.contains("It is being deleted."), "{going}");
}

#[tokio::test]
async fn what_is_not_live_is_not_changed_and_says_why() {
    let shown = render::<ClusterSheet>(|| sheet(whole(), Status::Closed)).await;
    assert!(shown.contains("Not live, so nothing can be changed now."), "{shown}");
}

#[tokio::test]
async fn machines_that_are_missing_are_counted_in_words() {
    let parts = || Parts { head: Some(Rc::new(ClusterRow { wanted: 6, ..cluster("lab-b", ClusterState::Provisioning, 1) })), ..Parts::default() };
    let shown = render::<ClusterSheet>(move || sheet(parts(), Status::Live)).await;
    assert!(shown.contains("3 ready, 4 made, 6 asked"), "{shown}");
}

#[tokio::test]
async fn the_list_shows_clusters_with_their_machines() {
    let rows = || vec![cluster("lab-a", ClusterState::Available, 0), cluster("lab-b", ClusterState::Stuck, 1)];
    let shown = render::<ClustersSheet>(move || list(rows(), Status::Live)).await;
    assert!(shown.find("lab-b") < shown.find("lab-a") && shown.contains("aria-sort=\"ascending\""), "who needs somebody comes first: {shown}");
    for head in ["Cluster", "State", "Machines", "Control plane", "Workers", "Kubernetes", "Class", "For", "Age"] {
        assert!(shown.contains(&format!("class=\"bare head\">{head}")), "{head} sorts: {shown}");
    }
    assert!(shown.contains("placeholder=\"Filter\""), "{shown}");
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_context_without_clusters_says_so() {
    let shown = render::<ClustersSheet>(|| list(vec![], Status::Live)).await;
    assert!(shown.contains("This context manages no cluster of Cluster API."), "{shown}");
}

fn connect_plan() -> ConnectPlan {
    let after = ["apiVersion: v1", "kind: Config", "current-context: lab-b", "clusters:", "- name: lab-b"];
    ConnectPlan {
        change: FileChange {
            file: "/home/jo/.local/share/kos/kubeconfigs/lab-b.default.kind-kos-mgmt.yaml".into(),
            shown: "~/.local/share/kos/kubeconfigs/lab-b.default.kind-kos-mgmt.yaml".into(),
            before: vec![],
            after: after.map(str::to_owned).to_vec(),
            first_line: 1,
            seen: "5eed".into(),
            command: "clusterctl get kubeconfig lab-b -n default --kubeconfig-context kind-kos-mgmt > lab-b.yaml".into(),
        },
        name: "lab-b".into(),
        server: "https://127.0.0.1:55002".into(),
        endpoint: "https://172.18.0.5:6443".into(),
        way: Way::Published { container: "lab-b-lb".into(), port: 55002 },
        server_name: None,
        version: "v1.36.1".into(),
    }
}

fn connect_sheet(plan: Option<ConnectPlan>, fault: Option<Fault>) -> ConnectSheetProps {
    ConnectSheetProps {
        name: "lab-b".into(),
        plan,
        fault,
        busy: false,
        on_write: Callback::noop(),
        on_look: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

#[tokio::test]
async fn a_connection_shows_its_address_its_reason_and_its_file_before_it_is_kept() {
    insta::assert_snapshot!(render::<ConnectSheet>(|| connect_sheet(Some(connect_plan()), None)).await);
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_not_connected_and_can_be_tried_again() {
    let fault = || Fault::new(FaultCode::Unreachable, "KOS cannot connect to lab-b: nothing answers at 172.18.0.5:6443.");
    let shown = render::<ConnectSheet>(move || connect_sheet(None, Some(fault()))).await;
    assert!(shown.contains("nothing answers at 172.18.0.5:6443") && shown.contains("Try again"), "{shown}");
}

#[tokio::test]
async fn a_cluster_that_was_made_again_says_so_above_everything() {
    let workload = || Workload {
        manager: "kind-kos-mgmt".into(),
        at: ClusterAt { context: "f#m".into(), namespace: "default".into(), name: "lab-b".into() },
        life: Life::Remade { at: ago(60) },
    };
    let kept = move || Some(Rc::new(ContextRow { workload: Some(workload()), ..(*sample::contexts()[0]).clone() }));
    let shown = render::<ClusterSheet>(move || ClusterSheetProps { kept: kept(), ..sheet(whole(), Status::Live) }).await;
    assert!(shown.contains("lab-b was made again under its name."), "{shown}");
}

#[tokio::test]
async fn events_and_log_lines_of_a_cluster_stand_on_sides_of_its_page() {
    for (side, words) in [
        (Side::Events, ["ControlPlaneUnhealthy", "…x7k2p", "Waiting for control plane to pass preflight checks", "13"]),
        (Side::Log, ["capd-controller-manager", "l failed", "Reconciler error", "Log"]),
    ] {
        let shown = render::<ClusterSheet>(move || ClusterSheetProps { side, ..sheet(whole(), Status::Live) }).await;
        assert!(words.iter().all(|word| shown.contains(word)), "{side:?}: {shown}");
        assert!(!shown.contains("<i>image") && !shown.contains("<b>Control"), "text of a cluster is never markup: {shown}");
        assert!(!shown.contains("What owns what"), "{shown}");
    }
    let empty = render::<ClusterSheet>(|| {
        let parts = Parts { events: vec![], log: vec![], ..whole() };
        ClusterSheetProps { side: Side::Log, ..sheet(parts, Status::Live) }
    })
    .await;
    assert!(empty.contains("No line is about this cluster"), "{empty}");
}

fn network(guard: Guard, doubts: Vec<String>) -> NetworkSheetProps {
    NetworkSheetProps {
        hold: ui::shell::hold::Hold::none(),
        name: "lab-b".into(),
        guard,
        from: Manifest::Kindnet,
        chosen: None,
        plan: Some(NetworkPlan {
            context: "f#lab-b".into(),
            name: "lab-b".into(),
            pods: vec!["192.168.0.0/16".into()],
            chosen: None,
            objects: vec![
                PlannedObject::named(Fate::Same, "ClusterRole", "", "kindnet"),
                PlannedObject::named(Fate::Made, "DaemonSet", "kube-system", "kindnet"),
            ],
            images: vec!["docker.io/kindest/kindnetd:v1".into()],
            doubts,
            manifest: "kind: ClusterRole\n".into(),
            digest: String::new(),
            command: "kubectl apply --server-side --field-manager=kos --kubeconfig lab-b.yaml -f -".into(),
            seen: "5eed".into(),
        }),
        fault: None,
        busy: false,
        on_from: Callback::noop(),
        on_apply: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

#[tokio::test]
async fn a_network_shows_its_objects_and_what_happens_to_them_before_it_is_applied() {
    insta::assert_snapshot!(render::<NetworkSheet>(|| network(Guard::Open, vec![])).await);
}

#[tokio::test]
async fn a_network_that_does_not_fit_says_so_and_a_protected_cluster_wants_its_name() {
    let doubt = || "The manifest gives pods addresses of 10.0.0.0/8, the Cluster asks for 192.168.0.0/16: pods would not reach each other.".to_owned();
    let shown = render::<NetworkSheet>(move || network(Guard::Protected, vec![doubt()])).await;
    assert!(shown.contains("It does not fit.") && shown.contains("10.0.0.0/8") && shown.contains("Type its name"), "{shown}");
    assert!(shown.contains("disabled"), "nothing is applied before the name is typed: {shown}");
}

#[tokio::test]
async fn a_network_that_the_form_chose_leads_to_the_field_of_its_file() {
    for (chosen, leads) in
        [(ClusterNetwork::Calico, true), (ClusterNetwork::Cilium, true), (ClusterNetwork::Kindnet, false), (ClusterNetwork::NotInstalled, false)]
    {
        let shown = render::<NetworkSheet>(move || NetworkSheetProps { chosen: Some(chosen), ..network(Guard::Open, vec![]) }).await;
        assert_eq!(shown.contains("The form of lab-b chose C"), leads, "{chosen:?}: {shown}");
        assert_eq!(shown.contains("Try it"), leads, "{chosen:?}: {shown}");
        assert_eq!(shown.contains("DaemonSet"), !leads, "what would be applied is of the manifest that is chosen: {shown}");
    }
    let file =
        || NetworkSheetProps { from: Manifest::File { path: "~/calico.yaml".into() }, chosen: Some(ClusterNetwork::Calico), ..network(Guard::Open, vec![]) };
    let shown = render::<NetworkSheet>(file).await;
    assert!(shown.contains("Try it") && shown.contains("DaemonSet"), "{shown}");
    let digest = || NetworkPlan { digest: "5ha256".into(), ..network(Guard::Open, vec![]).plan.unwrap() };
    let file = move || NetworkSheetProps { from: Manifest::File { path: "~/cni.yaml".into() }, plan: Some(digest()), ..network(Guard::Open, vec![]) };
    let calico = move || NetworkSheetProps { chosen: Some(ClusterNetwork::Calico), ..file() };
    let shown = render::<NetworkSheet>(calico).await;
    assert!(shown.contains("SHA-256: <span class=\"mono\">5ha256</span>") && shown.contains("From an address"), "{shown}");
}

pub(super) fn machines() -> Vec<Rc<MachineRow>> {
    let row = |name: &str, group: LaneGroup, state: LaneState, ready: Told| {
        Rc::new(MachineRow {
            namespace: "default".into(),
            name: name.into(),
            cluster: "lab-b".into(),
            owner: if group == LaneGroup::ControlPlane { "KubeadmControlPlane lab-b-cp".into() } else { "MachineSet lab-b-md-0-6k8wz".into() },
            group,
            since: Some(ago(120)),
            late_at: matches!(state, LaneState::Working { .. }).then(|| ago(271)),
            says: if ready == Told::Yes { String::new() } else { "BootstrapCompleted: kubeadm join".into() },
            state,
            ready,
            available: ready,
            up_to_date: Told::Yes,
            version: "v1.36.1".into(),
            node: if ready == Told::Yes { name.into() } else { String::new() },
            provider_id: format!("docker:////{name}"),
            addresses: vec!["172.18.0.9".into()],
            failure_domain: String::new(),
            os_image: String::new(),
            infrastructure: "DockerMachine".into(),
            container: Some(ContainerState::Running),
            created: Some(ago(366)),
            repair: Repair::Allowed,
            checks: if ready == Told::Yes { vec!["lab-b-cp".into()] } else { vec![] },
        })
    };
    vec![
        row("lab-b-cp-9vq4d", LaneGroup::ControlPlane, LaneState::Available { since: ago(290) }, Told::Yes),
        row("lab-b-md-0-6k8wz-x7k2p", LaneGroup::Pool("md-0".into()), LaneState::Working { step: MachineStep::BootstrapRun }, Told::No),
    ]
}

pub(super) fn conditions() -> Vec<Rc<ConditionRow>> {
    let row = |on: &str, kind: &str, status: Told, tone: ConditionTone, reason: &str, message: &str| {
        Rc::new(ConditionRow {
            on: on.into(),
            name: "lab-b-md-0-6k8wz-x7k2p".into(),
            kind: kind.into(),
            status,
            tone,
            reason: reason.into(),
            message: message.into(),
            since: Some(ago(314)),
        })
    };
    vec![
        row("DockerMachine", "BootstrapExecSucceeded", Told::No, ConditionTone::Failed, "BootstrapFailed", "<b>Repeating bootstrap</b>"),
        row("Machine", "InfrastructureReady", Told::No, ConditionTone::Waits, "NotReady", "* DockerMachine status.initialization.provisioned is false"),
        row("Machine", "Ready", Told::No, ConditionTone::Waits, "NotReady", "* NodeHealthy"),
        row("Machine", "BootstrapConfigReady", Told::Yes, ConditionTone::Good, "Ready", ""),
        row("Machine", "Paused", Told::No, ConditionTone::Good, "NotPaused", ""),
    ]
}

fn check() -> HealthCheckRow {
    HealthCheckRow {
        group: Some(LaneGroup::Pool("md-0".into())),
        name: "lab-b-md-0".into(),
        watches: vec!["lab-b-md-0-6k8wz-4hl7n".into()],
        healthy: 2,
        expected: 3,
        allowed: None,
        stopped: "Remediation is not allowed, the number of not started or unhealthy machines exceeds maxUnhealthy".into(),
        rules: vec!["Node Ready is False for 5 min".into()],
        start_up: Some(Millis::seconds(600)),
        replaced: 3,
        last_replaced: Some(ago(60)),
    }
}

fn add_ons() -> Vec<Rc<AddOnRow>> {
    let row = |by, name: &str, what: &str, state| Rc::new(AddOnRow { by, name: name.into(), what: what.into(), state, at: Some(ago(200)) });
    vec![
        row(AddOnSource::ResourceSet, "network", "Secret kindnet", AddOnState::Applied),
        row(AddOnSource::HelmChart { proxy: "dns".into() }, "coredns", "version 1.2.3 in kube-system", AddOnState::Failed("chart not found".into())),
    ]
}

#[tokio::test]
async fn every_side_of_a_cluster_shows_what_it_is_about() {
    for (side, words) in [
        (
            Side::Machines,
            &["lab-b-md-0-6k8wz-x7k2p", "Provisioning, late", "lab-b-md-0 replaced 3 machines so far.", "none now", "No check watches lab-b-md-0-6k8wz-x7k2p."]
                as &[&str],
        ),
        (Side::Conditions, &["BootstrapExecSucceeded", "kubeadm failed in the container", "waits for the DockerMachine", "False, as it should be"]),
        (Side::AddOns, &["ClusterResourceSet", "Secret kindnet", "Applied", "HelmChartProxy", "chart not found"]),
        (Side::Text, &["KubeadmControlPlane", "lab-b-cp-9vq4d"]),
    ] {
        let shown = render::<ClusterSheet>(move || ClusterSheetProps { side, ..sheet(whole(), Status::Live) }).await;
        let lacks: Vec<&&str> = words.iter().filter(|word| !shown.contains(**word)).collect();
        assert!(lacks.is_empty(), "{side:?} lacks {lacks:?}: {shown}");
        assert!(!shown.contains("<b>Repeating"), "text of a cluster is never markup: {shown}");
    }
}

#[tokio::test]
async fn the_network_of_a_cluster_stands_with_its_nodes_or_says_why_it_is_not_known() {
    let props =
        |network, fault| AddOnsSheetProps { rows: vec![], clock: Clock { now: sample::NOW, zone_minutes: 0 }, network, fault, on_look: Callback::noop() };
    let told = |found: Vec<NetworkFound>| Some(NetworksFound { name: "lab-b".into(), found });
    let calico = NetworkFound {
        plugin: Plugin::Calico,
        runs: "kube-system/calico-node".into(),
        image: "quay.io/<b>calico</b>/node:v3.31.0".into(),
        ready: 3,
        wanted: 4,
    };
    let shown = render::<AddOnsSheet>(move || props(told(vec![calico.clone()]), None)).await;
    assert!(shown.contains("Calico") && shown.contains("ready on 3 of 4 nodes") && !shown.contains("<b>calico"), "{shown}");
    let none = render::<AddOnsSheet>(move || props(told(vec![]), None)).await;
    assert!(none.contains("No network runs in it"), "{none}");
    let closed = || Some(Fault::new(FaultCode::NotFound, "KOS cannot see into lab-b: it is not connected."));
    let shown = render::<AddOnsSheet>(move || props(None, closed())).await;
    assert!(shown.contains("Not known until it is connected") && shown.contains("it is not connected."), "{shown}");
}

#[tokio::test]
async fn a_side_without_anything_says_so() {
    for (side, words) in [
        (Side::Machines, "No machines"),
        (Side::Machines, "No health check"),
        (Side::Conditions, "No conditions"),
        (Side::AddOns, "No add-ons"),
        (Side::Text, "No objects"),
    ] {
        let parts = || Parts { head: Some(Rc::new(cluster("lab-b", ClusterState::Provisioning, 4))), ..Parts::default() };
        let shown = render::<ClusterSheet>(move || ClusterSheetProps { side, ..sheet(parts(), Status::Live) }).await;
        assert!(shown.contains(words), "{side:?}: {shown}");
    }
}

/// For the pages about one machine of this cluster.
pub(super) fn parts_of_lab_b() -> Parts {
    whole()
}
