use std::collections::BTreeMap;
use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis, RowId, Status, Timestamp,
    capi::LogRow,
    files::Severity,
    jobs::{Obstacle, PlanView, PlannedStep, Words},
    providers::{
        AskedVariable, ErrorLine, ImageNeed, ImagePresence, KindChange, KindFate, KnownProvider, LaterPlan, MadeKind, MovePlan, ProviderChanges,
        ProviderDeployment, ProviderHealth, ProviderPick, ProviderPlan, ProviderRole, ProviderRow, Shown, UpgradeLine, UpgradeOffer, UpgradeOffers,
        VersionFate, title,
    },
};
use ui::pages::providers::{
    AddSheet, AddSheetProps, LogSheet, LogSheetProps, MoveSheet, MoveSheetProps, Over, PlanDialog, PlanDialogProps, ProvidersSheet, ProvidersSheetProps,
};
use ui::{model::clock::Clock, widgets::Ready};
use yew::{Callback, Html};

use super::{render, sample};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const NAMES: [(&str, &str); 5] = [
    ("cluster-api", "capi-system"),
    ("bootstrap-kubeadm", "capi-kubeadm-bootstrap-system"),
    ("control-plane-kubeadm", "capi-kubeadm-control-plane-system"),
    ("infrastructure-docker", "capd-system"),
    ("cert-manager", "cert-manager"),
];

/// Most have one; cert-manager has three, of which one is not ready.
fn deployments(of: &str) -> Vec<ProviderDeployment> {
    let one = |name: &str, ready| ProviderDeployment { name: name.into(), ready, wanted: 1 };
    match of {
        "cert-manager" => vec![one("cert-manager", 1), one("cert-manager-cainjector", 1), one("cert-manager-webhook", 0)],
        _ => vec![one("capd-controller-manager", 1)],
    }
}

fn row(at: u32, health: ProviderHealth) -> Rc<ProviderRow> {
    let (name, namespace) = NAMES[at as usize];
    let (role, version, contracts) = if name == "cert-manager" {
        (ProviderRole::Needed, "v1.21.1", vec![])
    } else {
        (ProviderRole::of_name(name), "v1.14.2", vec!["v1beta2".to_owned(), "v1beta1".into()])
    };
    let errors = if name == "infrastructure-docker" {
        vec![ErrorLine { at: Some(Timestamp(NOW.0 - 48_000)), text: "bootstrap of x7k2p failed: <b>too many open files</b>".into() }]
    } else {
        vec![]
    };
    Rc::new(ProviderRow {
        name: name.into(),
        order: at,
        role,
        title: title(name),
        namespace: namespace.into(),
        version: version.into(),
        contracts,
        ready: 1,
        wanted: 1,
        deployments: deployments(name),
        health,
        errors,
        kinds: vec!["DevCluster".into(), "DockerCluster".into()],
    })
}

fn rows() -> Vec<Rc<ProviderRow>> {
    let held = ProviderHealth::Held { reason: "CrashLoopBackOff".into(), says: "back-off 40s restarting failed container".into(), restarts: 3 };
    vec![row(4, ProviderHealth::Well), row(0, ProviderHealth::Well), row(1, ProviderHealth::Starting), row(2, ProviderHealth::Restarted(3)), row(3, held)]
}

fn obstacle(severity: Severity, sentence: &str, source: &str, says: &str) -> Obstacle {
    Obstacle { severity, field: String::new(), why: Fault::new(FaultCode::Invalid, sentence).because(source, says) }
}

fn plan(obstacles: Vec<Obstacle>) -> PlanView {
    let step = |title: &str, seconds| PlannedStep { title: Words::said(title), detail: Words::default(), expected: Millis::seconds(seconds), amount: None };
    PlanView {
        title: Words::said("Upgrade the providers of ").mono("kind-kos-mgmt"),
        sentence: "4 providers to the newest releases of contract v1beta2. Cluster objects are not touched.".into(),
        steps: vec![step("Scale down", 9), step("Cluster API", 22), step("Docker", 24), step("Wait for webhooks", 16)],
        commands: vec!["clusterctl upgrade apply --contract v1beta2 --kubeconfig ~/.kube/config --kubeconfig-context kind-kos-mgmt".into()],
        files: vec![],
        obstacles,
        learned_from: 2,
        docker: String::new(),
        seen: "d".into(),
    }
}

