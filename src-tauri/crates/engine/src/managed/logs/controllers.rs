//! Which controllers are there, and where do they write?
//!
//! Their pods are watched while somebody looks: one that comes, starts again or goes is told, and nobody asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{RowId, Status};
use capi::Gates;
use cluster::clock::Clock;
use cluster::log::Log;
use cluster::objects::Objects;
use cluster::selected::{Selected, id};
use cluster::session::Access;
use cluster::source::Detail;
use cluster::watch::{Pace, Sink, Table};
use serde_json::Value;
use tokio::sync::watch;

/// Four providers have a pod each; more replicas wait for the lease and say nothing.
const MOST_PODS: usize = 24;
/// Read of a controller's past: it works on many clusters at once.
const TAIL: u32 = 1_000;
const OF_PROVIDERS: &str = "cluster.x-k8s.io%2Fprovider";
/// The same label on a pod, and what it says of the core.
const PROVIDER: &str = "/metadata/labels/cluster.x-k8s.io~1provider";
const CORE: &str = "cluster-api";
const GATES: &str = "--feature-gates=";

/// A controller, and the log that it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Controller {
    /// What its Deployment is called.
    pub(super) name: String,
    pub(super) log: Log,
    /// When its container started, in the server's words: its next run has another log.
    started: String,
    /// Of the core, with which features it was started.
    gates: Option<String>,
}

/// What the core says of its features: the one that started last, where two stand for a moment.
pub(super) fn gates(controllers: &[Controller]) -> Option<Gates> {
    let newest = controllers.iter().filter(|one| one.gates.is_some()).max_by_key(|one| &one.started)?;
    Some(Gates { controller: newest.name.clone(), argument: newest.gates.clone()? })
}

/// Keeps the list of controllers true for as long as the table lives. Who may not read their pods is told of none.
pub(super) fn watched(access: &Access, clock: Arc<dyn Clock>) -> (Table, watch::Receiver<Vec<Controller>>) {
    let (tell, told) = watch::channel(vec![]);
    let kind = Objects { group: String::new(), version: "v1".into(), kind: "Pod".into(), plural: "pods".into() };
    let pods = Selected { kind, namespace: String::new(), labels: OF_PROVIDERS, detail: Detail::Whole };
    (Table::open(access, pods, clock, Pace::default(), Pods { known: BTreeMap::new(), tell }), told)
}

/// What the watch of pods learns.
struct Pods {
    known: BTreeMap<RowId, Controller>,
    tell: watch::Sender<Vec<Controller>>,
}

impl Pods {
    fn learn(&mut self, pods: &[Value]) {
        for pod in pods {
            match controller(pod) {
                Some(controller) => self.known.insert(id(pod), controller),
                None => self.known.remove(&id(pod)),
            };
        }
    }

    fn say(&self) {
        let now: Vec<Controller> = self.known.values().take(MOST_PODS).cloned().collect();
        self.tell.send_if_modified(|told| {
            let is_news = *told != now;
            *told = now;
            is_news
        });
    }
}

impl Sink<Value> for Pods {
    fn replace(&mut self, rows: Vec<Value>) {
        self.known.clear();
        self.learn(&rows);
        self.say();
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        self.learn(&set);
        self.known.retain(|id, _| !gone.contains(id));
        self.say();
    }

    fn status(&mut self, _: Status) {}
}

