//! How far has an upgrade come, and which machine is replaced by which?
//!
//! Machines that are gone are in no graph: what was seen of them is noted while it is seen. A KOS that comes in the middle
//! of an upgrade knows how many went, and not their names. Start at: [`Upgrading::note`].

mod drain;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use api::capi::LaneGroup;
use api::runs::KeptUpgrade;
use api::upgrading::{RunMachine, RunState, Side, UpgradeRun};
use api::{Millis, Timestamp};

use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::lanes::{group, pool_of};
use crate::object::{CORE, Object};

pub(crate) use drain::lines as drain_lines;

/// Machines that are kept of one upgrade; of those that are gone, the oldest are let go first.
const MOST_MACHINES: usize = 600;

/// What a topology gives as its reason while it is upgraded: one for all of it since Cluster API 1.12, before that the part
/// that waits.
const REASONS: &[&str] = &[
    "ClusterUpgrading",
    "ControlPlaneUpgradePending",
    "MachineDeploymentsCreatePending",
    "MachineDeploymentsUpgradePending",
    "MachineDeploymentsUpgradeDeferred",
    "MachinePoolsCreatePending",
    "MachinePoolsUpgradePending",
    "MachinePoolsUpgradeDeferred",
];

/// That a topology says itself that it is upgraded.
pub(crate) fn told(cluster: &Object) -> Option<&Condition> {
    cluster.condition("TopologyReconciled").filter(|c| REASONS.contains(&c.reason.as_str()))
}

/// A machine or a pool that is not at the version that it shall have. Where no topology tells of an upgrade that is all that
/// does. A control plane itself does not count: providers of some write its version in other words than the topology.
pub(crate) fn lagging<'g>(graph: &'g Graph, key: &ClusterKey) -> Option<&'g Object> {
    let wish = Wish::read(graph, key)?;
    let pool = wish.owners.iter().find(|owner| wish.topology && &*owner.id.group == CORE && owner.version.as_ref().is_some_and(|v| *v != wish.to));
    wish.machines.iter().find(|one| one.side == Side::Old).map(|one| one.object).or(pool.copied())
}

/// What was seen of the newest upgrade of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Upgrading {
    noted: Option<Noted>,
}

#[derive(Debug, Clone)]
struct Noted {
    from: String,
    to: String,
    began: Timestamp,
    ended: Option<Timestamp>,
    /// By the uid of each.
    machines: BTreeMap<Arc<str>, RunMachine>,
    /// Machines that went before KOS looked: those that a group lacked when it was first seen.
    before: BTreeMap<LaneGroup, usize>,
}

impl Upgrading {
    /// Takes in what the objects of this moment say.
    pub fn note(&mut self, graph: &Graph, key: &ClusterKey, now: Timestamp) {
        let Some(wish) = Wish::read(graph, key) else { return self.noted = None };
        let is_another = self.noted.as_ref().is_none_or(|noted| noted.ended.is_some() || noted.to != wish.to);
        if wish.differs() && is_another {
            self.noted = Some(Noted::begin(&wish, now));
        }
        if let Some(noted) = self.noted.as_mut().filter(|noted| noted.ended.is_none()) {
            noted.look(&wish, now);
            noted.count(graph, key);
            if !wish.differs() && wish.is_settled() {
                noted.ended = Some(now);
            }
        }
    }

    /// What was seen in an earlier session.
    pub fn kept(kept: KeptUpgrade) -> Self {
        let KeptUpgrade { from, to, began, ended, machines } = kept;
        let machines = machines.into_iter().map(|(uid, machine)| (uid.into(), machine)).collect();
        Self { noted: Some(Noted { from, to, began, ended, machines, before: BTreeMap::new() }) }
    }

    /// What a later session has to know.
    pub fn keep(&self) -> Option<KeptUpgrade> {
        let Noted { from, to, began, ended, machines, before: _ } = self.noted.clone()?;
        let machines = machines.into_iter().map(|(uid, machine)| (uid.to_string(), machine)).collect();
        Some(KeptUpgrade { from, to, began, ended, machines })
    }

    /// The upgrade as it stands; `each` is what a machine takes from its order to service here.
    pub fn run(&self, graph: &Graph, key: &ClusterKey, each: Option<Millis>) -> Option<UpgradeRun> {
        let noted = self.noted.as_ref()?;
        let cluster = graph.cluster(key)?;
        let drain = noted.drain();
        let state = match noted.ended {
            Some(at) => RunState::Done { at },
            None if cluster.paused => RunState::Paused,
            None => RunState::Going,
        };
        let usual = each.map(|each| Millis(each.0.saturating_add(drain.unwrap_or_default().0)));
        let mut machines: Vec<RunMachine> = noted.machines.values().cloned().collect();
        machines.sort_by(|a, b| (&a.group, a.side, a.created, &a.machine).cmp(&(&b.group, b.side, b.created, &b.machine)));
        let steps = steps::steps(graph, key, noted, &machines, usual);
        Some(UpgradeRun { from: noted.from.clone(), to: noted.to.clone(), began: noted.began, state, steps, drain, machines })
    }
}

impl Noted {
    /// Machines of the new version are as old as the upgrade: it may have begun before KOS looked.
    fn begin(wish: &Wish, now: Timestamp) -> Self {
        let old = wish.machines.iter().filter(|one| one.side == Side::Old).filter_map(|one| one.object.version.clone());
        let lagging = wish.owners.iter().filter_map(|owner| owner.version.clone()).filter(|version| *version != wish.to);
        let from = old.chain(lagging).min_by_key(|text| (crate::change::Version::read(text), text.clone()));
        let new = wish.taking_part().filter(|one| one.side == Side::New).filter_map(|one| one.object.created);
        let began = new.min().map_or(now, |first| first.min(now));
        Self { from: from.unwrap_or_default(), to: wish.to.clone(), began, ended: None, machines: BTreeMap::new(), before: BTreeMap::new() }
    }

