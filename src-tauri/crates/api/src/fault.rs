//! What is said when something did not happen?

use serde::{Deserialize, Serialize};

use crate::visible::owned;
use crate::{ContextId, FileId, JobId};

/// What did not happen, why, what is unharmed and what to do next.
///
/// Shape: the sentence never repeats the cause; the cause is quoted word for word with where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub code: FaultCode,
    pub sentence: String,
    pub cause: Vec<Quote>,
    /// What KOS is sure has not changed, empty when there is nothing to say.
    pub unharmed: String,
    pub fixes: Vec<Fix>,
}

/// Somebody else's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// `kind, line 12`, `~/.kube/config, line 14`, `https://10.0.0.1:6443`.
    pub source: String,
    pub text: String,
}

/// A next step that the user can take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fix {
    OpenDoctor,
    OpenSettings,
    /// Copies a command for a terminal; KOS does not run it.
    Copy {
        label: String,
        command: String,
    },
    OpenFile {
        file: FileId,
        line: Option<u32>,
    },
    TryNow(ContextId),
    AnswerTrust(ContextId),
    /// Leads to the question about a file that would be sent.
    ReviewFile(ContextId),
    RetryJob(JobId),
    UndoJob(JobId),
    ChoosePath,
    /// Leads to the field for a token of release pages.
    GiveToken,
    /// Looks at the old lock of a context's file, which is removed only after it was shown.
    RemoveLock(ContextId),
}

/// A code exists only where the page does something different for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FaultCode {
    /// The request was not understood or had a value that is not allowed.
    Invalid,
    /// The thing named does not exist (any more).
    NotFound,
    /// The thing changed since the page saw it.
    Changed,
    /// The stream ended; subscribe again.
    StreamClosed,
    /// A kubeconfig file cannot be used.
    File,
    /// A file cannot be written.
    Write,
    /// The server cannot be reached.
    Unreachable,
    /// The server's certificate is not accepted.
    Certificate,
    /// The credentials are missing, expired or refused.
    SignIn,
    /// A program must be trusted before it runs.
    Trust,
    /// A file must be trusted before it is read and sent.
    TrustFile,
    /// A credential program failed, hung or printed something else.
    Plugin,
    /// The server refuses this user (403).
    Denied,
    /// Docker does not answer.
    Docker,
    /// A program is missing or failed.
    Program,
    /// A download failed or is not what was pinned.
    Download,
    /// A step of a job failed.
    Step,
    /// A panic or another mistake of ours.
    Bug,
}

/// The whole fault on one line, for a terminal.
impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)?;
        self.cause.iter().try_for_each(|quote| write!(f, " ({}: {})", quote.source, quote.text))?;
        if self.unharmed.is_empty() { Ok(()) } else { write!(f, " {}", self.unharmed) }
    }
}

/// Names and words of others stand in a fault: marks that nobody sees are made visible in every part of it.
impl Fault {
    pub fn new(code: FaultCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: owned(sentence), cause: vec![], unharmed: String::new(), fixes: vec![] }
    }

    pub fn because(mut self, source: impl Into<String>, text: impl Into<String>) -> Self {
        self.cause.push(Quote { source: owned(source), text: owned(text) });
        self
    }

    pub fn unharmed(mut self, sentence: impl Into<String>) -> Self {
        self.unharmed = owned(sentence);
        self
    }

    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}
