//! What do the listed files hold right now?
//!
//! The only reader of the disk in this crate, beside the writer and the watcher.

use std::{
    fs::{File, Metadata},
    io::Read,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use secret::Secret;

use crate::{
    look::{FileFact, Look},
    merge::{Loaded, Source},
    parse::parse,
    sources::Listed,
    text::BYTES_AT_MOST,
};

/// Enough for any certificate chain, key or token.
const REFERENCED_BYTES_AT_MOST: u64 = 1024 * 1024;
const NOT_A_FILE: &str = "it is a pipe, socket or device";

/// What was found where a kubeconfig is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Bytes {
        bytes: Vec<u8>,
        mode: u32,
        folder_mode: u32,
    },
    Missing,
    Folder,
    /// Not readable, or neither file nor folder; in the system's words.
    NotReadable(String),
}

/// Reads one listed file. A pipe or device is never opened; a file over the budget is read only as far as it.
pub fn find(path: &Path) -> Found {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound || error.kind() == std::io::ErrorKind::NotADirectory => return Found::Missing,
        Err(error) => return Found::NotReadable(error.to_string()),
    };
    if metadata.is_dir() {
        return Found::Folder;
    }
    if !metadata.is_file() {
        return Found::NotReadable(NOT_A_FILE.into());
    }
    match read(path, BYTES_AT_MOST as u64 + 1) {
        Ok(bytes) => Found::Bytes { bytes, mode: metadata.mode(), folder_mode: folder_mode(path) },
        Err(error) => Found::NotReadable(error.to_string()),
    }
}

/// The kubeconfig-like files of a watched folder, in order of their names; not those of folders below it.
pub fn files_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| is_candidate(path) && std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()))
        .collect();
    files.sort();
    Ok(files)
}

/// Leaves out hidden files, locks and what editors leave behind.
fn is_candidate(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    !name.starts_with('.') && ![".lock", "~", ".swp", ".bak", ".tmp"].iter().any(|end| name.ends_with(end))
}

/// Opens a regular file, with what is known of exactly that file; `None` for a folder, a pipe, a socket or a device.
///
/// Its size is what the system says of it: files of the kernel say 0 and are read without end.
pub fn regular(path: &Path) -> std::io::Result<Option<(File, Metadata)>> {
    // Looked at first: to open a device may do something by itself.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    // Not blocking, and looked at again: between the look and the open a file may have become a pipe.
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then_some((file, metadata)))
}

fn read(path: &Path, at_most: u64) -> std::io::Result<Vec<u8>> {
    let (file, _) = regular(path)?.ok_or_else(|| std::io::Error::other(NOT_A_FILE))?;
    let mut bytes = vec![];
    file.take(at_most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn folder_mode(path: &Path) -> u32 {
    path.parent().and_then(|folder| std::fs::metadata(folder).ok()).map_or(0o700, |folder| folder.permissions().mode())
}

/// The real disk; programs are looked up by a closure, because PATH belongs to another crate.
pub struct Disk<P> {
    pub program: P,
}

impl<P: Fn(&str) -> Option<PathBuf>> Look for Disk<P> {
    fn file(&self, path: &Path) -> FileFact {
        let metadata: Metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return FileFact::NotReadable,
            Err(_) => return FileFact::Missing,
        };
        if !metadata.is_file() {
            return FileFact::NotAFile;
        }
        if rustix::fs::access(path, rustix::fs::Access::READ_OK).is_err() {
            return FileFact::NotReadable;
        }
        FileFact::Regular { mode: metadata.mode(), folder_mode: folder_mode(path) }
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        (self.program)(name)
    }

    fn text(&self, path: &Path) -> Option<Secret> {
        let metadata = std::fs::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > REFERENCED_BYTES_AT_MOST {
            return None;
        }
        String::from_utf8(read(path, REFERENCED_BYTES_AT_MOST).ok()?).ok().map(Secret::new)
    }
}

/// Reads and parses one listed file.
pub fn load(listed: &Listed) -> Source {
    let loaded = match find(&listed.path) {
        Found::Bytes { bytes, mode, folder_mode } => Loaded::Parsed { parsed: Arc::new(parse(&bytes)), mode, folder_mode },
        Found::Missing => Loaded::Missing,
        Found::Folder => Loaded::Folder,
        Found::NotReadable(why) => Loaded::NotReadable(why),
    };
    Source { listed: listed.clone(), loaded }
}
