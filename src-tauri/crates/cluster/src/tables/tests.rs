use api::tables::{Health, Kind, TableRow};
use rstest::rstest;
use serde_json::{Value, json};

use super::fields::{milli, named, shown};
use super::*;

fn only(kind: Kind, object: Value) -> TableRow {
    let list = json!({ "metadata": { "resourceVersion": "7" }, "items": [object] });
    page(kind, list.to_string().as_bytes()).unwrap().rows.remove(0)
}

fn pod(spec: Value, status: Value) -> (String, Health, String, u32) {
    pod_with(json!({ "name": "p", "namespace": "n" }), spec, status)
}

fn pod_with(metadata: Value, spec: Value, status: Value) -> (String, Health, String, u32) {
    match only(Kind::Pods, json!({ "metadata": metadata, "spec": spec, "status": status })) {
        TableRow::Pod(row) => (row.status, row.health, format!("{}/{}", row.ready, row.containers), row.restarts),
        other => panic!("{other:?}"),
    }
}

fn running(ready: bool) -> Value {
    json!({ "name": "c", "ready": ready, "restartCount": 0, "state": { "running": {} } })
}

fn waiting(reason: &str, restarts: u32) -> Value {
    json!({ "name": "c", "ready": false, "restartCount": restarts, "state": { "waiting": { "reason": reason } } })
}

fn ended(reason: &str, code: i32, signal: i32) -> Value {
    json!({ "name": "c", "ready": false, "restartCount": 0, "state": { "terminated": { "reason": reason, "exitCode": code, "signal": signal } } })
}

const READY: &str = r#"[{"type":"Initialized","status":"True"},{"type":"Ready","status":"True"}]"#;

fn ready() -> Value {
    serde_json::from_str(READY).unwrap()
}

#[rstest]
#[case::running(json!({"phase":"Running","conditions":ready(),"containerStatuses":[running(true)]}), "Running", Health::Healthy, "1/1")]
#[case::not_ready_yet(json!({"phase":"Running","containerStatuses":[running(false)]}), "Running", Health::Progress, "0/1")]
#[case::crash_loop(json!({"phase":"Running","containerStatuses":[waiting("CrashLoopBackOff", 9)]}), "CrashLoopBackOff", Health::Failed, "0/1")]
#[case::no_image(json!({"phase":"Pending","containerStatuses":[waiting("ImagePullBackOff", 0)]}), "ImagePullBackOff", Health::Failed, "0/1")]
#[case::creating(json!({"phase":"Pending","containerStatuses":[waiting("ContainerCreating", 0)]}), "ContainerCreating", Health::Progress, "0/1")]
#[case::completed(json!({"phase":"Succeeded","containerStatuses":[ended("Completed", 0, 0)]}), "Completed", Health::Idle, "0/1")]
#[case::killed(json!({"phase":"Failed","containerStatuses":[ended("OOMKilled", 137, 0)]}), "OOMKilled", Health::Failed, "0/1")]
#[case::signal(json!({"phase":"Failed","containerStatuses":[ended("", 137, 9)]}), "Signal:9", Health::Failed, "0/1")]
#[case::exit_code(json!({"phase":"Failed","containerStatuses":[ended("", 3, 0)]}), "ExitCode:3", Health::Failed, "0/1")]
#[case::evicted(json!({"phase":"Failed","reason":"Evicted"}), "Evicted", Health::Failed, "0/1")]
#[case::gated(json!({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}), "SchedulingGated", Health::Idle, "0/1")]
#[case::no_room(json!({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}), "Pending", Health::Warning, "0/1")]
#[case::null_lists(json!({"phase":"Pending","conditions":null,"containerStatuses":null}), "Pending", Health::Progress, "0/1")]
fn a_pod_says_what_kubectl_says(#[case] status: Value, #[case] word: &str, #[case] health: Health, #[case] share: &str) {
    let (said, is, of, _) = pod(json!({ "containers": [{}] }), status);
    assert_eq!((said.as_str(), is, of.as_str()), (word, health, share));
}

