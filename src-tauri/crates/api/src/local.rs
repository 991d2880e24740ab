//! What does the page know and ask of clusters on this machine?

use serde::{Deserialize, Serialize};

use crate::{ContextId, JobId, Row, RowId, Timestamp, call::Call, drawing::ClusterForm, jobs::PlanView};

mod maker;

pub use maker::Maker;

/// A cluster of this machine, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRow {
    pub name: String,
    pub order: u32,
    pub role: Role,
    pub state: LocalState,
    /// Its machines; a load balancer before the control planes is none.
    pub nodes: Vec<NodeMark>,
    /// What stands before its control planes.
    pub balancers: Vec<NodeMark>,
    /// `v1.36.1`, empty when unknown.
    pub version: String,
    pub created: Option<Timestamp>,
    /// The context that opens it, when a kubeconfig has one.
    pub context: Option<ContextId>,
    /// Share of one processor in thousandths, summed over the containers.
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
    /// A job of KOS works on it.
    pub job: Option<JobId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Made by KOS as a management cluster, found to hold Cluster API, or given the socket of Docker by somebody.
    Management,
    /// A plain kind cluster.
    Plain,
    /// A workload cluster of Cluster API's Docker provider; it uses kind's labels too.
    Workload { of: Option<String> },
    /// Not ours: another program made it and manages it.
    Foreign { by: Maker },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LocalState {
    Creating,
    Running,
    Paused,
    Stopped {
        since: Option<Timestamp>,
    },
    /// Some containers run, some do not.
    Mixed {
        running: u32,
        of: u32,
    },
    /// It is set up here; whether it runs shows only when it is opened.
    NotAsked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeMark {
    pub container: String,
    pub role: String,
    pub state: ContainerState,
    /// When it was started last; when it ended, for one that does not run; when it was paused, where Docker remembers that.
    pub since: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    Running,
    Paused,
    Exited { code: i32 },
    Other(String),
}

impl Row for LocalRow {
    fn id(&self) -> RowId {
        // No cluster of kind has a slash in its name, so one of another program may have the same.
        match self.role {
            Role::Foreign { by } => RowId(format!("{}/{}", by.name(), self.name)),
            Role::Management | Role::Plain | Role::Workload { .. } => RowId(self.name.clone()),
        }
    }
}

/// The host name of a container is its name. The kernel takes one character more, but a node is a label of Kubernetes and a
/// load balancer a label of DNS.
pub const LONGEST_HOST_NAME: usize = 63;

/// What a new management cluster shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagementSpec {
    pub name: String,
    /// Node image tag without the repository: `v1.36.1`.
    pub kubernetes: String,
    pub control_planes: u8,
    pub workers: u8,
    /// Host port of the API server, `None` picks a free one.
    pub api_port: Option<u16>,
    pub docker_socket: SocketMount,
    pub providers: ProviderVersions,
    /// Wait for the control plane to be Ready, in seconds.
    pub wait_seconds: u32,
    /// Ports of this machine that lead into the first control plane node.
    #[serde(default)]
    pub ports: Vec<PortMapping>,
    /// Folders and files of this machine that every node sees.
    #[serde(default)]
    pub mounts: Vec<ExtraMount>,
    #[serde(default)]
    pub network: NetworkPlugin,
    #[serde(default)]
    pub purpose: Purpose,
    /// A cluster that is made on it in the same job, connected and given its network; without a YAML of its own it is of
    /// the class that KOS brings.
    #[serde(default)]
    pub workload: Option<ClusterForm>,
}

/// What a local cluster is made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Cluster API is installed on it, and it manages others.
    #[default]
    Manages,
    /// kind's cluster as it is, for tests.
    Plain,
}

impl ManagementSpec {
    /// Whether Cluster API is installed: its pods start on a network alone, without one they would only be waited for.
    pub fn manages(&self) -> bool {
        match (self.purpose, self.network) {
            (Purpose::Manages, NetworkPlugin::Kindnet) => true,
            (Purpose::Plain, _) | (_, NetworkPlugin::NotInstalled) => false,
        }
    }

    /// What kind adds to the name for the container with the longest one; all others are shorter: `-control-plane2`, `-worker10`.
    pub fn longest_suffix(&self) -> &'static str {
        if self.control_planes > 1 { "-external-load-balancer" } else { "-control-plane" }
    }

    /// How many characters the name may have.
    pub fn longest_name(&self) -> usize {
        LONGEST_HOST_NAME - self.longest_suffix().len()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMapping {
    pub host_port: u16,
    pub node_port: u16,
    pub protocol: Protocol,
    pub listen: Listen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    Tcp,
    Udp,
    Sctp,
}

/// Who can reach a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listen {
    /// This machine alone.
    Loopback,
    Everywhere,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraMount {
    pub host_path: String,
    pub node_path: String,
    pub access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    ReadWrite,
    ReadOnly,
}

/// Who connects the pods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkPlugin {
    /// kind's own.
    #[default]
    Kindnet,
    /// The user installs one; no pod starts before.
    NotInstalled,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SocketMount {
    /// Needed by Cluster API's Docker provider.
    Mounted { host_path: String },
    /// A management cluster for other providers.
    NotMounted,
}

/// Pinned versions, `v1.14.2`; an absent one is not installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderVersions {
    pub core: String,
    pub kubeadm_bootstrap: String,
    pub kubeadm_control_plane: String,
    pub docker: Option<String>,
}

