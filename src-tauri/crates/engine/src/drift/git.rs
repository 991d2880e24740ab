//! Where does the git checkout around a folder stand?
//!
//! Read from its files; what only git itself can tell is asked through [`super::ask_git`].
//! What is staged is compared with the files, not with the last commit, whose content may be packed.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use api::Timestamp;
use api::definitions::{Checkout, WorkTree};
use sha1::{Digest, Sha1};

use crate::home::Home;

const MOST_TEXT: u64 = 64 * 1024;
/// The last lines of a log are enough.
const MOST_LOG: u64 = 1024 * 1024;
const MOST_INDEX: u64 = 32 * 1024 * 1024;
const MOST_BLOB: u64 = 16 * 1024 * 1024;
/// A larger checkout is not looked through for every saved file.
const MOST_TRACKED: usize = 20_000;

/// A checkout with the folders of its administration.
#[derive(Debug, Clone)]
pub(super) struct Git {
    root: PathBuf,
    /// Of this work tree: HEAD, index, logs.
    own: PathBuf,
    /// Of all work trees: branches.
    common: PathBuf,
}

impl Git {
    /// The checkout that a folder is in.
    pub(super) fn around(folder: &Path) -> Option<Self> {
        for root in folder.ancestors() {
            let dot = root.join(".git");
            if dot.is_dir() {
                return Some(Self { root: root.to_owned(), own: dot.clone(), common: dot });
            }
            if dot.is_file() {
                // A work tree or a submodule names its administration: `gitdir: ../.git/worktrees/x`.
                let text = text(&dot)?;
                let own = root.join(text.trim().strip_prefix("gitdir:")?.trim());
                let common = self::text(&own.join("commondir")).map_or_else(|| own.clone(), |path| own.join(path.trim()));
                return own.is_dir().then_some(Self { root: root.to_owned(), own, common });
            }
        }
        None
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The branch that is checked out.
    pub(super) fn branch(&self) -> Option<String> {
        let head = text(&self.own.join("HEAD"))?;
        head.trim().strip_prefix("ref:")?.trim().strip_prefix("refs/heads/").map(str::to_owned)
    }

    /// What somebody began here with git and has not ended.
    pub(super) fn goes_on(&self) -> Option<&'static str> {
        let all = [
            ("MERGE_HEAD", "merge"),
            ("rebase-merge", "rebase"),
            ("rebase-apply", "rebase"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
            ("BISECT_LOG", "bisect"),
        ];
        all.into_iter().find(|(name, _)| self.own.join(name).exists()).map(|(_, what)| what)
    }

    /// What changes when something is committed, staged or checked out.
    pub(super) fn watched(&self) -> Vec<PathBuf> {
        vec![self.own.join("HEAD"), self.own.join("index"), self.own.join("logs/HEAD")]
    }

    pub(super) fn look(&self, folder: &Path, files: &[PathBuf], home: &Home) -> Checkout {
        let head = text(&self.own.join("HEAD")).unwrap_or_default();
        let reference = head.trim().strip_prefix("ref:").map(|name| name.trim().to_owned());
        let commit = match &reference {
            Some(name) => self.resolve(name).unwrap_or_default(),
            None => head.trim().to_owned(),
        };
        let last = tail(&self.own.join("logs/HEAD")).and_then(|log| log.lines().next_back().and_then(entry)).filter(|last| last.commit == commit);
        let (at, by) = last.map_or((None, String::new()), |last| (last.at, last.by));
        Checkout {
            root: home.shown(&self.root),
            below: folder.strip_prefix(&self.root).unwrap_or(Path::new("")).display().to_string(),
            branch: reference.map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()),
            commit: if is_hash(&commit) { commit } else { String::new() },
            at,
            by,
            tree: self.tree(files),
            upstream: None,
        }
    }

    /// The commit of a branch; its name may come from anybody and leads nowhere else.
    fn resolve(&self, name: &str) -> Option<String> {
        let plain = name.starts_with("refs/") && !name.split('/').any(|part| part == ".." || part.is_empty());
        let loose = plain.then(|| text(&self.common.join(name))).flatten().map(|hash| hash.trim().to_owned()).filter(|hash| is_hash(hash));
        loose.or_else(|| {
            let packed = tail(&self.common.join("packed-refs"))?;
            packed.lines().find_map(|line| line.split_once(' ').filter(|(_, of)| *of == name).map(|(hash, _)| hash.to_owned()))
        })
    }

    fn tree(&self, files: &[PathBuf]) -> WorkTree {
        let Some(index) = bytes(&self.own.join("index"), MOST_INDEX).and_then(|bytes| Index::read(&bytes)) else { return WorkTree::Unknown };
        let known: BTreeSet<&str> = index.entries.iter().map(|entry| entry.path.as_str()).collect();
        let is_new = |path: &&PathBuf| path.strip_prefix(&self.root).is_ok_and(|path| !known.contains(&*path.to_string_lossy()));
        let new = files.iter().filter(is_new).count();
        let changed = index.entries.iter().filter(|entry| !entry.is_as_staged(&self.root)).count() + new;
        match (changed, index.committed) {
            (0, true) => WorkTree::Clean,
            (0, false) => WorkTree::Staged,
            (changed, _) => WorkTree::Changed(u32::try_from(changed).unwrap_or(u32::MAX)),
        }
    }
}

