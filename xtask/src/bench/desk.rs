//! Where does a measured program sit? In a home folder of its own, as the tests do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

static LAST: AtomicU32 = AtomicU32::new(0);

/// A home folder; gone with its owner.
pub(crate) struct Desk(PathBuf);

impl Desk {
    pub(crate) fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("kos-bench-{}-{}", std::process::id(), LAST.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        Ok(Self(folder))
    }

    pub(crate) fn home(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.0))?;
        fs::write(&path, text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(path)
    }

    /// Writes a program that the measured one finds in its PATH.
    pub(crate) fn program(&self, name: &str, text: &str) -> Result<()> {
        let path = self.file(&format!("programs/{name}"), text)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        // KOS goes by the PATH of the login shell, which has the machine's own programs.
        self.file(".profile", "PATH=\"$HOME/programs:$PATH\"\n")?;
        Ok(())
    }

    /// Seats a program here, with nothing of the developer's own configuration.
    pub(crate) fn seat<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let below = |name: &str| self.0.join(name);
        let path = format!("{}:{}", below("programs").display(), std::env::var("PATH").unwrap_or_default());
        command.env("HOME", &self.0).env("PATH", path).env("SHELL", "/bin/sh").current_dir(&self.0);
        for (name, folder) in
            [("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state"), ("XDG_DATA_HOME", ".local/share"), ("XDG_CACHE_HOME", ".cache")]
        {
            command.env(name, below(folder));
        }
        for name in ["KUBECONFIG", "DOCKER_HOST", "DOCKER_CONTEXT", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A kubeconfig with contexts of these names; every third signs in by a program, none can be reached.
pub(crate) fn kubeconfig(names: &[String]) -> String {
    let mut text = "apiVersion: v1\nkind: Config\nclusters:\n".to_owned();
    for name in names {
        text += &format!("- name: {name}\n  cluster: {{ server: 'https://127.0.0.1:1' }}\n");
    }
    text += "users:\n";
    for (number, name) in names.iter().enumerate() {
        text += &match number % 3 {
            0 => format!(
                "- name: {name}\n  user:\n    exec: {{ apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never }}\n"
            ),
            _ => format!("- name: {name}\n  user: {{ token: not-a-token }}\n"),
        };
    }
    text += "contexts:\n";
    for name in names {
        text += &format!("- name: {name}\n  context: {{ cluster: {name}, user: {name} }}\n");
    }
    text
}
