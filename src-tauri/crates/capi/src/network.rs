//! Which network does a cluster ask for, and does a manifest bring that one?
//!
//! Nodes of a new cluster are not Ready before somebody connects their pods. Start at: [`kindnet`], [`doubts`].

mod found;

use std::net::IpAddr;

use api::drawing::ClusterNetwork;
use serde_json::Value;

pub use found::found;

/// With its place for the pod ranges.
const KINDNET: &str = include_str!("network/kindnet.yaml");
const PLACE: &str = "{{ .PodSubnet }}";

/// The pod ranges that a Cluster asks for: `192.168.0.0/16`, two of them where it has two families.
pub fn pod_ranges(cluster: &Value) -> Vec<String> {
    let blocks = cluster.pointer("/spec/clusterNetwork/pods/cidrBlocks").and_then(Value::as_array);
    blocks.into_iter().flatten().filter_map(Value::as_str).filter(|text| range(text).is_some()).map(str::to_owned).collect()
}

/// Which network was chosen in the form when the Cluster was drawn; none for one that no form made.
pub fn chosen(cluster: &Value) -> Option<ClusterNetwork> {
    cluster["metadata"]["annotations"][ClusterNetwork::ANNOTATION].as_str().and_then(ClusterNetwork::of_word)
}

/// The manifest of kindnet for these pods; `None` without a range, which it cannot do without.
pub fn kindnet(pods: &[String]) -> Option<String> {
    (!pods.is_empty() && pods.iter().all(|text| range(text).is_some())).then(|| KINDNET.replace(PLACE, &pods.join(",")))
}

/// What of a manifest does not fit the cluster, in sentences.
pub fn doubts(documents: &[Value], pods: &[String]) -> Vec<String> {
    let mut named = vec![];
    documents.iter().for_each(|document| ranges_of_pods(document, &mut named));
    named.sort();
    named.dedup();
    let fits = |text: &str| range(text).is_some_and(|mine| pods.iter().filter_map(|pod| range(pod)).any(|pod| holds(pod, mine)));
    let odd = named.iter().filter(|text| !fits(text));
    odd.map(|text| {
        if pods.is_empty() {
            format!("The manifest gives pods addresses of {text}, and the Cluster names no pod range: its nodes have none to give.")
        } else {
            format!("The manifest gives pods addresses of {text}, the Cluster asks for {}: pods would not reach each other.", pods.join(" and "))
        }
    })
    .collect()
}

/// The images that a manifest runs, each once.
pub fn images(documents: &[Value]) -> Vec<String> {
    let mut all = vec![];
    documents.iter().for_each(|document| {
        walk(document, &mut |key, value| {
            if key == "image"
                && let Some(image) = value.as_str()
            {
                all.push(image.to_owned());
            }
        });
    });
    all.sort();
    all.dedup();
    all
}

/// Documents in the order in which a server takes them: namespaces and definitions before what needs them.
pub fn ordered(mut documents: Vec<Value>) -> Vec<Value> {
    documents.sort_by_key(|document| match document["kind"].as_str().unwrap_or_default() {
        "Namespace" => 0,
        "CustomResourceDefinition" => 1,
        _ => 2,
    });
    documents
}

/// Where plug-ins say which addresses pods get: variables of kindnet and Calico, pools of Calico, settings of Cilium and
/// flannel.
fn ranges_of_pods(document: &Value, found: &mut Vec<String>) {
    let mut take = |value: &Value| {
        found.extend(value.as_str().into_iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| range(text).is_some()).map(str::to_owned))
    };
    let kind = document["kind"].as_str().unwrap_or_default();
    if kind == "IPPool" {
        take(&document["spec"]["cidr"]);
    }
    if kind == "Installation" {
        document["spec"]["calicoNetwork"]["ipPools"].as_array().into_iter().flatten().for_each(|pool| take(&pool["cidr"]));
    }
    walk(document, &mut |key, value| match key {
        "cluster-pool-ipv4-cidr" | "cluster-pool-ipv6-cidr" => take(value),
        "net-conf.json" => {
            let settings: Value = value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            take(&settings["Network"]);
        }
        "env" => {
            let variables = value.as_array().into_iter().flatten();
            variables
                .filter(|one| ["POD_SUBNET", "CALICO_IPV4POOL_CIDR", "CALICO_IPV6POOL_CIDR"].iter().any(|name| one["name"] == *name))
                .for_each(|one| take(&one["value"]));
        }
        _ => {}
    });
}

fn walk(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            look(key, value);
            walk(value, look);
        }),
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `10.244.0.0/16` as address and length.
fn range(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let (address, length): (IpAddr, u8) = (address.parse().ok()?, length.parse().ok()?);
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

/// Whether one range lies within another.
fn holds(outer: (IpAddr, u8), inner: (IpAddr, u8)) -> bool {
    let head = |address: IpAddr, length: u8| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()).checked_shr(u32::from(32 - length)).unwrap_or_default(),
        IpAddr::V6(address) => address.to_bits().checked_shr(u32::from(128 - length)).unwrap_or_default(),
    };
    outer.0.is_ipv4() == inner.0.is_ipv4() && outer.1 <= inner.1 && head(outer.0, outer.1) == head(inner.0, outer.1)
}

#[cfg(test)]
mod tests;
