//! What does the page know and ask of this machine?

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Done, JobId, Row, RowId, Timestamp, call::Call};

/// One check of the doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRow {
    pub id: CheckId,
    pub title: String,
    pub verdict: Verdict,
    /// Why it matters, one clause.
    pub matters: String,
    pub found: String,
    pub needed: String,
    /// What follows from what was found; empty when all is well.
    pub explanation: String,
    /// Commands for a terminal; KOS never runs one by itself.
    pub fixes: Vec<CheckFix>,
    pub evidence: Vec<crate::Quote>,
    pub checked: Option<Timestamp>,
}

/// Every check there is, in the order shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CheckId {
    InotifyInstances,
    InotifyWatches,
    CgroupVersion,
    KernelModules,
    OpenFiles,
    Docker,
    DockerSocket,
    DockerKind,
    DockerNetwork,
    Memory,
    Disk,
    Ports,
    Path,
    Kind,
    Clusterctl,
    Kubectl,
    Helm,
    Git,
    SignInPlugins,
}

impl CheckId {
    pub const ALL: [CheckId; 19] = [
        CheckId::InotifyInstances,
        CheckId::InotifyWatches,
        CheckId::CgroupVersion,
        CheckId::KernelModules,
        CheckId::OpenFiles,
        CheckId::Docker,
        CheckId::DockerSocket,
        CheckId::DockerKind,
        CheckId::DockerNetwork,
        CheckId::Memory,
        CheckId::Disk,
        CheckId::Ports,
        CheckId::Path,
        CheckId::Kind,
        CheckId::Clusterctl,
        CheckId::Kubectl,
        CheckId::Helm,
        CheckId::Git,
        CheckId::SignInPlugins,
    ];

    pub fn group(self) -> CheckGroup {
        match self {
            Self::InotifyInstances | Self::InotifyWatches | Self::CgroupVersion | Self::KernelModules | Self::OpenFiles => CheckGroup::Kernel,
            Self::Docker | Self::DockerSocket | Self::DockerKind | Self::DockerNetwork => CheckGroup::Docker,
            Self::Memory | Self::Disk | Self::Ports => CheckGroup::Resources,
            Self::Path | Self::Kind | Self::Clusterctl | Self::Kubectl | Self::Helm | Self::Git | Self::SignInPlugins => CheckGroup::Tools,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CheckGroup {
    Kernel,
    Docker,
    Resources,
    Tools,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    NotChecked,
    Passed,
    /// Works, but will not for long or not for everything.
    Warning,
    Failed,
    /// Follows from another check, or cannot be told from here.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFix {
    /// `Now`, `After restarts`.
    pub label: String,
    pub command: String,
    /// What KOS can do in its place, when the user says so.
    pub remedy: Option<Remedy>,
}

/// A command that KOS runs when it was shown and agreed to: it starts one thing that is set up already, or sets one value.
///
/// What needs the rights of root asks for the password in a dialog of the system (polkit); KOS never sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// Docker's service of the machine.
    StartDocker,
    /// Docker Desktop on Linux.
    StartDockerDesktop,
    /// Docker without root.
    StartUserDocker,
    /// Docker Desktop on a Mac.
    OpenDockerDesktop,
    /// Until the next restart.
    RaiseInotifyInstances,
    /// Until the next restart.
    RaiseInotifyWatches,
}

/// Who is asked before a remedy runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// Nobody: the user may do it.
    None,
    /// The system, in a dialog of its own.
    InDialog,
}

impl Remedy {
    /// Program and arguments.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::StartDocker => &["pkexec", "systemctl", "start", "docker"],
            Self::StartDockerDesktop => &["systemctl", "--user", "start", "docker-desktop"],
            Self::StartUserDocker => &["systemctl", "--user", "start", "docker"],
            Self::OpenDockerDesktop => &["open", "-a", "Docker"],
            Self::RaiseInotifyInstances => &["pkexec", "sysctl", "-w", "fs.inotify.max_user_instances=8192"],
            Self::RaiseInotifyWatches => &["pkexec", "sysctl", "-w", "fs.inotify.max_user_watches=1048576"],
        }
    }

    pub fn password(self) -> Password {
        match self {
            Self::StartDocker | Self::RaiseInotifyInstances | Self::RaiseInotifyWatches => Password::InDialog,
            Self::StartDockerDesktop | Self::StartUserDocker | Self::OpenDockerDesktop => Password::None,
        }
    }

    /// `Start Docker`.
    pub fn title(self) -> &'static str {
        match self {
            Self::StartDocker | Self::StartDockerDesktop | Self::StartUserDocker | Self::OpenDockerDesktop => "Start Docker",
            Self::RaiseInotifyInstances => "Raise the limit of inotify instances",
            Self::RaiseInotifyWatches => "Raise the limit of inotify watches",
        }
    }

    /// As one would paste it.
    pub fn command(self) -> String {
        self.words().join(" ")
    }
}