/// What the form starts with: a free name, the versions that this machine can run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestManagement;
impl Call for SuggestManagement {
    const NAME: &'static str = "suggest_management";
    type Reply = Suggestion;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub spec: ManagementSpec,
    /// The workload cluster that would go with it: one control plane and one worker, of ranges that nobody uses.
    pub workload: ClusterForm,
    pub images: Vec<NodeImage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeImage {
    pub kubernetes: String,
    pub image: String,
    pub is: ImageIs,
}

/// Where an image is, and how large as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageIs {
    /// On this machine, where it takes so much.
    Here { bytes: Option<u64> },
    /// It would be downloaded.
    ToBePulled { bytes: Option<u64> },
}

impl ImageIs {
    pub fn here(self) -> bool {
        matches!(self, Self::Here { .. })
    }
}

/// Asks what the form said from which a job came: one that failed leads back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadForm {
    pub job: JobId,
}
impl Call for ReadForm {
    const NAME: &'static str = "read_form";
    type Reply = ManagementSpec;
}

/// Reads kind's configuration, as a person edited it, back into the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadConfig {
    /// The form as it is: what the configuration does not say is taken from here.
    pub spec: ManagementSpec,
    pub text: String,
}
impl Call for ReadConfig {
    const NAME: &'static str = "read_config";
    type Reply = ConfigRead;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigRead {
    Fits(Box<ManagementSpec>),
    /// What the form has no place for, line by line.
    Wrong(Vec<WrongLine>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongLine {
    /// Counts from 1.
    pub line: u32,
    pub sentence: String,
}

/// Says what would be done, with the exact commands; does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanManagement {
    pub spec: ManagementSpec,
}
impl Call for PlanManagement {
    const NAME: &'static str = "plan_management";
    type Reply = PlanView;
}

/// Starts the job that was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateManagement {
    pub spec: ManagementSpec,
    /// The plan that was shown; refused when it would be another one now.
    pub seen: String,
}
impl Call for CreateManagement {
    const NAME: &'static str = "create_management";
    type Reply = JobId;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Power {
    Start,
    Stop,
    Pause,
    Unpause,
}

/// Starts, stops, pauses or unpauses the containers of a cluster, as a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPower {
    pub name: String,
    pub power: Power,
    /// A cluster that a protected context opens is paused or stopped only after the name of that context was typed.
    #[serde(default)]
    pub typed: String,
}
impl Call for SetPower {
    const NAME: &'static str = "set_power";
    type Reply = JobId;
}

/// Names all that goes when a cluster is deleted; deletes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDelete {
    pub name: String,
}
impl Call for PlanDelete {
    const NAME: &'static str = "plan_delete";
    type Reply = Deletion;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub name: String,
    pub containers: Vec<String>,
    /// Files and contexts that go with it.
    pub kubeconfig: Vec<String>,
    /// Workload clusters that live on it and would lose their manager.
    pub workloads: Vec<String>,
    pub command: String,
    /// What has to be typed: the name, or that of the protected context that opens the cluster.
    pub typed: String,
    pub seen: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteCluster {
    pub name: String,
    /// What the user typed; must equal [`Deletion::typed`].
    pub typed: String,
    pub seen: String,
}
impl Call for DeleteCluster {
    const NAME: &'static str = "delete_cluster";
    type Reply = JobId;
}

/// Asks what is left on this machine of clusters that nobody knows any more; reads, and removes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindLeftovers;
impl Call for FindLeftovers {
    const NAME: &'static str = "find_leftovers";
    type Reply = Leftovers;
}

/// What is left; each is removed like any cluster, after it was shown ([`PlanDelete`]) and its name was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftovers {
    pub sure: Vec<Leftover>,
    /// It may be left over, and somebody who may know better was not asked.
    pub unsure: Vec<Unsure>,
    /// Networks of Docker that were made for local clusters and have nobody on them; [`RemoveNetwork`] takes one away.
    #[serde(default)]
    pub networks: Vec<LeftNetwork>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    pub name: String,
    pub containers: Vec<String>,
    /// How many go with their containers.
    pub volumes: u32,
    pub created: Option<Timestamp>,
    /// On disk, as far as docker says.
    pub bytes: Option<u64>,
    /// Who was asked: `kos-mgmt holds no cluster of this name.`
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsure {
    pub name: String,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftNetwork {
    pub name: String,
    /// The addresses that it takes.
    pub ranges: Vec<String>,
    pub why: String,
    /// What removes it.
    pub command: String,
}

/// Removes a network that [`FindLeftovers`] told of, as a job. It is looked at once more: one that is used stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveNetwork {
    pub name: String,
}
impl Call for RemoveNetwork {
    const NAME: &'static str = "remove_network";
    type Reply = JobId;
}

/// `kind export logs` into a folder, as a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportLogs {
    pub name: String,
    pub folder: String,
}
impl Call for ExportLogs {
    const NAME: &'static str = "export_logs";
    type Reply = JobId;
}
