//! What did the invented user do before a scene opens?
//!
//! The job runs as any job does, on a clock that goes faster; nothing of its journal is invented.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use api::jobs::{JobRow, JobState, StepMark};
use api::settings::Choices;
use api::{Fault, FaultCode, Millis, Timestamp};
use jobs::{Jobs, RealDisk, Setup};
use provision::management::{self, Management};
use serde_json::Value;
use sim::Scene;

use crate::home::Home;
use crate::local::{FOLDERS, MANAGEMENT, StoredKinds, empty_spec, places};

/// A scene that does not get there says so instead of a window that never opens.
const LIMIT: Duration = Duration::from_secs(120);

/// How long ago the past of a scene begins; its jobs take less.
pub(super) const AGO: Millis = Millis::seconds(25 * 60);

/// The step at which KOS ends in the scene that is cut off: Cluster API is being installed.
const CUT_AT: usize = 7;

/// How the past of a scene ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its job stops at a step.
    Failed,
    /// KOS ends while its job runs.
    CutOff,
    /// In a way that no scene wants.
    Otherwise,
}

fn end(scene: Scene) -> Option<End> {
    match scene {
        Scene::Fleet | Scene::NoNetwork | Scene::First | Scene::NoDocker | Scene::Empty => None,
        Scene::Failing => Some(End::Failed),
        Scene::CutOff => Some(End::CutOff),
    }
}

/// Where a job has led to; `None` while the past goes on.
fn reached(job: &JobRow) -> Option<End> {
    match job.state {
        JobState::Running if job.marks.get(CUT_AT) == Some(&StepMark::Running) => Some(End::CutOff),
        JobState::Running => None,
        JobState::Failed { .. } => Some(End::Failed),
        JobState::Undoing { .. }
        | JobState::Done
        | JobState::Undone
        | JobState::UndoFailed { .. }
        | JobState::Interrupted { .. }
        | JobState::Kept
        | JobState::Damaged { .. } => Some(End::Otherwise),
    }
}

/// Lives through the past of a scene: what it made stands in the world, what it noted in the home folder.
///
/// Errors: the job could not start, or ended in another way.
pub(super) async fn live(scene: Scene, world: &sim::World, provision: provision::World, home: &Home) -> Result<(), Fault> {
    let Some(end) = end(scene) else { return Ok(()) };
    let clock = world.clock().clone();
    let began = clock.now();
    let told = clock.clone();
    let kinds = Arc::new(StoredKinds { world: provision.clone(), vault: Arc::default() });
    let jobs = Jobs::open(Setup { state: home.state.clone(), kinds, clock: Arc::new(move || told.now()), disk: Arc::new(RealDisk), booted: None }).await?;
    let lived = tokio::time::timeout(LIMIT, clock.hurry(work(&jobs, provision, home))).await;
    // As KOS ends: what runs stays interrupted in its journal.
    jobs.close().await;
    world.end_programs();
    date(&home.state.join(FOLDERS), began).map_err(|cause| not_lived(scene).because("operating system", cause.to_string()))?;
    match lived {
        Ok(Ok(reached)) if reached == end => Ok(()),
        Ok(Err(why)) => Err(why),
        Ok(Ok(_)) | Err(_) => Err(not_lived(scene)),
    }
}

fn not_lived(scene: Scene) -> Fault {
    Fault::new(FaultCode::Bug, format!("The scene {scene} could not be opened.")).unharmed("Nothing real was touched.")
}

/// Dates what jobs wrote back to the past it comes from: what is older than that is not theirs.
fn date(folder: &Path, to: Timestamp) -> std::io::Result<()> {
    let to = UNIX_EPOCH + Duration::from_millis(to.0);
    for job in std::fs::read_dir(folder)? {
        for entry in std::fs::read_dir(job?.path())? {
            // Opened to be read only, because some are folders.
            std::fs::File::open(entry?.path())?.set_modified(to)?;
        }
    }
    Ok(())
}

/// Makes a management cluster until it fails, or is far enough to be cut off.
async fn work(jobs: &Jobs, world: provision::World, home: &Home) -> Result<End, Fault> {
    let places = places(home, &Choices::default())?;
    let spec = management::suggestion(&management::survey(&world, &empty_spec(), &places).await, |_| false).spec;
    let ground = management::survey(&world, &spec, &places).await;
    let order = management::order(&spec, &ground, &places).map_err(|why| Fault::new(FaultCode::Invalid, why.to_string()))?;
    let mut changes = jobs.changes();
    jobs.start(MANAGEMENT, Value::Null, &management::plan(&order), Management::new(world)).await?;
    loop {
        if let Some(end) = jobs.rows().iter().find_map(reached) {
            return Ok(end);
        }
        // It lasts as long as `jobs`.
        if changes.changed().await.is_err() {
            return Ok(End::Otherwise);
        }
    }
}
