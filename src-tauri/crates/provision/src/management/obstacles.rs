//! What stands in the way of a plan?

use api::computer::docker_is_here;
use api::files::Severity;
use api::jobs::Obstacle;
use api::local::{LONGEST_HOST_NAME, ManagementSpec, NetworkPlugin, Protocol, Purpose, SocketMount};
use api::{Fault, FaultCode, Fix};

use super::{Ground, workload};
use crate::config::SOCKET_IN_NODE;
use crate::versions::{self, Repository, Tested};

/// More is a mistake; each is an argument of `docker run`.
const MOST_PORTS: usize = 64;
const MOST_MOUNTS: usize = 64;
/// Paths of a node that kind needs for itself.
const KINDS_OWN: [&str; 8] = ["/", "/var", "/run", "/tmp", "/lib/modules", "/dev", "/proc", "/sys"];

type Told = (Severity, FaultCode, String);

/// Everything that the plan meets on this ground, in the order of the form; pure.
pub(super) fn obstacles(spec: &ManagementSpec, ground: &Ground) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = elsewhere(&ground.docker).into_iter().collect();
    let mut stop = |severity, field: &str, code, sentence: String| {
        found.push(Obstacle { severity, field: field.to_owned(), why: Fault::new(code, sentence) });
    };
    match &ground.containers {
        Err(fault) => stop(Severity::Unusable, "", fault.code, fault.sentence.clone()),
        Ok(containers) => {
            if let Some(container) = containers.iter().find(|c| c.cluster == spec.name) {
                let sentence = format!("There is a cluster named {} on this machine: its container is {}.", spec.name, container.name);
                stop(Severity::Unusable, "name", FaultCode::Changed, sentence);
            }
        }
    }
    let (most, length) = (spec.longest_name(), spec.name.len());
    if length > most {
        let sentence = format!(
            "A name has at most {most} characters here, this one has {length}: kind adds {} to it, and a host name has at most {LONGEST_HOST_NAME}.",
            spec.longest_suffix()
        );
        stop(Severity::Unusable, "name", FaultCode::Invalid, sentence);
    }
    for (tool, offer) in &ground.lacking {
        match offer {
            Ok(offer) => {
                let (name, size) = (tool.name(), fetched_bytes(offer.size));
                let sentence = format!("{name} is not on this machine: the job fetches {name} {}{size} and verifies it before it runs.", offer.version);
                stop(Severity::Note, "", FaultCode::Program, sentence);
            }
            Err(fault) => stop(Severity::Unusable, "", fault.code, format!("{} is not on this machine. {}", tool.name(), fault.sentence)),
        }
    }
    if let Some(taken) = spec.api_port.and_then(|port| ground.taken_port(port, Protocol::Tcp)) {
        stop(Severity::Unusable, "api_port", FaultCode::Changed, taken.sentence());
    }
    for (severity, code, sentence) in ports(spec, ground) {
        stop(severity, "ports", code, sentence);
    }
    for (severity, code, sentence) in mounts(spec, ground) {
        stop(severity, "mounts", code, sentence);
    }
    if spec.network == NetworkPlugin::NotInstalled && spec.purpose == Purpose::Manages {
        let sentence = "No pod starts before you install a network plug-in, so Cluster API is left out: install it afterwards with clusterctl init.";
        stop(Severity::Risk, "network", FaultCode::Invalid, sentence.to_owned());
    }
    if !versions::is_version(&spec.kubernetes) {
        stop(Severity::Unusable, "kubernetes", FaultCode::Invalid, "A version is written like v1.36.4.".to_owned());
    } else if let (image, Tested::NotListed) = ground.images.repository().image(&spec.kubernetes)
        && !ground.images.of_kind(&spec.kubernetes).here()
    {
        let sentence = match ground.images.repository() {
            Repository::Kind => format!("kind {} names no image for {}; whether {image} exists shows only when it is pulled.", versions::KIND, spec.kubernetes),
            Repository::Other(_) => format!("Whether {image} exists shows only when it is pulled: your settings name this repository."),
        };
        stop(Severity::Risk, "kubernetes", FaultCode::NotFound, sentence);
    }
    if spec.control_planes == 0 {
        stop(Severity::Unusable, "control_planes", FaultCode::Invalid, "A cluster needs a control plane.".to_owned());
    }
    if spec.control_planes > 1 {
        let sentence = "A kind cluster with several control planes often does not come back after Docker was restarted.".to_owned();
        stop(Severity::Risk, "control_planes", FaultCode::Invalid, sentence);
    }
    let providers = &spec.providers;
    let pins = [Some(&providers.core), Some(&providers.kubeadm_bootstrap), Some(&providers.kubeadm_control_plane), providers.docker.as_ref()];
    if spec.manages() && pins.into_iter().flatten().any(|v| !versions::is_version(v)) {
        stop(Severity::Unusable, "providers", FaultCode::Invalid, "A version is written like v1.14.2.".to_owned());
    }
    found.extend(matrix(spec));
    let mut stop = |severity, field: &str, code, sentence: String| {
        found.push(Obstacle { severity, field: field.to_owned(), why: Fault::new(code, sentence) });
    };
    match (&spec.docker_socket, &providers.docker) {
        (SocketMount::NotMounted, Some(_)) if spec.manages() => {
            let sentence = "The Docker provider needs the socket of Docker in the node, and it cannot be added later.".to_owned();
            stop(Severity::Unusable, "docker_socket", FaultCode::Invalid, sentence);
        }
        (SocketMount::Mounted { host_path }, _) if !host_path.starts_with('/') => {
            stop(Severity::Unusable, "docker_socket", FaultCode::Invalid, "The socket is named by its whole path.".to_owned());
        }
        (SocketMount::Mounted { .. } | SocketMount::NotMounted, _) => {}
    }
    found.extend(workload::obstacles(spec, ground));
    found
}