fn offers(plan: Option<PlanView>) -> UpgradeOffers {
    let next = plan.is_some().then(|| "v1.14.3".to_owned());
    let line =
        |(name, namespace): &(&str, &str)| UpgradeLine { name: (*name).into(), namespace: (*namespace).into(), now: "v1.14.2".into(), next: next.clone() };
    UpgradeOffers {
        looked_up: Timestamp(NOW.0 - 60_000),
        cert_manager: "Cert-Manager is already up to date".into(),
        offers: vec![UpgradeOffer {
            contract: "v1beta2".into(),
            lines: NAMES[..4].iter().map(line).collect(),
            later: plan.clone().map(|plan| LaterPlan { clusters: vec!["lab-b".into()], plan: PlanView { obstacles: vec![], seen: "later".into(), ..plan } }),
            plan,
        }],
        typed: None,
    }
}

/// What the core's next release changes.
fn changes() -> Vec<ProviderChanges> {
    let kind = |kind: &str, fate| KindChange { definition: format!("{}s.cluster.x-k8s.io", kind.to_lowercase()), kind: kind.into(), fate };
    let gains = vec!["v1beta2 spec.taints".into(), "v1beta2 <b>spec</b>".into()];
    let machine = kind("Machine", KindFate::Changed { versions: vec![VersionFate::NotServed("v1alpha4".into())], gains, loses: vec![] });
    let image = ImageNeed { image: "registry.k8s.io/cluster-api/core:v1.14.3".into(), presence: ImagePresence::Pulled };
    vec![ProviderChanges { name: "cluster-api".into(), version: "v1.14.3".into(), kinds: vec![machine], images: vec![image] }]
}

fn risks() -> Vec<Obstacle> {
    vec![
        obstacle(Severity::Risk, "lab-b is still being made", "An upgrade now", "restarts the controllers in the middle. Nothing is lost, only time."),
        obstacle(Severity::Note, "No version is skipped", "clusterctl", "allows at most 3 minor versions at once."),
    ]
}

fn sheet(rows: Vec<Rc<ProviderRow>>, status: Status, chosen: Option<&str>, offers: Option<UpgradeOffers>) -> ProvidersSheetProps {
    ProvidersSheetProps {
        rows,
        status,
        chosen: chosen.map(RowId::from),
        offers,
        changes: changes(),
        reading: Ready::Yes,
        unread: None,
        fault: None,
        asking: Ready::Yes,
        now: NOW,
        over: Over::Nothing,
        on_choose: Callback::noop(),
        on_look: Callback::noop(),
        on_over: Callback::noop(),
        on_fix: Callback::noop(),
        on_go: Callback::noop(),
    }
}

