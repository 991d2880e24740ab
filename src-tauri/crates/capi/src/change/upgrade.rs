//! Which versions may a cluster go to, and which machines are made anew on the way?

use api::capi::LaneGroup;
use api::changes::{Follows, Replaced};
use serde_json::{Value, json};

use super::edit::{Edit, merge, of_pool};
use super::shape::{Pool, Shape, names};
use super::{Around, Plan, Planned, TopologyTakes, Version, follows, machines, moment, named, no};

/// A kubelet may be so many minors older than its API server.
const SKEW: u32 = 3;

/// Whether a cluster may go to a version, and why or why not.
pub(super) fn judge(shape: &Shape, to: &str) -> Result<String, String> {
    let Some(from) = shape.version() else { return Err("no version is written for this cluster".to_owned()) };
    let (Some(from), Some(wanted)) = (Version::read(from), Version::read(to)) else { return Err("this is no version: write it like v1.36.4".to_owned()) };
    if wanted == from {
        let behind = !shape.has_topology() && !behind(shape, &from).is_empty();
        return if behind { Ok("what the control plane runs; the pools follow".to_owned()) } else { Err("runs already".to_owned()) };
    }
    if wanted < from {
        return Err("Kubernetes does not go back".to_owned());
    }
    if let Some(why) = in_between(shape, &from) {
        return Err(why);
    }
    let named = class_versions(shape);
    if !named.is_empty() && !named.contains(&wanted) {
        return Err("the class of this cluster does not name it".to_owned());
    }
    let Some(minors) = wanted.minors_after(&from) else { return Err("another major version".to_owned()) };
    match minors {
        0 if wanted.is_release_of(&from) => Ok("another build of the same release".to_owned()),
        0 => Ok("patch of the same minor".to_owned()),
        1 => skewed(shape, &wanted).map_or_else(|| Ok("next minor".to_owned()), Err),
        n if !named.is_empty() || plans_elsewhere(shape) => Ok(format!("{n} minors, one after the other, as its class allows")),
        _ => Err(format!("one minor at a time: v{}.{} first", from.major, from.minor + 1)),
    }
}

/// What is not yet at the version that was asked for last.
fn in_between(shape: &Shape, from: &Version) -> Option<String> {
    let differs = |version: Option<&str>| version.and_then(Version::read).is_some_and(|v| v != *from);
    let plane = shape.control_plane.as_ref().and_then(|cp| cp.document["spec"]["version"].as_str());
    let planes = shape.planes().into_iter().any(|m| differs(m.version.as_deref()));
    let workers = shape.has_topology() && (shape.pools.iter().any(|p| differs(p.version())) || shape.machines().any(|m| differs(m.version.as_deref())));
    let minor = || format!("an upgrade to {from} goes on");
    (differs(plane) || planes || workers).then(minor)
}

/// Of a plain cluster: the pools that are older than this version.
fn behind<'s, 'a>(shape: &'s Shape<'a>, than: &Version) -> Vec<&'s Pool<'a>> {
    shape.pools.iter().filter(|p| p.version().and_then(Version::read).is_some_and(|v| v < *than)).collect()
}

fn skewed(shape: &Shape, to: &Version) -> Option<String> {
    let old = |pool: &&Pool| pool.version().and_then(Version::read).is_some_and(|v| to.minors_after(&v).is_some_and(|n| n > SKEW));
    shape.pools.iter().find(old).map(|pool| format!("{} would be more than {SKEW} minors older: upgrade it first", pool.name))
}

/// Versions that the class names, when it names any; its webhook sees to it that they have no gap.
pub(super) fn class_versions(shape: &Shape) -> Vec<Version> {
    let all = shape.class.map(|class| &class["spec"]["kubernetesVersions"]).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(|one| Version::read(one.as_str()?)).collect()
}

/// An extension may plan upgrades over several minors.
fn plans_elsewhere(shape: &Shape) -> bool {
    let extension = shape.class.map(|class| &class["spec"]["upgrade"]["external"]["generateUpgradePlanExtension"]);
    extension.and_then(Value::as_str).is_some_and(|name| !name.is_empty())
}

