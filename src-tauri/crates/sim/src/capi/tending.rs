//! How is a cluster that stands changed, and taken down?
//!
//! One look at a cluster does the next few things that its topology asks for; each of them is a change, and so the next look
//! follows by itself until all is as it was asked. Simplified: one pool has one set.

mod leaving;

use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::parts::{self, CLUSTER, CORE, Machine, Owner, PLANES, POOL, Stage, Times};
use super::status::{self, Group};
use super::{Act, STEP};
use crate::controllers::Name;
use crate::objects::{find, moment, place, stamp};
use crate::server::resources::ResourceId;
use crate::server::store::{Change, Entry, Store};
pub(super) use leaving::{Leaving, leave};

/// A controller looks again after this time.
const SOON: Duration = Duration::from_secs(2);
/// From the order of a machine of a cluster that stands to its Node.
const MAKING: Duration = Duration::from_secs(20);

/// On a machine: the pod that holds its drain, and the budget of that pod.
pub(crate) const HOLDS: &str = "sim.demo.invalid/holds";

/// What follows from a change of an object of Cluster API.
pub(super) fn follows(entry: &Entry) -> Vec<(Duration, Act)> {
    let object = entry.object.value();
    let namespace = entry.object.namespace.clone();
    let cluster = if entry.id.plural == "clusters" { Some(entry.object.name.as_str()) } else { object["metadata"]["labels"][CLUSTER].as_str() };
    let Some(cluster) = cluster else { return vec![] };
    let mut acts = vec![(SOON, Act::Look(Name { namespace: namespace.clone(), name: cluster.to_owned() }))];
    if entry.id.plural == "machines" && entry.change == Change::Added {
        acts.push((MAKING, Act::MachineUp(Name { namespace: namespace.clone(), name: entry.object.name.clone() })));
    }
    if entry.id.plural == "machines" && entry.change == Change::Modified {
        acts.extend(leaving::follows(&object, Name { namespace, name: entry.object.name.clone() }));
    }
    acts
}

/// The container runs and its kubelet has joined.
pub(super) fn machine_up(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(machine) = find(store, CORE, "machines", &name.namespace, &name.name)
        .filter(|m| m["status"]["phase"] == "Provisioning" && m["metadata"]["annotations"][STEP].is_null() && m["metadata"]["deletionTimestamp"].is_null())
    else {
        return;
    };
    let text = |pointer: &str| machine.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (cluster, version, created) = (text("/spec/clusterName"), text("/spec/version"), text("/metadata/creationTimestamp"));
    let (kind, owner) = (text("/metadata/ownerReferences/0/kind"), text("/metadata/ownerReferences/0/name"));
    let group = if kind == "KubeadmControlPlane" { PLANES } else { CORE };
    let owner = (group, kind.as_str(), owner.as_str());
    let times = Times::between(moment(&created).unwrap_or(now), now);
    let up = Machine { name: &name.name, cluster: &cluster, owner, version: &version, times: &times, stage: Stage::Up };
    parts::machine(&up).into_iter().for_each(|object| place(store, object));
}

/// One look at a cluster.
pub(super) fn look(store: &mut Store, name: &Name, now: Timestamp) {
    let Some(mut cluster) = find(store, CORE, "clusters", &name.namespace, &name.name) else {
        // What nothing held goes with its Cluster.
        return Scene { store, name, now: stamp(now), version: String::new() }.sweep();
    };
    if !cluster["spec"]["topology"].is_object() || !cluster["spec"]["controlPlaneRef"].is_object() {
        return;
    }
    let mut scene = Scene { store, name, now: stamp(now), version: cluster["spec"]["topology"]["version"].as_str().unwrap_or_default().to_owned() };
    if cluster["metadata"]["deletionTimestamp"].is_null() && !cluster["metadata"]["annotations"][STEP].is_null() {
        if !is_available(&cluster) {
            return;
        }
        // It is made, and is looked after from here on.
        cluster["metadata"]["annotations"].as_object_mut().map(|annotations| annotations.remove(STEP));
        return place(scene.store, cluster);
    }
    if cluster["metadata"]["deletionTimestamp"].is_string() {
        scene.take_down(cluster);
    } else {
        if cluster["spec"]["paused"] != true {
            scene.build(&cluster);
        }
        scene.report();
    }
}

