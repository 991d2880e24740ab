//! What do owners say of how many of their machines are well?

use serde_json::{Value, json};

use super::{is_true, machines, owner_of, turn};
use crate::capi::parts::{CLUSTER, CORE, PLANES, condition};
use crate::objects::{find, place};
use crate::server::resources::ResourceId;
use crate::server::store::Store;

/// Owners learn how many of their machines are well.
pub(super) fn recount(store: &mut Store, namespace: &str, name: &str, now: &str) {
    let all = machines(store, namespace, name);
    let mut whole = true;
    let (mut of_plane, mut of_workers) = ([0; 3], [0; 3]);
    for (group, plural) in [(PLANES, "kubeadmcontrolplanes"), (CORE, "machinesets"), (CORE, "machinedeployments")] {
        let owners: Vec<Value> = store.list(&ResourceId::new(group, plural), namespace, None).map(|one| one.value()).collect();
        for mut owner in owners.into_iter().filter(|o| o["metadata"]["labels"][CLUSTER] == name) {
            let uid = &owner["metadata"]["uid"];
            let sets: Vec<Value> =
                store.list(&ResourceId::new(CORE, "machinesets"), namespace, None).map(|one| one.value()).filter(|s| owner_of(s) == *uid).collect();
            let mine: Vec<&Value> = all.iter().filter(|m| owner_of(m) == *uid || sets.iter().any(|s| owner_of(m) == s["metadata"]["uid"])).collect();
            let wanted = owner["spec"]["replicas"].as_u64().unwrap_or(1);
            let status = counted(wanted, &mine, now);
            let counts = [&status["replicas"], &status["readyReplicas"], &status["availableReplicas"]].map(|n| n.as_u64().unwrap_or(0));
            whole &= counts[2] >= wanted;
            let sum = if plural == "kubeadmcontrolplanes" { Some(&mut of_plane) } else { Some(&mut of_workers).filter(|_| plural == "machinedeployments") };
            sum.into_iter().for_each(|sum| sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count));
            if owner["status"] != status {
                owner["status"] = status;
                place(store, owner);
            }
        }
    }
    let Some(mut cluster) = find(store, CORE, "clusters", namespace, name) else { return };
    let before = cluster.clone();
    for (part, sum) in [("controlPlane", of_plane), ("workers", of_workers)] {
        ["replicas", "readyReplicas", "availableReplicas"].iter().zip(sum).for_each(|(field, count)| cluster["status"][part][field] = json!(count));
    }
    turn(&mut cluster, "ControlPlaneAvailable", of_plane[2] > 0, if of_plane[2] > 0 { "Available" } else { "NotAvailable" }, now);
    turn(&mut cluster, "Available", whole, if whole { "Available" } else { "NotAvailable" }, now);
    if cluster != before {
        place(store, cluster);
    }
}

/// The numbers of an owner with the condition that follows from them.
pub(super) fn counted(wanted: u64, machines: &[&Value], now: &str) -> Value {
    let with = |kind: &str| machines.iter().filter(|m| is_true(m, kind)).count();
    let available = with("Available");
    let said = format!("{available} available replicas, at least {wanted} required");
    let whole = available as u64 >= wanted;
    let condition = if whole { condition("Available", true, "Available", "", now) } else { condition("Available", false, "NotAvailable", &said, now) };
    json!({ "replicas": machines.len(), "readyReplicas": with("Ready"), "availableReplicas": available, "upToDateReplicas": machines.len(), "conditions": [condition] })
}
