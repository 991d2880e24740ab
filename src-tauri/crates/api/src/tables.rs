//! What does a live table of a cluster carry?

use serde::{Deserialize, Serialize};

use crate::{Row, RowId, Timestamp};

/// The kinds that have a live table so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    Pods,
    Nodes,
    Namespaces,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableRow {
    Pod(PodRow),
    Node(NodeRow),
    Namespace(NamespaceRow),
    /// An object that could not be read; it never hides its neighbours.
    Unreadable {
        namespace: String,
        name: String,
        why: String,
    },
}

/// kubectl's columns and KOS's own, as values; the page writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodRow {
    pub namespace: String,
    pub name: String,
    pub ready: u16,
    pub containers: u16,
    /// What kubectl's STATUS column says: `Running`, `CrashLoopBackOff`, `Init:0/2`.
    pub status: String,
    pub health: Health,
    pub restarts: u32,
    pub last_restart: Option<Timestamp>,
    pub node: String,
    pub ip: String,
    pub created: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRow {
    pub name: String,
    /// `Ready`, `NotReady`, `Ready,SchedulingDisabled`.
    pub status: String,
    pub health: Health,
    pub roles: Vec<String>,
    pub version: String,
    pub internal_ip: String,
    pub os_image: String,
    pub kernel: String,
    pub runtime: String,
    pub taints: u16,
    pub cpu_milli: u64,
    pub memory_bytes: u64,
    pub pods: u32,
    pub created: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceRow {
    pub name: String,
    /// `Active` or `Terminating`.
    pub status: String,
    pub health: Health,
    /// What keeps a terminating namespace, as its condition says it.
    pub stuck: String,
    pub labels: u16,
    pub created: Option<Timestamp>,
}

/// Worst last, so that the maximum is the state of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Health {
    Healthy,
    /// Finished or switched off on purpose.
    Idle,
    Progress,
    Unknown,
    Warning,
    Failed,
}

impl TableRow {
    pub fn namespace(&self) -> &str {
        match self {
            Self::Pod(row) => &row.namespace,
            Self::Node(_) | Self::Namespace(_) => "",
            Self::Unreadable { namespace, .. } => namespace,
        }
    }

    /// How it is; an unreadable one cannot be told.
    pub fn health(&self) -> Health {
        match self {
            Self::Pod(row) => row.health,
            Self::Node(row) => row.health,
            Self::Namespace(row) => row.health,
            Self::Unreadable { .. } => Health::Unknown,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Pod(row) => &row.name,
            Self::Node(row) => &row.name,
            Self::Namespace(row) => &row.name,
            Self::Unreadable { name, .. } => name,
        }
    }
}

impl Row for TableRow {
    fn id(&self) -> RowId {
        RowId(format!("{}/{}", self.namespace(), self.name()))
    }
}
