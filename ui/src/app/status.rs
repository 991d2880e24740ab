//! What does the line at the bottom say of a view?
//!
//! Pure: what is known comes in, words go out. Start at: [`said`].

use std::rc::Rc;

use api::{
    Fault,
    computer::{CheckRow, DockerState, Verdict},
    contexts::{ContextRow, Link},
    jobs::{JobRow, JobState, StepMark},
    settings::{SettingsView, Writes},
};
use yew::AttrValue;

use crate::{
    model::{
        clock::Clock,
        fleet,
        jobs::speech,
        needs::asks,
        route::Route,
        time::{latency, plural},
    },
    shell::{
        status_line::{Lead, Said},
        world::World,
    },
    widgets::{Pic, State},
};

/// What the line can tell of.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The context of the view.
    pub context: Option<Rc<ContextRow>>,
    pub contexts: Vec<Rc<ContextRow>>,
    pub jobs: Vec<Rc<JobRow>>,
    pub checks: Vec<Rc<CheckRow>>,
    pub docker: DockerState,
    pub settings: Option<Rc<SettingsView>>,
    /// The engine cannot be reached.
    pub broken: Option<Fault>,
    pub clock: Clock,
}

impl Known {
    pub fn of(world: &World, context: Option<Rc<ContextRow>>) -> Self {
        Self {
            context,
            contexts: world.contexts.rows(),
            jobs: world.jobs.rows(),
            checks: world.checks.rows(),
            docker: world.computer.one().map(|c| c.docker.clone()).unwrap_or_default(),
            settings: world.settings.one(),
            broken: world.contexts.broken(),
            clock: world.clock(),
        }
    }
}

/// Tables a view of a context keeps live: the kinds of its sidebar.
const WATCHED: usize = 3;

/// Connection or Docker, what the view is about, jobs, the version.
pub fn said(route: &Route, known: &Known) -> Vec<Said> {
    let mut all: Vec<Option<Said>> = match &known.context {
        Some(row) => vec![Some(connection(row, known.clock)), watching(route, row), running(&known.jobs)],
        None => vec![docker(&known.docker)],
    };
    all.extend(match route {
        Route::Fleet | Route::States | Route::Trust(_) | Route::Delete(_) => vec![stale(known), live(&known.contexts), running(&known.jobs)],
        Route::NewCluster(_) => vec![Some(plain("Draft is kept"))],
        Route::Create | Route::AddCluster => vec![running(&known.jobs)],
        Route::Job(id) => job(known.jobs.iter().find(|j| j.id == *id), &known.jobs),
        Route::Jobs => vec![Some(jobs(&known.jobs, &known.contexts))],
        Route::Doctor => vec![checks(&known.checks)],
        Route::Settings(_)
        | Route::Table { .. }
        | Route::Object { .. }
        | Route::Clusters(_)
        | Route::Cluster { .. }
        | Route::Ask { .. }
        | Route::Upgrade { .. } => vec![],
        Route::Machines(_) | Route::Machine { .. } | Route::Classes(_) | Route::Class { .. } | Route::Providers(_) => vec![],
        Route::Runs(_) | Route::Run { .. } => vec![Some(plain("Kept on this computer"))],
    });
    let read_only = known.settings.as_ref().is_some_and(|view| view.choices.writes == Writes::Refused);
    all.push(read_only.then(|| Said { lead: Lead::Icon(Pic::Lock), words: "Read-only".into() }));
    let trouble = known.settings.as_ref().and_then(|view| view.trouble.as_ref()).filter(|_| !matches!(route, Route::Settings(_)));
    all.push(trouble.map(|fault| state(State::Warning, fault.sentence.clone())));
    all.push(known.broken.as_ref().map(|fault| state(State::Failed, fault.sentence.clone())));
    if known.context.is_none() {
        all.push(Some(plain(concat!("KOS ", env!("CARGO_PKG_VERSION")))));
    }
    if let (Route::Settings(_), Some(view)) = (route, &known.settings) {
        all.push(Some(plain(format!("Kept in {}", view.file))));
    }
    all.into_iter().flatten().collect()
}

/// The same with what the page itself says, behind the connection.
pub fn about(mut all: Vec<Said>, page: &[Said]) -> Vec<Said> {
    let behind = all.len().min(1);
    all.splice(behind..behind, page.iter().cloned());
    all
}

fn state(state: State, words: impl Into<AttrValue>) -> Said {
    Said { lead: Lead::State(state), words: words.into() }
}

fn plain(words: impl Into<AttrValue>) -> Said {
    Said { lead: Lead::None, words: words.into() }
}

fn connection(row: &ContextRow, clock: Clock) -> Said {
    let words = match &row.link {
        Link::Unopened => "Not connected".into(),
        Link::Opening { .. } => "Connecting".into(),
        Link::Live { latency: l, .. } => format!("Live, {}", latency(*l)),
        Link::Stale { since, .. } => format!("Stale since {}", clock.moment(*since)),
        Link::Unreachable { .. } => "Unreachable".into(),
        Link::NeedsYou { .. } => "Waits for you".into(),
    };
    state(fleet::badge(&row.link), words)
}

fn watching(route: &Route, row: &ContextRow) -> Option<Said> {
    (matches!(route, Route::Table { .. } | Route::Object { .. }) && matches!(row.link, Link::Live { .. })).then(|| plain(format!("Watching {WATCHED} kinds")))
}

