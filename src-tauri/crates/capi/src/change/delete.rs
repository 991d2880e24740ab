//! What goes when a cluster is deleted, and what stands still when it is paused?

use api::changes::Follows;
use serde_json::json;

use super::edit::Edit;
use super::shape::{Shape, names};
use super::{Act, Around, Plan, Planned, Write, follows, machines, named, no};
use crate::object::{Object, PAUSED_ANNOTATION};

pub(super) fn pause(shape: &Shape) -> Planned {
    let name = shape.name();
    if shape.is_paused() {
        return no(format!("{name} is paused already."));
    }
    let mut edit = Edit::default();
    edit.set(&["spec", "paused"], json!(true));
    let effects = vec![
        follows(Follows::Risk, format!("No controller changes {name}: nothing is scaled, upgraded, repaired or deleted until it is resumed.")),
        follows(Follows::Unharmed, "What runs in it goes on, and its machines stay."),
    ];
    Ok(Plan { title: format!("Pause {name}"), writes: edit.write(shape).into_iter().collect(), effects, replaced: vec![] })
}

pub(super) fn resume(shape: &Shape) -> Planned {
    let name = shape.name();
    if !shape.is_paused() {
        return no(format!("{name} is not paused."));
    }
    let mut edit = Edit::default();
    edit.set(&["spec", "paused"], json!(false));
    let effects = vec![
        follows(Follows::Unharmed, "The controllers go on where they stopped, with whatever was written meanwhile."),
        follows(Follows::Risk, "Machines that health checks find ill now may be replaced at once."),
    ];
    Ok(Plan { title: format!("Resume {name}"), writes: edit.write(shape).into_iter().collect(), effects, replaced: vec![] })
}

/// Only the Cluster itself is deleted: its controllers delete the rest in the right order. Deleting its parts by
/// themselves leaves machines behind that nobody removes. No Node of it is drained.
///
/// Source: `isDeleteNodeAllowed` in `internal/controllers/machine/machine_controller.go` of Cluster API.
pub(super) fn delete(shape: &Shape, around: &Around) -> Planned {
    let name = shape.name();
    if shape.is_deleting() {
        return no(format!("{name} is being deleted already."));
    }
    if shape.is_paused() {
        return no(format!("{name} is paused, and what is paused is not deleted. Resume it first."));
    }
    if shape.graph.get(shape.id).is_some_and(Object::is_held) {
        let command = format!("kubectl annotate cluster {name} -n {} {PAUSED_ANNOTATION}-", shape.key.namespace);
        return no(format!("{name} is held by the annotation {PAUSED_ANNOTATION}, and what is held is not deleted. Take it off first: {command}"));
    }
    let mut effects = vec![];
    for pool in &shape.pools {
        let workers = shape.workers(pool);
        effects.push(named(Follows::Gone, format!("First {} of {}, without a drain: pods end at once.", machines(workers.len()), pool.name), names(&workers)));
    }
    let planes = shape.planes();
    if !planes.is_empty() {
        effects.push(named(Follows::Gone, format!("Then {} of the control plane, with etcd and all its objects.", machines(planes.len())), names(&planes)));
    }
    let infrastructure = shape.graph.get(shape.id).and_then(|o| o.infrastructure.clone());
    if let Some(id) = infrastructure {
        effects.push(named(
            Follows::Gone,
            "Then its infrastructure: networks and load balancers that were made for it.",
            vec![format!("{} {}", id.kind, id.name)],
        ));
    }
    if !around.containers.is_empty() {
        effects.push(named(Follows::Gone, "These containers of this computer, with their volumes.", around.containers.clone()));
    }
    let secrets = ["kubeconfig", "ca", "etcd", "proxy", "sa"].map(|part| format!("{name}-{part}"));
    effects.push(named(Follows::Gone, "Its certificates and its kubeconfig: copies of it lead nowhere afterwards.", secrets.to_vec()));
    effects.push(follows(Follows::Risk, format!("Everything stored in {name} is lost. This cannot be undone.")));
    effects.push(follows(Follows::Unharmed, "The management cluster, its other clusters, classes and templates stay."));
    Ok(Plan { title: format!("Delete {name}"), writes: vec![Write { object: shape.id.clone(), act: Act::Delete }], effects, replaced: vec![] })
}
