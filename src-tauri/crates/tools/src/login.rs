//! What is the PATH of the login shell?
//!
//! A desktop launcher starts KOS with a short PATH; what the user's terminal finds, KOS must find too.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::Duration;

use crate::{Environment, ProgramError};

/// Profiles may be slow, but nobody waits longer for a shell.
pub(crate) const LIMIT: Duration = Duration::from_secs(5);
/// Profiles print greetings; what stands between two marks is ours.
const MARK: &str = "_KOS_ENVIRONMENT_MARK_";
const FALLBACK_SHELL: &str = "/bin/sh";

/// Which folders are searched for programs, and why these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathReport {
    pub folders: Vec<PathBuf>,
    pub source: PathSource,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSource {
    LoginShell {
        shell: PathBuf,
    },
    /// The login shell could not be asked, so the PATH is that of KOS itself.
    Process {
        shell: PathBuf,
        /// What went wrong, as a clause.
        why: String,
    },
}

/// The variables of the login shell, or why they are not known.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) report: PathReport,
    pub(crate) env: Environment,
}

pub(crate) fn shell(own: &Environment) -> PathBuf {
    own.get(OsStr::new("SHELL")).filter(|shell| !shell.is_empty()).map_or_else(|| FALLBACK_SHELL.into(), PathBuf::from)
}

/// The arguments that make a shell read all its profiles and print its environment.
pub(crate) fn arguments() -> Vec<String> {
    ["-l".to_owned(), "-i".to_owned(), "-c".to_owned(), format!("printf {MARK}; env -0; printf {MARK}")].into()
}

/// Decides on the PATH from what the shell printed.
pub(crate) fn judge(shell: PathBuf, answer: Result<Vec<u8>, ProgramError>, own: &Environment) -> Login {
    let why = match answer.map(|printed| parse(&printed)) {
        Ok(Some(env)) if env.get(OsStr::new("PATH")).is_some_and(|path| !path.is_empty()) => {
            return Login { report: PathReport { folders: both(&env, own), source: PathSource::LoginShell { shell } }, env };
        }
        Ok(Some(_)) => "it has no PATH".to_owned(),
        Ok(None) => "it did not print its environment".to_owned(),
        Err(ProgramError::TooLong { limit, .. }) => format!("it did not answer within {} s", limit.as_secs()),
        Err(ProgramError::NotStarted { cause, .. } | ProgramError::NotCaptured { cause, .. }) => format!("it could not be started ({cause})"),
        Err(ProgramError::NotFound { .. }) => "it was not found".to_owned(),
        Err(ProgramError::Stopped { .. }) => "it was stopped".to_owned(),
    };
    Login { report: PathReport { folders: folders(own), source: PathSource::Process { shell, why } }, env: Environment::new() }
}

/// Reads what stands between the first mark and the last: dash has a third one in between, as `_`, the last word it ran.
fn parse(printed: &[u8]) -> Option<Environment> {
    let mark = MARK.as_bytes();
    let begin = printed.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let after = printed.get(begin..)?;
    let end = after.windows(mark.len()).rposition(|window| window == mark)?;
    let between = after.get(..end)?;
    let pair = |entry: &[u8]| {
        let at = entry.iter().position(|byte| *byte == b'=')?;
        Some((OsStr::from_bytes(entry.get(..at)?).to_owned(), OsString::from_vec(entry.get(at + 1..)?.to_vec())))
    };
    Some(between.split(|byte| *byte == 0).filter_map(pair).collect())
}

/// The login shell's folders, then those that only KOS itself was started with: from a terminal somebody prepared them.
fn both(login: &Environment, own: &Environment) -> Vec<PathBuf> {
    let mut all = folders(login);
    let more: Vec<PathBuf> = folders(own).into_iter().filter(|folder| !all.contains(folder)).collect();
    all.extend(more);
    all
}

fn folders(env: &Environment) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = vec![];
    for folder in env.get(OsStr::new("PATH")).map(std::env::split_paths).into_iter().flatten() {
        if !folder.as_os_str().is_empty() && !all.contains(&folder) {
            all.push(folder);
        }
    }
    all
}

#[cfg(test)]
mod tests;
