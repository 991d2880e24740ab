//! What owns what in a cluster, and which parts look alike?
//!
//! The rules are those of `clusterctl describe cluster` (`cmd/clusterctl/client/tree` of Cluster API), so that a user
//! finds the same tree in both.

use std::collections::HashSet;

use crate::condition::{Condition, Status};
use crate::graph::{ClusterKey, Graph};
use crate::object::{Object, ObjectId};

/// A row of the tree and what hangs below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub item: Item,
    pub part: Part,
    /// Its deletion was asked for; such rows stand before their siblings.
    pub deleting: bool,
    pub below: Vec<Branch>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Object(ObjectId),
    /// Siblings of one kind that are equally available, ready and up to date.
    Alike {
        kind: String,
        members: Vec<ObjectId>,
    },
    Workers,
    /// Machines that no pool and no control plane owns.
    Other,
}

/// What a row is to its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Cluster,
    ClusterInfrastructure,
    ControlPlane,
    Workers,
    NodePool,
    MachineSet,
    Machine,
    MachineInfrastructure,
    BootstrapConfig,
    Other,
}

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sets {
    /// As `clusterctl describe` does: machines hang below their MachineDeployment, those that look alike are one row,
    /// what repeats its Machine is left out.
    Folded,
    /// Every MachineSet, Machine, infrastructure machine and bootstrap configuration.
    Whole,
}

/// The tree of a cluster. A cluster whose Cluster object is gone has none.
pub fn tree(graph: &Graph, key: &ClusterKey, sets: Sets) -> Option<Branch> {
    let cluster = graph.cluster(key)?;
    let mut root = Branch::object(cluster, Part::Cluster);
    let infrastructure = cluster.infrastructure.as_ref().and_then(|id| graph.get(id));
    root.below.extend(infrastructure.map(|o| Branch::object(o, Part::ClusterInfrastructure)));
    let mut drawer = Drawer { graph, sets, drawn: HashSet::new() };
    let machines: Vec<&Object> = graph.core(key, "Machine").collect();
    if let Some(control_plane) = cluster.control_plane.as_ref().and_then(|id| graph.get(id)) {
        let mut branch = Branch::object(control_plane, Part::ControlPlane);
        branch.below = drawer.machines(machines.iter().filter(|m| m.is_control_plane_machine()).copied());
        root.below.push(branch);
    }
    root.below.extend(drawer.workers(key, &machines));
    sort(&mut root.below);
    Some(root)
}

struct Drawer<'a> {
    graph: &'a Graph,
    sets: Sets,
    drawn: HashSet<&'a ObjectId>,
}

impl<'a> Drawer<'a> {
    fn workers(&mut self, key: &ClusterKey, machines: &[&'a Object]) -> Option<Branch> {
        let pools: Vec<&Object> = self.graph.core(key, "MachinePool").collect();
        if machines.iter().all(|m| m.is_control_plane_machine()) && pools.is_empty() && self.sets == Sets::Folded {
            return None;
        }
        let mut workers = Branch::made_up(Item::Workers, Part::Workers);
        for deployment in self.graph.core(key, "MachineDeployment") {
            workers.below.push(self.deployment(key, deployment, machines));
        }
        for pool in pools {
            let mut branch = Branch::object(pool, Part::NodePool);
            branch.below = self.machines(owned(machines, &pool.uid));
            workers.below.push(branch);
        }
        let lost: Vec<&Object> = machines.iter().filter(|m| !self.drawn.contains(&m.id)).copied().collect();
        if !lost.is_empty() {
            let mut other = Branch::made_up(Item::Other, Part::Other);
            other.below = self.machines(lost.into_iter());
            workers.below.push(other);
        }
        sort(&mut workers.below);
        (!workers.below.is_empty() || self.sets == Sets::Folded).then_some(workers)
    }

    fn deployment(&mut self, key: &ClusterKey, deployment: &'a Object, machines: &[&'a Object]) -> Branch {
        let mut branch = Branch::object(deployment, Part::NodePool);
        let sets: Vec<&Object> = self.graph.core(key, "MachineSet").filter(|s| s.controller.as_ref() == Some(&deployment.uid)).collect();
        match self.sets {
            Sets::Folded => {
                let mine: Vec<&Object> = sets.iter().flat_map(|set| owned(machines, &set.uid)).collect();
                branch.below = self.machines(mine.into_iter());
            }
            Sets::Whole => {
                for set in sets {
                    let mut of_set = Branch::object(set, Part::MachineSet);
                    of_set.below = self.machines(owned(machines, &set.uid));
                    branch.below.push(of_set);
                }
                sort(&mut branch.below);
            }
        }
        branch
    }

