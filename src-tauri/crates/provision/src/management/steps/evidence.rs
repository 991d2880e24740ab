//! Whose containers are these?
//!
//! Before kind is started, the job writes its configuration into its own folder, after it has seen that no container has
//! the name. So containers are this job's when that file is there and they are not older than it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use api::{Fault, FaultCode, Timestamp};

use super::home::at_home;
use crate::World;
use crate::diagnose::Doing;
use crate::management::Order;
use crate::programs::docker::{self, Container};

/// Docker Desktop's machine has a clock of its own, and `docker ps` tells whole seconds.
const CLOCKS_DIFFER_MS: u64 = 60_000;

/// The containers that have the name, in the Docker in which the job began.
pub(in crate::management) async fn containers(world: &World, order: &Order, doing: Doing) -> Result<Vec<Container>, Fault> {
    at_home(world, order).await?;
    let out = crate::run::docker(world.programs.as_ref(), docker::list(Some(order.name.as_str())), doing, order.name.as_str()).await?;
    // The filter of docker is trusted with the speed, not with what may be deleted.
    Ok(docker::containers(&out).into_iter().filter(|c| c.cluster == order.name.as_str()).collect())
}

/// When the job began to make the cluster, `None` when it never did.
pub(in crate::management) fn began(config_file: &Path) -> Option<Timestamp> {
    let written = std::fs::symlink_metadata(config_file).ok()?.mtime();
    u64::try_from(written).ok().map(|seconds| Timestamp(seconds.saturating_mul(1_000)))
}

/// The first container that is not this job's.
pub(in crate::management) fn foreign(containers: &[Container], began: Option<Timestamp>) -> Option<&Container> {
    let Some(began) = began else { return containers.first() };
    containers.iter().find(|c| c.created.is_some_and(|created| created.0.saturating_add(CLOCKS_DIFFER_MS) < began.0))
}

/// What is said instead of touching it.
pub(in crate::management) fn not_ours(order: &Order, container: &Container) -> Fault {
    let sentence = format!("Nothing was done to the cluster {}: its container {} was not made by this job.", order.name, container.name);
    Fault::new(FaultCode::Changed, sentence).unharmed("The container stays as it is.")
}
