//! Which effects does a careful write need?
//!
//! A seam: the protocol in [`crate::write`] is tested with the k-th effect failing.

use std::{
    fs::{File, Permissions},
    io::{self, Write},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use rustix::fs::OFlags;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub links: u64,
    pub modified: SystemTime,
}

pub trait Fs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Where a path leads through all symlinks.
    fn real(&self, path: &Path) -> io::Result<PathBuf>;
    fn stat(&self, path: &Path) -> io::Result<Stat>;
    /// A new empty file of mode 0, as client-go makes its locks.
    fn create_lock(&self, path: &Path) -> io::Result<()>;
    /// A new file, written and flushed to the disk; never follows a link and never replaces.
    fn create(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()>;
    fn give_to(&self, path: &Path, uid: u32, gid: u32) -> io::Result<()>;
    /// Writes in place; the file is shortened only after all bytes were written.
    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn flush_folder(&self, path: &Path) -> io::Result<()>;
    /// A folder and its missing parents, for the user alone.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct RealFs;

impl Fs for RealFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        // A symlink as a lock or backup is looked at itself only by `create`, which refuses it.
        let found = std::fs::metadata(path).or_else(|_| std::fs::symlink_metadata(path))?;
        Ok(Stat { mode: found.mode() & 0o7777, uid: found.uid(), gid: found.gid(), links: found.nlink(), modified: found.modified()? })
    }

    fn create_lock(&self, path: &Path) -> io::Result<()> {
        File::options().write(true).create_new(true).mode(0).open(path).map(drop)
    }

    fn create(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
        let mut file = File::options().write(true).create_new(true).mode(0o600).custom_flags(flags).open(path)?;
        file.write_all(bytes)?;
        // Set after the fact, because the umask cuts what is given at creation.
        file.set_permissions(Permissions::from_mode(mode))?;
        file.sync_all()
    }

    fn give_to(&self, path: &Path, uid: u32, gid: u32) -> io::Result<()> {
        std::os::unix::fs::lchown(path, Some(uid), Some(gid))
    }

    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let file = File::options().write(true).open(path)?;
        file.write_all_at(bytes, 0)?;
        file.set_len(bytes.len() as u64)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn flush_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::os::unix::fs::DirBuilderExt::mode(std::fs::DirBuilder::new().recursive(true), 0o700).create(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(std::fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect())
    }
}
