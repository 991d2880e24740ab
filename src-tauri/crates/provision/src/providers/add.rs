//! clusterctl installs one more provider.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use api::jobs::Words;
use api::providers::ProviderPick;
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};
use tools::{Capture, Exit, Invocation, Program, Secret};

use super::clusterctl::{Running, inside, stand};
use super::{Order, Step, Wanted};
use crate::World;
use crate::diagnose::Doing;
use crate::programs::clusterctl::{ClusterctlLine, catalogue, environment, read};

const REMOVE_LIMIT: Duration = Duration::from_secs(300);
const MOST_BYTES: usize = 1 << 20;

/// What is added, with the values of its variables.
pub(super) struct Adding<'a> {
    pub(super) pick: &'a ProviderPick,
    pub(super) wanted: &'a Wanted,
    pub(super) variables: &'a [String],
    pub(super) values: BTreeMap<String, Secret>,
}

pub(super) async fn run(world: &World, order: &Order, adding: Adding<'_>, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let Adding { pick, wanted, variables, values } = adding;
    if let Some(name) = variables.iter().find(|name| !values.contains_key(*name)) {
        let sentence = format!("{} was not added: the value of {name} is gone, because KOS keeps no such value when it ends.", pick.name);
        return Err(Fault::new(FaultCode::Step, sentence).unharmed("Nothing was changed. Keep this job as it is and add the provider once more."));
    }
    let note = cx.intent(Thing::new("Provider", format!("{} {} in {}", wanted.name, wanted.version, wanted.namespace))).await?;
    let mut each = |cx: &mut ActContext<Step>, line: &str| match read(line) {
        ClusterctlLine::InstallingCertManager { version } => cx.step_detail(Words::said(format!("cert-manager {version}"))),
        ClusterctlLine::InstallingProvider { version, .. } => cx.step_detail(Words::said(version)),
        ClusterctlLine::WaitingForCertManager
        | ClusterctlLine::SkippingCertManager
        | ClusterctlLine::FetchingProviders
        | ClusterctlLine::WaitingForProviders
        | ClusterctlLine::Error(_)
        | ClusterctlLine::Other => {}
    };
    let what = Running { args: catalogue::add(&order.at, pick, &order.source), values: values.into_iter().collect(), namespaces: vec![&wanted.namespace] };
    let ended = super::clusterctl::run(world, order, what, &mut each, cx).await?;
    stand(order, &inside(world, &order.at).await?, Doing::Add, std::slice::from_ref(wanted), ended, cx).await?;
    cx.made(note).await
}

/// Takes the provider away again; it was not there before.
pub(super) async fn undo(world: &World, order: &Order, pick: &ProviderPick, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    if cx.noted().is_empty() {
        return Ok(());
    }
    let args = catalogue::remove(&order.at, pick, &order.source);
    let capture = Capture::Memory { most: MOST_BYTES };
    let invocation = Invocation { program: Program::Clusterctl, args, env: environment(None), cwd: PathBuf::from("/"), limit: REMOVE_LIMIT, capture };
    let command = cx.command_started(tools::shown(&invocation));
    let result = world.programs.run(invocation, &mut |_| {}, cx.cancelled()).await;
    cx.command_ended(command, if result.as_ref().is_ok_and(Exit::succeeded) { "exit 0" } else { "failed" });
    let exit = result.map_err(|error| Fault::from(&error))?;
    if exit.succeeded() {
        return Ok(());
    }
    let sentence = format!("{} was not removed from {} again.", pick.name, order.name);
    Err(Fault::new(FaultCode::Step, sentence).because("clusterctl", exit.tail.join("\n")).unharmed("The other providers go on."))
}