/// A Docker of another machine: kind lets the API server listen on the loopback of that machine, where nobody here can call it.
fn elsewhere(docker: &str) -> Option<Obstacle> {
    const USE_THIS: &str = "docker context use default";
    if docker_is_here(docker) {
        return None;
    }
    let sentence = format!(
        "Docker runs on another machine, {docker}: the API server of a cluster made there listens on that machine alone, and KOS cannot reach it. \
         Choose a Docker of this machine: {USE_THIS}, without DOCKER_HOST."
    );
    let fix = Fix::Copy { label: "Use the Docker of this machine".to_owned(), command: USE_THIS.to_owned() };
    Some(Obstacle { severity: Severity::Unusable, field: String::new(), why: Fault::new(FaultCode::Docker, sentence).fix(fix) })
}

/// Which versions do not go together, as far as releases say it.
fn matrix(spec: &ManagementSpec) -> Vec<Obstacle> {
    if !spec.manages() {
        return vec![];
    }
    let risk = |field: &str, sentence: String| Obstacle { severity: Severity::Risk, field: field.to_owned(), why: Fault::new(FaultCode::Invalid, sentence) };
    let providers = &spec.providers;
    let core = &providers.core;
    let named = versions::unnamed(core, &spec.kubernetes).map(|named| {
        let (from, to) = (named.start(), named.end());
        risk("kubernetes", format!("Cluster API {core} names Kubernetes v1.{from} to v1.{to} for its management clusters, not {}.", spec.kubernetes))
    });
    let others = [
        ("kubeadm bootstrap", Some(&providers.kubeadm_bootstrap)),
        ("kubeadm control plane", Some(&providers.kubeadm_control_plane)),
        ("Docker", providers.docker.as_ref()),
    ];
    let apart = others.into_iter().find_map(|(name, version)| version.filter(|version| *version != core).map(|version| (name, version)));
    let apart = apart.map(|(name, version)| {
        risk("providers", format!("Core {core} and {name} {version} were not released together; only versions of one release are tested together."))
    });
    named.into_iter().chain(apart).collect()
}

/// `, 10 MB,`; nothing where it is not known.
fn fetched_bytes(size: Option<u64>) -> String {
    size.map(|bytes| format!(", {} MB,", bytes.div_ceil(1_000_000))).unwrap_or_default()
}

fn ports(spec: &ManagementSpec, ground: &Ground) -> Vec<Told> {
    let unusable = |sentence: String| (Severity::Unusable, FaultCode::Invalid, sentence);
    if spec.ports.len() > MOST_PORTS {
        return vec![unusable(format!("At most {MOST_PORTS} ports can be mapped."))];
    }
    let mut told = vec![];
    for (n, port) in spec.ports.iter().enumerate() {
        let same = |other: &&api::local::PortMapping| other.host_port == port.host_port && other.protocol == port.protocol;
        if port.host_port == 0 || port.node_port == 0 {
            told.push(unusable("A port is a number from 1 to 65535.".to_owned()));
        } else if spec.ports.iter().take(n).any(|other| same(&other)) {
            told.push(unusable(format!("Port {} of this machine is mapped twice.", port.host_port)));
        } else if spec.api_port == Some(port.host_port) && port.protocol == Protocol::Tcp {
            told.push(unusable(format!("Port {} of this machine is the API server’s.", port.host_port)));
        } else if let Some(taken) = ground.taken_port(port.host_port, port.protocol) {
            told.push((Severity::Unusable, FaultCode::Changed, taken.sentence()));
        }
    }
    told
}

fn mounts(spec: &ManagementSpec, ground: &Ground) -> Vec<Told> {
    let unusable = |sentence: String| (Severity::Unusable, FaultCode::Invalid, sentence);
    if spec.mounts.len() > MOST_MOUNTS {
        return vec![unusable(format!("At most {MOST_MOUNTS} paths can be mounted."))];
    }
    let socket = matches!(spec.docker_socket, SocketMount::Mounted { .. }).then_some(SOCKET_IN_NODE);
    let mut told = vec![];
    for (n, mount) in spec.mounts.iter().enumerate() {
        let (host, node) = (&mount.host_path, &mount.node_path);
        if !host.starts_with('/') || !node.starts_with('/') {
            told.push(unusable("A mount is named by two whole paths.".to_owned()));
        } else if [host, node].into_iter().any(|path| path.contains([':', '\n', '\0'])) {
            // docker run parts the two by a colon.
            told.push(unusable(format!("Docker cannot mount a path with a colon or a line break: {host}")));
        } else if KINDS_OWN.contains(&node.trim_end_matches('/')) || node == "/" {
            told.push(unusable(format!("kind needs {node} of its nodes for itself.")));
        } else if socket == Some(node.as_str()) || spec.mounts.iter().take(n).any(|other| other.node_path == *node) {
            told.push(unusable(format!("Something else is mounted at {node} already.")));
        } else if ground.missing.contains(host) {
            told.push((Severity::Risk, FaultCode::NotFound, format!("{host} is not on this machine; Docker makes it as an empty folder of root’s.")));
        }
    }
    told
}
