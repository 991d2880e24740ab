use std::rc::Rc;

use api::{
    Millis, Timestamp,
    capi::{LaneGroup, MachineStep},
    contexts::Away,
    upgrading::{DrainLine, DrainPace, Leaving, RunMachine, RunStage, RunState, RunStep, Side, StepOf, UpgradeRun},
};

use super::{away_line, away_words, bar, chart, detail, drain_line, drain_time, held_pod, outlook, time, title};
use crate::{model::clock::Clock, widgets::State};

const BEGAN: Timestamp = Timestamp(1_000_000_000);

fn at(seconds: u64) -> Timestamp {
    BEGAN.plus(Millis::seconds(seconds))
}

fn step(group: LaneGroup, place: u32, of: u32, stage: RunStage, from: Option<u64>, to: Option<u64>) -> RunStep {
    let name = |side: &str| match &group {
        LaneGroup::Pool(pool) => format!("lab-a-{pool}-x-{side}{place}"),
        LaneGroup::ControlPlane | LaneGroup::Alone => format!("lab-a-cp-{side}{place}"),
    };
    let (old, new) = (Some(name("old")), (stage != RunStage::Waiting).then(|| name("new")));
    RunStep { of: StepOf::Machine { group, place, of }, old, new, stage, from: from.map(at), to: to.map(at), usual: Some(Millis::seconds(80)), pods: vec![] }
}

fn agreement() -> RunStep {
    RunStep { of: StepOf::Agreement, old: None, new: None, stage: RunStage::Waiting, from: None, to: None, usual: None, pods: vec![] }
}

fn machine(name: &str, group: LaneGroup, side: Side, times: [Option<u64>; 4]) -> RunMachine {
    let [created, available, leaves, gone] = times.map(|time| time.map(at));
    RunMachine { machine: name.into(), group, side, created: created.unwrap_or(Timestamp(0)), available, leaves, gone, pods: vec![] }
}

fn pool() -> LaneGroup {
    LaneGroup::Pool("md-0".into())
}

/// One control plane is done, the first of two workers is drained.
fn run() -> UpgradeRun {
    let says = "cannot evict pod as it would violate the pod's disruption budget";
    let held = DrainLine { pods: "db/postgres-0".into(), says: says.into(), pace: DrainPace::Held, asked: Some(at(141)) };
    let drains = RunStep { pods: vec![held], ..step(pool(), 1, 2, RunStage::Leaving(Leaving::Drain), Some(90), None) };
    UpgradeRun {
        from: "v1.35.4".into(),
        to: "v1.36.1".into(),
        began: BEGAN,
        state: RunState::Going,
        steps: vec![
            step(LaneGroup::ControlPlane, 1, 1, RunStage::Done, Some(5), Some(85)),
            drains,
            step(pool(), 2, 2, RunStage::Waiting, None, None),
            agreement(),
        ],
        drain: Some(Millis::seconds(20)),
        machines: vec![
            machine("lab-a-cp-old1", LaneGroup::ControlPlane, Side::Old, [None, None, Some(65), Some(85)]),
            machine("lab-a-cp-new1", LaneGroup::ControlPlane, Side::New, [Some(5), Some(62), None, None]),
            machine("lab-a-md-0-x-old1", pool(), Side::Old, [None, None, Some(140), None]),
            machine("lab-a-md-0-x-new1", pool(), Side::New, [Some(90), Some(138), None, None]),
            machine("lab-a-md-0-x-old2", pool(), Side::Old, [None; 4]),
        ],
    }
}

#[test]
fn where_an_upgrade_stands_is_told_with_what_is_left_and_how_late_it_is() {
    let says = outlook(&run(), at(150));
    assert_eq!((says.before.as_str(), says.time.as_str(), says.right.as_str()), ("Machine 2 of 3, ", "2:30", "about 1:50 left, 0:10 later than planned"));
    let late = outlook(&run(), at(300));
    assert_eq!(late.right, "about 1:30 left, 2:20 later than planned");
    let mut guessed = run();
    guessed.steps.iter_mut().for_each(|step| step.usual = None);
    assert!(outlook(&guessed, at(150)).right.ends_with("a first guess"));
}

#[test]
fn a_paused_upgrade_promises_no_end_and_one_that_is_over_says_what_it_took() {
    let paused = outlook(&UpgradeRun { state: RunState::Paused, ..run() }, at(150));
    assert_eq!(paused.right, "nothing goes on until it is resumed");
    let mut over = UpgradeRun { state: RunState::Done { at: at(300) }, ..run() };
    over.steps.iter_mut().for_each(|step| step.stage = RunStage::Done);
    let says = outlook(&over, at(9_000));
    assert_eq!((says.before.as_str(), says.time.as_str(), says.after, says.right.as_str()), ("3 machines, ", "5:00", " in all", "all run v1.36.1"));
}

#[test]
fn a_running_step_is_never_drawn_as_done() {
    let shares: Vec<u16> = bar(&run(), at(9_000)).iter().map(|seg| seg.share).collect();
    assert_eq!(shares[1], 960);
}

