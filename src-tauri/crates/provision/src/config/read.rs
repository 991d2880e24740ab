//! Which form would write this configuration?
//!
//! A person may edit the text. What the form has no place for is named with its line, never dropped in silence.

use std::rc::Rc;

use api::local::{Access, ExtraMount, Listen, ManagementSpec, NetworkPlugin, PortMapping, Protocol, SocketMount, WrongLine};
use kubeconfig::tree::{self, Documents, Node, Style, Value};

use super::{EVERYWHERE, LOOPBACK, SOCKET_IN_NODE};
use crate::versions::{self, Repository};

/// Who wrote more wrong lines than that mends these first.
const WRONGS_AT_MOST: usize = 100;

/// Reads a text into the form; what kind's configuration does not say stays as it is in the form.
///
/// Errors: the lines that the form cannot take, in their order, the first hundred of them.
pub fn read(spec: &ManagementSpec, text: &str, images: &Repository) -> Result<ManagementSpec, Vec<WrongLine>> {
    let tree = tree::read(text).map_err(|why| vec![WrongLine { line: why.line(), sentence: format!("This is no YAML: {why}.") }])?;
    let mut reader = Reader { images, wrongs: vec![] };
    for repeated in &tree.repeated {
        reader.wrong(repeated.line, format!("“{}” stands twice.", repeated.key));
    }
    if let Documents::More { line } = tree.documents {
        reader.wrong(line, "kind reads one document; a second one begins here.");
    }
    let Some(root) = tree.root else { return Err(vec![WrongLine { line: 1, sentence: "The configuration is empty.".into() }]) };
    let spec = reader.cluster(&root, spec);
    if reader.wrongs.is_empty() {
        return Ok(spec);
    }
    reader.wrongs.sort_by_key(|wrong| wrong.line);
    reader.wrongs.truncate(WRONGS_AT_MOST);
    Err(reader.wrongs)
}

struct Reader<'a> {
    /// Where node images come from.
    images: &'a Repository,
    wrongs: Vec<WrongLine>,
}

