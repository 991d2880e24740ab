//! Which kubeconfig files are read, and in which order?
//!
//! Knows: client-go's rules for `KUBECONFIG`. Does not know: whether a file exists.

use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use api::{FileId, files::Origin};

/// What the process was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub kubeconfig: Option<OsString>,
    /// `None`: there is no default file.
    pub home: Option<PathBuf>,
    pub cwd: PathBuf,
}

/// What the user and KOS added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    pub added: Vec<PathBuf>,
    pub folders: Vec<Folder>,
    pub made: Vec<PathBuf>,
}

/// A watched folder with the kubeconfigs that were found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub path: PathBuf,
    pub files: Vec<PathBuf>,
}

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: FileId,
    /// Absolute, as spelt in the list: paths in the file are relative to its folder.
    pub path: PathBuf,
    pub origin: Origin,
    pub part: Part,
}

/// Which configuration a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The one that kubectl sees: merged, first one wins.
    OfKubectl,
    /// A configuration of its own.
    Alone,
}

/// All files in order: kubectl's list, then the user's own.
pub fn list(environment: &Environment, own: &Own) -> Vec<Listed> {
    let mut seen = HashSet::new();
    let mut listed: Vec<Listed> = vec![];
    let mut push = |path: PathBuf, origin: Origin, part: Part| {
        if seen.insert(path.clone()) {
            listed.push(Listed { id: file_id(&path), path, origin, part });
        }
    };
    let (origin, paths) = of_kubectl(environment);
    for path in paths {
        push(path, origin.clone(), Part::OfKubectl);
    }
    for path in &own.added {
        push(absolute(&environment.cwd, path.as_os_str()), Origin::Added, Part::Alone);
    }
    for folder in &own.folders {
        let id = file_id(&absolute(&environment.cwd, folder.path.as_os_str()));
        for file in &folder.files {
            push(absolute(&environment.cwd, file.as_os_str()), Origin::Folder { folder: id.clone() }, Part::Alone);
        }
    }
    for path in &own.made {
        push(absolute(&environment.cwd, path.as_os_str()), Origin::Made, Part::Alone);
    }
    listed
}

/// The list that client-go merges: the items of a non-empty `KUBECONFIG`, else the default file.
fn of_kubectl(environment: &Environment) -> (Origin, Vec<PathBuf>) {
    match environment.kubeconfig.as_deref().filter(|value| !value.is_empty()) {
        Some(value) => {
            let mut seen = HashSet::new();
            // An empty item names no file; for client-go's writer it is the working folder's `./.lock`.
            let items = value.as_bytes().split(|byte| *byte == b':').filter(|item| !item.is_empty() && seen.insert(*item));
            (Origin::Environment, items.map(|item| absolute(&environment.cwd, OsStr::from_bytes(item))).collect())
        }
        None => (Origin::Default, environment.home.iter().map(|home| home.join(".kube/config")).collect()),
    }
}

/// Joins without resolving anything: `~`, `$` and `..` stay as they are spelt.
fn absolute(cwd: &Path, path: &OsStr) -> PathBuf {
    cwd.join(path)
}

pub(crate) fn file_id(path: &Path) -> FileId {
    FileId::from(path.to_string_lossy().into_owned())
}

/// A path with the home folder written as `~`.
pub fn shown(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests;
