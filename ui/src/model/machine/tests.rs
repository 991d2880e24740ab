use api::{
    Millis,
    capi::{Bar, ClusterPart, TreeState},
};

use super::*;

const S: u64 = 1_000;

fn bar(step: MachineStep, from: u64, to: Option<u64>, late: Option<u64>) -> Bar {
    Bar { step, from: Timestamp(from * S), to: to.map(|t| Timestamp(t * S)), late_at: late.map(|t| Timestamp(t * S)) }
}

/// Queued for 44 s, made in 9 s, joins for 306 s where others needed 22.
fn late() -> Lane {
    Lane {
        machine: "lab-b-md-0-6k8wz-x7k2p".into(),
        group: LaneGroup::Pool("md-0".into()),
        created: Timestamp(0),
        bars: vec![
            bar(MachineStep::Queued, 0, Some(44), None),
            bar(MachineStep::BootstrapData, 44, Some(45), None),
            bar(MachineStep::Container, 45, Some(53), None),
            bar(MachineStep::BootstrapRun, 53, None, Some(97)),
        ],
        usual: [Some(43), Some(1), Some(8), Some(22), Some(12), Some(17), None].map(|s| s.map(Millis::seconds)),
        state: LaneState::Working { step: MachineStep::BootstrapRun },
        leaving: Leaving::default(),
    }
}

#[test]
fn each_step_says_what_it_took_and_what_it_usually_takes() {
    let (lane, now) = (late(), Timestamp(359 * S));
    let lines = step_lines(&lane, Timeline::of(&[Rc::new(lane.clone())], now), now);
    let said: Vec<(&str, &str, State)> = lines.iter().map(|l| (l.took.as_str(), l.usual.as_str(), l.state)).collect();
    assert_eq!(
        said,
        [
            ("0:44", "0:43", State::Done),
            ("0:01", "0:01", State::Done),
            ("0:08", "0:08", State::Done),
            ("5:06", "0:22", State::Warning),
            ("not yet", "0:12", State::Idle),
            ("not yet", "0:17", State::Idle),
            ("not yet", "–", State::Idle),
        ]
    );
    assert_eq!(lines.iter().map(|l| l.is_late).collect::<Vec<_>>(), [false, false, false, true, false, false, false]);
    assert_eq!(lines[3].pieces.iter().map(|p| p.class).collect::<Vec<_>>(), ["bar run cutr", "bar late"]);
}

#[test]
fn steps_to_come_stand_where_they_would_have_been() {
    let (lane, now) = (late(), Timestamp(359 * S));
    let time = Timeline::of(&[Rc::new(lane.clone())], now);
    let plans: Vec<Option<Place>> = step_lines(&lane, time, now).into_iter().map(|l| l.plan).collect();
    let at = |from: u64, to: u64| Some(time.place(Timestamp(from * S), Timestamp(to * S)));
    assert_eq!(plans, [None, None, None, None, at(75, 87), at(87, 104), None]);
}

fn row(order: u32, depth: u16, kind: &str, name: &str) -> Rc<TreeRow> {
    Rc::new(TreeRow { order, depth, kind: kind.into(), name: name.into(), state: TreeState::Running, ready: None, since: None, on_the_way: false })
}

#[test]
fn the_objects_of_a_machine_are_what_hangs_below_it() {
    let tree = [
        row(0, 0, "Cluster", "lab"),
        row(1, 1, "Machine", "a"),
        row(2, 2, "KubeadmConfig", "a-1"),
        row(3, 2, "DockerMachine", "a-2"),
        row(4, 1, "Machine", "b"),
    ];
    let named = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
    assert_eq!(objects_of(&tree, "a"), [named("Machine", "a"), named("KubeadmConfig", "a-1"), named("DockerMachine", "a-2")]);
    assert_eq!(objects_of(&tree, "b"), [named("Machine", "b")]);
    assert_eq!(objects_of(&tree, "c"), [named("Machine", "c")]);
}

