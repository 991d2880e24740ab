use api::jobs::Words;
use api::{Millis, Timestamp};

use super::Learned;
use crate::snapshot::Snapshot;
use crate::{Event, Plan, PlannedStep, StoredPlan, What};

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
