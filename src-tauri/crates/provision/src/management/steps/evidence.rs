//! Whose containers are these?
//!
//! Before kind is started, the job writes its configuration into its own folder, after it has seen that no container has
//! the name. As soon as kind is over, the job writes beside it which containers there are: these are its own, and one that
//! has the name later is not. Where nobody saw the end of kind, those are its own that were made while kind worked, from its
//! configuration to its last word.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use api::{Fault, FaultCode, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::create::write_private;
use crate::World;
use crate::diagnose::Doing;
use crate::home::at_home;
use crate::management::Order;
use crate::programs::docker::{self, Container};

/// Docker Desktop's machine has a clock of its own, and `docker ps` tells whole seconds.
const CLOCKS_DIFFER_MS: u64 = 60_000;
/// A `docker run` that was in flight when kind was killed may still make its container.
pub(super) const LATE_CONTAINER: Duration = Duration::from_secs(1);
/// How the names of the files begin into which kind speaks.
const OUTPUT: &str = "kind-create-";

/// What tells this job's containers from others of the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::management) struct Evidence {
    ids: BTreeSet<String>,
    /// When kind began and said its last word; `None` when the ids are known to be all.
    worked: Option<(Timestamp, Timestamp)>,
}

/// What was there when kind was over.
#[derive(Debug, Serialize, Deserialize)]
enum Sighted {
    All(BTreeSet<String>),
    AtLeast(BTreeSet<String>),
}

/// How kind came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// By itself: it makes nothing any more.
    Ended,
    /// What it had asked docker for may come later.
    Stopped,
}

impl Evidence {
    /// `None` when kind was never started: then whatever has the name is somebody else's.
    pub(in crate::management) fn of(order: &Order) -> Option<Self> {
        let worked = Some((began(&order.config_file())?, last_word(&order.folder)?));
        let sighted = fs::read(order.containers_file()).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Some(match sighted {
            Some(Sighted::All(ids)) => Self { ids, worked: None },
            Some(Sighted::AtLeast(ids)) => Self { ids, worked },
            None => Self { ids: BTreeSet::new(), worked },
        })
    }

    fn holds(&self, container: &Container) -> bool {
        let while_it_worked = |(began, ended): (Timestamp, Timestamp)| {
            let within = |made: Timestamp| !is_before(made, began) && !is_before(ended, made);
            container.created.is_none_or(within)
        };
        self.ids.contains(&container.id) || self.worked.is_some_and(while_it_worked)
    }
}

/// By more than clocks differ.
fn is_before(one: Timestamp, other: Timestamp) -> bool {
    one.0.saturating_add(CLOCKS_DIFFER_MS) < other.0
}

/// The containers that have the name, in the Docker in which the job began.
pub(in crate::management) async fn containers(world: &World, order: &Order, doing: Doing) -> Result<Vec<Container>, Fault> {
    at_home(world, &order.docker).await?;
    let out = crate::run::docker(world.programs.as_ref(), docker::list(Some(order.name.as_str())), doing, order.name.as_str()).await?;
    // The filter of docker is trusted with the speed, not with what may be deleted.
    Ok(docker::containers(&out).into_iter().filter(|c| c.cluster == order.name.as_str()).collect())
}

/// When the job began to make the cluster, `None` when it never did.
pub(in crate::management) fn began(config_file: &Path) -> Option<Timestamp> {
    written(config_file)
}

/// kind writes its output itself, also after KOS is gone.
fn last_word(folder: &Path) -> Option<Timestamp> {
    let files = fs::read_dir(folder).ok()?.flatten();
    files.filter(|file| file.file_name().to_string_lossy().starts_with(OUTPUT)).filter_map(|file| written(&file.path())).max()
}

fn written(file: &Path) -> Option<Timestamp> {
    let written = fs::symlink_metadata(file).ok()?.mtime();
    u64::try_from(written).ok().map(|seconds| Timestamp(seconds.saturating_mul(1_000)))
}

/// Where kind speaks into in an attempt.
pub(super) fn output(order: &Order, attempt: u32) -> PathBuf {
    order.folder.join(format!("{OUTPUT}{attempt}.log"))
}

/// Writes down which containers there are now that kind is over. Where docker or the disk does not let it, the time decides.
pub(super) async fn sight(world: &World, order: &Order, over: Over) {
    let mut found = containers(world, order, Doing::Create(None)).await;
    // Somebody else may have killed it in the middle.
    if over == Over::Ended && found.as_ref().is_ok_and(|found| found.len() < order.containers()) {
        sleep(LATE_CONTAINER).await;
        found = containers(world, order, Doing::Create(None)).await;
    }
    let Ok(found) = found else { return };
    let ids = found.into_iter().map(|container| container.id).collect();
    let sighted = match over {
        Over::Ended => Sighted::All(ids),
        Over::Stopped => Sighted::AtLeast(ids),
    };
    if let Ok(text) = serde_json::to_vec(&sighted) {
        let _ = write_private(&order.containers_file(), &text);
    }
}

/// The first container that is not this job's.
pub(in crate::management) fn foreign<'a>(containers: &'a [Container], evidence: Option<&Evidence>) -> Option<&'a Container> {
    containers.iter().find(|container| !evidence.is_some_and(|evidence| evidence.holds(container)))
}

/// The first container that is older than the job: machines of its workload cluster come at any time after.
pub(in crate::management) fn older(containers: &[Container], began: Option<Timestamp>) -> Option<&Container> {
    let Some(began) = began else { return containers.first() };
    containers.iter().find(|container| container.created.is_some_and(|created| is_before(created, began)))
}

/// What is said instead of touching it.
pub(in crate::management) fn not_ours(order: &Order, container: &Container) -> Fault {
    let sentence = format!("Nothing was done to the cluster {}: its container {} was not made by this job.", order.name, container.name);
    Fault::new(FaultCode::Changed, sentence).unharmed("The container stays as it is.")
}
