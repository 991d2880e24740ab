//! Which clusters does a management cluster hold, and which of them are paused?

use std::collections::{BTreeMap, BTreeSet};

use cluster::write::{Mode, Patch, Place, Seen, Write, WriteError, send};
use kube::api::{Api, DynamicObject, ListParams};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::json;

use super::{Inside, LookError, is_not_found, limited};

const GROUP: &str = "cluster.x-k8s.io";
/// The newest first; a server that does not know it is asked for the one before.
const VERSIONS: [&str; 2] = ["v1beta2", "v1beta1"];
/// On a ClusterClass, which has no field for it.
const PAUSED: &str = "cluster.x-k8s.io/paused";

/// A Cluster as a move sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stands {
    pub(crate) pause: Pause,
    pub(crate) made: Made,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    Runs,
    Paused,
}

/// clusterctl moves only what is not being made any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Whole,
    OnItsWay,
}

/// How many machines there are, and of which clusters one has no Node yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Machines {
    pub(crate) count: usize,
    pub(crate) waiting: BTreeSet<String>,
}

impl Inside {
    /// The clusters of a namespace, of all when it is empty.
    pub(crate) async fn clusters(&self, namespace: &str) -> Result<BTreeMap<String, Stands>, LookError> {
        let found = self.of_group("Cluster", "clusters", namespace).await?;
        Ok(found.iter().filter_map(|cluster| Some((cluster.metadata.name.clone()?, stands(cluster)))).collect())
    }

    /// The machines of a namespace, of all when it is empty.
    pub(crate) async fn machines(&self, namespace: &str) -> Result<Machines, LookError> {
        let all = self.of_group("Machine", "machines", namespace).await?;
        let cluster = |machine: &DynamicObject| machine.data["spec"]["clusterName"].as_str().unwrap_or_default().to_owned();
        let waits = |machine: &&DynamicObject| machine.data["status"]["nodeRef"]["name"].as_str().is_none_or(str::is_empty);
        Ok(Machines { count: all.len(), waiting: all.iter().filter(waits).map(cluster).collect() })
    }

    /// Lets the controllers go on with a cluster, and with the classes of its namespace that a move had paused.
    pub(crate) async fn resume(&self, namespace: &str, name: &str) -> Result<(), WriteError> {
        let unread = |error: LookError| WriteError::Unknown { said: error.said() };
        for cluster in self.of_group("Cluster", "clusters", namespace).await.map_err(unread)? {
            if cluster.metadata.name.as_deref() == Some(name) {
                self.write(&cluster, "Cluster", "clusters", json!({ "spec": { "paused": false } })).await?;
            }
        }
        for class in self.of_group("ClusterClass", "clusterclasses", namespace).await.map_err(unread)? {
            if class.metadata.annotations.as_ref().is_some_and(|all| all.contains_key(PAUSED)) {
                self.write(&class, "ClusterClass", "clusterclasses", json!({ "metadata": { "annotations": { PAUSED: null } } })).await?;
            }
        }
        Ok(())
    }

    async fn write(&self, object: &DynamicObject, kind: &str, plural: &str, fields: serde_json::Value) -> Result<(), WriteError> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let at = Place {
            api_version: object.types.as_ref().map_or_else(|| format!("{GROUP}/{}", VERSIONS[0]), |types| types.api_version.clone()),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespace: text(&object.metadata.namespace),
            name: text(&object.metadata.name),
        };
        let seen = Seen { uid: text(&object.metadata.uid), version: text(&object.metadata.resource_version) };
        send(&self.client, &at, &Write::Patch { patch: Patch::Merge(fields), seen }, Mode::ForGood).await.map(|_| ())
    }

    async fn of_group(&self, kind: &str, plural: &str, namespace: &str) -> Result<Vec<DynamicObject>, LookError> {
        for version in VERSIONS {
            let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(GROUP, version, kind), plural);
            let api: Api<DynamicObject> = if namespace.is_empty() {
                Api::all_with(self.client.clone(), &resource)
            } else {
                Api::namespaced_with(self.client.clone(), namespace, &resource)
            };
            match limited(api.list(&ListParams::default())).await {
                Ok(list) => {
                    let typed = |mut object: DynamicObject| {
                        object.types = Some(kube::core::TypeMeta { api_version: format!("{GROUP}/{version}"), kind: kind.to_owned() });
                        object
                    };
                    return Ok(list.items.into_iter().map(typed).collect());
                }
                Err(LookError::Answer(cause)) if is_not_found(&cause) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(vec![])
    }
}

fn stands(cluster: &DynamicObject) -> Stands {
    let paused = cluster.data["spec"]["paused"] == true;
    let phase = cluster.data["status"]["phase"].as_str().unwrap_or_default();
    let conditions = cluster.data["status"]["conditions"].as_array();
    let initialized = conditions.into_iter().flatten().any(|c| c["type"] == "ControlPlaneInitialized" && c["status"] == "True");
    let on_its_way = matches!(phase, "Pending" | "Provisioning") || !initialized && cluster.data["status"]["initialization"]["controlPlaneInitialized"] != true;
    Stands { pause: if paused { Pause::Paused } else { Pause::Runs }, made: if on_its_way { Made::OnItsWay } else { Made::Whole } }
}
