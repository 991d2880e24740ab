//! The network of the workload cluster: no node of it is Ready before.

use api::Fault;
use api::jobs::Words;
use jobs::{ActContext, Thing};

use super::create::{prepare_folder, write_private};
use super::init::stopped;
use super::workload::ordered;
use crate::World;
use crate::management::view::apply_command;
use crate::management::{Order, Step};

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let (_, site) = ordered(order)?;
    // Who does not answer now is asked again by the act itself, with a better sentence.
    let there = world.workloads.has_network(&site).await.unwrap_or(false);
    Ok(there.then(|| Words::said("kindnet is already there")))
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (workload, site) = ordered(order)?;
    let stop = cx.cancelled();
    let file = workload.network_file(order);
    prepare_folder(order)?;
    write_private(&file, workload.network.as_deref().unwrap_or_default().as_bytes())?;
    let kubeconfig = world.workloads.file(&site).await?;
    // It goes with its cluster.
    let note = cx.intent(Thing::new("Network", format!("kindnet in {}", site.name))).await?;
    let command = cx.command_started(apply_command(order, &kubeconfig, &file));
    let added = tokio::select! {
        () = stop.cancelled() => Err(stopped(order)),
        added = world.workloads.add_network(&site) => added,
    };
    cx.command_ended(command, if added.is_ok() { "exit 0" } else { "exit 1" });
    added?;
    cx.made(note).await?;
    cx.step_detail(Words::said("kindnet"));
    Ok(())
}
