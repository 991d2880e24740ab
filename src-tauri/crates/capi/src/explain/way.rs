//! Which way leads from a Cluster down to the object that blocks it?

use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::object::{CORE, Object};

/// From the Cluster to the first object below which nothing is wrong.
pub(super) fn down<'a>(graph: &'a Graph, key: &'a ClusterKey, cluster: &'a Object) -> Vec<&'a Object> {
    let mut way = vec![cluster];
    if has_reason(cluster, "TopologyReconciled", &["ReconcileFailed", "ClusterClassNotReconciled", "LifecycleHookBlocking"]) {
        return way;
    }
    if cluster.deleting_since.is_some() {
        way.extend(going(graph, key));
        return way;
    }
    let refer = |id: &Option<crate::ObjectId>| id.as_ref().and_then(|id| graph.get(id));
    if is_false(cluster, "InfrastructureReady") {
        way.extend(refer(&cluster.infrastructure));
        return way;
    }
    if ["ControlPlaneInitialized", "ControlPlaneAvailable", "ControlPlaneReady", "ControlPlaneMachinesReady"].iter().any(|kind| is_false(cluster, kind)) {
        way.extend(refer(&cluster.control_plane));
        let machines = graph.core(key, "Machine").filter(|m| m.is_control_plane_machine());
        way.extend(worst(machines).into_iter().flat_map(|m| through(graph, m)));
        return way;
    }
    if let Some(pool) = pools(graph, key).find(|p| is_false(p, "Available") || is_false(p, "MachinesReady")) {
        way.push(pool);
        let machines = graph.core(key, "Machine").filter(|m| belongs(graph, m, pool));
        way.extend(worst(machines).into_iter().flat_map(|m| through(graph, m)));
    }
    way
}

/// Workers go first, then control planes, then the infrastructure of the cluster.
fn going<'a>(graph: &'a Graph, key: &'a ClusterKey) -> Option<&'a Object> {
    let mut machines: Vec<&Object> = graph.core(key, "Machine").filter(|m| m.deleting_since.is_some()).collect();
    machines.sort_by_key(|m| (m.is_control_plane_machine(), m.deleting_since, m.id.name.clone()));
    machines.first().copied()
}

fn pools<'a>(graph: &'a Graph, key: &'a ClusterKey) -> impl Iterator<Item = &'a Object> {
    graph.core(key, "MachineDeployment").chain(graph.core(key, "MachinePool"))
}

fn belongs(graph: &Graph, machine: &Object, pool: &Object) -> bool {
    let owner = machine.controller.as_deref().and_then(|uid| graph.by_uid(uid));
    owner.is_some_and(|o| o.uid == pool.uid || o.controller.as_ref() == Some(&pool.uid))
}

/// The machine that explains most: one that failed, then one that is being removed, then the one that waits longest.
fn worst<'a>(machines: impl Iterator<Item = &'a Object>) -> Option<&'a Object> {
    machines.filter(|m| !m.available().is_some_and(Condition::is_true)).min_by_key(|m| (rank(m), m.created, m.id.name.clone()))
}

fn rank(machine: &Object) -> u8 {
    let judged = |c: &Condition| matches!(c.reason.as_str(), "UnhealthyMachine" | "UnhealthyNode" | "NodeStartupTimeout");
    let failed = machine.conditions.iter().any(|c| c.message.contains("Failed") || judged(c));
    match (failed, machine.deleting_since) {
        (true, _) => 0,
        (false, Some(_)) => 1,
        (false, None) => 2,
    }
}

/// Through a Machine to its infrastructure or its bootstrap configuration, whichever it waits for.
fn through<'a>(graph: &'a Graph, machine: &'a Object) -> Vec<&'a Object> {
    let mut way = vec![machine];
    if machine.deleting_since.is_some() {
        return way;
    }
    let part = if is_false(machine, "BootstrapConfigReady") {
        &machine.bootstrap
    } else if is_false(machine, "InfrastructureReady") {
        &machine.infrastructure
    } else {
        &None
    };
    way.extend(part.as_ref().and_then(|id| graph.get(id)));
    way
}

/// Not True; a condition that is not reported yet says nothing.
fn is_false(object: &Object, kind: &str) -> bool {
    object.condition(kind).is_some_and(|c| !c.is_true())
}

fn has_reason(object: &Object, kind: &str, reasons: &[&str]) -> bool {
    object.condition(kind).is_some_and(|c| reasons.contains(&c.reason.as_str()))
}

/// The group of the core objects, for the rules that look at one kind.
pub(super) fn is_machine(object: &Object) -> bool {
    object.is(CORE, "Machine")
}
