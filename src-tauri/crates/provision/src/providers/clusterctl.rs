//! How does a job run clusterctl on a management cluster, and how does it see what came of it?

use std::path::Path;
use std::time::Duration;

use api::jobs::{Finding, PartState, Words};
use api::providers::title;
use api::{Fault, FaultCode};
use jobs::ActContext;
use tools::{Program, Secret};

use super::{Order, Step, Task, Wanted};
use crate::World;
use crate::diagnose::{About, Doing, Said, diagnose};
use crate::look::{Inside, Installed, LookError, available};
use crate::programs::clusterctl::{At, environment};
use crate::run::{Ended, Long, Voice, again, long, token};
use crate::wait::{self, Awaited, webhooks};

/// Four providers one after the other, with images over a slow line.
const LIMIT: Duration = Duration::from_secs(1_800);

pub(super) async fn inside(world: &World, at: &At) -> Result<Inside, Fault> {
    world.clients.client(&at.kubeconfig, &at.context).await.map(Inside::new)
}

/// Runs clusterctl, or follows the one of an earlier session, and shows the Deployments of these namespaces beside it.
pub(super) async fn run(
    world: &World,
    order: &Order,
    what: Running<'_>,
    each: &mut (dyn FnMut(&mut ActContext<Step>, &str) + Send),
    cx: &mut ActContext<Step>,
) -> Result<Option<Ended>, Fault> {
    let inside = inside(world, &order.at).await?;
    let (stop, left, attempt, folder) = (cx.cancelled(), cx.processes().to_vec(), cx.attempt(), cx.folder().to_owned());
    let awaited = Awaited { name: &order.name, namespaces: what.namespaces };
    let voice = Voice::new(cx);
    let work = async {
        let mut ended = None;
        for process in &left {
            ended = again(world.programs.as_ref(), process, &voice, each, &stop).await?;
        }
        if ended.is_none() {
            wait::until_tested(&inside, &voice).await;
            let mut env = environment(token(world, &voice).await);
            env.extend(what.values);
            let output = folder.join(format!("clusterctl-{attempt}.log"));
            let run = Long { program: Program::Clusterctl, args: what.args, env, output, limit: LIMIT };
            ended = Some(long(world.programs.as_ref(), run, &voice, each, &stop).await?);
        }
        Ok(ended)
    };
    tokio::select! {
        ended = work => ended,
        never = wait::show(&awaited, &inside, &voice), if !awaited.namespaces.is_empty() => match never {},
    }
}

/// What clusterctl said in each run of this job: its logs outlive KOS.
pub(super) async fn logs(folder: &Path) -> Vec<String> {
    let mut logs = vec![];
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return logs };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with("clusterctl-") && name.ends_with(".log")) {
            continue;
        }
        if let Ok(bytes) = tokio::fs::read(entry.path()).await {
            logs.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    logs
}

/// A run of clusterctl.
pub(super) struct Running<'a> {
    pub(super) args: Vec<String>,
    pub(super) values: Vec<(String, Secret)>,
    pub(super) namespaces: Vec<&'a str>,
}

/// Holds the inventory against what was wanted, then waits until the controllers run.
pub(super) async fn stand(
    order: &Order,
    inside: &Inside,
    doing: Doing,
    wanted: &[Wanted],
    ended: Option<Ended>,
    cx: &mut ActContext<Step>,
) -> Result<(), Fault> {
    let installed = inside.installed().await.map_err(|error| unanswered(order, &error))?;
    if let Some(missing) = wanted.iter().find(|wanted| !is_there(&installed, wanted)) {
        let mut said = ended.map(|ended| ended.lines.said("clusterctl")).unwrap_or_default();
        if said.is_empty() {
            said.push(Said::new("inventory", format!("{} {} is not installed.", missing.name, missing.version)));
        }
        return Err(failed(order, doing, &said));
    }
    wait::until_available(&Awaited { name: &order.name, namespaces: namespaces(wanted) }, inside, cx).await
}

pub(super) fn failed(order: &Order, doing: Doing, said: &[Said]) -> Fault {
    diagnose(doing, said, &About { name: order.name.clone(), kubernetes: String::new(), image: String::new() })
}

pub(super) fn unanswered(order: &Order, error: &LookError) -> Fault {
    Fault::new(FaultCode::Unreachable, format!("{} does not answer, so the job stops here.", order.name))
        .because(order.name.as_str(), error.said())
        .unharmed("What was done so far stays. Retry goes on from here.")
}

pub(super) fn namespaces(wanted: &[Wanted]) -> Vec<&str> {
    let mut all: Vec<&str> = wanted.iter().map(|wanted| wanted.namespace.as_str()).collect();
    all.dedup();
    all
}

fn is_there(installed: &[Installed], wanted: &Wanted) -> bool {
    installed.iter().any(|one| one.name == wanted.name && one.namespace == wanted.namespace && one.version == wanted.version)
}

pub(super) async fn installed_already(world: &World, order: &Order, wanted: &[Wanted]) -> Result<Option<Words>, Fault> {
    let Ok(inside) = inside(world, &order.at).await else { return Ok(None) };
    let (Ok(installed), Ok(deployments)) = (inside.installed().await, inside.deployments().await) else { return Ok(None) };
    let there = wanted.iter().all(|wanted| is_there(&installed, wanted)) && available(&deployments, &namespaces(wanted));
    Ok(there.then(|| Words::said("they run in these versions already")))
}

fn core(task: &Task) -> Option<&str> {
    match task {
        Task::Upgrade { core, .. } | Task::Add { core, .. } => Some(core),
        Task::Move { .. } => None,
    }
}

pub(super) async fn accepted_already(world: &World, order: &Order, task: &Task) -> Result<Option<Words>, Fault> {
    let (Some(core), Ok(inside)) = (core(task), inside(world, &order.at).await) else { return Ok(None) };
    Ok(webhooks::done(&inside, core).await)
}

pub(super) async fn await_webhooks(world: &World, order: &Order, task: &Task, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let Some(core) = core(task) else { return Ok(()) };
    webhooks::until_accepted(&inside(world, &order.at).await?, &order.name, core, cx).await
}

/// What stands of the providers that a job was about.
pub(super) async fn look(world: &World, order: &Order, wanted: &[Wanted]) -> Vec<Finding> {
    let Ok(inside) = inside(world, &order.at).await else { return vec![] };
    let (Ok(installed), Ok(deployments)) = (inside.installed().await, inside.deployments().await) else { return vec![] };
    let finding = |wanted: &Wanted| {
        let found = installed.iter().find(|one| one.name == wanted.name && one.namespace == wanted.namespace);
        let runs = available(&deployments, &[wanted.namespace.as_str()]);
        let (state, says, means) = match found {
            Some(one) if one.version == wanted.version && runs => (PartState::Ready, format!("{}, it runs", one.version), "done"),
            Some(one) if one.version == wanted.version => {
                (PartState::Working, format!("{}, not running yet", one.version), "goes on by itself, or is told by Continue")
            }
            Some(one) if runs => (PartState::Waiting, format!("{}, it runs", one.version), "not begun"),
            Some(one) => (PartState::Failed, format!("{}, scaled down", one.version), "Continue brings it to the new version"),
            None => (PartState::Failed, "not there".to_owned(), "Continue installs it"),
        };
        Finding { state, kind: "Provider".into(), name: title(&wanted.name), noted: wanted.version.clone(), found: says, means: means.into() }
    };
    wanted.iter().map(finding).collect()
}
