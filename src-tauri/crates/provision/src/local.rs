//! Which clusters are on this machine, and what can be done with them?
//!
//! Knows: containers with kind's label, whoever made them; Cluster API's Docker provider uses the same label for its workload
//! clusters. Those of other programs are listed and never touched. Does not know: what runs inside. There is no way here to
//! touch more than one named cluster. Start at: [`survey`] and [`all`]; [`Change`] is the work of power, deletion and logs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::contexts::ContextRow;
use api::local::{ContainerState, LocalRow, LocalState, NodeMark, Role};
use api::{ContextId, Fault, JobId, Timestamp};

use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker::{self, Container, ForeignContainer, Inspected, NodeRole, Usage};
use crate::run::answer;

mod change;
mod container;
mod deletion;
mod door;
mod emptied;
mod leftovers;
mod manages;
mod network;
mod others;
mod power;
mod said;

pub use change::{Act, Change, Order, Step, Whose, plan};
pub use container::{OneContainer, container};
pub use deletion::{allowed, deletion, workloads_of};
pub use door::{Door, door};
pub use leftovers::{Asked, MayManage, leftovers, may_manage};
pub use manages::{Manages, manages};
pub use network::{Unused, plan_removal, unused};
pub use others::{Trace, others, traces};
pub use power::sequence;
pub use said::last_lines;

/// The local cluster that a context is named after: `kind-lab` by kind, `lab-admin@lab` by clusterctl.
pub fn cluster_of(context: &str) -> Option<&str> {
    if let Some(name) = context.strip_prefix("kind-") {
        return Some(name);
    }
    let (user, name) = context.split_once('@')?;
    (user.strip_suffix("-admin") == Some(name)).then_some(name)
}

/// What docker tells of all local clusters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    pub containers: Vec<Container>,
    pub foreign: Vec<ForeignContainer>,
    pub inspected: Vec<Inspected>,
    /// By the name of a container: when it was paused, as far as Docker remembers.
    pub paused: BTreeMap<String, Timestamp>,
    pub usage: Vec<(String, Usage)>,
    /// Names of the networks that a container is on, whoever made it.
    pub on_networks: BTreeSet<String>,
}

/// What KOS itself knows of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub manages: Manages,
    pub context: Option<ContextId>,
    pub job: Option<JobId>,
    /// For a workload cluster: the management cluster that has its Cluster object.
    pub manager: Option<String>,
}

/// A daemon whose clock is behind ours would answer only when it has come to our now.
const REMEMBERS: Duration = Duration::from_secs(3);

/// How much is asked: usage takes docker two seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    Containers,
    Usage,
}

/// Asks docker which ranges of addresses its networks take.
///
/// Errors: docker does not answer.
pub async fn networks(world: &World) -> Result<Vec<docker::Network>, Fault> {
    let names = crate::run::docker(world.programs.as_ref(), docker::network_names(), Doing::Ask, "").await?;
    let names: Vec<&str> = names.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(vec![]);
    }
    let out = crate::run::docker(world.programs.as_ref(), docker::inspect_networks(names), Doing::Ask, "").await?;
    Ok(docker::networks(&out))
}

/// Asks docker once about every container, and closer about those of clusters.
///
/// Errors: only when the list itself is not to be had; details that cannot be read are left out.
pub async fn survey(world: &World, depth: Depth) -> Result<Survey, Fault> {
    let out = crate::run::docker(world.programs.as_ref(), docker::list_all(), Doing::Ask, "").await?;
    let (containers, foreign) = (docker::containers(&out), docker::foreign(&out));
    let on_networks = docker::on_networks(&out);
    if containers.is_empty() && foreign.is_empty() {
        return Ok(Survey { on_networks, ..Survey::default() });
    }
    let ids = || containers.iter().chain(foreign.iter().map(|f| &f.container)).map(|c| c.id.as_str());
    let inspected = docker::inspected(&answer(world, docker::inspect(ids())).await);
    let paused = pauses(world, &containers).await;
    let usage = match depth {
        Depth::Containers => vec![],
        Depth::Usage => docker::usage(&answer(world, docker::stats(ids())).await),
    };
    Ok(Survey { containers, foreign, inspected, paused, usage, on_networks })
}

/// Where no container is paused, nothing is asked.
async fn pauses(world: &World, containers: &[Container]) -> BTreeMap<String, Timestamp> {
    let names: Vec<&str> = containers.iter().filter(|c| c.state == ContainerState::Paused).map(|c| c.name.as_str()).collect();
    if names.is_empty() {
        return BTreeMap::new();
    }
    let asked = answer(world, docker::pauses(names, jobs::system_clock()()));
    tokio::time::timeout(REMEMBERS, asked).await.map(|out| docker::paused(&out)).unwrap_or_default()
}

/// What containers and volumes take on disk; empty when docker does not say. It takes docker seconds.
pub async fn disk_use(world: &World) -> docker::DiskUse {
    docker::disk_use(&answer(world, docker::disk()).await)
}

/// Every cluster of this machine: ours, then those of other programs; pure.
pub fn all(survey: &Survey, known: &BTreeMap<String, Known>, traces: &[Trace], contexts: &[ContextRow]) -> Vec<LocalRow> {
    let mut all = rows(survey, known);
    all.extend(others(survey, traces, contexts));
    for (row, order) in all.iter_mut().zip(0..) {
        row.order = order;
    }
    all
}

