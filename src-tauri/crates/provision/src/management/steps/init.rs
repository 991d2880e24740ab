//! clusterctl: cert-manager, then the providers, each Deployment shown while it comes up.
//!
//! clusterctl says little and nothing while it waits, so the Deployments are looked at beside it. Running it again is a
//! resume: what is installed in the same version is skipped.

use std::time::Duration;

use api::jobs::{Tone, Words};
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};
use tokio::time::{Instant, sleep};
use tools::{Program, Secret};

use crate::World;
use crate::diagnose::{Doing, diagnose};
use crate::look::{Inside, LookError, Trouble, available, parts, trouble};
use crate::management::{Order, Step};
use crate::programs::clusterctl::{self, ClusterctlLine};
use crate::run::{Ended, Long, Voice, again, long};

/// cert-manager alone may take 10 minutes before clusterctl gives up.
const LIMIT: Duration = Duration::from_secs(1_800);
/// Images of four managers over a slow line.
const AVAILABLE_LIMIT: Duration = Duration::from_secs(900);
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// A namespace that is still on its way out after this long has another trouble.
const TEST_NAMESPACE_LIMIT: Duration = Duration::from_secs(120);

const CERT_MANAGER: &str = "cert-manager";
/// Here clusterctl tries cert-manager out; while it goes, a second init hangs until its limit.
const TEST_NAMESPACE: &str = "cert-manager-test";

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let Ok(client) = world.clients.client(&order.kubeconfig, &order.name.context()).await else { return Ok(None) };
    let inside = Inside::new(client);
    // Who does not answer now is asked again by the act itself, with a better sentence.
    let (Ok(installed), Ok(deployments)) = (inside.installed().await, inside.deployments().await) else { return Ok(None) };
    let all = order.providers().iter().all(|(name, version, _)| installed.iter().any(|i| i.name == *name && i.version == *version));
    let up = available(&deployments, &namespaces(order));
    Ok((all && up).then(|| Words::said(format!("{} providers are already installed", installed.len()))))
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let inside = inside(world, order).await?;
    // Undo is asked only for acts with notes, and a clusterctl that was left running has to be ended.
    let note = cx.intent(Thing::new("Cluster API", order.spec.providers.core.as_str())).await?;
    let ended = install(world, order, &inside, cx).await?;
    let installed = inside.installed().await.map_err(|e| unanswered(order, &e))?;
    if let Some((name, version, _)) = order.providers().iter().find(|(n, v, _)| !installed.iter().any(|i| i.name == *n && i.version == *v)) {
        let mut said = ended.1.map(|e| e.lines.said("clusterctl")).unwrap_or_default();
        if said.is_empty() {
            said.push(crate::diagnose::Said::new("inventory", format!("{name} {version} is not installed.")));
        }
        return Err(diagnose(ended.0, &said, &order.about()));
    }
    cx.step_started(&Step::InstallClusterApi);
    await_available(order, &inside, cx).await?;
    cx.made(note).await?;
    for found in installed {
        cx.made_also(Thing::new("Provider", format!("{} {} in {}", found.name, found.version, found.namespace)));
    }
    cx.step_detail(Words::said(titles(order)));
    Ok(())
}

pub(in crate::management) async fn inside(world: &World, order: &Order) -> Result<Inside, Fault> {
    world.clients.client(&order.kubeconfig, &order.name.context()).await.map(Inside::new)
}

pub(in crate::management) fn unanswered(order: &Order, error: &LookError) -> Fault {
    Fault::new(FaultCode::Unreachable, format!("Cluster API was not installed on {}: its API server does not answer.", order.name))
        .because(order.name.as_str(), error.said())
        .unharmed("What is installed so far stays.")
}

