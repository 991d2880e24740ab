//! Of which parts is a cluster made that somebody can change?

use serde_json::Value;

use super::{Around, Documents, Refusal, no};
use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, Object, ObjectId};

/// A cluster by its whole documents.
pub(super) struct Shape<'a> {
    pub(super) graph: &'a Graph,
    pub(super) key: &'a ClusterKey,
    pub(super) documents: &'a Documents,
    pub(super) id: &'a ObjectId,
    pub(super) cluster: &'a Value,
    pub(super) control_plane: Option<ControlPlane<'a>>,
    pub(super) pools: Vec<Pool<'a>>,
    pub(super) class: Option<&'a Value>,
}

pub(super) struct ControlPlane<'a> {
    pub(super) object: &'a Object,
    pub(super) document: &'a Value,
}

/// A group of workers.
pub(super) struct Pool<'a> {
    /// As the topology names it, else as its object is called.
    pub(super) name: String,
    /// `None` before the topology's controller made it.
    pub(super) object: Option<(&'a Object, &'a Value)>,
    /// Its entry in the topology.
    pub(super) entry: Option<Entry<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// `machineDeployments` or `machinePools`.
    pub(super) list: &'static str,
    pub(super) index: usize,
    pub(super) value: &'a Value,
}

/// How the pools of a topology are called in their lists and on their objects.
const LISTS: [(&str, &str, &str); 2] = [
    ("machineDeployments", "MachineDeployment", "topology.cluster.x-k8s.io/deployment-name"),
    ("machinePools", "MachinePool", "topology.cluster.x-k8s.io/pool-name"),
];

impl<'a> Shape<'a> {
    pub(super) fn read(graph: &'a Graph, key: &'a ClusterKey, documents: &'a Documents) -> Result<Self, Refusal> {
        let cluster = graph.cluster(key).and_then(|o| documents.get(&o.id).map(|document| (o, document)));
        let Some((object, cluster)) = cluster else { return no(format!("{} is not there any more.", key.name)) };
        let control_plane = object.control_plane.as_ref().and_then(|id| Some(ControlPlane { object: graph.get(id)?, document: documents.get(id)? }));
        let class = super::class_of(cluster).and_then(|id| documents.get(&id));
        let mut shape = Self { graph, key, documents, id: &object.id, cluster, control_plane, pools: vec![], class };
        shape.pools = shape.read_pools();
        Ok(shape)
    }

