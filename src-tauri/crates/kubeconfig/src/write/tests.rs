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

mod failing;
mod rewritten;

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
fn a_lock_says_for_how_long_it_is_held_as_people_would() {
    for (seconds, words) in [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7_199, "119 min"), (10_822, "3 h"), (259_200, "3 d")] {
        let held = WriteError::Locked { path: "/k.lock".into(), age: Duration::from_secs(seconds) };
        assert_eq!(held.to_string(), format!("another program has held the lock /k.lock for {words}"));
    }
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

#[test]
fn the_last_twenty_backups_are_kept_and_the_oldest_go() {
    let (home, path) = home();
    for round in 0..25 {
        fs::write(&path, format!("{TEXT}# round {round:02}\n")).unwrap();
        let seen = digest(&fs::read(&path).unwrap());
        let backups = home.path().join("state/backups");
        Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO }.make_current(&listed(&path), "b", &seen).unwrap();
    }
    let mut kept: Vec<String> =
        fs::read_dir(home.path().join("state/backups")).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    kept.sort();
    assert_eq!(kept, (5..25).map(|round| format!("{TEXT}# round {round:02}\n")).collect::<Vec<_>>());
}

#[test]
fn a_file_with_two_names_keeps_both() {
    let (home, path) = home();
    let other = home.path().join("other-name");
    fs::hard_link(&path, &other).unwrap();
    written(&path, home.path()).unwrap();
    assert_eq!(fs::read_to_string(&other).unwrap(), TEXT.replace(": a", ": b"));
}

#[test]
fn a_lock_left_by_a_crash_is_named_with_its_age_and_not_removed() {
    let (home, path) = home();
    let lock = home.path().join("config.lock");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(600);
    fs::File::create(&lock).unwrap().set_modified(long_ago).unwrap();
    let Err(WriteError::Locked { path: named, age }) = written(&path, home.path()) else { panic!("the lock was not seen") };
    assert_eq!(named.canonicalize().unwrap(), lock.canonicalize().unwrap());
    assert!(age >= super::LOCK_STALE_AFTER && lock.exists(), "{age:?}");
}

#[test]
fn only_the_old_lock_that_was_shown_is_removed() {
    let (home, path) = home();
    let (lock, backups) = (home.path().join("config.lock"), home.path().join("state/backups"));
    let writer = Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO };
    let listed = listed(&path);
    let left = |age: u64| {
        let at = std::time::SystemTime::now() - Duration::from_secs(age);
        fs::File::create(&lock).unwrap().set_modified(at).unwrap();
    };
    assert!(matches!(writer.standing_lock(&listed), Err(WriteError::NotLocked)));
    left(30);
    let young = writer.standing_lock(&listed).unwrap();
    assert!(matches!(writer.remove_lock(&listed, &young.seen), Err(WriteError::Locked { .. })), "its program may be at work");
    left(600);
    let old = writer.standing_lock(&listed).unwrap();
    assert!(old.age >= super::LOCK_STALE_AFTER && old.seen != young.seen, "{old:?}");
    assert!(matches!(writer.remove_lock(&listed, &young.seen), Err(WriteError::OtherLock)), "another lock than the one that was shown");
    assert!(lock.exists());
    writer.remove_lock(&listed, &old.seen).unwrap();
    assert!(!lock.exists());
    written(&path, home.path()).unwrap();
}

#[test]
fn a_change_that_is_saved_elsewhere_leaves_the_file_and_everything_that_is_there() {
    let (home, path) = home();
    let (copy, backups) = (home.path().join("copy.yaml"), home.path().join("state/backups"));
    let writer = Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO };
    let seen = digest(TEXT.as_bytes());
    let save = |seen: &str| writer.save_elsewhere(&listed(&path), "b", seen, &copy);
    assert!(matches!(save("another text"), Err(WriteError::Changed)));
    assert!(!copy.exists());
    save(&seen).unwrap();
    assert_eq!((fs::read_to_string(&copy).unwrap(), mode(&copy)), (TEXT.replace(": a", ": b"), 0o600));
    assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
    fs::write(&copy, "of somebody else").unwrap();
    assert!(matches!(save(&seen), Err(WriteError::Io { .. })));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "of somebody else");
    assert!(!backups.exists() && !home.path().join("config.lock").exists(), "nothing else is made");
}

#[test]
fn a_file_of_ours_is_replaced_whole_and_stays_private() {
    let (home, _) = home();
    let path = home.path().join("made/w1.yaml");
    let backups = home.path().join("state/backups");
    let writer = Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO };
    for text in ["first", "second"] {
        writer.write_made(&path, text).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), (text, 0o600));
    }
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    assert!(!backups.exists());
}
