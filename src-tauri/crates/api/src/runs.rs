//! What does KOS keep of the making of a cluster, also when the cluster is gone?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ContextId, Row, RowId, Timestamp,
    call::Call,
    capi::{EventRow, LaneGroup, LeaveBar},
    shared::SharedLane,
    upgrading::RunMachine,
};

/// A run in the list: the life of one cluster as KOS saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// The uid of its Cluster: another one of the same name is another run.
    pub id: String,
    pub namespace: String,
    pub name: String,
    pub class: String,
    pub version: String,
    /// All that were made, also those that were replaced.
    pub machines: u32,
    pub started: Timestamp,
    /// When it was first seen available.
    pub available: Option<Timestamp>,
    /// When its Cluster was seen to be gone.
    pub gone: Option<Timestamp>,
}

impl Row for RunRow {
    fn id(&self) -> RowId {
        RowId(self.id.clone())
    }
}

/// A run as it is kept: enough to draw its lanes at any moment of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub row: RunRow,
    pub machines: Vec<KeptMachine>,
    /// What its machines share, in its order; nothing in a run that was kept before KOS noted it.
    #[serde(default)]
    pub shared: Vec<SharedLane>,
    /// The newest first.
    pub events: Vec<EventRow>,
    /// The newest upgrade that was seen.
    #[serde(default)]
    pub upgrade: Option<KeptUpgrade>,
}

/// What was seen of an upgrade: machines that are gone have their names nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptUpgrade {
    pub from: String,
    pub to: String,
    pub began: Timestamp,
    pub ended: Option<Timestamp>,
    /// By the uid of each.
    pub machines: BTreeMap<String, RunMachine>,
}

/// When a machine took its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMachine {
    pub uid: String,
    pub name: String,
    pub group: LaneGroup,
    pub created: Timestamp,
    /// When each step ended, in the order of [`crate::capi::MachineStep::ALL`].
    pub ends: [Option<Timestamp>; 7],
    /// When the controllers were seen to have given up on it.
    pub failed: Option<Timestamp>,
    /// What its deletion waited for, as it was seen last; nothing in a run that was kept before KOS noted it.
    #[serde(default)]
    pub leaves: Vec<LeaveBar>,
    pub gone: Option<Timestamp>,
}

/// Reads one kept run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRun {
    pub context: ContextId,
    pub id: String,
}
impl Call for ReadRun {
    const NAME: &'static str = "read_run";
    type Reply = Run;
}
