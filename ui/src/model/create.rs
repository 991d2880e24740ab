//! What can be said of a new management cluster before it is planned?
//!
//! Knows: the fields of the form. Does not know: what the engine finds; its obstacles come with the plan.
//! Start at: [`Draft`].

use api::{
    drawing::ClusterForm,
    files::Severity,
    jobs::{Obstacle, PlanView},
    local::{ExtraMount, Listen, ManagementSpec, NetworkPlugin, NodeImage, PortMapping, Protocol, Purpose, SocketMount, Suggestion, WrongLine},
};

/// The form as the user has it, with text that is no number yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub spec: ManagementSpec,
    pub port: String,
    /// The mapped ports as they are typed; those that are numbers stand in `spec` too.
    pub ports: Vec<PortText>,
    pub images: Vec<NodeImage>,
    /// The workload cluster that is offered, or the one that was taken out again.
    pub offered: ClusterForm,
    /// The socket that Cluster API's provider would use.
    pub socket: SocketMount,
}

/// Whether a workload cluster is made in the same job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnIt {
    Cluster,
    Nothing,
}

/// A mapped port as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortText {
    pub host: String,
    pub node: String,
    pub protocol: Protocol,
    pub listen: Listen,
}

impl PortText {
    /// A line that nobody filled in yet.
    pub fn blank() -> Self {
        Self { host: String::new(), node: String::new(), protocol: Protocol::Tcp, listen: Listen::Loopback }
    }

    fn of(port: &PortMapping) -> Self {
        Self { host: port.host_port.to_string(), node: port.node_port.to_string(), protocol: port.protocol, listen: port.listen }
    }

    fn read(&self) -> Option<PortMapping> {
        Some(PortMapping { host_port: any_port(&self.host)?, node_port: any_port(&self.node)?, protocol: self.protocol, listen: self.listen })
    }
}

/// A port of either side; a node’s may be below 1024.
fn any_port(text: &str) -> Option<u16> {
    text.trim().parse().ok().filter(|port| *port > 0)
}

/// One change of the form.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Name(String),
    Kubernetes(String),
    ControlPlanes(u8),
    Workers(u8),
    Port(String),
    Socket(SocketMount),
    Core(String),
    Bootstrap(String),
    ControlPlaneProvider(String),
    Docker(Option<String>),
    Ports(Vec<PortText>),
    Mounts(Vec<ExtraMount>),
    Network(NetworkPlugin),
    Purpose(Purpose),
    OnIt(OnIt),
    Workload(Box<ClusterForm>),
    /// All of it, as kind’s configuration says it.
    Whole(Box<ManagementSpec>),
}

/// What is wrong with a field, found without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub sentence: String,
}

/// Names of fields, as obstacles of a plan name them.
pub mod field {
    pub const NAME: &str = "name";
    pub const KUBERNETES: &str = "kubernetes";
    pub const CONTROL_PLANES: &str = "control_planes";
    pub const WORKERS: &str = "workers";
    pub const API_PORT: &str = "api_port";
    pub const DOCKER_SOCKET: &str = "docker_socket";
    pub const PROVIDERS: &str = "providers";
    pub const PORTS: &str = "ports";
    pub const MOUNTS: &str = "mounts";
    pub const NETWORK: &str = "network";
    pub const CONFIG: &str = "config";
    pub const WORKLOAD: &str = "workload";
    pub const ALL: [&str; 12] = [NAME, KUBERNETES, CONTROL_PLANES, WORKERS, API_PORT, DOCKER_SOCKET, PROVIDERS, PORTS, MOUNTS, NETWORK, CONFIG, WORKLOAD];
}

impl Draft {
    /// The form as it opens.
    pub fn new(suggestion: Suggestion) -> Self {
        let (port, ports) = typed(&suggestion.spec);
        let socket = suggestion.spec.docker_socket.clone();
        Self { spec: suggestion.spec, port, ports, images: suggestion.images, offered: suggestion.workload, socket }
    }