    fn look(&mut self, wish: &Wish, now: Timestamp) {
        let there: Vec<&Machine> = wish.taking_part().chain(wish.machines.iter().filter(|one| self.machines.contains_key(&one.object.uid))).collect();
        for one in &there {
            let object = one.object;
            let created = object.created.unwrap_or(now);
            let seen = self.machines.entry(object.uid.clone()).or_insert_with(|| RunMachine {
                machine: object.id.name.to_string(),
                group: one.group.clone(),
                side: one.side,
                created,
                available: None,
                leaves: None,
                gone: None,
                pods: vec![],
            });
            // What was new is old when the version goes on, and one that is changed in place is new.
            seen.side = one.side;
            seen.available = seen.available.or_else(|| object.available().filter(|c| c.is_true()).and_then(|c| c.since));
            seen.leaves = seen.leaves.or(object.deleting_since);
            if let Some(drains) = object.condition("Deleting").filter(|c| c.is_true() && c.reason == "DrainingNode") {
                drain::note(&mut seen.pods, &drains.message, now);
            }
        }
        for (uid, seen) in &mut self.machines {
            if !there.iter().any(|one| one.object.uid == *uid) {
                seen.gone.get_or_insert(now);
                seen.pods.clear();
            }
        }
        // One of the new version that went did not take the place of any.
        self.machines.retain(|_, seen| seen.side == Side::Old || seen.gone.is_none());
        while self.machines.len() > MOST_MACHINES {
            let oldest = self.machines.iter().filter_map(|(uid, seen)| Some((seen.gone?, uid.clone()))).min();
            let Some((_, uid)) = oldest else { break };
            self.machines.remove(&uid);
        }
    }

    /// How many of a group nobody saw go; once it was known, a number that is asked for meanwhile makes none of them.
    fn count(&mut self, graph: &Graph, key: &ClusterKey) {
        let mut old: BTreeMap<&LaneGroup, usize> = BTreeMap::new();
        for seen in self.machines.values() {
            *old.entry(&seen.group).or_default() += usize::from(seen.side == Side::Old);
        }
        for (group, old) in old {
            let Some(wanted) = steps::desired(graph, key, group) else { continue };
            let unseen = wanted.saturating_sub(old);
            self.before.entry(group.clone()).and_modify(|before| *before = unseen.min(*before)).or_insert(unseen);
        }
    }

    /// What machines of this upgrade took from their deletion until they were gone: the middle one.
    fn drain(&self) -> Option<Millis> {
        let mut took: Vec<Millis> = self.machines.values().filter_map(|seen| Some(seen.gone?.since(seen.leaves?))).collect();
        took.sort_unstable();
        took.get(took.len() / 2).copied()
    }
}

/// What the objects ask for, and what is there.
struct Wish<'g> {
    to: String,
    topology: bool,
    cluster: &'g Object,
    /// The control plane and the pools.
    owners: Vec<&'g Object>,
    machines: Vec<Machine<'g>>,
}

struct Machine<'g> {
    object: &'g Object,
    group: LaneGroup,
    side: Side,
}

impl<'g> Wish<'g> {
    fn read(graph: &'g Graph, key: &ClusterKey) -> Option<Self> {
        let cluster = graph.cluster(key).filter(|cluster| cluster.deleting_since.is_none())?;
        let plane = cluster.control_plane.as_ref().and_then(|id| graph.get(id));
        let pools = graph.members(key).filter(|o| o.is(CORE, "MachineDeployment") || o.is(CORE, "MachinePool"));
        // Only a topology writes its version at the Cluster; it is where all of it goes.
        let topology = cluster.version.as_deref();
        let to = topology.or(plane.and_then(|plane| plane.version.as_deref()))?.to_owned();
        let mut machines = vec![];
        for object in graph.machines(key) {
            let owner = if object.is_control_plane_machine() { plane } else { pool_of(graph, object) };
            let Some(wanted) = topology.or(owner.and_then(|owner| owner.version.as_deref())) else { continue };
            let Some(runs) = object.version.as_deref() else { continue };
            let side = if runs == wanted { Side::New } else { Side::Old };
            machines.push(Machine { object, group: group(graph, object), side });
        }
        Some(Self { to, topology: topology.is_some(), cluster, owners: plane.into_iter().chain(pools).collect(), machines })
    }

    /// Something runs, or is asked to run, another version than the cluster shall.
    fn differs(&self) -> bool {
        let lags = |owner: &&'g Object| owner.version.as_ref().is_some_and(|version| *version != self.to);
        self.machines.iter().any(|one| one.side == Side::Old) || (self.topology && self.owners.iter().any(lags))
    }

    /// All that is there serves, and the topology says so too.
    fn is_settled(&self) -> bool {
        told(self.cluster).is_none() && self.machines.iter().all(|one| one.object.available().is_some_and(Condition::is_true))
    }

    /// A topology is upgraded as a whole; without one, each group by itself.
    fn taking_part(&self) -> impl Iterator<Item = &Machine<'g>> {
        let rolls = |group: &LaneGroup| self.machines.iter().any(|one| one.group == *group && one.side == Side::Old);
        self.machines.iter().filter(move |one| self.topology || rolls(&one.group))
    }
}
