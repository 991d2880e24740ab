//! Where does KOS keep things, and where does it look?
//!
//! Knows: the folders of the user, or one folder that stands for all of them (`--home DIR`: for scripts and tests).

use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::keep;

const SAFE_GRAPHICS: &str = "safe-graphics";
/// Below the state folder.
const HANDED: &str = "handed";

/// The folders, all absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The user's home folder; `~` in what is shown.
    pub user: PathBuf,
    /// Settings of the whole machine, which other programs wrote.
    pub etc: PathBuf,
    /// Settings that a person may edit.
    pub config: PathBuf,
    /// Jobs, backups, what KOS remembers.
    pub state: PathBuf,
    /// What a program is handed for one run; on no disk where the system has such a place.
    pub handed: PathBuf,
    /// Programs fetched by KOS.
    pub programs: PathBuf,
    /// Kubeconfigs written by KOS.
    pub kubeconfigs: PathBuf,
    /// `KUBECONFIG` as set when KOS started; where it is not, that of the login shell counts once the shell was asked.
    pub kubeconfig: Option<OsString>,
    pub cwd: PathBuf,
}

impl Home {
    /// The folders of the user who runs KOS.
    ///
    /// Errors: `None` when the system knows no home folder for this user; KOS then keeps nothing.
    pub fn of_the_user() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("dev", "kos", "kos")?;
        let user = directories::BaseDirs::new()?.home_dir().to_path_buf();
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_path_buf();
        Some(Self {
            user,
            etc: PathBuf::from("/etc"),
            config: dirs.config_dir().to_path_buf(),
            handed: dirs.runtime_dir().map_or_else(|| state.join(HANDED), Path::to_path_buf),
            programs: dirs.data_local_dir().join("programs"),
            kubeconfigs: dirs.data_local_dir().join("kubeconfigs"),
            state,
            kubeconfig: std::env::var_os("KUBECONFIG"),
            cwd: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
        })
    }

    /// One folder that stands for the whole home; `KUBECONFIG` of the environment is not used.
    pub fn below(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        Self {
            etc: folder.join("etc"),
            config: folder.join(".config/kos"),
            state: folder.join(".local/state/kos"),
            handed: folder.join(".local/state/kos").join(HANDED),
            programs: folder.join(".local/share/kos/programs"),
            kubeconfigs: folder.join(".local/share/kos/kubeconfigs"),
            kubeconfig: None,
            cwd: folder.clone(),
            user: folder,
        }
    }

    /// For a user without a home folder: nothing is found, and saving fails with a sentence.
    pub fn nowhere() -> Self {
        Self::below(Path::new("/nonexistent"))
    }

    /// A path as it was typed: `~` is the home folder.
    pub fn expand(&self, typed: &str) -> PathBuf {
        match typed.strip_prefix("~/") {
            Some(rest) => self.user.join(rest),
            None => PathBuf::from(typed),
        }
    }

    /// A path as it is shown: the home folder as `~`.
    pub fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.user) {
            Ok(rest) if !rest.as_os_str().is_empty() => format!("~/{}", rest.display()),
            Ok(_) => "~".to_owned(),
            Err(_) => path.display().to_string(),
        }
    }

    /// Whether no page of this user stood with usual graphics.
    pub fn wants_safe_graphics(&self) -> bool {
        self.state.join(SAFE_GRAPHICS).exists()
    }

    /// Keeps that no page stood with usual graphics, for all later starts.
    ///
    /// Errors: the state folder cannot be written; this start can go on all the same.
    pub fn keep_safe_graphics(&self) -> std::io::Result<()> {
        let words = b"The page did not stand with usual graphics; without this file the next start tries them again.\n";
        keep::write(&self.state.join(SAFE_GRAPHICS), words)
    }

    /// The next start tries usual graphics again.
    ///
    /// Errors: the state folder cannot be written; this start can go on all the same.
    pub fn forget_safe_graphics(&self) -> std::io::Result<()> {
        match std::fs::remove_file(self.state.join(SAFE_GRAPHICS)) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Where clusterctl looks for a configuration when it is told of none.
    pub(crate) fn of_clusterctl(&self) -> Vec<PathBuf> {
        let beside = self.config.parent().map(|folder| folder.join("cluster-api"));
        beside.into_iter().chain([self.user.join(".cluster-api")]).collect()
    }

    /// Makes a folder that only the user can look into.
    pub(crate) fn private(folder: &Path) -> std::io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Home;

    #[test]
    fn a_home_of_its_own_reads_nothing_of_the_user() {
        let home = Home::below(Path::new("/tmp/x"));
        assert_eq!(home.kubeconfig, None);
        for folder in [&home.config, &home.state, &home.programs, &home.kubeconfigs] {
            assert!(folder.starts_with("/tmp/x"), "{folder:?}");
        }
    }

    #[test]
    fn a_page_that_did_not_stand_with_usual_graphics_is_remembered_until_safe_ones_do_not_help_either() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::below(folder.path());
        home.forget_safe_graphics().unwrap();
        assert!(!home.wants_safe_graphics());
        home.keep_safe_graphics().unwrap();
        assert!(home.wants_safe_graphics());
        home.forget_safe_graphics().unwrap();
        assert!(!home.wants_safe_graphics());
    }

    #[test]
    fn a_path_below_home_is_shown_with_a_tilde() {
        let home = Home::below(Path::new("/home/jo"));
        for (path, shown) in [("/home/jo/.kube/config", "~/.kube/config"), ("/home/jo", "~"), ("/home/joanna/x", "/home/joanna/x"), ("/etc/k", "/etc/k")] {
            assert_eq!(home.shown(Path::new(path)), shown);
        }
    }
}
