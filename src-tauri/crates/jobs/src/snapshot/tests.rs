use api::jobs::{Part, PartState, StepMark, Undoing, Words};
use api::{Fault, FaultCode, Millis, Timestamp};
use serde_json::json;

use super::{Phase, Snapshot, Standing, stand};
use crate::{Certainty, Event, Plan, PlannedStep, StoredPlan, Thing, What};

/// Act 0 shows step 0, act 1 shows steps 1, 2 and 3.
fn plan() -> StoredPlan {
    let step = |name: &'static str| PlannedStep::new(name, name, Words::default(), Millis::seconds(1));
    Plan::new(Words::said("Test"), "").then(0, step("zero")).then_many(1, vec![step("one"), step("two"), step("three")]).stored().unwrap()
}

fn why() -> Fault {
    Fault::new(FaultCode::Step, "It did not.")
}

fn story() -> Vec<Event> {
    let what = [
        What::Planned,
        What::Running,
        What::ActStarted { act: 0, attempt: 1 },
        What::ActFound { act: 0, words: Words::said("was here") },
        What::ActStarted { act: 1, attempt: 1 },
        What::Intended { id: 1, act: 1, step: 1, thing: Thing::new("Toy", "a") },
        What::CommandStarted { id: 2, step: 1, line: "make a".into() },
        What::ProcessNoted { id: 3, act: 1, process: json!({"pid": 4121}) },
        What::StepShare { step: 1, thousandths: 500 },
        What::StepStarted { step: 2 },
        What::StepParts { step: 2, parts: vec![Part { name: "p".into(), state: PartState::Ready, detail: String::new(), count: "1 / 1".into() }] },
        What::StepDetail { step: 2, words: Words::said("half") },
        What::ProcessEnded { id: 3 },
        What::CommandEnded { id: 2, exit: "exit 1".into() },
        What::Made { id: 1 },
        What::ActFailed { act: 1, why: why() },
        What::Running,
        What::ActStarted { act: 1, attempt: 2 },
        What::StepStarted { step: 3 },
        What::ActDone { act: 1 },
        What::Outcome { words: Words::said("All is well.") },
        What::Done,
    ];
    (1..).zip(what).map(|(seq, what)| Event { seq, at: Timestamp(seq * 1_000), what }).collect()
}

fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Snapshot {
    let mut snapshot = Snapshot::new(&plan(), Timestamp(0));
    events.into_iter().for_each(|event| snapshot.apply(event));
    snapshot
}

#[test]
fn a_doubled_event_changes_nothing_wherever_it_comes() {
    let story = story();
    for doubled in 0..story.len() {
        for later in doubled..story.len() {
            let mut events = story.clone();
            events.insert(later + 1, story[doubled].clone());
            assert_eq!(replay(&events), replay(&story), "{doubled} again after {later}");
        }
    }
}

#[test]
fn lost_chatter_makes_the_picture_coarser_never_wrong() {
    let story = story();
    for end in 0..=story.len() {
        let mut whole = replay(&story[..end]);
        let quiet = replay(story[..end].iter().filter(|e| !e.what.is_chatter()));
        assert_eq!(quiet.standing(), whole.standing());
        for step in &mut whole.steps {
            step.share = None;
            step.parts.clear();
        }
        whole.seen = quiet.seen;
        assert!(quiet.last_noted <= whole.last_noted);
        whole.last_noted = quiet.last_noted;
        assert_eq!(quiet, whole, "after {end} events");
    }
}

#[test]
fn a_failure_belongs_to_the_step_that_ran() {
    let snapshot = replay(&story()[..16]);
    assert_eq!(snapshot.phase, Phase::Failed { act: 1, step: 2, why: why() });
    let marks: Vec<_> = snapshot.steps.iter().map(|s| s.mark).collect();
    assert_eq!(marks, [StepMark::Done, StepMark::Done, StepMark::Failed, StepMark::Waiting]);
    assert_eq!(snapshot.steps[1].took, Some(Millis::seconds(5)));
    assert!(snapshot.processes.is_empty());
}

#[test]
fn a_second_attempt_starts_with_clean_steps() {
    let snapshot = replay(&story()[..18]);
    let steps: Vec<_> = snapshot.steps[1..].iter().map(|s| (s.mark, s.attempt, s.took)).collect();
    assert_eq!(steps, [(StepMark::Running, 2, None), (StepMark::Waiting, 2, None), (StepMark::Waiting, 2, None)]);
    assert!(snapshot.steps[2].detail.is_none() && snapshot.ended.is_none());
}

