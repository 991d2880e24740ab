//! What does the page know and ask of the network of a workload cluster?

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, call::Call, changes::ClusterAt, drawing::ClusterNetwork, planned::PlannedObject};

/// Where the manifest of a network plug-in comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manifest {
    /// kind's own; it comes with KOS.
    Kindnet,
    /// A file of the user: Calico, Cilium or another.
    File { path: String },
    /// An address; what is applied is fetched again and has to be what was shown.
    Url { address: String },
}

/// Says which objects a network plug-in would bring into a connected cluster, after a dry run; writes nothing.
///
/// Opens the context of the cluster when it is not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanNetwork {
    pub at: ClusterAt,
    pub from: Manifest,
}
impl Call for PlanNetwork {
    const NAME: &'static str = "plan_network";
    type Reply = NetworkPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkPlan {
    /// The context that is written to, and its name.
    pub context: ContextId,
    pub name: String,
    /// The pod ranges that the Cluster asks for.
    pub pods: Vec<String>,
    /// What its form chose; none for a Cluster that no form made.
    pub chosen: Option<ClusterNetwork>,
    /// Without their text, which is the manifest.
    pub objects: Vec<PlannedObject>,
    pub images: Vec<String>,
    /// What does not fit, in a sentence each; the network would not work.
    pub doubts: Vec<String>,
    /// The whole text that is applied.
    pub manifest: String,
    /// Its SHA-256, to be compared with what its makers tell; empty for the one that comes with KOS.
    pub digest: String,
    pub command: String,
    pub seen: String,
}

/// Applies the manifest that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyNetwork {
    pub at: ClusterAt,
    pub from: Manifest,
    /// The plan that was shown; refused when it would be another one now.
    pub seen: String,
    /// For a protected context: its name, as the user typed it.
    pub typed: String,
}
impl Call for ApplyNetwork {
    const NAME: &'static str = "apply_network";
    type Reply = Done;
}

/// Asks a workload cluster which network runs in it; reads once, and only over a connection that stands already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskNetwork {
    pub at: ClusterAt,
}
impl Call for AskNetwork {
    const NAME: &'static str = "ask_network";
    type Reply = NetworksFound;
}

/// The network plug-ins of a cluster: usually one, none in one whose nodes wait for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworksFound {
    /// The context that was asked.
    pub name: String,
    pub found: Vec<NetworkFound>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkFound {
    pub plugin: Plugin,
    /// The DaemonSet that runs it: `kube-system/kindnet`.
    pub runs: String,
    pub image: String,
    /// Nodes on which it is ready, and on which it should be.
    pub ready: u32,
    pub wanted: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Plugin {
    Kindnet,
    Calico,
    Cilium,
    Flannel,
    Antrea,
    /// It writes a configuration for the container runtime, and KOS knows it by no name.
    Other,
}

impl Plugin {
    pub fn words(self) -> &'static str {
        match self {
            Self::Kindnet => "kindnet",
            Self::Calico => "Calico",
            Self::Cilium => "Cilium",
            Self::Flannel => "Flannel",
            Self::Antrea => "Antrea",
            Self::Other => "another one",
        }
    }
}
