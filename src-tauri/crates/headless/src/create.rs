//! How is the whole way gone by one command?
//!
//! The plan is printed first; only then, and only when told so, its job starts, and is printed change by change.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use api::files::Severity;
use api::jobs::{ContinueJob, JobRow, JobState, JobView, PlanView};
use api::local::{CreateManagement, ManagementSpec, PlanManagement, SuggestManagement, Suggestion};
use api::{Fault, JobId, Pull, Request, Topic};
use engine::{Encoding, Engine};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::arguments::Go;

const WAIT_MS: u32 = 20_000;

/// Rows of a stream as JSON.
#[derive(Deserialize)]
enum Batch<R> {
    Snapshot { at: u64, rows: Vec<R> },
    Delta { at: u64, set: Vec<R> },
}

/// Ends with 0 when all that was asked for is done.
pub(crate) async fn all(engine: &Engine, spec: Option<&Path>, go: Go) -> Result<ExitCode> {
    let job = match go {
        Go::Continue => continued(engine).await?,
        // Without a spec it would choose other names, and leave what was begun where it is.
        Go::Start if spec.is_none() && cut_off(engine).await?.is_some() => {
            bail!("a job was cut off: go on with it by create-all --continue, or name other clusters with --spec");
        }
        Go::Show | Go::Start => match planned(engine, spec, go).await? {
            Some(job) => job,
            None => return Ok(ExitCode::SUCCESS),
        },
    };
    say(&json!({ "job": job }));
    // Who ends it leaves the job where it is: its programs go on, and --continue follows them.
    let ended = tokio::select! {
        ended = followed(engine, job) => ended?,
        _ = tokio::signal::ctrl_c() => return Ok(ExitCode::FAILURE),
    };
    Ok(if ended == JobState::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Shows the plan; starts it when it was told to and nothing stands in the way.
async fn planned(engine: &Engine, file: Option<&Path>, go: Go) -> Result<Option<JobId>> {
    let spec: ManagementSpec = match file {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
            serde_json::from_str(&text).with_context(|| format!("{} is no spec as create-all prints it", file.display()))?
        }
        None => {
            let suggestion: Suggestion = asked(engine, Request::SuggestManagement(SuggestManagement)).await?;
            ManagementSpec { workload: Some(suggestion.workload), ..suggestion.spec }
        }
    };
    let plan: PlanView = asked(engine, Request::PlanManagement(PlanManagement { spec: spec.clone() })).await?;
    say(&json!({ "spec": spec, "plan": plan }));
    if let Some(obstacle) = plan.obstacles.iter().find(|obstacle| obstacle.severity == Severity::Unusable) {
        return Err(told(&obstacle.why));
    }
    match go {
        Go::Show | Go::Continue => Ok(None),
        Go::Start => Ok(Some(asked(engine, Request::CreateManagement(CreateManagement { spec, seen: plan.seen })).await?)),
    }
}

/// The newest job that was cut off.
async fn cut_off(engine: &Engine) -> Result<Option<JobId>> {
    let rows: Vec<JobRow> = next(engine, Topic::Jobs).await?;
    let cut = rows.into_iter().filter(|row| matches!(row.state, JobState::Interrupted { .. })).max_by_key(|row| row.started);
    Ok(cut.map(|row| row.id))
}

/// Goes on with it.
async fn continued(engine: &Engine) -> Result<JobId> {
    let job = cut_off(engine).await?.context("no job was cut off")?;
    asked::<api::Done>(engine, Request::ContinueJob(ContinueJob { job: job.clone() })).await?;
    Ok(job)
}

/// Prints each change of a job until it has come to an end.
async fn followed(engine: &Engine, job: JobId) -> Result<JobState> {
    let stream = engine.subscribe(Topic::Job(job)).await.map_err(|fault| told(&fault))?;
    let mut cursor = 0;
    loop {
        let bytes = engine.pull_as(Pull { stream, cursor, wait_ms: WAIT_MS }, Encoding::Json).await.map_err(|fault| told(&fault))?;
        let (at, rows) = rows::<JobView>(&bytes)?;
        if at == cursor {
            continue;
        }
        cursor = at;
        for view in rows {
            say(&json!({ "view": view }));
            match view.row.state {
                JobState::Running | JobState::Undoing { .. } | JobState::Interrupted { .. } => {}
                end @ (JobState::Done
                | JobState::Failed { .. }
                | JobState::Undone
                | JobState::UndoFailed { .. }
                | JobState::Kept
                | JobState::Damaged { .. }) => return Ok(end),
            }
        }
    }
}

async fn next<R: DeserializeOwned>(engine: &Engine, topic: Topic) -> Result<Vec<R>> {
    let stream = engine.subscribe(topic).await.map_err(|fault| told(&fault))?;
    let bytes = engine.pull_as(Pull { stream, cursor: 0, wait_ms: WAIT_MS }, Encoding::Json).await.map_err(|fault| told(&fault))?;
    Ok(rows(&bytes)?.1)
}

fn rows<R: DeserializeOwned>(bytes: &[u8]) -> Result<(u64, Vec<R>)> {
    Ok(match serde_json::from_slice(bytes)? {
        Batch::Snapshot { at, rows } => (at, rows),
        Batch::Delta { at, set } => (at, set),
    })
}

async fn asked<T: DeserializeOwned>(engine: &Engine, request: Request) -> Result<T> {
    let bytes = engine.call(request).await.map_err(|fault| told(&fault))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// A fault as one line of JSON on standard output, and its sentence as the error.
fn told(fault: &Fault) -> anyhow::Error {
    say(&json!({ "fault": fault }));
    anyhow::anyhow!("{fault}")
}

fn say(line: &Value) {
    println!("{line}");
}
