//! Which clusters does a management cluster hold, and which of them are paused?

use std::collections::BTreeMap;

use cluster::write::{Mode, Patch, Place, Seen, Write, WriteError, send};
use futures::StreamExt as _;
use kube::api::{Api, DynamicObject, ListParams, WatchEvent, WatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::json;

use super::{Inside, LookError, is_not_found, limited};
use crate::providers::ClusterRef;

const GROUP: &str = "cluster.x-k8s.io";
/// The newest first; a server that does not know it is asked for the one before.
const VERSIONS: [&str; 2] = ["v1beta2", "v1beta1"];
/// On a ClusterClass, which has no field for it, and on anything that somebody pauses by hand.
const PAUSED: &str = "cluster.x-k8s.io/paused";

/// A Cluster as a move sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stands {
    pub(crate) pause: Pause,
    pub(crate) made: Made,
    /// Where its API server answers, `10.0.0.9:6443`: a copy in another management cluster has the same. Empty before there is one.
    pub(crate) endpoint: String,
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
    /// It stands, and machines of it come or go.
    Rolling,
}

/// A kind as it was listed; a server that does not have it has no way to ask again.
struct Listed {
    api: Option<Api<DynamicObject>>,
    version: String,
    items: Vec<DynamicObject>,
}

/// How each cluster stands, as of one moment.
pub(crate) struct Rollouts {
    pub(crate) stands: BTreeMap<ClusterRef, Stands>,
    watched: Vec<(Option<Api<DynamicObject>>, String)>,
}

impl Rollouts {
    /// Waits until something of it is another; a watch that ends or is refused ends the wait too.
    pub(crate) async fn changed(&self) {
        let one = |api: Api<DynamicObject>, version: String| async move {
            if let Ok(events) = api.watch(&WatchParams::default(), &version).await {
                let mut events = std::pin::pin!(events);
                while let Some(Ok(WatchEvent::Bookmark(_))) = events.next().await {}
            }
        };
        let all = self.watched.iter().filter_map(|(api, version)| Some(Box::pin(one(api.clone()?, version.clone()))));
        let all: Vec<_> = all.collect();
        if !all.is_empty() {
            futures::future::select_all(all).await;
        }
    }
}

/// How clusters stand by what they and their machines say: one whose machine has no Node yet is on its way.
fn standing(clusters: &[DynamicObject], machines: &[DynamicObject]) -> BTreeMap<ClusterRef, Stands> {
    // Told to people and compared with each other alone.
    let seen = |name: &str| cluster::visible::text(name).into_owned();
    let of = |object: &DynamicObject, name: Option<String>| Some(ClusterRef { namespace: seen(object.metadata.namespace.as_deref()?), name: seen(&name?) });
    let mut all: BTreeMap<ClusterRef, Stands> = clusters.iter().filter_map(|one| Some((of(one, one.metadata.name.clone())?, stands(one)))).collect();
    for machine in machines.iter().filter(|machine| waits(machine)) {
        let cluster = of(machine, machine.data["spec"]["clusterName"].as_str().map(str::to_owned));
        if let Some(one) = cluster.and_then(|of| all.get_mut(&of)) {
            one.made = Made::OnItsWay;
        }
    }
    all
}

fn waits(machine: &DynamicObject) -> bool {
    machine.data["status"]["nodeRef"]["name"].as_str().is_none_or(str::is_empty)
}

impl Inside {
    /// The clusters of a namespace, of all when it is empty, and how many machines there are.
    pub(crate) async fn clusters(&self, namespace: &str) -> Result<(BTreeMap<ClusterRef, Stands>, usize), LookError> {
        let (clusters, machines) = (self.of_group("Cluster", "clusters", namespace).await?, self.of_group("Machine", "machines", namespace).await?);
        Ok((standing(&clusters, &machines), machines.len()))
    }

    /// Lets the controllers go on with a cluster, and with the classes of its namespace that a move had paused.
    pub(crate) async fn resume(&self, namespace: &str, name: &str) -> Result<(), WriteError> {
        let unread = |error: LookError| WriteError::Unknown { said: error.said() };
        for cluster in self.of_group("Cluster", "clusters", namespace).await.map_err(unread)? {
            if cluster.metadata.name.as_deref() == Some(name) {
                self.write(&cluster, "Cluster", "clusters", json!({ "spec": { "paused": false } })).await?;
            }
        }
        self.resume_classes(namespace).await
    }

    /// The same for the classes alone.
    pub(crate) async fn resume_classes(&self, namespace: &str) -> Result<(), WriteError> {
        let unread = |error: LookError| WriteError::Unknown { said: error.said() };
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

    /// Clusters and machines of all namespaces, and what tells when one of them changes.
    pub(crate) async fn rollouts(&self) -> Result<Rollouts, LookError> {
        let (clusters, machines) = (self.listed("Cluster", "clusters", "").await?, self.listed("Machine", "machines", "").await?);
        let (watched, whole): (Vec<_>, Vec<_>) = [clusters, machines].into_iter().map(|one| ((one.api, one.version), one.items)).unzip();
        let mut whole = whole.into_iter();
        let (clusters, machines) = (whole.next().unwrap_or_default(), whole.next().unwrap_or_default());
        Ok(Rollouts { stands: standing(&clusters, &machines), watched })
    }

    async fn of_group(&self, kind: &str, plural: &str, namespace: &str) -> Result<Vec<DynamicObject>, LookError> {
        self.listed(kind, plural, namespace).await.map(|listed| listed.items)
    }

    async fn listed(&self, kind: &str, plural: &str, namespace: &str) -> Result<Listed, LookError> {
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
                    let version = list.metadata.resource_version.unwrap_or_default();
                    return Ok(Listed { api: Some(api), version, items: list.items.into_iter().map(typed).collect() });
                }
                Err(LookError::Answer(cause)) if is_not_found(&cause) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(Listed { api: None, version: String::new(), items: vec![] })
    }
}

fn stands(cluster: &DynamicObject) -> Stands {
    let by_hand = cluster.metadata.annotations.as_ref().is_some_and(|all| all.contains_key(PAUSED));
    let paused = by_hand || cluster.data["spec"]["paused"] == true;
    let phase = cluster.data["status"]["phase"].as_str().unwrap_or_default();
    let conditions = cluster.data["status"]["conditions"].as_array();
    let initialized = conditions.into_iter().flatten().any(|c| c["type"] == "ControlPlaneInitialized" && c["status"] == "True");
    let on_its_way = matches!(phase, "Pending" | "Provisioning") || !initialized && cluster.data["status"]["initialization"]["controlPlaneInitialized"] != true;
    let says = |kind: &str| cluster.data["status"]["conditions"].as_array().into_iter().flatten().any(|c| c["type"] == kind && c["status"] == "True");
    let made = match (on_its_way, ["RollingOut", "ScalingUp", "ScalingDown"].into_iter().any(says)) {
        (true, _) => Made::OnItsWay,
        (false, true) => Made::Rolling,
        (false, false) => Made::Whole,
    };
    let at = &cluster.data["spec"]["controlPlaneEndpoint"];
    let endpoint = at["host"].as_str().filter(|host| !host.is_empty()).map(|host| format!("{host}:{}", at["port"])).unwrap_or_default();
    Stands { pause: if paused { Pause::Paused } else { Pause::Runs }, made, endpoint }
}
