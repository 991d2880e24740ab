//! What does the simulated git do with the checkout of the demo?
//!
//! It knows what a commit of single files takes, and works only in the folder that the demo laid out: everywhere else it
//! says that there is no repository.

mod index;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::run::Run;
use crate::fleet::definitions::{CHECKOUT, FILES, FOLDER};

pub use index::{UNTOUCHED, blob, index};

/// The newest commit of the checkout when a demo begins.
pub const COMMIT: &str = "3f9c1e2aa0b14f5d8c7e6f5a4b3c2d1e0f9a8b7c";
/// Commits of it that nobody pushed.
const AHEAD: u32 = 2;
const WHO: &str = "jo <jo@acme.dev>";

/// The repository of the demo.
#[derive(Debug)]
pub(crate) struct Checkout {
    head: String,
    made: u32,
    /// By their paths, as they were committed last.
    tracked: BTreeMap<String, Vec<u8>>,
    blobs: BTreeMap<String, Vec<u8>>,
}

impl Default for Checkout {
    fn default() -> Self {
        let tracked = FILES.map(|(name, text)| (format!("{FOLDER}/{name}"), text.as_bytes().to_vec()));
        Self { head: COMMIT.to_owned(), made: 0, tracked: tracked.into(), blobs: BTreeMap::new() }
    }
}

/// The files of a checkout that was just made at this time.
pub fn laid_out(at_second: u64) -> Vec<(PathBuf, Vec<u8>)> {
    let checkout = Checkout::default();
    let log = format!("{} {COMMIT} {WHO} {at_second} +0000\tcommit: lab-a: two workers\n", "0".repeat(40));
    let administration =
        [("HEAD", b"ref: refs/heads/main\n".to_vec()), ("refs/heads/main", format!("{COMMIT}\n").into_bytes()), ("logs/HEAD", log.into_bytes())];
    let administration = administration.into_iter().chain([("index", checkout.index())]).map(|(name, bytes)| (Path::new(".git").join(name), bytes));
    let files = checkout.tracked.iter().map(|(path, bytes)| (PathBuf::from(path), bytes.clone()));
    administration.chain(files).collect()
}

impl Checkout {
    fn index(&self) -> Vec<u8> {
        let files: Vec<(&str, &[u8])> = self.tracked.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        index(&files, UNTOUCHED)
    }

    fn stage(&mut self, entries: &[&str]) {
        for entry in entries {
            if let [_, hash, path] = entry.splitn(3, ',').collect::<Vec<_>>().as_slice()
                && let Some(bytes) = self.blobs.get(*hash)
            {
                self.tracked.insert((*path).to_owned(), bytes.clone());
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One command of git; options of every command stand before it.
pub(super) fn git(run: &mut Run<'_>) -> i32 {
    if run.args() == ["--version"] {
        run.out("git version 2.47.3");
        return 0;
    }
    let folder = run.folder().to_owned();
    let head = folder.join(".git/refs/heads/main");
    let stands = std::fs::read_to_string(&head).unwrap_or_default();
    if !folder.ends_with(CHECKOUT) || stands.trim() != run.world().things().checkout.head {
        run.err("fatal: not a git repository (or any of the parent directories): .git");
        return 128;
    }
    let args = run.args();
    let mut words = args.iter().map(String::as_str).peekable();
    while let Some(option) = words.next_if(|word| word.starts_with('-')) {
        if option == "-c" {
            words.next();
        }
    }
    let words: Vec<&str> = words.collect();
    let paths = || words.iter().skip_while(|word| **word != "--").skip(1);
    match words.as_slice() {
        ["for-each-ref", ..] => {
            let ahead = AHEAD + run.world().things().checkout.made;
            run.out(&format!("origin/main\0ahead {ahead}"));
        }
        ["rev-parse", ..] => run.out(stands.trim()),
        ["var", ..] => run.out(&format!("{WHO} 0 +0000")),
        ["ls-tree", ..] => {
            let world = run.world().clone();
            let tracked = world.things().checkout.tracked.clone();
            let known = paths().filter_map(|path| Some(format!("100644 blob {}\t{path}\0", hex(&blob(tracked.get(*path)?)))));
            run.out(&known.collect::<String>());
        }
        ["check-attr", ..] => run.out(&paths().map(|path| format!("{path}\0filter\0unspecified\0")).collect::<String>()),
        ["ls-files" | "diff-index" | "read-tree", ..] => {}
        ["hash-object", .., file] => {
            let Ok(bytes) = std::fs::read(file) else { return 128 };
            let name = hex(&blob(&bytes));
            run.world().things().checkout.blobs.insert(name.clone(), bytes);
            run.out(&name);
        }
        // An index that is set aside is thrown away with the commit that was made of it.
        ["update-index", ..] if run.has_variable("GIT_INDEX_FILE") => {}
        ["update-index", .., "--cacheinfo", entry] => {
            let world = run.world().clone();
            let mut things = world.things();
            things.checkout.stage(&[entry]);
            return written(&folder.join(".git/index"), &things.checkout.index());
        }
        ["write-tree"] => run.out(&"4".repeat(40)),
        ["commit-tree", ..] => run.out(&hex(&blob(words.join(" ").as_bytes()))),
        ["update-ref", "-m", message, _, new, old] => {
            let time = run.world().clock().now().0 / 1_000;
            let log = format!("{old} {new} {WHO} {time} +0000\t{message}\n");
            {
                let world = run.world().clone();
                let mut things = world.things();
                things.checkout.head = (*new).to_owned();
                things.checkout.made += 1;
            }
            return written(&folder.join(".git/logs/HEAD"), log.as_bytes()).max(written(&head, format!("{new}\n").as_bytes()));
        }
        _ => {
            run.err("git: the simulated program does not know this command");
            return 1;
        }
    }
    0
}

fn written(path: &Path, bytes: &[u8]) -> i32 {
    i32::from(std::fs::write(path, bytes).is_err())
}
