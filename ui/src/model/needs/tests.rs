use api::{Timestamp, computer::CheckRow, jobs::Words, local::Role};

use super::*;
use crate::model::samples::{context as context_sample, local};

/// 13:53 of the first day.
const CLOCK: Clock = Clock { now: Timestamp(50_000_000), zone_minutes: 0 };

fn job(state: JobState) -> Rc<JobRow> {
    Rc::new(JobRow {
        id: "7".into(),
        title: Words::said("Create lab-b"),
        detail: Words::default(),
        state,
        marks: vec![],
        place: String::new(),
        started: Timestamp(0),
        ended: None,
    })
}

fn cluster(role: Role, state: LocalState, context: Option<&str>) -> Rc<LocalRow> {
    Rc::new(LocalRow { context: context.map(ContextId::from), ..local("lab-b", role, state) })
}

fn failed(id: CheckId) -> Rc<CheckRow> {
    Rc::new(CheckRow {
        id,
        title: "No inotify instances are left".into(),
        verdict: Verdict::Failed,
        matters: "Machines cannot join.".into(),
        found: String::new(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    })
}

fn check(jobs: &[Rc<JobRow>], local: &[Rc<LocalRow>], checks: &[Rc<CheckRow>], expected: &[(&str, Lead)]) {
    let all = needs(jobs, local, &[], checks, &[], CLOCK);
    let told: Vec<(&str, Lead)> = all.iter().map(|n| (n.head.as_str(), n.lead.clone())).collect();
    assert_eq!(told, expected);
}

#[test]
fn nothing_is_asked_while_all_is_well() {
    check(&[job(JobState::Done), job(JobState::Running)], &[cluster(Role::Plain, LocalState::Running, None)], &[], &[]);
}

#[test]
fn a_failed_job_comes_before_a_failed_check() {
    let why = Fault::new(FaultCode::Step, "kind stopped.");
    check(
        &[job(JobState::Failed { step: 1, why })],
        &[],
        &[failed(CheckId::InotifyInstances)],
        &[("Create lab-b failed", Lead::Job("7".into())), ("Few inotify instances are left", Lead::Doctor)],
    );
}

#[test]
fn an_interrupted_job_waits_for_a_choice() {
    check(&[job(JobState::Interrupted { step: 2, amid: api::jobs::Amid::Run })], &[], &[], &[("Create lab-b was interrupted", Lead::Job("7".into()))]);
}

#[test]
fn a_missing_program_does_not_ask_for_anybody() {
    check(&[], &[], &[failed(CheckId::Clusterctl)], &[]);
}

#[test]
fn a_cluster_that_runs_in_part_is_started_or_opened() {
    let mixed = || LocalState::Mixed { running: 3, of: 4 };
    let head = "lab-b runs only in part";
    check(&[], &[cluster(Role::Plain, mixed(), None)], &[], &[(head, Lead::Start("lab-b".into()))]);
    check(&[], &[cluster(Role::Workload { of: None }, mixed(), Some("c"))], &[], &[(head, Lead::Open("c".into()))]);
    check(&[], &[cluster(Role::Workload { of: None }, mixed(), None)], &[], &[]);
}

#[test]
fn what_is_used_up_is_not_called_few() {
    let check = |explanation: &str| Rc::new(CheckRow { explanation: explanation.into(), ..(*failed(CheckId::InotifyInstances)).clone() });
    let head = |explanation: &str| needs(&[], &[], &[], &[check(explanation)], &[], CLOCK)[0].head.clone();
    assert_eq!(head("All 128 are in use. A new node then fails."), "No inotify instances are left");
    assert_eq!(head("100 of 128 are in use. A new node then fails."), "Few inotify instances are left");
}

#[test]
fn the_list_of_jobs_says_where_to_sign_in_since_when_and_leaves_other_contexts_out() {
    let waits = |code| Link::NeedsYou { since: Timestamp(49_260_000), why: Fault::new(code, "The token expired.") };
    let row = |link| Rc::new(ContextRow { link, ..context_sample("staging-eu") });
    let codes = [FaultCode::SignIn, FaultCode::Trust, FaultCode::TrustFile, FaultCode::Certificate];
    let rows: Vec<_> = codes.map(|code| row(waits(code))).into_iter().chain([row(Link::Unopened)]).collect();
    let told: Vec<(String, String, String)> = sign_ins(&rows, CLOCK).into_iter().map(|need| (need.head, need.text, need.since)).collect();
    let line = |head: &str| (head.to_owned(), "The token expired.".to_owned(), "since 13:41".to_owned());
    assert_eq!(told, [line("Sign in to staging-eu"), line("staging-eu wants to run a program"), line("staging-eu wants to send a file")]);
}

#[test]
fn a_sign_in_that_waits_since_another_day_says_which() {
    let why = Fault::new(FaultCode::SignIn, "The token expired.");
    let row = Rc::new(ContextRow { link: Link::NeedsYou { since: Timestamp(49_260_000), why }, ..context_sample("staging-eu") });
    let clock = Clock { now: Timestamp(CLOCK.now.0 + 3 * 86_400_000), ..CLOCK };
    assert_eq!(sign_ins(std::slice::from_ref(&row), clock)[0].since, "since 1 Jan 13:41");
    let text = needs(&[], &[], &[row], &[], &[], clock)[0].text.clone();
    assert_eq!(text, "The token expired. Waiting since 1 Jan 13:41. KOS opens no browser by itself.");
}
