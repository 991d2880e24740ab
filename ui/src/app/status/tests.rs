use api::{FaultCode, JobId, Millis, Timestamp, computer::CheckId, jobs::Words};

use super::*;
use crate::model::{samples, settings::Section};

const NOW: Timestamp = Timestamp(14 * 3_600_000 + 120_000);

fn context(name: &str, link: Link) -> Rc<ContextRow> {
    Rc::new(ContextRow { link, ..samples::context(name) })
}

fn live(name: &str) -> Rc<ContextRow> {
    context(name, Link::Live { since: NOW, latency: Millis(18) })
}

fn job(id: &str, state: JobState, marks: &[StepMark]) -> Rc<JobRow> {
    Rc::new(JobRow {
        id: JobId::from(id),
        title: Words::said("Create ").mono("lab-b"),
        detail: Words::default(),
        state,
        marks: marks.to_vec(),
        place: String::new(),
        started: NOW,
        ended: None,
    })
}

fn check(verdict: Verdict) -> Rc<CheckRow> {
    Rc::new(CheckRow {
        id: CheckId::Docker,
        title: String::new(),
        verdict,
        matters: String::new(),
        found: String::new(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    })
}

fn base() -> Known {
    Known { docker: DockerState::Running { version: "28.1.1".into(), answer_ms: 3 }, ..Known::default() }
}

/// The words of the line without the version, which changes.
fn line(route: &Route, known: &Known) -> String {
    let words: Vec<String> = said(route, known).iter().map(|s| s.words.to_string()).filter(|w| !w.starts_with("KOS ")).collect();
    words.join(" | ")
}

fn why() -> Fault {
    Fault::new(FaultCode::Unreachable, "It does not answer.")
}

#[test]
fn the_fleet_says_docker_contexts_and_the_job_that_runs() {
    let running = job("a", JobState::Running, &[StepMark::Done, StepMark::Running, StepMark::Waiting]);
    let known = Known { contexts: vec![live("a"), live("b"), context("c", Link::Unopened)], jobs: vec![running], ..base() };
    assert_eq!(line(&Route::Fleet, &known), "Docker 28.1.1 | 2 contexts live | 1 job: Create lab-b, step 2 of 3");
}

#[test]
fn a_machine_without_anything_says_so() {
    let stopped = Known { docker: DockerState::Stopped { said: String::new() }, ..Known::default() };
    assert_eq!(line(&Route::Fleet, &stopped), "Docker is stopped | No contexts");
    let closed = Known { contexts: vec![context("a", Link::Unopened)], ..base() };
    assert_eq!(line(&Route::Fleet, &closed), "Docker 28.1.1 | No context is open");
}

#[test]
fn what_is_wrong_with_the_settings_is_said_outside_of_their_page() {
    let trouble = Fault::new(FaultCode::File, "The settings file cannot be read.");
    let view = SettingsView {
        choices: api::settings::Choices::default(),
        file: "~/.config/kos/settings.yaml".into(),
        trouble: Some(trouble),
        token: api::settings::TokenHeld::No,
    };
    let known = Known { settings: Some(Rc::new(view)), ..base() };
    assert_eq!(line(&Route::Fleet, &known), "Docker 28.1.1 | No contexts | The settings file cannot be read.");
    assert!(!line(&Route::Settings(Section::Appearance), &known).contains("cannot be read"), "its page says more");
}

#[test]
fn a_stale_context_is_named_with_its_hour_and_the_day_when_it_is_another_one() {
    let stale = context("dev-eu", Link::Stale { since: NOW, why: why(), retry_at: NOW });
    let route = Route::Table { context: "dev-eu".into(), kind: api::tables::Kind::Pods, namespace: String::new() };
    for (days, when) in [(0, "14:02"), (3, "1 Jan 14:02")] {
        let clock = Clock { now: Timestamp(NOW.0 + days * 86_400_000), zone_minutes: 0 };
        let known = Known { contexts: vec![stale.clone(), live("b")], clock, ..base() };
        assert_eq!(line(&Route::States, &known), format!("Docker 28.1.1 | dev-eu stale since {when} | 1 context live"));
        assert_eq!(line(&route, &Known { context: Some(stale.clone()), ..known }), format!("Stale since {when}"));
    }
}

#[test]
fn a_context_says_its_connection_and_what_is_watched() {
    let route = Route::Table { context: "a".into(), kind: api::tables::Kind::Pods, namespace: String::new() };
    assert_eq!(line(&route, &Known { context: Some(live("a")), ..base() }), "Live, 18 ms | Watching 3 kinds");
    let asks = context("a", Link::NeedsYou { since: NOW, why: why() });
    assert_eq!(line(&route, &Known { context: Some(asks), ..base() }), "Waits for you");
}

#[test]
fn each_page_of_work_says_what_it_is_about() {
    let failed = job("f", JobState::Failed { step: 2, why: why() }, &[]);
    let (one, two) = (
        job("i", JobState::Interrupted { step: 1, amid: api::jobs::Amid::Run }, &[]),
        job("j", JobState::Interrupted { step: 1, amid: api::jobs::Amid::Run }, &[]),
    );
    let running = job("r", JobState::Running, &[StepMark::Running]);
    let of = |id: &str, jobs: Vec<Rc<JobRow>>| line(&Route::Job(JobId::from(id)), &Known { jobs, ..base() });
    assert_eq!(of("f", vec![failed]), "Docker 28.1.1 | 1 job stopped: Create lab-b");
    assert_eq!(of("i", vec![one.clone(), two.clone()]), "Docker 28.1.1 | 2 jobs interrupted | Nothing runs");
    assert_eq!(of("r", vec![running.clone()]), "Docker 28.1.1 | 1 job: Create lab-b, step 1 of 1");
    assert_eq!(line(&Route::Jobs, &Known { jobs: vec![running.clone(), one, two], ..base() }), "Docker 28.1.1 | 1 job runs, 2 need you");
    let waits = context("staging-eu", Link::NeedsYou { since: NOW, why: Fault::new(FaultCode::SignIn, "The token expired.") });
    assert_eq!(line(&Route::Jobs, &Known { jobs: vec![running], contexts: vec![waits], ..base() }), "Docker 28.1.1 | 1 job runs, 1 needs you");
    assert_eq!(line(&Route::Jobs, &base()), "Docker 28.1.1 | No job runs");
}

#[test]
fn the_doctor_counts_what_it_found() {
    let of = |verdicts: &[Verdict]| line(&Route::Doctor, &Known { checks: verdicts.iter().map(|v| check(*v)).collect(), ..base() });
    assert_eq!(of(&[Verdict::Failed, Verdict::Warning, Verdict::Passed]), "Docker 28.1.1 | Doctor: 1 failed, 1 warning");
    assert_eq!(of(&[Verdict::Passed, Verdict::Passed]), "Docker 28.1.1 | Doctor: 2 checks passed");
    assert_eq!(of(&[Verdict::NotChecked]), "Docker 28.1.1");
}
