//! Would the first Cluster be accepted?
//!
//! Deployments that are available do not yet answer: certificates, endpoints and kinds come a little later. The proof is a
//! create that the server throws away.

use std::time::Duration;

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::ActContext;
use kube::core::DynamicObject;
use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::stopped;
use crate::look::{Inside, LookError};

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

/// First the parts that can be named, then the proof.
async fn looked<S: Serialize>(inside: &Inside, core: &str, cx: &mut ActContext<S>) -> Answer {
    match inside.webhooks().await {
        Ok(webhooks) => {
            cx.parts(webhooks.parts());
            match webhooks.missing().first() {
                Some(missing) => Answer::NotYet(missing.sentence()),
                None => asked(inside, core).await,
            }
        }
        Err(error) => Answer::NotYet(error.said()),
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
