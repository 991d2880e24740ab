//! Which objects are there, and which belong to which cluster?

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::object::{CORE, Object, ObjectId};

/// Which Cluster, by namespace and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterKey {
    pub namespace: Arc<str>,
    pub name: Arc<str>,
}

/// All objects of Cluster API that a management cluster holds, kept by the changes that a watch tells.
///
/// A change touches one object and says which cluster is drawn differently; nothing is searched.
#[derive(Debug, Default)]
pub struct Graph {
    objects: HashMap<ObjectId, Arc<Object>>,
    /// In the order of their ids, so that those of one kind stand together.
    members: BTreeMap<ClusterKey, BTreeMap<ObjectId, Arc<Object>>>,
    by_uid: HashMap<Arc<str>, Arc<Object>>,
    clusters: HashMap<ClusterKey, Arc<Object>>,
}

impl Graph {
    /// Takes an object in, new or changed. The cluster that it belongs to is to be drawn again.
    pub fn put(&mut self, object: Object) -> Option<ClusterKey> {
        let key = key_of(&object);
        self.remove(&object.id);
        let object = Arc::new(object);
        if let Some(key) = &key {
            if is_cluster(&object) {
                self.clusters.insert(key.clone(), object.clone());
            }
            self.members.entry(key.clone()).or_default().insert(object.id.clone(), object.clone());
        }
        self.by_uid.insert(object.uid.clone(), object.clone());
        self.objects.insert(object.id.clone(), object);
        key
    }

    /// Forgets an object that the server no longer has.
    pub fn remove(&mut self, id: &ObjectId) -> Option<ClusterKey> {
        let object = self.objects.remove(id)?;
        self.by_uid.remove(&object.uid);
        let key = key_of(&object)?;
        if is_cluster(&object) {
            self.clusters.remove(&key);
        }
        if let Some(members) = self.members.get_mut(&key) {
            members.remove(id);
            if members.is_empty() {
                self.members.remove(&key);
            }
        }
        Some(key)
    }

    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id).map(Arc::as_ref)
    }

    pub fn by_uid(&self, uid: &str) -> Option<&Object> {
        self.by_uid.get(uid).map(Arc::as_ref)
    }

    /// The Cluster object itself.
    pub fn cluster(&self, key: &ClusterKey) -> Option<&Object> {
        self.clusters.get(key).map(Arc::as_ref)
    }

    /// Every cluster of which an object is known, also one whose Cluster object is gone already.
    pub fn clusters(&self) -> impl Iterator<Item = &ClusterKey> {
        self.members.keys()
    }

    /// Clusters that are called after another one: `prod-eu` of `prod`.
    pub fn called_after(&self, key: &ClusterKey) -> Vec<ClusterKey> {
        let alike = self.members.range::<ClusterKey, _>(key..).map(|(other, _)| other);
        let alike = alike.take_while(|other| other.namespace == key.namespace && other.name.starts_with(&*key.name));
        alike.filter(|other| other.name[key.name.len()..].starts_with('-')).cloned().collect()
    }

    /// What belongs to a cluster, by kind and name.
    pub fn members(&self, key: &ClusterKey) -> impl Iterator<Item = &Object> {
        self.shared(key).map(Arc::as_ref)
    }

    /// The same, to be kept: an object that did not change since is the same one.
    pub(crate) fn shared(&self, key: &ClusterKey) -> impl Iterator<Item = &Arc<Object>> {
        self.members.get(key).into_iter().flat_map(BTreeMap::values)
    }

    pub fn machines(&self, key: &ClusterKey) -> impl Iterator<Item = &Object> {
        self.core(key, "Machine")
    }

    /// Every object, in no order.
    pub fn ids(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.keys()
    }

    /// The members of a kind of the core group: `Machine`, `MachineDeployment`.
    pub(crate) fn core<'a>(&'a self, key: &ClusterKey, kind: &'static str) -> impl Iterator<Item = &'a Object> {
        let nameless = ObjectId { group: CORE.into(), kind: kind.into(), namespace: "".into(), name: "".into() };
        let from = self.members.get(key).map(|members| members.range(nameless..));
        from.into_iter().flatten().take_while(move |(id, _)| &*id.group == CORE && &*id.kind == kind).map(|(_, object)| object.as_ref())
    }

    pub fn len(&self) -> usize {
        self.objects.len()
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

fn is_cluster(object: &Object) -> bool {
    object.is(CORE, "Cluster")
}

fn key_of(object: &Object) -> Option<ClusterKey> {
    Some(ClusterKey { namespace: object.id.namespace.clone(), name: object.cluster.clone()? })
}
