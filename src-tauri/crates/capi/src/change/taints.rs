//! Which pods may run in a pool?

use api::changes::{Follows, Taint, TaintEffect, WrittenIn};
use serde_json::{Value, json};

use super::edit::of_pool;
use super::shape::{Pool, Shape};
use super::{Around, Plan, Planned, Refusal, TopologyTakes, follows, named, no};
use crate::form::taint;

/// Where nobody can tell, the dry run of the server does.
pub(super) fn placed(shape: &Shape, around: &Around, written: WrittenIn) -> Result<(), Refusal> {
    if shape.cluster["apiVersion"].as_str().is_some_and(|version| version.ends_with("/v1beta1")) {
        return no("The v1beta1 contract of Cluster API has no place for taints: this management cluster has to serve v1beta2.");
    }
    match (written, around.topology) {
        (WrittenIn::Topology, TopologyTakes::Neither) => {
            no("A topology has a place for taints since Cluster API v1.13. Upgrade the providers of this management cluster first.")
        }
        (WrittenIn::Topology, TopologyTakes::Untold | TopologyTakes::RolloutsAndTaints) | (WrittenIn::Objects, _) => Ok(()),
    }
}

pub(super) fn set(shape: &Shape, around: &Around, pool: &str, taints: &[Taint]) -> Planned {
    let pool = shape.pool(pool)?;
    placed(shape, around, if pool.entry.is_some() { WrittenIn::Topology } else { WrittenIn::Objects })?;
    let before = of(pool);
    if before == taints {
        return no(format!("{} has these taints already.", pool.name));
    }
    if let Some(twice) = taints.iter().enumerate().find(|(at, one)| taints[..*at].iter().any(|other| (&other.key, other.effect) == (&one.key, one.effect))) {
        return no(format!("{} stands twice with the same effect. A node keeps one of them.", twice.1.key));
    }
    // What another program wrote beside key and effect of a taint stays.
    let written = json!({ "taints": entries(pool) });
    let value: Value = taints.iter().map(|one| taint(one, &written)).collect();
    let alone = json!({ "spec": { "template": { "spec": { "taints": value } } } });
    let write = of_pool(shape, pool, |entry| entry.set("taints", value.clone()), alone);
    let mut effects = vec![follows(Follows::Unharmed, "No machine is replaced: taints are changed in place.")];
    if taints.iter().any(|one| one.effect == TaintEffect::NoExecute && !before.contains(one)) {
        effects.push(follows(Follows::Risk, format!("Pods on the nodes of {} that do not tolerate a new NoExecute taint are ended at once.", pool.name)));
    }
    if taints.iter().any(|one| one.effect == TaintEffect::NoSchedule && !before.contains(one)) {
        effects.push(follows(Follows::Risk, "Only pods that tolerate the new taints are placed there from now on."));
    }
    let gone: Vec<String> = before.iter().filter(|one| !taints.contains(one)).map(words).collect();
    if !gone.is_empty() {
        effects.push(named(Follows::Gone, format!("{} loses these taints: other pods are placed there too.", pool.name), gone));
    }
    Ok(Plan { title: format!("Taints of {}", pool.name), writes: write.into_iter().collect(), effects, replaced: vec![] })
}

/// `gpu=yes:NoSchedule`.
fn words(of: &Taint) -> String {
    let value = if of.value.is_empty() { String::new() } else { format!("={}", of.value) };
    format!("{}{value}:{}", of.key, of.effect.word())
}

fn entries<'p>(pool: &'p Pool) -> &'p [Value] {
    let all = match (pool.entry, pool.object) {
        (Some(entry), _) => &entry.value["taints"],
        (None, Some((_, document))) => &document["spec"]["template"]["spec"]["taints"],
        (None, None) => &Value::Null,
    };
    all.as_array().map_or(&[], Vec::as_slice)
}

/// The taints that somebody gave to a pool.
pub(super) fn of(pool: &Pool) -> Vec<Taint> {
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let read = |one: &Value| {
        let effect = TaintEffect::ALL.into_iter().find(|effect| one["effect"] == effect.word())?;
        Some(Taint { key: text(one, "key"), value: text(one, "value"), effect })
    };
    entries(pool).iter().filter_map(read).collect()
}
