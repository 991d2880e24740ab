//! What does a node look like as a row?

use api::tables::{Health, NodeRow, TableRow};
use serde::Deserialize;

use super::{
    Object,
    fields::{Condition, Labels, Meta, milli, named, or_default, shown},
};

#[derive(Deserialize)]
pub(crate) struct Node {
    metadata: Meta<Labels>,
    #[serde(default, deserialize_with = "or_default")]
    spec: Spec,
    #[serde(default, deserialize_with = "or_default")]
    status: Status,
}

#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default, deserialize_with = "or_default")]
    unschedulable: bool,
    #[serde(default, deserialize_with = "or_default")]
    taints: Vec<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    conditions: Vec<Condition>,
    #[serde(default, deserialize_with = "or_default")]
    addresses: Vec<Address>,
    #[serde(default, deserialize_with = "or_default")]
    capacity: Capacity,
    #[serde(default, deserialize_with = "or_default")]
    node_info: NodeInfo,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    address: String,
}

#[derive(Default, Deserialize)]
struct Capacity {
    #[serde(default, deserialize_with = "or_default")]
    cpu: String,
    #[serde(default, deserialize_with = "or_default")]
    memory: String,
    #[serde(default, deserialize_with = "or_default")]
    pods: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeInfo {
    #[serde(default, deserialize_with = "or_default")]
    kubelet_version: String,
    #[serde(default, deserialize_with = "or_default")]
    os_image: String,
    #[serde(default, deserialize_with = "or_default")]
    kernel_version: String,
    #[serde(default, deserialize_with = "or_default")]
    container_runtime_version: String,
}

impl Object for Node {
    fn version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn row(self) -> TableRow {
        TableRow::Node(NodeRow {
            status: self.status(),
            health: self.health(),
            roles: self.roles(),
            internal_ip: self.status.addresses.iter().find(|a| a.kind == "InternalIP").map(|a| shown(&a.address)).unwrap_or_default(),
            taints: self.spec.taints.len().try_into().unwrap_or(u16::MAX),
            cpu_milli: milli(&self.status.capacity.cpu),
            memory_bytes: milli(&self.status.capacity.memory).div_ceil(1_000),
            pods: (milli(&self.status.capacity.pods) / 1_000).try_into().unwrap_or(u32::MAX),
            name: named(self.metadata.name),
            version: shown(&self.status.node_info.kubelet_version),
            os_image: shown(&self.status.node_info.os_image),
            kernel: shown(&self.status.node_info.kernel_version),
            runtime: shown(&self.status.node_info.container_runtime_version),
            created: self.metadata.creation_timestamp,
        })
    }
}

impl Node {
    fn ready(&self) -> Option<bool> {
        self.status.conditions.iter().find(|c| c.kind == "Ready").map(Condition::is_true)
    }

    /// kubectl's STATUS column.
    fn status(&self) -> String {
        let ready = match self.ready() {
            Some(true) => "Ready",
            Some(false) => "NotReady",
            None => "Unknown",
        };
        if self.spec.unschedulable { format!("{ready},SchedulingDisabled") } else { ready.to_owned() }
    }

    fn health(&self) -> Health {
        let pressed = self.status.conditions.iter().any(|c| c.is_true() && (c.kind.ends_with("Pressure") || c.kind == "NetworkUnavailable"));
        match self.ready() {
            Some(false) => Health::Failed,
            None => Health::Unknown,
            Some(true) if pressed => Health::Warning,
            Some(true) if self.spec.unschedulable => Health::Idle,
            Some(true) => Health::Healthy,
        }
    }

    fn roles(&self) -> Vec<String> {
        let mut roles: Vec<String> = self
            .metadata
            .labels
            .iter()
            .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
                Some(role) => Some(shown(role)),
                None => (key == "kubernetes.io/role").then(|| shown(value)),
            })
            .filter(|role| !role.is_empty())
            .collect();
        roles.sort();
        roles.dedup();
        roles
    }
}
