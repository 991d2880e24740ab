//! What does the page know and ask of the network of a workload cluster?

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, call::Call, changes::ClusterAt};

/// Where the manifest of a network plug-in comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manifest {
    /// kind's own; it comes with KOS.
    Kindnet,
    /// A file of the user: Calico, Cilium or another.
    File { path: String },
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
    pub objects: Vec<PlannedObject>,
    pub images: Vec<String>,
    /// What does not fit, in a sentence each; the network would not work.
    pub doubts: Vec<String>,
    /// The whole text that is applied.
    pub manifest: String,
    pub command: String,
    pub seen: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedObject {
    pub kind: String,
    /// Empty for kinds without.
    pub namespace: String,
    pub name: String,
    pub fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    Made,
    Changed,
    Same,
    /// It cannot be tried before another object of this list is there.
    Later,
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
