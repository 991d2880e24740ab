//! clusterctl: cert-manager, then the providers, each Deployment shown while it comes up.
//!
//! clusterctl says little and nothing while it waits, so the Deployments are looked at beside it. Running it again is a
//! resume: what is installed in the same version is skipped.

use std::time::Duration;

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};
use tools::Program;

use crate::World;
use crate::diagnose::{Doing, diagnose};
use crate::look::{Inside, LookError, available};
use crate::management::{Order, Step};
use crate::programs::clusterctl::{self, ClusterctlLine};
use crate::run::{Ended, Long, Voice, again, long, token};
use crate::wait::{self, Awaited};

/// cert-manager alone may take 10 minutes before clusterctl gives up.
const LIMIT: Duration = Duration::from_secs(1_800);

const CERT_MANAGER: &str = "cert-manager";

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
    wait::until_available(&awaited(order), &inside, cx).await?;
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
    let (voice, awaited) = (Voice::new(cx), awaited(order));
    let work = async {
        let mut ended = None;
        for process in &left {
            ended = again(world.programs.as_ref(), process, &voice, &mut each, &stop).await?;
        }
        if ended.is_none() {
            wait::until_tested(inside, &voice).await;
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
        never = wait::show(&awaited, inside, &voice) => match never {},
    };
    ended.map(|ended| (doing, ended))
}

pub(in crate::management) fn stopped(order: &Order) -> Fault {
    wait::stopped(order.name.as_str())
}

fn awaited(order: &Order) -> Awaited<'_> {
    Awaited { name: order.name.as_str(), namespaces: namespaces(order) }
}

fn namespaces(order: &Order) -> Vec<&'static str> {
    std::iter::once(CERT_MANAGER).chain(order.providers().into_iter().map(|(_, _, namespace)| namespace)).collect()
}

/// `core, kubeadm bootstrap, kubeadm control plane, Docker`.
pub(in crate::management) fn titles(order: &Order) -> String {
    let docker = if order.spec.providers.docker.is_some() { ", Docker" } else { "" };
    format!("core, kubeadm bootstrap, kubeadm control plane{docker}")
}
