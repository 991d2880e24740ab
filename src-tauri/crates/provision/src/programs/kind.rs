//! How is kind called, and what does it say?
//!
//! kind has no machine-readable output. Lines are matched on their words: the symbols and pictures around them have changed
//! between releases. Start at: [`read`].

use std::path::Path;

use crate::name::ClusterName;

/// Arguments of `kind create cluster`.
///
/// `--retain` always: without it kind removes the containers whose logs explain the failure.
pub fn create(name: &ClusterName, config: &Path, kubeconfig: &Path, wait_seconds: u32) -> Vec<String> {
    let mut args = words(&["create", "cluster", "--name", name.as_str(), "--config"]);
    args.push(text(config));
    args.push("--kubeconfig".to_owned());
    args.push(text(kubeconfig));
    args.push("--retain".to_owned());
    if wait_seconds > 0 {
        args.extend(["--wait".to_owned(), format!("{wait_seconds}s")]);
    }
    args
}

/// Arguments of `kind delete cluster` for exactly one cluster.
pub fn delete(name: &ClusterName, kubeconfig: &Path) -> Vec<String> {
    let mut args = words(&["delete", "cluster", "--name", name.as_str(), "--kubeconfig"]);
    args.push(text(kubeconfig));
    args
}

/// Arguments of `kind export logs`.
pub fn export_logs(name: &ClusterName, folder: &Path) -> Vec<String> {
    let mut args = words(&["export", "logs", "--name", name.as_str()]);
    args.push(text(folder));
    args
}

/// Arguments of `kind get kubeconfig`; its output is a credential.
pub fn get_kubeconfig(name: &ClusterName) -> Vec<String> {
    words(&["get", "kubeconfig", "--name", name.as_str()])
}

pub fn version() -> Vec<String> {
    words(&["version", "-q"])
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The steps kind tells of, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KindStep {
    EnsureImage,
    PrepareNodes,
    LoadBalancer,
    WriteConfiguration,
    StartControlPlane,
    InstallNetwork,
    InstallStorage,
    JoinControlPlanes,
    JoinWorkers,
    WaitReady,
}

impl KindStep {
    /// What happens in it, as the end of "kind stopped while …".
    pub fn doing(self) -> &'static str {
        match self {
            Self::EnsureImage => "it fetched the node image",
            Self::PrepareNodes => "it started the node containers",
            Self::LoadBalancer => "it set up the load balancer",
            Self::WriteConfiguration => "it wrote the configuration into the nodes",
            Self::StartControlPlane => "it started the control plane",
            Self::InstallNetwork => "it added the network",
            Self::InstallStorage => "it added the storage class",
            Self::JoinControlPlanes => "it joined more control planes",
            Self::JoinWorkers => "it joined the workers",
            Self::WaitReady => "it waited for the control plane",
        }
    }

    fn of(words: &str) -> Option<Self> {
        const STARTS: [(&str, KindStep); 10] = [
            ("Ensuring node image", KindStep::EnsureImage),
            ("Preparing nodes", KindStep::PrepareNodes),
            ("Configuring the external load balancer", KindStep::LoadBalancer),
            ("Writing configuration", KindStep::WriteConfiguration),
            ("Starting control-plane", KindStep::StartControlPlane),
            ("Installing CNI", KindStep::InstallNetwork),
            ("Installing StorageClass", KindStep::InstallStorage),
            ("Joining more control-plane nodes", KindStep::JoinControlPlanes),
            ("Joining worker nodes", KindStep::JoinWorkers),
            ("Waiting", KindStep::WaitReady),
        ];
        STARTS.iter().find(|(start, _)| words.starts_with(start)).map(|(_, step)| *step)
    }
}

/// One line of kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindLine {
    Began(KindStep),
    Did(KindStep),
    Failed(KindStep),
    Ready,
    /// `--wait` expired; kind exits with 0 all the same.
    TimedOutWaiting,
    DeletedNodes(Vec<String>),
    /// The text after `ERROR: `.
    Error(String),
    /// The first line of what the failed program behind kind said; the lines after it go on with that.
    CommandOutput(String),
    Other,
}

/// Reads one line; a line it does not know is `Other`, never an error.
pub fn read(line: &str) -> KindLine {
    let line = line.trim();
    if let Some(error) = line.strip_prefix("ERROR: ") {
        return KindLine::Error(error.to_owned());
    }
    if let Some(output) = line.strip_prefix("Command Output:") {
        return KindLine::CommandOutput(output.trim().to_owned());
    }
    if let Some(list) = line.strip_prefix("Deleted nodes: ") {
        return KindLine::DeletedNodes(list.split('"').skip(1).step_by(2).map(str::to_owned).collect());
    }
    let words = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let mark = line.get(..line.len() - words.len()).unwrap_or_default().trim();
    if mark.is_empty() {
        return KindLine::Other;
    }
    if words.starts_with("WARNING: Timed out waiting for Ready") {
        return KindLine::TimedOutWaiting;
    }
    if words.starts_with("Ready after ") {
        return KindLine::Ready;
    }
    match (KindStep::of(words), mark) {
        (Some(step), "✓") => KindLine::Did(step),
        (Some(step), "✗") => KindLine::Failed(step),
        (Some(step), _) if words.ends_with("...") => KindLine::Began(step),
        (Some(_) | None, _) => KindLine::Other,
    }
}

#[cfg(test)]
mod tests;