/// Some clients write `null` where they have nothing to say, and an API server keeps it.
#[rstest]
#[case::pod(Kind::Pods, json!({
    "metadata": { "name": "o", "namespace": null, "resourceVersion": null, "creationTimestamp": null, "deletionTimestamp": null, "labels": null },
    "spec": { "nodeName": null, "containers": null, "initContainers": [{ "name": null, "restartPolicy": null }] },
    "status": {
        "phase": null, "reason": null, "podIP": null, "conditions": [{ "type": null, "status": null, "reason": null, "message": null }],
        "initContainerStatuses": null,
        "containerStatuses": [{
            "name": null, "ready": null, "started": null, "restartCount": null,
            "state": { "running": null, "waiting": { "reason": null }, "terminated": null },
            "lastState": { "terminated": { "reason": null, "exitCode": null, "signal": null, "finishedAt": null } },
        }],
    },
}))]
#[case::bare_pod(Kind::Pods, json!({ "metadata": { "name": "o" }, "spec": null, "status": null }))]
#[case::node(Kind::Nodes, json!({
    "metadata": { "name": "o", "labels": null },
    "spec": { "unschedulable": null, "taints": null },
    "status": {
        "conditions": null, "addresses": [{ "type": null, "address": null }], "capacity": { "cpu": null, "memory": null, "pods": null },
        "nodeInfo": { "kubeletVersion": null, "osImage": null, "kernelVersion": null, "containerRuntimeVersion": null },
    },
}))]
#[case::bare_node(Kind::Nodes, json!({ "metadata": { "name": "o" }, "spec": null, "status": null }))]
#[case::namespace(Kind::Namespaces, json!({ "metadata": { "name": "o", "labels": null }, "status": { "phase": null, "conditions": null } }))]
fn a_field_that_is_null_is_a_field_that_is_absent(#[case] kind: Kind, #[case] object: Value) {
    let row = only(kind, object);
    assert!(!matches!(row, TableRow::Unreadable { .. }), "{row:?}");
    assert_eq!(row.name(), "o");
}

#[rstest]
#[case::first_runs(json!([running(false)]), "Init:0/2", Health::Progress)]
#[case::second_runs(json!([ended("Completed", 0, 0), running(false)]), "Init:1/2", Health::Progress)]
#[case::first_fails(json!([ended("Error", 1, 0)]), "Init:Error", Health::Failed)]
#[case::crash_loop(json!([waiting("CrashLoopBackOff", 4)]), "Init:CrashLoopBackOff", Health::Failed)]
#[case::signal(json!([ended("", 0, 0), ended("", 1, 11)]), "Init:Signal:11", Health::Failed)]
#[case::starting(json!([waiting("PodInitializing", 0)]), "Init:0/2", Health::Progress)]
fn init_containers_are_counted_as_kubectl_counts(#[case] init: Value, #[case] word: &str, #[case] health: Health) {
    let spec = json!({ "containers": [{}], "initContainers": [{ "name": "a" }, { "name": "b" }] });
    let (said, is, ..) = pod(spec, json!({ "phase": "Pending", "initContainerStatuses": init }));
    assert_eq!((said.as_str(), is), (word, health));
}

#[test]
fn a_sidecar_counts_as_a_container_with_its_restarts() {
    let spec = json!({ "containers": [{}], "initContainers": [{ "name": "side", "restartPolicy": "Always" }] });
    let side = json!({ "name": "side", "ready": true, "started": true, "restartCount": 2, "state": { "running": {} } });
    let status = json!({ "phase": "Running", "conditions": ready(), "initContainerStatuses": [side], "containerStatuses": [running(true)] });
    assert_eq!(pod(spec, status), ("Running".into(), Health::Healthy, "2/2".into(), 2));
}

#[test]
fn a_finished_container_beside_a_running_one_is_not_completed() {
    let spec = json!({ "containers": [{}, {}] });
    let status = |conditions: Value| json!({ "phase": "Running", "conditions": conditions, "containerStatuses": [ended("Completed", 0, 0), running(true)] });
    assert_eq!(pod(spec.clone(), status(ready())).0, "Running");
    assert_eq!(pod(spec, status(json!([]))).0, "NotReady");
}

#[rstest]
#[case::going(json!({"phase":"Running"}), "Terminating", Health::Progress)]
#[case::lost(json!({"phase":"Running","reason":"NodeLost"}), "Unknown", Health::Unknown)]
#[case::done(json!({"phase":"Succeeded","containerStatuses":[ended("Completed", 0, 0)]}), "Completed", Health::Idle)]
fn a_deleted_pod_terminates_unless_its_node_is_lost_or_it_is_done(#[case] status: Value, #[case] word: &str, #[case] health: Health) {
    let metadata = json!({ "name": "p", "namespace": "n", "deletionTimestamp": "2026-01-02T03:04:05Z" });
    let (said, is, ..) = pod_with(metadata, json!({ "containers": [{}] }), status);
    assert_eq!((said.as_str(), is), (word, health));
}

