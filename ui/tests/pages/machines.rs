use std::rc::Rc;

use api::{
    Fault, FaultCode, Status, Timestamp,
    capi::{ClusterState, EventRow, EventTone, LaneGroup},
    changes::ClusterAt,
    computer::{CheckId, CheckRow, ComputerView, Verdict},
    drawing::{ClassName, ClassView, MachinesAre, Need, Shape, Variable},
    local::ContainerState,
    machines::{ClassRow, MachineHost, MachineLog, MachineRow, ObjectText, SaidLine},
    runs::{KeptMachine, Run, RunRow},
    shared::{Shared, SharedLane},
};
use ui::{
    model::{clock::Clock, replay::Replay},
    pages::{
        classes::{ClassSheet, ClassSheetProps, ClassesSheet, ClassesSheetProps},
        cluster::Parts,
        machine::{MachineSheet, MachineSheetProps, Side},
        machines::{MachinesSheet, MachinesSheetProps},
        object_text::{TextSheet, TextSheetProps},
        runs::{
            RunsSheet, RunsSheetProps,
            replay::{ReplaySheet, ReplaySheetProps},
        },
        sight::Sight,
    },
    widgets::Room,
};
use yew::Callback;

use super::{clusters, render, sample};

const LATE: &str = "lab-b-md-0-6k8wz-x7k2p";

fn clock() -> Clock {
    Clock { now: sample::NOW, zone_minutes: 0 }
}

fn machine(name: &str, parts: Parts, side: Side) -> MachineSheetProps {
    MachineSheetProps {
        at: ClusterAt { context: "f#m".into(), namespace: "default".into(), name: "lab-b".into() },
        name: name.into(),
        parts,
        status: Status::Live,
        clock: clock(),
        side,
        on_side: Callback::noop(),
        on_verb: Callback::noop(),
        on_go: Callback::noop(),
        on_node: None,
        log: Some(MachineLog {
            lines: vec![
                SaidLine { at: Some(Timestamp(sample::NOW.0 - 60_000)), text: "[kubelet-start] Starting the kubelet".into() },
                SaidLine { at: None, text: "inotify_init: too many <b>open files</b>".into() },
            ],
            command: format!("docker logs {LATE}"),
        }),
        log_fault: None,
        host: Some(host()),
        host_fault: None,
        limits: vec![],
        computer: None,
        on_log: Callback::noop(),
    }
}

fn host() -> MachineHost {
    MachineHost {
        id: "5eed5eed5eed5eed5eed5eed".into(),
        image: "kindest/node:v1.36.1".into(),
        state: ContainerState::Running,
        since: Some(Timestamp(sample::NOW.0 - 306_000)),
        cpu_milli: Some(265),
        memory_bytes: Some(664_000_000),
        addresses: vec!["172.18.0.7".into()],
        ports: vec![],
        shell: Some(format!("docker exec -it {LATE} bash")),
    }
}

/// The parts of lab-b with its machines as told.
fn machines(told: impl Fn(MachineRow) -> MachineRow) -> Parts {
    let parts = clusters::parts_of_lab_b();
    let machines = parts.machines.iter().map(|row| Rc::new(told((**row).clone()))).collect();
    Parts { machines, ..parts }
}

