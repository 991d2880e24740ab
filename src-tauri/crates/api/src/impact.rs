//! Who notices when the machines of a cluster are replaced?

use serde::{Deserialize, Serialize};

use crate::{ContextId, call::Call, changes::ClusterAt};

/// Asks a workload cluster which of its pods move, and whether it uses what a version no longer serves; reads once.
///
/// Only a connected cluster whose context is open can be asked: nothing is opened for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskImpact {
    pub at: ClusterAt,
    /// The version that it shall go to.
    pub to: String,
}
impl Call for AskImpact {
    const NAME: &'static str = "ask_impact";
    type Reply = Impact;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// The context that was asked, and its name.
    pub context: ContextId,
    pub name: String,
    pub to: String,
    /// Pods that are started again on another machine; those of every node stay with theirs.
    pub moves: u32,
    /// Of them, those with a second copy that runs meanwhile.
    pub doubled: u32,
    /// The worst first.
    pub notices: Vec<Notice>,
    pub removed: Removed,
    /// What could not be read, in a sentence each.
    pub untold: Vec<String>,
}

/// A pod that somebody misses while it moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `db/postgres-0`.
    pub pod: String,
    pub why: NoticeWhy,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoticeWhy {
    /// A budget lets no copy of it go: the drain waits.
    Held { budget: String },
    /// Nobody makes it again.
    Alone,
    /// It is the only copy.
    OnlyCopy,
}

/// What the cluster uses and the next version does not serve any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Removed {
    Nothing,
    Used(Vec<RemovedApi>),
    /// The API server does not say.
    Untold,
}

/// An API that somebody asked for since the API server started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RemovedApi {
    /// `batch/v1beta1`.
    pub version: String,
    /// `cronjobs`.
    pub resource: String,
    /// `1.25`.
    pub removed_in: String,
}