struct Index {
    entries: Vec<Entry>,
    /// Its tree was written as a whole: nothing was staged since.
    committed: bool,
}

struct Entry {
    path: String,
    size: u32,
    seconds: u32,
    hash: [u8; 20],
    kind: Tracked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tracked {
    File,
    /// Links and submodules: not definitions, and not compared.
    Other,
}

impl Index {
    /// Versions 2 and 3; version 4 shortens its paths, and is rare.
    fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes.get(..4)? != b"DIRC" || !matches!(number(4)?, 2 | 3) {
            return None;
        }
        let count = usize::try_from(number(8)?).ok().filter(|count| *count <= MOST_TRACKED)?;
        let (mut entries, mut at) = (Vec::with_capacity(count), 12);
        for _ in 0..count {
            let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
            let name = at + 62 + if flags & 0x4000 == 0 { 0 } else { 2 };
            let length = bytes.get(name..)?.iter().position(|byte| *byte == 0)?;
            let path = String::from_utf8_lossy(bytes.get(name..name + length)?).into_owned();
            let kind = if number(at + 24)? >> 12 == 0o10 { Tracked::File } else { Tracked::Other };
            entries.push(Entry { path, size: number(at + 36)?, seconds: number(at + 8)?, hash: bytes.get(at + 40..at + 60)?.try_into().ok()?, kind });
            // Entries end in one to eight zeros, on a multiple of eight.
            at += (name + length - at + 8) & !7;
        }
        let mut committed = false;
        // What follows are extensions, and a checksum at the end.
        while at + 28 <= bytes.len() {
            let size = usize::try_from(number(at + 4)?).ok()?;
            let content = bytes.get(at + 8..at.checked_add(8)?.checked_add(size)?)?;
            if bytes.get(at..at + 4)? == b"TREE" {
                // The root: an empty path, and a number of entries that is -1 once something below it was staged.
                committed = content.first() == Some(&0) && content.get(1).is_some_and(u8::is_ascii_digit);
            }
            at += 8 + size;
        }
        Some(Self { entries, committed })
    }
}

impl Entry {
    fn is_as_staged(&self, root: &Path) -> bool {
        let path = root.join(&self.path);
        let Ok(data) = std::fs::symlink_metadata(&path) else { return false };
        if self.kind == Tracked::Other || !data.is_file() {
            return self.kind == Tracked::Other;
        }
        let modified = data.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_secs());
        let untouched = u64::from(self.size) == data.len() && u64::from(self.seconds) == modified && !is_fresh(modified);
        untouched || (data.len() <= MOST_BLOB && bytes(&path, MOST_BLOB).is_some_and(|bytes| hash(&bytes) == self.hash))
    }
}

/// A file that was written in this very second may be written once more in it.
fn is_fresh(modified: u64) -> bool {
    crate::fleet::now().0 / 1_000 <= modified + 2
}

/// The name that git gives to the content of a file.
pub(super) fn hash(bytes: &[u8]) -> [u8; 20] {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().into()
}

struct Last {
    commit: String,
    at: Option<Timestamp>,
    by: String,
}

