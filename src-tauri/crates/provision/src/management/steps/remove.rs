//! How is all that the job made taken away again?
//!
//! Only what the journal noted and what carries this job's evidence. It may run twice, after a crash in its middle, and
//! after a time without Docker; what docker and the disk say at the end is what counts, not what kind says.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use api::{Fault, FaultCode};
use jobs::ActContext;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tools::Program;

use super::evidence::{Evidence, LATE_CONTAINER, containers, foreign, not_ours};
use super::patience::Patience;
use crate::World;
use crate::diagnose::{Doing, Said, diagnose};
use crate::home::at_home;
use crate::management::{Order, Step};
use crate::programs::{docker, kind};
use crate::run::{Long, Voice, ask, long};

const ROUNDS: u32 = 3;
const LIMIT: Duration = Duration::from_secs(180);
/// How long Docker may take to make a container: it fills volumes from the image first.
const BEING_MADE: Duration = Duration::from_secs(60);

/// Removes it all; without Docker it waits, goes on by itself as soon as Docker answers, and may be left until then.
pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (patience, mut volumes) = (Patience::new(), BTreeSet::new());
    while let Err(why) = all(world, order, cx, &mut volumes).await {
        patience.wait(world, order, cx, why).await?;
    }
    Ok(())
}

async fn all(world: &World, order: &Order, cx: &mut ActContext<Step>, volumes: &mut BTreeSet<String>) -> Result<(), Fault> {
    at_home(world, &order.docker).await?;
    let noted: Vec<(String, String)> = cx.noted().iter().map(|n| (n.thing.kind.clone(), n.thing.name.clone())).collect();
    let has = |kind: &str| noted.iter().any(|(k, _)| k == kind);
    if has("Cluster") {
        // When kind was never started, what has the name now belongs to somebody else.
        if Evidence::of(order).is_some() {
            containers_and_volumes(world, order, cx, volumes).await?;
        }
    }
    if has("Kubeconfig") {
        remove_file(&order.kubeconfig)?;
        remove_file(&order.kubeconfig.with_extension("yaml.lock"))?;
    }
    if has("Network") {
        remove_network(world, order).await?;
    }
    remove_file(&order.config_file())?;
    remove_file(&order.containers_file())
}

/// Removes the containers of the cluster and their volumes, and sees that they are gone.
pub(super) async fn containers_of(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    containers_and_volumes(world, order, cx, &mut BTreeSet::new()).await
}

/// The same with the volumes of an earlier try: once their containers are gone, nobody tells of them any more.
pub(super) async fn containers_and_volumes(world: &World, order: &Order, cx: &mut ActContext<Step>, volumes: &mut BTreeSet<String>) -> Result<(), Fault> {
    let (mut said, mut round, made_by) = (vec![], 0, Instant::now() + BEING_MADE);
    while round < ROUNDS {
        let found = containers(world, order, Doing::Remove).await?;
        if let Some(container) = foreign(&found, Evidence::of(order).as_ref()) {
            return Err(not_ours(order, container));
        }
        if found.is_empty() {
            if round > 0 || cx.noted().is_empty() {
                break;
            }
            sleep(LATE_CONTAINER).await;
            round += 1;
            continue;
        }
        let ids: Vec<&str> = found.iter().map(|c| c.id.as_str()).collect();
        let inspected = ask(world.programs.as_ref(), Program::Docker, docker::inspect(ids.iter().copied()), CancellationToken::new()).await;
        if let Ok(exit) = inspected {
            volumes.extend(docker::inspected(&String::from_utf8_lossy(&exit.out)).into_iter().flat_map(|i| i.volumes));
            // Docker lists a container that it is still making, for a client that is gone, and can remove it only after.
            if docker::no_such_container(&String::from_utf8_lossy(&exit.err)) && Instant::now() < made_by {
                sleep(LATE_CONTAINER).await;
                continue;
            }
        }
        said = if round == 0 { delete(world, order, cx).await } else { force(world, &ids).await };
        round += 1;
    }
    let left = containers(world, order, Doing::Remove).await?;
    if let Some(container) = left.first() {
        said.push(Said::new("docker", format!("The container {} is still there.", container.name)));
        return Err(diagnose(Doing::Remove, &said, &order.about()));
    }
    remove_volumes(world, order, volumes).await
}

/// kind's own delete. How it ended decides nothing: it exits with 1 when only the kubeconfig could not be written.
async fn delete(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Vec<Said> {
    if let Err(fault) = crate::management::steps::create::prepare_folder(order) {
        return vec![Said::new("KOS", fault.sentence)];
    }
    let output = order.folder.join(format!("kind-delete-{}.log", cx.attempt()));
    let run = Long { program: Program::Kind, args: kind::delete(&order.name, &order.kubeconfig), env: vec![], output, limit: LIMIT };
    // Never stopped half way: what was begun to be removed is of no use to anyone.
    match long(world.programs.as_ref(), run, &Voice::new(cx), &mut |_, _| {}, &CancellationToken::new()).await {
        Ok(ended) => ended.lines.said("kind"),
        Err(fault) => vec![Said::new("KOS", fault.sentence)],
    }
}

async fn force(world: &World, ids: &[&str]) -> Vec<Said> {
    match ask(world.programs.as_ref(), Program::Docker, docker::remove(ids.iter().copied()), CancellationToken::new()).await {
        Ok(exit) => Said::numbered("docker", String::from_utf8_lossy(&exit.err).lines()),
        Err(error) => vec![Said::new("KOS", error.to_string())],
    }
}

/// kind removes anonymous volumes with their containers; a daemon that was stopped in the middle may have kept some.
async fn remove_volumes(world: &World, order: &Order, volumes: &BTreeSet<String>) -> Result<(), Fault> {
    if volumes.is_empty() {
        return Ok(());
    }
    let names = volumes.iter().map(String::as_str);
    let listed = crate::run::docker(world.programs.as_ref(), docker::volumes(names), Doing::Remove, order.name.as_str()).await?;
    let left: Vec<&str> = listed.lines().map(str::trim).filter(|v| volumes.contains(*v)).collect();
    if left.is_empty() {
        return Ok(());
    }
    crate::run::docker(world.programs.as_ref(), docker::remove_volumes(left), Doing::Remove, order.name.as_str()).await.map(|_| ())
}

/// All local clusters share the network: it goes only when this job brought it and nobody else came.
async fn remove_network(world: &World, order: &Order) -> Result<(), Fault> {
    let all = crate::run::docker(world.programs.as_ref(), docker::list(None), Doing::Remove, order.name.as_str()).await?;
    if docker::containers(&all).is_empty() {
        // Docker itself refuses while anything else is attached; then it is in use and stays.
        let _ = ask(world.programs.as_ref(), Program::Docker, docker::remove_network(), CancellationToken::new()).await;
    }
    Ok(())
}

pub(super) fn remove_file(file: &Path) -> Result<(), Fault> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(Fault::new(FaultCode::Write, format!("{} was not removed.", file.display())).because("operating system", e.to_string()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