#[test]
fn the_last_restart_is_the_latest_end_of_any_container() {
    let status = json!({ "phase": "Running", "containerStatuses": [
        { "name": "a", "restartCount": 1, "lastState": { "terminated": { "exitCode": 1, "finishedAt": "2026-01-02T03:04:05Z" } } },
        { "name": "b", "restartCount": 2, "lastState": { "terminated": { "exitCode": 1, "finishedAt": "2026-01-01T00:00:00Z" } } },
    ] });
    let TableRow::Pod(row) = only(Kind::Pods, json!({ "metadata": { "name": "p" }, "status": status })) else { panic!() };
    assert_eq!((row.restarts, row.last_restart), (3, timestamp("2026-01-02T03:04:05Z")));
}

#[rstest]
#[case::ready("True", json!({}), "Ready", Health::Healthy)]
#[case::cordoned("True", json!({"unschedulable":true}), "Ready,SchedulingDisabled", Health::Idle)]
#[case::down("False", json!({}), "NotReady", Health::Failed)]
#[case::silent("Unknown", json!({"unschedulable":true}), "NotReady,SchedulingDisabled", Health::Failed)]
fn a_node_says_what_kubectl_says(#[case] status: &str, #[case] spec: Value, #[case] word: &str, #[case] health: Health) {
    let object = json!({ "metadata": { "name": "n" }, "spec": spec, "status": { "conditions": [{ "type": "Ready", "status": status }] } });
    let TableRow::Node(row) = only(Kind::Nodes, object) else { panic!() };
    assert_eq!((row.status.as_str(), row.health), (word, health));
}

#[test]
fn a_node_row_holds_roles_taints_and_sizes() {
    let object = json!({
        "metadata": { "name": "n", "labels": { "node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/control-plane": "", "kubernetes.io/role": "worker", "other": "x" } },
        "spec": { "taints": [{ "key": "a" }, { "key": "b" }] },
        "status": {
            "capacity": { "cpu": "3920m", "memory": "16384Ki", "pods": "110" },
            "addresses": [{ "type": "Hostname", "address": "n" }, { "type": "InternalIP", "address": "10.0.0.1" }],
            "nodeInfo": { "kubeletVersion": "v1.36.3", "osImage": "Debian", "kernelVersion": "6.1", "containerRuntimeVersion": "containerd://2.1" },
        },
    });
    let TableRow::Node(row) = only(Kind::Nodes, object) else { panic!() };
    assert_eq!(row.roles, ["control-plane", "worker"]);
    assert_eq!((row.taints, row.cpu_milli, row.memory_bytes, row.pods), (2, 3_920, 16_777_216, 110));
    assert_eq!((row.internal_ip.as_str(), row.version.as_str(), row.health), ("10.0.0.1", "v1.36.3", Health::Unknown));
}

