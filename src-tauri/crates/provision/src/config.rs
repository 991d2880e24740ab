//! What is written into kind's configuration?
//!
//! Everything that can be is in the file and not on the command line, so that the plan shows one text one could use again.

use std::fmt::Write as _;

use api::local::{ManagementSpec, SocketMount};

use crate::ClusterName;

/// Where Cluster API's Docker provider looks for the daemon inside the node.
const SOCKET_IN_NODE: &str = "/var/run/docker.sock";

/// The configuration of a management cluster.
///
/// Strings are written as JSON strings, which YAML reads as they are: no path can end its own quotes.
pub fn kind_config(name: &ClusterName, spec: &ManagementSpec, image: &str) -> String {
    let mut text = format!("kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: {}\n", quoted(name.as_str()));
    text.push_str("networking:\n  apiServerAddress: \"127.0.0.1\"\n");
    if let Some(port) = spec.api_port {
        let _ = writeln!(text, "  apiServerPort: {port}");
    }
    text.push_str("nodes:\n");
    for _ in 0..spec.control_planes {
        node(&mut text, "control-plane", image);
        if let SocketMount::Mounted { host_path } = &spec.docker_socket {
            mount(&mut text, host_path);
        }
    }
    for _ in 0..spec.workers {
        node(&mut text, "worker", image);
        // The provider's pod may run on any node; on one without the mount it would never reach the daemon.
        if let SocketMount::Mounted { host_path } = &spec.docker_socket {
            mount(&mut text, host_path);
        }
    }
    text
}

fn node(text: &mut String, role: &str, image: &str) {
    let _ = writeln!(text, "- role: {role}\n  image: {}", quoted(image));
}

fn mount(text: &mut String, host_path: &str) {
    let _ = writeln!(text, "  extraMounts:\n  - hostPath: {}\n    containerPath: {SOCKET_IN_NODE}", quoted(host_path));
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use api::local::{ManagementSpec, SocketMount};

    use super::kind_config;
    use crate::versions;

    fn spec() -> ManagementSpec {
        ManagementSpec {
            name: "kos-mgmt".to_owned(),
            kubernetes: "v1.36.4".to_owned(),
            control_planes: 1,
            workers: 0,
            api_port: None,
            docker_socket: SocketMount::Mounted { host_path: "/var/run/docker.sock".to_owned() },
            providers: versions::providers(),
            wait_seconds: 120,
        }
    }

    #[test]
    fn one_node_gets_the_socket_of_docker() {
        let text = kind_config(&"kos-mgmt".parse().unwrap(), &spec(), "kindest/node:v1.36.4");
        assert_eq!(
            text,
            "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: \"kos-mgmt\"\nnetworking:\n  apiServerAddress: \"127.0.0.1\"\n\
             nodes:\n- role: control-plane\n  image: \"kindest/node:v1.36.4\"\n  extraMounts:\n  \
             - hostPath: \"/var/run/docker.sock\"\n    containerPath: /var/run/docker.sock\n"
        );
    }

    #[test]
    fn no_value_can_add_a_line_of_its_own() {
        let host_path = "/run\"\nnodes: []\n# ".to_owned();
        let odd = ManagementSpec { docker_socket: SocketMount::Mounted { host_path: host_path.clone() }, workers: 1, api_port: Some(6443), ..spec() };
        let text = kind_config(&"a".parse().unwrap(), &odd, "x");
        let read: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(read["nodes"][0]["extraMounts"][0]["hostPath"], host_path.as_str());
        assert_eq!(read["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(read["networking"]["apiServerPort"], 6443);
    }

    #[test]
    fn a_management_cluster_for_other_machines_gets_no_socket() {
        let without = ManagementSpec { docker_socket: SocketMount::NotMounted, ..spec() };
        assert!(!kind_config(&"a".parse().unwrap(), &without, "x").contains("extraMounts"));
    }
}