/// Runs clusterctl, or follows the one of an earlier session, and shows the Deployments beside it.
async fn install(world: &World, order: &Order, inside: &Inside, cx: &mut ActContext<Step>) -> Result<(Doing, Option<Ended>), Fault> {
    let stop = cx.cancelled();
    let mut doing = Doing::CertManager;
    let mut each = |cx: &mut ActContext<Step>, line: &str| match clusterctl::read(line) {
        ClusterctlLine::InstallingCertManager { version } => cx.step_detail(Words::said(version)),
        ClusterctlLine::SkippingCertManager => cx.step_detail(Words::said("already installed")),
        ClusterctlLine::InstallingProvider { provider, version, .. } => {
            doing = Doing::Providers;
            cx.step_started(&Step::InstallClusterApi);
            cx.step_detail(Words::default().mono(provider).then(format!(" {version}")));
        }
        ClusterctlLine::WaitingForCertManager => cx.step_detail(Words::said("waiting for its webhook to answer")),
        ClusterctlLine::Error(text) if text.contains("already an instance") => doing = Doing::Providers,
        ClusterctlLine::FetchingProviders | ClusterctlLine::WaitingForProviders | ClusterctlLine::Error(_) | ClusterctlLine::Other => {}
    };
    let left = cx.processes().to_vec();
    let attempt = cx.attempt();
    let voice = Voice::new(cx);
    let work = async {
        let mut ended = None;
        for process in &left {
            ended = again(world.programs.as_ref(), process, &voice, &mut each, &stop).await?;
        }
        if ended.is_none() {
            await_test_namespace(inside, &voice).await;
            let args = clusterctl::init(&order.spec.providers, &order.source, &order.kubeconfig);
            let output = order.folder.join(format!("clusterctl-init-{attempt}.log"));
            let env = clusterctl::environment(token(world, &voice).await);
            let run = Long { program: Program::Clusterctl, args, env, output, limit: LIMIT };
            ended = Some(long(world.programs.as_ref(), run, &voice, &mut each, &stop).await?);
        }
        Ok(ended)
    };
    let ended = tokio::select! {
        ended = work => ended,
        never = show_deployments(order, inside, &voice) => match never {},
    };
    ended.map(|ended| (doing, ended))
}

/// The token for release pages; one that cannot be had is said, and clusterctl asks without it.
async fn token(world: &World, voice: &Voice<'_, Step>) -> Option<Secret> {
    match world.tokens.release_token().await {
        Ok(Some(token)) => {
            voice.cx().output(Tone::Ours, "The release pages are asked with your token.");
            Some(token)
        }
        Ok(None) => None,
        Err(fault) => {
            voice.cx().output(Tone::Ours, &format!("{} The release pages are asked without it.", fault.sentence));
            None
        }
    }
}

async fn await_test_namespace(inside: &Inside, voice: &Voice<'_, Step>) {
    let until = Instant::now() + TEST_NAMESPACE_LIMIT;
    while Instant::now() < until && inside.has_namespace(TEST_NAMESPACE).await.unwrap_or(false) {
        voice.cx().step_detail(Words::said("waiting until the test of an earlier run is gone"));
        sleep(LOOK_AGAIN).await;
    }
}

async fn show_deployments(order: &Order, inside: &Inside, voice: &Voice<'_, Step>) -> std::convert::Infallible {
    loop {
        sleep(LOOK_AGAIN).await;
        if let (Ok(deployments), Ok(pods)) = (inside.deployments().await, inside.pods().await) {
            let shown = parts(&deployments, &pods, &namespaces(order));
            if !shown.is_empty() {
                voice.cx().parts(shown);
            }
        }
    }
}

/// Waits until every Deployment is available; a pod that will not come up ends the wait early, with its last words.
async fn await_available(order: &Order, inside: &Inside, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (until, stop) = (Instant::now() + AVAILABLE_LIMIT, cx.cancelled());
    let namespaces = namespaces(order);
    loop {
        let mut last = String::new();
        match (inside.deployments().await, inside.pods().await) {
            (Ok(deployments), Ok(pods)) => {
                cx.parts(parts(&deployments, &pods, &namespaces));
                if available(&deployments, &namespaces) {
                    return Ok(());
                }
                if let Some(trouble) = trouble(&pods, &namespaces) {
                    return Err(held_up(order, inside, &trouble).await);
                }
            }
            (Err(error), _) | (_, Err(error)) => last = error.said(),
        }
        if Instant::now() >= until {
            let sentence = format!("Cluster API was installed on {}, but not all of it runs after {} min.", order.name, AVAILABLE_LIMIT.as_secs() / 60);
            let fault = Fault::new(FaultCode::Step, sentence).unharmed("The cluster and what runs on it stay.");
            return Err(if last.is_empty() { fault } else { fault.because(order.name.as_str(), last) });
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn held_up(order: &Order, inside: &Inside, trouble: &Trouble) -> Fault {
    const QUOTED: i64 = 10;
    let sentence = format!("Cluster API does not run on {}: {} in {} is in {}.", order.name, trouble.pod, trouble.namespace, trouble.reason);
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

pub(in crate::management) fn stopped(order: &Order) -> Fault {
    Fault::new(FaultCode::Step, format!("The job for {} was stopped.", order.name))
}

fn namespaces(order: &Order) -> Vec<&'static str> {
    std::iter::once(CERT_MANAGER).chain(order.providers().into_iter().map(|(_, _, namespace)| namespace)).collect()
}

/// `core, kubeadm bootstrap, kubeadm control plane, Docker`.
pub(in crate::management) fn titles(order: &Order) -> String {
    let docker = if order.spec.providers.docker.is_some() { ", Docker" } else { "" };
    format!("core, kubeadm bootstrap, kubeadm control plane{docker}")
}
