//! Which files define lab-a, and what was done to it since they were written?

use api::Timestamp;
use serde_json::{Value, json};

use crate::capi::parts;
use crate::objects::ago;

/// Where the checkout stands below the home folder, and the folder of lab-a in it.
pub const CHECKOUT: &str = "src/clusters";
pub const FOLDER: &str = "lab/lab-a";

/// The files of that folder.
pub const FILES: [(&str, &str); 4] = [
    ("addons.yaml", include_str!("definitions/addons.yaml")),
    ("class.yaml", include_str!("definitions/class.yaml")),
    ("cluster.yaml", include_str!("definitions/cluster.yaml")),
    ("health.yaml", include_str!("definitions/health.yaml")),
];

/// Who set which fields of lab-a's Cluster last.
pub(super) fn owners(now: Timestamp) -> Value {
    let fields = json!({ "f:spec": { "f:topology": {} } });
    json!([{ "manager": "kos", "operation": "Update", "apiVersion": "cluster.x-k8s.io/v1beta2", "time": ago(now, 5_400), "fieldsType": "FieldsV1", "fieldsV1": fields }])
}

/// Health checks of lab-a: one that somebody changed, one that no file has.
pub(super) fn health_checks(plane: &str, workers: &[&str], now: Timestamp) -> Vec<Value> {
    let created = ago(now, 6 * 86_400);
    let check = |(name, watched): (&str, &[&str]), selector: Value, seconds: u64, hand: &str, age: u64| {
        let mut check = parts::health_check(name, "lab-a", watched, &created);
        let fields = json!({ "f:spec": { "f:checks": { "f:nodeStartupTimeoutSeconds": {} } } });
        check["metadata"]["managedFields"] = json!([{ "manager": hand, "operation": "Update", "apiVersion": "cluster.x-k8s.io/v1beta2", "time": ago(now, age), "fieldsType": "FieldsV1", "fieldsV1": fields }]);
        check["spec"] = json!({ "clusterName": "lab-a", "selector": { "matchLabels": selector }, "checks": { "nodeStartupTimeoutSeconds": seconds } });
        check
    };
    vec![
        check(("lab-a-md-0", workers), json!({ "topology.cluster.x-k8s.io/deployment-name": "md-0" }), 1_200, "kubectl-edit", 2 * 86_400),
        check(("lab-a-planes", &[plane]), json!({ "cluster.x-k8s.io/control-plane": "" }), 600, "kubectl-create", 6 * 86_400),
    ]
}
