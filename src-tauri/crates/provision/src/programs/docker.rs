//! How is docker asked about containers and images, and what does it answer?
//!
//! Only containers with kind's label are ever changed; those of other programs are looked at ([`foreign`]). What cannot be read
//! is left out, never an error: one odd container must not hide its neighbours. Start at: [`containers`], [`inspected`].

use api::Timestamp;
use api::local::ContainerState;
use api::visible::owned;
use serde::Deserialize;

mod disk;
mod events;
mod foreign;
mod host;
mod images;
mod network;

pub use disk::{DiskUse, disk, disk_use};
pub use events::{paused, pauses};
pub use foreign::{ForeignContainer, foreign};
pub use host::{Host, hosts};
pub use images::{Image, image_tags, images, inspect_images, no_such_image, tags};
pub use network::{NETWORK, Network, inspect_networks, network_names, networks, on_networks, remove_network};

/// The label that kind and Cluster API's Docker provider put on every container of a cluster.
pub const CLUSTER_LABEL: &str = "io.x-k8s.kind.cluster";
/// `control-plane`, `worker` or `external-load-balancer`.
pub const ROLE_LABEL: &str = "io.x-k8s.kind.role";

/// A container of a local cluster, as `docker ps` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    pub id: String,
    pub name: String,
    pub cluster: String,
    pub role: NodeRole,
    pub image: String,
    pub state: ContainerState,
    pub created: Option<Timestamp>,
}

/// In the order in which a cluster is started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeRole {
    LoadBalancer,
    ControlPlane,
    Worker,
    Other(String),
}

impl NodeRole {
    pub fn of(label: &str) -> Self {
        match label {
            "external-load-balancer" => Self::LoadBalancer,
            "control-plane" => Self::ControlPlane,
            "worker" => Self::Worker,
            other => Self::Other(owned(other)),
        }
    }

    pub fn label(&self) -> &str {
        match self {
            Self::LoadBalancer => "external-load-balancer",
            Self::ControlPlane => "control-plane",
            Self::Worker => "worker",
            Self::Other(label) => label,
        }
    }
}

/// What `docker inspect` adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    pub id: String,
    pub created: Option<Timestamp>,
    pub started: Option<Timestamp>,
    pub finished: Option<Timestamp>,
    /// Anonymous volumes go with the container, if they are asked to.
    pub volumes: Vec<String>,
    /// Paths of this machine that are mounted.
    pub host_paths: Vec<String>,
}

/// What a container uses right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Thousandths of one processor.
    pub cpu_milli: u32,
    pub memory_bytes: u64,
}

/// Lists the containers of one cluster, or of all.
pub fn list(cluster: Option<&str>) -> Vec<String> {
    let filter = cluster.map_or_else(|| CLUSTER_LABEL.to_owned(), |name| format!("{CLUSTER_LABEL}={name}"));
    words(&["ps", "-a", "--no-trunc", "--format", "{{json .}}", "--filter", &format!("label={filter}")])
}

/// Lists every container: docker joins several labels by "and", so those of several programs are told apart in the answer.
pub fn list_all() -> Vec<String> {
    words(&["ps", "-a", "--no-trunc", "--format", "{{json .}}"])
}

pub fn inspect<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["inspect", "--type", "container"], ids)
}

pub fn stats<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["stats", "--no-stream", "--no-trunc", "--format", "json"], ids)
}

pub fn pull(image: &str) -> Vec<String> {
    words(&["pull", image])
}

/// Asks the daemon for its version: it answers or it does not.
pub fn server_version() -> Vec<String> {
    words(&["version", "--format", "{{.Server.Version}}"])
}

/// Asks where the daemon is; `DOCKER_HOST` and the chosen context are both applied by docker itself.
pub fn endpoint() -> Vec<String> {
    words(&["context", "inspect", "--format", "{{json .Endpoints.docker.Host}}"])
}

/// The last lines that a container wrote, each after the moment at which it did.
pub fn logs(container: &str, lines: u32) -> Vec<String> {
    words(&["logs", "--timestamps", "--tail", &lines.to_string(), container])
}

/// `start`, `stop`, `pause` or `unpause` of containers, in the order given.
pub fn power<'a>(verb: &'static str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&[verb], names)
}

/// Removes containers and their anonymous volumes, running or not.
pub fn remove<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["rm", "-f", "-v"], names)
}

/// Lists the volumes that exist among these.
pub fn volumes<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut args = words(&["volume", "ls", "--quiet"]);
    for name in names {
        args.extend(["--filter".to_owned(), format!("name={name}")]);
    }
    args
}

pub fn remove_volumes<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["volume", "rm"], names)
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

fn with_names<'a>(list: &[&str], names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut args = words(list);
    args.extend(names.into_iter().map(str::to_owned));
    args
}

