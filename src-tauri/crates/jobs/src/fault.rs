//! What is said when a job cannot be started, go on or be undone?

use std::io;
use std::path::Path;

use api::{Fault, FaultCode, JobId};

use crate::journal::{Damage, Harm};

/// What went wrong on the job's own disk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error("{title} did not start, because its journal cannot be kept")]
    NotStarted {
        title: String,
        #[source]
        cause: io::Error,
    },
    #[error("{title} paused, because its journal cannot be written")]
    Paused {
        title: String,
        #[source]
        cause: io::Error,
    },
    #[error("the state folder of the jobs cannot be used")]
    Folder {
        path: String,
        #[source]
        cause: io::Error,
    },
    #[error("another KOS uses {path}")]
    Taken { path: String },
    #[error("the log of {title} was not saved")]
    NotSaved {
        title: String,
        path: String,
        #[source]
        cause: io::Error,
    },
    #[error("{title} was not forgotten")]
    NotForgotten {
        title: String,
        #[source]
        cause: io::Error,
    },
}

impl From<JobError> for Fault {
    fn from(error: JobError) -> Self {
        let code = if matches!(error, JobError::Taken { .. }) { FaultCode::Invalid } else { FaultCode::Write };
        let fault = Fault::new(code, sentence(&error.to_string()));
        match error {
            JobError::NotStarted { cause, .. } => {
                let next = if is_full(&cause) { " Make room on the disk, then start it again." } else { "" };
                fault.because("the disk", cause.to_string()).unharmed(format!("Nothing was changed.{next}"))
            }
            JobError::Paused { cause, .. } => {
                let next = if is_full(&cause) { " Make room on the disk, then go on with it." } else { "" };
                fault.because("the disk", cause.to_string()).unharmed(format!("It stopped before its next change. What it did so far is noted.{next}"))
            }
            JobError::NotSaved { path, cause, .. } if cause.kind() == io::ErrorKind::AlreadyExists => {
                fault.because(path, cause.to_string()).unharmed("What stands there was left as it is. Choose another name.")
            }
            JobError::Folder { path, cause } | JobError::NotSaved { path, cause, .. } => fault.because(path, cause.to_string()),
            JobError::Taken { .. } => fault.unharmed("Nothing was changed. Use the window that is open, or start this one with a home of its own: --home DIR."),
            JobError::NotForgotten { cause, .. } => fault.because("the disk", cause.to_string()),
        }
    }
}

fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// Why a verb is not for this job now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NothingSaved,
    Closed,
    Runs,
    Undoes,
    NotRunning,
    NotFailed,
    NotInterrupted,
    NothingToUndo,
    NotStopped,
    NotFinished,
    Damaged,
}

impl Refusal {
    pub(crate) fn fault(self, title: &str) -> Fault {
        let (code, said) = match self {
            Refusal::NothingSaved => (
                FaultCode::Write,
                format!("{title} cannot be started or changed: its journal cannot be kept, because nothing can be written below the state folder."),
            ),
            Refusal::Closed => (FaultCode::Invalid, "KOS is closing. No work is started any more.".to_owned()),
            Refusal::Runs => (FaultCode::Changed, format!("{title} runs already.")),
            Refusal::Undoes => (FaultCode::Invalid, format!("{title} is being undone. An undo is not cancelled, so that nothing is left half removed.")),
            Refusal::NotRunning => (FaultCode::Changed, format!("{title} does not run any more.")),
            Refusal::NotFailed => (FaultCode::Changed, format!("{title} did not fail, so there is nothing to try again.")),
            Refusal::NotInterrupted => (FaultCode::Changed, format!("{title} was not interrupted, so there is nothing to go on with.")),
            Refusal::NothingToUndo => (FaultCode::Changed, format!("{title} ended. An ended job is not undone.")),
            Refusal::NotStopped => (FaultCode::Changed, format!("{title} is not waiting for a decision.")),
            Refusal::NotFinished => (FaultCode::Invalid, format!("{title} is not finished. Undo it or leave it first, so that what it made is not forgotten.")),
            Refusal::Damaged => (
                FaultCode::Invalid,
                format!("{title} can only be left as it is: its journal is damaged, so not all that it made is known. Look for what is left of it first."),
            ),
        };
        Fault::new(code, said)
    }
}

/// Why a job can only be left as it is; `things` is what its journal still says of what it made.
pub(crate) fn damaged(title: &str, journal: &Path, damage: Damage, things: &[String]) -> Fault {
    let line = damage.line;
    let (seen, next) = match damage.harm {
        Harm::Changed => ("is not what KOS wrote there", "Look for what is left of it, remove that yourself, and leave the job as it is."),
        Harm::Unknown => ("tells of what this version of KOS does not know", "Go on with it in the version of KOS that wrote it, or leave the job as it is."),
    };
    let fault = Fault::new(FaultCode::Step, format!("{title} stopped, and its journal is damaged at line {line}."));
    let fault = fault.because(journal.display().to_string(), format!("Line {line} {seen}."));
    let fault = if things.is_empty() { fault } else { fault.because("what it noted", things.join(", ")) };
    let known = "What it made may still be there, but not all of it is known, so KOS neither goes on with it nor undoes it.";
    fault.unharmed(format!("Nothing was changed. {known} {next}"))
}

pub(crate) fn unknown(id: &JobId) -> Fault {
    Fault::new(FaultCode::NotFound, format!("There is no job {id}."))
}

/// A plan that another version wrote, or that is not one.
pub(crate) fn not_readable(what: &str, cause: &serde_json::Error) -> Fault {
    Fault::new(FaultCode::Bug, format!("{} cannot be read. Another version of KOS may have written it.", sentence_start(what))).because(what, cause.to_string())
}

pub(crate) fn not_a_plan(why: &str) -> Fault {
    Fault::new(FaultCode::Bug, format!("The job did not start: {why}.")).unharmed("Nothing was changed.")
}

pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> Fault {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Fault::new(FaultCode::Bug, "The step stopped because of a mistake in KOS.").because("panic", text.unwrap_or_else(|| "no text".to_owned()))
}

pub(crate) fn did_not_stop(seconds: u64) -> Fault {
    Fault::new(FaultCode::Step, format!("The step did not stop within {seconds} s of the cancel and was left."))
}

fn sentence(text: &str) -> String {
    format!("{}.", sentence_start(text))
}

fn sentence_start(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
