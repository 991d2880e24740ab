use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{WriteError, Writer};
use crate::{
    edit::digest,
    fs::RealFs,
    sources::{Environment, Listed, Own, list},
};

const TEXT: &str = "# mine\ncurrent-context: a\nunknown: 1\n";

fn listed(path: &Path) -> Listed {
    list(&Environment { kubeconfig: Some(path.into()), home: None, cwd: "/".into() }, &Own::default()).remove(0)
}

fn written(path: &Path, home: &Path) -> Result<super::Written, WriteError> {
    let backups = home.join("state/backups");
    Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO }.make_current(&listed(path), "b", &digest(TEXT.as_bytes()))
}

fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config");
    fs::write(&path, TEXT).unwrap();
    (home, path)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn lock_held() {
    let (home, path) = home();
    fs::write(home.path().join("config.lock"), "").unwrap();
    assert!(matches!(written(&path, home.path()), Err(WriteError::Locked { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
    assert!(home.path().join("config.lock").exists());
}

#[test]
fn symlink_and_mode() {
    let (home, path) = home();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let link = home.path().join("link");
    symlink(&path, &link).unwrap();
    let done = written(&link, home.path()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!((fs::read_to_string(&path).unwrap(), mode(&path)), (TEXT.replace(": a", ": b"), 0o644));
    assert_eq!(mode(done.backup.as_deref().unwrap()), 0o600);
    let backups = home.path().join("state/backups");
    Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO }.undo(&link, &done).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
}

#[test]
fn two_spellings_and_changed_bytes() {
    let (home, path) = home();
    written(&home.path().join("./config"), home.path()).unwrap();
    assert!(matches!(written(&path, home.path()), Err(WriteError::Changed)));
    assert!(!home.path().join("config.lock").exists());
}

#[test]
fn a_planted_link_at_the_temporary_name_is_refused() {
    let (home, path) = home();
    let victim = home.path().join("victim");
    fs::write(&victim, "v").unwrap();
    symlink(&victim, home.path().join(format!(".config.kos-{}", std::process::id()))).unwrap();
    assert!(matches!(written(&path, home.path()), Err(WriteError::Io { .. })));
    assert_eq!((fs::read_to_string(&path).unwrap().as_str(), fs::read_to_string(&victim).unwrap().as_str()), (TEXT, "v"));
}