    /// The form as it was left, for who asks for a cluster of this kind now; `None` asks for no kind.
    pub fn again(self, asked: Option<Purpose>) -> Self {
        match asked {
            Some(purpose) if purpose != self.spec.purpose => self.edited(Edit::Purpose(purpose)),
            Some(_) | None => self,
        }
    }

    /// The form after a change.
    pub fn edited(mut self, edit: Edit) -> Self {
        let spec = &mut self.spec;
        match edit {
            Edit::Name(name) => spec.name = name,
            Edit::Kubernetes(version) => {
                // The node image that is here serves both.
                for form in spec.workload.iter_mut().chain([&mut self.offered]).filter(|form| form.version == spec.kubernetes) {
                    form.version.clone_from(&version);
                }
                spec.kubernetes = version;
            }
            Edit::ControlPlanes(n) => spec.control_planes = n,
            Edit::Workers(n) => spec.workers = n,
            Edit::Port(text) => {
                spec.api_port = port(&text).unwrap_or(spec.api_port);
                self.port = text;
            }
            Edit::Socket(mount) => {
                match mount {
                    // Without the socket the Docker provider could make no machine.
                    SocketMount::NotMounted => {
                        spec.providers.docker = None;
                        spec.workload = None;
                    }
                    SocketMount::Mounted { .. } => {
                        spec.providers.docker.get_or_insert_with(|| spec.providers.core.clone());
                    }
                }
                spec.docker_socket = mount;
            }
            Edit::Core(version) => spec.providers.core = version,
            Edit::Bootstrap(version) => spec.providers.kubeadm_bootstrap = version,
            Edit::ControlPlaneProvider(version) => spec.providers.kubeadm_control_plane = version,
            Edit::Docker(version) => spec.providers.docker = version,
            Edit::Ports(ports) => {
                spec.ports = ports.iter().filter_map(PortText::read).collect();
                self.ports = ports;
            }
            Edit::Mounts(mounts) => spec.mounts = mounts,
            Edit::Network(network) => {
                spec.network = network;
                if network == NetworkPlugin::NotInstalled {
                    spec.workload = None;
                }
            }
            Edit::Purpose(purpose) => {
                spec.purpose = purpose;
                let socket = match purpose {
                    Purpose::Manages => self.socket.clone(),
                    // Nobody but Cluster API's provider needs it.
                    Purpose::Plain => SocketMount::NotMounted,
                };
                return self.edited(Edit::Socket(socket));
            }
            Edit::OnIt(OnIt::Cluster) => spec.workload = Some(self.offered.clone()),
            Edit::OnIt(OnIt::Nothing) => self.offered = spec.workload.take().unwrap_or(self.offered),
            Edit::Workload(form) => spec.workload = Some(*form),
            Edit::Whole(whole) => {
                (self.port, self.ports) = typed(&whole);
                self.spec = *whole;
            }
        }
        self
    }

    /// Everything that the form itself can see; a form with one of these is not planned.
    pub fn wrongs(&self, taken: &[String]) -> Vec<Wrong> {
        let mut wrongs = vec![];
        let mut say = |field, sentence: Option<String>| wrongs.extend(sentence.map(|sentence| Wrong { field, sentence }));
        say(field::NAME, name_trouble(&self.spec, taken));
        say(field::API_PORT, port(&self.port).err());
        let providers = &self.spec.providers;
        let versions = [&providers.core, &providers.kubeadm_bootstrap, &providers.kubeadm_control_plane];
        say(field::PROVIDERS, versions.into_iter().chain(&providers.docker).find_map(|version| version_trouble(version)));
        say(
            field::CONTROL_PLANES,
            self.spec.control_planes.is_multiple_of(2).then(|| "An even number survives no more failures than one less; choose 1, 3 or 5.".into()),
        );
        say(field::PORTS, self.ports.iter().any(|port| port.read().is_none()).then(|| "Each line names two ports, numbers from 1 to 65535.".into()));
        let whole = |mount: &ExtraMount| mount.host_path.starts_with('/') && mount.node_path.starts_with('/');
        say(field::MOUNTS, self.spec.mounts.iter().any(|mount| !whole(mount)).then(|| "Each line names two whole paths, from the first slash on.".into()));
        wrongs
    }

