//! What do the simulated controllers report of a cluster?

use serde_json::{Value, json};

use super::parts::condition;

/// Machines that belong together, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    wanted: u64,
    there: u64,
    ready: u64,
    up_to_date: u64,
}

impl Group {
    pub(crate) fn of(machines: &[&Value], wanted: u64, version: &str) -> Self {
        let count = |is: &dyn Fn(&Value) -> bool| machines.iter().filter(|m| is(m)).count() as u64;
        let up_to_date = count(&|m| m["spec"]["version"] == version);
        Self { wanted, there: machines.len() as u64, ready: count(&is_ready), up_to_date }
    }

    fn counts(&self) -> Value {
        json!({ "desiredReplicas": self.wanted, "replicas": self.there, "readyReplicas": self.ready, "availableReplicas": self.ready, "upToDateReplicas": self.up_to_date })
    }

    fn is_settled(&self) -> bool {
        self.there == self.wanted && self.ready == self.wanted && self.up_to_date == self.wanted
    }
}

/// Whether it runs, and its Node serves.
fn is_ready(machine: &Value) -> bool {
    let is_true = |c: &Value| c["type"] == "Ready" && c["status"] == "True";
    machine["status"]["phase"] == "Running" && machine["status"]["conditions"].as_array().into_iter().flatten().any(is_true)
}

/// The status of a control plane or a pool.
pub(crate) fn owner(object: &mut Value, group: &Group, now: &str) {
    let before = object["status"]["conditions"].clone();
    let mut status = group.counts();
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let waits = format!("* {} {name}: {} available replicas, at least {} required", object["kind"].as_str().unwrap_or_default(), group.ready, group.wanted);
    let good = group.ready >= group.wanted;
    let mut conditions = vec![condition("Available", good, if good { "Available" } else { "NotAvailable" }, if good { "" } else { &waits }, now)];
    for (kind, so) in [
        ("ScalingUp", group.there < group.wanted || (group.there == group.wanted && group.ready < group.there)),
        ("ScalingDown", group.there > group.wanted && group.up_to_date == group.there),
        ("RollingOut", group.up_to_date < group.there),
    ] {
        conditions.push(condition(kind, so, if so { kind } else { "Not" }, "", now));
    }
    status["conditions"] = since(&before, conditions);
    status["phase"] = json!(if good { "Running" } else { "ScalingUp" });
    object["status"] = status;
}

pub(crate) fn cluster(object: &mut Value, planes: &Group, pools: &[(String, Group)], now: &str) {
    let before = object["status"]["conditions"].clone();
    let sum = |field: fn(&Group) -> u64| pools.iter().map(|(_, group)| field(group)).sum();
    let workers = Group { wanted: sum(|g| g.wanted), there: sum(|g| g.there), ready: sum(|g| g.ready), up_to_date: sum(|g| g.up_to_date) };
    let lacking = pools.iter().filter(|(_, g)| g.ready < g.wanted);
    let mut waits: Vec<String> =
        lacking.map(|(name, g)| format!("* MachineDeployment {name}: {} available replicas, at least {} required", g.ready, g.wanted)).collect();
    if planes.ready < planes.wanted {
        waits.insert(0, format!("* KubeadmControlPlane: {} available replicas, at least {} required", planes.ready, planes.wanted));
    }
    let started = planes.ready > 0 || before.as_array().into_iter().flatten().any(|c| c["type"] == "ControlPlaneInitialized" && c["status"] == "True");
    let settled = planes.is_settled() && workers.is_settled();
    let rolls = planes.up_to_date < planes.there || workers.up_to_date < workers.there;
    let paused = object["spec"]["paused"] == true;
    let conditions = vec![
        condition("Available", waits.is_empty(), if waits.is_empty() { "Available" } else { "NotAvailable" }, &waits.join("\n"), now),
        condition("InfrastructureReady", true, "Ready", "", now),
        condition("ControlPlaneInitialized", started, if started { "Initialized" } else { "NotInitialized" }, "", now),
        condition("ControlPlaneAvailable", planes.ready > 0, if planes.ready > 0 { "Available" } else { "NotAvailable" }, "", now),
        condition("TopologyReconciled", !rolls, if rolls { "ClusterUpgrading" } else { "ReconcileSucceeded" }, "", now),
        condition("RollingOut", rolls, if rolls { "RollingOut" } else { "NotRollingOut" }, "", now),
        condition("Paused", paused, if paused { "Paused" } else { "NotPaused" }, "", now),
    ];
    object["status"] = json!({
        "phase": if started { "Provisioned" } else { "Provisioning" }, "initialization": { "infrastructureProvisioned": true, "controlPlaneInitialized": started },
        "controlPlane": planes.counts(), "workers": workers.counts(), "conditions": since(&before, conditions),
        "observedGeneration": if settled { object["metadata"]["generation"].clone() } else { Value::Null },
    });
}

/// A condition that says what it said before has said so since then.
fn since(before: &Value, mut now: Vec<Value>) -> Value {
    for condition in &mut now {
        let same = before.as_array().into_iter().flatten().find(|b| b["type"] == condition["type"] && b["status"] == condition["status"]);
        if let Some(same) = same {
            condition["lastTransitionTime"] = same["lastTransitionTime"].clone();
        }
    }
    Value::Array(now)
}
