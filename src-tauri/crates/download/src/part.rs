//! How does a file come into place only when it is whole?

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::turn::{Turn, beside};
use crate::whole::{Unplaced, Whole};
use crate::{Digest, DownloadError, digest};

/// Where a fetch into this target keeps what arrived.
pub fn part_of(target: &Path) -> PathBuf {
    beside(target, ".part")
}

/// The file beside the target that grows until it is verified; kept for the next try when it is cut off.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    turn: Turn,
    file: File,
    length: u64,
}

impl Part {
    /// Opens what an earlier try left, or a new one.
    pub(crate) fn open(turn: Turn) -> Result<Self, DownloadError> {
        let path = part_of(turn.target());
        let open = || {
            // A link planted under this name would let a download write elsewhere.
            let no_link = OFlags::NOFOLLOW.bits().cast_signed();
            let file = OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(no_link).open(&path)?;
            // One that was whole may be run; what is written into it now is not known yet.
            file.set_permissions(Permissions::from_mode(0o600))?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        let (file, length) = open().map_err(|cause| DownloadError::writing(path.clone(), cause))?;
        Ok(Self { path, turn, file, length })
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn restart(&mut self) -> Result<(), DownloadError> {
        self.file.set_len(0).map_err(|cause| DownloadError::writing(self.path.clone(), cause))?;
        self.length = 0;
        Ok(())
    }

    /// Errors: what cannot be written is removed, so that a full disk is not kept full by it.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        match self.file.write_all(bytes) {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(cause) => {
                self.remove();
                Err(DownloadError::writing(self.turn.target().to_owned(), cause))
            }
        }
    }

    /// Verifies the part and lets it be run; blocks.
    pub(crate) fn whole(self, expected: &Digest, unplaced: Unplaced) -> Result<Whole, DownloadError> {
        let found = digest::of_file(&self.path).map_err(|cause| DownloadError::NotRead { path: self.path.clone(), cause })?;
        if found != *expected {
            self.remove();
            return Err(DownloadError::WrongDigest { expected: expected.clone(), found });
        }
        if let Err(cause) = self.settle() {
            self.remove();
            return Err(DownloadError::writing(self.turn.target().to_owned(), cause));
        }
        // With it the file is closed: one that is open for writing cannot be run.
        Ok(Whole { path: self.path, turn: self.turn, sha256: found, unplaced })
    }

    fn settle(&self) -> io::Result<()> {
        self.file.set_permissions(Permissions::from_mode(0o700))?;
        self.file.sync_all()
    }

    pub(crate) fn remove(&self) {
        // A part that stays is verified before it is used, so it does no harm.
        let _ = fs::remove_file(&self.path);
    }
}
