//! How does a cluster get more or fewer machines?

use api::changes::{Consequence, Follows, PoolSize};
use serde_json::json;

use super::edit::{Edit, merge};
use super::shape::{Pool, Shape, names};
use super::{Plan, Planned, follows, machines, named, no};

/// No infrastructure of one person has more, and a slip of the finger costs money.
const MOST: u32 = 1_000;
const DELETE_MACHINE: &str = "cluster.x-k8s.io/delete-machine";

pub(super) fn scale(shape: &Shape, control_plane: Option<u32>, pools: &[PoolSize]) -> Planned {
    let mut edit = Edit::default();
    let mut others = vec![];
    let mut effects = vec![];
    if let Some(to) = control_plane.filter(|to| planes_now(shape) != Some(*to)) {
        allowed(shape, to)?;
        match (shape.has_topology(), &shape.control_plane) {
            (true, _) => edit.set(&["spec", "topology", "controlPlane", "replicas"], json!(to)),
            (false, Some(plane)) => others.push(merge(&plane.object.id, json!({ "spec": { "replicas": to } }))),
            (false, None) => {}
        }
        effects.extend(of_planes(shape, to));
    }
    for PoolSize { pool, to } in pools {
        let pool = shape.pool(pool)?;
        if pool.replicas() == Some(*to) {
            continue;
        }
        sized(shape, pool, *to)?;
        match (pool.entry, pool.object) {
            (Some(entry), _) => edit.entry(entry).set("replicas", json!(to)),
            (None, Some((object, _))) => others.push(merge(&object.id, json!({ "spec": { "replicas": to } }))),
            (None, None) => {}
        }
        effects.extend(of_pool(shape, pool, *to));
    }
    let writes: Vec<_> = edit.write(shape).into_iter().chain(others).collect();
    if writes.is_empty() {
        return no(format!("{} is of this size already.", shape.name()));
    }
    effects.push(follows(Follows::Unharmed, "Machines that stay are not touched, and what runs on them goes on."));
    Ok(Plan { title: format!("Scale {}", shape.name()), writes, effects, replaced: vec![] })
}

pub(super) fn planes_now(shape: &Shape) -> Option<u32> {
    let count = |value: &serde_json::Value| value["replicas"].as_u64().and_then(|n| u32::try_from(n).ok());
    let own = count(&shape.cluster["spec"]["topology"]["controlPlane"]);
    own.or_else(|| shape.control_plane.as_ref().and_then(|cp| count(&cp.document["spec"])))
}

/// Numbers of control planes that the webhooks of Cluster API take.
pub(super) fn counts(shape: &Shape) -> Vec<u32> {
    (1..=7).filter(|n| n % 2 == 1 || !shape.has_stacked_etcd()).collect()
}

fn allowed(shape: &Shape, to: u32) -> Result<(), super::Refusal> {
    let name = shape.name();
    if shape.control_plane.is_none() || planes_now(shape).is_none() {
        return no(format!("The control plane of {name} is not made of machines, so it cannot be scaled here."));
    }
    if to == 0 {
        return no(format!("{name} needs at least one control plane machine. Delete the cluster if it shall go."));
    }
    // The webhook of the Cluster takes an even number, and then every other change waits behind the one that cannot be made.
    if shape.has_stacked_etcd() && to.is_multiple_of(2) {
        return no(format!("{to} control planes are no safer than {}: etcd decides by majority. Use 1, 3 or 5.", to - 1));
    }
    if to > MOST { too_many(to) } else { Ok(()) }
}

fn sized(shape: &Shape, pool: &Pool, to: u32) -> Result<(), super::Refusal> {
    if pool.replicas().is_none() && pool.entry.is_some() {
        return no(format!("The size of {} is left to an autoscaler. Change its bounds, or take them back first.", pool.name));
    }
    if to > MOST {
        return too_many(to);
    }
    if shape.is_deleting() { no(format!("{} is being deleted.", shape.name())) } else { Ok(()) }
}

fn too_many(to: u32) -> Result<(), super::Refusal> {
    no(format!("{to} machines are more than KOS asks for at once. {MOST} are the most."))
}

fn of_planes(shape: &Shape, to: u32) -> Vec<Consequence> {
    let planes = shape.planes();
    let now = planes_now(shape).unwrap_or_default();
    let mut effects = vec![];
    if to > now {
        let made = machines((to - now) as usize);
        effects.push(follows(Follows::Made, format!("{made} more for the control plane, one after the other: each joins etcd before the next is made.")));
    } else {
        let gone: Vec<_> = planes.iter().take((now - to) as usize).copied().collect();
        let sentence = format!("{} of the control plane {}, one after the other, the oldest first.", machines(gone.len()), go(gone.len()));
        effects.push(named(Follows::Gone, sentence, names(&gone)));
    }
    if to == 1 {
        effects.push(follows(Follows::Risk, format!("With one control plane machine the API of {} stops whenever that machine does.", shape.name())));
    }
    effects
}

fn of_pool(shape: &Shape, pool: &Pool, to: u32) -> Vec<Consequence> {
    let now = pool.current().unwrap_or_default();
    let mut effects = vec![];
    if to >= now {
        effects.push(follows(Follows::Made, format!("{} more in {}, all at once.", machines((to - now) as usize), pool.name)));
    } else {
        let gone = (now - to) as usize;
        let workers = shape.workers(pool);
        let marked: Vec<_> = workers.iter().filter(|m| m.annotations.contains_key(DELETE_MACHINE)).take(gone).copied().collect();
        let candidates = if to == 0 { names(&workers) } else { names(&marked) };
        let which = if candidates.is_empty() { "Cluster API chooses which, unready ones first" } else { "these first" };
        effects.push(named(Follows::Gone, format!("{} of {} {}, drained before: {which}.", machines(gone), pool.name, go(gone)), candidates));
    }
    if let Some((min, max)) = super::bounds::of(pool).filter(|_| pool.entry.is_none()) {
        effects.push(follows(Follows::Risk, format!("An autoscaler may change {} again, between {min} and {max}.", pool.name)));
    }
    if to == 0 {
        effects.push(follows(Follows::Risk, format!("Nothing can run in {} any more.", pool.name)));
    }
    effects
}

fn go(n: usize) -> &'static str {
    if n == 1 { "goes" } else { "go" }
}