/// Whether `docker inspect` said that there is no such container any more.
pub fn no_such_container(stderr: &str) -> bool {
    stderr.contains("No such container") || stderr.contains("No such object")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PsLine {
    #[serde(rename = "ID")]
    id: String,
    names: String,
    image: String,
    labels: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    created_at: String,
    #[serde(default)]
    networks: String,
}

/// Reads `docker ps`, one JSON object a line.
pub fn containers(out: &str) -> Vec<Container> {
    out.lines().filter_map(|line| serde_json::from_str(line).ok()).filter_map(container).collect()
}

fn container(line: PsLine) -> Option<Container> {
    let cluster = line.label(CLUSTER_LABEL)?.to_owned();
    let role = NodeRole::of(line.label(ROLE_LABEL).unwrap_or_default());
    Some(line.container(cluster, role))
}

impl PsLine {
    fn label(&self, wanted: &str) -> Option<&str> {
        self.labels.split(',').filter_map(|label| label.split_once('=')).find(|(key, _)| *key == wanted).map(|(_, value)| value)
    }

    /// Whoever makes a container labels it as they like: marks that nobody sees are made visible.
    fn container(self, cluster: String, role: NodeRole) -> Container {
        let line = self;
        Container {
            cluster: owned(cluster),
            role,
            state: state(&line.state, &line.status),
            created: created(&line.created_at),
            id: line.id,
            name: owned(line.names),
            image: owned(line.image),
        }
    }
}

fn state(state: &str, status: &str) -> ContainerState {
    match state {
        "running" if status.contains("(Paused)") => ContainerState::Paused,
        "running" => ContainerState::Running,
        "paused" => ContainerState::Paused,
        "exited" => {
            let code = status.strip_prefix("Exited (").and_then(|rest| rest.split_once(')')).and_then(|(code, _)| code.parse().ok());
            ContainerState::Exited { code: code.unwrap_or_default() }
        }
        other => ContainerState::Other(other.to_owned()),
    }
}

/// `2026-11-23 13:04:30 +0000 UTC`; the name of the zone at the end says nothing new.
fn created(text: &str) -> Option<Timestamp> {
    let mut parts = text.split(' ');
    let (day, time, offset) = (parts.next()?, parts.next()?, parts.next()?);
    moment(&format!("{day}T{time}{}:{}", offset.get(..3)?, offset.get(3..)?))
}

fn moment(rfc3339: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = rfc3339.parse().ok()?;
    u64::try_from(moment.as_millisecond()).ok().map(Timestamp)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InspectItem {
    id: String,
    #[serde(default)]
    created: String,
    #[serde(default)]
    state: InspectState,
    #[serde(default)]
    mounts: Vec<InspectMount>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct InspectState {
    started_at: String,
    finished_at: String,
    running: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InspectMount {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    source: String,
}

/// Reads `docker inspect`; a container that went away meanwhile is simply not in it.
pub fn inspected(out: &str) -> Vec<Inspected> {
    let items: Vec<serde_json::Value> = serde_json::from_str(out).unwrap_or_default();
    let items = items.into_iter().filter_map(|item| serde_json::from_value::<InspectItem>(item).ok());
    items
        .map(|item| Inspected {
            created: moment(&item.created),
            started: moment(&item.state.started_at),
            // Docker writes year 1 for "never".
            finished: if item.state.running { None } else { moment(&item.state.finished_at) },
            volumes: item.mounts.iter().filter(|m| m.kind == "volume").map(|m| m.name.clone()).collect(),
            host_paths: item.mounts.iter().filter(|m| m.kind == "bind").map(|m| m.source.clone()).collect(),
            id: item.id,
        })
        .collect()
}

#[derive(Deserialize)]
struct StatsLine {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "CPUPerc")]
    cpu: String,
    #[serde(rename = "MemUsage")]
    memory: String,
}

/// Reads `docker stats`, one JSON object a line: container id and what it uses.
pub fn usage(out: &str) -> Vec<(String, Usage)> {
    out.lines()
        .filter_map(|line| serde_json::from_str::<StatsLine>(line).ok())
        .filter_map(|line| {
            let cpu_milli = thousandths(line.cpu.strip_suffix('%')?)?;
            let used = line.memory.split('/').next()?.trim();
            Some((line.id, Usage { cpu_milli, memory_bytes: bytes(used)? }))
        })
        .collect()
}

/// `12.34` percent of one processor is 123 thousandths.
fn thousandths(percent: &str) -> Option<u32> {
    let percent: f64 = percent.trim().parse().ok()?;
    (0.0..=1e6).contains(&percent).then_some((percent * 10.0).round() as u32)
}

/// `512.3MiB`.
fn bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, f64); 9] = [
        ("TiB", 1_099_511_627_776.0),
        ("GiB", 1_073_741_824.0),
        ("MiB", 1_048_576.0),
        ("KiB", 1_024.0),
        ("TB", 1e12),
        ("GB", 1e9),
        ("MB", 1e6),
        ("kB", 1e3),
        ("B", 1.0),
    ];
    let (number, factor) = UNITS.iter().find_map(|(unit, factor)| text.strip_suffix(unit).map(|n| (n, *factor)))?;
    let number: f64 = number.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some((number * factor).round() as u64)
}

/// Reads the answer to [`endpoint`]: the socket, when the daemon is on this machine.
pub fn local_socket(out: &str) -> Option<String> {
    let host: String = serde_json::from_str(out.trim()).ok()?;
    host.strip_prefix("unix://").filter(|path| path.starts_with('/')).map(str::to_owned)
}

#[cfg(test)]
mod tests;
