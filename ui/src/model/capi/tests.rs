use super::*;

const S: u64 = 1_000;

fn row(order: u32, depth: u16, kind: &str, name: &str, state: TreeState) -> Rc<TreeRow> {
    Rc::new(TreeRow { order, depth, kind: kind.into(), name: name.into(), state, ready: None, since: None, on_the_way: false })
}

fn tree() -> Vec<Rc<TreeRow>> {
    let late = TreeRow { on_the_way: true, ..(*row(6, 2, "Machine", "w-2", TreeState::Provisioning)).clone() };
    vec![
        row(0, 0, "Cluster", "lab", TreeState::NotAvailable),
        row(1, 1, "KubeadmControlPlane", "cp", TreeState::Available),
        row(2, 2, "Machine", "cp-1", TreeState::Running),
        row(3, 3, "DockerMachine", "cp-1", TreeState::Ready),
        row(4, 1, "MachineDeployment", "md", TreeState::ScalingUp),
        row(5, 2, "Machine", "w-1", TreeState::Running),
        Rc::new(late),
        row(7, 3, "DockerMachine", "w-2", TreeState::Failed("BootstrapFailed".into())),
    ]
}

fn names(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|s| s.row.name.as_str()).collect()
}

#[test]
fn what_is_well_is_folded_and_the_way_to_what_blocks_is_open() {
    let seen = visible(&tree(), &Folds::new());
    assert_eq!(names(&seen), ["lab", "cp", "cp-1", "md", "w-1", "w-2", "w-2"]);
    assert_eq!(seen[2].folded, Some(Folded::Closed));
    assert_eq!(seen[4].folded, None, "nothing hangs below it");
}

#[test]
fn what_the_user_opens_or_closes_stays_so() {
    let folds = Folds::from([("Machine/cp-1".into(), Folded::Open), ("MachineDeployment/md".into(), Folded::Closed)]);
    assert_eq!(names(&visible(&tree(), &folds)), ["lab", "cp", "cp-1", "cp-1", "md"]);
}

#[test]
fn lines_lead_to_the_next_sibling_and_end_at_the_last() {
    let seen = visible(&tree(), &Folds::new());
    let lines: Vec<Vec<Line>> = seen.iter().map(|s| s.lines.clone()).collect();
    assert_eq!(lines[1], [Line::Tee]);
    assert_eq!(lines[2], [Line::Past, Line::End]);
    assert_eq!(lines[3], [Line::End]);
    assert_eq!(lines[4], [Line::None, Line::Tee]);
    assert_eq!(lines[6], [Line::None, Line::None, Line::End]);
}

#[test]
fn a_reason_is_said_in_words() {
    assert_eq!(apart("BootstrapFailed"), "Bootstrap failed");
    assert_eq!(apart("Failed"), "Failed");
}

fn lane(bars: Vec<Bar>, state: LaneState) -> Rc<Lane> {
    Rc::new(Lane { machine: "lab-md-0-x-1".into(), group: LaneGroup::Pool("md-0".into()), created: Timestamp(0), bars, usual: [None; 7], state })
}

fn bar(step: MachineStep, from: u64, to: Option<u64>, late_at: Option<u64>) -> Bar {
    Bar { step, from: Timestamp(from * S), to: to.map(|t| Timestamp(t * S)), late_at: late_at.map(|t| Timestamp(t * S)) }
}

#[test]
fn a_late_step_is_cut_where_it_became_late_and_says_by_how_much() {
    let now = Timestamp(100 * S);
    let lane = lane(
        vec![bar(MachineStep::Queued, 0, Some(20), None), bar(MachineStep::BootstrapRun, 20, None, Some(60))],
        LaneState::Working { step: MachineStep::BootstrapRun },
    );
    let time = Timeline::of(std::slice::from_ref(&lane), now);
    let drawn = pieces(&lane, time, now);
    assert_eq!(drawn.iter().map(|p| p.class).collect::<Vec<_>>(), ["bar p1", "bar run cutr", "bar late"]);
    assert_eq!(drawn[2].words, "join, 0:40 late");
    assert_eq!(drawn[1].place.left + drawn[1].place.width, drawn[2].place.left);
    assert_eq!(lane_state(&lane, now), State::Warning);
    assert_eq!(lane_state(&lane, Timestamp(50 * S)), State::Progress);
}

#[test]
fn a_cluster_that_was_made_long_ago_is_not_squeezed_to_the_left() {
    let made = lane(vec![bar(MachineStep::Queued, 0, Some(80), None)], LaneState::Available { since: Timestamp(80 * S) });
    let time = Timeline::of(&[made], Timestamp(86_400 * S));
    assert!(time.at(Timestamp(80 * S)) > 600, "{time:?}");
    assert!(time.at(Timestamp(86_400 * S)) == 1_000);
}

#[test]
fn the_axis_has_at_most_nine_marks_at_round_times() {
    for seconds in [20, 90, 370, 4_000, 90_000] {
        let open = lane(vec![bar(MachineStep::Queued, 0, None, None)], LaneState::Working { step: MachineStep::Queued });
        let ticks = Timeline::of(&[open], Timestamp(seconds * S)).ticks();
        assert!((1..=9).contains(&ticks.len()), "{seconds} s: {ticks:?}");
        assert!(ticks.iter().all(|t| t.0 % 15_000 == 0), "{seconds} s: {ticks:?}");
    }
}

#[test]
fn machines_are_called_by_what_tells_them_apart() {
    for (machine, said) in [("lab-b-md-0-6k8wz-x7k2p", "…x7k2p"), ("lab-b-cp-9vq4d", "cp-9vq4d"), ("other", "other")] {
        assert_eq!(short(machine, "lab-b"), said);
    }
}

#[test]
fn clusters_that_need_somebody_stand_first() {
    let cluster = |name: &str, state| {
        let (namespace, version, class, endpoint, why) = Default::default();
        Rc::new(ClusterRow { namespace, name: name.into(), state, version, class, machines: vec![], wanted: 0, endpoint, created: None, why })
    };
    let rows = [cluster("b", ClusterState::Available), cluster("a", ClusterState::Paused), cluster("c", ClusterState::Stuck)];
    assert_eq!(listed(&rows).iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["c", "a", "b"]);
}

#[test]
fn a_line_that_is_an_error_is_known_in_either_form() {
    for (line, error) in [
        ("E1123 14:06:36.618666 1 controller.go:494] \"Reconciler error\"", true),
        ("I1123 14:06:58.107927 1 machine.go:232] \"Creating\"", false),
        ("Everything is fine", false),
        ("{\"msg\":\"Reconciler error\",\"err\":\"x\"}", true),
        ("{\"msg\":\"Reconciling\",\"v\":0}", false),
    ] {
        assert_eq!(is_error(line), error, "{line}");
    }
}
