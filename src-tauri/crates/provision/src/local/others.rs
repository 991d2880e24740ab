//! Which clusters of this machine are not ours?
//!
//! Knows: containers with the labels of k3d and minikube, files that minikube, OpenShift Local and k3s keep, contexts that lead
//! to this machine. Does not know: whether a cluster without containers runs; nobody is asked.
//! Start at: [`others`].

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use api::contexts::ContextRow;
use api::local::{LocalRow, LocalState, Maker, Role};

use super::{Known, Survey, row_of};
use crate::programs::docker::Container;

/// A cluster of which only files are seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// A profile of minikube, whatever its driver.
    Minikube(String),
    OpenShiftLocal,
    K3s {
        kubeconfig: PathBuf,
    },
}

/// Looks for files of other programs; opens none of them.
///
/// Source: minikube `pkg/minikube/localpath` (`Profile`: `~/.minikube/profiles/NAME`, with its `config.json`), crc
/// `pkg/crc/constants` (`MachineInstanceDir`: `~/.crc/machines`, `DefaultName`: `crc`), k3s (`/etc/rancher/k3s/k3s.yaml`).
pub fn traces(home: &Path, etc: &Path) -> Vec<Trace> {
    let profiles = std::fs::read_dir(home.join(".minikube/profiles")).into_iter().flatten().flatten();
    let profile = |entry: std::fs::DirEntry| entry.path().join("config.json").is_file().then(|| entry.file_name().into_string().ok()).flatten();
    let mut found: Vec<Trace> = profiles.filter_map(profile).map(Trace::Minikube).collect();
    found.sort();
    if home.join(".crc/machines/crc").is_dir() {
        found.push(Trace::OpenShiftLocal);
    }
    let kubeconfig = etc.join("rancher/k3s/k3s.yaml");
    if kubeconfig.exists() {
        found.push(Trace::K3s { kubeconfig });
    }
    found
}

/// One row a cluster that another program made: those with containers, then those of which files or a context tell; pure.
pub fn others(survey: &Survey, traces: &[Trace], contexts: &[ContextRow]) -> Vec<LocalRow> {
    let mut clusters: BTreeMap<(Maker, &str), Vec<&Container>> = BTreeMap::new();
    for foreign in &survey.foreign {
        clusters.entry((foreign.by, &foreign.container.cluster)).or_default().push(&foreign.container);
    }
    let mut rows: Vec<LocalRow> = clusters
        .into_iter()
        .map(|((by, name), containers)| {
            let known = Known { context: context_of(by, name, contexts), ..Known::default() };
            let mut row = row_of(name, containers, survey, known, Role::Foreign { by });
            row.version = match by {
                // A tag has no plus: `v1.35.4-k3s1` is what the server calls `v1.35.4+k3s1`.
                Maker::K3d => row.version.replacen("-k3s", "+k3s", 1),
                // The tag of its image is a version of minikube's own.
                Maker::Minikube | Maker::DockerDesktop | Maker::OpenShiftLocal | Maker::K3s => String::new(),
            };
            row
        })
        .collect();
    let here = |by: Maker, name: &str| rows.iter().any(|row| row.role == Role::Foreign { by } && row.name == name);
    let mut seen = vec![];
    for trace in traces {
        seen.extend(match trace {
            Trace::Minikube(profile) if here(Maker::Minikube, profile) => None,
            Trace::Minikube(profile) => Some(unasked(Maker::Minikube, profile, context_of(Maker::Minikube, profile, contexts))),
            Trace::OpenShiftLocal => Some(unasked(Maker::OpenShiftLocal, "crc", context_of(Maker::OpenShiftLocal, "crc", contexts))),
            Trace::K3s { kubeconfig } => {
                let of_file = contexts.iter().find(|context| Path::new(&context.file.0) == kubeconfig);
                Some(unasked(Maker::K3s, "k3s", of_file.map(|context| context.id.clone())))
            }
        });
    }
    let desktop = DOCKER_DESKTOP.iter().find_map(|name| context_of(Maker::DockerDesktop, name, contexts).map(|id| (*name, id)));
    seen.extend(desktop.map(|(name, id)| unasked(Maker::DockerDesktop, name, Some(id))));
    rows.extend(seen);
    rows
}

/// The contexts that Docker Desktop writes, today's name first. Source: Docker's manual, "Deploy on Kubernetes".
const DOCKER_DESKTOP: [&str; 2] = ["docker-desktop", "docker-for-desktop"];

fn unasked(by: Maker, name: &str, context: Option<api::ContextId>) -> LocalRow {
    let known = Known { context, ..Known::default() };
    let mut row = row_of(name, vec![], &Survey::default(), known, Role::Foreign { by });
    row.state = LocalState::NotAsked;
    row
}

/// The context that a program writes for its cluster, when it leads to this machine: a name alone may be anybody's.
fn context_of(by: Maker, name: &str, contexts: &[ContextRow]) -> Option<api::ContextId> {
    let fits = |context: &ContextRow| match by {
        Maker::K3d => context.name.strip_prefix("k3d-") == Some(name),
        Maker::Minikube | Maker::DockerDesktop | Maker::K3s => context.name == name,
        Maker::OpenShiftLocal => host(&context.server) == CRC,
    };
    contexts.iter().find(|context| fits(context) && is_near(&context.server)).map(|context| context.id.clone())
}

/// Source: crc `pkg/crc/constants` (`DefaultAPIURL`).
const CRC: &str = "api.crc.testing";

/// Names that lead to this machine on every machine.
const NEAR: [&str; 4] = ["localhost", "kubernetes.docker.internal", "host.docker.internal", CRC];

/// Whether a server is this machine or in a private network of it.
fn is_near(server: &str) -> bool {
    let host = host(server);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local(),
        Err(_) => NEAR.contains(&host),
    }
}

/// The host of `https://HOST:PORT/…`, without the brackets of an address.
fn host(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    match place.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((v6, _)) => v6,
        None => place.rsplit_once(':').map_or(place, |(host, _)| host),
    }
}

#[cfg(test)]
mod tests;
