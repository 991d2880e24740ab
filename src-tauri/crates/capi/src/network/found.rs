//! Which network runs in a cluster?
//!
//! Pure: its DaemonSets come in. A plug-in is known by its image, else by its place on the node.

use api::network::{NetworkFound, Plugin};
use serde_json::Value;

/// The last part of an image's name, and whose it is.
const IMAGES: [(&str, Plugin); 6] = [
    ("kindnetd", Plugin::Kindnet),
    ("calico-node", Plugin::Calico),
    // Calico names its image so, below `calico/`.
    ("calico/node", Plugin::Calico),
    ("cilium", Plugin::Cilium),
    ("flannel", Plugin::Flannel),
    ("antrea-agent", Plugin::Antrea),
];
/// Where the container runtime looks for a network.
const CONFIGURATION: &str = "/etc/cni/net.d";

/// The networks among the DaemonSets, known ones first.
pub fn found(sets: &[Value]) -> Vec<NetworkFound> {
    let mut all: Vec<NetworkFound> = sets.iter().filter_map(network).collect();
    // Others may write there too, such as a chained plug-in: where one is known, it is that one.
    if all.iter().any(|one| one.plugin != Plugin::Other) {
        all.retain(|one| one.plugin != Plugin::Other);
    }
    all.sort_by(|a, b| (a.plugin, &a.runs).cmp(&(b.plugin, &b.runs)));
    all
}

fn network(set: &Value) -> Option<NetworkFound> {
    let pod = &set["spec"]["template"]["spec"];
    let images: Vec<&str> = pod["containers"].as_array().into_iter().flatten().filter_map(|one| one["image"].as_str()).collect();
    let known = images.iter().find_map(|image| Some((*image, plugin(image)?)));
    let writes = pod["volumes"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|volume| volume["hostPath"]["path"].as_str().is_some_and(|path| path.trim_end_matches('/') == CONFIGURATION));
    let (image, plugin) = match (known, writes) {
        (Some(known), _) => known,
        (None, true) => (images.first().copied().unwrap_or_default(), Plugin::Other),
        (None, false) => return None,
    };
    let text = |field: &str| set["metadata"][field].as_str().unwrap_or_default();
    let count = |field: &str| set["status"][field].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
    Some(NetworkFound {
        plugin,
        runs: format!("{}/{}", text("namespace"), text("name")),
        image: image.to_owned(),
        ready: count("numberReady"),
        wanted: count("desiredNumberScheduled"),
    })
}

/// `docker.io/kindest/kindnetd:v20260101@sha256:…` is kindnet's.
fn plugin(image: &str) -> Option<Plugin> {
    let (name, _) = image.split_once('@').unwrap_or((image, ""));
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        Some(_) | None => name,
    };
    IMAGES.iter().find(|(end, _)| name == *end || name.strip_suffix(end).is_some_and(|before| before.ends_with('/'))).map(|(_, plugin)| *plugin)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(name: &str, image: &str, path: Option<&str>) -> Value {
        let volumes = path.map(|path| json!([{ "hostPath": { "path": path } }])).unwrap_or_default();
        json!({
            "metadata": { "namespace": "kube-system", "name": name },
            "spec": { "template": { "spec": { "containers": [{ "image": image }], "volumes": volumes } } },
            "status": { "desiredNumberScheduled": 4, "numberReady": 3 },
        })
    }

    #[test]
    fn a_network_is_known_by_its_image_else_by_what_it_writes() {
        let proxy = || set("kube-proxy", "registry.k8s.io/kube-proxy:v1.36.1", None);
        for (image, path, plugin) in [
            ("docker.io/kindest/kindnetd:v20260101-abc@sha256:00", Some("/etc/cni/net.d"), Some(Plugin::Kindnet)),
            ("quay.io/calico/node:v3.31.0", Some("/etc/cni/net.d"), Some(Plugin::Calico)),
            ("quay.io/cilium/cilium:v1.19.0", None, Some(Plugin::Cilium)),
            ("ghcr.io/flannel-io/flannel:v0.27.0", None, Some(Plugin::Flannel)),
            ("localhost:5000/antrea-agent", None, Some(Plugin::Antrea)),
            ("example.org/own-net:1", Some("/etc/cni/net.d/"), Some(Plugin::Other)),
            ("quay.io/prometheus/node-exporter:v1", None, None),
            ("quay.io/cilium/cilium-envoy:v1", None, None),
        ] {
            let told = found(&[proxy(), set("net", image, path)]);
            assert_eq!(told.first().map(|one| one.plugin), plugin, "{image}");
        }
    }

    #[test]
    fn where_a_network_is_known_a_chained_one_is_no_second() {
        let told = found(&[set("multus", "example.org/multus:1", Some("/etc/cni/net.d")), set("kindnet", "kindest/kindnetd:1", None)]);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].runs.as_str(), told[0].ready, told[0].wanted), ("kube-system/kindnet", 3, 4));
        assert_eq!(found(&[json!({}), json!(null)]), []);
    }
}
