//! What did a job that stopped leave behind?

use api::jobs::{Finding, PartState};
use api::local::ContainerState;
use jobs::{Certainty, Left};

use super::steps::evidence::{Evidence, containers, foreign};
use super::steps::workload::{Standing, standing};
use super::{Act, Order};
use crate::World;
use crate::diagnose::Doing;
use crate::look::Inside;
use crate::run::ProcessOf;

/// Looks at containers, programs, kubeconfig, API server and providers, in this order.
pub(super) async fn look(world: &World, order: &Order, left: &Left<Act>) -> Vec<Finding> {
    let mut findings = vec![];
    for process in &left.processes {
        if let Ok(of) = serde_json::from_value::<ProcessOf>(process.process.clone()) {
            findings.push(program(&of, world.programs.alive(of.process).await));
        }
    }
    findings.extend(nodes(world, order, left).await);
    findings.push(kubeconfig(order, left));
    findings.extend(inside(world, order).await);
    findings.extend(workload(world, order, left).await);
    findings
}

/// The workload cluster, as far as its management cluster tells.
async fn workload(world: &World, order: &Order, left: &Left<Act>) -> Option<Finding> {
    let name = &order.workload.as_ref()?.form.name;
    let noted = noted(left, "Workload cluster");
    // Without an answer nothing is known, and the API says so itself.
    let (state, found, means) = match standing(world, order).await? {
        Standing::Absent => (PartState::Waiting, "not there", if noted == "not yet" { "it was not begun" } else { "Continue makes it" }),
        Standing::Deleting => (PartState::Failed, "is being deleted", "Continue makes it anew"),
        Standing::Made => (PartState::Working, "ordered", "Cluster API goes on by itself; Continue waits for it"),
        Standing::Available => (PartState::Ready, "available", ""),
    };
    Some(finding(state, "Workload cluster", name, noted, found, means))
}

fn noted(left: &Left<Act>, kind: &str) -> &'static str {
    match left.noted.iter().find(|n| n.thing.kind == kind).map(|n| n.certainty) {
        Some(Certainty::Made) => "made",
        Some(Certainty::Intended) => "begun",
        None => "not yet",
    }
}

fn finding(state: PartState, kind: &str, name: impl Into<String>, noted: &str, found: impl Into<String>, means: &str) -> Finding {
    Finding { state, kind: kind.to_owned(), name: name.into(), noted: noted.to_owned(), found: found.into(), means: means.to_owned() }
}

fn program(of: &ProcessOf, alive: bool) -> Finding {
    let name = of.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (state, found, means) =
        if alive { (PartState::Working, "still running", "Continue follows it to its end") } else { (PartState::Waiting, "gone", "what it made is below") };
    finding(state, "Program", name, "running", found, means)
}

async fn nodes(world: &World, order: &Order, left: &Left<Act>) -> Vec<Finding> {
    let noted = noted(left, "Cluster");
    let found = match containers(world, order, Doing::Ask).await {
        Ok(found) => found,
        Err(fault) => return vec![finding(PartState::Failed, "Containers", order.name.as_str(), noted, "not known", &fault.sentence)],
    };
    if found.is_empty() {
        let means = if noted == "not yet" { "it was not begun" } else { "nothing is left of it" };
        return vec![finding(PartState::Waiting, "Containers", order.name.as_str(), noted, "not there", means)];
    }
    let theirs = foreign(&found, Evidence::of(order).as_ref()).is_some();
    let one = |c: &crate::programs::docker::Container| {
        let (state, said, means) = match &c.state {
            ContainerState::Running => (PartState::Ready, "running".to_owned(), ""),
            ContainerState::Paused => (PartState::Working, "paused".to_owned(), "somebody paused it"),
            ContainerState::Exited { code } => (PartState::Failed, format!("stopped, exit {code}"), "Continue makes the cluster anew unless it was finished"),
            ContainerState::Other(other) => (PartState::Working, other.clone(), ""),
        };
        if theirs {
            finding(PartState::Failed, "Container", &c.name, noted, said, "not made by this job; it is left alone")
        } else {
            finding(state, "Container", &c.name, noted, said, means)
        }
    };
    found.iter().map(one).collect()
}

fn kubeconfig(order: &Order, left: &Left<Act>) -> Finding {
    let name = order.kubeconfig.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let noted = noted(left, "Kubeconfig");
    if order.kubeconfig.exists() {
        finding(PartState::Ready, "Kubeconfig", name, noted, "here", "")
    } else {
        finding(PartState::Waiting, "Kubeconfig", name, noted, "not there", "kind writes it last")
    }
}

async fn inside(world: &World, order: &Order) -> Vec<Finding> {
    if !order.kubeconfig.exists() {
        return vec![];
    }
    let Ok(client) = world.clients.client(&order.kubeconfig, &order.name.context()).await else { return vec![] };
    let inside = Inside::new(client);
    if let Err(error) = inside.ready().await {
        return vec![finding(PartState::Failed, "API", order.name.as_str(), "", error.said(), "")];
    }
    let mut findings = vec![finding(PartState::Ready, "API", order.name.as_str(), "", "answers", "")];
    let installed = inside.installed().await.unwrap_or_default();
    for (provider, version, _) in order.providers() {
        let found = installed.iter().find(|i| i.name == provider);
        findings.push(match found {
            Some(i) if i.version == version => finding(PartState::Ready, "Provider", provider, "", version, "complete"),
            Some(i) => finding(PartState::Failed, "Provider", provider, "", &i.version, "another version than planned"),
            None => finding(PartState::Waiting, "Provider", provider, "", "not there", "Continue installs it"),
        });
    }
    findings
}
