//! What is a file called while it is written, and what becomes of it when KOS is killed meanwhile?
//!
//! One scheme for all that KOS writes: `.NAME.kos-PID` beside the file. It may hold a credential, so the next KOS removes
//! what was left: only regular files of this user with exactly such a name whose process is gone.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::process::{Pid, geteuid, test_kill_process};

const MARK: &str = ".kos-";

/// The name under which this process writes a file before it takes its place.
pub fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{MARK}{}", std::process::id()))
}

/// Removes what killed processes left in a folder of KOS's own.
pub fn sweep(folder: &Path) {
    sweep_of(folder, |_| true);
}

/// Removes what killed processes left of these files, in whatever folders they stand; of other files nothing is touched.
pub fn sweep_beside<'a>(files: impl IntoIterator<Item = &'a Path>) {
    let mut names: BTreeMap<PathBuf, BTreeSet<OsString>> = BTreeMap::new();
    for file in files {
        // A link is written where it leads to.
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        if let (Some(folder), Some(name)) = (real.parent(), real.file_name()) {
            names.entry(folder.to_owned()).or_default().insert(name.to_owned());
        }
    }
    for (folder, names) in names {
        sweep_of(&folder, |name| names.contains(OsStr::new(name)));
    }
}

fn sweep_of(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((file, process)) = name.to_str().and_then(parts) else { continue };
        // Not followed: a link is nothing that KOS left.
        let regular = entry.path().symlink_metadata().is_ok_and(|found| found.is_file() && found.uid() == geteuid().as_raw());
        if !is_ours(file) || !regular || lives(process) {
            continue;
        }
        if let Err(cause) = std::fs::remove_file(entry.path()) {
            tracing::warn!(file = %entry.path().display(), %cause, "a half written file cannot be removed");
        }
    }
}

/// The file that a name stands for, and the process that wrote it.
fn parts(name: &str) -> Option<(&str, Pid)> {
    let (file, number) = name.strip_prefix('.')?.rsplit_once(MARK)?;
    let process = Pid::from_raw(number.parse().ok().filter(|number: &i32| *number > 0)?)?;
    // `+7` and `007` are numbers too, and no names of ours.
    (!file.is_empty() && process.as_raw_nonzero().to_string() == number).then_some((file, process))
}

fn lives(process: Pid) -> bool {
    // One that may not be asked is there.
    test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{beside, sweep, sweep_beside};

    /// No process has it: it is beyond the most that the kernel gives.
    const GONE: &str = "4194305";

    #[test]
    fn a_sweep_takes_what_dead_processes_left_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let living = beside(&dir.path().join("settings.yaml")).file_name().unwrap().to_string_lossy().into_owned();
        let stay = [
            living.as_str(),
            ".hidden",
            "settings.yaml",
            "a.kos-4194305",
            ".kos-4194305",
            ".a.kos-04194305",
            ".a.kos-+4194305",
            ".a.kos-4194305.bak",
            ".a.kos-0",
            ".a.kos--1",
            ".a.4194305",
        ];
        let go = [".settings.yaml.kos-4194305", ".trust.json.kos-4194305"];
        stay.iter().chain(&go).for_each(|name| std::fs::write(dir.path().join(name), "").unwrap());
        let (link, folder) = (dir.path().join(format!(".link.kos-{GONE}")), dir.path().join(format!(".folder.kos-{GONE}")));
        symlink(dir.path().join("settings.yaml"), &link).unwrap();
        std::fs::create_dir(&folder).unwrap();
        sweep(dir.path());
        let left: Vec<&&str> = stay.iter().filter(|name| !dir.path().join(name).exists()).collect();
        assert!(left.is_empty(), "{left:?} are not ours to remove");
        assert!(!go.iter().any(|name| dir.path().join(name).exists()));
        assert!(link.is_symlink() && folder.is_dir());
    }

    #[test]
    fn in_a_folder_of_the_user_only_what_is_left_of_its_kubeconfigs_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        std::fs::write(&real, "").unwrap();
        symlink(&real, &link).unwrap();
        let names = ["real", "link", "other"].map(|name| dir.path().join(format!(".{name}.kos-{GONE}")));
        names.iter().for_each(|name| std::fs::write(name, "token").unwrap());
        sweep_beside([link.as_path(), &dir.path().join("no/such/config")]);
        assert_eq!(names.map(|name| name.exists()), [false, true, true]);
    }
}