#[test]
fn a_namespace_that_cannot_end_says_why() {
    let condition = |kind: &str, status: &str, message: &str| json!({ "type": kind, "status": status, "message": message });
    let conditions = json!([
        condition("NamespaceContentRemaining", "True", "Some resources are remaining"),
        condition("NamespaceDeletionDiscoveryFailure", "False", "All resources discovered"),
        condition("NamespaceFinalizersRemaining", "True", "Some content has finalizers: x in 1 instance"),
    ]);
    let row = |conditions: Value| {
        let object = json!({ "metadata": { "name": "n", "deletionTimestamp": "2026-01-02T03:04:05Z", "labels": { "a": "b" } }, "status": { "phase": "Terminating", "conditions": conditions } });
        match only(Kind::Namespaces, object) {
            TableRow::Namespace(row) => (row.health, row.stuck, row.labels),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(row(conditions), (Health::Warning, "Some content has finalizers: x in 1 instance".into(), 1));
    assert_eq!(row(json!([])), (Health::Progress, String::new(), 1));
}

#[test]
fn an_object_that_cannot_be_read_hides_no_neighbour() {
    let list = json!({ "metadata": { "resourceVersion": "7", "continue": "t" }, "items": [
        { "metadata": { "name": "a", "namespace": "n" } },
        { "metadata": { "name": "b", "namespace": "n" }, "status": { "containerStatuses": [{ "restartCount": "many" }] } },
        { "metadata": { "name": "c", "namespace": "n" } },
    ] });
    let page = page(Kind::Pods, list.to_string().as_bytes()).unwrap();
    assert_eq!(page.rows.iter().map(TableRow::name).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(matches!(&page.rows[1], TableRow::Unreadable { why, .. } if why.contains("invalid type")));
    assert_eq!((page.version.as_str(), page.next.as_str()), ("7", "t"));
}

#[test]
fn a_list_of_nothing_is_a_list() {
    let page = page(Kind::Pods, br#"{"metadata":{"resourceVersion":"1"},"items":null}"#).unwrap();
    assert_eq!((page.rows.len(), page.version.as_str()), (0, "1"));
    assert!(super::page(Kind::Pods, b"<html>").is_err());
}

#[test]
fn every_line_of_a_watch_is_understood() {
    let line = |kind: &str, object: Value| change(Kind::Pods, json!({ "type": kind, "object": object }).to_string().as_bytes());
    let meta = json!({ "metadata": { "name": "a", "namespace": "n", "resourceVersion": "9" } });
    assert!(matches!(line("ADDED", meta.clone()).unwrap(), Change::Set { row: TableRow::Pod(_), version, .. } if version == "9"));
    assert_eq!(line("DELETED", meta).unwrap(), Change::Gone { id: api::RowId("n/a".into()), version: "9".into() });
    assert_eq!(line("BOOKMARK", json!({ "metadata": { "resourceVersion": "12" } })).unwrap(), Change::Bookmark { version: "12".into() });
    assert_eq!(line("ERROR", json!({ "code": 410, "message": "too old" })).unwrap(), Change::Refused { code: 410, message: "too old".into() });
    let broken = line("MODIFIED", json!({ "metadata": { "name": "a", "namespace": "n", "resourceVersion": "9" }, "spec": 3 })).unwrap();
    assert!(matches!(broken, Change::Set { row: TableRow::Unreadable { .. }, .. }));
    assert!(change(Kind::Pods, br#"{"type":"ADDED","obj"#).is_err());
}

#[test]
fn hidden_marks_in_a_cluster_s_words_become_visible() {
    let (said, ..) = pod(json!({}), json!({ "phase": "Failed", "reason": "Evil\u{1b}[2J\u{202e}" }));
    assert_eq!(said, "Evil\u{fffd}[2J\u{fffd}");
}

#[test]
fn a_text_that_no_row_has_room_for_ends_with_dots() {
    for (text, wanted) in [
        ("x".repeat(4_096), "x".repeat(4_096)),
        ("x".repeat(4_097), format!("{}…", "x".repeat(4_096))),
        // No letter is cut in two.
        (format!("x{}", "é".repeat(4_096)), format!("x{}…", "é".repeat(2_047))),
    ] {
        assert_eq!(shown(&text), wanted);
    }
    assert_eq!(named("n".repeat(253)), "n".repeat(253));
    assert_eq!(named("n".repeat(2_000)), format!("{}…", "n".repeat(1_024)));
}

#[rstest]
#[case("4", 4_000)]
#[case("250m", 250)]
#[case("1.5", 1_500)]
#[case("16Gi", 17_179_869_184_000)]
#[case("128M", 128_000_000_000)]
#[case("1e3", 1_000_000)]
#[case("100n", 1)]
#[case("", 0)]
#[case("many", 0)]
#[case("-1", 0)]
fn quantities_are_read_as_kubernetes_reads_them(#[case] text: &str, #[case] thousandths: u64) {
    assert_eq!(milli(text), thousandths);
}

/// Bytes that a row keeps, its own size and the texts it owns.
fn kept(row: &TableRow) -> usize {
    let texts = match row {
        TableRow::Pod(row) => [&row.namespace, &row.name, &row.status, &row.node, &row.ip].map(String::capacity).iter().sum(),
        TableRow::Node(_) | TableRow::Namespace(_) | TableRow::Unreadable { .. } => 0,
    };
    std::mem::size_of::<TableRow>() + texts
}

#[test]
fn five_thousand_large_pods_keep_little_each() {
    let field = |n: usize| format!(r#""f:key-{n}":{{"f:value":{{}},"f:other":{{}}}}"#);
    let managed = format!(r#"[{{"manager":"kubelet","fieldsV1":{{{}}}}}]"#, (0..190).map(field).collect::<Vec<_>>().join(","));
    let one = |n: usize| {
        let meta = format!(r#""metadata":{{"name":"web-{n:05}-abcde","namespace":"team-blue","resourceVersion":"{n}","managedFields":{managed}}}"#);
        format!(
            r#"{{{meta},"spec":{{"nodeName":"node-17","containers":[{{"name":"web","image":"{}"}}]}},"status":{{"phase":"Running","podIP":"10.1.2.3"}}}}"#,
            "x".repeat(400)
        )
    };
    let items: Vec<String> = (0..5_000).map(one).collect();
    assert!(items[0].len() > 7_500 && items[0].len() < 12_000, "{}", items[0].len());
    let list = format!(r#"{{"metadata":{{"resourceVersion":"1"}},"items":[{}]}}"#, items.join(","));
    let page = page(Kind::Pods, list.as_bytes()).unwrap();
    assert_eq!(page.rows.len(), 5_000);
    assert!(page.rows.iter().map(kept).max().unwrap() < 1_500);
}
