//! The one door to programs: find, run, stream, stop.
//!
//! Knows: processes, PATH, environment, process groups. Does not know: what it runs for.
//! Start at: [`Programs`], the trait that the real machine and the simulated one both implement; [`Machine`] is the real one.

mod environment;
mod fault;
mod follow;
mod group;
mod lines;
mod login;
mod machine;
mod places;
mod process;
mod ready;
mod run;
mod shown;
mod spawn;
mod tail;
mod transcript;

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

pub use environment::{Environment, Reach};
pub use lines::clean;
pub use login::{PathReport, PathSource};
pub use machine::Machine;
pub use places::Places;
pub use secret::Secret;
pub use shown::{quoted, shown};

/// A program KOS knows how to find, or one that the user trusted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Program {
    Docker,
    Kind,
    Clusterctl,
    Kubectl,
    Helm,
    Git,
    /// Starts services of the user.
    Systemctl,
    /// Runs one command as root after the system has asked for the password.
    Pkexec,
    /// Starts applications on a Mac.
    Open,
    /// A credential plugin as written in a kubeconfig: a bare name is looked up in PATH.
    Plugin(PathBuf),
}

impl Program {
    /// The name it is called by, and looked up under.
    pub fn name(&self) -> String {
        match self {
            Self::Docker => "docker".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Clusterctl => "clusterctl".to_owned(),
            Self::Kubectl => "kubectl".to_owned(),
            Self::Helm => "helm".to_owned(),
            Self::Git => "git".to_owned(),
            Self::Systemctl => "systemctl".to_owned(),
            Self::Pkexec => "pkexec".to_owned(),
            Self::Open => "open".to_owned(),
            Self::Plugin(path) => path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()),
        }
    }
}

/// Where a program stands and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub by: FoundBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The user chose this path in the settings, or a kubeconfig gives it in full.
    Chosen,
    /// Fetched by KOS into its own folder.
    Fetched,
    /// The PATH of the login shell.
    Path,
}

/// One run of one program.
#[derive(Debug, Clone)]
pub struct Invocation {
    pub program: Program,
    pub args: Vec<String>,
    /// Variables beyond the allowed ones that every child inherits.
    pub env: Vec<(String, Secret)>,
    pub cwd: PathBuf,
    /// The group is ended when the run takes longer.
    pub limit: Duration,
    pub capture: Capture,
}

/// Where the output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capture {
    /// Kept in memory up to so many bytes a stream; for short questions.
    Memory { most: usize },
    /// Appended to this file, which outlives KOS; lines are read from it as it grows.
    ///
    /// Both streams go to the one file in the order written, so every [`Line::from`] is [`Stream::Err`]. One file a run.
    File(PathBuf),
}

/// What a running program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The process is there; note it before anything else, so that it can be found again after a crash.
    Started(ProcessId),
    Line(Line),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub from: Stream,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Out,
    Err,
}

/// A process that cannot be mistaken for a later one of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProcessId {
    pub pid: u32,
    /// Clock ticks after boot at which it started; field 22 of `/proc/PID/stat`.
    pub started: u64,
}

/// How a program ended. A non-zero code is an answer, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    pub end: End,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
    /// The last lines of both streams, in the order read, at most 200.
    pub tail: Vec<String>,
    pub took: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Code(i32),
    Signal(i32),
    /// The program was another session's child: how it ended must be read from the world.
    Unknown,
}

impl Exit {
    pub fn succeeded(&self) -> bool {
        self.end == End::Code(0)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("{program} was not found")]
    NotFound { program: String, searched: Vec<PathBuf> },
    #[error("{program} could not be started")]
    NotStarted {
        program: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("{program} did not end within {} s and was stopped", limit.as_secs())]
    TooLong { program: String, limit: Duration, tail: Vec<String> },
    #[error("{program} was stopped")]
    Stopped { program: String },
    #[error("the output of {program} could not be kept")]
    NotCaptured {
        program: String,
        #[source]
        cause: std::io::Error,
    },
}

/// The door itself: the real machine's processes, or the simulated ones of the demo fleet.
#[async_trait]
pub trait Programs: Send + Sync + std::fmt::Debug {
    /// Resolves a program to an absolute path; runs nothing but, once, the login shell for its PATH.
    async fn find(&self, program: &Program) -> Result<Found, ProgramError>;

    /// Runs a program to its end, in a process group of its own that ends with this future.
    ///
    /// `heard` is called for each line as it comes. `stop` ends the whole group: TERM, then KILL after 5 s.
    /// Errors: only when it could not be run, was stopped or took too long; a non-zero exit is a value.
    async fn run(&self, invocation: Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError>;

    /// Whether a process noted earlier is still the same and still runs.
    async fn alive(&self, process: ProcessId) -> bool;

    /// Reads the output file of a process of an earlier session from its start and waits for its end.
    ///
    /// `stop` ends the whole group as in [`Programs::run`]; dropping the future leaves the process alone.
    async fn follow(&self, process: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError>;

    /// Ends the whole group of a process of an earlier session; nothing happens when it is another process now.
    async fn end(&self, process: ProcessId);
}
