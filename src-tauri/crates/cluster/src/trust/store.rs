//! Where are answers kept?

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// An answer that outlives KOS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub fingerprint: String,
    pub answer: Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Always,
    Never,
}

/// Keeps the last answer for a subject. Both keys are digests: no argument or value is written.
pub trait TrustStore: Send + Sync {
    fn kept(&self, subject: &str) -> Option<Kept>;
    fn keep(&self, subject: &str, kept: Kept) -> std::io::Result<()>;
}

/// Answers that end with KOS.
#[derive(Default)]
pub struct InMemory(Mutex<BTreeMap<String, Kept>>);

impl TrustStore for InMemory {
    fn kept(&self, subject: &str) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(subject).cloned()
    }

    fn keep(&self, subject: &str, kept: Kept) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(subject.to_owned(), kept);
        Ok(())
    }
}

/// Answers in a JSON file that only the user can read.
pub struct InFile {
    path: PathBuf,
    known: Mutex<BTreeMap<String, Kept>>,
}

impl InFile {
    /// Reads the answers; a missing or broken file means that everything is asked again.
    pub fn open(path: PathBuf) -> Self {
        // A pipe under this name would be waited for without end.
        let read = path.is_file().then(|| std::fs::read(&path).ok()).flatten();
        let known = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { path, known: Mutex::new(known) }
    }
}

impl TrustStore for InFile {
    fn kept(&self, subject: &str) -> Option<Kept> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(subject).cloned()
    }

    fn keep(&self, subject: &str, kept: Kept) -> std::io::Result<()> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = known.clone();
        next.insert(subject.to_owned(), kept);
        // Written first: an answer that is not on disk is not given.
        write(&self.path, &serde_json::to_vec_pretty(&next)?)?;
        *known = next;
        Ok(())
    }
}

/// Replaces a file as a whole: the old bytes or the new bytes, never a mix.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let beside = kubeconfig::temporary::beside(path);
    // Left over by a crash of a process of the same number; a link there is removed, never followed.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let replace = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        std::fs::File::open(folder)?.sync_all()
    };
    replace().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}