/// The log of a provider's pod, and what its Deployment is called.
fn controller(pod: &Value) -> Option<Controller> {
    let text = |field: &str| pod.pointer(field).and_then(Value::as_str).unwrap_or_default();
    let name = text("/metadata/name");
    let names = |list: &str| pod.pointer(list).and_then(Value::as_array).into_iter().flatten();
    let containers: Vec<&str> = names("/spec/containers").filter_map(|one| one["name"].as_str()).collect();
    let container = *containers.iter().find(|one| **one == "manager").or(containers.first())?;
    let runs = names("/status/containerStatuses").find(|one| one["name"] == container);
    let started = runs.and_then(|one| one.pointer("/state/running/startedAt")).and_then(Value::as_str).unwrap_or_default();
    let arguments = names("/spec/containers").find(|one| one["name"] == container).and_then(|one| one["args"].as_array());
    let mut arguments = arguments.into_iter().flatten().filter_map(Value::as_str);
    let gates = (text(PROVIDER) == CORE).then(|| arguments.find(|one| one.starts_with(GATES))).flatten();
    // A Deployment's pod has two parts more than its name, its ReplicaSet's and its own.
    let of = name.rsplitn(3, '-').nth(2).unwrap_or(name);
    let log = Log { namespace: text("/metadata/namespace").to_owned(), pod: name.to_owned(), container: container.to_owned(), tail_lines: TAIL };
    Some(Controller { name: of.to_owned(), log, started: started.to_owned(), gates: gates.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, started: &str) -> Value {
        json!({
            "metadata": { "name": name, "namespace": "capd-system" },
            "spec": { "containers": [{ "name": "kube-rbac-proxy" }, { "name": "manager" }] },
            "status": { "containerStatuses": [{ "name": "manager", "state": { "running": { "startedAt": started } } }] },
        })
    }

    #[test]
    fn a_pod_of_a_provider_is_called_as_its_deployment() {
        let one = controller(&pod("capd-controller-manager-7dcf9c5cfd-wc4mj", "")).unwrap();
        assert_eq!((one.name.as_str(), one.log.container.as_str()), ("capd-controller-manager", "manager"));
        assert_eq!(controller(&json!({ "metadata": {} })), None);
    }

    #[test]
    fn the_core_that_started_last_says_with_which_features() {
        let of = |provider: &str, started: &str, argument: &str| {
            let mut pod = pod("capi-controller-manager-7dcf9c5cfd-wc4mj", started);
            pod["metadata"]["labels"] = json!({ "cluster.x-k8s.io/provider": provider });
            pod["spec"]["containers"][1]["args"] = json!(["--leader-elect", argument]);
            controller(&pod).unwrap()
        };
        let (before, now) = ("--feature-gates=ClusterTopology=false", "--feature-gates=ClusterTopology=true");
        let other = of("infrastructure-docker", "2026-11-23T15:00:00Z", before);
        let core = |started, argument| of("cluster-api", started, argument);
        let said = gates(&[core("2026-11-23T14:00:00Z", now), core("2026-11-23T13:00:00Z", before), other.clone()]);
        assert_eq!(said, Some(Gates { controller: "capi-controller-manager".into(), argument: now.into() }));
        assert_eq!(gates(&[other, core("2026-11-23T14:00:00Z", "--v=2")]), None);
    }

    #[test]
    fn a_controller_is_told_when_it_comes_starts_again_or_goes_and_not_otherwise() {
        let (tell, mut told) = watch::channel(vec![]);
        let mut pods = Pods { known: BTreeMap::new(), tell };
        let mut says = || told.has_changed().unwrap().then(|| told.borrow_and_update().len());
        let (one, other) = (pod("capd-controller-manager-7dcf9c5cfd-wc4mj", "1"), pod("capi-controller-manager-7dcf9c5cfd-abcde", "1"));
        pods.replace(vec![]);
        assert_eq!(says(), None, "none is none");
        pods.apply(vec![one.clone()], vec![]);
        assert_eq!(says(), Some(1));
        let mut ready = one.clone();
        ready["status"]["phase"] = json!("Running");
        pods.apply(vec![ready], vec![]);
        assert_eq!(says(), None, "its log is the same");
        pods.apply(vec![pod("capd-controller-manager-7dcf9c5cfd-wc4mj", "2"), other.clone()], vec![]);
        assert_eq!(says(), Some(2));
        pods.apply(vec![], vec![id(&one)]);
        assert_eq!(says(), Some(1));
        pods.replace(vec![other]);
        assert_eq!(says(), None);
        pods.replace(vec![]);
        assert_eq!(says(), Some(0));
    }
}