#[tokio::test]
async fn what_this_computer_tells_of_a_machine_stands_beside_it_and_a_limit_at_its_end_first() {
    let limit = CheckRow {
        id: CheckId::InotifyInstances,
        title: "inotify instances".into(),
        verdict: Verdict::Failed,
        matters: String::new(),
        found: "128".into(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    };
    let limits = [limit.clone(), CheckRow { id: CheckId::Memory, title: "Memory".into(), ..limit }];
    let shown = render::<MachineSheet>(move || {
        let limits = limits.into_iter().map(Rc::new).collect();
        let computer = ComputerView { inotify_used: 128, inotify_limit: 128, ..ComputerView::default() };
        MachineSheetProps { limits, computer: Some(Rc::new(computer)), ..machine(LATE, clusters::parts_of_lab_b(), Side::Lane) }
    })
    .await;
    for words in ["On this computer", "128 of 128", "5eed5eed5eed", "0.26 cores", "664 MB", "172.18.0.7", "Shell"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains(">Memory<"), "only what nodes need of the kernel stands here: {shown}");
    let stopped = MachineHost { state: ContainerState::Exited { code: 137 }, shell: None, ..host() };
    let shown =
        render::<MachineSheet>(move || MachineSheetProps { host: Some(stopped.clone()), ..machine(LATE, clusters::parts_of_lab_b(), Side::Lane) }).await;
    assert!(!shown.contains("Shell"), "there is no shell in a container that does not run: {shown}");
    let silent = || Some(Fault::new(FaultCode::Unreachable, "Docker does not answer."));
    let shown =
        render::<MachineSheet>(move || MachineSheetProps { host: None, host_fault: silent(), ..machine(LATE, clusters::parts_of_lab_b(), Side::Lane) }).await;
    assert!(shown.contains("Docker does not answer.") && !shown.contains("Shell"), "{shown}");
}

#[tokio::test]
async fn a_name_of_63_letters_leaves_room_for_what_can_be_done() {
    let long = format!("lab-b-{}", "x".repeat(57));
    let name = long.clone();
    let shown = render::<MachineSheet>(move || {
        let called = |row: MachineRow| if row.name == LATE { MachineRow { name: name.clone(), ..row } } else { row };
        machine(&name, machines(called), Side::Lane)
    })
    .await;
    assert!(shown.contains(&format!("title=\"{long}\"")) && shown.contains("Replace…"), "{shown}");
}

#[tokio::test]
async fn a_machine_says_its_failure_domain_and_its_system_where_they_are_told() {
    let told = |row: MachineRow| MachineRow { failure_domain: "fd-b".into(), os_image: "Debian GNU/Linux 13".into(), ..row };
    let shown = render::<MachineSheet>(move || machine(LATE, machines(told), Side::Lane)).await;
    for words in ["Failure domain", "fd-b", "System", "Debian GNU/Linux 13"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let shown = render::<MachineSheet>(move || machine(LATE, machines(|row| row), Side::Lane)).await;
    assert!(!shown.contains("Failure domain"), "{shown}");
}

#[tokio::test]
async fn a_late_machine_shows_its_steps_its_conditions_and_why_it_does_not_join() {
    insta::assert_snapshot!(render::<MachineSheet>(|| machine(LATE, clusters::parts_of_lab_b(), Side::Lane)).await);
}

#[tokio::test]
async fn a_machine_that_is_well_can_be_replaced_and_says_that_nothing_waits_for_it() {
    let shown = render::<MachineSheet>(|| machine("lab-b-cp-9vq4d", clusters::parts_of_lab_b(), Side::Lane)).await;
    for words in ["It serves, and nothing waits for it.", "Replace…", "Skip repair…", "lab-b-cp leaves it alone, however ill it is"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("Delete…"), "a control plane is made smaller by its number: {shown}");
}

#[tokio::test]
async fn a_machine_that_is_gone_says_so_and_a_page_that_is_not_live_changes_nothing() {
    let gone = render::<MachineSheet>(|| machine("gone", clusters::parts_of_lab_b(), Side::Lane)).await;
    assert!(gone.contains("This machine is not there") && gone.contains("Past runs"), "{gone}");
    let old = render::<MachineSheet>(|| MachineSheetProps { status: Status::Closed, ..machine(LATE, clusters::parts_of_lab_b(), Side::Lane) }).await;
    assert!(old.contains("Not live, so nothing can be changed now."), "{old}");
}

#[tokio::test]
async fn a_container_elsewhere_is_said_to_be_unreadable_and_one_here_is_read_first() {
    let elsewhere = || machines(|row| MachineRow { container: None, ..row });
    let shown = render::<MachineSheet>(move || MachineSheetProps { log: None, host: None, ..machine(LATE, elsewhere(), Side::Lane) }).await;
    assert!(shown.contains("Its container is not on this computer") && !shown.contains("On this computer"), "{shown}");
    let shown = render::<MachineSheet>(|| MachineSheetProps { log: None, host: None, ..machine(LATE, clusters::parts_of_lab_b(), Side::Lane) }).await;
    assert!(!shown.contains("Its container is not on this computer") && shown.contains("aria-busy"), "{shown}");
}

#[tokio::test]
async fn every_side_of_a_machine_is_about_it_alone() {
    for (side, has, lacks) in [
        (Side::Conditions, "waits for the DockerMachine", "What owns what"),
        (Side::Events, "Waiting for control plane to pass preflight checks", "Step by step"),
        (Side::Log, "No line is about this cluster", "Step by step"),
        (Side::Text, "DockerMachine", "lab-b-cp-9vq4d"),
    ] {
        let shown = render::<MachineSheet>(move || machine(LATE, clusters::parts_of_lab_b(), side)).await;
        assert!(shown.contains(has) && !shown.contains(lacks), "{side:?}: {shown}");
    }
}

#[tokio::test]
async fn all_machines_stand_with_what_needs_somebody_first() {
    let props = |machines| MachinesSheetProps {
        context: "f#m".into(),
        machines,
        status: Status::Live,
        sight: Sight::default(),
        now: sample::NOW,
        room: Room::Full,
        on_go: Callback::noop(),
    };
    let shown = render::<MachinesSheet>(move || props(clusters::machines())).await;
    assert!(shown.find(LATE) < shown.find("lab-b-cp-9vq4d"), "{shown}");
    for words in [">For</", "2 m", "title=\"BootstrapCompleted: kubeadm join\""] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    insta::assert_snapshot!(shown);
    let none = render::<MachinesSheet>(move || props(vec![])).await;
    assert!(none.contains("No machines"), "{none}");
}

fn class() -> ClassRow {
    let variable = |name: &str, shape, choices: &[&str]| Variable {
        name: name.into(),
        need: Need::Optional,
        shape,
        choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        default: Some("\"kindest\"".into()),
        says: "Where the image of the <i>load balancer</i> comes from.".into(),
    };
    let name = ClassName { namespace: "default".into(), name: "quick-start".into() };
    let variables = vec![
        variable("lbImageRepository", Shape::Text { pattern: None, shortest: None, longest: None }, &[]),
        variable("surge", Shape::Tree, &["\"0\"", "\"1\""]),
    ];
    let class = ClassView {
        name,
        infrastructure: "DockerCluster".into(),
        control_plane: "KubeadmControlPlane".into(),
        machines: MachinesAre::Containers,
        workers: vec!["default-worker".into()],
        variables,
        versions: vec![],
        trouble: "VariablesReady: no such patch".into(),
    };
    ClassRow { class, created: None }
}

#[tokio::test]
async fn classes_stand_with_their_clusters_and_one_with_its_variables() {
    let used = || vec![Rc::new(clusters::cluster("lab-b", ClusterState::Stuck, 1))];
    let list = render::<ClassesSheet>(move || ClassesSheetProps {
        context: "f#m".into(),
        classes: vec![Rc::new(class())],
        status: Status::Live,
        clusters: used(),
        now: sample::NOW,
        on_go: Callback::noop(),
    })
    .await;
    assert!(list.contains("quick-start") && list.contains("cannot be used now") && list.contains("default-worker"), "{list}");
    let one = move |class| ClassSheetProps { context: "f#m".into(), class, status: Status::Live, clusters: used(), on_go: Callback::noop() };
    insta::assert_snapshot!(render::<ClassSheet>(move || one(Some(Rc::new(class())))).await);
    let gone = render::<ClassSheet>(move || one(None)).await;
    assert!(gone.contains("This class is not there"), "{gone}");
}

fn at(second: u64) -> Timestamp {
    Timestamp(sample::NOW.0 - 600_000 + second * 1_000)
}

fn run() -> Run {
    let row = RunRow {
        id: "u-1".into(),
        namespace: "default".into(),
        name: "lab-c".into(),
        class: "quick-start".into(),
        version: "v1.36.1".into(),
        machines: 1,
        started: at(0),
        available: Some(at(95)),
        gone: Some(at(300)),
    };
    let ends = [10, 11, 20, 60, 70, 90, 92].map(|s| Some(at(s)));
    let machines = vec![KeptMachine {
        uid: "m".into(),
        name: "lab-c-cp-1".into(),
        group: LaneGroup::ControlPlane,
        created: at(2),
        ends,
        failed: None,
        leaves: vec![],
        gone: Some(at(290)),
    }];
    let event = |second: u64, reason: &str| EventRow {
        id: reason.into(),
        at: at(second),
        kind: "Cluster".into(),
        name: "lab-c".into(),
        reason: reason.into(),
        message: "<b>made</b>".into(),
        tone: EventTone::Normal,
        count: 1,
        source: String::new(),
    };
    let balancer =
        SharedLane { what: Shared::LoadBalancer, asked: row.started, began: Some(row.started), made: Some(row.started.plus(api::Millis(8_000))), lost: None };
    Run { row, machines, shared: vec![balancer], events: vec![event(200, "Late"), event(5, "Early")], upgrade: None }
}

fn replayed(thousandths: u64) -> ReplaySheetProps {
    let run = run();
    let replay = Some(Replay::of(&run).seek(thousandths));
    ReplaySheetProps { run: Some(Rc::new(run)), fault: None, replay, clock: clock(), on_replay: Callback::noop(), on_fix: Callback::noop() }
}

#[tokio::test]
async fn a_run_of_a_cluster_that_is_gone_is_listed_and_plays_again() {
    let list = render::<RunsSheet>(|| RunsSheetProps {
        context: "f#m".into(),
        runs: vec![Rc::new(run().row)],
        status: Status::Live,
        clock: clock(),
        on_go: Callback::noop(),
    })
    .await;
    assert!(list.contains("lab-c") && list.contains("Gone, ") && list.contains("1:35"), "{list}");
    let early = render::<ReplaySheet>(|| replayed(100)).await;
    assert!(early.contains("Early") && !early.contains("Late"), "{early}");
    let before = render::<ReplaySheet>(|| replayed(0)).await;
    assert!(before.contains("No machine yet"), "{before}");
    insta::assert_snapshot!(render::<ReplaySheet>(|| replayed(500)).await);
}

#[tokio::test]
async fn a_run_that_cannot_be_read_says_so() {
    let fault = || Fault::new(FaultCode::NotFound, "KOS keeps no such run, or not any more.");
    let shown = render::<ReplaySheet>(move || ReplaySheetProps { run: None, fault: Some(fault()), replay: None, ..replayed(0) }).await;
    assert!(shown.contains("KOS keeps no such run"), "{shown}");
}

#[tokio::test]
async fn the_text_of_an_object_is_text_and_says_what_is_left_out() {
    let objects = || vec![("Cluster".to_owned(), "lab-b".to_owned()), ("DevMachine".to_owned(), "lab-b-1".to_owned())];
    let text = || ObjectText { yaml: "kind: Cluster\nspec: <script>x</script>\n".into(), command: "kubectl get clusters".into() };
    let props = move |text, fault| TextSheetProps {
        objects: objects(),
        chosen: 0,
        text,
        fault,
        on_choose: Callback::noop(),
        on_again: Callback::noop(),
        on_fix: Callback::noop(),
    };
    let shown = render::<TextSheet>(move || props(Some(text()), None)).await;
    assert!(shown.contains("managedFields") && shown.contains("&lt;script>") || shown.contains("&lt;script&gt;"), "{shown}");
    assert!(!shown.contains("<script"), "{shown}");
    let refused = render::<TextSheet>(move || props(None, Some(Fault::new(FaultCode::Denied, "You may not read it.")))).await;
    assert!(refused.contains("You may not read it."), "{refused}");
}

#[tokio::test]
async fn a_context_without_past_runs_offers_a_new_cluster() {
    let shown =
        render::<RunsSheet>(|| RunsSheetProps { context: "f#m".into(), runs: vec![], status: Status::Live, clock: clock(), on_go: Callback::noop() }).await;
    assert!(shown.contains("No runs") && shown.contains("New cluster…"), "{shown}");
}
