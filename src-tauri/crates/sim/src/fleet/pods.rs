//! Which pods run in the demo fleet, and which do not?

use api::Timestamp;
use serde_json::{Value, json};

use crate::objects::{ago, event, running};
use crate::server::store::suffix;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// Healthy ones: owner, namespace, containers, how many.
const HEALTHY: [(&str, &str, usize, usize); 16] = [
    ("cart-tjdtsqkqd", "shop", 1, 8),
    ("catalog-8jqnwxjhv", "shop", 1, 8),
    ("checkout-api-rjk5kvc6x", "shop", 2, 9),
    ("fraud-score-vls9xs67d", "payments", 1, 5),
    ("image-resizer-6qm276gjm", "shop", 1, 6),
    ("ledger-fbzz6552b", "payments", 2, 6),
    ("notifier-xd5mkvqt8", "shop", 1, 4),
    ("payments-worker-v2tc7qp52", "payments", 1, 12),
    ("search-indexer-nbcx742cv", "shop", 1, 6),
    ("web-4l6thqtpl", "shop", 1, 14),
    ("gateway-7c9fd5b6c", "platform", 1, 8),
    ("ingress-controller-5c8d9f7b4", "platform", 1, 6),
    ("metrics-agent-6b7c8d9f5", "platform", 1, 8),
    ("log-shipper-9f8b7c6d5", "platform", 1, 8),
    ("cert-watcher-5d6f7b8c9", "platform", 1, 4),
    ("config-sync-8c7b6d5f4", "platform", 1, 3),
];

/// About 120 pods with the problems of the pictures.
pub(crate) fn dev_eu(now: Timestamp) -> Vec<Value> {
    let ages = [41 * 60, 6 * HOUR, 2 * DAY, 9 * DAY, 22 * DAY];
    let mut pods: Vec<Value> = Vec::new();
    for (owner, namespace, containers, count) in HEALTHY {
        for at in 0..count {
            let name = format!("{owner}-{}", suffix(owner.len() as u64 * 100 + at as u64, 5));
            pods.push(healthy(&name, namespace, containers, at, &ago(now, ages[at % ages.len()])));
        }
    }
    for at in 0..3 {
        pods.push(healthy(&format!("session-redis-{at}"), "shop", 1, at, &ago(now, ages[2 - at])));
    }
    let crash = sick("checkout-api-6d5f7c9b4-t8xqn", "shop", 2, &ago(now, 22 * 60), |pod| {
        let ended = ago(now, 70);
        pod["status"]["containerStatuses"][0] = json!({
            "name": "main", "image": "demo/checkout-api:2.14.0", "imageID": "", "ready": false, "started": false, "restartCount": 6,
            "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=main" } },
            "lastState": { "terminated": { "exitCode": 137, "reason": "OOMKilled", "startedAt": ago(now, 90), "finishedAt": ended } },
        });
    });
    let back_off = event(&crash, "checkout-api-6d5f7c9b4-t8xqn.5eed", "Warning", "BackOff", "Back-off restarting failed container main", 31, &ago(now, 70));
    let waiting = |reason: &'static str, message: &'static str| {
        move |pod: &mut Value| {
            pod["status"]["phase"] = json!("Pending");
            let one = &mut pod["status"]["containerStatuses"][0];
            one["ready"] = json!(false);
            one["state"] = json!({ "waiting": { "reason": reason, "message": message } });
        }
    };
    pods.extend([
        crash,
        back_off,
        sick("image-resizer-7c44d8d9f6-m2krz", "shop", 1, &ago(now, 8 * 60), waiting("ImagePullBackOff", "Back-off pulling image \"demo/image-resizer:4.1.0-rc9\": not found")),
        sick("fraud-score-vls9xs67d-9hh9c", "payments", 1, &ago(now, 3 * HOUR), |pod| pod["status"]["containerStatuses"][0]["ready"] = json!(false)),
        sick("search-indexer-nbcx742cv-rh7c4", "shop", 1, &ago(now, 14 * 60), |pod| {
            pod["spec"]["nodeName"] = Value::Null;
            pod["status"] = json!({ "phase": "Pending", "conditions": [{ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/4 nodes are available: 4 Insufficient memory." }] });
        }),
        sick("ledger-fbzz6552b-mgwnl", "payments", 2, &ago(now, 12), |pod| {
            pod["spec"]["initContainers"] = json!([{ "name": "migrate", "image": "demo/ledger:1" }, { "name": "warm", "image": "demo/ledger:1" }]);
            pod["status"]["phase"] = json!("Pending");
            pod["status"]["initContainerStatuses"] = json!([
                { "name": "migrate", "image": "demo/ledger:1", "imageID": "", "ready": true, "restartCount": 0, "state": { "terminated": { "exitCode": 0, "reason": "Completed" } } },
                { "name": "warm", "image": "demo/ledger:1", "imageID": "", "ready": false, "restartCount": 0, "state": { "running": {} } },
            ]);
            for at in 0..2 {
                pod["status"]["containerStatuses"][at]["ready"] = json!(false);
                pod["status"]["containerStatuses"][at]["state"] = json!({ "waiting": { "reason": "PodInitializing" } });
            }
        }),
        sick("web-4l6thqtpl-5vmzt", "shop", 1, &ago(now, 2 * DAY), |pod| pod["metadata"]["deletionTimestamp"] = json!(ago(now, 5))),
        sick("nightly-report-29390180-4x7kd", "shop", 1, &ago(now, 11 * HOUR), |pod| {
            pod["status"]["phase"] = json!("Succeeded");
            let one = &mut pod["status"]["containerStatuses"][0];
            one["ready"] = json!(false);
            one["state"] = json!({ "terminated": { "exitCode": 0, "reason": "Completed" } });
        }),
    ]);
    pods
}

/// So many healthy pods over twenty namespaces.
pub(crate) fn many(now: Timestamp, count: usize) -> impl Iterator<Item = Value> {
    let created = ago(now, DAY);
    (0..count).map(move |at| healthy(&format!("app-{}-{at:06}", at % 500), &format!("team-{:02}", at % 20), 1, at, &created))
}

fn healthy(name: &str, namespace: &str, containers: usize, at: usize, created: &str) -> Value {
    let app = name.rsplitn(3, '-').last().unwrap_or(name).to_owned();
    let containers: Vec<Value> =
        (0..containers).map(|at| json!({ "name": if at == 0 { "main" } else { "proxy" }, "image": format!("demo/{app}:1") })).collect();
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": name, "namespace": namespace, "creationTimestamp": created, "labels": { "app": app } },
        "spec": { "containers": containers, "restartPolicy": "Always" },
    });
    running(&mut pod, &format!("ip-10-4-31-{}", 84 + at % 4), created);
    pod
}

fn sick(name: &str, namespace: &str, containers: usize, created: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut pod = healthy(name, namespace, containers, 0, created);
    pod["status"]["conditions"][3]["status"] = json!("False");
    change(&mut pod);
    pod
}
