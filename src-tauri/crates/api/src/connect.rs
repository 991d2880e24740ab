//! What does the page know and ask of connecting the clusters that Cluster API makes?

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, Timestamp, call::Call, changes::ClusterAt, files::FileChange};

/// Whose kubeconfig KOS keeps in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// The management cluster's context, by its name: it may have left the fleet.
    pub manager: String,
    pub at: ClusterAt,
    pub life: Life,
}

/// Whether the cluster behind a kept kubeconfig is still the one it was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Life {
    /// As far as its management cluster was asked.
    There,
    /// Its Cluster object is gone.
    Deleted { at: Timestamp },
    /// A cluster of this name has another authority: the kept credentials open nothing.
    Remade { at: Timestamp },
}

/// Says which kubeconfig would be kept for a cluster, after its server was asked for its version; writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanConnect {
    pub at: ClusterAt,
}
impl Call for PlanConnect {
    const NAME: &'static str = "plan_connect";
    type Reply = ConnectPlan;
}

/// What would be written where, and which address is used for which reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectPlan {
    /// KOS's own file; no credential stands in its lines, each is named by its digest.
    pub change: FileChange,
    /// The name of the new context.
    pub name: String,
    /// The address that is used.
    pub server: String,
    /// The address that the management cluster names.
    pub endpoint: String,
    pub way: Way,
    /// The name that is checked in place of the address, when the certificate lacks the address.
    pub server_name: Option<String>,
    /// What the server answered; empty when it keeps its version to itself.
    pub version: String,
}

/// How this machine reaches the API server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// At the address that the management cluster names.
    Direct,
    /// That address cannot be reached from here; Docker publishes this port of the load balancer.
    Published { container: String, port: u16 },
}

/// Keeps the kubeconfig that was shown and follows its Secret from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    pub at: ClusterAt,
    /// The plan that was shown; refused when it would be another one now.
    pub seen: String,
}
impl Call for Connect {
    const NAME: &'static str = "connect";
    type Reply = ContextId;
}

/// Closes the context of a workload cluster and removes the file that KOS keeps for it; the cluster is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnect {
    pub context: ContextId,
}
impl Call for Disconnect {
    const NAME: &'static str = "disconnect";
    type Reply = Done;
}
