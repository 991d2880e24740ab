//! What do the doctor and the API server in memory answer?

use std::path::Path;

use api::Fault;
use api::computer::{CheckId, CheckRow, Verdict};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Machine, State};
use crate::{Checks, Clients};

impl State {
    /// The API server; `None` when nobody listens.
    pub(super) fn answer(&mut self, method: &str, path: &str) -> Option<(u16, Value)> {
        if !self.docker || !self.answers {
            return None;
        }
        let list = |items: Vec<Value>| Some((200, json!({ "kind": "List", "apiVersion": "v1", "metadata": {}, "items": items })));
        let status = |code: u16, message: &str| {
            Some((
                code,
                json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": if code == 404 { "NotFound" } else { "InternalError" }, "code": code, "message": message }),
            ))
        };
        let namespaces: Vec<String> = match self.providers.is_empty() {
            true => vec![],
            false => ["cert-manager".to_owned()].into_iter().chain(self.providers.iter().map(|p| p.2.clone())).collect(),
        };
        match (method, path) {
            ("GET", "/readyz") => Some((200, json!("ok"))),
            ("GET", "/api/v1/nodes") => {
                let ready = if self.nodes_ready { "True" } else { "False" };
                list(vec![json!({ "metadata": { "name": "kos-mgmt-control-plane" }, "status": { "conditions": [{ "type": "Ready", "status": ready }] } })])
            }
            ("GET", "/apis/clusterctl.cluster.x-k8s.io/v1alpha3/providers") if self.providers.is_empty() => status(404, "no such kind"),
            ("GET", "/apis/clusterctl.cluster.x-k8s.io/v1alpha3/providers") => {
                let provider = |(name, version, namespace): &(String, String, String)| {
                    json!({ "apiVersion": "clusterctl.cluster.x-k8s.io/v1alpha3", "kind": "Provider",
                        "metadata": { "name": name, "namespace": namespace }, "version": version })
                };
                list(self.providers.iter().map(provider).collect())
            }
            ("GET", "/apis/apps/v1/deployments") => {
                let up = |ns: &String| if self.crash_loop == Some(ns.as_str()) { "False" } else { "True" };
                let one = |ns: &String| {
                    json!({ "metadata": { "name": format!("{ns}-manager"), "namespace": ns, "generation": 1 },
                        "spec": { "replicas": 1, "selector": { "matchLabels": { "app": ns } }, "template": {} },
                        "status": { "observedGeneration": 1, "readyReplicas": 1, "conditions": [{ "type": "Available", "status": up(ns) }] } })
                };
                list(namespaces.iter().map(one).collect())
            }
            ("GET", "/api/v1/pods") => {
                let (reason, message, restarts) = self.waits;
                let one = |ns: &str| {
                    json!({ "metadata": { "name": "manager-1", "namespace": ns, "labels": { "app": ns } },
                        "status": { "containerStatuses": [{ "name": "m", "image": "m", "imageID": "", "ready": false, "restartCount": restarts,
                            "state": { "waiting": { "reason": reason, "message": message } } }] } })
                };
                list(self.crash_loop.iter().filter(|ns| namespaces.iter().any(|n| n == *ns)).map(|ns| one(ns)).collect())
            }
            ("GET", log) if log.ends_with("/log") => Some((200, json!("panic: no certificate"))),
            ("GET", "/api/v1/namespaces/cert-manager-test") => status(404, "not found"),
            ("GET", "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/lab-a") => match self.drawn.cluster() {
                Some(cluster) => Some((200, cluster)),
                None => status(404, "not found"),
            },
            ("GET", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations") => {
                list(self.capd_refusals.map(|_| webhook_of_capd()).into_iter().collect())
            }
            ("GET", "/apis/discovery.k8s.io/v1/endpointslices") => list(self.capd_refusals.map(|_| endpoint_of_capd()).into_iter().collect()),
            ("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions") => list(self.capd_refusals.map(|_| definition_of_capd()).into_iter().collect()),
            ("GET", _) => list(vec![]),
            ("POST", "/apis/infrastructure.cluster.x-k8s.io/v1beta2/namespaces/default/devclusters") => match &mut self.capd_refusals {
                Some(left @ 1..) => {
                    *left -= 1;
                    let said = "failed calling webhook \"default.devcluster\": dial tcp 10.96.0.9:443: connect: connection refused";
                    status(500, &format!("Internal error occurred: {said}"))
                }
                Some(0) | None => status(422, "DevCluster \"kos-dry-run\" is invalid: spec: Required value"),
            },
            ("POST", "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters") => {
                if self.webhook_refusals > 0 {
                    self.webhook_refusals -= 1;
                    return status(500, "Internal error occurred: failed calling webhook \"default.cluster.cluster.x-k8s.io\": connect: connection refused");
                }
                Some((201, json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "kos-dry-run" } })))
            }
            other => panic!("{other:?}"),
        }
    }
}

