//! How long may machines take to leave, and what lets go of an object that nobody cleans up?

use api::capi::LaneGroup;
use api::changes::Follows;
use serde_json::{Value, json};

use super::edit::{Edit, merge, of_pool};
use super::shape::Shape;
use super::{Around, Plan, Planned, follows, named, no};

/// A limit on a machine alone is changed back by its owner, also while the machine goes: it is written where the owner
/// takes it from, and taken over in place.
pub(super) fn limit(shape: &Shape, group: &LaneGroup, seconds: u32) -> Planned {
    if seconds == 0 {
        return no("A limit of 0 s means none: choose at least 1 s.");
    }
    let name = shape.name();
    let (write, whose) = match group {
        LaneGroup::ControlPlane => {
            let Some(plane) = &shape.control_plane else { return no(format!("The control plane of {name} is not made of machines.")) };
            let write = if shape.has_topology() {
                let mut edit = Edit::default();
                if is_old(shape.cluster) {
                    edit.set(&["spec", "topology", "controlPlane", "nodeDrainTimeout"], json!(format!("{seconds}s")));
                } else {
                    edit.set(&["spec", "topology", "controlPlane", "deletion", "nodeDrainTimeoutSeconds"], json!(seconds));
                }
                edit.write(shape)
            } else if is_old(plane.document) {
                Some(merge(&plane.object.id, json!({ "spec": { "machineTemplate": { "nodeDrainTimeout": format!("{seconds}s") } } })))
            } else {
                Some(merge(&plane.object.id, json!({ "spec": { "machineTemplate": { "spec": { "deletion": { "nodeDrainTimeoutSeconds": seconds } } } } })))
            };
            (write, format!("the control plane of {name}"))
        }
        LaneGroup::Pool(pool) => {
            let pool = shape.pool(pool)?;
            let in_entry = |entry: &mut super::edit::OfEntry| {
                if is_old(shape.cluster) {
                    return entry.set("nodeDrainTimeout", json!(format!("{seconds}s")));
                }
                let mut deletion = pool.entry.map_or(Value::Null, |e| e.value["deletion"].clone());
                deletion["nodeDrainTimeoutSeconds"] = json!(seconds);
                entry.set("deletion", deletion);
            };
            let old = pool.object.is_some_and(|(_, document)| is_old(document));
            let field = if old { json!({ "nodeDrainTimeout": format!("{seconds}s") }) } else { json!({ "deletion": { "nodeDrainTimeoutSeconds": seconds } }) };
            (of_pool(shape, pool, in_entry, json!({ "spec": { "template": { "spec": field } } })), format!("the pool {}", pool.name))
        }
        LaneGroup::Alone => return no("These machines have no owner that would keep a limit."),
    };
    let effects = vec![
        follows(
            Follows::Risk,
            format!("After {seconds} s a machine of {whose} goes although pods are left on it: they end, and no disruption budget is kept."),
        ),
        follows(Follows::Unharmed, "No machine is made anew by this: a machine that goes now takes the limit over too."),
    ];
    Ok(Plan { title: format!("Limit the drain of {whose}"), writes: write.into_iter().collect(), effects, replaced: vec![] })
}

fn is_old(document: &Value) -> bool {
    document["apiVersion"].as_str().is_some_and(|version| version.ends_with("/v1beta1"))
}

/// The last resort: whoever put a finalizer there wanted to remove something first.
pub(super) fn let_go(shape: &Shape, around: &Around, kind: &str, name: &str) -> Planned {
    let found = shape.graph.members(shape.key).find(|o| &*o.id.kind == kind && &*o.id.name == name);
    let Some(object) = found else { return no(format!("{} has no {kind} {name}, or not any more.", shape.name())) };
    if object.deleting_since.is_none() {
        return no(format!("{kind} {name} is not being deleted. Its finalizers keep others from forgetting what belongs to it."));
    }
    if object.finalizers.is_empty() {
        return no(format!("{kind} {name} has no finalizers: it goes by itself."));
    }
    let container = object.container_names().find(|of| around.containers.iter().any(|known| known == of));
    let stays = match (container, &object.provider_id) {
        (Some(container), _) => named(
            Follows::Risk,
            format!("Its container stays behind on this computer, and no controller looks for it afterwards: docker rm -f -v {container} removes it."),
            vec![container.to_owned()],
        ),
        (None, Some(id)) => named(
            Follows::Risk,
            format!("What its provider made for {name} may stay behind, and cost: no controller looks for it afterwards."),
            vec![id.clone()],
        ),
        (None, None) => follows(
            Follows::Risk,
            format!("What was made for {name}, such as containers, machines, disks or networks, may stay behind: no controller looks for it afterwards."),
        ),
    };
    let effects = vec![
        named(Follows::Gone, format!("{kind} {name} goes at once: nobody waits any more for what holds it."), object.finalizers.clone()),
        stays,
        follows(Follows::Unharmed, format!("The other objects of {} stay as they are.", shape.name())),
    ];
    let write = merge(&object.id, json!({ "metadata": { "finalizers": Value::Null } }));
    Ok(Plan { title: format!("Let {kind} {name} go"), writes: vec![write], effects, replaced: vec![] })
}
