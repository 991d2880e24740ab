//! Which ClusterClasses does kos-mgmt offer?

use serde_json::{Value, json};

/// The class of Cluster API's quick start, without its variables.
pub(crate) fn objects(created: &str) -> Vec<Value> {
    vec![json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": { "name": "quick-start", "namespace": "default", "creationTimestamp": created },
        "spec": { "workers": { "machineDeployments": [{ "class": "default-worker" }] } }, "status": {},
    })]
}
