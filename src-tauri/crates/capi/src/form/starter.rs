//! Of which class is the first cluster of a management cluster that has none yet?
//!
//! `clusterctl init` brings no class. This one makes machines of containers and needs nothing but the Docker provider.

use api::drawing::{ClassName, ClassView, ClusterForm, ClusterNetwork, FormField, Pool};
use serde_json::{Value, json};

use super::{DockerNetwork, Documents, class, cluster, free_range};

/// With its place for the repository of node images.
const CLASS: &str = include_str!("starter.yaml");
const IMAGE: &str = "{{IMAGE}}";
const NAME: &str = "kos-docker";
const WORKERS: &str = "default-worker";
const NAMESPACE: &str = "default";
const API_VERSION: &str = "cluster.x-k8s.io/v1beta2";

/// One control plane and one worker, of ranges that no network of Docker uses.
pub fn starter(name: &str, version: &str, networks: &[DockerNetwork]) -> ClusterForm {
    let range = |field: FormField, other: &str| free_range(&field, networks, other).unwrap_or_default();
    let pods = range(FormField::PodRange, "");
    ClusterForm {
        namespace: NAMESPACE.to_owned(),
        name: name.to_owned(),
        class: ClassName { namespace: NAMESPACE.to_owned(), name: NAME.to_owned() },
        version: version.to_owned(),
        control_planes: 1,
        pools: vec![Pool { name: "md-0".to_owned(), class: WORKERS.to_owned(), replicas: 1, labels: vec![], taints: vec![] }],
        network: ClusterNetwork::Kindnet,
        service_range: range(FormField::ServiceRange, &pods),
        pod_range: pods,
        variables: Default::default(),
        yaml: None,
    }
}

/// The cluster of a form with the class that it comes with; `images` is where node images come from.
pub fn started(form: &ClusterForm, images: &str) -> Documents {
    Documents { cluster: cluster(form, API_VERSION, None), others: objects(&form.class.namespace, images) }
}

/// What a form can choose from in this class.
pub fn starter_class() -> Option<ClassView> {
    let objects = objects(NAMESPACE, "");
    let of_kind = |kind: &str| objects.iter().find(|object| object["kind"] == kind);
    class(of_kind("ClusterClass")?, of_kind("DevClusterTemplate"))
}

fn objects(namespace: &str, images: &str) -> Vec<Value> {
    let mut objects: Vec<Value> = serde_yaml::from_multiple(&CLASS.replace(IMAGE, images)).unwrap_or_default();
    objects.iter_mut().for_each(|object| object["metadata"]["namespace"] = json!(namespace));
    objects
}

#[cfg(test)]
mod tests {
    use api::drawing::{MachineCount, MachinesAre};

    use super::*;
    use crate::form::{Ground, checks, documents, form_of, rendered, written};

    #[test]
    fn the_first_cluster_speaks_against_nothing_and_reads_back_as_it_was_written() {
        let networks = [DockerNetwork { name: "kind".into(), ranges: vec!["192.168.32.0/20".into()] }];
        let form = starter("lab-a", "v1.36.4", &networks);
        let known = starter_class().expect("the class reads");
        assert_eq!((known.machines, known.workers.clone(), known.trouble.as_str()), (MachinesAre::Containers, vec![WORKERS.to_owned()], ""));
        let image = api::local::NodeImage { kubernetes: "v1.36.4".into(), image: "x".into(), is: api::local::ImageIs::Here { bytes: None } };
        let ground = Ground { classes: vec![known], versions: vec![image], networks: networks.to_vec(), ..Ground::default() };
        assert_eq!(checks(&form, &ground), []);
        let made = started(&form, "mirror.example/node");
        let text = written(&made.cluster, &made.others);
        assert!(text.contains("mirror.example/node:{{ .builtin.controlPlane.version") && !text.contains(IMAGE), "{text}");
        let read = documents(&text, "elsewhere").expect("what KOS writes, KOS reads");
        assert_eq!(read, made);
        assert_eq!(form_of(&read.cluster, &starter("x", "v1.0.0", &[])).expect("a class describes it"), form);
        assert_eq!(rendered(&read.cluster, &read.others), MachineCount { control_planes: 1, workers: 1 });
    }
}
