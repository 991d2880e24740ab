use api::local::{Access, ExtraMount, Listen, ManagementSpec, NetworkPlugin, PortMapping, Protocol, SocketMount, WrongLine};

use super::{kind_config, read};
use crate::versions::{self, Repository};

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
        ports: vec![],
        mounts: vec![],
        network: NetworkPlugin::Kindnet,
        purpose: api::local::Purpose::Manages,
        workload: None,
    }
}

fn whole() -> ManagementSpec {
    ManagementSpec {
        control_planes: 3,
        workers: 2,
        api_port: Some(41_873),
        ports: vec![
            PortMapping { host_port: 8080, node_port: 80, protocol: Protocol::Tcp, listen: Listen::Loopback },
            PortMapping { host_port: 5353, node_port: 53, protocol: Protocol::Udp, listen: Listen::Everywhere },
        ],
        mounts: vec![
            ExtraMount { host_path: "/srv/data".to_owned(), node_path: "/data".to_owned(), access: Access::ReadWrite },
            ExtraMount { host_path: "/srv/a b: c".to_owned(), node_path: "/charts".to_owned(), access: Access::ReadOnly },
        ],
        network: NetworkPlugin::NotInstalled,
        ..spec()
    }
}

fn written(spec: &ManagementSpec) -> String {
    kind_config(&spec.name.parse().unwrap(), spec, &Repository::Kind.image(&spec.kubernetes).0)
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
fn ports_lead_into_the_first_node_and_mounts_stand_in_every_node() {
    let read: serde_json::Value = serde_yaml::from_str(&written(&whole())).unwrap();
    let nodes = read["nodes"].as_array().unwrap();
    let ports = serde_json::json!([
        { "containerPort": 80, "hostPort": 8080, "listenAddress": "127.0.0.1", "protocol": "TCP" },
        { "containerPort": 53, "hostPort": 5353, "listenAddress": "0.0.0.0", "protocol": "UDP" },
    ]);
    assert_eq!(nodes[0]["extraPortMappings"], ports);
    assert!(nodes[1..].iter().all(|node| node.get("extraPortMappings").is_none()), "a port of the host has one owner");
    for node in nodes {
        assert_eq!(node["extraMounts"][2], serde_json::json!({ "hostPath": "/srv/a b: c", "containerPath": "/charts", "readOnly": true }));
    }
    assert_eq!(read["networking"]["disableDefaultCNI"], true);
}

#[test]
fn no_value_can_add_a_line_of_its_own() {
    let host_path = "/run\"\nnodes: []\n# ".to_owned();
    let mounts = vec![ExtraMount { host_path: host_path.clone(), node_path: host_path.clone(), access: Access::ReadWrite }];
    let odd = ManagementSpec { docker_socket: SocketMount::Mounted { host_path: host_path.clone() }, workers: 1, api_port: Some(6443), mounts, ..spec() };
    let text = kind_config(&"a".parse().unwrap(), &odd, "x");
    let read: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(read["nodes"][0]["extraMounts"][0]["hostPath"], host_path.as_str());
    assert_eq!(read["nodes"][1]["extraMounts"][1]["containerPath"], host_path.as_str());
    assert_eq!(read["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(read["networking"]["apiServerPort"], 6443);
}

#[test]
fn a_management_cluster_for_other_machines_gets_no_socket() {
    let without = ManagementSpec { docker_socket: SocketMount::NotMounted, ..spec() };
    assert!(!kind_config(&"a".parse().unwrap(), &without, "x").contains("extraMounts"));
}

#[test]
fn what_the_form_writes_is_read_back_as_the_form() {
    let mut without = whole();
    without.docker_socket = SocketMount::NotMounted;
    without.providers.docker = None;
    for form in [spec(), whole(), without, ManagementSpec { kubernetes: "v1.33.7".to_owned(), ..spec() }] {
        assert_eq!(read(&spec(), &written(&form), &Repository::Kind), Ok(form));
    }
}

#[test]
fn what_a_hand_writes_changes_the_form() {
    let text = "# mine\nkind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: lab\nnodes:\n  - {role: control-plane, image: 'kindest/node:v1.35.8'}\n  - {role: worker, image: 'kindest/node:v1.35.8'}\n";
    let form = read(&whole(), text, &Repository::Kind).unwrap();
    assert_eq!((form.name.as_str(), form.kubernetes.as_str(), form.control_planes, form.workers), ("lab", "v1.35.8", 1, 1));
    assert_eq!((form.api_port, form.network, form.ports.len(), form.mounts.len()), (None, NetworkPlugin::Kindnet, 0, 0));
    assert_eq!((form.docker_socket, form.providers.docker), (SocketMount::NotMounted, None));
}

fn wrong(text: &str) -> Vec<String> {
    let wrongs: Vec<WrongLine> = read(&spec(), text, &Repository::Kind).unwrap_err();
    wrongs.into_iter().map(|wrong| format!("{}: {}", wrong.line, wrong.sentence)).collect()
}

#[test]
fn a_line_that_the_form_cannot_take_is_named() {
    let head = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";
    let cases = [
        (String::new(), "1: The configuration is empty."),
        ("kind: Cluster: x\n".to_owned(), "1: This is no YAML: "),
        (format!("{head}nodes:\n- role: control-plane\n  labels: {{a: b}}\n"), "5: The form has no place for “labels” of a node."),
        (format!("{head}networking:\n  podSubnet: 10.0.0.0/16\nnodes:\n- role: control-plane\n"), "4: The form has no place for “podSubnet” of networking."),
        (format!("{head}networking:\n  apiServerAddress: 0.0.0.0\nnodes:\n- role: control-plane\n"), "4: The API server of a management cluster"),
        (
            format!("{head}nodes:\n- role: control-plane\n- role: worker\n  extraPortMappings:\n  - {{hostPort: 1, containerPort: 2}}\n"),
            "5: Ports lead into the first control plane node; this is a worker.",
        ),
        (
            format!("{head}nodes:\n- role: control-plane\n  extraPortMappings:\n  - {{hostPort: 99999, containerPort: 2}}\n"),
            "6: “hostPort” is a number from 1 to 65535.",
        ),
        (
            format!("{head}nodes:\n- role: control-plane\n- role: worker\n  extraMounts:\n  - {{hostPath: /a, containerPath: /b}}\n"),
            "5: All nodes have the same mounts",
        ),
        (format!("{head}nodes:\n- role: control-plane\n  image: evil/node:v1.36.4\n"), "5: The form takes images of kindest/node by their version"),
        (
            format!("{head}nodes:\n- role: control-plane\n  image: kindest/node:v1.36.4@sha256:00\n"),
            "5: The form takes images of kindest/node by their version",
        ),
        (format!("{head}nodes:\n- role: control-plane\nnodes:\n- role: worker\n"), "5: “nodes” stands twice."),
        (format!("{head}nodes:\n- role: control-plane\n---\nkind: Cluster\n"), "5: kind reads one document; a second one begins here."),
        ("kind: Cluster\napiVersion: v1\nnodes:\n- role: control-plane\n".to_owned(), "2: kind wants “apiVersion: kind.x-k8s.io/v1alpha4”."),
        (head.to_owned(), "1: The configuration names no nodes."),
    ];
    for (text, expected) in cases {
        let said = wrong(&text);
        assert!(said.first().is_some_and(|first| first.starts_with(expected)), "{text}\n{said:#?}");
    }
}

#[test]
fn every_wrong_line_is_named_in_its_order() {
    let said = wrong("kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nfeatureGates: {}\nnodes:\n- role: boss\n");
    assert_eq!(said.iter().map(|s| s.split(':').next().unwrap()).collect::<Vec<_>>(), ["3", "5"]);
}
