//! Is an edit that was shown ever made of a text that another program has replaced since?

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{home, listed};
use crate::{
    edit::digest,
    fs::RealFs,
    write::{WriteError, Writer},
};

const ROUNDS: usize = 1_000;
/// A write is flushed to the disk; the rounds that end with one are few.
const MADE_EVERY: usize = 50;

/// What another program does between the look and the edit, and what stands there after it: `None` for no file.
type Meddle = fn(&Path, &str) -> Option<String>;

fn text(round: usize) -> String {
    format!("# round {round}\ncurrent-context: a\n")
}

fn by_rename(path: &Path, text: &str) -> Option<String> {
    let fresh = path.with_extension("fresh");
    fs::write(&fresh, text).unwrap();
    fs::rename(fresh, path).unwrap();
    Some(text.to_owned())
}

/// The first of two steps; the second is taken by the next round.
fn by_half(path: &Path, text: &str) -> Option<String> {
    let half = &text[..text.len() / 2];
    fs::write(path, half).unwrap();
    Some(half.to_owned())
}

fn by_link(path: &Path, text: &str) -> Option<String> {
    let (target, link) = (path.with_extension(format!("v{}", digest(text.as_bytes()))), path.with_extension("link"));
    fs::write(&target, text).unwrap();
    symlink(&target, &link).unwrap();
    fs::rename(link, path).unwrap();
    Some(text.to_owned())
}

fn by_delete(path: &Path, _: &str) -> Option<String> {
    fs::remove_file(path).unwrap();
    None
}

#[test]
fn in_a_thousand_rounds_of_each_pattern_an_edit_is_made_of_the_fresh_text_or_refused() {
    let patterns: [(&str, Meddle); 4] = [("rename", by_rename), ("two steps", by_half), ("a link that is swapped", by_link), ("delete", by_delete)];
    for (name, meddle) in patterns {
        let (home, path) = home();
        let backups: PathBuf = home.path().join("state/backups");
        let writer = Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO };
        for round in 0..ROUNDS {
            let what = format!("{name}, round {round}");
            let shown = text(round);
            fs::write(&path, &shown).unwrap();
            let seen = digest(shown.as_bytes());
            let stands = meddle(&path, &text(round + 1));
            let refused = writer.make_current(&listed(&path), "b", &seen);
            assert!(matches!(refused, Err(WriteError::Changed)), "{what}: {refused:?}");
            assert_eq!(fs::read_to_string(&path).ok(), stands, "{what}: what the other wrote is gone");
            if round % MADE_EVERY == 0 {
                // Looked at again, the edit is made of what stands there now.
                let fresh = text(round + 1);
                fs::write(&path, &fresh).unwrap();
                writer.make_current(&listed(&path), "b", &digest(fresh.as_bytes())).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), fresh.replace(": a", ": b"), "{what}");
            }
        }
        assert!(!path.with_extension("lock").exists(), "{name}: a lock is left");
    }
}

#[test]
fn while_another_program_holds_the_lock_its_half_file_is_not_touched() {
    let (home, path) = home();
    let backups: PathBuf = home.path().join("state/backups");
    let lock = path.with_extension("lock");
    let writer = Writer { fs: &RealFs, backups: &backups, patience: Duration::ZERO };
    for round in 0..ROUNDS {
        let whole = text(round);
        fs::write(&path, &whole).unwrap();
        fs::write(&lock, "").unwrap();
        let half = by_half(&path, &whole).unwrap();
        let refused = writer.make_current(&listed(&path), "b", &digest(whole.as_bytes()));
        assert!(matches!(refused, Err(WriteError::Locked { .. })), "round {round}: {refused:?}");
        assert_eq!((fs::read_to_string(&path).unwrap(), lock.exists()), (half, true), "round {round}");
        fs::remove_file(&lock).unwrap();
    }
}