#[test]
fn steps_are_told_in_words_and_names() {
    let run = run();
    let told: Vec<(String, String, String)> = run.steps.iter().map(|step| (title(step, &run), detail(step, "lab-a").concat(), time(step, at(150)))).collect();
    let told: Vec<(&str, &str, &str)> = told.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(
        told,
        [
            ("Control plane on v1.36.1", "cp-new1 joined etcd", "1:20"),
            ("md-0, first worker", "the new machine is ready, the old one is drained", "1:00"),
            ("md-0, second worker", "in place of …old2", "usually 1:20"),
            ("Wait until all agree", "kubelets, conditions, the class", ""),
        ]
    );
    let making = step(pool(), 21, 30, RunStage::Making(MachineStep::BootstrapRun), Some(0), None);
    assert_eq!((title(&making, &run), detail(&making, "lab-a").concat()), ("md-0, 21st worker".to_owned(), "…new21 runs kubeadm".to_owned()));
    assert_eq!(drain_line(&run.steps[1].pods[0]), (State::Warning, "its budget allows 0"));
    assert_eq!(held_pod(&run).as_deref(), Some("db/postgres-0"));
}

/// A group with its rows: label, state and pieces of each.
type Told = (String, Vec<(String, State, Vec<&'static str>)>);

#[test]
fn lanes_show_who_came_who_went_who_is_late_and_who_is_to_go() {
    let chart = chart(&run(), &[], "lab-a", at(300));
    let told: Vec<Told> = chart
        .groups
        .iter()
        .map(|(head, rows)| {
            (head.clone(), rows.iter().map(|row| (row.label.clone(), row.state, row.pieces.iter().map(|piece| piece.class).collect())).collect())
        })
        .collect();
    let row = |label: &str, state, classes: &[&'static str]| (label.to_owned(), state, classes.to_vec());
    assert_eq!(
        told,
        [
            (
                "Control plane".to_owned(),
                vec![row("cp-new1", State::Healthy, &["bar p3", "bar ok"]), row("cp-old1", State::Deleting, &["bar old", "bar gone"])]
            ),
            (
                "Pool md-0".to_owned(),
                vec![
                    row("…new1", State::Healthy, &["bar p3", "bar ok"]),
                    row("…old1", State::Warning, &["bar old", "bar run cutr", "bar late"]),
                    row("…old2", State::Idle, &["bar old", "bar plan"]),
                ]
            ),
        ]
    );
    let plan = chart.groups[1].1[2].pieces[1].place;
    assert!(plan.left >= chart.time.at(at(300)), "what is expected lies right of now");
}

#[test]
fn the_lane_of_a_machine_that_is_known_has_its_steps() {
    let bars = vec![api::capi::Bar { step: MachineStep::BootstrapRun, from: at(90), to: None, late_at: None }];
    let lane = api::capi::Lane {
        machine: "lab-a-md-0-x-new1".into(),
        group: pool(),
        created: at(90),
        bars,
        usual: [None; 7],
        state: api::capi::LaneState::Working { step: MachineStep::BootstrapRun },
        leaving: api::capi::Leaving::default(),
    };
    let chart = chart(&run(), &[Rc::new(lane)], "lab-a", at(120));
    let row = &chart.groups[1].1[0];
    assert_eq!((row.state, row.pieces.iter().map(|piece| piece.class).collect::<Vec<_>>()), (State::Progress, vec!["bar run"]));
}

#[test]
fn how_long_the_api_was_away_is_told_at_the_control_plane_and_below_the_lanes() {
    let run = run();
    let away = |from: u64, to: u64| Away { from: at(from), to: at(to) };
    let clock = Clock { now: at(300), zone_minutes: 0 };
    let told = |all: &[Away]| {
        let steps: Vec<String> = run.steps.iter().filter_map(|step| away_words(step, all, clock.now)).collect();
        (steps.concat(), away_line(&run, all, clock).unwrap_or_default())
    };
    let words = |step: &str, line: &str| (step.to_owned(), line.to_owned());
    assert_eq!(told(&[]), words("", ""));
    let again = |second: u64| clock.seconds(at(second));
    let once = format!("The API answered KOS again at {}, after 8 s.", again(73));
    assert_eq!(told(&[away(65, 73)]), words(", API away for 8 s", &once));
    let twice = format!("The API did not answer KOS 2 times, 1:10 in all; it answered again at {}.", again(200));
    assert_eq!(told(&[away(65, 73), away(138, 200)]), words(", API away for 8 s", &twice), "the second is of no control plane");
    let before = Away { from: Timestamp(BEGAN.0 - 5_000), to: at(1) };
    assert_eq!(told(&[before]), words("", ""), "it began before the upgrade");
}

#[test]
fn each_pod_of_a_drain_says_how_long_it_takes_or_took_to_go() {
    let line = |pace, asked: Option<u64>| DrainLine { pods: "web/web-1".into(), says: String::new(), pace, asked: asked.map(at) };
    for (pace, asked, time) in [
        (DrainPace::Going, Some(140), Some("0:11")),
        (DrainPace::Held, Some(140), Some("0:11")),
        (DrainPace::Gone { by: at(146) }, Some(140), Some("0:06")),
        (DrainPace::Later, None, None),
        (DrainPace::Held, None, None),
    ] {
        assert_eq!(drain_time(&line(pace, asked), at(151)).as_deref(), time, "{pace:?}");
    }
    assert_eq!(drain_line(&line(DrainPace::Gone { by: at(146) }, Some(140))), (State::Done, "gone within"));
}
