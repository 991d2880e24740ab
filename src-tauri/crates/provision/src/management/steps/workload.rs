//! The objects of the workload cluster: tried, applied, and taken away again.

use std::collections::BTreeSet;
use std::time::Duration;

use api::jobs::{Tone, Words};
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tools::Program;

use super::create::{prepare_folder, write_private};
use super::evidence::{Evidence, LATE_CONTAINER, began, not_ours, older};
use super::init::{inside, stopped};
use super::patience::Patience;
use super::{remove, webhooks};
use crate::diagnose::Doing;
use crate::home::at_home;
use crate::management::view::apply_command;
use crate::management::{Order, Step, Workload};
use crate::programs::docker;
use crate::run::{Voice, ask};
use crate::{NotMade, Progress, Site, World};

/// As long as webhooks are waited for before.
const LIMIT: Duration = Duration::from_secs(300);
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Containers that were being made while their cluster was deleted come a little later.
const ROUNDS: u32 = 3;

/// The workload cluster of an order; a plan has these acts only with one.
pub(super) fn ordered(order: &Order) -> Result<(&Workload, Site), Fault> {
    let missing = || Fault::new(FaultCode::Bug, "The plan has no workload cluster.").unharmed("Nothing was changed.");
    order.workload.as_ref().map(|workload| (workload, workload.site(order))).ok_or_else(missing)
}

/// What the management cluster has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::management) enum Standing {
    Absent,
    Deleting,
    Made,
    Available,
}

/// Looks at its Cluster; who does not answer now is asked again by the act itself, with a better sentence.
pub(in crate::management) async fn standing(world: &World, order: &Order) -> Option<Standing> {
    let form = &order.workload.as_ref()?.form;
    let inside = inside(world, order).await.ok()?;
    let found = inside.cluster(webhooks::version(&order.spec.providers.core), &form.namespace, &form.name).await.ok()?;
    let Some(cluster) = found else { return Some(Standing::Absent) };
    let conditions = cluster.data.pointer("/status/conditions").and_then(|list| list.as_array());
    let available = conditions.into_iter().flatten().any(|one| one["type"] == "Available" && one["status"] == "True");
    Some(match (cluster.metadata.deletion_timestamp.is_some(), available) {
        (true, _) => Standing::Deleting,
        (false, true) => Standing::Available,
        (false, false) => Standing::Made,
    })
}

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let (workload, _) = ordered(order)?;
    Ok(match standing(world, order).await {
        Some(Standing::Made | Standing::Available) => Some(Words::default().mono(&workload.form.name).then(" is already ordered")),
        Some(Standing::Absent | Standing::Deleting) | None => None,
    })
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (workload, site) = ordered(order)?;
    let note = cx.intent(Thing::new("Workload cluster", format!("{}/{}", site.namespace, site.name))).await?;
    prepare_folder(order)?;
    write_private(&workload.file(order), workload.yaml.as_bytes())?;
    let command = cx.command_started(apply_command(order, &order.kubeconfig, &workload.file(order)));
    let made = made(world, order, &site, &workload.yaml, cx).await;
    cx.command_ended(command, if made.is_ok() { "exit 0" } else { "exit 1" });
    made?;
    cx.made(note).await?;
    cx.step_detail(Words::said(workload.machines()));
    Ok(())
}

/// Applied again only when a webhook could not be asked: then the server kept nothing, and an apply makes nothing twice.
async fn made(world: &World, order: &Order, site: &Site, yaml: &str, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (until, stop) = (Instant::now() + LIMIT, cx.cancelled());
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            asked = world.workloads.make(site, yaml) => asked,
        };
        match asked {
            Ok(()) => return Ok(()),
            Err(NotMade::WebhookSilent(fault)) if Instant::now() < until => {
                let webhook = fault.cause.first().map_or("a webhook", |quote| quote.source.as_str());
                cx.step_detail(Words::said("waiting until ").mono(webhook).then(" answers"));
            }
            Err(NotMade::WebhookSilent(fault) | NotMade::Refused(fault)) => return Err(fault),
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

/// Takes it away; without Docker it waits as the undo of the management cluster does.
pub(in crate::management) async fn undo(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (patience, mut volumes) = (Patience::new(), BTreeSet::new());
    while let Err(why) = taken_away(world, order, cx, &mut volumes).await {
        patience.wait(world, order, cx, why).await?;
    }
    Ok(())
}

/// Cluster API takes it away in the right order. Where it cannot, its management cluster goes first, so that nothing makes
/// machines again, and Docker takes the machines.
async fn taken_away(world: &World, order: &Order, cx: &mut ActContext<Step>, volumes: &mut BTreeSet<String>) -> Result<(), Fault> {
    let (workload, site) = ordered(order)?;
    let removed = {
        let voice = Voice::new(cx);
        let told = |progress: Progress| voice.cx().parts(progress.machines);
        world.workloads.remove(&site, &told).await
    };
    if let Err(fault) = removed {
        cx.output(Tone::Ours, &format!("{} Its containers are removed with those of {}.", fault.sentence, order.name));
        if Evidence::of(order).is_some() {
            remove::containers_and_volumes(world, order, cx, volumes).await?;
        }
    }
    sweep(world, order, &site.name).await?;
    [workload.file(order), workload.network_file(order)].iter().try_for_each(|file| remove::remove_file(file))
}

/// Removes containers that the cluster left behind; those that are older than the job are somebody else's.
async fn sweep(world: &World, order: &Order, name: &str) -> Result<(), Fault> {
    at_home(world, &order.docker).await?;
    let mut last = BTreeSet::new();
    for round in 0..ROUNDS {
        let out = crate::run::docker(world.programs.as_ref(), docker::list(Some(name)), Doing::Remove, name).await?;
        let found: Vec<docker::Container> = docker::containers(&out).into_iter().filter(|container| container.cluster == name).collect();
        if let Some(container) = older(&found, began(&order.config_file())) {
            return Err(not_ours(order, container));
        }
        last = found.iter().map(|container| container.name.clone()).collect();
        if found.is_empty() && round > 0 {
            return Ok(());
        }
        if !found.is_empty() {
            // How it ended decides nothing: what is there in the next round counts.
            let _ = ask(world.programs.as_ref(), Program::Docker, docker::remove(found.iter().map(|c| c.id.as_str())), CancellationToken::new()).await;
        }
        sleep(LATE_CONTAINER).await;
    }
    match last.first() {
        None => Ok(()),
        Some(left) => Err(Fault::new(FaultCode::Step, format!("The container {left} of {name} is still there.")).unharmed("Everything else was removed.")),
    }
}