fn webhook_of_capd() -> Value {
    let group = "infrastructure.cluster.x-k8s.io";
    json!({ "metadata": { "name": "capd-mutating-webhook-configuration" }, "webhooks": [{
        "name": "default.devcluster", "admissionReviewVersions": ["v1"], "sideEffects": "None",
        "clientConfig": { "caBundle": "QQ==", "service": { "name": "capd-webhook-service", "namespace": "capd-system" } },
        "rules": [{ "apiGroups": [group], "apiVersions": ["v1beta2"], "operations": ["CREATE", "UPDATE"], "resources": ["devclusters"] }],
    }] })
}

fn endpoint_of_capd() -> Value {
    json!({ "metadata": { "name": "capd", "namespace": "capd-system", "labels": { "kubernetes.io/service-name": "capd-webhook-service" } },
        "addressType": "IPv4", "endpoints": [{ "addresses": ["10.0.0.9"], "conditions": { "ready": true } }], "ports": [] })
}

fn definition_of_capd() -> Value {
    json!({ "metadata": { "name": "devclusters.infrastructure.cluster.x-k8s.io" },
        "spec": { "group": "infrastructure.cluster.x-k8s.io", "scope": "Namespaced", "names": { "plural": "devclusters", "kind": "DevCluster" },
            "versions": [{ "name": "v1beta2", "served": true, "storage": true }] },
        "status": { "conditions": [{ "type": "Established", "status": "True" }] } })
}

#[async_trait]
impl Checks for Machine {
    async fn check(&self, wanted: &[CheckId]) -> Vec<CheckRow> {
        let failed = self.state().failed_check;
        let row = |id: &CheckId| CheckRow {
            id: *id,
            title: format!("{id:?}"),
            verdict: if failed == Some(*id) { Verdict::Failed } else { Verdict::Passed },
            matters: String::new(),
            found: "128".to_owned(),
            needed: "8192".to_owned(),
            explanation: String::new(),
            fixes: vec![],
            evidence: vec![],
            checked: None,
        };
        wanted.iter().map(row).collect()
    }
}

#[async_trait]
impl Clients for Machine {
    async fn client(&self, kubeconfig: &Path, context: &str) -> Result<kube::Client, Fault> {
        assert_eq!(context, "kind-kos-mgmt");
        if !kubeconfig.exists() {
            return Err(Fault::new(api::FaultCode::File, "There is no such kubeconfig."));
        }
        let machine = self.clone();
        let service = tower::service_fn(move |request: http::Request<kube::client::Body>| {
            let machine = machine.clone();
            async move {
                let (status, body) = machine.state().answer(request.method().as_str(), request.uri().path()).ok_or("connection refused")?;
                let body = kube::client::Body::from(body.to_string().into_bytes());
                Ok::<_, tower::BoxError>(http::Response::builder().status(status).body(body)?)
            }
        });
        Ok(kube::Client::new(service, "default"))
    }
}
