//! How is waited until the Deployments of Cluster API run?
//!
//! clusterctl says nothing while it waits, so they are looked at beside it.

use std::time::Duration;

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::ActContext;
use serde::Serialize;
use tokio::time::{Instant, sleep};

use crate::look::{Inside, Trouble, available, lacking, parts, trouble};
use crate::run::Voice;

pub(crate) mod webhooks;

/// Images of four managers over a slow line.
const AVAILABLE_LIMIT: Duration = Duration::from_secs(900);
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// cert-manager writes Secrets of the providers within seconds; what is missing longer nobody writes.
const LACKING_LIMIT: Duration = Duration::from_secs(60);
/// Here clusterctl tries cert-manager out; while it goes, a second init hangs until its limit.
const TEST_NAMESPACE: &str = "cert-manager-test";
/// A namespace that is still on its way out after this long has another trouble.
const TEST_NAMESPACE_LIMIT: Duration = Duration::from_secs(120);

/// What is waited for, and where.
#[derive(Debug, Clone)]
pub(crate) struct Awaited<'a> {
    /// The cluster as its user calls it.
    pub(crate) name: &'a str,
    pub(crate) namespaces: Vec<&'a str>,
}

/// Waits until the test of an earlier run of clusterctl is gone.
pub(crate) async fn until_tested<S: Serialize>(inside: &Inside, voice: &Voice<'_, S>) {
    let until = Instant::now() + TEST_NAMESPACE_LIMIT;
    while Instant::now() < until && inside.has_namespace(TEST_NAMESPACE).await.unwrap_or(false) {
        voice.cx().step_detail(Words::said("waiting until the test of an earlier run is gone"));
        sleep(LOOK_AGAIN).await;
    }
}

/// Shows the Deployments for as long as it is polled.
pub(crate) async fn show<S: Serialize>(awaited: &Awaited<'_>, inside: &Inside, voice: &Voice<'_, S>) -> std::convert::Infallible {
    loop {
        sleep(LOOK_AGAIN).await;
        if let (Ok(deployments), Ok(pods)) = (inside.deployments().await, inside.pods().await) {
            let shown = parts(&deployments, &pods, &awaited.namespaces);
            if !shown.is_empty() {
                voice.cx().parts(shown);
            }
        }
    }
}

/// Waits until every Deployment is available; a pod that will not come up ends the wait early, with its last words.
pub(crate) async fn until_available<S: Serialize>(awaited: &Awaited<'_>, inside: &Inside, cx: &mut ActContext<S>) -> Result<(), Fault> {
    let (until, stop) = (Instant::now() + AVAILABLE_LIMIT, cx.cancelled());
    let Awaited { name, namespaces } = awaited;
    let mut lacks: Option<(String, Instant)> = None;
    loop {
        let mut last = String::new();
        match (inside.deployments().await, inside.pods().await) {
            (Ok(deployments), Ok(pods)) => {
                cx.parts(parts(&deployments, &pods, namespaces));
                if available(&deployments, namespaces) {
                    return Ok(());
                }
                if let Some(trouble) = trouble(&pods, namespaces).or_else(|| lasting(lacking(&pods, namespaces), &mut lacks)) {
                    return Err(held_up(name, inside, &trouble).await);
                }
            }
            (Err(error), _) | (_, Err(error)) => last = error.said(),
        }
        if Instant::now() >= until {
            let sentence = format!("Cluster API was installed on {name}, but not all of it runs after {} min.", AVAILABLE_LIMIT.as_secs() / 60);
            let fault = Fault::new(FaultCode::Step, sentence).unharmed("The cluster and what runs on it stay.");
            return Err(if last.is_empty() { fault } else { fault.because(*name, last) });
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(name)),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

/// What a pod lacks, once the same pod has lacked it for too long.
fn lasting(found: Option<Trouble>, since: &mut Option<(String, Instant)>) -> Option<Trouble> {
    let Some(found) = found else {
        *since = None;
        return None;
    };
    match since {
        Some((pod, first)) if *pod == found.pod => (first.elapsed() >= LACKING_LIMIT).then_some(found),
        Some(_) | None => {
            *since = Some((found.pod, Instant::now()));
            None
        }
    }
}

async fn held_up(name: &str, inside: &Inside, trouble: &Trouble) -> Fault {
    const QUOTED: i64 = 10;
    let sentence = format!("Cluster API does not run on {name}: {} in {} is in {}.", trouble.pod, trouble.namespace, trouble.reason);
    let mut fault = Fault::new(FaultCode::Step, sentence).unharmed("The other providers go on.");
    if !trouble.message.is_empty() {
        fault = fault.because(format!("Pod {}", trouble.pod), &trouble.message);
    }
    if trouble.restarts > 0 {
        let log = inside.log(&trouble.namespace, &trouble.pod, QUOTED).await;
        if !log.is_empty() {
            fault = fault.because(format!("log of {}", trouble.pod), log.join("\n"));
        }
    }
    fault
}

pub(crate) fn stopped(name: &str) -> Fault {
    Fault::new(FaultCode::Step, format!("The job for {name} was stopped."))
}
