//! What does the page know of what all machines of a cluster share?

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Something that is made once for a cluster, on the time line of its machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedLane {
    pub what: Shared,
    /// From then on it waits for what has to be there before.
    pub asked: Timestamp,
    /// When its making began; `None` while it waits.
    pub began: Option<Timestamp>,
    /// When it was there; what was once there stays so, whatever becomes of it.
    pub made: Option<Timestamp>,
    /// Since when it is not there any more, although it was.
    pub lost: Option<Timestamp>,
}

/// In the order in which they are needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Shared {
    /// In front of the control planes.
    LoadBalancer,
    /// What else the provider makes for a cluster before its machines, by its kind: `DevCluster`.
    Infrastructure { kind: String },
    /// What is put into the cluster once its API server answers: `kindnet`.
    AddOn { name: String },
}

/// How far it is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedState {
    Waits,
    Making,
    There,
    Lost,
}

impl SharedLane {
    /// As it was at a moment; `None` before anybody asked for it.
    pub fn at(&self, moment: Timestamp) -> Option<Self> {
        let by_then = |at: Option<Timestamp>| at.filter(|at| *at <= moment);
        let then = || Self { began: by_then(self.began), made: by_then(self.made), lost: by_then(self.lost), ..self.clone() };
        (self.asked <= moment).then(then)
    }

    pub fn state(&self) -> SharedState {
        match (self.began, self.made, self.lost) {
            (_, _, Some(_)) => SharedState::Lost,
            (_, Some(_), None) => SharedState::There,
            (Some(_), None, None) => SharedState::Making,
            (None, None, None) => SharedState::Waits,
        }
    }
}
