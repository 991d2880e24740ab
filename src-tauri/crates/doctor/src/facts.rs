//! What was seen on the machine?
//!
//! Each fact stands or falls on its own: `None` means that it cannot be told from here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::Timestamp;
use api::computer::CheckId;
use tools::PathReport;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub looked: Option<Timestamp>,
    /// `Debian GNU/Linux 12`.
    pub system: Option<String>,
    /// `6.1.0`.
    pub kernel: Option<String>,
    pub processors: u32,
    /// Of this machine, wherever Docker runs.
    pub memory_total: Option<u64>,
    pub memory_free: Option<u64>,
    /// Where Docker keeps its files; `None` when that is on another machine.
    pub disk_total: Option<u64>,
    pub disk_free: Option<u64>,
    pub inotify_instances: Limit,
    pub inotify_watches: Limit,
    pub open_files: Limit,
    /// 1 or 2, of this machine.
    pub cgroup: Option<u8>,
    /// Those of the wanted modules that are neither loaded nor built in.
    pub modules_missing: Option<Vec<String>>,
    pub docker: DockerFacts,
    pub password_dialog: PasswordDialog,
    pub port: Option<PortFact>,
    pub path: Option<PathReport>,
    pub kind: ToolFact,
    pub clusterctl: ToolFact,
    pub kubectl: ToolFact,
    pub helm: ToolFact,
    pub git: ToolFact,
    pub plugins: Option<Vec<PluginFact>>,
    /// Where the program of a check stands.
    pub places: BTreeMap<CheckId, PathBuf>,
}

/// A limit of the kernel and how much of it this user has in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limit {
    pub limit: Option<u64>,
    pub used: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerFacts {
    pub asked: Asked,
    pub platform: Platform,
    /// `default`, `desktop-linux`, `rootless`.
    pub context: Option<String>,
    /// Where the client connects to: `unix:///var/run/docker.sock`.
    pub host: Option<String>,
    /// The socket on this machine is there.
    pub socket_there: Option<bool>,
    /// Whether the network `kind` has IPv6; `None` when there is none yet.
    pub network_ipv6: Option<bool>,
    pub kind_containers: Option<u32>,
}

/// What starts services and applications here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Platform {
    #[default]
    Linux,
    Mac,
}

/// Whether the system can ask for a password in a window (polkit's pkexec).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordDialog {
    #[default]
    Missing,
    There,
}

/// What Docker said when it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Asked {
    #[default]
    NotAsked,
    NotInstalled {
        searched: usize,
    },
    Failed {
        said: String,
    },
    Answered {
        version: String,
        answer_ms: u32,
        /// `Docker Desktop`, `Debian GNU/Linux 12`.
        system: String,
        /// `6.8.0`, of the machine that runs the containers.
        kernel: Option<String>,
        root: String,
        cgroup: Option<u8>,
        rootless: bool,
        memory: Option<u64>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortFact {
    pub port: u16,
    pub free: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolFact {
    #[default]
    NotAsked,
    Missing {
        searched: usize,
    },
    Failed {
        said: String,
    },
    Found {
        version: String,
        by_kos: bool,
    },
}

/// A program that contexts name to sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    /// A bare name, or a whole path.
    pub command: PathBuf,
    /// The names of these contexts.
    pub contexts: Vec<String>,
    /// How one gets it, in the words of a kubeconfig; empty when none says.
    pub hint: String,
}

/// Such a program, looked for and not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFact {
    pub plugin: Plugin,
    pub place: PluginPlace,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginPlace {
    Found(PathBuf),
    Missing { searched: usize },
}

/// What a cluster shall be made with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `v1.36.1`.
    pub kubernetes: String,
    pub api_port: Option<u16>,
}
