use api::{
    Millis,
    capi::{Bar, TreeRow, TreeState},
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
    assert_eq!(objects_of(&tree, "c"), []);
}