/// One row a cluster of kind: management clusters, then what they made, then plain ones, each by name; pure.
pub fn rows(survey: &Survey, known: &BTreeMap<String, Known>) -> Vec<LocalRow> {
    let mut clusters: BTreeMap<&str, Vec<&Container>> = BTreeMap::new();
    for container in &survey.containers {
        clusters.entry(&container.cluster).or_default().push(container);
    }
    let managers: Vec<&str> = clusters.keys().copied().filter(|name| manages(name, survey, known)).collect();
    let mut rows: Vec<LocalRow> = clusters.iter().map(|(name, containers)| row(name, containers.clone(), survey, known.get(*name), &managers)).collect();
    rows.sort_by_key(|row| match row.role {
        Role::Management => 0,
        Role::Workload { .. } => 1,
        Role::Plain | Role::Foreign { .. } => 2,
    });
    for (row, order) in rows.iter_mut().zip(0..) {
        row.order = order;
    }
    rows
}

fn row(name: &str, containers: Vec<&Container>, survey: &Survey, known: Option<&Known>, managers: &[&str]) -> LocalRow {
    let known = known.cloned().unwrap_or_default();
    let role = role(name, &containers, &known, managers);
    row_of(name, containers, survey, known, role)
}

fn row_of(name: &str, mut containers: Vec<&Container>, survey: &Survey, known: Known, role: Role) -> LocalRow {
    containers.sort_by(|a, b| (&a.role, &a.name).cmp(&(&b.role, &b.name)));
    let used: Vec<Usage> = containers.iter().filter_map(|c| survey.usage.iter().find(|(id, _)| *id == c.id).map(|(_, u)| *u)).collect();
    LocalRow {
        name: name.to_owned(),
        order: 0,
        role,
        state: state(&containers, survey, &known),
        nodes: containers.iter().filter(|c| c.role != NodeRole::LoadBalancer).map(|c| mark(c, survey)).collect(),
        balancers: containers.iter().filter(|c| c.role == NodeRole::LoadBalancer).map(|c| mark(c, survey)).collect(),
        version: containers.iter().filter(|c| c.role != NodeRole::LoadBalancer).find_map(|c| version(&c.image)).unwrap_or_default(),
        created: containers.iter().filter_map(|c| c.created).min(),
        context: known.context,
        cpu_milli: (!used.is_empty()).then(|| used.iter().fold(0u32, |sum, u| sum.saturating_add(u.cpu_milli))),
        memory_bytes: (!used.is_empty()).then(|| used.iter().fold(0u64, |sum, u| sum.saturating_add(u.memory_bytes))),
        job: known.job,
    }
}

fn mark(container: &Container, survey: &Survey) -> NodeMark {
    let inspected = survey.inspected.iter().find(|one| one.id == container.id);
    let since = match container.state {
        ContainerState::Running => inspected.and_then(|one| one.started),
        ContainerState::Paused => survey.paused.get(&container.name).copied(),
        ContainerState::Exited { .. } | ContainerState::Other(_) => inspected.and_then(|one| one.finished),
    };
    NodeMark { container: container.name.clone(), role: container.role.label().to_owned(), state: container.state.clone(), since }
}

/// Who made its containers counts first: those of Docker's provider are not kind's to stop, also where they manage others.
fn role(name: &str, containers: &[&Container], known: &Known, managers: &[&str]) -> Role {
    if containers.iter().any(|c| !named_by_kind(name, c)) {
        Role::Workload { of: known.manager.clone().or_else(|| only(name, managers)) }
    } else if managers.contains(&name) {
        Role::Management
    } else {
        Role::Plain
    }
}

/// Docker's provider makes containers through this machine's own socket: where one management cluster stands, it was that one.
/// With two of them only their API servers could tell.
fn only(name: &str, managers: &[&str]) -> Option<String> {
    match managers {
        [only] if *only != name => Some((*only).to_owned()),
        [..] => None,
    }
}

/// kind names a container after the cluster and its role, with a number from 2 on; Cluster API's Docker provider names it
/// after the machine, and its load balancer `NAME-lb`. The labels are the same, so the name is what tells.
pub(crate) fn named_by_kind(cluster: &str, container: &Container) -> bool {
    let rest = container.name.strip_prefix(cluster).and_then(|r| r.strip_prefix('-'));
    let number = rest.and_then(|r| r.strip_prefix(container.role.label()));
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

fn state(containers: &[&Container], survey: &Survey, known: &Known) -> LocalState {
    let count = |wanted: fn(&ContainerState) -> bool| containers.iter().filter(|c| wanted(&c.state)).count();
    let running = count(|s| matches!(s, ContainerState::Running));
    let paused = count(|s| matches!(s, ContainerState::Paused));
    let all = containers.len();
    if known.job.is_some() && running < all && paused == 0 && known.context.is_none() {
        LocalState::Creating
    } else if running == all {
        LocalState::Running
    } else if paused == all {
        LocalState::Paused
    } else if running + paused == 0 {
        LocalState::Stopped { since: stopped_since(containers, survey) }
    } else {
        LocalState::Mixed { running: u32::try_from(running).unwrap_or(u32::MAX), of: u32::try_from(all).unwrap_or(u32::MAX) }
    }
}

fn stopped_since(containers: &[&Container], survey: &Survey) -> Option<Timestamp> {
    let finished = |c: &&Container| survey.inspected.iter().find(|i| i.id == c.id).and_then(|i| i.finished);
    containers.iter().filter_map(finished).max()
}

/// The tag of a node image, be it `kindest/node:v1.36.4@sha256:…` or a mirror's.
fn version(image: &str) -> Option<String> {
    let (name, _) = image.split_once('@').unwrap_or((image, ""));
    let (_, tag) = name.rsplit_once(':')?;
    crate::versions::is_version(tag).then(|| tag.to_owned())
}

#[cfg(test)]
mod tests;
