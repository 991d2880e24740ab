//! Which clusters of this machine manage others?

use std::collections::BTreeMap;

use api::local::Purpose;

use super::{Known, Survey, named_by_kind};

/// What is known of whether a cluster manages others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Manages {
    /// Cluster API was seen there.
    Seen,
    /// The job of KOS that made it was for this.
    Made(Purpose),
    #[default]
    NotTold,
}

/// Whether a cluster manages others; pure.
///
/// One that nobody tells of does when it was given the socket of Docker, which only Docker's provider needs. That provider
/// gives it to the machines of its own clusters as well, so they are not judged by it.
pub fn manages(name: &str, survey: &Survey, known: &BTreeMap<String, Known>) -> bool {
    match known.get(name).map(|known| known.manages).unwrap_or_default() {
        Manages::Seen | Manages::Made(Purpose::Manages) => true,
        Manages::Made(Purpose::Plain) => false,
        Manages::NotTold => {
            let mut nodes = survey.containers.iter().filter(|one| one.cluster == name);
            let is_of_kind = nodes.clone().all(|one| named_by_kind(name, one));
            is_of_kind && nodes.any(|one| has_socket(&one.id, survey) == Some(true))
        }
    }
}

/// Whether the socket of Docker is mounted into a container, as far as docker says anything of it.
pub(super) fn has_socket(id: &str, survey: &Survey) -> Option<bool> {
    let one = survey.inspected.iter().find(|one| one.id == id)?;
    Some(one.host_paths.iter().any(|path| path.ends_with("docker.sock")))
}

#[cfg(test)]
mod tests;
