//! What does the page know of clusters that Cluster API makes?

use serde::{Deserialize, Serialize};

use crate::{
    Millis, Row, RowId, Timestamp,
    changes::ClusterChange,
    machines::{AddOnRow, AddOnSource, ConditionRow, HealthCheckRow, MachineRow},
    shared::{Shared, SharedLane},
    upgrading::UpgradeRun,
};

/// A cluster that a management cluster holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRow {
    pub namespace: String,
    pub name: String,
    pub state: ClusterState,
    /// What was asked for, `v1.36.1`.
    pub version: String,
    /// Empty for a cluster that no class describes.
    pub class: String,
    /// A mark for each machine, control planes first.
    pub machines: Vec<MachineMark>,
    /// As many machines as were asked for.
    pub wanted: u32,
    pub planes: Counts,
    pub workers: Counts,
    /// `172.18.0.5:6443`, empty before there is one.
    pub endpoint: String,
    pub created: Option<Timestamp>,
    /// Since when it is in its state, as far as its conditions tell.
    pub since: Option<Timestamp>,
    /// Why it is not as it was asked to be, in a sentence; empty when it is.
    pub why: String,
}

impl ClusterRow {
    /// Asked for, and not ready.
    pub fn missing(&self) -> u32 {
        self.wanted.saturating_sub(u32::try_from(self.ready()).unwrap_or(u32::MAX))
    }

    pub fn ready(&self) -> usize {
        self.machines.iter().filter(|m| **m == MachineMark::Ready).count()
    }
}

/// Machines of one part of a cluster, as the cluster itself counts them; `None` where it does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub asked: Option<u32>,
    pub made: Option<u32>,
    pub ready: Option<u32>,
    pub available: Option<u32>,
    pub up_to_date: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClusterState {
    /// It will not go on by itself.
    Stuck,
    Provisioning,
    /// Runs, but not as it was asked to.
    NotAvailable,
    Upgrading,
    Deleting,
    Paused,
    Available,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachineMark {
    Ready,
    Making,
    Failed,
    Deleting,
}

impl Row for ClusterRow {
    fn id(&self) -> RowId {
        RowId(format!("{}/{}", self.namespace, self.name))
    }
}

/// What the page of one cluster shows, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterPart {
    Head(ClusterRow),
    Tree(TreeRow),
    Lane(Lane),
    Shared(SharedLane),
    Why(Explanation),
    Machine(MachineRow),
    /// What is not as it should be first, at most 1,000.
    Condition(ConditionRow),
    Check(HealthCheckRow),
    AddOn(AddOnRow),
    /// The upgrade that goes on, or the last one that was seen.
    Upgrade(UpgradeRun),
    /// The newest first, at most 500.
    Event(EventRow),
    /// Of controllers and containers, while the cluster is stuck and somebody looks; the newest last.
    Log(LogRow),
    /// As many kinds are watched for it and its neighbours.
    Watched(u32),
}

impl Row for ClusterPart {
    fn id(&self) -> RowId {
        match self {
            Self::Head(_) => RowId("head".to_owned()),
            Self::Tree(row) => RowId(format!("tree/{}/{}", row.kind, row.name)),
            Self::Lane(lane) => RowId(format!("lane/{}", lane.machine)),
            Self::Shared(SharedLane { what: Shared::LoadBalancer, .. }) => RowId("shared/balancer".to_owned()),
            Self::Shared(SharedLane { what: Shared::Infrastructure { kind }, .. }) => RowId(format!("shared/infrastructure/{kind}")),
            Self::Shared(SharedLane { what: Shared::AddOn { name }, .. }) => RowId(format!("shared/add-on/{name}")),
            Self::Why(_) => RowId("why".to_owned()),
            Self::Machine(machine) => RowId(format!("machine/{}", machine.name)),
            Self::Condition(c) => RowId(format!("condition/{}/{}/{}", c.on, c.name, c.kind)),
            Self::Check(check) => RowId(format!("check/{}", check.name)),
            Self::AddOn(AddOnRow { by: AddOnSource::ResourceSet, name, what, .. }) => RowId(format!("set/{name}/{what}")),
            Self::AddOn(AddOnRow { by: AddOnSource::HelmChart { proxy }, name, .. }) => RowId(format!("chart/{proxy}/{name}")),
            Self::Upgrade(_) => RowId("upgrade".to_owned()),
            Self::Event(event) => RowId(format!("event/{}", event.id)),
            Self::Log(line) => RowId(format!("log/{}", line.number)),
            Self::Watched(_) => RowId("watched".to_owned()),
        }
    }
}

/// An object of a cluster in the order of its tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeRow {
    /// Counts from the top, for rows that come late.
    pub order: u32,
    /// 0 is the Cluster.
    pub depth: u16,
    pub kind: String,
    pub name: String,
    pub state: TreeState,
    /// Machines that are ready, of those that were asked for.
    pub ready: Option<(u32, u32)>,
    /// How long it has been in this state.
    pub since: Option<Timestamp>,
    /// The way to what blocks leads through it.
    pub on_the_way: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TreeState {
    Available,
    Ready,
    Running,
    Provisioning,
    ScalingUp,
    ScalingDown,
    RollingOut,
    Deleting,
    Paused,
    NotAvailable,
    NotReady,
    /// In the words of its condition.
    Failed(String),
    /// No condition is reported yet.
    Unknown,
}