/// `<old> <new> Jo Doe <jo@acme.dev> 1733841600 +0000\tcommit: lab-a`.
fn entry(line: &str) -> Option<Last> {
    let (_, rest) = line.split_once(' ')?;
    let (commit, rest) = rest.split_once(' ')?;
    let (who, rest) = rest.split_once('>')?;
    let by = who.split_once('<').map_or(who, |(name, _)| name).trim().to_owned();
    let at = rest.split_whitespace().next().and_then(|seconds| seconds.parse::<u64>().ok());
    Some(Last { commit: commit.to_owned(), at: at.map(|seconds| Timestamp(seconds.saturating_mul(1_000))), by })
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn text(path: &Path) -> Option<String> {
    bytes(path, MOST_TEXT).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The end of a text, whole lines or not.
fn tail(path: &Path) -> Option<String> {
    use std::io::{Seek, SeekFrom};
    let mut file = std::fs::File::open(path).ok().filter(|file| file.metadata().is_ok_and(|data| data.is_file()))?;
    let size = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(MOST_LOG))).ok()?;
    let mut bytes = vec![];
    file.take(MOST_LOG).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A whole file in bounds; pipes and devices are none.
fn bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    std::fs::metadata(path).ok().filter(|data| data.is_file() && data.len() <= most)?;
    let mut bytes = vec![];
    std::fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use sim::git::{UNTOUCHED, index};

    use super::*;

    const COMMIT: &str = "3f9c1e2aa0b14f5d8c7e6f5a4b3c2d1e0f9a8b7c";

    /// A checkout with one file in it.
    fn checkout() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("lab/lab-a");
        std::fs::create_dir_all(&folder).unwrap();
        for folder in ["refs/heads", "logs"] {
            std::fs::create_dir_all(root.path().join(".git").join(folder)).unwrap();
        }
        let put = |name: &str, bytes: &[u8]| std::fs::write(root.path().join(name), bytes).unwrap();
        put(".git/HEAD", b"ref: refs/heads/main\n");
        put(".git/refs/heads/main", format!("{COMMIT}\n").as_bytes());
        put(".git/logs/HEAD", format!("{} {COMMIT} Jo Doe <jo@acme.dev> 1733841600 +0100\tcommit: lab-a\n", "0".repeat(40)).as_bytes());
        put("lab/lab-a/cluster.yaml", b"kind: Cluster\n");
        put(".git/index", &index(&[("lab/lab-a/cluster.yaml", b"kind: Cluster\n")], UNTOUCHED));
        (root, folder)
    }

    fn look(root: &Path, folder: &Path) -> Checkout {
        let files: Vec<PathBuf> = super::super::folder::walk(folder).unwrap().files;
        Git::around(folder).expect("it is a checkout").look(folder, &files, &Home::below(root))
    }

    #[test]
    fn branch_commit_and_who_made_it_are_read_from_files() {
        let (root, folder) = checkout();
        let told = look(root.path(), &folder);
        assert_eq!((told.root.as_str(), told.below.as_str(), told.branch.as_deref()), ("~", "lab/lab-a", Some("main")));
        assert_eq!((told.commit.as_str(), told.by.as_str(), told.at, told.tree), (COMMIT, "Jo Doe", Some(Timestamp(1_733_841_600_000)), WorkTree::Clean));
        std::fs::remove_file(root.path().join(".git/refs/heads/main")).unwrap();
        std::fs::write(root.path().join(".git/packed-refs"), format!("# pack-refs with: peeled\n{COMMIT} refs/heads/main\n")).unwrap();
        assert_eq!(look(root.path(), &folder).commit, COMMIT);
        std::fs::write(root.path().join(".git/HEAD"), format!("{COMMIT}\n")).unwrap();
        assert_eq!(look(root.path(), &folder).branch, None);
    }

    #[test]
    fn files_that_are_not_as_git_knows_them_are_counted() {
        let (root, folder) = checkout();
        std::fs::write(folder.join("cluster.yaml"), "kind: Clustee\n").unwrap();
        assert_eq!(look(root.path(), &folder).tree, WorkTree::Changed(1));
        std::fs::write(folder.join("new.yaml"), "").unwrap();
        assert_eq!(look(root.path(), &folder).tree, WorkTree::Changed(2));
        std::fs::remove_file(folder.join("cluster.yaml")).unwrap();
        std::fs::remove_file(folder.join("new.yaml")).unwrap();
        assert_eq!(look(root.path(), &folder).tree, WorkTree::Changed(1), "a file that is gone counts");
    }

    #[test]
    fn what_is_staged_is_not_called_clean() {
        let (root, folder) = checkout();
        let staged = index(&[("lab/lab-a/cluster.yaml", b"kind: Cluster\n")], b"\x00-1 0\n");
        std::fs::write(root.path().join(".git/index"), staged).unwrap();
        assert_eq!(look(root.path(), &folder).tree, WorkTree::Staged);
    }

    #[test]
    fn an_administration_that_lies_is_not_believed() {
        let (root, folder) = checkout();
        let git = root.path().join(".git");
        for index in [b"DIRC".to_vec(), [b"DIRC".as_slice(), &2u32.to_be_bytes(), &9_999u32.to_be_bytes(), &[1; 90]].concat(), vec![]] {
            std::fs::write(git.join("index"), index).unwrap();
            assert_eq!(look(root.path(), &folder).tree, WorkTree::Unknown);
        }
        std::fs::write(root.path().join("outside"), format!("{COMMIT}\n")).unwrap();
        std::fs::write(git.join("HEAD"), "ref: refs/../../outside\n").unwrap();
        assert_eq!(look(root.path(), &folder).commit, "");
        assert!(Git::around(Path::new("/")).is_none());
    }

    #[test]
    fn a_work_tree_finds_its_administration() {
        let (root, _) = checkout();
        let (git, tree) = (root.path().join(".git"), root.path().join("tree"));
        std::fs::create_dir_all(git.join("worktrees/tree")).unwrap();
        std::fs::create_dir_all(&tree).unwrap();
        std::fs::write(tree.join(".git"), "gitdir: ../.git/worktrees/tree\n").unwrap();
        std::fs::write(git.join("worktrees/tree/commondir"), "../..\n").unwrap();
        std::fs::write(git.join("worktrees/tree/HEAD"), "ref: refs/heads/main\n").unwrap();
        let told = look(root.path(), &tree);
        assert_eq!((told.commit.as_str(), told.root.as_str(), told.tree), (COMMIT, "~/tree", WorkTree::Unknown));
    }
}
