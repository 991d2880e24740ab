//! What does the disk say about the files and programs that a kubeconfig names?
//!
//! A seam: rules ask through [`Look`], so each is tested with a table instead of a disk.

use std::path::{Path, PathBuf};

use secret::Secret;

pub trait Look {
    fn file(&self, path: &Path) -> FileFact;
    /// Where a bare program name is found on the login PATH.
    fn program(&self, name: &str) -> Option<PathBuf>;
    /// The text of a small regular file.
    fn text(&self, path: &Path) -> Option<Secret>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFact {
    Missing,
    NotReadable,
    /// A folder, pipe or device.
    NotAFile,
    Regular {
        mode: u32,
        /// Of the folder it is in.
        folder_mode: u32,
    },
}

/// A world without files and programs of its own: everything named is there and in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Look for Nowhere {
    fn file(&self, _: &Path) -> FileFact {
        FileFact::Regular { mode: 0o600, folder_mode: 0o700 }
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }

    fn text(&self, _: &Path) -> Option<Secret> {
        None
    }
}
