//! What does the page know and ask of kubeconfig files?

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, FileId, Row, RowId, call::Call};

/// One kubeconfig file or watched folder, each with a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    pub id: FileId,
    /// The path with the home folder written as `~`.
    pub shown: String,
    pub order: u32,
    pub origin: Origin,
    pub state: FileState,
    /// The file's own `current-context`.
    pub current_context: String,
    pub contexts: u32,
    /// Each names line and cause; the good entries beside them stay usable.
    pub problems: Vec<Problem>,
}

/// Why KOS reads a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// An item of `KUBECONFIG`.
    Environment,
    /// `~/.kube/config`.
    Default,
    /// Added by the user.
    Added,
    /// Found in a watched folder.
    Folder { folder: FileId },
    /// Written by KOS for a cluster it made.
    Made,
    /// Part of the demo fleet; no file on disk.
    Demo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    Good,
    /// Some entries cannot be used; the others can.
    Partly,
    Unreadable,
    Missing,
    /// Another program is writing it; the last good contexts are kept.
    BeingRewritten,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Lint rule, `KC01` and on.
    pub rule: String,
    pub severity: Severity,
    /// 1-based, 0 when unknown.
    pub line: u32,
    /// The entry it is about: `context dev-eu`, empty for the whole file.
    pub entry: String,
    /// A sentence that never contains a value of the file other than names.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Note,
    Risk,
    Unusable,
}

impl Row for FileRow {
    fn id(&self) -> RowId {
        RowId(self.id.0.clone())
    }
}

/// Adds files and folders; a folder is watched for kubeconfigs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddPaths {
    pub paths: Vec<String>,
}
impl Call for AddPaths {
    const NAME: &'static str = "add_paths";
    type Reply = Added;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub files: Vec<FileId>,
    /// One sentence for each path that was already known.
    pub known: Vec<String>,
}

/// Keeps pasted text as a file of its own below KOS's folder, readable by the user alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddText {
    pub name: String,
    pub text: String,
}
impl Call for AddText {
    const NAME: &'static str = "add_text";
    type Reply = Added;
}

/// Takes a file or folder off KOS's list; the file itself stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetPath {
    pub file: FileId,
}
impl Call for ForgetPath {
    const NAME: &'static str = "forget_path";
    type Reply = Done;
}

/// Shows what "Make current for kubectl" would change; writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCurrent {
    pub context: ContextId,
}
impl Call for PlanCurrent {
    const NAME: &'static str = "plan_current";
    type Reply = FileChange;
}

/// A change of a file, before it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    pub file: FileId,
    pub shown: String,
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// First line of `before` and `after` in the file, 1-based.
    pub first_line: u32,
    /// Names the bytes that were read; the write is refused when they changed.
    pub seen: String,
    /// The same change by kubectl.
    pub command: String,
}

/// Writes the change that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeCurrent {
    pub context: ContextId,
    pub seen: String,
    /// For a protected context: its name, as the user typed it. Every kubectl without a context of its own would mean it.
    #[serde(default)]
    pub typed: String,
}
impl Call for MakeCurrent {
    const NAME: &'static str = "make_current";
    type Reply = Done;
}

/// Writes what the change would make of the file to another place, readable by the user alone; the file itself is not touched,
/// and what stands at that place already is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveElsewhere {
    pub context: ContextId,
    pub seen: String,
    /// A full path, or one that begins with `~/`.
    pub path: String,
}
impl Call for SaveElsewhere {
    const NAME: &'static str = "save_elsewhere";
    type Reply = Done;
}

/// Looks at the lock that keeps the file of a context from being written; removes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanUnlock {
    pub context: ContextId,
}
impl Call for PlanUnlock {
    const NAME: &'static str = "plan_unlock";
    type Reply = StandingLock;
}

/// A lock that another program left, before it is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingLock {
    /// The file that it locks.
    pub shown: String,
    /// The lock itself.
    pub lock: String,
    pub age_seconds: u64,
    /// Names this lock; the removal is refused when another stands in its place.
    pub seen: String,
    /// The same by a terminal.
    pub command: String,
}

/// Removes the lock that was shown, when it is a minute old or older.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveLock {
    pub context: ContextId,
    pub seen: String,
}
impl Call for RemoveLock {
    const NAME: &'static str = "remove_lock";
    type Reply = Done;
}
