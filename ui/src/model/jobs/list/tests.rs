use api::{Fault, FaultCode, JobId, Timestamp, jobs::Words};

use super::*;
use crate::{model::needs::Lead, widgets::State};

const HOUR: u64 = 3_600_000;
const NOON: u64 = 20_000 * 24 * HOUR + 12 * HOUR;

fn row(id: &str, state: JobState, ended_hours_ago: Option<u64>) -> Rc<JobRow> {
    Rc::new(JobRow {
        id: JobId::from(id),
        title: Words::said(format!("Create {id}")),
        detail: Words::default(),
        state,
        marks: vec![],
        place: String::new(),
        started: Timestamp(NOON - 100 * HOUR),
        ended: ended_hours_ago.map(|h| Timestamp(NOON - h * HOUR)),
    })
}

fn clock() -> Clock {
    Clock { now: Timestamp(NOON), zone_minutes: 0 }
}

fn failed() -> JobState {
    JobState::Failed { step: 3, why: Fault::new(FaultCode::Step, "No.") }
}

#[test]
fn finished_jobs_are_grouped_by_day_and_the_newest_come_first() {
    let rows = [
        row("old", JobState::Done, Some(40)),
        row("one", JobState::Done, Some(3)),
        row("two", failed(), Some(1)),
        row("run", JobState::Running, None),
        row("cut", JobState::Interrupted { step: 2, amid: api::jobs::Amid::Run }, None),
        row("past", JobState::Kept, Some(90)),
    ];
    let groups = groups(&rows, &[], "", clock());
    let seen: Vec<_> = groups.iter().map(|g| (g.title.as_str(), g.jobs.iter().map(|j| j.id.0.clone()).collect::<Vec<_>>().join(" "))).collect();
    let expected = [("Needs you", "cut"), ("Running", "run"), ("Finished today", "two one"), ("Finished on 2 Oct", "old"), ("Finished on 30 Sep", "past")];
    assert_eq!(seen.iter().map(|(title, jobs)| (*title, jobs.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn a_filter_needs_all_its_words() {
    let rows = [row("lab-a", JobState::Done, Some(1)), row("lab-b", JobState::Done, Some(1))];
    assert_eq!(groups(&rows, &[], "CREATE -b", clock())[0].jobs.len(), 1);
    assert_eq!(groups(&rows, &[], "delete", clock()), []);
}

#[test]
fn a_sign_in_waits_before_jobs_that_wait() {
    let sign_in = Need {
        state: State::Stale,
        head: "Sign in to staging-eu".into(),
        text: "The token expired.".into(),
        since: "since 13:41".into(),
        verb: "Sign in".into(),
        lead: Lead::Explain("a#staging-eu".into()),
    };
    let rows = [row("cut", JobState::Interrupted { step: 2, amid: api::jobs::Amid::Run }, None), row("run", JobState::Running, None)];
    let all = groups(&rows, std::slice::from_ref(&sign_in), "", clock());
    assert_eq!((all[0].title.as_str(), all[0].len(), &all[0].needs[0]), ("Needs you", 2, &sign_in));
    assert_eq!(groups(&[], std::slice::from_ref(&sign_in), "token", clock())[0].len(), 1);
    assert_eq!(groups(&[], &[sign_in], "lab-a", clock()), []);
}

#[test]
fn only_a_job_that_ended_can_be_forgotten() {
    assert!(!actions(&row("a", JobState::Running, None)).contains(&Action::Forget));
    assert!(!actions(&row("a", JobState::Interrupted { step: 1, amid: api::jobs::Amid::Run }, None)).contains(&Action::Forget));
    assert_eq!(actions(&row("a", failed(), Some(1)))[0], Action::Retry { step: 3 });
}

#[test]
fn a_job_with_a_damaged_journal_waits_for_a_person_and_is_only_opened() {
    let damaged = row("a", JobState::Damaged { why: Fault::new(FaultCode::Step, "Create a stopped.") }, Some(1));
    assert_eq!(actions(&damaged), [Action::Open]);
    assert_eq!(groups(&[damaged], &[], "", clock())[0].title, "Needs you");
}

#[test]
fn an_undo_that_waits_can_be_left_from_the_list_and_one_that_acts_can_not() {
    let undone = |now| actions(&row("a", JobState::Undoing { now }, None));
    assert_eq!(undone(Undoing::Waits), [Action::LeaveUndo, Action::Open]);
    assert_eq!(undone(Undoing::Acts), [Action::Open]);
    assert_eq!(label(Action::LeaveUndo), "Keep what is there");
}

#[test]
fn steps_are_counted_from_one_in_words() {
    assert_eq!(label(Action::Retry { step: 0 }), "Retry step 1");
}

#[test]
fn a_job_that_stopped_says_why_in_one_sentence() {
    let why = Fault::new(FaultCode::Step, "The cluster a was not made: no inotify instances are left.");
    assert_eq!(detail(&row("a", JobState::Failed { step: 2, why }, Some(1))).plain(), "Stopped at step 3: no inotify instances are left.");
    assert_eq!(detail(&row("b", JobState::Done, Some(1))).plain(), "");
}
