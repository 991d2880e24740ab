//! What does KOS keep of one object?

use std::collections::BTreeMap;
use std::sync::Arc;

use api::definitions::Hand;
use api::{Millis, Timestamp};

use crate::Condition;
use crate::addons::AddOn;
use crate::checks::Check;

/// Who an object is, whichever version of its API it was read in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// `infrastructure.cluster.x-k8s.io`.
    pub group: Arc<str>,
    pub kind: Arc<str>,
    pub namespace: Arc<str>,
    pub name: Arc<str>,
}

/// The part of an object that a tree, a lane or a diagnosis needs: a few hundred bytes of some ten thousand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub id: ObjectId,
    pub uid: Arc<str>,
    pub created: Option<Timestamp>,
    /// A deletion was asked for; finalizers may hold the object.
    pub deleting_since: Option<Timestamp>,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub finalizers: Vec<String>,
    /// The owner that controls it.
    pub controller: Option<Arc<str>>,
    /// The cluster that it names, in its spec or by its label.
    pub cluster: Option<Arc<str>>,
    pub infrastructure: Option<ObjectId>,
    pub control_plane: Option<ObjectId>,
    pub bootstrap: Option<ObjectId>,
    pub version: Option<String>,
    pub phase: Option<String>,
    /// The ClusterClass of a cluster that has one.
    pub class: Option<String>,
    /// Where the API server of a cluster answers: `172.18.0.5:6443`.
    pub endpoint: Option<String>,
    pub provider_id: Option<String>,
    /// The Node that a Machine became.
    pub node: Option<String>,
    /// Of a Machine, inside first.
    pub addresses: Vec<String>,
    pub failure_domain: Option<String>,
    /// What the Node of a Machine says that it runs on.
    pub os_image: Option<String>,
    /// How long a Machine may take to be drained; without it for as long as it takes.
    pub drain_limit: Option<Millis>,
    /// In its spec: of a Cluster, that no controller works on anything of it.
    pub paused: bool,
    /// Who set that in its spec, as far as the server tells.
    pub paused_by: Option<Hand>,
    pub replicas: Option<Replicas>,
    pub conditions: Vec<Condition>,
    pub more: More,
}

/// What only a few kinds have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum More {
    Nothing,
    /// Of a Cluster: its control plane and its workers, each counted apart.
    Parts(Box<[Replicas; 2]>),
    /// Of a Machine that goes: when its drain, the wait for its volumes and that for hooks began.
    Deletion(Box<[Option<Timestamp>; 3]>),
    /// Of a MachineHealthCheck.
    Check(Box<Check>),
    /// Of a ClusterResourceSetBinding or a HelmReleaseProxy.
    AddOns(Vec<AddOn>),
}

/// Numbers of machines, as far as the object reports them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replicas {
    pub desired: Option<u32>,
    pub current: Option<u32>,
    pub ready: Option<u32>,
    pub available: Option<u32>,
    pub up_to_date: Option<u32>,
}

/// What a machine is there for: control planes take longer than workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MachineRole {
    ControlPlane,
    Worker,
}

impl Object {
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }

    /// Whether it serves. Cluster API 1.8 and older have no such condition of Clusters and Machines: there a Machine serves when
    /// its Node is well, and a Cluster when it is `Ready`.
    pub(crate) fn available(&self) -> Option<&Condition> {
        let older = if self.is(CORE, "Machine") { "NodeHealthy" } else { "Ready" };
        self.condition("Available").or_else(|| self.condition(older))
    }

    /// That kubeadm failed in a machine of Docker's provider; `DockerMachine`, the older kind, spells it otherwise.
    pub(crate) fn bootstrap_failure(&self) -> Option<&Condition> {
        let spelt = [("BootstrapCompleted", "Failed"), ("BootstrapExecSucceeded", "BootstrapFailed")];
        spelt.iter().find_map(|(kind, reason)| self.condition(kind).filter(|c| c.reason == *reason))
    }

    /// Its controllers leave it as it is, and it alone: an annotation of its own asks for that.
    pub(crate) fn is_held(&self) -> bool {
        self.annotations.contains_key(PAUSED_ANNOTATION)
    }

    /// A Machine of a control plane carries the label, whatever its value.
    pub fn is_control_plane_machine(&self) -> bool {
        self.labels.contains_key(CONTROL_PLANE_LABEL)
    }

    /// What a container of it may be called: as the object is, or as its id ends, `docker:////w1-md-0-x`.
    pub(crate) fn container_names(&self) -> impl Iterator<Item = &str> {
        let by_id = self.provider_id.as_deref().and_then(|id| id.rsplit('/').next());
        std::iter::once(&*self.id.name).chain(by_id)
    }

    /// Whether it is one of the control plane.
    pub fn role(&self) -> MachineRole {
        if self.is_control_plane_machine() { MachineRole::ControlPlane } else { MachineRole::Worker }
    }

    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        &*self.id.group == group && &*self.id.kind == kind
    }
}

/// Source: `api/core/v1beta2/common_types.go` of Cluster API.
pub(crate) const CORE: &str = "cluster.x-k8s.io";
pub(crate) const CLUSTER_NAME_LABEL: &str = "cluster.x-k8s.io/cluster-name";
pub(crate) const CONTROL_PLANE_LABEL: &str = "cluster.x-k8s.io/control-plane";
pub(crate) const PAUSED_ANNOTATION: &str = "cluster.x-k8s.io/paused";
