//! Which calls of the file system can fail under a job?
//!
//! A seam: tests let the k-th call fail, for all k.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

/// The writing calls that jobs make; all block, so they are made from threads that may.
pub trait Disk: Send + Sync {
    /// Makes one folder that only the user can enter; fails when it is there.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Opens for appending, readable by the user alone, made when it is not there.
    fn open(&self, path: &Path) -> io::Result<File>;
    /// Takes room on the disk without changing the length.
    fn reserve(&self, file: &File, bytes: u64) -> io::Result<()>;
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    fn cut(&self, file: &File, bytes: u64) -> io::Result<()>;
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Makes names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// The old bytes or the new ones, never a mix.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).create(true).mode(0o600).open(path)
    }

    fn reserve(&self, file: &File, bytes: u64) -> io::Result<()> {
        match fallocate(file, FallocateFlags::KEEP_SIZE, 0, bytes) {
            // Some network file systems cannot promise room; the first write then has to tell.
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn cut(&self, file: &File, bytes: u64) -> io::Result<()> {
        file.set_len(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let beside = path.with_extension("new");
        // Left by a crash, or a link that was planted: removed, never followed.
        match std::fs::remove_file(&beside) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            Ok(()) | Err(_) => {}
        }
        let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let moved = written.and_then(|()| std::fs::rename(&beside, path));
        if moved.is_err() {
            // Whatever was written beside is of no use; that it cannot be removed changes nothing either.
            let _ = std::fs::remove_file(&beside);
        }
        moved
    }
}
