//! What does the page know of single machines, and of what stands around a cluster?

use serde::{Deserialize, Serialize};

use crate::{
    Millis, Row, RowId, Timestamp,
    call::Call,
    capi::{LaneGroup, LaneState},
    changes::{ClusterAt, Repair},
    drawing::ClassView,
    local::ContainerState,
};

/// A Machine of Cluster API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineRow {
    pub namespace: String,
    pub name: String,
    pub cluster: String,
    pub group: LaneGroup,
    /// What makes another one in its place: `MachineSet md-0-6k8wz`; empty for one that nobody owns.
    pub owner: String,
    pub state: LaneState,
    /// Since when it is in this step or state.
    pub since: Option<Timestamp>,
    /// When the step that goes on is late.
    pub late_at: Option<Timestamp>,
    /// What keeps it from being well, the first line of its controller's words; empty where nothing does.
    pub says: String,
    pub ready: Told,
    pub available: Told,
    pub up_to_date: Told,
    /// As it was asked for.
    pub version: String,
    /// The Node that it became, empty before.
    pub node: String,
    /// `docker:////w1-md-0-x`, empty before there is one.
    pub provider_id: String,
    /// Inside first.
    pub addresses: Vec<String>,
    pub failure_domain: String,
    /// What its Node runs on: `Debian GNU/Linux 13 (trixie)`, empty before it tells.
    pub os_image: String,
    /// The kind of its infrastructure: `DockerMachine`.
    pub infrastructure: String,
    /// Its container, where that is on this computer and was looked at.
    pub container: Option<ContainerState>,
    pub created: Option<Timestamp>,
    pub repair: Repair,
    /// The health checks that watch it.
    pub checks: Vec<String>,
}

impl Row for MachineRow {
    fn id(&self) -> RowId {
        RowId(format!("{}/{}", self.namespace, self.name))
    }
}

/// What an object says when it is asked for a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Told {
    No,
    Unknown,
    Yes,
}

/// One condition of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionRow {
    /// `DockerMachine`.
    pub on: String,
    pub name: String,
    /// `BootstrapExecSucceeded`.
    pub kind: String,
    pub status: Told,
    pub tone: ConditionTone,
    pub reason: String,
    pub message: String,
    pub since: Option<Timestamp>,
}

/// Whether a condition is as it should be; for some of them that is `False`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConditionTone {
    /// Somebody gave up.
    Failed,
    /// It is not so yet, or not any more.
    Waits,
    Good,
}

/// A MachineHealthCheck: which machines it watches, and what it did about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheckRow {
    pub name: String,
    /// By name.
    pub watches: Vec<String>,
    pub healthy: u32,
    pub expected: u32,
    /// How many more it may replace at once; `None` when it does not say.
    pub allowed: Option<u32>,
    /// Why it has stopped to replace machines; empty when it has not.
    pub stopped: String,
    /// `Node Ready is False for 5 min`.
    pub rules: Vec<String>,
    /// How long a machine may take to become a Node.
    pub start_up: Option<Millis>,
    /// The group that it watches; `None` where it chooses machines in a way of its own.
    pub group: Option<LaneGroup>,
    /// Machines that it gave up, as far as events tell: the same ones over and over mean that replacing does not help.
    pub replaced: u32,
    pub last_replaced: Option<Timestamp>,
}

/// Something that is put into a cluster from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddOnRow {
    pub by: AddOnSource,
    /// Of the ClusterResourceSet, or of the chart.
    pub name: String,
    /// `Secret kindnet`, `version 1.15.1 in kube-system`.
    pub what: String,
    pub state: AddOnState,
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AddOnSource {
    ResourceSet,
    /// Of a HelmChartProxy, when its name is known.
    HelmChart {
        proxy: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddOnState {
    Applied,
    Waits(String),
    Failed(String),
}

/// A ClusterClass of a management cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRow {
    pub class: ClassView,
    pub created: Option<Timestamp>,
}

impl Row for ClassRow {
    fn id(&self) -> RowId {
        RowId(format!("{}/{}", self.class.name.namespace, self.class.name.name))
    }
}

/// Reads one object of a cluster as text: without what only the server keeps, and without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadObject {
    pub at: ClusterAt,
    pub kind: String,
    pub name: String,
}
impl Call for ReadObject {
    const NAME: &'static str = "read_object";
    type Reply = ObjectText;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectText {
    pub yaml: String,
    /// The same for a terminal.
    pub command: String,
}

/// Reads the last lines that the container of a machine wrote, where it is on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMachineLog {
    pub at: ClusterAt,
    pub machine: String,
}
impl Call for ReadMachineLog {
    const NAME: &'static str = "read_machine_log";
    type Reply = MachineLog;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineLog {
    /// The newest last, without bootstrap tokens.
    pub lines: Vec<SaidLine>,
    /// The same for a terminal.
    pub command: String,
}

/// A line that a container wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidLine {
    /// When it was written, where Docker tells it.
    pub at: Option<Timestamp>,
    pub text: String,
}

/// Asks Docker about the container of a machine, where it is on this computer; what it uses is measured for two seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMachineHost {
    pub at: ClusterAt,
    pub machine: String,
}
impl Call for ReadMachineHost {
    const NAME: &'static str = "read_machine_host";
    type Reply = MachineHost;
}

/// The container that a machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineHost {
    /// The whole id.
    pub id: String,
    pub image: String,
    pub state: ContainerState,
    /// When it was started last; when it ended, for one that does not run.
    pub since: Option<Timestamp>,
    /// Thousandths of one processor; nothing for one that does not run.
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
    /// In its networks.
    pub addresses: Vec<String>,
    /// `127.0.0.1:55001 to 6443/tcp`.
    pub ports: Vec<String>,
    /// Opens a shell in it, for a terminal; nothing for one that does not run.
    pub shell: Option<String>,
}
