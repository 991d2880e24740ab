//! clusterctl moves clusters: it pauses them here, makes them there, removes them here and resumes them there.

use std::path::Path;

use api::jobs::{Finding, PartState, Tone, Words};
use api::{Fault, FaultCode};
use cluster::write::WriteError;
use jobs::{ActContext, Thing};

use super::clusterctl::{Running, failed, inside, logs, unanswered};
use super::leftovers::{self, Ends};
use super::standing::{Side, Standing, standing};
use super::{Order, Step, Task};
use crate::World;
use crate::diagnose::Doing;
use crate::look::Inside;
use crate::programs::clusterctl::At;
use crate::programs::clusterctl::moving::{Line, Moved, Trace, go, read};
use crate::run::{Ended, still_runs};

/// A move, without the other tasks.
struct Moving<'a> {
    to: &'a At,
    to_name: &'a str,
    namespace: &'a str,
    clusters: &'a [String],
    machines: usize,
    paused: &'a [String],
}

impl<'a> Moving<'a> {
    fn of(order: &'a Order) -> Option<Self> {
        match &order.task {
            Task::Move { to, to_name, namespace, clusters, machines, paused } => Some(Self { to, to_name, namespace, clusters, machines: *machines, paused }),
            Task::Upgrade { .. } | Task::Add { .. } => None,
        }
    }

    fn words(&self) -> String {
        match self.clusters {
            [one] => one.clone(),
            many => format!("{} clusters", many.len()),
        }
    }
}

async fn side(inside: &Inside, namespace: &str, order: &Order) -> Result<Side, Fault> {
    let (clusters, machines) = inside.clusters(namespace).await.map_err(|error| unanswered(order, &error))?;
    Ok(Side { clusters: clusters.into_iter().map(|(of, stands)| (of.name, stands)).collect(), machines })
}

/// How far it came, seen on both servers.
async fn stands(world: &World, order: &Order, moving: &Moving<'_>) -> Result<Standing, Fault> {
    let here = side(&inside(world, &order.at).await?, moving.namespace, order).await?;
    let there = side(&inside(world, moving.to).await?, moving.namespace, order).await?;
    Ok(standing(moving.clusters, moving.machines, &here, &there))
}

async fn traced(folder: &Path) -> Trace {
    logs(folder).await.iter().map(|log| Trace::read(log.lines())).fold(Trace::default(), Trace::and)
}

/// Secrets and containers go before the machines that they belong to: where clusterctl began to remove, the source is not
/// whole any more, however many machines it still has.
fn told_by(seen: Standing, trace: &Trace) -> Standing {
    match (seen, &trace.moved) {
        (Standing::Here | Standing::Copied | Standing::Parted, Some(_)) => Standing::Parted,
        (Standing::There | Standing::ThereAsleep, _) | (_, None) => seen,
    }
}

pub(super) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let Some(moving) = Moving::of(order) else { return Ok(None) };
    match stands(world, order, &moving).await {
        Ok(Standing::There) => Ok(Some(Words::said(format!("{} stands in {} already", moving.words(), moving.to_name)))),
        // Who does not answer now is asked again by the act itself, with a better sentence.
        Ok(Standing::Here | Standing::Copied | Standing::Parted | Standing::ThereAsleep) | Err(_) => Ok(None),
    }
}

pub(super) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let Some(moving) = Moving::of(order) else { return Ok(()) };
    let mut notes = vec![];
    for name in moving.clusters {
        notes.push(cx.intent(Thing::new("Cluster", format!("{name} in {}", moving.to_name))).await?);
    }
    let (runs, trace) = (still_runs(world.programs.as_ref(), cx.processes()).await, traced(cx.folder()).await);
    let ended = match (told_by(stands(world, order, &moving).await?, &trace), trace.moved) {
        (Standing::There, _) => None,
        // clusterctl has nothing left to find here; only the last of its steps is missing.
        (Standing::ThereAsleep, _) => {
            wake(world, order, &moving, cx).await?;
            None
        }
        // Its source must never go on: it would make machines anew that are alive in the target.
        (Standing::Parted, Some(moved)) if !runs => {
            finish(world, order, &moving, &moved, cx).await?;
            None
        }
        (Standing::Here | Standing::Copied | Standing::Parted, _) => {
            // clusterctl moves nothing that is paused, and an earlier try of this job paused it.
            if trace.paused && !runs {
                resume(&inside(world, &order.at).await?, &moving, order).await?;
            }
            go_on(world, order, &moving, cx).await?
        }
    };
    let now = told_by(stands(world, order, &moving).await?, &traced(cx.folder()).await);
    if now != Standing::There {
        let said = ended.map(|ended| ended.lines.said("clusterctl")).unwrap_or_default();
        let fault = failed(order, Doing::Move, &said);
        let sentence = format!("{} {}", fault.sentence, told(now, order, &moving));
        return Err(Fault { sentence, ..fault });
    }
    for note in notes {
        cx.made(note).await?;
    }
    Ok(())
}

async fn go_on(world: &World, order: &Order, moving: &Moving<'_>, cx: &mut ActContext<Step>) -> Result<Option<Ended>, Fault> {
    let mut each = |cx: &mut ActContext<Step>, line: &str| match read(line) {
        Line::Discovering => cx.step_detail(Words::said("what belongs to them")),
        Line::Pausing => cx.step_started(&Step::Pause),
        Line::Creating(moved) => {
            cx.step_started(&Step::Make);
            cx.step_detail(Words::said(format!("{} ", moved.kind)).mono(moved.name));
        }
        Line::Deleting(moved) => {
            cx.step_started(&Step::Remove);
            cx.step_detail(Words::said(format!("{} ", moved.kind)).mono(moved.name));
        }
        Line::Resuming => cx.step_started(&Step::Resume),
        Line::Other => {}
    };
    let what = Running { args: go(&order.at, moving.namespace, moving.to, &order.source), values: vec![], namespaces: vec![] };
    super::clusterctl::run(world, order, what, &mut each, cx).await
}

