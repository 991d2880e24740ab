//! What is done with a file that is whole, before it is in its place?

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::fetch::blocking;
use crate::turn::Turn;
use crate::{Digest, DownloadError};

/// A file beside its place: it is the one that was wanted, it can be run, and nothing was replaced yet.
#[derive(Debug)]
pub struct Whole {
    pub(crate) path: PathBuf,
    /// As long as it lives nobody else brings this program.
    pub(crate) turn: Turn,
    pub(crate) sha256: Digest,
    pub(crate) unplaced: Unplaced,
}

/// What becomes of a file that nobody puts into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unplaced {
    /// The next fetch takes it up.
    Stays,
    Goes,
}

impl Whole {
    /// Where it stands now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn sha256(&self) -> &Digest {
        &self.sha256
    }

    /// Puts it into its place; goes on to its end when the future is dropped.
    ///
    /// Errors: the target is untouched, and the file is gone.
    pub async fn install(mut self) -> Result<(), DownloadError> {
        blocking(move || {
            self.place().map_err(|cause| {
                self.unplaced = Unplaced::Goes;
                DownloadError::writing(self.turn.target().to_owned(), cause)
            })
        })
        .await
    }

    fn place(&self) -> io::Result<()> {
        let target = self.turn.target();
        fs::rename(&self.path, target)?;
        // The new name is on disk only once its folder is.
        target.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        match self.unplaced {
            Unplaced::Stays => {}
            Unplaced::Goes => {
                // One that stays is overwritten by the next.
                let _ = fs::remove_file(&self.path);
            }
        }
    }
}
