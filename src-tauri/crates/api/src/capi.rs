//! What does the page know of clusters that Cluster API makes?

use serde::{Deserialize, Serialize};

use crate::{Millis, Timestamp};

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
    pub state: LaneState,
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
    /// What such a step took before, `None` before the first time.
    pub usual: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaneState {
    Working {
        step: MachineStep,
    },
    /// Longer than twice the usual time, or than the provider itself allows.
    Late {
        step: MachineStep,
        by: Millis,
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
}
