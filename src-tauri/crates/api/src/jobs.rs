//! What does the page know and ask of jobs?

use serde::{Deserialize, Serialize};

use crate::visible::owned;
use crate::{Done, Fault, JobId, Millis, Row, RowId, Timestamp, call::Call, local::ImageIs};

/// A job in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: JobId,
    pub title: Words,
    /// What is going on now, or how it ended.
    pub detail: Words,
    pub state: JobState,
    pub marks: Vec<StepMark>,
    /// `7 of 9, join machines`.
    pub place: String,
    pub started: Timestamp,
    /// Of an interrupted one: when it last noted something.
    pub ended: Option<Timestamp>,
}

/// Words of which some are names or commands: those are shown in mono.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<Word>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    Said(String),
    Mono(String),
}

/// Names of others stand in them: marks that nobody sees are made visible.
impl Words {
    pub fn said(text: impl Into<String>) -> Self {
        Self(vec![Word::Said(owned(text))])
    }

    pub fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Said(owned(text)));
        self
    }

    pub fn mono(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Mono(owned(text)));
        self
    }

    /// The words without their form.
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|w| match w {
                Word::Said(t) | Word::Mono(t) => t.as_str(),
            })
            .collect()
    }
}

/// What became of a job. A `step` counts from 0 in the whole contract; words say it from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobState {
    Running,
    /// Cancel was asked; what was made is being undone.
    Undoing {
        now: Undoing,
    },
    Done,
    /// Stopped at a step; Retry goes on from there.
    Failed {
        step: u32,
        why: Fault,
    },
    /// Everything made was removed again.
    Undone,
    /// The undo itself failed; what is left is named.
    UndoFailed {
        why: Fault,
    },
    /// KOS ended while it ran; nothing goes on before the user chooses.
    Interrupted {
        step: u32,
        amid: Amid,
    },
    /// Left as it is by the user's choice.
    Kept,
    /// Its journal does not say all that happened, so it is neither gone on with nor undone, only left.
    Damaged {
        why: Fault,
    },
}

/// What a job was doing when KOS ended, and goes on with when the user says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Amid {
    Run,
    Undo,
}

/// What the undo of a job does with what the job noted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UndoIs {
    /// Removes it, the newest first.
    #[default]
    Removal,
    /// Lets it go on where it was; nothing is removed.
    Resumption {
        /// `kind-kos-mgmt`.
        at: String,
    },
    /// Switches it back to how it was; nothing was made.
    SwitchBack,
    /// Ends what still runs. What was done is not taken back: nothing can.
    Nothing,
}

impl UndoIs {
    /// Whether a job whose undo failed may still go forwards: what an undo took half away would be missing there.
    pub fn leaves_way_forwards(&self) -> bool {
        match self {
            Self::Resumption { .. } => true,
            Self::Removal | Self::SwitchBack | Self::Nothing => false,
        }
    }
}

/// What an undo that goes on does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undoing {
    /// It takes away what the job made, and is not stopped in its middle.
    Acts,
    /// It waits for something outside of KOS, and may be left: nothing is half removed.
    Waits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepMark {
    Waiting,
    Running,
    Done,
    Failed,
    Skipped,
    Undone,
    /// Was running when KOS ended.
    Interrupted,
}

impl Row for JobRow {
    fn id(&self) -> RowId {
        RowId(self.id.0.clone())
    }
}

/// A job with its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    pub row: JobRow,
    /// `kind with one node in Docker, Kubernetes v1.36.1, Cluster API v1.14.0.`
    pub sentence: String,
    pub steps: Vec<StepRow>,
    /// Programs run so far, as one could paste them.
    pub commands: Vec<CommandRun>,
    pub made: Vec<Made>,
    pub undo: UndoIs,
    /// How many earlier runs the expected times come from.
    pub learned_from: u32,
    /// What was found when an interrupted job was looked at again.
    pub found: Vec<Finding>,
    pub looked: Option<Timestamp>,
    /// When this computer started, where that was after an interrupted job noted its last.
    pub restarted: Option<Timestamp>,
    /// How long its undo is expected to take, once undos of all that it made were timed here.
    pub undo_takes: Option<Millis>,
    pub log_file: String,
    pub command: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRow {
    pub title: Words,
    pub detail: Words,
    pub mark: StepMark,
    /// How long it usually takes.
    pub expected: Millis,
    pub started: Option<Timestamp>,
    pub took: Option<Millis>,
    pub attempt: u32,
    /// 0 to 1000, when the step can tell.
    pub share: Option<u16>,
    pub parts: Vec<Part>,
    pub lines: u32,
}

