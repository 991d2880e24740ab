//! How do the files that define a cluster stand to the cluster that runs?
//!
//! A folder is bound to a cluster once; from then on both are compared, by a server-side apply that is run dry, and either
//! side can be taken. Whatever is written, into the cluster or into a file, was shown before and is named by its digest.

use serde::{Deserialize, Serialize};

use crate::{
    Fault, Row, RowId, Timestamp,
    call::Call,
    changes::{Applied, ClusterAt},
    planned::PlannedObject,
};

/// Which object, whichever version of its API a file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectName {
    /// `cluster.x-k8s.io`, empty for the oldest group.
    pub group: String,
    pub kind: String,
    /// Empty for kinds without.
    pub namespace: String,
    pub name: String,
}

/// Compares a cluster with the definitions in a folder from now on; the folder is only read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindFolder {
    pub at: ClusterAt,
    pub path: String,
}
impl Call for BindFolder {
    const NAME: &'static str = "bind_folder";
    type Reply = crate::Done;
}

/// Compares no longer; folder and cluster stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnbindFolder {
    pub at: ClusterAt,
}
impl Call for UnbindFolder {
    const NAME: &'static str = "unbind_folder";
    type Reply = crate::Done;
}

/// Compares once more: the cluster may have changed while no file did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareAgain {
    pub at: ClusterAt,
}
impl Call for CompareAgain {
    const NAME: &'static str = "compare_again";
    type Reply = crate::Done;
}

/// Asks what applying these objects of the files would write; the server runs it dry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDefinitions {
    pub at: ClusterAt,
    /// None means all that differ.
    pub objects: Vec<ObjectName>,
}
impl Call for PlanDefinitions {
    const NAME: &'static str = "plan_definitions";
    type Reply = DefinitionsPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionsPlan {
    /// Names this plan: these texts of files onto these objects as they are.
    pub digest: String,
    /// In the order in which they are sent: what others refer to comes first.
    pub writes: Vec<PlannedObject>,
    /// `Cluster lab-a: .spec.topology.version is kubectl-edit’s and becomes kos’s.`
    pub takes_over: Vec<String>,
    /// What applying does not do: nothing is ever deleted by it.
    pub stays: Vec<String>,
    pub commands: Vec<String>,
    /// What has to be typed before it is written.
    pub typed: Option<String>,
}

/// Applies what a plan showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyDefinitions {
    pub at: ClusterAt,
    pub objects: Vec<ObjectName>,
    /// Of the plan that was shown.
    pub digest: String,
    pub typed: String,
}
impl Call for ApplyDefinitions {
    const NAME: &'static str = "apply_definitions";
    type Reply = Applied;
}

/// What shall be written into files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileWish {
    /// All that defines a cluster, into one file, or a file for each kind of thing into a folder. An empty path is only shown.
    Export { to: String },
    /// What runs, into the files of the bound folder; none means all that differ.
    Take { objects: Vec<ObjectName> },
}

/// Asks what would be written into files; writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFiles {
    pub at: ClusterAt,
    pub wish: FileWish,
}
impl Call for PlanFiles {
    const NAME: &'static str = "plan_files";
    type Reply = FilesPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesPlan {
    /// Names these texts over those files as they are.
    pub digest: String,
    pub files: Vec<TextChange>,
    /// What is not written, and why: a Secret, what controllers make.
    pub left_out: Vec<String>,
}

/// A file before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextChange {
    /// The path with the home folder written as `~`; empty when nothing is saved.
    pub shown: String,
    /// Empty for a file that is not there yet.
    pub before: String,
    pub after: String,
    pub comments: Comments,
}

/// What becomes of the comments of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comments {
    /// Comments and order stay, or there are none.
    Stay,
    /// A document had to be written anew, without its comments.
    Lost,
}

/// Writes the files that a plan showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveFiles {
    pub at: ClusterAt,
    pub wish: FileWish,
    /// Of the plan that was shown.
    pub digest: String,
}
impl Call for SaveFiles {
    const NAME: &'static str = "save_files";
    type Reply = FilesSaved;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesSaved {
    /// As shown.
    pub files: Vec<String>,
}

/// A row of what is known of a cluster and its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriftPart {
    Head(DriftHead),
    Object(DriftRow),
    /// Something in the folder that is not compared.
    Left(LeftOut),
}

