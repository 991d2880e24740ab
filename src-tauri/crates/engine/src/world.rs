//! What stands below a realm: the real machine, or a simulated one?
//!
//! Everything above works through these seams and cannot tell the difference.

use std::path::PathBuf;
use std::sync::Arc;

use cluster::clock::Clock;
use cluster::dial::Dial;
use cluster::trust::Trust;
use tools::Programs;

/// The seams of one world.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) programs: Arc<dyn Programs>,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) trust: Arc<Trust>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) machine: Machine,
}

/// Who knows what this computer has.
#[derive(Clone)]
pub(crate) enum Machine {
    Real(Arc<tools::Machine>),
}

impl World {
    /// Folders of the PATH in which programs are looked for; asks the login shell once.
    pub(crate) async fn path(&self) -> Vec<PathBuf> {
        match &self.machine {
            Machine::Real(machine) => machine.path_report().await.folders,
        }
    }
}
