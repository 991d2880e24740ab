//! The kubeconfig of the workload cluster: kept in KOS's own file as soon as its API server answers.

use std::path::Path;

use api::Fault;
use api::jobs::Words;
use jobs::{ActContext, Thing};

use super::init::stopped;
use super::remove::remove_file;
use super::workload::ordered;
use crate::management::{Order, Step};
use crate::run::Voice;
use crate::{Progress, World};

const KUBECONFIG: &str = "Kubeconfig";

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let (workload, site) = ordered(order)?;
    let connected = world.workloads.is_connected(&site).await.unwrap_or(false);
    Ok(connected.then(|| saved(&workload.form.name)))
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (workload, site) = ordered(order)?;
    let stop = cx.cancelled();
    forget_half(cx)?;
    let file = world.workloads.file(&site).await?;
    {
        let voice = Voice::new(cx);
        let told = |progress: Progress| tell(&voice, progress, "until its API server answers");
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            answered = world.workloads.await_answer(&site, &told) => answered?,
        }
    }
    cx.step_detail(Words::said("its API server answers"));
    cx.step_started(&Step::ConnectWorkload);
    let note = cx.intent(Thing::new(KUBECONFIG, file.display().to_string())).await?;
    tokio::select! {
        () = stop.cancelled() => return Err(stopped(order)),
        connected = world.workloads.connect(&site) => connected?,
    }
    cx.made(note).await?;
    cx.step_detail(saved(&workload.form.name));
    Ok(())
}

pub(in crate::management) async fn undo(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (_, site) = ordered(order)?;
    world.workloads.disconnect(&site).await?;
    forget_half(cx)
}

/// A file that was written by an attempt that did not live to keep it in its list.
fn forget_half(cx: &ActContext<Step>) -> Result<(), Fault> {
    cx.noted().iter().filter(|noted| noted.thing.kind == KUBECONFIG).try_for_each(|noted| remove_file(Path::new(&noted.thing.name)))
}

/// What is waited for, machine by machine; where it does not go on, a sentence says why.
pub(super) fn tell(voice: &Voice<'_, Step>, progress: Progress, usually: &str) {
    let mut cx = voice.cx();
    cx.step_detail(Words::said(if progress.held_up.is_empty() { usually.to_owned() } else { progress.held_up }));
    cx.parts(progress.machines);
}

fn saved(name: &str) -> Words {
    Words::said("context ").mono(name).then(", in its own file")
}
