//! What is written into kind's configuration, and what can be read back from it?
//!
//! Everything that can be is in the file and not on the command line, so that the plan shows one text one could use again.
//! Start at: [`kind_config`], [`read()`].

mod read;

use std::fmt::Write as _;

use api::local::{Access, ExtraMount, Listen, ManagementSpec, NetworkPlugin, PortMapping, Protocol, SocketMount};

use crate::ClusterName;

pub use read::read;

/// Where Cluster API's Docker provider looks for the daemon inside the node.
pub(crate) const SOCKET_IN_NODE: &str = "/var/run/docker.sock";
const LOOPBACK: &str = "127.0.0.1";
const EVERYWHERE: &str = "0.0.0.0";

/// The configuration of a management cluster.
///
/// Strings are written as JSON strings, which YAML reads as they are: no path can end its own quotes.
pub fn kind_config(name: &ClusterName, spec: &ManagementSpec, image: &str) -> String {
    let mut text = format!("kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: {}\n", quoted(name.as_str()));
    let _ = writeln!(text, "networking:\n  apiServerAddress: \"{LOOPBACK}\"");
    if let Some(port) = spec.api_port {
        let _ = writeln!(text, "  apiServerPort: {port}");
    }
    match spec.network {
        NetworkPlugin::Kindnet => {}
        NetworkPlugin::NotInstalled => text.push_str("  disableDefaultCNI: true\n"),
    }
    text.push_str("nodes:\n");
    for n in 0..spec.control_planes {
        node(&mut text, "control-plane", image, spec);
        // A port of the host leads into one container.
        if n == 0 && !spec.ports.is_empty() {
            text.push_str("  extraPortMappings:\n");
            spec.ports.iter().for_each(|port| mapping(&mut text, port));
        }
    }
    for _ in 0..spec.workers {
        node(&mut text, "worker", image, spec);
    }
    text
}

/// A node with its mounts: the provider's pod may run on any node, and on one without the socket it would never reach the daemon.
fn node(text: &mut String, role: &str, image: &str, spec: &ManagementSpec) {
    let _ = writeln!(text, "- role: {role}\n  image: {}", quoted(image));
    let socket = match &spec.docker_socket {
        SocketMount::Mounted { host_path } => Some(host_path),
        SocketMount::NotMounted => None,
    };
    if socket.is_some() || !spec.mounts.is_empty() {
        text.push_str("  extraMounts:\n");
    }
    if let Some(host_path) = socket {
        let _ = writeln!(text, "  - hostPath: {}\n    containerPath: {SOCKET_IN_NODE}", quoted(host_path));
    }
    spec.mounts.iter().for_each(|mount| extra(text, mount));
}

fn extra(text: &mut String, mount: &ExtraMount) {
    let _ = writeln!(text, "  - hostPath: {}\n    containerPath: {}", quoted(&mount.host_path), quoted(&mount.node_path));
    match mount.access {
        Access::ReadWrite => {}
        Access::ReadOnly => text.push_str("    readOnly: true\n"),
    }
}

fn mapping(text: &mut String, port: &PortMapping) {
    let listen = match port.listen {
        Listen::Loopback => LOOPBACK,
        Listen::Everywhere => EVERYWHERE,
    };
    let _ = writeln!(text, "  - containerPort: {}\n    hostPort: {}\n    listenAddress: \"{listen}\"", port.node_port, port.host_port);
    let _ = writeln!(text, "    protocol: {}", word(port.protocol));
}

fn word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
