//! Which ports of this machine does Docker lead into a container?

use serde::Deserialize;

use super::docker::{CLUSTER_LABEL, NodeRole, ROLE_LABEL};

/// A port of a container that this machine reaches on its loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub container: String,
    pub role: NodeRole,
    /// Of this machine.
    pub host_port: u16,
    /// Of the container.
    pub port: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PsLine {
    names: String,
    labels: String,
    #[serde(default)]
    ports: String,
}

/// Reads the ports of `docker ps`, one JSON object a line.
pub fn published(out: &str) -> Vec<Published> {
    out.lines().filter_map(|line| serde_json::from_str::<PsLine>(line).ok()).flat_map(|line| of(&line)).collect()
}

fn of(line: &PsLine) -> Vec<Published> {
    let label = |key: &str| line.labels.split(',').find_map(|l| l.split_once('=').filter(|(k, _)| *k == key).map(|(_, v)| v));
    if label(CLUSTER_LABEL).is_none() {
        return vec![];
    }
    let role = NodeRole::of(label(ROLE_LABEL).unwrap_or_default());
    let ports = line.ports.split(", ").filter_map(port);
    ports.map(|(host_port, port)| Published { container: line.names.clone(), role: role.clone(), host_port, port }).collect()
}

/// `0.0.0.0:32769->6443/tcp`; what listens on every address listens on loopback too. IPv6 says the same once more.
fn port(text: &str) -> Option<(u16, u16)> {
    let (host, inside) = text.trim().split_once("->")?;
    let (address, host_port) = host.rsplit_once(':')?;
    let port = inside.strip_suffix("/tcp")?.parse().ok()?;
    (address == "0.0.0.0" || address.starts_with("127.")).then_some((host_port.parse().ok()?, port))
}

#[cfg(test)]
mod tests {
    use super::{Published, published};
    use crate::programs::docker::NodeRole;

    fn line(name: &str, role: &str, ports: &str) -> String {
        format!(r#"{{"Names":"{name}","Labels":"io.x-k8s.kind.cluster=w1,io.x-k8s.kind.role={role}","Ports":"{ports}","ID":"5eed"}}"#)
    }

    #[test]
    fn ports_of_load_balancers_and_nodes_are_read_as_docker_writes_them() {
        let published_by =
            |ports: &str| published(&line("w1-lb", "external-load-balancer", ports)).into_iter().map(|p| (p.host_port, p.port)).collect::<Vec<_>>();
        for (ports, found) in [
            ("0.0.0.0:32769->6443/tcp, 0.0.0.0:32768->8404/tcp", vec![(32769, 6443), (32768, 8404)]),
            ("0.0.0.0:32769->6443/tcp, [::]:32769->6443/tcp", vec![(32769, 6443)]),
            ("127.0.0.1:55002->6443/tcp", vec![(55002, 6443)]),
            // Not loopback: whether this machine is meant cannot be told.
            ("192.168.0.7:55002->6443/tcp", vec![]),
            ("6443/tcp", vec![]),
            ("0.0.0.0:8000-8001->8000-8001/tcp", vec![]),
            ("0.0.0.0:53->53/udp", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(published_by(ports), found, "{ports}");
        }
    }

    #[test]
    fn a_container_of_no_cluster_has_none_and_a_line_that_is_no_json_is_left_out() {
        let odd = r#"{"Names":"web","Labels":"a=b","Ports":"0.0.0.0:6443->6443/tcp"}"#;
        let text = format!("{odd}\nrubbish\n{}", line("w1-cp", "control-plane", "127.0.0.1:1->6443/tcp"));
        assert_eq!(published(&text), [Published { container: "w1-cp".into(), role: NodeRole::ControlPlane, host_port: 1, port: 6443 }]);
    }
}