impl Row for CheckRow {
    fn id(&self) -> RowId {
        RowId(format!("{:?}", self.id))
    }
}

/// What this machine is and has; one row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputerView {
    /// `Debian 12, Linux 6.1`.
    pub system: String,
    pub processors: u32,
    /// This and what follows up to Docker's root is told of the machine on which nodes run; 0 where that is another one.
    pub memory_total: u64,
    pub memory_free: u64,
    pub disk_total: u64,
    pub disk_free: u64,
    pub docker_root: String,
    pub docker: DockerState,
    /// Containers of local clusters that run.
    pub containers: u32,
    /// Like memory and disk.
    pub inotify_used: u64,
    pub inotify_limit: u64,
    pub looked: Option<Timestamp>,
    pub mode: Mode,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    #[default]
    Real,
    /// Demo, nothing here is real.
    Demo,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DockerState {
    /// Nobody asked yet.
    #[default]
    NotAsked,
    Running {
        version: String,
        answer_ms: u32,
    },
    NotInstalled,
    Stopped {
        said: String,
    },
    NoPermission {
        said: String,
    },
    /// `DOCKER_HOST` or the context points elsewhere and does not answer.
    Unreachable {
        host: String,
        said: String,
    },
}

/// Whether an endpoint of Docker leads to this machine: a socket, a pipe, or a port of its own.
///
/// Shape: an empty endpoint was not told, and Docker's own default is here.
pub fn docker_is_here(endpoint: &str) -> bool {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("", endpoint));
    if ["unix", "npipe"].contains(&scheme) {
        return true;
    }
    let server = rest.split('/').next().unwrap_or_default();
    let server = server.rsplit_once('@').map_or(server, |(_, server)| server);
    let host = match server.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => server.split(':').next().unwrap_or_default(),
    };
    let is_own = |address: IpAddr| address.is_loopback() || address.is_unspecified();
    host.is_empty() || host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(is_own)
}

impl Row for ComputerView {
    fn id(&self) -> RowId {
        RowId::from("computer")
    }
}

/// Runs every check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAll;
impl Call for CheckAll {
    const NAME: &'static str = "check_all";
    type Reply = Done;
}

/// Runs one check again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recheck {
    pub check: CheckId,
}
impl Call for Recheck {
    const NAME: &'static str = "recheck";
    type Reply = Done;
}

/// Does what a check offers, as a job; refused when no check offers it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRemedy {
    pub remedy: Remedy,
}
impl Call for RunRemedy {
    const NAME: &'static str = "run_remedy";
    type Reply = JobId;
}

/// All results as text, without names of clusters or users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report;
impl Call for Report {
    const NAME: &'static str = "report";
    type Reply = ReportText;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportText {
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::docker_is_here;

    #[test]
    fn sockets_pipes_and_own_ports_are_a_docker_of_this_machine_and_other_hosts_are_not() {
        for here in [
            "",
            "unix:///var/run/docker.sock",
            "unix:///home/jo/.docker/desktop/docker.sock",
            "npipe:////./pipe/docker_engine",
            "tcp://127.0.0.1:2375",
            "tcp://127.0.1.1:2375",
            "tcp://localhost:2375",
            "tcp://LOCALHOST",
            "tcp://[::1]:2375",
            "tcp://0.0.0.0:2375",
            "tcp://:2375",
            "ssh://jo@localhost",
        ] {
            assert!(docker_is_here(here), "{here:?}");
        }
        for elsewhere in [
            "ssh://big-server",
            "ssh://jo@big-server",
            "ssh://localhost@big-server:22/run/docker.sock",
            "tcp://10.0.0.9:2376",
            "tcp://[fd00::9]:2376",
            "tcp://127.0.0.1.example:2375",
            "tcp://localhost.example:2375",
            "10.0.0.9:2375",
        ] {
            assert!(!docker_is_here(elsewhere), "{elsewhere:?}");
        }
    }
}