pub(super) fn upgrade(shape: &Shape, around: &Around, to: &str) -> Planned {
    let name = shape.name();
    if shape.is_deleting() {
        return no(format!("{name} is being deleted."));
    }
    if let Err(why) = judge(shape, to) {
        return no(format!("{name} cannot go to {to}: {why}."));
    }
    let title = format!("Upgrade {name} to {to}");
    let mut effects = vec![];
    let (writes, replaced) = if shape.has_topology() {
        let mut edit = Edit::default();
        edit.set(&["spec", "topology", "version"], json!(to));
        let pools = shape.pools.iter().map(|pool| of_workers(shape, pool, around));
        (edit.write(shape).into_iter().collect(), of_planes(shape, around).into_iter().chain(pools).collect::<Vec<_>>())
    } else if shape.version() == Some(to) {
        let behind = Version::read(to).map(|to| behind(shape, &to)).unwrap_or_default();
        let writes = behind.iter().filter_map(|p| p.object).map(|(o, _)| merge(&o.id, json!({ "spec": { "template": { "spec": { "version": to } } } })));
        (writes.collect(), behind.iter().map(|pool| of_workers(shape, pool, around)).collect())
    } else {
        let Some(plane) = &shape.control_plane else { return no(format!("{name} has no control plane that could be upgraded here.")) };
        if !shape.pools.is_empty() {
            effects.push(follows(
                Follows::Unharmed,
                format!("The pools stay at their version. Upgrade {name} once more when its control plane is done: then they follow."),
            ));
        }
        (vec![merge(&plane.object.id, json!({ "spec": { "version": to } }))], of_planes(shape, around).into_iter().collect())
    };
    let count: usize = replaced.iter().map(|group| group.machines.len()).sum();
    let all = replaced.iter().flat_map(|group| group.machines.clone()).collect();
    effects.insert(0, named(Follows::Replaced, format!("{}, the control plane before the pools, a new one before an old one goes.", machines(count)), all));
    let planes_go = replaced.iter().any(|group| group.group == LaneGroup::ControlPlane);
    if !shape.has_topology() && !shape.is_of_containers(around) {
        effects.extend(pinned(shape, &replaced, to));
    }
    effects.extend(risks(shape, around, to, planes_go));
    Ok(Plan { title, writes, effects, replaced })
}

/// A class changes the template with the version; without one it stays as somebody wrote it.
fn pinned(shape: &Shape, replaced: &[Replaced], to: &str) -> Option<api::changes::Consequence> {
    let document = |group: &LaneGroup| match group {
        LaneGroup::ControlPlane => shape.control_plane.as_ref().map(|plane| plane.document),
        LaneGroup::Pool(pool) => shape.pool(pool).ok()?.object.map(|(_, document)| document),
        LaneGroup::Alone => None,
    };
    let templates: Vec<String> = replaced.iter().filter_map(|one| template(document(&one.group)?)).collect();
    let sentence = format!("New machines come from these templates as they are: one that names the image of another version needs that of {to} first.");
    (!templates.is_empty()).then(|| named(Follows::Risk, sentence, templates))
}

/// `VSphereMachineTemplate lab-a-cp`; v1beta1 has it nearer to the template than v1beta2.
fn template(document: &Value) -> Option<String> {
    let places = ["/spec/machineTemplate/spec/infrastructureRef", "/spec/machineTemplate/infrastructureRef", "/spec/template/spec/infrastructureRef"];
    let to = places.iter().find_map(|place| document.pointer(place))?;
    Some(format!("{} {}", to["kind"].as_str()?, to["name"].as_str()?))
}

fn risks(shape: &Shape, around: &Around, to: &str, planes_go: bool) -> Vec<api::changes::Consequence> {
    let mut risks = vec![];
    if planes_go && shape.planes().len() == 1 {
        risks.push(follows(
            Follows::Risk,
            "The API stops for about 10 s: with one control plane machine etcd moves to the new one, then the old one goes. Three would not stop.",
        ));
    }
    if shape.is_of_containers(around) && !around.listed.iter().any(|v| v == to) {
        risks.push(follows(
            Follows::Risk,
            format!("No tested node image is listed for {to}. Where there is none, the first new machine waits and the old ones go on."),
        ));
    }
    risks.push(follows(Follows::Risk, "It cannot be undone: Kubernetes does not go back. It can be paused between machines."));
    risks
}