#[test]
fn each_prefix_of_a_journal_has_a_standing() {
    let story = story();
    let standing = |end: usize| stand(&plan(), &story[..end]);
    for end in 1..16 {
        assert!(matches!(standing(end), Standing::Interrupted { .. }), "after {end}");
    }
    assert_eq!(standing(2), Standing::Interrupted { act: 0, step: 0 });
    assert_eq!(standing(12), Standing::Interrupted { act: 1, step: 2 });
    assert_eq!(standing(16), Standing::Failed { act: 1, step: 2, why: why() });
    assert_eq!(standing(17), Standing::Interrupted { act: 1, step: 2 });
    assert_eq!(standing(22), Standing::Done);
}

#[test]
fn a_look_at_what_was_left_is_no_sign_of_life() {
    let mut snapshot = replay(&story()[..8]);
    assert_eq!(snapshot.last_noted, Timestamp(8_000));
    snapshot.apply(&Event { seq: 99, at: Timestamp(99_000), what: What::Found { findings: vec![] } });
    assert_eq!(snapshot.last_noted, Timestamp(8_000));
}

#[test]
fn a_command_that_nobody_saw_end_says_so_when_the_job_goes_on() {
    let mut snapshot = replay(&story()[..8]);
    assert_eq!(snapshot.commands[0].1.exit, None);
    snapshot.apply(&Event { seq: 99, at: Timestamp(99_000), what: What::Running });
    assert_eq!(snapshot.commands[0].1.exit.as_deref(), Some("not known"));
}

#[test]
fn what_an_act_had_intended_counts_as_made_when_it_is_found() {
    let mut snapshot = replay(&story()[..8]);
    assert_eq!(snapshot.noted[0].certainty, Certainty::Intended);
    snapshot.apply(&Event { seq: 99, at: Timestamp(99_000), what: What::ActFound { act: 1, words: Words::default() } });
    assert_eq!(snapshot.noted[0].certainty, Certainty::Made);
}

#[test]
fn an_undo_visits_only_acts_with_notes_and_forgets_what_is_gone() {
    let mut snapshot = replay(&story()[..16]);
    assert_eq!(snapshot.acts_to_undo(), [1]);
    for (seq, what) in (90..).zip([What::UndoStarted, What::ActUndone { act: 1 }]) {
        snapshot.apply(&Event { seq, at: Timestamp(seq), what });
    }
    assert!(snapshot.noted.is_empty() && snapshot.acts_to_undo().is_empty());
    assert!(matches!(snapshot.standing(), Standing::UndoInterrupted { .. }));
}

#[test]
fn an_undo_waits_until_it_goes_on_ends_or_is_begun_anew() {
    let waits = || What::UndoGoesOn { now: Undoing::Waits };
    for (what, after) in [
        (vec![waits()], Phase::Undoing { now: Undoing::Waits }),
        (vec![waits(), What::UndoGoesOn { now: Undoing::Acts }], Phase::Undoing { now: Undoing::Acts }),
        (vec![waits(), What::Undone], Phase::Undone),
        (vec![waits(), What::UndoFailed { act: 1, why: why() }], Phase::UndoFailed { act: 1, why: why() }),
        (vec![waits(), What::UndoStarted], Phase::Undoing { now: Undoing::Acts }),
        (vec![What::Undone, waits()], Phase::Undone),
    ] {
        let mut snapshot = replay(&story()[..16]);
        for (seq, what) in (90..).zip([What::UndoStarted].into_iter().chain(what.clone())) {
            snapshot.apply(&Event { seq, at: Timestamp(seq), what });
        }
        assert_eq!(snapshot.phase, after, "{what:?}");
    }
}

#[test]
fn an_event_about_what_the_plan_does_not_have_changes_nothing() {
    let mut snapshot = replay(&story());
    let before = (snapshot.steps.clone(), snapshot.acts.clone());
    for (seq, what) in
        (90..).zip([What::StepStarted { step: 99 }, What::ActStarted { act: 99, attempt: 1 }, What::ActUndone { act: 99 }, What::Made { id: 99 }])
    {
        snapshot.apply(&Event { seq, at: Timestamp(seq), what });
    }
    assert_eq!((snapshot.steps, snapshot.acts), before);
}

#[test]
fn an_undo_begins_without_the_words_of_the_way_forwards() {
    let mut events = story();
    events.pop();
    assert_eq!(replay(&events).outcome, Some(Words::said("All is well.")));
    let seq = events.len() as u64 + 1;
    events.push(Event { seq, at: Timestamp(seq * 1_000), what: What::UndoStarted });
    assert_eq!(replay(&events).outcome, None);
}
