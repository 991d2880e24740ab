//! Which Cluster does a form mean?

use api::drawing::{ClusterForm, ClusterNetwork, Pool};
use serde_json::{Map, Value, json};

/// The Cluster of a form, written as `api_version` has it; what `over` says and the form has no place for stays.
pub fn cluster(form: &ClusterForm, api_version: &str, over: Option<&Value>) -> Value {
    let mut all = over.filter(|o| o.is_object()).cloned().unwrap_or_else(|| json!({}));
    all["apiVersion"] = json!(api_version);
    all["kind"] = json!("Cluster");
    all["metadata"]["name"] = json!(form.name);
    all["metadata"]["namespace"] = json!(form.namespace);
    all["metadata"]["annotations"][ClusterNetwork::ANNOTATION] = json!(form.network.word());
    let network = &mut all["spec"]["clusterNetwork"];
    network["pods"]["cidrBlocks"] = blocks(&form.pod_range);
    network["services"]["cidrBlocks"] = blocks(&form.service_range);
    if network["serviceDomain"].is_null() {
        network["serviceDomain"] = json!("cluster.local");
    }
    let old = is_old(api_version);
    let topology = &mut all["spec"]["topology"];
    class(topology, form, old);
    topology["version"] = json!(form.version);
    topology["controlPlane"]["replicas"] = json!(form.control_planes);
    let pools: Vec<Value> = form.pools.iter().map(|p| pool(p, named(&topology["workers"]["machineDeployments"], &p.name), old)).collect();
    // A list without a member is refused, and so is `workers` with nothing in it.
    if pools.is_empty() {
        remove(&mut topology["workers"], "machineDeployments");
        if topology["workers"].as_object().is_none_or(Map::is_empty) {
            remove(topology, "workers");
        }
    } else {
        topology["workers"]["machineDeployments"] = Value::Array(pools);
    }
    let variables: Vec<Value> =
        form.variables.iter().filter_map(|(name, text)| Some(json!({ "name": name, "value": serde_json::from_str::<Value>(text).ok()? }))).collect();
    if variables.is_empty() {
        remove(topology, "variables");
    } else {
        topology["variables"] = Value::Array(variables);
    }
    all
}

fn is_old(api_version: &str) -> bool {
    api_version.ends_with("/v1beta1")
}

/// v1beta1 has the name beside the version, v1beta2 a reference.
fn class(topology: &mut Value, form: &ClusterForm, old: bool) {
    let elsewhere = form.class.namespace != form.namespace;
    if old {
        remove(topology, "classRef");
        topology["class"] = json!(form.class.name);
        match elsewhere {
            true => topology["classNamespace"] = json!(form.class.namespace),
            false => remove(topology, "classNamespace"),
        }
    } else {
        remove(topology, "class");
        remove(topology, "classNamespace");
        topology["classRef"] = json!({ "name": form.class.name, "namespace": form.class.namespace });
    }
}

fn pool(of: &Pool, before: Option<&Value>, old: bool) -> Value {
    let mut pool = before.cloned().unwrap_or_else(|| json!({}));
    pool["name"] = json!(of.name);
    pool["class"] = json!(of.class);
    // A pool whose number an autoscaler keeps has none.
    if of.replicas > 0 || before.is_none_or(|b| !b["replicas"].is_null()) {
        pool["replicas"] = json!(of.replicas);
    }
    if of.labels.is_empty() {
        remove(&mut pool["metadata"], "labels");
        if pool["metadata"].as_object().is_none_or(Map::is_empty) {
            remove(&mut pool, "metadata");
        }
    } else {
        pool["metadata"]["labels"] = of.labels.iter().map(|l| (l.key.clone(), json!(l.value))).collect::<Map<_, _>>().into();
    }
    let taints: Vec<Value> = of.taints.iter().map(|taint| self::taint(taint, &pool)).collect();
    // v1beta1 has no place for them.
    if taints.is_empty() || old {
        remove(&mut pool, "taints");
    } else {
        pool["taints"] = Value::Array(taints);
    }
    pool
}

/// A taint of one's own may say that it is set once only.
pub(crate) fn taint(of: &api::changes::Taint, pool: &Value) -> Value {
    let before = pool["taints"].as_array().into_iter().flatten().find(|t| t["key"] == of.key.as_str() && t["effect"] == of.effect.word());
    let propagation = before.map_or(json!("Always"), |t| t["propagation"].clone());
    let mut taint = json!({ "key": of.key, "effect": of.effect.word(), "propagation": propagation });
    if !of.value.is_empty() {
        taint["value"] = json!(of.value);
    }
    taint
}

fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|one| one["name"] == name)
}

fn blocks(text: &str) -> Value {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| json!(part)).collect()
}

fn remove(of: &mut Value, key: &str) {
    of.as_object_mut().map(|fields| fields.remove(key));
}
