use api::{Timestamp, computer::CheckRow, jobs::Words, local::Role};

use super::*;

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
    Rc::new(LocalRow {
        name: "lab-b".into(),
        order: 0,
        role,
        state,
        nodes: vec![],
        version: String::new(),
        created: None,
        context: context.map(ContextId::from),
        cpu_milli: None,
        memory_bytes: None,
        job: None,
    })
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
    let all = needs(jobs, local, &[], checks, &[], Zone(0));
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
    check(&[job(JobState::Interrupted { step: 2 })], &[], &[], &[("Create lab-b was interrupted", Lead::Job("7".into()))]);
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
