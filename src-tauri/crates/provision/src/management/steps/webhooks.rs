//! Would the first Cluster be accepted?
//!
//! Deployments that are available do not yet answer: certificates, endpoints and kinds come a little later. The proof is a
//! create that the server throws away.

use std::time::Duration;

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::ActContext;
use kube::core::DynamicObject;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::init::{inside, stopped};
use crate::World;
use crate::look::{Inside, LookError};
use crate::management::{Order, Step};

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

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let Ok(inside) = inside(world, order).await else { return Ok(None) };
    Ok(match asked(&inside, order).await {
        Answer::Accepted => Some(accepted()),
        Answer::NotYet(_) | Answer::Refused(_) => None,
    })
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let inside = inside(world, order).await?;
    let (until, stop) = (Instant::now() + LIMIT, cx.cancelled());
    loop {
        let answer = looked(&inside, order, cx).await;
        match answer {
            Answer::Accepted => {
                cx.step_detail(accepted());
                return Ok(());
            }
            Answer::Refused(said) => {
                let sentence = format!("The webhooks of {} answer, but refuse a Cluster that is right.", order.name);
                return Err(Fault::new(FaultCode::Step, sentence).because(order.name.as_str(), said).unharmed("Nothing was written: it was a dry run."));
            }
            Answer::NotYet(said) if Instant::now() >= until => {
                let sentence = format!("A Cluster cannot be created on {}: not all is in place after {} min.", order.name, LIMIT.as_secs() / 60);
                return Err(Fault::new(FaultCode::Step, sentence).because(order.name.as_str(), said).unharmed("The cluster and what runs on it stay."));
            }
            Answer::NotYet(said) => cx.step_detail(Words::said(said)),
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

fn accepted() -> Words {
    Words::said("a Cluster would be accepted")
}

/// First the parts that can be named, then the proof.
async fn looked(inside: &Inside, order: &Order, cx: &mut ActContext<Step>) -> Answer {
    match inside.webhooks().await {
        Ok(webhooks) => {
            cx.parts(webhooks.parts());
            match webhooks.missing().first() {
                Some(missing) => Answer::NotYet(missing.sentence()),
                None => asked(inside, order).await,
            }
        }
        Err(error) => Answer::NotYet(error.said()),
    }
}

async fn asked(inside: &Inside, order: &Order) -> Answer {
    let version = version(&order.spec.providers.core);
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
pub(super) fn version(core: &str) -> &'static str {
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
