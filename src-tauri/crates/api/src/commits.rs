//! How does what runs become a commit, and which differences are accepted?
//!
//! A commit is planned first; making it names the digest of that plan. Nothing is ever pushed.

use serde::{Deserialize, Serialize};

use crate::{
    Fault,
    call::Call,
    changes::ClusterAt,
    definitions::{FilesPlan, ObjectName},
};

/// Asks what a commit of what runs would be: its files, its branch, who makes it. Writes nothing, and git runs nothing of
/// the checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCommit {
    pub at: ClusterAt,
    /// None means all that differ.
    pub objects: Vec<ObjectName>,
}
impl Call for PlanCommit {
    const NAME: &'static str = "plan_commit";
    type Reply = CommitPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitPlan {
    /// Names these texts on top of that commit.
    pub digest: String,
    /// The same files, which can be written without a commit too.
    pub files: FilesPlan,
    /// `main`.
    pub branch: String,
    /// `Jo Doe <jo@acme.dev>`.
    pub by: String,
    /// What could be said of it; the user may say something else.
    pub message: String,
    pub rendered: Rendered,
}

/// What a dry run says of the files as they will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rendered {
    /// They make this cluster as it runs.
    Same,
    /// So many fields differ still.
    Differs(u32),
    Unknown(Fault),
}

/// Writes the files that a plan showed and commits them, and nothing else, on the branch that is checked out. Nothing is
/// pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitFiles {
    pub at: ClusterAt,
    pub objects: Vec<ObjectName>,
    /// Of the plan that was shown.
    pub digest: String,
    pub message: String,
}
impl Call for CommitFiles {
    const NAME: &'static str = "commit_files";
    type Reply = Committed;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// In full.
    pub commit: String,
    pub branch: String,
    /// As shown.
    pub files: Vec<String>,
}

/// Shows a difference no more until either side changes; both stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptDrift {
    pub at: ClusterAt,
    pub object: ObjectName,
    /// Of the row that was shown.
    pub seen: String,
}
impl Call for AcceptDrift {
    const NAME: &'static str = "accept_drift";
    type Reply = crate::Done;
}

/// Shows an accepted difference again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDrift {
    pub at: ClusterAt,
    pub object: ObjectName,
}
impl Call for ShowDrift {
    const NAME: &'static str = "show_drift";
    type Reply = crate::Done;
}
