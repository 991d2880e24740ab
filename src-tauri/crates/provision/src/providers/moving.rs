//! clusterctl moves clusters: it pauses them here, makes them there, removes them here and resumes them there.

use api::jobs::{Finding, PartState, Tone, Words};
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};

use super::clusterctl::{Running, failed, inside, unanswered};
use super::standing::{Side, Standing, standing};
use super::{Order, Step, Task};
use crate::World;
use crate::diagnose::Doing;
use crate::look::Inside;
use crate::programs::clusterctl::At;
use crate::programs::clusterctl::moving::{Line, go, read};

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
    // clusterctl has nothing left to find here; only the last of its steps is missing.
    let ended = if stands(world, order, &moving).await? == Standing::ThereAsleep {
        cx.step_started(&Step::Resume);
        resume(&inside(world, moving.to).await?, &moving, order).await?;
        None
    } else {
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
        super::clusterctl::run(world, order, what, &mut each, cx).await?
    };
    let now = stands(world, order, &moving).await?;
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
        Standing::Here => format!("{what} stands in {from} alone and may be paused there; Undo resumes it."),
        Standing::Copied => format!("{what} stands whole in {from}, paused, with copies in {to}; Undo resumes it in {from}, Retry goes on."),
        Standing::Parted => format!("Part of {what} is gone from {from} already, so {from} cannot take it back; Retry goes on to {to}."),
        Standing::ThereAsleep => format!("{what} stands whole in {to} and is paused there; Retry resumes it."),
        Standing::There => format!("{what} stands in {to}."),
    }
}

/// Resumes the clusters where they were, as long as they are whole there.
pub(super) async fn undo(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let Some(moving) = Moving::of(order).filter(|_| !cx.noted().is_empty()) else { return Ok(()) };
    let now = stands(world, order, &moving).await?;
    let left = |sentence: String| Err(Fault::new(FaultCode::Step, sentence).unharmed("The machines run on."));
    match now {
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