fn warning(at: u64, count: u32) -> Rc<EventRow> {
    let text = |words: &str| words.to_owned();
    Rc::new(EventRow {
        id: at.to_string(),
        at: Timestamp(at * S),
        kind: text("DockerMachine"),
        name: late().machine,
        reason: text("BootstrapFailed"),
        message: text("exit status 1"),
        tone: EventTone::Warning,
        count,
        source: text("dockermachine-controller"),
    })
}

#[test]
fn each_warning_and_each_logged_error_of_a_step_ended_a_try() {
    let lane = late();
    let line = |at: u64, text: &str| Rc::new(LogRow { number: at, at: Some(Timestamp(at * S)), source: "capd".into(), text: text.into() });
    let began = |tries: Tries| (tries.began.iter().map(|(at, n)| (at.0 / S, *n)).collect::<Vec<_>>(), tries.all);
    assert_eq!(began(tries(&lane, &[], &[])), (vec![], 1));
    assert_eq!(
        began(tries(&lane, &[warning(200, 1), warning(120, 2), warning(20, 9)], &[])),
        (vec![(120, 3), (200, 4)], 4),
        "what was before is another step's"
    );
    let log = [line(150, "E1123 14:23:20.1 1 controller.go:494] \"Reconciler error\""), line(160, "I1123 14:23:21.1 1 x.go:1] \"fine\"")];
    assert_eq!(began(tries(&lane, &[], &log)), (vec![(150, 2)], 2));
    let failed = Lane { state: LaneState::Failed { step: MachineStep::BootstrapRun }, ..lane };
    assert_eq!(began(tries(&failed, &[], &log)), (vec![], 1), "nobody tries again");
}

#[test]
fn a_container_says_what_it_is_and_uses_and_leaves_out_what_docker_does_not_say() {
    let host = MachineHost {
        id: "5eed5eed5eed5eed5eed".into(),
        image: "kindest/node:v1.36.1@sha256:00".into(),
        state: ContainerState::Running,
        since: Some(Timestamp(0)),
        cpu_milli: Some(1_124),
        memory_bytes: Some(537_395_200),
        addresses: vec!["172.18.0.4".into()],
        ports: vec![],
        shell: None,
    };
    let said: Vec<String> = host_lines(&host).iter().map(|(what, says)| format!("{what}: {says}")).collect();
    assert_eq!(said, ["Container: 5eed5eed5eed", "Image: kindest/node:v1.36.1", "CPU now: 1.12 cores", "Memory now: 537 MB", "Address: 172.18.0.4"]);
    assert_eq!(up_words(&host, Timestamp(306 * S)).as_deref(), Some("Up 5 min"));
    assert_eq!(up_words(&MachineHost { state: ContainerState::Paused, ..host }, Timestamp(9)), None);
}

#[test]
fn a_lane_of_a_cluster_has_the_tries_that_the_page_of_its_machine_has() {
    let tree = [row(0, 0, "Cluster", "lab-b"), row(1, 1, "Machine", &late().machine), row(2, 2, "DockerMachine", &late().machine)];
    let other = Rc::new(EventRow { name: "lab-b-md-0-6k8wz-4hl7n".into(), ..(*warning(150, 5)).clone() });
    let told = [warning(120, 1), other, warning(200, 1)];
    let rows: Vec<Rc<ClusterPart>> = tree
        .iter()
        .map(|row| ClusterPart::Tree((**row).clone()))
        .chain(told.iter().enumerate().map(|(n, event)| ClusterPart::Event(EventRow { id: n.to_string(), ..(**event).clone() })))
        .map(Rc::new)
        .collect();
    let began: Vec<(u64, u32)> = tries_of(&late(), &Parts::sorted(&rows)).began.iter().map(|(at, n)| (at.0 / S, *n)).collect();
    assert_eq!(began, [(120, 2), (200, 3)]);
    assert_eq!(tries_of(&late(), &Parts::default()), Tries::default());
}
