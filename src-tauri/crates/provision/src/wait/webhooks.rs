//! Would the first Cluster be accepted?
//!
//! Deployments that are available do not yet answer: certificates, endpoints and kinds come a little later. The proof are
//! creates that the server throws away: an object of each provider, and a whole Cluster.

use std::time::Duration;

use api::jobs::{PartState, Words};
use api::{Fault, FaultCode};
use jobs::ActContext;
use kube::core::DynamicObject;
use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::stopped;
use crate::look::{Inside, LookError, Probe, Webhooks};

const LIMIT: Duration = Duration::from_secs(300);
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What one look found.
enum Answer {
    Accepted,
    /// It will pass by waiting.
    NotYet(String),
    /// It will not.
    Refused(String),
}

/// Whether a Cluster of a core provider of this version would be accepted now.
pub(crate) async fn done(inside: &Inside, core: &str) -> Option<Words> {
    let webhooks = inside.webhooks().await.ok()?;
    if !webhooks.missing().is_empty() || !silent(inside, &webhooks).await.is_empty() {
        return None;
    }
    match asked(inside, core).await {
        Answer::Accepted => Some(accepted()),
        Answer::NotYet(_) | Answer::Refused(_) => None,
    }
}

/// Waits until it would be; `name` is what the user calls the cluster.
pub(crate) async fn until_accepted<S: Serialize>(inside: &Inside, name: &str, core: &str, cx: &mut ActContext<S>) -> Result<(), Fault> {
    let (until, stop) = (Instant::now() + LIMIT, cx.cancelled());
    loop {
        let answer = looked(inside, core, cx).await;
        match answer {
            Answer::Accepted => {
                cx.step_detail(accepted());
                return Ok(());
            }
            Answer::Refused(said) => {
                let sentence = format!("The webhooks of {name} answer, but refuse a Cluster that is right.");
                return Err(Fault::new(FaultCode::Step, sentence).because(name, said).unharmed("Nothing was written: it was a dry run."));
            }
            Answer::NotYet(said) if Instant::now() >= until => {
                let sentence = format!("A Cluster cannot be created on {name}: not all is in place after {} min.", LIMIT.as_secs() / 60);
                return Err(Fault::new(FaultCode::Step, sentence).because(name, said).unharmed("The cluster and what runs on it stay."));
            }
            Answer::NotYet(said) => cx.step_detail(Words::said(said)),
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(name)),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

fn accepted() -> Words {
    Words::said("a Cluster would be accepted")
}

/// First the parts that can be named, then an object of each provider, then the proof.
async fn looked<S: Serialize>(inside: &Inside, core: &str, cx: &mut ActContext<S>) -> Answer {
    let webhooks = match inside.webhooks().await {
        Ok(webhooks) => webhooks,
        Err(error) => return Answer::NotYet(error.said()),
    };
    let mut parts = webhooks.parts();
    if let Some(missing) = webhooks.missing().first() {
        cx.parts(parts);
        return Answer::NotYet(missing.sentence());
    }
    let silent = silent(inside, &webhooks).await;
    for part in parts.iter_mut().filter(|part| silent.iter().any(|(probe, _)| probe.service == part.name)) {
        part.state = PartState::Working;
        part.detail = "does not answer yet".to_owned();
    }
    cx.parts(parts);
    match silent.first() {
        Some((probe, said)) => Answer::NotYet(format!("The webhooks of {} in {} do not answer: {said}", probe.service, probe.namespace)),
        None => asked(inside, core).await,
    }
}

/// The providers whose webhooks could not be asked about one of their kinds, and what the server said.
async fn silent(inside: &Inside, webhooks: &Webhooks) -> Vec<(Probe, String)> {
    let mut silent = vec![];
    for probe in webhooks.probes() {
        if let Err(error) = inside.try_object(&probe).await {
            let said = error.said();
            if is_silence(error.status().map(|(code, _)| code), &said) {
                silent.push((probe, said));
            }
        }
    }
    silent
}

/// The object has only a name: whoever refuses it has answered.
fn is_silence(code: Option<u16>, said: &str) -> bool {
    match code {
        None | Some(404 | 429 | 503 | 504) => true,
        Some(500) => cluster::write::met_nobody(said) || said.contains("conversion webhook") || said.contains("context deadline exceeded"),
        Some(_) => false,
    }
}

async fn asked(inside: &Inside, core: &str) -> Answer {
    let version = version(core);
    match cluster(version) {
        Ok(cluster) => judged(inside.try_cluster(version, &cluster).await),
        Err(error) => Answer::Refused(error.to_string()),
    }
}

/// Only "the webhook could not be called" and "no such kind yet" pass by waiting.
fn judged(answer: Result<(), LookError>) -> Answer {
    let error = match answer {
        Ok(()) => return Answer::Accepted,
        Err(error) => error,
    };
    let said = error.said();
    match error.status().map(|(code, _)| code) {
        None | Some(404 | 429 | 503 | 504) => Answer::NotYet(said),
        Some(500) if said.contains("failed calling webhook") || said.contains("conversion webhook") => Answer::NotYet(said),
        Some(_) => Answer::Refused(said),
    }
}

/// The newest version that a core provider of this release serves.
pub(crate) fn version(core: &str) -> &'static str {
    let minor = core.split('.').nth(1).and_then(|m| m.parse::<u32>().ok()).unwrap_or(u32::MAX);
    if core.starts_with("v1.") && minor < 11 { "v1beta1" } else { "v1beta2" }
}

fn cluster(version: &str) -> Result<DynamicObject, serde_json::Error> {
    let reference = |group: &str, kind: &str| {
        if version == "v1beta1" {
            json!({ "apiVersion": format!("{group}/v1beta1"), "kind": kind, "name": "kos-dry-run" })
        } else {
            json!({ "apiGroup": group, "kind": kind, "name": "kos-dry-run" })
        }
    };
    serde_json::from_value(json!({
        "apiVersion": format!("cluster.x-k8s.io/{version}"),
        "kind": "Cluster",
        "metadata": { "name": "kos-dry-run", "namespace": "default" },
        "spec": {
            "clusterNetwork": { "pods": { "cidrBlocks": ["192.168.0.0/16"] } },
            "infrastructureRef": reference("infrastructure.cluster.x-k8s.io", "DevCluster"),
            "controlPlaneRef": reference("controlplane.cluster.x-k8s.io", "KubeadmControlPlane"),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::is_silence;

    #[test]
    fn who_refuses_an_object_with_only_a_name_has_answered() {
        let webhook = |why: &str| format!("Internal error occurred: failed calling webhook \"default.kubeadmconfig.x\": failed to call webhook: {why}");
        let cases = [
            (None, "the API server did not answer within 10 s".to_owned(), true),
            (Some(404), "the server could not find the requested resource".to_owned(), true),
            (Some(500), webhook("dial tcp 10.96.0.7:443: connect: connection refused"), true),
            (Some(500), webhook("no endpoints available for service \"capi-kubeadm-bootstrap-webhook-service\""), true),
            (Some(500), webhook("x509: certificate signed by unknown authority"), true),
            (Some(500), webhook("context deadline exceeded"), true),
            (Some(500), "conversion webhook for bootstrap.cluster.x-k8s.io/v1beta1, Kind=KubeadmConfig failed: EOF".to_owned(), true),
            (Some(500), webhook("EOF"), false),
            (Some(403), "admission webhook \"validation.kubeadmconfig.x\" denied the request: spec: Required value".to_owned(), false),
            (Some(422), "KubeadmControlPlane.controlplane.cluster.x-k8s.io \"kos-dry-run\" is invalid: spec: Required value".to_owned(), false),
        ];
        for (code, said, silence) in cases {
            assert_eq!(is_silence(code, &said), silence, "{code:?} {said}");
        }
    }
}