/// The way of a machine from its order to service, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MachineStep {
    /// Waits for the infrastructure of its cluster, or for the first control plane.
    Queued,
    /// Its bootstrap configuration is made into a Secret.
    BootstrapData,
    /// Its container, or its virtual machine, is made.
    Container,
    /// kubeadm runs in it.
    BootstrapRun,
    /// Its kubelet has to be seen as a Node.
    Joined,
    /// The Node has to be Ready.
    Healthy,
    /// It has to stay so for as long as its owner asks.
    Available,
}

impl MachineStep {
    pub const ALL: [Self; 7] = [Self::Queued, Self::BootstrapData, Self::Container, Self::BootstrapRun, Self::Joined, Self::Healthy, Self::Available];
}

/// A machine on the time line of its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    pub machine: String,
    pub group: LaneGroup,
    pub created: Timestamp,
    /// Steps that have begun, in order; only the last may be open.
    pub bars: Vec<Bar>,
    /// What each step usually takes here, in the order of [`MachineStep::ALL`]; `None` before the first time.
    pub usual: [Option<Millis>; 7],
    pub state: LaneState,
    pub leaving: Leaving,
}

impl Lane {
    /// By how much the step that goes on is late at a moment.
    pub fn late(&self, now: Timestamp) -> Option<Millis> {
        let open = self.bars.last().filter(|bar| bar.to.is_none())?;
        Some(now.since(open.late_at?)).filter(|by| by.0 > 0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LaneGroup {
    ControlPlane,
    Pool(String),
    /// No pool and no control plane owns it.
    Alone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    pub step: MachineStep,
    pub from: Timestamp,
    /// `None` while it goes on.
    pub to: Option<Timestamp>,
    /// When it is late: after twice the usual time, or after what the provider itself allows.
    pub late_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaneState {
    Working {
        step: MachineStep,
    },
    /// The controllers gave up on it.
    Failed {
        step: MachineStep,
    },
    Available {
        since: Timestamp,
    },
    /// Was available, and is no longer.
    Unwell {
        since: Option<Timestamp>,
    },
    Deleting {
        since: Timestamp,
    },
}

/// What a machine that is deleted waits for, in the order of Cluster API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LeaveStep {
    /// Its controller has not begun, or a hook before the drain holds it.
    Asked,
    Drain,
    /// They have to be detached from its Node.
    Volumes,
    /// Somebody has to do something before it ends: a control plane leaves etcd.
    Hook,
    Infrastructure,
    Bootstrap,
    Node,
    /// All is gone, and only finalizers hold the Machine.
    Finalizers,
}

impl LeaveStep {
    pub const ALL: [Self; 8] = [Self::Asked, Self::Drain, Self::Volumes, Self::Hook, Self::Infrastructure, Self::Bootstrap, Self::Node, Self::Finalizers];
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveBar {
    pub step: LeaveStep,
    pub from: Timestamp,
    /// `None` while it goes on.
    pub to: Option<Timestamp>,
}

/// How far the deletion of a machine is; empty while nobody deletes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Steps that have begun, in order; only the last may be open.
    pub bars: Vec<LeaveBar>,
    /// What its controller says of it, word for word.
    pub says: String,
}

/// Why a cluster is not as it was asked to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The name of the rule that matched, `no-cni`; `None`: KOS cannot tell.
    pub rule: Option<String>,
    pub weight: Weight,
    pub sentence: String,
    /// From the Cluster to the object that blocks.
    pub path: Vec<Stop>,
    /// Word for word.
    pub seen: Vec<Evidence>,
    /// The best first.
    pub remedies: Vec<Remedy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// All is as asked.
    Well,
    /// It takes its time; nothing is to be done.
    Normal,
    /// Somebody wanted it so.
    Chosen,
    /// It will not go on by itself.
    Stuck,
    /// It may or may not go on.
    Unclear,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub kind: String,
    pub name: String,
    /// `waits for its DevMachine`.
    pub says: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub source: EvidenceSource,
    pub text: String,
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EvidenceSource {
    Condition {
        on: String,
        kind: String,
    },
    Event {
        on: String,
        reason: String,
    },
    /// A field that somebody set.
    Field {
        on: String,
        path: String,
    },
    /// A line that a controller logged.
    Controller {
        name: String,
    },
    /// A line that a container printed.
    Container {
        name: String,
    },
    /// What Docker says of a container.
    Docker {
        container: String,
    },
}

/// Something safe to do: no data is lost by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// `Replace the machine`.
    pub title: String,
    /// `md-0 makes a new one`.
    pub effect: String,
    /// As one would type it; `None` where a page of KOS leads on.
    pub command: Option<String>,
    /// What KOS itself can plan and do for it.
    pub change: Option<ClusterChange>,
}

/// What a controller told about an object of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: String,
    pub at: Timestamp,
    pub kind: String,
    pub name: String,
    pub reason: String,
    pub message: String,
    pub tone: EventTone,
    /// How often it was told.
    pub count: u32,
    /// `kubeadmcontrolplane-controller`.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventTone {
    Normal,
    Warning,
}

/// A line about the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Counts on, also past lines that were let go.
    pub number: u64,
    pub at: Option<Timestamp>,
    /// `capd-controller-manager`, or the name of a container.
    pub source: String,
    pub text: String,
}

impl Row for LogRow {
    fn id(&self) -> RowId {
        RowId(self.number.to_string())
    }
}
