use api::jobs::Words;
use api::{Millis, Timestamp};

use super::Learned;
use crate::snapshot::Snapshot;
use crate::{Event, Plan, PlannedStep, StoredPlan, Thing, What};

fn plan() -> StoredPlan {
    let step = PlannedStep::new("pull", "Pull", Words::default(), Millis::seconds(60));
    Plan::new(Words::said("Pull"), "").then((), step).stored().unwrap()
}

/// A run that took so many milliseconds in its only step, as attempt `attempt`.
fn run(took: u64, attempt: u32) -> Snapshot {
    let mut snapshot = Snapshot::new(&plan(), Timestamp(0));
    let events = [(1, What::Running), (1, What::ActStarted { act: 0, attempt }), (1 + took, What::ActDone { act: 0 }), (1 + took, What::Done)];
    for (seq, (at, what)) in (1..).zip(events) {
        snapshot.apply(&Event { seq, at: Timestamp(at), what });
    }
    snapshot
}

fn after(runs: &[Snapshot]) -> Option<Millis> {
    let mut learned = Learned::default();
    for snapshot in runs {
        learned.add("kind", &plan(), snapshot);
    }
    learned.expected("kind", "pull")
}

#[test]
fn one_slow_run_does_not_change_what_is_usual() {
    assert_eq!(after(&[run(10, 1), run(9_000, 1), run(12, 1)]), Some(Millis(12)));
}

#[test]
fn only_the_last_20_runs_count() {
    let mut runs = vec![run(1, 1); 30];
    runs.extend(vec![run(7, 1); 20]);
    assert_eq!(after(&runs), Some(Millis(7)));
    let mut learned = Learned::default();
    runs.iter().for_each(|r| learned.add("kind", &plan(), r));
    assert_eq!(learned.runs("kind"), 20);
}

#[test]
fn a_second_attempt_and_a_job_without_end_teach_nothing() {
    let mut failed = run(5, 1);
    failed.phase = crate::Phase::Undone;
    assert_eq!(after(&[run(5, 2), failed]), None);
}

#[test]
fn kinds_do_not_mix() {
    let mut learned = Learned::default();
    learned.add("one", &plan(), &run(5, 1));
    assert_eq!((learned.expected("two", "pull"), learned.runs("two")), (None, 0));
}

/// Act 0 pulls, act 1 makes.
fn two_acts() -> StoredPlan {
    let step = |key: &'static str| PlannedStep::new(key, key, Words::default(), Millis::seconds(60));
    Plan::new(Words::said("Two"), "").then(0, step("pull")).then(1, step("make")).stored().unwrap()
}

/// A job that noted something in its first acts, and what came after that.
fn noted(acts: u32, after: &[(u64, What)]) -> Snapshot {
    let mut snapshot = Snapshot::new(&two_acts(), Timestamp(0));
    let made = (0..acts).map(|act| (1, What::Intended { id: act + 1, act, step: act, thing: Thing::new("Toy", "a") }));
    for (seq, (at, what)) in (1..).zip(made.chain(after.iter().cloned())) {
        snapshot.apply(&Event { seq, at: Timestamp(at), what });
    }
    snapshot
}

#[test]
fn an_undo_is_expected_to_take_what_undos_of_its_acts_took_before() {
    let mut learned = Learned::default();
    let expected = |learned: &Learned, acts: u32| learned.undo("kind", &two_acts(), &noted(acts, &[]));
    assert_eq!(expected(&learned, 1), None);
    for took in [8, 5, 900] {
        let undone = noted(1, &[(100, What::UndoStarted), (100 + took, What::ActUndone { act: 0 }), (2_000, What::Undone)]);
        learned.add("kind", &two_acts(), &undone);
    }
    assert_eq!((expected(&learned, 1), expected(&learned, 2)), (Some(Millis(8)), None), "no undo of the second act was timed");
    let both = [(100, What::UndoStarted), (130, What::ActUndone { act: 1 }), (138, What::ActUndone { act: 0 }), (140, What::Undone)];
    learned.add("kind", &two_acts(), &noted(2, &both));
    assert_eq!(expected(&learned, 2), Some(Millis(38)), "each act from the end of the one before it");
    assert_eq!(expected(&learned, 0), None, "nothing is to be undone");
    assert_eq!((learned.expected("kind", "pull"), learned.runs("kind")), (None, 0), "an undo tells nothing of the way forwards");
}

#[test]
fn what_an_earlier_kos_learned_is_read_without_undos() {
    let before = r#"{"kinds":{"kind":{"runs":1,"steps":{"pull":[7]}}}}"#;
    let learned: Learned = serde_json::from_str(before).unwrap();
    assert_eq!((learned.expected("kind", "pull"), learned.undo("kind", &two_acts(), &noted(1, &[]))), (Some(Millis(7)), None));
}
