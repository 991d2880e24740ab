use api::drawing::ClusterNetwork;
use serde_json::{Value, json};

use super::{PLACE, chosen, doubts, images, kindnet, ordered, pod_ranges};

fn documents(text: &str) -> Vec<Value> {
    serde_yaml::from_multiple::<Value>(text).unwrap().into_iter().filter(|document| !document.is_null()).collect()
}

fn ranges(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn kindnet_is_made_for_the_pods_that_the_cluster_asks_for() {
    let cluster = json!({ "spec": { "clusterNetwork": { "pods": { "cidrBlocks": ["192.168.0.0/16", "fd00:100:96::/48", "rubbish: {x}"] } } } });
    let pods = pod_ranges(&cluster);
    assert_eq!(pods, ["192.168.0.0/16", "fd00:100:96::/48"]);
    let text = kindnet(&pods).unwrap();
    assert!(!text.contains(PLACE));
    let all = documents(&text);
    let kinds: Vec<&str> = all.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["ClusterRole", "ClusterRoleBinding", "ServiceAccount", "DaemonSet"]);
    assert_eq!(images(&all).len(), 1);
    assert_eq!(doubts(&all, &pods), Vec::<String>::new());
    assert_eq!(kindnet(&pod_ranges(&json!({}))), None, "its nodes would have no addresses to give");
}

#[test]
fn the_network_that_a_form_chose_is_read_from_its_cluster() {
    let cluster = |word: &str| json!({ "metadata": { "annotations": { "kos.dev/network": word } } });
    for (cluster, network) in [
        (cluster("calico"), Some(ClusterNetwork::Calico)),
        (cluster("none"), Some(ClusterNetwork::NotInstalled)),
        (cluster("antrea"), None),
        (json!({ "metadata": { "name": "lab-b" } }), None),
    ] {
        assert_eq!(chosen(&cluster), network, "{cluster}");
    }
}

#[test]
fn a_manifest_for_other_pods_is_doubted_with_both_ranges() {
    let variable = |name: &str, value: &str| json!({ "kind": "DaemonSet", "spec": { "template": { "spec": { "containers": [{ "env": [{ "name": name, "value": value }, { "name": "OTHER", "value": "1.2.3.0/24" }] }] } } } });
    for (document, pods, doubted) in [
        (variable("CALICO_IPV4POOL_CIDR", "192.168.0.0/16"), "192.168.0.0/16", false),
        (variable("CALICO_IPV4POOL_CIDR", "192.168.0.0/16"), "10.244.0.0/16", true),
        (variable("POD_SUBNET", "10.244.0.0/16"), "10.0.0.0/8", false),
        (json!({ "kind": "ConfigMap", "data": { "cluster-pool-ipv4-cidr": "10.0.0.0/8" } }), "10.244.0.0/16", true),
        (json!({ "kind": "ConfigMap", "data": { "net-conf.json": "{\"Network\": \"10.244.0.0/16\"}" } }), "192.168.0.0/16", true),
        (json!({ "kind": "Installation", "spec": { "calicoNetwork": { "ipPools": [{ "cidr": "192.168.0.0/16" }] } } }), "192.168.0.0/16", false),
        (json!({ "kind": "IPPool", "spec": { "cidr": "fd00::/48" } }), "192.168.0.0/16", true),
        // A rule about traffic is no address of a pod.
        (json!({ "kind": "NetworkPolicy", "spec": { "egress": [{ "to": [{ "ipBlock": { "cidr": "0.0.0.0/0" } }] }] } }), "192.168.0.0/16", false),
    ] {
        let said = doubts(std::slice::from_ref(&document), &ranges(&[pods]));
        assert_eq!(!said.is_empty(), doubted, "{document} {said:?}");
        assert!(said.iter().all(|sentence| sentence.contains(pods)), "{said:?}");
    }
    assert!(doubts(&[variable("POD_SUBNET", "10.244.0.0/16")], &[])[0].contains("names no pod range"));
}

#[test]
fn namespaces_and_definitions_come_before_what_needs_them() {
    let kinds = ["Deployment", "CustomResourceDefinition", "Installation", "Namespace"];
    let sorted = ordered(kinds.iter().map(|kind| json!({ "kind": kind })).collect());
    let sorted: Vec<&str> = sorted.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(sorted, ["Namespace", "CustomResourceDefinition", "Deployment", "Installation"]);
}
