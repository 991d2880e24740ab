//! How is one machine made anew, or left out?

use api::capi::LaneGroup;
use api::changes::{Follows, Repair, Replaced};
use serde_json::{Value, json};

use super::edit::{Edit, merge};
use super::shape::Shape;
use super::{Act, Around, Plan, Planned, Refusal, Write, follows, named, no};
use crate::condition::Condition;
use crate::object::{CORE, Object};

/// Source: `api/core/v1beta2/common_types.go` of Cluster API.
const SKIP_REMEDIATION: &str = "cluster.x-k8s.io/skip-remediation";
const DELETE_MACHINE: &str = "cluster.x-k8s.io/delete-machine";

/// A deleted Machine is drained, its etcd member leaves, and its owner makes another one.
pub(super) fn replace(shape: &Shape, around: &Around, name: &str) -> Planned {
    let machine = shape.machine(name)?;
    if machine.deleting_since.is_some() {
        return no(format!("{name} is being deleted already."));
    }
    let (group, owner) = owner(shape, machine)?;
    let mut effects = vec![named(Follows::Gone, "This machine, drained before, with everything stored on it.", vec![name.to_owned()])];
    effects.push(follows(Follows::Made, format!("A new one in its place: {owner} makes it.")));
    if group == LaneGroup::ControlPlane {
        quorum(shape, machine)?;
        effects.push(follows(Follows::Unharmed, "Its etcd member leaves first, and the others keep the data."));
    }
    effects.push(follows(Follows::Unharmed, "The other machines are not touched."));
    let replaced = vec![Replaced { group, machines: vec![name.to_owned()], surge: 0, each: around.each }];
    Ok(Plan { title: format!("Replace {name}"), writes: vec![Write { object: machine.id.clone(), act: Act::Delete }], effects, replaced })
}

/// Which group a machine belongs to and who makes another one.
fn owner(shape: &Shape, machine: &Object) -> Result<(LaneGroup, String), Refusal> {
    if machine.is_control_plane_machine() && machine.controller.is_some() {
        let plane = shape.control_plane.as_ref().map_or_else(|| "its control plane".to_owned(), |cp| cp.object.id.name.to_string());
        return Ok((LaneGroup::ControlPlane, plane));
    }
    let pool = shape.pools.iter().find(|pool| shape.workers(pool).iter().any(|m| m.id == machine.id));
    match pool {
        Some(pool) => Ok((LaneGroup::Pool(pool.name.clone()), pool.name.clone())),
        None if machine.controller.is_some() => Ok((LaneGroup::Alone, "its owner".to_owned())),
        None => no(format!("{} has no owner that would make another one, so replacing it would only delete it.", machine.id.name)),
    }
}

/// etcd has to keep its majority without this machine.
fn quorum(shape: &Shape, machine: &Object) -> Result<(), Refusal> {
    let planes = shape.planes();
    if planes.len() == 1 {
        return no(format!(
            "{} is the only control plane machine of {}: its data would go with it. Scale the control plane to 3 first, or make it anew by a rollout.",
            machine.id.name,
            shape.name()
        ));
    }
    let well = |m: &&&Object| {
        m.id != machine.id && m.deleting_since.is_none() && m.condition("Ready").or_else(|| m.condition("Available")).is_some_and(Condition::is_true)
    };
    let others = planes.iter().filter(well).count();
    if shape.has_stacked_etcd() && others <= planes.len() / 2 {
        let need = planes.len() / 2 + 1;
        return no(format!(
            "{} of the other control plane machines are well, and etcd needs {need} to keep its data. Wait for them, or repair them first.",
            others
        ));
    }
    Ok(())
}

/// Marks a machine, then asks for one fewer: the marked one goes.
pub(super) fn remove(shape: &Shape, name: &str) -> Planned {
    let machine = shape.machine(name)?;
    let pool = shape.pools.iter().find(|pool| shape.workers(pool).iter().any(|m| m.id == machine.id));
    let Some(pool) = pool else { return no(format!("{name} belongs to no pool. A control plane is made smaller by its number.")) };
    let Some(now) = pool.replicas().filter(|n| *n > 0) else {
        return no(format!("The size of {} is left to an autoscaler, which would make another one.", pool.name));
    };
    let mut writes = vec![merge(&machine.id, json!({ "metadata": { "annotations": { DELETE_MACHINE: "" } } }))];
    match (pool.entry, pool.object) {
        (Some(entry), _) => {
            let mut edit = Edit::default();
            edit.entry(entry).set("replicas", json!(now - 1));
            writes.extend(edit.write(shape));
        }
        (None, Some((object, _))) => writes.push(merge(&object.id, json!({ "spec": { "replicas": now - 1 } }))),
        (None, None) => {}
    }
    let effects = vec![
        named(Follows::Gone, format!("This machine, drained before. {} then has {}.", pool.name, super::machines((now - 1) as usize)), vec![name.to_owned()]),
        follows(Follows::Unharmed, "The other machines are not touched."),
    ];
    Ok(Plan { title: format!("Remove {name}"), writes, effects, replaced: vec![] })
}

pub(super) fn repair(shape: &Shape, name: &str, repair: Repair) -> Planned {
    let machine = shape.machine(name)?;
    let skipped = machine.annotations.contains_key(SKIP_REMEDIATION);
    let (value, title, sentence) = match (repair, skipped) {
        (Repair::Skipped, false) => (json!(""), format!("Keep {name} as it is"), "Health checks leave it alone, however ill it is, until this is taken back."),
        (Repair::Allowed, true) => (Value::Null, format!("Let {name} be repaired"), "Health checks may replace it again, at once when it is ill."),
        (Repair::Skipped, true) => return no(format!("Health checks leave {name} alone already.")),
        (Repair::Allowed, false) => return no(format!("Health checks may replace {name} already.")),
    };
    let checked = shape.graph.members(shape.key).any(|o| o.is(CORE, "MachineHealthCheck"));
    let mut effects = vec![follows(if repair == Repair::Allowed { Follows::Risk } else { Follows::Unharmed }, sentence)];
    if !checked {
        effects.push(follows(Follows::Unharmed, format!("{} has no health check now.", shape.name())));
    }
    Ok(Plan { title, writes: vec![merge(&machine.id, json!({ "metadata": { "annotations": { SKIP_REMEDIATION: value } } }))], effects, replaced: vec![] })
}