/// A thing that a step waits for: a Deployment, an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    pub state: PartState,
    pub detail: String,
    /// `1 / 1`, `212 of 412 MB`.
    pub count: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartState {
    Waiting,
    Working,
    Ready,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRun {
    pub step: u32,
    pub at: Timestamp,
    pub line: String,
    /// `None` while it runs.
    pub exit: Option<String>,
    pub took: Option<Millis>,
}

/// Something the job made and its undo removes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub step: u32,
    pub kind: String,
    pub name: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub state: PartState,
    pub kind: String,
    pub name: String,
    pub noted: String,
    pub found: String,
    pub means: String,
}

impl Row for JobView {
    fn id(&self) -> RowId {
        RowId(self.row.id.0.clone())
    }
}

/// One line of a step's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputLine {
    /// Counts from 1 over the whole job; never reused.
    pub number: u64,
    pub step: u32,
    pub at: Timestamp,
    pub tone: Tone,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Plain,
    /// A line that the diagnosis quotes.
    Failed,
    /// Said by KOS, not by a program.
    Ours,
}

impl Row for OutputLine {
    fn id(&self) -> RowId {
        RowId(self.number.to_string())
    }
}

/// What a job would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    pub title: Words,
    pub sentence: String,
    pub steps: Vec<PlannedStep>,
    /// The exact commands, in order.
    pub commands: Vec<String>,
    /// Files that would be written, with their text.
    pub files: Vec<PlannedFile>,
    /// What stands in the way; a plan with an `Unusable` one cannot start.
    pub obstacles: Vec<Obstacle>,
    pub learned_from: u32,
    /// Where the Docker is that would be used, as docker itself says it: `unix:///var/run/docker.sock`. Empty when none is, or unknown.
    #[serde(default)]
    pub docker: String,
    /// Names this plan; the start is refused when it would be another one.
    pub seen: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    pub title: Words,
    pub detail: Words,
    /// Nothing for what is there already.
    pub expected: Millis,
    #[serde(default)]
    pub amount: Option<Amount>,
}

/// How much there is to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Amount {
    Image(ImageIs),
    Providers { count: u32 },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFile {
    pub path: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    pub severity: crate::files::Severity,
    /// The field of the form it belongs to, empty for the whole plan.
    pub field: String,
    pub why: Fault,
}

macro_rules! job_calls {
    ($($(#[$doc:meta])* $call:ident = $name:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $call {
            pub job: JobId,
        }
        impl Call for $call {
            const NAME: &'static str = $name;
            type Reply = Done;
        }
    )*};
}

job_calls! {
    /// Ends the running program's process group and undoes what was made; leaves an undo that only waits.
    CancelJob = "cancel_job",
    /// Goes on from the failed step; also when an undo failed that takes nothing away.
    RetryJob = "retry_job",
    /// Goes on with an interrupted job at the step where it stood.
    ContinueJob = "continue_job",
    /// Removes what a failed or interrupted job made.
    UndoJob = "undo_job",
    /// Leaves everything as it is and closes the job.
    KeepJob = "keep_job",
    /// Looks again at what an interrupted job left.
    LookAgain = "look_again",
    /// Takes a finished job off the list; its log goes too.
    ForgetJob = "forget_job",
}

/// Asks the desktop's file manager to show the file that the job's output is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowLog {
    pub job: JobId,
}
impl Call for ShowLog {
    const NAME: &'static str = "show_log";
    type Reply = Done;
}

/// Writes the job's whole output to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveLog {
    pub job: JobId,
    pub path: String,
}
impl Call for SaveLog {
    const NAME: &'static str = "save_log";
    type Reply = Done;
}
