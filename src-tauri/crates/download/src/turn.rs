//! Whose turn is it, when two want to bring the same program?

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use crate::DownloadError;
use crate::fetch::blocking;

/// How often one that waits looks again.
const PAUSE: Duration = Duration::from_millis(100);

/// The right to write beside a target and into its place: of one at a time, in whichever KOS.
#[derive(Debug)]
pub(crate) struct Turn {
    target: PathBuf,
    /// The kernel frees it with the process, so no stale one is ever found. The file stays: who removed it would let in two.
    _lock: File,
}

impl Turn {
    /// Waits for it as long as another has it.
    pub(crate) async fn come(target: &Path) -> Result<Self, DownloadError> {
        loop {
            if let Some(turn) = Self::within(target, u32::MAX).await? {
                return Ok(turn);
            }
        }
    }

    /// `None` when another has it in all of so many looks.
    pub(crate) async fn within(target: &Path, looks: u32) -> Result<Option<Self>, DownloadError> {
        for look in 0..looks {
            if look > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let wanted = target.to_owned();
            if let Some(turn) = blocking(move || Self::take(wanted)).await? {
                return Ok(Some(turn));
            }
        }
        Ok(None)
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    fn take(target: PathBuf) -> Result<Option<Self>, DownloadError> {
        let path = beside(&target, ".lock");
        let open = || {
            if let Some(folder) = target.parent() {
                // What lies here is run: nobody else may put anything into it, whatever the umask is.
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            }
            // A link planted under this name is refused, not followed, and a pipe is not waited for.
            let no_follow = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).custom_flags(no_follow).open(&path)
        };
        let lock = open().map_err(|cause| DownloadError::writing(path.clone(), cause))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { target, _lock: lock })),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(cause) => Err(DownloadError::writing(path, cause.into())),
        }
    }
}

pub(crate) fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    target.with_file_name(name)
}

#[cfg(test)]
mod tests;