pub(super) fn rollout(shape: &Shape, around: &Around, group: &LaneGroup, at: api::Timestamp) -> Planned {
    let (name, at) = (shape.name(), moment(at));
    let (writes, replaced, what) = match group {
        LaneGroup::ControlPlane => {
            let Some(plane) = &shape.control_plane else { return no(format!("The control plane of {name} is not made of machines.")) };
            let mut edit = Edit::default();
            edit.set(&["spec", "topology", "controlPlane", "rollout", "after"], json!(at));
            let said = &shape.cluster["spec"]["topology"]["controlPlane"]["rollout"]["after"];
            let write = if in_topology(shape, around, said) { edit.write(shape) } else { Some(merge(&plane.object.id, after(plane.document, &at))) };
            (write, of_planes(shape, around), format!("the control plane of {name}"))
        }
        LaneGroup::Pool(pool) => {
            let pool = shape.pool(pool)?;
            let Some((object, document)) = pool.object else { return no(format!("{} has no machines yet.", pool.name)) };
            let before = pool.entry.map_or(Value::Null, |e| e.value["rollout"].clone());
            let in_entry = |entry: &mut super::edit::OfEntry| {
                let mut rollout = before.clone();
                rollout["after"] = json!(at);
                entry.set("rollout", rollout);
            };
            let alone = after(document, &at);
            let write = if in_topology(shape, around, &before["after"]) { of_pool(shape, pool, in_entry, alone) } else { Some(merge(&object.id, alone)) };
            (write, Some(of_workers(shape, pool, around)), format!("the pool {}", pool.name))
        }
        LaneGroup::Alone => return no("These machines have no owner that would make them anew."),
    };
    let replaced: Vec<Replaced> = replaced.into_iter().collect();
    let all: Vec<String> = replaced.iter().flat_map(|group| group.machines.clone()).collect();
    let mut effects = vec![named(Follows::Replaced, format!("{} of {what}, one after the other.", machines(all.len())), all)];
    if *group == LaneGroup::ControlPlane && shape.planes().len() == 1 {
        effects.push(follows(Follows::Risk, "The API stops for about 10 s while etcd moves to the new machine."));
    }
    effects.push(follows(Follows::Unharmed, "Version and settings stay as they are."));
    Ok(Plan { title: format!("Make {what} anew"), writes: writes.into_iter().collect(), effects, replaced })
}

/// Whether a topology says since when machines are made anew; `said` is what it says by now. The objects below take it as
/// well, and a topology that says nothing of it does not change it back.
fn in_topology(shape: &Shape, around: &Around, said: &Value) -> bool {
    match around.topology {
        TopologyTakes::RolloutsAndTaints => shape.has_topology(),
        TopologyTakes::Untold => said.is_string(),
        TopologyTakes::Neither => false,
    }
}

fn after(document: &Value, at: &str) -> Value {
    if is_v1beta1(document) { json!({ "spec": { "rolloutAfter": at } }) } else { json!({ "spec": { "rollout": { "after": at } } }) }
}

fn is_v1beta1(document: &Value) -> bool {
    document["apiVersion"].as_str().is_some_and(|version| version.ends_with("/v1beta1"))
}

fn of_planes(shape: &Shape, around: &Around) -> Option<Replaced> {
    let plane = shape.control_plane.as_ref()?;
    Some(Replaced { group: LaneGroup::ControlPlane, machines: names(&shape.planes()), surge: surge(plane.document), each: around.each })
}

fn of_workers(shape: &Shape, pool: &Pool, around: &Around) -> Replaced {
    let surge = pool.object.map_or(1, |(_, document)| surge(document));
    Replaced { group: LaneGroup::Pool(pool.name.clone()), machines: names(&shape.workers(pool)), surge, each: around.each }
}

/// 1 where nothing is written, as the webhooks of Cluster API default it; a share of machines counts as one.
fn surge(document: &Value) -> u32 {
    let spec = &document["spec"];
    let written = [
        &spec["rollout"]["strategy"]["rollingUpdate"]["maxSurge"],
        &spec["rolloutStrategy"]["rollingUpdate"]["maxSurge"],
        &spec["strategy"]["rollingUpdate"]["maxSurge"],
    ];
    written.into_iter().find_map(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(1)
}