fn is_available(cluster: &Value) -> bool {
    cluster["status"]["conditions"].as_array().into_iter().flatten().any(|c| c["type"] == "Available" && c["status"] == "True")
}

struct Scene<'s> {
    store: &'s mut Store,
    name: &'s Name,
    now: String,
    version: String,
}

/// One group of machines that a topology asks for.
struct Wanted<'a> {
    owner: Owner<'a>,
    count: u64,
    /// Control planes come and go one after the other.
    at_once: usize,
}

impl Scene<'_> {
    fn members(&self, group: &str, plural: &str) -> Vec<Value> {
        let all = self.store.list(&ResourceId::new(group, plural), &self.name.namespace, None).map(|one| one.value());
        all.filter(|one| one["metadata"]["labels"][CLUSTER] == self.name.name.as_str()).collect()
    }

    fn machines_of(&self, owner: &str) -> Vec<Value> {
        self.members(CORE, "machines").into_iter().filter(|m| m["metadata"]["ownerReferences"][0]["name"] == owner).collect()
    }

    /// Makes what the topology asks for and is not there yet.
    fn build(&mut self, cluster: &Value) {
        let topology = &cluster["spec"]["topology"];
        let count = |value: &Value| value["replicas"].as_u64().unwrap_or(1);
        let name = self.name.name.clone();
        let planes = self.control_plane(cluster, count(&topology["controlPlane"]));
        let still = self.group(&Wanted { owner: (PLANES, "KubeadmControlPlane", &planes), count: count(&topology["controlPlane"]), at_once: 1 });
        let entries = topology["workers"]["machineDeployments"].as_array().cloned().unwrap_or_default();
        let is_asked = |pool: &Value| entries.iter().any(|entry| entry["name"] == pool["metadata"]["labels"][POOL]);
        for gone in self.members(CORE, "machinedeployments").into_iter().filter(|pool| !is_asked(pool)) {
            self.remove_pool(&gone);
        }
        for entry in &entries {
            let set = self.pool(&name, entry["name"].as_str().unwrap_or_default(), count(entry));
            // Workers follow the control plane to a new version, never before it.
            if still || self.machines_of(&set).len() as u64 != count(entry) {
                self.group(&Wanted { owner: (CORE, "MachineSet", &set), count: count(entry), at_once: usize::MAX });
            }
        }
    }

    fn control_plane(&mut self, cluster: &Value, count: u64) -> String {
        let known = cluster["spec"]["controlPlaneRef"]["name"].as_str().unwrap_or_default().to_owned();
        self.wish(PLANES, "kubeadmcontrolplanes", &known, |spec, version| {
            spec["replicas"] = json!(count);
            spec["version"] = json!(version);
        });
        known
    }

    /// The set of a pool; both are made where the topology has a new one.
    fn pool(&mut self, cluster: &str, pool: &str, count: u64) -> String {
        let known = self.members(CORE, "machinedeployments").into_iter().find(|p| p["metadata"]["labels"][POOL] == pool);
        let Some(known) = known else {
            let object = format!("{cluster}-{pool}");
            let set = format!("{object}-{}", self.store.next_suffix());
            parts::pool((pool, &object, &set), cluster, (count, &self.version), &self.now).into_iter().for_each(|one| place(self.store, one));
            return set;
        };
        let object = known["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        self.wish(CORE, "machinedeployments", &object, |spec, version| {
            spec["replicas"] = json!(count);
            spec["template"]["spec"]["version"] = json!(version);
        });
        let sets = self.members(CORE, "machinesets");
        let set = sets.iter().find(|set| set["metadata"]["ownerReferences"][0]["name"] == object.as_str());
        let set = set.and_then(|set| set["metadata"]["name"].as_str()).unwrap_or_default().to_owned();
        self.wish(CORE, "machinesets", &set, |spec, _| spec["replicas"] = json!(count));
        set
    }

    fn wish(&mut self, group: &str, plural: &str, name: &str, wish: impl Fn(&mut Value, &str)) {
        let Some(before) = find(self.store, group, plural, &self.name.namespace, name) else { return };
        let mut after = before.clone();
        wish(&mut after["spec"], &self.version);
        if after != before {
            place(self.store, after);
        }
    }

    /// The next thing for a group of machines; whether there was nothing to do.
    fn group(&mut self, wanted: &Wanted) -> bool {
        let (leaving, mut machines): (Vec<Value>, Vec<Value>) =
            self.machines_of(wanted.owner.2).into_iter().partition(|m| m["metadata"]["deletionTimestamp"].is_string());
        if !leaving.is_empty() {
            return false;
        }
        machines.sort_by_key(|m| m["metadata"]["creationTimestamp"].as_str().unwrap_or_default().to_owned());
        let making = machines.iter().filter(|m| m["status"]["phase"] != "Running").count();
        let is_old = |m: &Value| m["spec"]["version"] != self.version.as_str();
        let old = machines.iter().filter(|m| is_old(m)).count();
        let there = machines.len() as u64;
        if there < wanted.count {
            let missing = usize::try_from(wanted.count - there).unwrap_or_default();
            (0..missing.min(wanted.at_once.saturating_sub(making))).for_each(|_| self.make(wanted.owner));
            return false;
        }
        if there > wanted.count {
            // A new one serves before an old one goes; without a new version, what does not run goes first.
            let rolls = old > 0 && old < machines.len();
            if rolls && making > 0 {
                return false;
            }
            let is_chosen = |m: &Value| m["metadata"]["annotations"].get("cluster.x-k8s.io/delete-machine").is_some();
            machines.sort_by_key(|m| {
                if rolls && is_old(m) {
                    0
                } else if is_chosen(m) {
                    1
                } else {
                    2 + u8::from(m["status"]["phase"] == "Running")
                }
            });
            let surplus = usize::try_from(there - wanted.count).unwrap_or_default().min(wanted.at_once);
            machines.into_iter().take(surplus).for_each(|machine| self.unmake(machine));
            return false;
        }
        if old > 0 && making == 0 {
            self.make(wanted.owner);
        }
        old == 0 && making == 0
    }

    fn make(&mut self, owner: Owner) {
        let name = format!("{}-{}", owner.2, self.store.next_suffix());
        let times = Times::at(&self.now);
        let machine = Machine { name: &name, cluster: &self.name.name, owner, version: &self.version, times: &times, stage: Stage::Making };
        parts::machine(&machine).into_iter().for_each(|object| place(self.store, object));
    }

    /// Counts what is there; nothing is written that says the same as before.
    fn report(&mut self) {
        let namespace = &self.name.namespace;
        let Some(before) = find(self.store, CORE, "clusters", namespace, &self.name.name) else { return };
        let planes = before["spec"]["controlPlaneRef"]["name"].as_str().unwrap_or_default().to_owned();
        let counted = |machines: &[Value], object: Option<&Value>| {
            let wanted = object.and_then(|o| o["spec"]["replicas"].as_u64()).unwrap_or_default();
            Group::of(&machines.iter().collect::<Vec<_>>(), wanted, &self.version)
        };
        let control_plane = find(self.store, PLANES, "kubeadmcontrolplanes", namespace, &planes);
        let first = counted(&self.machines_of(&planes), control_plane.as_ref());
        let sets = self.members(CORE, "machinesets");
        let mut pools = vec![];
        let mut owners: Vec<(Value, Group)> = control_plane.map(|plane| (plane, first)).into_iter().collect();
        for pool in self.members(CORE, "machinedeployments") {
            let name = pool["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let set = sets.iter().find(|set| set["metadata"]["ownerReferences"][0]["name"] == name.as_str());
            let machines = set.and_then(|set| set["metadata"]["name"].as_str()).map(|set| self.machines_of(set)).unwrap_or_default();
            let group = counted(&machines, Some(&pool));
            pools.push((name, group));
            owners.extend(set.map(|set| (set.clone(), group)));
            owners.push((pool, group));
        }
        for (owner, group) in owners {
            let mut after = owner.clone();
            status::owner(&mut after, &group, &self.now);
            if after != owner {
                place(self.store, after);
            }
        }
        let mut after = before.clone();
        status::cluster(&mut after, &first, &pools, &self.now);
        if after != before {
            place(self.store, after);
        }
    }
}
