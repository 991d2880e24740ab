//! How is a small file written so that it is the old one or the new one, never a mix?

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::home::Home;

/// Nothing that KOS keeps for itself is larger.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Replaces a file: a temporary one beside it, flushed to disk, then renamed over it. Readable by the user alone.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    Home::private(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.new", std::process::id()));
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

/// Removes what writes that were killed left in a folder of ours: hidden files that end in the number of a process that is gone.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.strip_prefix('.').and_then(|rest| rest.trim_end_matches(".new").rsplit_once('.')).and_then(|(_, number)| number.parse::<u32>().ok());
        let left = owner.is_some_and(|process| !Path::new("/proc").join(process.to_string()).exists());
        if left && let Err(cause) = fs::remove_file(entry.path()) {
            tracing::warn!(file = %entry.path().display(), %cause, "a half written file cannot be removed");
        }
    }
}

/// Reads a small file; `None` when there is none.
pub(crate) fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
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

    use super::{read, sweep, write};

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
        symlink(&target, dir.path().join(format!(".s.{}.new", std::process::id()))).unwrap();
        assert!(write(&path, b"x").is_err());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
        assert!(!path.exists());
    }

    #[test]
    fn a_sweep_takes_what_dead_processes_left_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let beyond_every_process = "4194305";
        let living = std::process::id();
        let stay = [".hidden".to_owned(), "settings.yaml".to_owned(), format!(".settings.yaml.{living}.new"), "notes.4194305".to_owned()];
        let go = [format!(".settings.yaml.{beyond_every_process}.new"), format!(".trust.json.{beyond_every_process}")];
        stay.iter().chain(&go).for_each(|name| std::fs::write(dir.path().join(name), "").unwrap());
        sweep(dir.path());
        assert!(stay.iter().all(|name| dir.path().join(name).exists()));
        assert!(!go.iter().any(|name| dir.path().join(name).exists()));
    }
}
