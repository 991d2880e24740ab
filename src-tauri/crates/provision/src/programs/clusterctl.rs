//! How is clusterctl called, and what does it say?
//!
//! Versions are always pinned: then a second `init` skips what is there, and without it the newest release would be asked for.
//! Start at: [`init`], [`read`].

use std::path::{Path, PathBuf};

use api::local::ProviderVersions;
use tools::Secret;

pub mod catalogue;
pub mod moving;
pub mod templates;
pub mod upgrade;

/// Where clusterctl takes providers from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Source {
    /// Release pages, as clusterctl knows them.
    Releases,
    /// The user's own clusterctl configuration: mirrors, folders, overrides.
    Config(PathBuf),
}

/// A management cluster as clusterctl is told of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct At {
    pub kubeconfig: PathBuf,
    pub context: String,
}

/// A command on a management cluster that is there already.
fn command(words: &[&str], at: &At, source: &Source) -> Vec<String> {
    let mut args: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    args.extend(["--kubeconfig".to_owned(), at.kubeconfig.to_string_lossy().into_owned(), "--kubeconfig-context".to_owned(), at.context.clone()]);
    args.extend(configured(source));
    args
}

fn configured(source: &Source) -> Vec<String> {
    match source {
        Source::Releases => vec![],
        Source::Config(file) => vec!["--config".to_owned(), file.to_string_lossy().into_owned()],
    }
}

/// Arguments of `clusterctl init`.
///
/// Without `--wait-providers`: its limit is per provider and it says nothing while it waits; KOS watches the Deployments.
pub fn init(versions: &ProviderVersions, source: &Source, kubeconfig: &Path) -> Vec<String> {
    let mut args = vec![
        "init".to_owned(),
        "--kubeconfig".to_owned(),
        kubeconfig.to_string_lossy().into_owned(),
        "--core".to_owned(),
        format!("cluster-api:{}", versions.core),
        "--bootstrap".to_owned(),
        format!("kubeadm:{}", versions.kubeadm_bootstrap),
        "--control-plane".to_owned(),
        format!("kubeadm:{}", versions.kubeadm_control_plane),
    ];
    if let Some(docker) = &versions.docker {
        args.extend(["--infrastructure".to_owned(), format!("docker:{docker}")]);
    }
    args.extend(configured(source));
    args
}

/// Variables of every run.
///
/// The version check asks the network after the command and can fail a command that worked. The features are written into
/// the managers at init; without `CLUSTER_TOPOLOGY` no cluster of a class can be made later.
///
/// What is not among [`PLAIN_ENVIRONMENT`] is handed over in a file: see [`crate::Handing`].
pub fn environment(token: Option<Secret>) -> Vec<(String, Secret)> {
    let plain = PLAIN_ENVIRONMENT.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value)));
    plain.chain(token.map(|token| (TOKEN_VARIABLE.to_owned(), token))).collect()
}

/// Where clusterctl looks for the token of a release page.
pub(crate) const TOKEN_VARIABLE: &str = "GITHUB_TOKEN";

/// The same as one would write it before the command.
pub const PLAIN_ENVIRONMENT: [(&str, &str); 3] = [("CLUSTERCTL_DISABLE_VERSIONCHECK", "true"), ("CLUSTER_TOPOLOGY", "true"), ("EXP_MACHINE_POOL", "true")];

/// One line of `clusterctl init`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterctlLine {
    FetchingProviders,
    InstallingCertManager {
        version: String,
    },
    SkippingCertManager,
    WaitingForCertManager,
    InstallingProvider {
        provider: String,
        version: String,
        namespace: String,
    },
    WaitingForProviders,
    /// The text after `Error: `.
    Error(String),
    Other,
}

/// Reads one line; a line it does not know is `Other`, never an error.
pub fn read(line: &str) -> ClusterctlLine {
    let line = line.trim();
    if let Some(error) = line.strip_prefix("Error: ") {
        return ClusterctlLine::Error(error.to_owned());
    }
    if line.starts_with("Fetching providers") {
        return ClusterctlLine::FetchingProviders;
    }
    if line.starts_with("Skipping installing cert-manager") {
        return ClusterctlLine::SkippingCertManager;
    }
    if line.starts_with("Waiting for cert-manager to be available") {
        return ClusterctlLine::WaitingForCertManager;
    }
    if line.starts_with("Waiting for providers to be available") {
        return ClusterctlLine::WaitingForProviders;
    }
    let Some(rest) = line.strip_prefix("Installing ") else {
        return ClusterctlLine::Other;
    };
    match (value(rest, "provider"), value(rest, "version")) {
        (Some(provider), Some(version)) => {
            ClusterctlLine::InstallingProvider { provider, version, namespace: value(rest, "targetnamespace").unwrap_or_default() }
        }
        (None, version) if rest.starts_with("cert-manager") => ClusterctlLine::InstallingCertManager { version: version.unwrap_or_default() },
        (Some(_) | None, _) => ClusterctlLine::Other,
    }
}

/// The value of `key="value"`; releases before v1.8 wrote the keys with a capital.
fn value(text: &str, key: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(&format!("{key}=\""))? + key.len() + 2;
    text.get(start..)?.split_once('"').map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests;
