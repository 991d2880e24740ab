use api::impact::{NoticeWhy, RemovedApi};
use rstest::rstest;
use serde_json::{Value, json};

use super::{moved, removed, selector::selects};

fn pod(namespace: &str, name: &str, owner: Option<(&str, &str)>) -> Value {
    let owners: Vec<Value> = owner.map(|(kind, uid)| json!({ "kind": kind, "uid": uid, "controller": true })).into_iter().collect();
    json!({
        "metadata": { "namespace": namespace, "name": name, "labels": { "app": name.split('-').next() }, "ownerReferences": owners },
        "status": { "phase": "Running" },
    })
}

fn budget(namespace: &str, name: &str, app: &str, allowed: u32) -> Value {
    json!({
        "metadata": { "namespace": namespace, "name": name },
        "spec": { "selector": { "matchLabels": { "app": app } } }, "status": { "disruptionsAllowed": allowed },
    })
}

#[test]
fn only_copies_pods_alone_and_pods_that_a_budget_holds_are_noticed() {
    let mut mirror = pod("kube-system", "etcd-cp", Some(("Node", "n")));
    mirror["metadata"]["annotations"] = json!({ "kubernetes.io/config.mirror": "x" });
    let mut ended = pod("ci", "run-1", Some(("Job", "j")));
    ended["status"]["phase"] = json!("Succeeded");
    let pods = [
        pod("web", "web-1", Some(("ReplicaSet", "w"))),
        pod("web", "web-2", Some(("ReplicaSet", "w"))),
        pod("monitoring", "grafana-0", Some(("StatefulSet", "g"))),
        pod("db", "postgres-0", Some(("StatefulSet", "p"))),
        pod("tmp", "shell", None),
        pod("kube-system", "kindnet-x", Some(("DaemonSet", "k"))),
        mirror,
        ended,
    ];
    let moved = moved(&pods, &[budget("db", "postgres", "postgres", 0), budget("web", "web", "web", 1), budget("other", "all", "grafana", 0)]);
    assert_eq!((moved.pods, moved.doubled), (5, 2));
    let told: Vec<(&str, NoticeWhy)> = moved.notices.iter().map(|notice| (notice.pod.as_str(), notice.why.clone())).collect();
    assert_eq!(
        told,
        [("db/postgres-0", NoticeWhy::Held { budget: "db/postgres".into() }), ("tmp/shell", NoticeWhy::Alone), ("monitoring/grafana-0", NoticeWhy::OnlyCopy),]
    );
}

const METRICS: &str = r#"# HELP apiserver_requested_deprecated_apis [STABLE] Gauge of deprecated APIs that have been requested
apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1
apiserver_requested_deprecated_apis{group="flowcontrol.apiserver.k8s.io",removed_release="1.32",resource="flowschemas",subresource="",version="v1beta3"} 1
apiserver_requested_deprecated_apis{group="flowcontrol.apiserver.k8s.io",removed_release="1.32",resource="flowschemas",subresource="status",version="v1beta3"} 1
apiserver_requested_deprecated_apis{group="batch",removed_release="1.40",resource="cronjobs",subresource="",version="v1beta9"} 1
apiserver_requested_deprecated_apis{group="batch",removed_release="1.30",resource="jobs",subresource="",version="v1beta8"} 0
apiserver_request_total{code="200"} 9"#;

#[test]
fn what_a_version_no_longer_serves_is_named_once_with_its_release() {
    let gone = RemovedApi { version: "flowcontrol.apiserver.k8s.io/v1beta3".into(), resource: "flowschemas".into(), removed_in: "1.32".into() };
    assert_eq!(removed(METRICS.lines(), "v1.36.1"), [gone]);
    assert_eq!(removed(METRICS.lines(), "v1.31.9"), []);
    assert_eq!(removed(METRICS.lines(), "latest"), []);
    assert_eq!(removed(["apiserver_requested_deprecated_apis{", "apiserver_requested_deprecated_apis{group=} x"], "v1.36.1"), []);
}

#[rstest]
#[case(json!({}), true)]
#[case(Value::Null, false)]
#[case(json!({ "matchLabels": { "app": "web" } }), true)]
#[case(json!({ "matchLabels": { "app": "db" } }), false)]
#[case(json!({ "matchExpressions": [{ "key": "app", "operator": "In", "values": ["web", "db"] }] }), true)]
#[case(json!({ "matchExpressions": [{ "key": "app", "operator": "NotIn", "values": ["web"] }] }), false)]
#[case(json!({ "matchExpressions": [{ "key": "tier", "operator": "DoesNotExist" }, { "key": "app", "operator": "Exists" }] }), true)]
#[case(json!({ "matchExpressions": [{ "key": "app", "operator": "Gt", "values": ["1"] }] }), false)]
fn a_selector_means_whom_kubernetes_means(#[case] selector: Value, #[case] means: bool) {
    assert_eq!(selects(&selector, &json!({ "app": "web" })), means);
}
