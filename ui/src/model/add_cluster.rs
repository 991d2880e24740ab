//! Which ways to a cluster are there, and which work on this machine?
//!
//! Start at: [`systems`].

use api::{
    computer::{CheckId, CheckRow, ComputerView, DockerState, Verdict},
    files::{Added, FileRow, FileState, Origin},
    jobs::Words,
    local::{LocalRow, LocalState, Role},
};

use super::time::plural;

/// A system that makes or holds clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    ClusterApi,
    Kind,
    K3d,
    Minikube,
    OpenShiftLocal,
    Kubeadm,
    Kubespray,
    K3s,
    WksCtl,
    Kubeconfig,
    Rancher,
    TokenLogin,
}

/// Where a system's clusters live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Here,
    Servers,
    Attached,
}

/// How much of a system KOS has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    Now,
    /// Drawn, not built yet; shown as such and without a button.
    Later,
}

/// What was found of a system on this machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub mood: FoundMood,
    pub words: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundMood {
    Good,
    Idle,
    Warning,
    Failed,
}

/// What the page knows of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub checks: &'a [CheckRow],
    pub computer: &'a ComputerView,
    pub local: &'a [LocalRow],
    /// Those of the management cluster, where they were read.
    pub providers: Option<usize>,
    pub files: &'a [FileRow],
}

pub const PLACES: [(Place, &str, &str); 3] = [
    (Place::Here, "Make it here", "in containers or a virtual machine of this computer"),
    (Place::Servers, "Make it on your servers", "over SSH, with your own configuration and keys"),
    (Place::Attached, "Attach what exists", "nothing is made, nothing is changed"),
];

impl System {
    pub const ALL: [System; 12] = [
        System::ClusterApi,
        System::Kind,
        System::K3d,
        System::Minikube,
        System::OpenShiftLocal,
        System::Kubeadm,
        System::Kubespray,
        System::K3s,
        System::WksCtl,
        System::Kubeconfig,
        System::Rancher,
        System::TokenLogin,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::ClusterApi => "Cluster API",
            Self::Kind => "kind",
            Self::K3d => "k3d",
            Self::Minikube => "minikube",
            Self::OpenShiftLocal => "OpenShift Local",
            Self::Kubeadm => "kubeadm",
            Self::Kubespray => "kubespray",
            Self::K3s => "k3s",
            Self::WksCtl => "WKSctl repository",
            Self::Kubeconfig => "Kubeconfig",
            Self::Rancher => "Rancher",
            Self::TokenLogin => "Token login",
        }
    }

    pub fn place(self) -> Place {
        match self {
            Self::ClusterApi | Self::Kind | Self::K3d | Self::Minikube | Self::OpenShiftLocal => Place::Here,
            Self::Kubeadm | Self::Kubespray | Self::K3s | Self::WksCtl => Place::Servers,
            Self::Kubeconfig | Self::Rancher | Self::TokenLogin => Place::Attached,
        }
    }

    pub fn support(self) -> Support {
        match self {
            Self::ClusterApi | Self::Kind | Self::Kubeconfig => Support::Now,
            Self::K3d
            | Self::Minikube
            | Self::OpenShiftLocal
            | Self::Kubeadm
            | Self::Kubespray
            | Self::K3s
            | Self::WksCtl
            | Self::Rancher
            | Self::TokenLogin => Support::Later,
        }
    }

    /// What it is good for, one clause.
    pub fn good_for(self) -> &'static str {
        match self {
            Self::ClusterApi => "many clusters, watched machine by machine",
            Self::Kind => "one plain cluster for tests",
            Self::K3d => "small and fast, k3s in Docker",
            Self::Minikube => "add-ons, drivers other than Docker",
            Self::OpenShiftLocal => "Red Hat’s console and operators, one node",
            Self::Kubeadm => "a few Linux machines, upstream defaults",
            Self::Kubespray => "many machines, high availability, own mirrors",
            Self::K3s => "one small server, ARM, edge",
            Self::WksCtl => "reading an old definition to convert it",
            Self::Kubeconfig => "anything that already runs",
            Self::Rancher => "clusters managed there, or registering yours",
            Self::TokenLogin => "OpenShift and others that print a login command",
        }
    }

    pub fn takes(self) -> &'static str {
        match self {
            Self::ClusterApi => "2 to 4 min",
            Self::Kind => "1 to 2 min",
            Self::K3d => "20 to 60 s",
            Self::Minikube => "1 to 4 min",
            Self::OpenShiftLocal => "8 to 20 min",
            Self::Kubeadm => "3 to 10 min",
            Self::Kubespray => "10 to 40 min",
            Self::K3s => "20 to 90 s",
            Self::WksCtl => "10 s",
            Self::Kubeconfig => "2 s",
            Self::Rancher => "10 s",
            Self::TokenLogin => "5 s",
        }
    }
}

/// What this machine has of a system; nothing is said of one that KOS cannot look for yet.
pub fn found(system: System, seen: Seen<'_>) -> Option<Found> {
    match system {
        System::ClusterApi => Some(cluster_api(seen)),
        System::Kind => Some(program(seen, CheckId::Kind)),
        System::Kubeconfig => Some(files(seen.files)),
        System::K3d
        | System::Minikube
        | System::OpenShiftLocal
        | System::Kubeadm
        | System::Kubespray
        | System::K3s
        | System::WksCtl
        | System::Rancher
        | System::TokenLogin => None,
    }
}