    fn read_pools(&self) -> Vec<Pool<'a>> {
        let objects = |kind: &'static str| {
            let all = self.graph.members(self.key).filter(move |o| o.is(CORE, kind));
            all.filter_map(|o| Some((o, self.documents.get(&o.id)?)))
        };
        let mut pools = vec![];
        for (list, kind, label) in LISTS {
            let entries = self.cluster["spec"]["topology"]["workers"][list].as_array().map_or(&[][..], Vec::as_slice);
            let labelled = |name: &str| objects(kind).find(|(o, _)| o.labels.get(label).is_some_and(|l| l == name));
            for (index, value) in entries.iter().enumerate() {
                let name = value["name"].as_str().unwrap_or_default();
                pools.push(Pool { name: name.to_owned(), object: labelled(name), entry: Some(Entry { list, index, value }) });
            }
            let in_topology = |o: &Object| o.labels.get(label).is_some_and(|l| entries.iter().any(|e| e["name"] == l.as_str()));
            pools.extend(objects(kind).filter(|(o, _)| !in_topology(o)).map(|one| Pool { name: one.0.id.name.to_string(), object: Some(one), entry: None }));
        }
        pools
    }

    pub(super) fn name(&self) -> &'a str {
        &self.key.name
    }

    /// The wishes stand in the Cluster, and its controllers write everything below.
    pub(super) fn has_topology(&self) -> bool {
        super::class_of(self.cluster).is_some()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.cluster["spec"]["paused"] == true
    }

    /// What the annotation holds of it: nothing is done to these before it is taken off.
    pub(super) fn held(&self) -> Vec<&'a Object> {
        self.graph.members(self.key).filter(|o| o.is_held()).collect()
    }

    pub(super) fn is_deleting(&self) -> bool {
        self.cluster["metadata"]["deletionTimestamp"].is_string()
    }

    /// What was asked for last.
    pub(super) fn version(&self) -> Option<&'a str> {
        let own = self.cluster["spec"]["topology"]["version"].as_str();
        own.or_else(|| self.control_plane.as_ref().and_then(|cp| cp.document["spec"]["version"].as_str()))
    }

    pub(super) fn pool(&self, name: &str) -> Result<&Pool<'a>, Refusal> {
        let found = self.pools.iter().find(|p| p.name == name);
        let found = found.or_else(|| self.pools.iter().find(|p| p.object.is_some_and(|(o, _)| &*o.id.name == name)));
        found.map_or_else(|| no(format!("{} has no pool {name}, or not any more.", self.name())), Ok)
    }

    pub(super) fn machines(&self) -> impl Iterator<Item = &'a Object> {
        self.graph.machines(self.key)
    }

    /// Its machines are containers, of this computer or of another one.
    pub(super) fn is_of_containers(&self, around: &Around) -> bool {
        let is_container = |machine: &Object| machine.provider_id.as_deref().is_some_and(|id| id.starts_with("docker:"));
        !around.containers.is_empty() || self.machines().any(is_container)
    }

    /// The machines of the control plane, the oldest first: the order in which they are replaced.
    pub(super) fn planes(&self) -> Vec<&'a Object> {
        sorted(self.machines().filter(|m| m.is_control_plane_machine()).collect())
    }

    /// The machines of a pool, the oldest first.
    pub(super) fn workers(&self, pool: &Pool) -> Vec<&'a Object> {
        let Some((object, _)) = pool.object else { return vec![] };
        let is_mine = |m: &&Object| {
            let owner = m.controller.as_deref().and_then(|uid| self.graph.by_uid(uid));
            owner.is_some_and(|o| o.uid == object.uid || o.controller.as_ref() == Some(&object.uid))
        };
        sorted(self.machines().filter(is_mine).collect())
    }

    pub(super) fn machine(&self, name: &str) -> Result<&'a Object, Refusal> {
        self.machines().find(|m| &*m.id.name == name).map_or_else(|| no(format!("{} has no machine {name}, or not any more.", self.name())), Ok)
    }

    /// Of a control plane that keeps etcd beside its API servers.
    pub(super) fn has_stacked_etcd(&self) -> bool {
        let etcd = |cp: &ControlPlane| cp.document["spec"]["kubeadmConfigSpec"]["clusterConfiguration"]["etcd"]["external"].is_object();
        !self.control_plane.as_ref().is_some_and(etcd)
    }
}

fn sorted(mut machines: Vec<&Object>) -> Vec<&Object> {
    machines.sort_by_key(|m| (m.created, m.id.name.clone()));
    machines
}

pub(super) fn names(machines: &[&Object]) -> Vec<String> {
    machines.iter().map(|m| m.id.name.to_string()).collect()
}

impl Pool<'_> {
    /// How many machines were asked for; `None` while an autoscaler decides.
    pub(super) fn replicas(&self) -> Option<u32> {
        let count = |of: &serde_json::Value| of["replicas"].as_u64().and_then(|n| u32::try_from(n).ok());
        match self.entry {
            Some(entry) => count(entry.value),
            None => self.object.and_then(|(_, document)| count(&document["spec"])),
        }
    }

    /// How many there are to be by the object itself, whoever decided it.
    pub(super) fn current(&self) -> Option<u32> {
        self.object.and_then(|(_, document)| document["spec"]["replicas"].as_u64()).and_then(|n| u32::try_from(n).ok()).or_else(|| self.replicas())
    }

    pub(super) fn version(&self) -> Option<&str> {
        self.object.and_then(|(_, document)| document["spec"]["template"]["spec"]["version"].as_str())
    }

    /// Where its annotations and labels are written.
    pub(super) fn annotation(&self, name: &str) -> Option<&str> {
        let own = self.entry.and_then(|e| e.value["metadata"]["annotations"][name].as_str());
        own.or_else(|| self.object.and_then(|(_, document)| document["metadata"]["annotations"][name].as_str()))
    }
}
