//! What has the served Cluster a place for?

use serde_json::Value;

/// The definition of Cluster, which tells it.
pub const DEFINITION: &str = "clusters.cluster.x-k8s.io";

/// Whether a topology can say since when machines are made anew, and which taints they have: Cluster API brought places for
/// both with v1.13, into a contract that is older.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TopologyTakes {
    /// The definition may not be read, or says nothing of a topology.
    #[default]
    Untold,
    Neither,
    RolloutsAndTaints,
}

impl TopologyTakes {
    /// Reads the definition of Cluster, for the version in which it is written: `cluster.x-k8s.io/v1beta2`.
    pub fn read(definition: &Value, api_version: &str) -> Self {
        let version = api_version.rsplit('/').next().unwrap_or_default();
        let served = definition["spec"]["versions"].as_array().into_iter().flatten().find(|one| one["name"] == version);
        let plane = "/schema/openAPIV3Schema/properties/spec/properties/topology/properties/controlPlane/properties";
        match served.and_then(|served| served.pointer(plane)) {
            Some(plane) if plane["rollout"]["properties"]["after"].is_object() && plane["taints"].is_object() => Self::RolloutsAndTaints,
            Some(_) => Self::Neither,
            None => Self::Untold,
        }
    }
}
