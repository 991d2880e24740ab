//! Can a checkout take a commit of these files, and on top of what?
//!
//! A commit holds what was shown and nothing else: whatever of these files is not as it was committed last stands in the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use api::{Fault, FaultCode, Fix};

use super::super::NOTHING;
use super::super::ask_git::AskGit;
use super::super::git::{Git, hash};

/// Where a commit goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stands {
    pub(super) branch: String,
    /// The commit that it follows.
    pub(super) head: String,
    pub(super) by: String,
    /// Of each file, in their order.
    pub(super) places: Vec<Place>,
}

/// A file as git knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Below the checkout.
    pub(super) path: String,
    /// `100644`.
    pub(super) mode: String,
}

pub(super) async fn look(git: &AskGit, around: &Git, paths: &[PathBuf]) -> Result<Stands, Fault> {
    let branch = around.branch().ok_or_else(|| refused("No branch is checked out, so a commit would be lost with the next checkout. Check one out first."))?;
    if let Some(what) = around.goes_on() {
        return Err(refused(&format!("A {what} goes on in this checkout. End it with git first, or write the files without a commit.")));
    }
    let unread = "Git cannot read this checkout. Write the files without a commit.";
    let listed = git.said(&["for-each-ref", "--count=1", "--format=%(objectname)", &format!("refs/heads/{branch}")], unread).await?;
    if listed.is_empty() {
        return Err(refused(&format!("{branch} has no commit yet. Make the first one with git.")));
    }
    let head = git.said(&["rev-parse", "--verify", "--quiet", &format!("refs/heads/{branch}^{{commit}}")], unread).await?;
    let names: Vec<String> = paths.iter().map(|path| below(around, path)).collect::<Result<_, _>>()?;
    let with = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).chain(["--".to_owned()]).chain(names.clone()).collect() };
    let ask = async |words: Vec<String>| git.said(&words.iter().map(String::as_str).collect::<Vec<_>>(), unread).await;
    let conflicts = ask(with(&["ls-files", "--unmerged", "-z"])).await?;
    if let Some(name) = conflicts.split('\0').find_map(|one| one.trim().split_once('\t')) {
        return Err(refused(&format!("{} is in conflict. Solve it with git first.", name.1)));
    }
    let staged = git.run(&with(&["diff-index", "--cached", "--quiet", &head]).iter().map(String::as_str).collect::<Vec<_>>()).await?;
    if !staged.succeeded() {
        return Err(refused(&format!("Something of {} is staged. Commit it or take it back with git first.", names.join(", "))));
    }
    filters(&ask(with(&["check-attr", "-z", "filter", "working-tree-encoding"])).await?)?;
    let known = tree(&ask(with(&["ls-tree", "-z", &head])).await?);
    let places = names.iter().zip(paths).map(|(name, path)| place(name, path, &known)).collect::<Result<_, _>>()?;
    let by = who(git).await?;
    Ok(Stands { branch, head, by, places })
}

/// The path of a file below its checkout.
fn below(around: &Git, path: &Path) -> Result<String, Fault> {
    let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let parent = path.parent().unwrap_or(path);
    // A link leads to the file that is written; a file that is not there yet has none.
    let real = std::fs::canonicalize(path).or_else(|_| std::fs::canonicalize(parent).map(|folder| folder.join(&shown)));
    let elsewhere = || refused(&format!("{shown} stands in another checkout, or in none. Write it without a commit."));
    let real = real.map_err(|_| elsewhere())?;
    let own = Git::around(real.parent().unwrap_or(&real)).is_some_and(|inner| inner.root() == around.root());
    let name = real.strip_prefix(around.root()).ok().and_then(Path::to_str).filter(|_| own);
    name.map(str::to_owned).ok_or_else(elsewhere)
}

/// Files by their paths: mode and the name of their content.
fn tree(listed: &str) -> BTreeMap<String, (String, String)> {
    let one = |line: &str| {
        let (about, path) = line.trim_matches('\n').split_once('\t')?;
        let [mode, _, hash] = about.split(' ').collect::<Vec<_>>().try_into().ok()?;
        Some((path.to_owned(), (mode.to_owned(), hash.to_owned())))
    };
    listed.split('\0').filter_map(one).collect()
}

/// A filter is a program that the checkout names; what it would write KOS does not know.
fn filters(told: &str) -> Result<(), Fault> {
    let words: Vec<&str> = told.split('\0').map(|word| word.trim_matches('\n')).collect();
    let set = words.chunks_exact(3).find(|one| !matches!(one[2], "unspecified" | "unset"));
    let Some(one) = set else { return Ok(()) };
    let sentence =
        format!("{} goes through “{}” of this checkout, a program that KOS does not run. Write it without a commit, and commit it with git.", one[0], one[2]);
    Err(refused(&sentence))
}

/// A file has to be as it was committed last, or not there at all.
fn place(name: &str, path: &Path, known: &BTreeMap<String, (String, String)>) -> Result<Place, Fault> {
    let there = std::fs::read(path).ok();
    match (known.get(name), there) {
        (Some((mode, _)), Some(_)) if !mode.starts_with("100") => Err(refused(&format!("{name} is no plain file for git. Write it without a commit."))),
        (Some((mode, committed)), Some(bytes)) if *committed == hex(&hash(&bytes)) => Ok(Place { path: name.to_owned(), mode: mode.clone() }),
        (None, None) => Ok(Place { path: name.to_owned(), mode: "100644".to_owned() }),
        (Some(_), _) => Err(refused(&format!("{name} has changes that are not committed. Commit them or take them back with git first."))),
        (None, Some(_)) => Err(refused(&format!("Git does not know {name} yet. Add it with git first."))),
    }
}

async fn who(git: &AskGit) -> Result<String, Fault> {
    let sentence = "Git does not know who you are. Tell it your name and address, then look again.";
    let named = |fault: Fault| {
        let command = r#"git config --global user.name "…" && git config --global user.email "…""#;
        fault.fix(Fix::Copy { label: "Copy the commands".into(), command: command.into() })
    };
    let told = git.said(&["var", "GIT_COMMITTER_IDENT"], sentence).await.map_err(named)?;
    Ok(told.rsplit_once('>').map_or(told.clone(), |(who, _)| format!("{who}>")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn refused(sentence: &str) -> Fault {
    Fault::new(FaultCode::Invalid, sentence).unharmed(NOTHING)
}