/// Does what clusterctl had not done yet: it takes up no move whose source is paused.
async fn finish(world: &World, order: &Order, moving: &Moving<'_>, moved: &[Moved], cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let there = side(&inside(world, moving.to).await?, moving.namespace, order).await?;
    if there.machines < moving.machines || !moving.clusters.iter().all(|name| there.clusters.contains_key(name)) {
        let sentence = format!("Part of {} is gone from {}, and {} does not hold all of it.", moving.words(), order.name, moving.to_name);
        let count = format!("{} of {} machines are there.", there.machines, moving.machines);
        return Err(Fault::new(FaultCode::Step, sentence).because(moving.to_name, count).unharmed("Nothing more was removed. The machines run on."));
    }
    cx.step_started(&Step::Remove);
    let here = world.clients.client(&order.at.kubeconfig, &order.at.context).await?;
    let there = world.clients.client(&moving.to.kubeconfig, &moving.to.context).await?;
    let ends = Ends { here: &here, there: &there, here_is: &order.name, there_is: moving.to_name, namespace: moving.namespace };
    leftovers::remove(&ends, moved, cx).await?;
    wake(world, order, moving, cx).await
}

/// The last step of clusterctl; classes that stay in the source go on as well.
async fn wake(world: &World, order: &Order, moving: &Moving<'_>, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    cx.step_started(&Step::Resume);
    let still = |why: WriteError| {
        let sentence = format!("The classes of {} are still paused in {}: the server refused to resume them.", moving.namespace, order.name);
        Fault::new(FaultCode::Step, sentence).because(order.name.as_str(), why.to_string()).unharmed("The machines run on.")
    };
    inside(world, &order.at).await?.resume_classes(moving.namespace).await.map_err(still)?;
    resume(&inside(world, moving.to).await?, moving, order).await
}

async fn resume(inside: &Inside, moving: &Moving<'_>, order: &Order) -> Result<(), Fault> {
    for name in moving.clusters.iter().filter(|name| !moving.paused.contains(name)) {
        if let Err(why) = inside.resume(moving.namespace, name).await {
            let sentence = format!("{name} is still paused: the server refused to resume it.");
            return Err(Fault::new(FaultCode::Step, sentence).because(order.name.as_str(), why.to_string()).unharmed("Its machines run on."));
        }
    }
    Ok(())
}

/// What stands where, and what is the way on.
fn told(standing: Standing, order: &Order, moving: &Moving<'_>) -> String {
    let (what, from, to) = (moving.words(), &order.name, moving.to_name);
    match standing {
        Standing::Here => format!("{what} stands in {from} alone and may be paused there; Undo resumes it, Retry begins anew."),
        Standing::Copied => format!("{what} stands whole in {from}, paused, with copies in {to}; Undo resumes it in {from}, Retry goes on."),
        Standing::Parted => format!("Part of {what} is gone from {from} already, so {from} cannot take it back; Retry goes on to {to}."),
        Standing::ThereAsleep => format!("{what} stands whole in {to} and is paused there; Retry resumes it."),
        Standing::There => format!("{what} stands in {to}."),
    }
}

/// Resumes the clusters where they were, as long as they are whole there.
pub(super) async fn undo(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let Some(moving) = Moving::of(order).filter(|_| !cx.noted().is_empty()) else { return Ok(()) };
    let trace = traced(cx.folder()).await;
    let now = told_by(stands(world, order, &moving).await?, &trace);
    let left = |sentence: String| Err(Fault::new(FaultCode::Step, sentence).unharmed("The machines run on."));
    match now {
        Standing::Here if !trace.paused => Ok(()),
        Standing::Here | Standing::Copied => {
            resume(&inside(world, &order.at).await?, &moving, order).await?;
            cx.output(Tone::Ours, &format!("{} goes on in {}.", moving.words(), order.name));
            if now == Standing::Here {
                return Ok(());
            }
            left(format!(
                "{} goes on in {}. Its copies in {} stay paused, because to delete one there could take the machines along; a later move takes them up.",
                moving.words(),
                order.name,
                moving.to_name
            ))
        }
        Standing::Parted | Standing::ThereAsleep | Standing::There => left(told(now, order, &moving)),
    }
}

/// One finding a cluster.
pub(super) async fn look(world: &World, order: &Order) -> Vec<Finding> {
    let Some(moving) = Moving::of(order) else { return vec![] };
    let Ok(now) = stands(world, order, &moving).await else { return vec![] };
    let (state, found) = match now {
        Standing::Here => (PartState::Waiting, format!("in {}", order.name)),
        Standing::Copied => (PartState::Working, format!("in {}, copies in {}", order.name, moving.to_name)),
        Standing::Parted => (PartState::Failed, format!("parts in {} and in {}", order.name, moving.to_name)),
        Standing::ThereAsleep => (PartState::Working, format!("in {}, paused", moving.to_name)),
        Standing::There => (PartState::Ready, format!("in {}", moving.to_name)),
    };
    let finding = |name: &String| Finding {
        state,
        kind: "Cluster".into(),
        name: name.clone(),
        noted: format!("to {}", moving.to_name),
        found: found.clone(),
        means: told(now, order, &moving),
    };
    moving.clusters.iter().map(finding).collect()
}

/// Quoted by tests of the words.
#[cfg(test)]
pub(super) fn said(standing: Standing, order: &Order) -> String {
    Moving::of(order).map(|moving| told(standing, order, &moving)).unwrap_or_default()
}