impl Row for DriftPart {
    fn id(&self) -> RowId {
        RowId(match self {
            Self::Head(_) => "head".to_owned(),
            Self::Object(row) => format!("object {}/{}/{}/{}", row.object.group, row.object.kind, row.object.namespace, row.object.name),
            Self::Left(left) => format!("left {}:{}", left.at.file, left.at.line),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftHead {
    /// `None` while no folder is bound.
    pub bound: Option<Bound>,
}

/// The folder of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// With the home folder as `~`.
    pub folder: String,
    /// `None` where the folder is in no git checkout.
    pub checkout: Option<Checkout>,
    pub compared: Compared,
    /// The same for a terminal.
    pub command: String,
}

/// Where a git checkout stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// `~/src/clusters`.
    pub root: String,
    /// The bound folder in it: `lab/lab-a`, empty for all of it.
    pub below: String,
    /// `None` when no branch is checked out.
    pub branch: Option<String>,
    /// In full; empty before the first commit.
    pub commit: String,
    /// When this commit was checked out or made here, and by whom.
    pub at: Option<Timestamp>,
    pub by: String,
    pub tree: WorkTree,
    /// `None` where the branch follows none, or git does not tell.
    pub upstream: Option<Upstream>,
}

/// How a branch stands to the one that it follows, as it was fetched last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// `origin/main`.
    pub name: String,
    /// Commits that only this branch has.
    pub ahead: u32,
    pub behind: u32,
}

/// How the files stand to what git knows of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkTree {
    Clean,
    /// Something is staged for the next commit.
    Staged,
    /// So many files are not as they were staged, or not known to git.
    Changed(u32),
    /// The index of this checkout cannot be read.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compared {
    /// For the first time.
    Comparing,
    At(Timestamp),
    /// The rows are those of the last time that it worked.
    Failed(Fault),
}

/// Where something stands in the bound folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FilePlace {
    /// Below the bound folder: `cluster.yaml`.
    pub file: String,
    /// Counts from 1.
    pub line: u32,
}

/// One object, in a file or in the cluster or in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftRow {
    pub object: ObjectName,
    pub state: DriftState,
    /// `None` for what no file has.
    pub at: Option<FilePlace>,
    pub fields: Vec<FieldDrift>,
    /// Who changed it last of those whose fields differ; who made it where no file has it.
    pub hand: Option<Hand>,
    /// The line of the file in which `text` begins.
    pub first_line: u32,
    /// The document of the file, and the same with what the cluster has; without values of secrets.
    pub text: String,
    pub running: String,
    /// Names what differs, on both sides; empty where nothing does.
    pub seen: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriftState {
    Same,
    Drifted,
    /// It differs, and somebody said that it may.
    Accepted,
    /// In a file, not in the cluster.
    Missing,
    /// In the cluster, in no file.
    Extra,
    /// The server would not take it, or could not be asked.
    Refused(Fault),
}

/// One field on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDrift {
    /// `.spec.topology.workers.machineDeployments[md-0].replicas`.
    pub path: String,
    /// `None` where this side does not have it.
    pub file: Option<String>,
    pub cluster: Option<String>,
    /// Whose field it is in the cluster.
    pub owner: Option<Hand>,
}

/// A manager of fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// `kubectl-edit`.
    pub manager: String,
    pub at: Option<Timestamp>,
}

/// A document that is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub at: FilePlace,
    pub why: LeftWhy,
    /// `Deployment web is not part of a cluster’s definition.`
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeftWhy {
    /// Another kind: nothing is wrong with it.
    OtherKind,
    /// It cannot be read.
    Broken,
    /// A template whose variables have no value.
    Template,
    /// An object that an earlier document defines already.
    Twice,
    /// A bound was reached, or a link leads out of the folder.
    NotRead,
}
