//! How is a file that a kubeconfig names read safely?
//!
//! Only regular files up to 1 MiB: a pipe, a device or a disk image named as a token is refused before it is read, and of a
//! file that holds more than it says no more is read either.

use std::fs::Metadata;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use kubeconfig::disk::regular;
use kubeconfig::target::Material;
use zeroize::Zeroizing;

const MOST_BYTES: u64 = 1024 * 1024;

/// What tells one state of a file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    changed_ns: i128,
}

#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{} cannot be read", .0.display())]
    Io(PathBuf, #[source] std::io::Error),
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    #[error("{} is larger than 1 MiB", .0.display())]
    TooLarge(PathBuf),
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
}

/// Looks at a file without reading it.
pub(crate) async fn stamp(path: &Path) -> Result<Stamp, Unreadable> {
    let meta = tokio::fs::metadata(path).await.map_err(|e| Unreadable::Io(path.to_owned(), e))?;
    if !meta.is_file() {
        return Err(Unreadable::NotAFile(path.to_owned()));
    }
    stamped(path, &meta)
}

fn stamped(path: &Path, meta: &Metadata) -> Result<Stamp, Unreadable> {
    if meta.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge(path.to_owned()));
    }
    let changed_ns = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
    Ok(Stamp { device: meta.dev(), inode: meta.ino(), size: meta.len(), changed_ns })
}

/// Reads bytes or a file, with the stamp of the file.
pub(crate) async fn read(material: &Material) -> Result<(Zeroizing<Vec<u8>>, Option<Stamp>), Unreadable> {
    match material {
        Material::Data(data) => Ok((Zeroizing::new(data.reveal().as_bytes().to_vec()), None)),
        Material::File(path) => {
            let named = path.clone();
            let reading = tokio::task::spawn_blocking(move || read_file(&named)).await;
            let (bytes, stamp) = reading.map_err(|e| Unreadable::Io(path.clone(), std::io::Error::other(e)))??;
            Ok((bytes, Some(stamp)))
        }
    }
}

fn read_file(path: &Path) -> Result<(Zeroizing<Vec<u8>>, Stamp), Unreadable> {
    let io = |e| Unreadable::Io(path.to_owned(), e);
    let (file, meta) = regular(path).map_err(io)?.ok_or_else(|| Unreadable::NotAFile(path.to_owned()))?;
    let stamp = stamped(path, &meta)?;
    // As much room as it says that it needs: a vector that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::<u8>::with_capacity(usize::try_from(meta.len()).unwrap_or_default() + 1));
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if read as u64 > MOST_BYTES {
        return Err(Unreadable::TooLarge(path.to_owned()));
    }
    Ok((bytes, stamp))
}