    fn machines(&mut self, machines: impl Iterator<Item = &'a Object>) -> Vec<Branch> {
        let mut alike: Vec<(Face<'a>, Vec<&'a Object>)> = vec![];
        for machine in machines {
            self.drawn.insert(&machine.id);
            let face = Face::of(machine);
            match alike.iter_mut().find(|(other, _)| self.sets == Sets::Folded && *other == face) {
                Some((_, group)) => group.push(machine),
                None => alike.push((face, vec![machine])),
            }
        }
        let mut branches: Vec<Branch> = alike.into_iter().map(|(_, group)| self.row(&group)).collect();
        sort(&mut branches);
        branches
    }

    fn row(&self, group: &[&'a Object]) -> Branch {
        match group {
            [machine] => self.machine(machine),
            _ => {
                let mut members: Vec<ObjectId> = group.iter().map(|m| m.id.clone()).collect();
                members.sort();
                Branch::made_up(Item::Alike { kind: "Machine".to_owned(), members }, Part::Machine)
            }
        }
    }

    fn machine(&self, machine: &'a Object) -> Branch {
        let mut branch = Branch::object(machine, Part::Machine);
        let parts = [(&machine.infrastructure, Part::MachineInfrastructure), (&machine.bootstrap, Part::BootstrapConfig)];
        for (reference, part) in parts {
            let Some(object) = reference.as_ref().and_then(|id| self.graph.get(id)) else { continue };
            if self.sets == Sets::Whole || !repeats(object, machine) {
                branch.below.push(Branch::object(object, part));
            }
        }
        sort(&mut branch.below);
        branch
    }
}

/// A part that is Ready, or that says word for word what its Machine says, tells nothing new.
fn repeats(part: &Object, machine: &Object) -> bool {
    let (mine, its) = (part.condition("Ready"), machine.condition("Ready"));
    mine.is_some_and(Condition::is_true) || mine.map(Condition::face) == its.map(Condition::face)
}

/// What must be equal for machines to be one row.
#[derive(PartialEq, Eq)]
struct Face<'a>([Option<(Status, &'a str)>; 3]);

impl<'a> Face<'a> {
    fn of(machine: &'a Object) -> Self {
        Self(["Available", "Ready", "UpToDate"].map(|kind| machine.condition(kind).map(Condition::face)))
    }
}

fn owned<'a>(machines: &[&'a Object], owner: &str) -> impl Iterator<Item = &'a Object> {
    machines.iter().filter(move |m| m.controller.as_deref() == Some(owner)).copied()
}

impl Branch {
    fn object(object: &Object, part: Part) -> Self {
        Self { item: Item::Object(object.id.clone()), part, deleting: object.deleting_since.is_some(), below: vec![] }
    }

    /// A row that stands for no object, or for several.
    fn made_up(item: Item, part: Part) -> Self {
        Self { item, part, deleting: false, below: vec![] }
    }

    fn name(&self) -> String {
        match &self.item {
            Item::Object(id) => format!("{} {}/{}", id.kind, id.namespace, id.name),
            Item::Alike { kind, members } => format!("{} {kind}s...", members.len()),
            Item::Workers => "Workers".to_owned(),
            Item::Other => "Other".to_owned(),
        }
    }
}

/// As `clusterctl describe` sorts: what is being deleted, groups (they start with a digit), then by kind and name.
fn sort(branches: &mut [Branch]) {
    branches.sort_by_cached_key(|b| (!b.deleting, b.name()));
}

#[cfg(test)]
mod tests;
