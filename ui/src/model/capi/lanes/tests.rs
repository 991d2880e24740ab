use api::capi::Leaving;

use super::*;

const S: u64 = 1_000;

fn lane(bars: Vec<Bar>, state: LaneState) -> Rc<Lane> {
    let (group, leaving) = (LaneGroup::Pool("md-0".into()), Leaving::default());
    Rc::new(Lane { machine: "lab-md-0-x-1".into(), group, created: Timestamp(0), bars, usual: [None; 7], state, leaving })
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

/// Queued for 20 s, joins since 20 s where others need 22, then 12 for the node and 10 to settle.
fn joining(state: LaneState) -> Lane {
    let bars = vec![bar(MachineStep::Queued, 0, Some(20), None), bar(MachineStep::BootstrapRun, 20, None, Some(64))];
    let usual = [Some(20), Some(1), Some(8), Some(22), Some(12), Some(0), Some(10)].map(|s| s.map(Millis::seconds));
    Lane { usual, ..(*lane(bars, state)).clone() }
}

fn at(seconds: u64) -> Timestamp {
    Timestamp(seconds * S)
}

fn working() -> LaneState {
    LaneState::Working { step: MachineStep::BootstrapRun }
}

#[test]
fn steps_that_have_not_begun_stand_as_outlines_behind_now() {
    let time = Timeline::between(at(0), at(100));
    let drawn = |lane: &Lane, now: u64| -> Vec<(u32, u32, String)> {
        expected(lane, time, at(now)).into_iter().map(|piece| (piece.place.left / 10, piece.place.width / 10, piece.words)).collect()
    };
    let piece = |left: u32, width: u32, words: &str| (left, width, words.to_owned());
    for (now, wanted) in [
        // What usually takes no time has no outline.
        (30, vec![piece(30, 12, "join"), piece(42, 12, "node"), piece(54, 10, "settles")]),
        // It takes longer than usual and is not late yet: the rest comes after now.
        (50, vec![piece(50, 12, "node"), piece(62, 10, "settles")]),
        (70, vec![]),
    ] {
        assert_eq!(drawn(&joining(working()), now), wanted, "at {now} s");
    }
    for state in [LaneState::Failed { step: MachineStep::BootstrapRun }, LaneState::Deleting { since: at(25) }] {
        assert_eq!(drawn(&joining(state.clone()), 30), vec![], "{state:?}");
    }
    let untold = Lane { usual: [None; 7], ..joining(working()) };
    assert_eq!(drawn(&untold, 30), vec![], "nobody knows what it takes before the first time");
}

#[test]
fn the_axis_leaves_room_for_the_expected_end() {
    let end = |now: u64| Timeline::of(&[Rc::new(joining(working()))], at(now)).end().0 / S;
    assert!((64..70).contains(&end(30)), "{}", end(30));
    assert!((72..78).contains(&end(50)), "{}", end(50));
    assert!((70..76).contains(&end(70)), "a late one ends nobody knows when: {}", end(70));
}

#[test]
fn words_of_a_bar_and_of_tries_stand_nowhere_on_each_other() {
    let time = Timeline::between(at(0), at(1_000));
    let marks = try_marks(&[(at(300), 2), (at(310), 3), (at(600), 4)], time);
    let said: Vec<(u32, &str, Words)> = marks.iter().map(|mark| (mark.at, mark.title.as_str(), mark.words)).collect();
    assert_eq!(said, [(300, "try 2", Words::Hidden), (310, "try 3", Words::Shown), (600, "try 4", Words::Shown)]);
    let place = |left, width| Place { left, width };
    assert!(place(0, 900).holds_beside("join", &marks));
    assert!(!place(280, 620).holds_beside("join", &marks), "a mark crosses it");
    assert!(!place(320, 200).holds_beside("join", &marks), "the words of a mark reach into it");
    assert!(place(400, 200).holds_beside("join", &marks));
    assert!(!place(400, 20).holds_beside("join", &[]));
}

/// Made in the first minute, asked to go after a day: drained for 40 s, and its container goes since.
fn going(says: &str) -> Rc<Lane> {
    let day = 86_400;
    let leaving = Leaving {
        bars: vec![
            LeaveBar { step: LeaveStep::Drain, from: at(day), to: Some(at(day + 40)) },
            LeaveBar { step: LeaveStep::Infrastructure, from: at(day + 40), to: None },
        ],
        says: says.into(),
    };
    let made = vec![bar(MachineStep::Queued, 0, Some(20), None), bar(MachineStep::BootstrapRun, 20, Some(60), None)];
    Rc::new(Lane { leaving, ..(*lane(made, LaneState::Deleting { since: at(day) })).clone() })
}

#[test]
fn a_machine_that_goes_has_a_bar_for_each_step_of_its_deletion() {
    let (lane, now) = (going(""), at(86_400 + 60));
    let time = Timeline::of_all(std::slice::from_ref(&lane), &[], now);
    let drawn: Vec<(&str, String)> = pieces(&lane, time, now).into_iter().map(|piece| (piece.class, piece.words)).collect();
    assert_eq!(drawn, [("bar gone", "drain".to_owned()), ("bar run", "infrastructure".to_owned())], "what was made yesterday has no room");
    let [drain, container] = [0, 1].map(|n| pieces(&lane, time, now)[n].place);
    assert_eq!(drain.left + drain.width, container.left);
    assert!(drain.width > 300 && time.end() > now, "{drain:?}");
    assert_eq!(lane_state(&lane, now), State::Deleting);
}

#[test]
fn a_machine_that_goes_beside_one_that_is_made_leaves_its_making_in_sight() {
    let made_now = Rc::new(Lane { created: at(86_400), ..(*lane(vec![bar(MachineStep::Queued, 86_400, None, None)], working())).clone() });
    let time = Timeline::of_all(&[going(""), made_now], &[], at(86_460));
    assert_eq!(time.at(at(0)), 0);
    assert!(time.at(at(20)) < time.at(at(43_200)), "{time:?}");
}

#[test]
fn what_a_deletion_waits_for_is_said_with_the_words_of_its_controller() {
    for (says, words) in [
        ("", "Its deletion waits for its infrastructure to be removed."),
        ("Waiting for DevMachine\n* to go", "Its deletion waits for its infrastructure to be removed: Waiting for DevMachine * to go"),
    ] {
        assert_eq!(leaves_words(&going(says)).as_deref(), Some(words));
    }
    assert_eq!(leaves_words(&joining(working())), None);
}

#[test]
fn the_words_of_the_last_tick_stand_inside_of_the_lanes() {
    let time = Timeline::span(at(0), at(600));
    for (second, style) in [(60, "left:10.0%"), (540, "left:90.0%"), (597, "left:min(99.5%, 100% - 24px)")] {
        assert_eq!(time.words_at(at(second)), style, "at {second} s");
    }
}