#[tokio::test]
async fn providers_stand_with_their_health_their_errors_and_the_plan_of_an_upgrade() {
    let shown = render::<ProvidersSheet>(|| sheet(rows(), Status::Live, None, Some(offers(Some(plan(risks())))))).await;
    assert!(shown.contains("&lt;b>too many open files&lt;/b>") || shown.contains("&lt;b&gt;too many open files"), "a log is text: {shown}");
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn the_times_of_an_upgrade_that_has_not_run_here_are_called_a_guess() {
    for (learned_from, head, other) in [(0, ">Guessed<", ">Usually<"), (2, ">Usually<", ">Guessed<")] {
        let plan = move || PlanView { learned_from, ..plan(vec![]) };
        let shown = render::<ProvidersSheet>(move || sheet(rows(), Status::Live, None, Some(offers(Some(plan()))))).await;
        assert!(shown.contains(head) && !shown.contains(other), "{shown}");
    }
}

#[tokio::test]
async fn an_upgrade_can_wait_for_a_cluster_and_says_what_its_releases_change() {
    let shown = render::<ProvidersSheet>(|| sheet(rows(), Status::Live, None, Some(offers(Some(plan(risks())))))).await;
    for words in ["Wait for lab-b…", "Go on anyway…", "1 CRD gains fields, 1 CRD serves a version less", "1 image is pulled", "From registry.k8s.io."] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let unread = || Some(Fault::new(FaultCode::Unreachable, "The releases cannot be reached."));
    let shown = render::<ProvidersSheet>(move || ProvidersSheetProps {
        changes: vec![],
        unread: unread(),
        ..sheet(rows(), Status::Live, None, Some(offers(Some(plan(risks())))))
    })
    .await;
    assert!(shown.contains("What changes could not be read. The releases cannot be reached.") && shown.contains("its controller is replaced"), "{shown}");
}

#[tokio::test]
async fn a_provider_that_does_not_run_says_why_beside_the_table() {
    let shown = render::<ProvidersSheet>(|| sheet(rows(), Status::Live, Some("capd-system/infrastructure-docker"), None)).await;
    assert!(shown.contains("Docker does not run: CrashLoopBackOff after 3 restarts.") && shown.contains("back-off 40s restarting failed container"), "{shown}");
    assert!(shown.contains("Look up releases") && shown.contains("DevCluster"), "nobody is asked for releases before the button is pressed: {shown}");
}

#[tokio::test]
async fn the_deployments_of_a_provider_stand_beside_it_with_their_pods() {
    let shown = render::<ProvidersSheet>(|| sheet(rows(), Status::Live, Some("cert-manager/cert-manager"), None)).await;
    for words in ["Deployments", "cert-manager-cainjector", "cert-manager-webhook", "0 of 1"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn a_cluster_without_providers_and_one_that_may_not_be_read_say_so() {
    let empty = render::<ProvidersSheet>(|| sheet(vec![], Status::Live, None, None)).await;
    assert!(empty.contains("No providers") && empty.contains("btn off"), "nothing can be moved or added: {empty}");
    assert!(empty.contains("Create local management cluster"), "the next step is a button: {empty}");
    let denied = Fault::new(FaultCode::Denied, "jo may not list deployments in kind-kos-mgmt.").because("kind-kos-mgmt", "deployments.apps is forbidden");
    let shown = render::<ProvidersSheet>(move || sheet(vec![], Status::Denied { why: denied.clone() }, None, None)).await;
    assert!(shown.contains("jo may not list deployments") && shown.contains("deployments.apps is forbidden"), "{shown}");
    let newest = render::<ProvidersSheet>(|| sheet(rows(), Status::Live, None, Some(offers(None)))).await;
    assert!(newest.contains("the newest of this contract already") && !newest.contains("In this order"), "{newest}");
}

fn dialog(plan: Option<PlanView>, typed: Option<&str>, fault: Option<Fault>) -> PlanDialogProps {
    PlanDialogProps {
        verb: "Upgrade 4 providers".into(),
        keep: "Cancel".into(),
        plan,
        typed: typed.map(str::to_owned),
        fault,
        busy: Ready::Yes,
        children: Html::default(),
        on_go: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

#[tokio::test]
async fn an_upgrade_of_providers_shows_checks_order_and_command_before_it_starts() {
    insta::assert_snapshot!(render::<PlanDialog>(|| dialog(Some(plan(risks())), None, None)).await);
}

#[tokio::test]
async fn a_plan_that_cannot_start_or_needs_a_name_has_no_way_on() {
    let stopped = || plan(vec![obstacle(Severity::Unusable, "Docker would skip too much", "clusterctl", "allows at most 3 minor versions at once.")]);
    let shown = render::<PlanDialog>(move || dialog(Some(stopped()), None, None)).await;
    assert!(shown.contains("btn primary off") && shown.contains("Docker would skip too much") && !shown.contains("In this order"), "{shown}");
    let typed = render::<PlanDialog>(|| dialog(Some(plan(vec![])), Some("kind-kos-mgmt"), None)).await;
    assert!(typed.contains("btn primary off") && typed.contains("Type kind-kos-mgmt to go on"), "{typed}");
}

fn known() -> Vec<KnownProvider> {
    let one = |role, name: &str, from: &str| KnownProvider { role, name: name.into(), from: from.into() };
    vec![
        one(ProviderRole::Infrastructure, "vsphere", "https://github.com/kubernetes-sigs/cluster-api-provider-vsphere/releases/latest/"),
        one(ProviderRole::Infrastructure, "aws", "/mirror/aws/"),
        one(ProviderRole::Ipam, "in-cluster", "/mirror/in-cluster/"),
    ]
}

fn adding(obstacles: Vec<Obstacle>) -> ProviderPlan {
    let asked = |name: &str, default: Option<&str>, shown| AskedVariable { name: name.into(), default: default.map(str::to_owned), shown };
    let made = |kind: &str, names: &[&str]| MadeKind { kind: kind.into(), names: names.iter().map(|n| (*n).to_owned()).collect() };
    ProviderPlan {
        version: "v1.14.0".into(),
        namespace: "capv-system".into(),
        variables: vec![
            asked("VSPHERE_USERNAME", None, Shown::Plainly),
            asked("VSPHERE_PASSWORD", None, Shown::AsDots),
            asked("EXP_NODE_ANTI_AFFINITY", Some("false"), Shown::Plainly),
        ],
        images: vec![ImageNeed { image: "registry.k8s.io/capv:v1.14.0".into(), presence: ImagePresence::Here }],
        made: vec![made("Namespace", &["capv-system"]), made("CustomResourceDefinition", &["vspheremachines.infrastructure.cluster.x-k8s.io", "b.c"])],
        typed: None,
        plan: PlanView { commands: vec!["clusterctl init --infrastructure vsphere:v1.14.0".into()], ..plan(obstacles) },
    }
}

fn add(plan: Option<ProviderPlan>, values: &[(&str, &str)], fault: Option<Fault>) -> AddSheetProps {
    AddSheetProps {
        known: known(),
        pick: Some(ProviderPick { role: ProviderRole::Infrastructure, name: "vsphere".into(), version: String::new() }),
        plan,
        values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>(),
        fault,
        busy: Ready::Yes,
        on_pick: Callback::noop(),
        on_ask: Callback::noop(),
        on_value: Callback::noop(),
        on_add: Callback::noop(),
        on_fix: Callback::noop(),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn a_provider_asks_for_its_variables_and_shows_what_it_would_make() {
    let fits = || vec![obstacle(Severity::Note, "Contract v1beta2 fits Cluster API v1.14.2", "vsphere", "has the version v1.14.0.")];
    let shown = render::<AddSheet>(move || add(Some(adding(fits())), &[], None)).await;
    assert!(shown.contains("btn primary off") && shown.contains("type=\"password\""), "a value is missing: {shown}");
    insta::assert_snapshot!(shown);
    let whole = render::<AddSheet>(|| add(Some(adding(vec![])), &[("VSPHERE_USERNAME", "jo"), ("VSPHERE_PASSWORD", "x")], None)).await;
    assert!(!whole.contains("btn primary off"), "{whole}");
}

#[tokio::test]
async fn a_provider_whose_releases_do_not_answer_says_so() {
    let fault = || {
        Fault::new(FaultCode::Download, "clusterctl could not tell what there is for kind-kos-mgmt: github.com was not found.").unharmed("Nothing was changed.")
    };
    let shown = render::<AddSheet>(move || add(None, &[], Some(fault()))).await;
    assert!(shown.contains("github.com was not found") && shown.contains("Show what it needs") && !shown.contains("What will be made"), "{shown}");
}

fn moving(plan: Option<MovePlan>) -> MoveSheetProps {
    let targets: Vec<_> = sample::contexts().into_iter().take(2).collect();
    MoveSheetProps {
        to: targets.first().map(|row| row.id.clone()),
        targets,
        namespaces: vec!["default".into(), "team".into()],
        namespace: Some("default".into()),
        plan,
        fault: None,
        busy: Ready::Yes,
        on_to: Callback::noop(),
        on_namespace: Callback::noop(),
        on_plan: Callback::noop(),
        on_go: Callback::noop(),
        on_fix: Callback::noop(),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn a_move_shows_what_goes_in_which_order_after_it_ran_dry() {
    let before = render::<MoveSheet>(|| moving(None)).await;
    assert!(before.contains("Run it dry") && before.contains("btn primary off"), "{before}");
    let made = |kind: &str, names: &[&str]| MadeKind { kind: kind.into(), names: names.iter().map(|n| (*n).to_owned()).collect() };
    let plan = move || MovePlan {
        clusters: vec!["lab-a".into()],
        moved: vec![made("Cluster", &["lab-a"]), made("Machine", &["lab-a-cp-1", "lab-a-md-1"])],
        typed: None,
        plan: PlanView {
            commands: vec!["clusterctl move --namespace default --to-kubeconfig /b".into()],
            ..plan(vec![obstacle(Severity::Note, "two has the same providers", "two", "None of them is older than here.")])
        },
    };
    let shown = render::<MoveSheet>(move || moving(Some(plan()))).await;
    assert!(shown.find("lab-a-cp-1").is_some_and(|machine| shown.find("Cluster<").is_some_and(|cluster| cluster < machine)), "{shown}");
    assert!(!shown.contains("btn primary off"), "{shown}");
    let nobody = render::<MoveSheet>(|| MoveSheetProps { targets: vec![], to: None, ..moving(None) }).await;
    assert!(nobody.contains("No other context is connected."), "{nobody}");
}

#[tokio::test]
async fn the_log_of_a_provider_stands_without_klogs_head_and_marks_errors() {
    let line = |number: u64, text: &str| LogRow { number, at: Some(NOW), source: "infrastructure-docker".into(), text: text.into() };
    let rows = vec![
        line(1, "I1123 14:20:12.618666       1 machine.go:401] \"Reconciling <b>it</b>\""),
        line(2, "E1123 14:23:20.138985       1 controller.go:494] \"Reconciler error\""),
    ];
    let props = |rows: Vec<LogRow>| LogSheetProps {
        title: "Docker".into(),
        rows: rows.into_iter().map(Rc::new).collect(),
        status: Status::Live,
        clock: Clock { now: NOW, zone_minutes: 0 },
        on_close: Callback::noop(),
    };
    let shown = render::<LogSheet>(move || props(rows)).await;
    assert!(shown.contains("2 lines, live; the last 1,000 are kept") && !shown.contains("<b>it</b>") && shown.contains("l failed"), "{shown}");
    let none = render::<LogSheet>(move || props(vec![])).await;
    assert!(none.contains("No lines yet"), "{none}");
}
