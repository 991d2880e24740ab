use api::{
    capi::{LaneGroup, LeaveStep},
    runs::RunRow,
    shared::{Shared, SharedState},
};

use super::*;

const S: u64 = 1_000;

fn at(second: u64) -> Timestamp {
    Timestamp(second * S)
}

/// A control plane that came, and a worker that went in the middle of joining.
fn run() -> Run {
    let row = RunRow {
        id: "u".into(),
        namespace: "default".into(),
        name: "lab".into(),
        class: String::new(),
        version: "v1.36.1".into(),
        machines: 2,
        started: at(100),
        available: None,
        gone: Some(at(200)),
    };
    let machine = |name: &str, group: LaneGroup, created: u64, ends: [u64; 7], gone: u64| KeptMachine {
        uid: name.into(),
        name: name.into(),
        group,
        created: at(created),
        ends: ends.map(|end| (end > 0).then_some(at(end))),
        failed: None,
        leaves: vec![],
        gone: Some(at(gone)),
    };
    let machines = vec![
        machine("lab-cp", LaneGroup::ControlPlane, 100, [110, 111, 120, 140, 150, 160, 161], 200),
        machine("lab-md", LaneGroup::Pool("md-0".into()), 130, [140, 141, 150, 0, 0, 0, 0], 180),
    ];
    let shared = vec![SharedLane { what: Shared::LoadBalancer, asked: at(100), began: Some(at(100)), made: Some(at(104)), lost: Some(at(190)) }];
    Run { row, machines, shared, events: vec![], upgrade: None }
}

fn states(run: &Run, second: u64) -> Vec<LaneState> {
    lanes_at(run, at(second)).iter().map(|lane| lane.state.clone()).collect()
}

#[test]
fn lanes_stand_as_they_were_at_each_moment() {
    let run = run();
    let working = |step| LaneState::Working { step };
    for (second, wanted) in [
        (99, vec![]),
        (100, vec![working(MachineStep::Queued)]),
        (125, vec![working(MachineStep::BootstrapRun)]),
        (145, vec![working(MachineStep::Joined), working(MachineStep::Container)]),
        (170, vec![LaneState::Available { since: at(161) }, working(MachineStep::BootstrapRun)]),
        (190, vec![LaneState::Available { since: at(161) }, LaneState::Deleting { since: at(180) }]),
        (200, vec![LaneState::Deleting { since: at(200) }, LaneState::Deleting { since: at(180) }]),
    ] {
        assert_eq!(states(&run, second), wanted, "at {second} s");
    }
    let cut = lanes_at(&run, at(300));
    assert_eq!(cut[1].bars.last().and_then(|bar| bar.to), Some(at(180)), "what was cut off ends where the machine went");
}

#[test]
fn the_deletion_of_a_machine_plays_again_with_what_it_waited_for() {
    let mut run = run();
    let bar = |step: LeaveStep, from: u64, to: Option<u64>| LeaveBar { step, from: at(from), to: to.map(at) };
    run.machines[0].leaves = vec![bar(LeaveStep::Drain, 170, Some(185)), bar(LeaveStep::Infrastructure, 185, None)];
    for (second, wanted) in [
        (169, vec![]),
        (175, vec![bar(LeaveStep::Drain, 170, None)]),
        (190, vec![bar(LeaveStep::Drain, 170, Some(185)), bar(LeaveStep::Infrastructure, 185, None)]),
        (200, vec![bar(LeaveStep::Drain, 170, Some(185)), bar(LeaveStep::Infrastructure, 185, Some(200))]),
    ] {
        let lane = &lanes_at(&run, at(second))[0];
        let since = if second < 170 { LaneState::Available { since: at(161) } } else { LaneState::Deleting { since: at(170) } };
        assert_eq!((&lane.leaving.bars, &lane.state), (&wanted, &since), "at {second} s");
    }
    let back = (0..3).fold(Replay::of(&run), |replay, _| replay.step(Towards::Back));
    assert_eq!(back.at, at(185), "a step of a deletion is a moment too");
}

#[test]
fn what_the_machines_share_plays_again_beside_them() {
    let states = [99, 100, 103, 104, 189, 190].map(|second| shared_at(&run(), at(second)).first().map(|lane| lane.state()));
    let (making, there, lost) = (Some(SharedState::Making), Some(SharedState::There), Some(SharedState::Lost));
    assert_eq!(states, [None, making, making, there, there, lost]);
    let run_of_before = Run { shared: vec![], ..run() };
    assert!(shared_at(&run_of_before, at(200)).is_empty() && lanes_at(&run_of_before, at(200)).len() == 2);
}

#[test]
fn a_run_plays_from_its_start_and_stands_still_at_its_end() {
    let replay = Replay::of(&run());
    assert_eq!((replay.from, replay.to, replay.at), (at(100), at(215), at(215)));
    let playing = replay.turn();
    assert_eq!((playing.at, playing.moves), (at(100), Moves::Playing));
    let half = playing.clone().passed(Millis(PLAYS / 2));
    assert_eq!((half.thousandths(), half.moves), (500, Moves::Playing));
    let end = half.passed(Millis(PLAYS));
    assert_eq!((end.at, end.moves), (at(215), Moves::Paused));
    assert_eq!(end.clone().passed(Millis(PLAYS)), end, "what stands still does not move");
}

#[test]
fn a_step_leads_to_what_happened_next_or_before() {
    let start = Replay::of(&run()).seek(0);
    let next = start.clone().step(Towards::Forth);
    assert_eq!((next.at, next.moves), (at(104), Moves::Paused), "the load balancer stands");
    assert_eq!(next.step(Towards::Back).at, at(100));
    assert_eq!(start.step(Towards::Back).at, at(100));
    let end = Replay::of(&run());
    assert_eq!(end.clone().step(Towards::Forth).at, at(215));
    assert_eq!(end.step(Towards::Back).at, at(200));
}
