//! Which acts and steps does a job on a management cluster have, and which commands does it run?

use std::path::PathBuf;
use std::time::Duration;

use api::Millis;
use api::jobs::{UndoIs, Words};
use api::providers::title;
use jobs::{Plan, PlannedStep};
use tools::{Capture, Invocation, Program};

use super::{Act, ClusterRef, Order, Step, Task, Verb, Wanted};
use crate::programs::clusterctl::{catalogue, moving, templates, upgrade};

/// The acts in order, each with the steps it shows.
pub fn plan(order: &Order) -> Plan<Act, Step> {
    let act = |verb| Act { verb, order: order.clone() };
    let name = order.name.as_str();
    let mut plan = match &order.task {
        Task::Upgrade { contract, providers, wait, .. } => {
            let names = names(wait);
            let first = if wait.is_empty() { String::new() } else { format!(" It begins when {names} stands.") };
            let sentence = format!("{} providers to the newest releases of contract {contract}. Cluster objects are not touched.{first}", providers.len());
            let steps =
                std::iter::once(step(Step::ScaleDown, "Scale down", Words::said("no controller writes meanwhile"), 9)).chain(providers.iter().map(provider));
            let plan = Plan::new(Words::said("Upgrade the providers of ").mono(name), sentence).undone_by(UndoIs::Nothing);
            let plan = if wait.is_empty() {
                plan
            } else {
                let detail = Words::said("until none of its machines is on its way");
                plan.then(act(Verb::AwaitClusters), step(Step::AwaitClusters, &format!("Wait for {names}"), detail, 120))
            };
            plan.then_many(act(Verb::Change), steps.collect()).then(act(Verb::AwaitWebhooks), webhooks())
        }
        Task::Add { wanted, .. } => {
            let sentence = format!("{} {} in the namespace {}. The other providers go on.", title(&wanted.name), wanted.version, wanted.namespace);
            Plan::new(Words::said(format!("Add {} to ", title(&wanted.name))).mono(name), sentence)
                .then(act(Verb::Change), added(wanted))
                .then(act(Verb::AwaitWebhooks), webhooks())
        }
        Task::Move { to_name, namespace, clusters, .. } => {
            let what = match clusters.as_slice() {
                [one] => one.clone(),
                many => format!("{} clusters", many.len()),
            };
            let sentence = format!("{what} of the namespace {namespace}. Machines run on; another management cluster looks after them.");
            let steps = vec![
                step(Step::Pause, "Pause them here", Words::said("no controller writes meanwhile"), 3),
                step(Step::Make, "Make them there", Words::said("each object after its owner"), 12),
                step(Step::Remove, "Remove them here", Words::said("the other way round"), 12),
                step(Step::Resume, "Resume them there", Words::said("their controllers go on"), 2),
            ];
            let undo = UndoIs::Resumption { at: name.to_owned() };
            Plan::new(Words::said(format!("Move {what} to {to_name} from ")).mono(name), sentence).undone_by(undo).then_many(act(Verb::Change), steps)
        }
    };
    plan.command = commands(order).join(" && ");
    plan
}

/// The exact commands, as one could paste them.
pub fn commands(order: &Order) -> Vec<String> {
    let args = match &order.task {
        Task::Upgrade { contract, .. } => upgrade::apply(&order.at, contract, &order.source),
        Task::Add { pick, .. } => catalogue::add(&order.at, pick, &order.source),
        Task::Move { to, namespace, .. } => moving::go(&order.at, namespace, to, &order.source),
    };
    vec![spelled(args)]
}

/// The command that fills a template in.
pub fn template_command(wanted: &templates::Wanted<'_>) -> String {
    spelled(templates::fill(wanted))
}

fn spelled(args: Vec<String>) -> String {
    let capture = Capture::Memory { most: 0 };
    tools::shown(&Invocation { program: Program::Clusterctl, args, env: vec![], cwd: PathBuf::from("/"), limit: Duration::ZERO, capture })
}

/// `lab-b`, `lab-b, w2 and w3`.
fn names(clusters: &[ClusterRef]) -> String {
    let all: Vec<&str> = clusters.iter().map(|one| one.name.as_str()).collect();
    match all.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn provider(wanted: &Wanted) -> PlannedStep<Step> {
    let detail = Words::said(format!("{} to {}", wanted.before, wanted.version));
    step(Step::Provider(wanted.name.clone()), &title(&wanted.name), detail, 20)
}

fn added(wanted: &Wanted) -> PlannedStep<Step> {
    step(Step::Provider(wanted.name.clone()), &format!("Install {}", title(&wanted.name)), Words::said(wanted.version.clone()), 30)
}

fn webhooks() -> PlannedStep<Step> {
    step(Step::AwaitWebhooks, "Wait for webhooks", Words::said("so that the next apply cannot fail"), 16)
}

fn step(step: Step, title: &str, detail: Words, seconds: u64) -> PlannedStep<Step> {
    PlannedStep::new(step, title, detail, Millis::seconds(seconds))
}