/// The management cluster of this machine that is listed first.
pub fn management<'a>(local: impl IntoIterator<Item = &'a LocalRow>) -> Option<&'a LocalRow> {
    local.into_iter().filter(|row| row.role == Role::Management).min_by_key(|row| row.order)
}

fn cluster_api(seen: Seen<'_>) -> Found {
    match management(seen.local) {
        Some(row) => match &row.state {
            LocalState::Running => {
                let ready = match seen.providers.filter(|count| *count > 0) {
                    Some(count) => format!(" ready, {}", plural(count, "provider", "providers")),
                    None => " ready".to_owned(),
                };
                Found { mood: FoundMood::Good, words: Words::default().mono(&row.name).then(ready) }
            }
            LocalState::Creating => Found { mood: FoundMood::Idle, words: Words::default().mono(&row.name).then(" is being made") },
            LocalState::Paused => Found { mood: FoundMood::Idle, words: Words::default().mono(&row.name).then(" is paused") },
            LocalState::Stopped { .. } => Found { mood: FoundMood::Idle, words: Words::default().mono(&row.name).then(" is stopped") },
            LocalState::NotAsked => Found { mood: FoundMood::Idle, words: Words::default().mono(&row.name) },
            LocalState::Mixed { running, of } => {
                Found { mood: FoundMood::Warning, words: Words::default().mono(&row.name).then(format!(", {running} of {of} containers run")) }
            }
        },
        None => program(seen, CheckId::Clusterctl),
    }
}

/// A program that also needs Docker.
fn program(seen: Seen<'_>, id: CheckId) -> Found {
    let docker = match &seen.computer.docker {
        DockerState::NotAsked | DockerState::Running { .. } => None,
        DockerState::NotInstalled => Some("Docker is not installed"),
        DockerState::Stopped { .. } => Some("Docker is stopped"),
        DockerState::NoPermission { .. } => Some("Docker refuses this user"),
        DockerState::Unreachable { .. } => Some("Docker does not answer"),
    };
    if let Some(trouble) = docker {
        return Found { mood: FoundMood::Failed, words: Words::said(trouble) };
    }
    let Some(check) = seen.checks.iter().find(|check| check.id == id) else {
        return Found { mood: FoundMood::Idle, words: Words::said("not looked for yet") };
    };
    match check.verdict {
        Verdict::Passed => Found { mood: FoundMood::Good, words: Words::said(&check.found) },
        Verdict::Warning => Found { mood: FoundMood::Warning, words: Words::said(&check.found) },
        Verdict::Failed => Found { mood: FoundMood::Idle, words: Words::said(&check.found).then(", KOS offers to fetch it") },
        Verdict::NotChecked | Verdict::Unknown => Found { mood: FoundMood::Idle, words: Words::said("not looked for yet") },
    }
}

/// Files that KOS made for a cluster stand beside that cluster.
fn files(files: &[FileRow]) -> Found {
    let theirs = files.iter().filter(|file| file.origin != Origin::Made && file.state != FileState::Missing).count();
    match theirs {
        0 => Found { mood: FoundMood::Idle, words: Words::said("no file known yet") },
        1 => Found { mood: FoundMood::Good, words: Words::said("1 file known") },
        n => Found { mood: FoundMood::Good, words: Words::said(format!("{n} files known")) },
    }
}

/// Where programs are looked up, and in how many folders once the login shell told its PATH.
pub fn searched(checks: &[CheckRow]) -> String {
    let told = checks.iter().find(|row| row.id == CheckId::Path && row.verdict == Verdict::Passed);
    let folders = told.map(|row| format!(", {}", row.found)).unwrap_or_default();
    format!("Programs are looked up in the PATH of your login shell{folders}.")
}

/// Clusters of this machine that other programs made.
pub fn running_here(local: &[LocalRow]) -> Vec<&LocalRow> {
    let by_others = |row: &&LocalRow| match row.role {
        Role::Plain => row.job.is_none(),
        Role::Foreign { .. } => true,
        Role::Management | Role::Workload { .. } => false,
    };
    let mut rows: Vec<_> = local.iter().filter(by_others).collect();
    rows.sort_by_key(|row| row.order);
    rows
}

/// What is said of files that were added: how many, and which stood on the list before.
pub fn added(added: &Added) -> (String, String) {
    let head = match added.files.len() {
        0 => "Nothing new was added".to_owned(),
        n => crate::model::clock::count(n as u64, "file") + " added",
    };
    (head, added.known.join(" "))
}

/// Why a pasted text cannot be kept, before anybody is asked.
pub fn paste_trouble(name: &str, text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("Paste the text of a kubeconfig file.")
    } else if !text.contains("clusters") && !text.contains("contexts") {
        Some("This seems to be no kubeconfig: it has neither clusters nor contexts.")
    } else if name.trim().is_empty() {
        Some("The file needs a name.")
    } else if name.contains('/') || name.starts_with('.') {
        Some("A file name has no slash and does not begin with a dot.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
