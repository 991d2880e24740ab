//! Which form does a Cluster say?

use std::collections::BTreeMap;

use api::changes::{Taint, TaintEffect};
use api::drawing::{ClassName, ClusterForm, Label, Pool};
use serde_json::Value;

use crate::network::chosen;

/// A cluster that no class describes has no fields that a form could show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTopology;

/// Reads a Cluster back into the form; what it leaves open is taken from `form`.
///
/// # Errors
/// When no class describes it.
pub fn form_of(cluster: &Value, form: &ClusterForm) -> Result<ClusterForm, NoTopology> {
    let (meta, topology) = (&cluster["metadata"], &cluster["spec"]["topology"]);
    if !topology.is_object() {
        return Err(NoTopology);
    }
    let namespace = text(&meta["namespace"]).unwrap_or_else(|| form.namespace.clone());
    let reference = &topology["classRef"];
    let class = text(&reference["name"]).or_else(|| text(&topology["class"])).map(|name| ClassName {
        namespace: text(&reference["namespace"]).or_else(|| text(&topology["classNamespace"])).unwrap_or_else(|| namespace.clone()),
        name,
    });
    let ranges = &cluster["spec"]["clusterNetwork"];
    Ok(ClusterForm {
        name: text(&meta["name"]).unwrap_or_default(),
        class: class.unwrap_or_default(),
        version: text(&topology["version"]).unwrap_or_default(),
        control_planes: number(&topology["controlPlane"]["replicas"]).unwrap_or(1),
        pools: list(&topology["workers"]["machineDeployments"]).iter().map(pool).collect(),
        network: chosen(cluster).unwrap_or(form.network),
        pod_range: blocks(&ranges["pods"]["cidrBlocks"]).unwrap_or_else(|| form.pod_range.clone()),
        service_range: blocks(&ranges["services"]["cidrBlocks"]).unwrap_or_else(|| form.service_range.clone()),
        variables: list(&topology["variables"]).iter().filter_map(variable).collect::<BTreeMap<_, _>>(),
        yaml: form.yaml.clone(),
        namespace,
    })
}

fn pool(of: &Value) -> Pool {
    let labels = of["metadata"]["labels"].as_object().into_iter().flatten();
    Pool {
        name: text(&of["name"]).unwrap_or_default(),
        class: text(&of["class"]).unwrap_or_default(),
        replicas: number(&of["replicas"]).unwrap_or(0),
        labels: labels.map(|(key, value)| Label { key: key.clone(), value: value.as_str().unwrap_or_default().to_owned() }).collect(),
        taints: list(&of["taints"]).iter().filter_map(taint).collect(),
    }
}

fn taint(of: &Value) -> Option<Taint> {
    let effect = TaintEffect::ALL.into_iter().find(|effect| of["effect"] == effect.word())?;
    Some(Taint { key: text(&of["key"])?, value: text(&of["value"]).unwrap_or_default(), effect })
}

fn variable(of: &Value) -> Option<(String, String)> {
    Some((text(&of["name"])?, of["value"].to_string()))
}

fn blocks(value: &Value) -> Option<String> {
    let all: Vec<&str> = list(value).iter().filter_map(Value::as_str).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|n| u32::try_from(n).ok())
}