fn docker(docker: &DockerState) -> Option<Said> {
    Some(match docker {
        DockerState::NotAsked => return None,
        DockerState::Running { version, .. } => state(State::Healthy, format!("Docker {version}")),
        DockerState::NotInstalled => state(State::Warning, "Docker is not installed"),
        DockerState::Stopped { .. } => state(State::Warning, "Docker is stopped"),
        DockerState::NoPermission { .. } => state(State::Warning, "You may not use Docker"),
        DockerState::Unreachable { .. } => state(State::Warning, "Docker does not answer"),
    })
}

fn stale(known: &Known) -> Option<Said> {
    let mut lost = known.contexts.iter().filter_map(|c| if let Link::Stale { since, .. } = c.link { Some((c, since)) } else { None });
    let (first, since) = lost.next()?;
    Some(match lost.count() {
        0 => state(State::Stale, format!("{} stale since {}", first.name, known.clock.moment(since))),
        more => state(State::Stale, format!("{} contexts stale", more + 1)),
    })
}

fn live(contexts: &[Rc<ContextRow>]) -> Option<Said> {
    let live = contexts.iter().filter(|c| matches!(c.link, Link::Live { .. })).count();
    Some(match (contexts.len(), live) {
        (0, _) => state(State::Idle, "No contexts"),
        (_, 0) => state(State::Idle, "No context is open"),
        (_, live) => Said { lead: Lead::Icon(Pic::Zap), words: format!("{} live", plural(live, "context", "contexts")).into() },
    })
}

/// `1 job: Create lab-b, step 7 of 9`.
fn running(jobs: &[Rc<JobRow>]) -> Option<Said> {
    let running: Vec<_> = jobs.iter().filter(|j| runs(j)).collect();
    let first = running.first()?;
    let place = match first.marks.iter().position(|m| *m == StepMark::Running) {
        Some(at) => format!(", step {} of {}", at + 1, first.marks.len()),
        None => String::new(),
    };
    Some(state(State::Progress, format!("{}: {}{place}", plural(running.len(), "job", "jobs"), speech::brief(&first.title).plain())))
}

fn runs(job: &JobRow) -> bool {
    matches!(job.state, JobState::Running | JobState::Undoing { .. })
}

/// The job of the page; one that was cut off stands for all that were.
fn job(this: Option<&Rc<JobRow>>, all: &[Rc<JobRow>]) -> Vec<Option<Said>> {
    match this.map(|job| (&job.state, speech::brief(&job.title).plain())) {
        Some((JobState::Failed { .. }, title)) => vec![Some(state(State::Failed, format!("1 job stopped: {title}")))],
        Some((JobState::UndoFailed { .. }, title)) => vec![Some(state(State::Failed, format!("Undo stopped: {title}")))],
        Some((JobState::Damaged { .. }, title)) => vec![Some(state(State::Failed, format!("Journal damaged: {title}")))],
        Some((JobState::Interrupted { .. }, _)) => {
            let cut = all.iter().filter(|j| matches!(j.state, JobState::Interrupted { .. })).count();
            let going = running(all).unwrap_or_else(|| plain("Nothing runs"));
            vec![Some(state(State::Warning, format!("{} interrupted", plural(cut, "job", "jobs")))), Some(going)]
        }
        Some((JobState::Running | JobState::Undoing { .. } | JobState::Done | JobState::Undone | JobState::Kept, _)) | None => vec![running(all)],
    }
}

/// `2 jobs run, 2 need you`.
fn jobs(all: &[Rc<JobRow>], contexts: &[Rc<ContextRow>]) -> Said {
    let waits = |job: &&Rc<JobRow>| matches!(job.state, JobState::Interrupted { .. } | JobState::UndoFailed { .. } | JobState::Damaged { .. });
    let (run, wait) = (all.iter().filter(|j| runs(j)).count(), all.iter().filter(waits).count() + contexts.iter().filter(|row| asks(row)).count());
    let needs = |n: usize| format!("{n} {} you", if n == 1 { "needs" } else { "need" });
    match (run, wait) {
        (0, 0) => state(State::Idle, "No job runs"),
        (0, wait) => state(State::Warning, format!("No job runs, {}", needs(wait))),
        (run, 0) => state(State::Progress, format!("{} {}", plural(run, "job", "jobs"), if run == 1 { "runs" } else { "run" })),
        (run, wait) => state(State::Progress, format!("{} {}, {}", plural(run, "job", "jobs"), if run == 1 { "runs" } else { "run" }, needs(wait))),
    }
}

/// `Doctor: 1 failed, 1 warning`.
fn checks(rows: &[Rc<CheckRow>]) -> Option<Said> {
    let count = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let (failed, warned, passed) = (count(Verdict::Failed), count(Verdict::Warning), count(Verdict::Passed));
    Some(match (failed, warned) {
        (0, 0) if passed == 0 => return None,
        (0, 0) => state(State::Healthy, format!("Doctor: {} passed", plural(passed, "check", "checks"))),
        (0, warned) => state(State::Warning, format!("Doctor: {}", plural(warned, "warning", "warnings"))),
        (failed, 0) => state(State::Failed, format!("Doctor: {failed} failed")),
        (failed, warned) => state(State::Failed, format!("Doctor: {failed} failed, {}", plural(warned, "warning", "warnings"))),
    })
}

#[cfg(test)]
mod tests;
