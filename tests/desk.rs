//! How does a test get a home folder that nobody else uses?

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A home folder with kubeconfigs; gone with its owner.
#[derive(Debug)]
pub struct Desk {
    folder: tempfile::TempDir,
    path: Vec<PathBuf>,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("kos-desk-").tempdir().expect("a folder for the test");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("the folder is ours");
        Self { folder, path: vec![] }
    }

    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    /// What programs at this desk say on standard error; beside the home folder, so that it is no part of it.
    pub fn errors(&self) -> PathBuf {
        self.home().with_extension("stderr")
    }

    /// Writes a file below the home folder.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the desk can be written");
        std::fs::write(&path, text).expect("the desk can be written");
        path
    }

    /// Every file below a folder of the desk with its bytes, for tests that compare them later.
    pub fn bytes(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = BTreeMap::new();
        let mut folders = vec![self.home().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.insert(path.clone(), std::fs::read(&path).expect("the desk can be read"));
                }
            }
        }
        all
    }

    /// Puts a folder in front of the PATH of what sits at this desk.
    pub fn with_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.path.push(folder.into());
        // A login shell makes a PATH of its own: the user of this desk has the folders in the profile, as users do.
        let folders: Vec<String> = self.path.iter().map(|p| p.display().to_string()).collect();
        self.file(".profile", &format!("PATH='{}':\"$PATH\"\n", folders.join(":")));
        self
    }

    /// The environment of a program that sits at this desk: nothing of the developer's own configuration.
    pub fn environment(&self) -> Vec<(String, String)> {
        let home = self.home().display().to_string();
        let mut path: Vec<String> = self.path.iter().map(|p| p.display().to_string()).collect();
        path.push(std::env::var("PATH").unwrap_or_default());
        let mut all = vec![("HOME".to_owned(), home.clone()), ("PATH".to_owned(), path.join(":"))];
        // A login shell would put its own PATH in front; `sh` reads nothing in an empty home.
        all.push(("SHELL".to_owned(), "/bin/sh".to_owned()));
        for (name, below) in
            [("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state"), ("XDG_DATA_HOME", ".local/share"), ("XDG_CACHE_HOME", ".cache")]
        {
            all.push((name.to_owned(), format!("{home}/{below}")));
        }
        // The address of nothing: the system of whoever runs the tests is not asked.
        all.push(("DBUS_SYSTEM_BUS_ADDRESS".to_owned(), "none:".to_owned()));
        all
    }

    /// Variables that would lead to the developer's own clusters, or past them.
    pub const FORGOTTEN: &[&str] = &[
        "KUBECONFIG",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "DBUS_SESSION_BUS_ADDRESS",
    ];
}

impl Drop for Desk {
    fn drop(&mut self) {
        let said = std::fs::read_to_string(self.errors()).unwrap_or_default();
        if std::thread::panicking() && !said.is_empty() {
            eprintln!("standard error of what sat at the desk:\n{said}");
        }
        let _ = std::fs::remove_file(self.errors());
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// The text of a kubeconfig with one context that is reached by a bearer token.
pub fn kubeconfig(context: &str, server: &str, token: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {context}\nclusters:\n- name: {context}\n  cluster:\n    server: {server}\n\
         users:\n- name: {context}\n  user:\n    token: {token}\ncontexts:\n- name: {context}\n  context:\n    cluster: {context}\n    user: {context}\n"
    )
}

/// The text of a kubeconfig with so many contexts, from `c-00` on; nobody answers at their server.
pub fn crowded(many: usize) -> String {
    let contexts: String = (0..many).map(|n| format!("- {{name: c-{n:02}, context: {{cluster: one, user: one}}}}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- {{name: one, cluster: {{server: 'https://127.0.0.1:1'}}}}\n\
         users:\n- {{name: one, user: {{token: t}}}}\ncontexts:\n{contexts}"
    )
}