    /// Whether a workload cluster can be made on it: without Cluster API, a network or the Docker provider it cannot.
    pub fn can_hold(&self) -> bool {
        self.spec.manages() && self.spec.providers.docker.is_some()
    }

    /// Where the node image of the chosen version is.
    pub fn image(&self) -> Option<&NodeImage> {
        self.images.iter().find(|image| image.kubernetes == self.spec.kubernetes)
    }
}

/// The numbers of a form as one would type them.
fn typed(spec: &ManagementSpec) -> (String, Vec<PortText>) {
    (spec.api_port.map(|port| port.to_string()).unwrap_or_default(), spec.ports.iter().map(PortText::of).collect())
}

/// What keeps an edited configuration from being the form.
pub fn config_trouble(lines: &[WrongLine]) -> Option<Wrong> {
    let first = lines.first()?;
    let rest = match lines.len() - 1 {
        0 => String::new(),
        n => format!(" {}.", counted(n, "more line", "more lines", "below").trim_end_matches('.')),
    };
    Some(Wrong { field: field::CONFIG, sentence: format!("Line {}: {}{rest}", first.line, first.sentence) })
}

/// Why a name cannot be taken; `None` when it can.
pub fn name_trouble(spec: &ManagementSpec, taken: &[String]) -> Option<String> {
    let (name, most) = (spec.name.as_str(), spec.longest_name());
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() {
        Some("A name is needed.".into())
    } else if let Some(bad) = name.chars().find(|c| !allowed(*c)) {
        let bad = if bad == ' ' { "a space".to_owned() } else { format!("“{bad}”") };
        Some(format!("A name has small letters, digits and hyphens, not {bad}."))
    } else if name.starts_with('-') || name.ends_with('-') {
        Some("A name begins and ends with a letter or a digit.".into())
    } else if name.len() > most {
        let (has, suffix) = (name.len(), spec.longest_suffix());
        Some(format!("A name has at most {most} characters here, this one has {has}: kind adds {suffix} to it."))
    } else if taken.iter().any(|t| t == name) {
        Some(format!("A cluster called {name} is already on this machine."))
    } else {
        None
    }
}

/// A host port from what was typed; nothing typed means any free one.
pub fn port(text: &str) -> Result<Option<u16>, String> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse::<u16>() {
            Ok(port) if port >= 1024 => Ok(Some(port)),
            Ok(_) | Err(_) => Err("A port is a number from 1024 to 65535.".into()),
        },
    }
}

fn version_trouble(version: &str) -> Option<String> {
    let release = version.strip_prefix('v').map(|v| v.split_once('-').map_or(v, |(release, _)| release));
    let good = release.is_some_and(|r| r.split('.').count() == 3 && r.split('.').all(|n| n.parse::<u32>().is_ok()));
    (!good).then(|| format!("A version looks like v1.14.0, not “{version}”."))
}

/// The obstacles of one field, or with `None` those that belong to no field of the form.
pub fn obstacles_of<'a>(plan: &'a PlanView, wanted: Option<&str>) -> Vec<&'a Obstacle> {
    plan.obstacles
        .iter()
        .filter(|obstacle| match wanted {
            Some(name) => obstacle.field == name,
            None => !field::ALL.contains(&obstacle.field.as_str()),
        })
        .collect()
}

/// Why the job cannot start, next to its button; `None` when it can.
pub fn hindrance(wrongs: &[Wrong], plan: Option<&PlanView>) -> Option<String> {
    if !wrongs.is_empty() {
        return Some(counted(wrongs.len(), "field needs", "fields need", "a change"));
    }
    let Some(plan) = plan else { return Some("The plan is on its way.".into()) };
    match plan.obstacles.iter().filter(|o| o.severity == Severity::Unusable).count() {
        0 => None,
        n => Some(counted(n, "thing stands", "things stand", "in the way")),
    }
}

fn counted(n: usize, one: &str, many: &str, rest: &str) -> String {
    if n == 1 { format!("1 {one} {rest}.") } else { format!("{n} {many} {rest}.") }
}

#[cfg(test)]
mod tests;
