//! Where does a program stand?

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::{Found, FoundBy, Program, ProgramError};

/// Where the user wants programs to be looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub docker: Option<PathBuf>,
    pub kind: Option<PathBuf>,
    pub clusterctl: Option<PathBuf>,
    pub kubectl: Option<PathBuf>,
    pub helm: Option<PathBuf>,
    pub git: Option<PathBuf>,
    /// Searched before the login shell's PATH.
    pub extra: Vec<PathBuf>,
    /// KOS's own folder of fetched programs.
    pub fetched: Option<PathBuf>,
}

impl Places {
    fn chosen<'a>(&'a self, program: &'a Program) -> Option<&'a Path> {
        match program {
            Program::Docker => self.docker.as_deref(),
            Program::Kind => self.kind.as_deref(),
            Program::Clusterctl => self.clusterctl.as_deref(),
            Program::Kubectl => self.kubectl.as_deref(),
            Program::Helm => self.helm.as_deref(),
            Program::Git => self.git.as_deref(),
            // Parts of the system.
            Program::Systemctl | Program::Pkexec | Program::Open => None,
            // A path with a folder in it is the choice of who wrote the kubeconfig; only a bare name is searched.
            Program::Plugin(path) => (path.components().count() > 1).then_some(path.as_path()),
        }
    }
}

/// Finds a program; a chosen path is never replaced by another one, even when it is wrong.
///
/// Errors: `NotFound` with every place that was looked at, in order.
pub(crate) fn find(program: &Program, places: &Places, path: &[PathBuf], is_program: impl Fn(&Path) -> bool) -> Result<Found, ProgramError> {
    let missing = |searched| ProgramError::NotFound { program: program.name(), searched };
    if let Some(chosen) = places.chosen(program) {
        let usable = chosen.is_absolute() && is_program(chosen);
        return if usable { Ok(Found { path: chosen.to_owned(), by: FoundBy::Chosen }) } else { Err(missing(vec![chosen.to_owned()])) };
    }
    let name = program.name();
    let folders = || {
        let extra = places.extra.iter().map(|folder| (folder, FoundBy::Path));
        let fetched = places.fetched.iter().map(|folder| (folder, FoundBy::Fetched));
        // A relative folder in PATH would mean another program in each folder KOS is started from.
        extra.chain(fetched).chain(path.iter().map(|folder| (folder, FoundBy::Path))).filter(|(folder, _)| folder.is_absolute())
    };
    folders()
        .map(|(folder, by)| Found { path: folder.join(&name), by })
        .find(|found| is_program(&found.path))
        .ok_or_else(|| missing(folders().map(|(folder, _)| folder.clone()).collect()))
}

/// Whether this is a file that may be run by somebody.
pub(crate) fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests;