impl Reader<'_> {
    fn wrong(&mut self, line: u32, sentence: impl Into<String>) {
        self.wrongs.push(WrongLine { line, sentence: sentence.into() });
    }

    fn cluster(&mut self, root: &Node, before: &ManagementSpec) -> ManagementSpec {
        let mut spec = ManagementSpec { api_port: None, network: NetworkPlugin::Kindnet, ..before.clone() };
        self.keys(root, "a cluster", &["kind", "apiVersion", "name", "networking", "nodes"]);
        self.constant(root, "kind", "Cluster");
        self.constant(root, "apiVersion", "kind.x-k8s.io/v1alpha4");
        if let Some(name) = self.text(root, "name") {
            spec.name = name;
        }
        if let Some(networking) = root.get("networking") {
            self.keys(networking, "networking", &["apiServerAddress", "apiServerPort", "disableDefaultCNI"]);
            match networking.get("apiServerAddress") {
                Some(node) if text_of(node) != Some(LOOPBACK) => {
                    self.wrong(node.line, "The API server of a management cluster is reached from this machine alone, on 127.0.0.1.")
                }
                Some(_) | None => {}
            }
            spec.api_port = self.number(networking, "apiServerPort");
            spec.network = match self.truth(networking, "disableDefaultCNI") {
                Some(Truth::Yes) => NetworkPlugin::NotInstalled,
                Some(Truth::No) | None => NetworkPlugin::Kindnet,
            };
        }
        self.nodes(root, &mut spec);
        spec
    }

    fn nodes(&mut self, root: &Node, spec: &mut ManagementSpec) {
        let nodes = self.list(root, "nodes");
        if nodes.is_empty() {
            self.wrong(root.line, "The configuration names no nodes.");
            return;
        }
        let (mut planes, mut workers) = (0_u8, 0_u8);
        let mut mounts: Option<Vec<ExtraMount>> = None;
        let mut image: Option<String> = None;
        spec.ports.clear();
        for node in &nodes {
            self.keys(node, "a node", &["role", "image", "extraMounts", "extraPortMappings"]);
            let role = self.text(node, "role").unwrap_or_else(|| "control-plane".into());
            let ports: Vec<PortMapping> = self.list(node, "extraPortMappings").iter().filter_map(|port| self.port(port)).collect();
            match role.as_str() {
                "control-plane" => {
                    planes = planes.saturating_add(1);
                    if planes == 1 {
                        spec.ports = ports;
                    } else if !ports.is_empty() {
                        self.wrong(node.line, "Ports lead into the first control plane node; this is another.");
                    }
                }
                "worker" => {
                    workers = workers.saturating_add(1);
                    if !ports.is_empty() {
                        self.wrong(node.line, "Ports lead into the first control plane node; this is a worker.");
                    }
                }
                other => self.wrong(node.line, format!("A node is a control-plane or a worker, not “{other}”.")),
            }
            let its_image = self.text(node, "image").unwrap_or_default();
            match &image {
                None => image = Some(its_image),
                Some(first) if *first != its_image => self.wrong(node.line, "All nodes run the same image; this one differs from the first."),
                Some(_) => {}
            }
            let its_mounts: Vec<ExtraMount> = self.list(node, "extraMounts").iter().filter_map(|mount| self.mount(mount)).collect();
            match &mounts {
                None => mounts = Some(its_mounts),
                Some(first) if *first != its_mounts => self.wrong(node.line, "All nodes have the same mounts; those of this one differ from the first’s."),
                Some(_) => {}
            }
        }
        (spec.control_planes, spec.workers) = (planes, workers);
        if let Some(version) = image.filter(|image| !image.is_empty()).and_then(|image| self.version(&nodes, &image)) {
            spec.kubernetes = version;
        }
        place(spec, mounts.unwrap_or_default());
    }

    /// The version of a node image, which must be the one that the form would write for it.
    fn version(&mut self, nodes: &[Rc<Node>], image: &str) -> Option<String> {
        let (named, digest) = image.split_once('@').map_or((image, None), |(named, digest)| (named, Some(digest)));
        let tag = named.strip_prefix(self.images.name()).and_then(|rest| rest.strip_prefix(':'));
        let version = tag.filter(|tag| versions::is_version(tag));
        let pinned = version.map(|version| self.images.image(version).0);
        let fits = pinned.as_deref().is_some_and(|pinned| digest.is_none() || pinned == image);
        if !fits {
            let line = nodes.first().and_then(|node| node.get("image")).map_or(0, |node| node.line);
            let name = self.images.name();
            self.wrong(line, format!("The form takes images of {name} by their version, like {name}:v1.36.4, and pins the digest itself."));
        }
        version.filter(|_| fits).map(str::to_owned)
    }

    fn port(&mut self, node: &Node) -> Option<PortMapping> {
        self.keys(node, "a port mapping", &["containerPort", "hostPort", "listenAddress", "protocol"]);
        let listen = match self.text(node, "listenAddress").as_deref() {
            Some(LOOPBACK) => Some(Listen::Loopback),
            // What kind takes when nothing is said.
            Some(EVERYWHERE | "") | None => Some(Listen::Everywhere),
            Some(other) => {
                self.wrong(node.line, format!("A port listens on 127.0.0.1 or on 0.0.0.0, not on “{other}”."));
                None
            }
        };
        let protocol = match self.text(node, "protocol").as_deref() {
            Some("TCP" | "") | None => Some(Protocol::Tcp),
            Some("UDP") => Some(Protocol::Udp),
            Some("SCTP") => Some(Protocol::Sctp),
            Some(other) => {
                self.wrong(node.line, format!("A protocol is TCP, UDP or SCTP, not “{other}”."));
                None
            }
        };
        let (host_port, node_port) = (self.number(node, "hostPort"), self.number(node, "containerPort"));
        if node.get("hostPort").is_none() || node.get("containerPort").is_none() {
            self.wrong(node.line, "A port mapping names a hostPort and a containerPort.");
        }
        Some(PortMapping { host_port: host_port?, node_port: node_port?, protocol: protocol?, listen: listen? })
    }

    fn mount(&mut self, node: &Node) -> Option<ExtraMount> {
        self.keys(node, "a mount", &["hostPath", "containerPath", "readOnly"]);
        let (host_path, node_path) = (self.text(node, "hostPath"), self.text(node, "containerPath"));
        if node.get("hostPath").is_none() || node.get("containerPath").is_none() {
            self.wrong(node.line, "A mount names a hostPath and a containerPath.");
        }
        let access = match self.truth(node, "readOnly") {
            Some(Truth::Yes) => Access::ReadOnly,
            Some(Truth::No) | None => Access::ReadWrite,
        };
        Some(ExtraMount { host_path: host_path?, node_path: node_path?, access })
    }

    fn keys(&mut self, node: &Node, of: &str, known: &[&str]) {
        let Value::Map { pairs, .. } = &node.value else {
            return self.wrong(node.line, format!("Here stands something other than {of} with its keys."));
        };
        for pair in pairs.iter().filter(|pair| !known.contains(&pair.key.as_str())) {
            self.wrong(pair.key_node.line, format!("The form has no place for “{}” of {of}. Remove it, or run kind yourself with this file.", pair.key));
        }
    }

    fn constant(&mut self, node: &Node, key: &str, wanted: &str) {
        match node.get(key) {
            Some(found) if text_of(found) == Some(wanted) => {}
            Some(found) => self.wrong(found.line, format!("kind wants “{key}: {wanted}”.")),
            None => self.wrong(node.line, format!("“{key}: {wanted}” is missing.")),
        }
    }

    fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let found = node.get(key)?;
        let text = text_of(found).map(str::to_owned);
        if text.is_none() {
            self.wrong(found.line, format!("“{key}” is a text."));
        }
        text
    }

    fn number(&mut self, node: &Node, key: &str) -> Option<u16> {
        let found = node.get(key)?;
        let number = text_of(found).and_then(|text| text.parse().ok()).filter(|n| *n > 0);
        if number.is_none() {
            self.wrong(found.line, format!("“{key}” is a number from 1 to 65535."));
        }
        number
    }

    fn truth(&mut self, node: &Node, key: &str) -> Option<Truth> {
        let found = node.get(key)?;
        match &found.value {
            Value::Scalar { text, style: Style::Plain } if text == "true" => Some(Truth::Yes),
            Value::Scalar { text, style: Style::Plain } if text == "false" => Some(Truth::No),
            Value::Scalar { .. } | Value::List(_) | Value::Map { .. } => {
                self.wrong(found.line, format!("“{key}” is true or false."));
                None
            }
        }
    }

    fn list(&mut self, node: &Node, key: &str) -> Vec<Rc<Node>> {
        match node.get(key).map(|found| (found.line, &found.value)) {
            Some((_, Value::List(items))) => items.clone(),
            Some((line, Value::Scalar { .. } | Value::Map { .. })) => {
                self.wrong(line, format!("“{key}” is a list."));
                vec![]
            }
            None => vec![],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
}

fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar { text, .. } => Some(text),
        Value::List(_) | Value::Map { .. } => None,
    }
}

/// The socket of Docker has a field of its own; the Docker provider comes and goes with it.
fn place(spec: &mut ManagementSpec, mounts: Vec<ExtraMount>) {
    let (socket, others): (Vec<ExtraMount>, Vec<ExtraMount>) =
        mounts.into_iter().partition(|mount| mount.node_path == SOCKET_IN_NODE && mount.access == Access::ReadWrite);
    spec.mounts = others;
    match socket.into_iter().next() {
        Some(mount) => {
            spec.docker_socket = SocketMount::Mounted { host_path: mount.host_path };
            spec.providers.docker.get_or_insert_with(|| spec.providers.core.clone());
        }
        None => {
            spec.docker_socket = SocketMount::NotMounted;
            spec.providers.docker = None;
        }
    }
}
