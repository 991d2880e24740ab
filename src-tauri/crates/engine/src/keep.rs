//! How is a small file written so that it is the old one or the new one, never a mix?

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kubeconfig::temporary;

use crate::home::Home;

/// Nothing that KOS keeps for itself is larger.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Replaces a file: a temporary one beside it, flushed to disk, then renamed over it. Readable by the user alone.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    Home::private(folder)?;
    let temporary = temporary::beside(path);
    let written = (|| {
        // A file planted under this name is refused, not followed.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        // The old file stands as it was; what cannot be removed is overwritten by the next process of another id.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Reads a small file; `None` when there is none. What is no file, as a pipe that would be waited for without end, is refused.
pub(crate) fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    }
    let file = File::open(path)?;
    let mut text = String::new();
    let read = file.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is larger than 4 MiB"));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{read, write};

    #[test]
    fn a_kept_file_is_readable_by_the_user_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/settings.yaml");
        write(&path, b"a").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
        assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o077, 0);
        write(&path, b"b").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("b"));
    }

    #[test]
    fn a_planted_link_is_refused_and_its_target_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let (path, target) = (dir.path().join("s"), dir.path().join("target"));
        std::fs::write(&target, "mine").unwrap();
        symlink(&target, kubeconfig::temporary::beside(&path)).unwrap();
        assert!(write(&path, b"x").is_err());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
        assert!(!path.exists());
    }
}
