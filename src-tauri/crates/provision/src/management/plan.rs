//! Which acts and steps lead to a management cluster?

use std::path::{Path, PathBuf};

use api::Millis;
use api::jobs::Words;
use api::local::{ManagementSpec, NetworkPlugin, Purpose};
use api::programs::Tool;
use jobs::{Plan, PlannedStep};

use super::steps::init::titles;
use super::steps::pull::short;
use super::{Act, Ground, Order, Step, Verb, Workload};
use crate::programs::clusterctl::Source;
use crate::versions::Repository;
use crate::{ClusterName, NameError, config};

/// Where KOS keeps what belongs to local clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// A folder for each job.
    pub jobs: PathBuf,
    /// KOS's own kubeconfig files, a part of the Fleet.
    pub kubeconfigs: PathBuf,
    /// Where clusterctl takes providers from.
    pub source: Source,
    /// Where node images come from.
    pub images: Repository,
}

/// Makes every choice that the form leaves open. The same ground gives the same order.
pub fn order(spec: &ManagementSpec, ground: &Ground, places: &Places) -> Result<Order, NameError> {
    let name = ClusterName::try_from(spec.name.clone())?;
    let (image, _) = places.images.image(&spec.kubernetes);
    let config = config::kind_config(&name, spec, &image);
    let folder = free(&ground.taken, |n| places.jobs.join(numbered(name.as_str(), n)));
    let kubeconfig = free(&ground.taken, |n| places.kubeconfigs.join(format!("{}.yaml", numbered(&name.context(), n))));
    // One that cannot be read is an obstacle, and nothing starts.
    let workload = spec.workload.as_ref().and_then(|form| Workload::of(form, &places.images).ok());
    let fetch = ground.lacking.iter().filter_map(|(_, offer)| offer.as_ref().ok()).cloned().collect();
    let (source, docker) = (places.source.clone(), ground.docker.clone());
    Ok(Order { name, spec: spec.clone(), image, config, folder, kubeconfig, source, workload, fetch, docker })
}

fn numbered(name: &str, n: u32) -> String {
    if n == 1 { name.to_owned() } else { format!("{name}_{n}") }
}

/// The first path that does not exist; a job never writes into what an earlier one left.
fn free(taken: &[PathBuf], path: impl Fn(u32) -> PathBuf) -> PathBuf {
    let is_free = |p: &Path| !taken.iter().any(|t| t == p);
    (1..=u32::MAX).map(&path).find(|p| is_free(p)).unwrap_or_else(|| path(1))
}

/// The acts in order, each with the steps it shows.
pub fn plan(order: &Order) -> Plan<Act, Step> {
    let act = |verb| Act { verb, order: order.clone() };
    let title = match &order.workload {
        None if order.spec.purpose == Purpose::Plain => Words::said("Create cluster "),
        None => Words::said("Create management cluster "),
        Some(workload) => Words::said("Create ").mono(&workload.form.name).then(" on "),
    };
    let mut plan = Plan::new(title.mono(order.name.as_str()), sentence(order));
    let kubeconfig = order.kubeconfig.display();
    plan.command = format!("kind create cluster --name {} --config {} --kubeconfig {kubeconfig}", order.name, order.config_file().display());
    let checked = plan.then(act(Verb::Check), step(Step::Check, order));
    let equipped = order.fetch.iter().fold(checked, |plan, offer| match offer.tool {
        Tool::Kind => plan.then(act(Verb::FetchKind), step(Step::FetchKind, order)),
        Tool::Clusterctl => plan.then(act(Verb::FetchClusterctl), step(Step::FetchClusterctl, order)),
    });
    let made = equipped
        .then(act(Verb::Pull), step(Step::Pull, order))
        .then_many(act(Verb::Create), create_steps(order))
        .then(act(Verb::SaveKubeconfig), step(Step::SaveKubeconfig, order));
    if !order.installs_providers() {
        return made;
    }
    let managing = made
        .then_many(act(Verb::Init), vec![step(Step::InstallCertManager, order), step(Step::InstallClusterApi, order)])
        .then(act(Verb::AwaitWebhooks), step(Step::AwaitWebhooks, order));
    let Some(workload) = &order.workload else { return managing };
    let connected = managing
        .then(act(Verb::CreateWorkload), step(Step::CreateWorkload, order))
        .then_many(act(Verb::ConnectWorkload), vec![step(Step::StartWorkload, order), step(Step::ConnectWorkload, order)]);
    // Nodes without a network are not waited for.
    if workload.network.is_none() {
        return connected;
    }
    connected.then(act(Verb::AddWorkloadNetwork), step(Step::AddWorkloadNetwork, order)).then(act(Verb::AwaitWorkload), step(Step::AwaitWorkload, order))
}

/// `kind with one node in Docker, Kubernetes v1.36.4, Cluster API v1.14.2.`
fn sentence(order: &Order) -> String {
    let nodes = match order.nodes() {
        1 => "one node".to_owned(),
        n => format!("{n} nodes"),
    };
    let kubernetes = &order.spec.kubernetes;
    if order.installs_providers() {
        let on_it = order.workload.as_ref().map_or_else(String::new, |workload| format!(" On it {} with {}.", workload.form.name, workload.machines()));
        format!("kind with {nodes} in Docker, Kubernetes {kubernetes}, Cluster API {}.{on_it}", order.spec.providers.core)
    } else {
        let without = match order.spec.network {
            NetworkPlugin::Kindnet => "no Cluster API",
            NetworkPlugin::NotInstalled => "no network plug-in and no Cluster API",
        };
        format!("kind with {nodes} in Docker, Kubernetes {kubernetes}, {without}.")
    }
}

fn create_steps(order: &Order) -> Vec<PlannedStep<Step>> {
    let mut steps = vec![Step::StartNodes];
    if order.spec.control_planes > 1 {
        steps.push(Step::BalanceLoad);
    }
    steps.extend([Step::StartControlPlane, Step::AddNetwork]);
    if order.nodes() > 1 {
        steps.push(Step::JoinNodes);
    }
    steps.into_iter().map(|s| step(s, order)).collect()
}

/// Title, detail and how long it takes on a laptop.
fn step(step: Step, order: &Order) -> PlannedStep<Step> {
    let said = |text: &str| Words::said(text);
    let joining = order.nodes().saturating_sub(1);
    let (name, machines, version) = match &order.workload {
        Some(workload) => (workload.form.name.as_str(), workload.machines(), workload.form.version.as_str()),
        None => ("", String::new(), ""),
    };
    let (title, detail, seconds) = match step {
        Step::Check => ("Check this machine".to_owned(), said("what kind and Docker need"), 2),
        Step::FetchKind => fetched(order, Tool::Kind, 2),
        Step::FetchClusterctl => fetched(order, Tool::Clusterctl, 6),
        Step::Pull => ("Pull the node image".to_owned(), Words::default().mono(short(&order.image)), 72),
        Step::StartNodes if joining == 0 => ("Start the node container".to_owned(), Words::default().mono(format!("{}-control-plane", order.name)), 7),
        Step::StartNodes => (format!("Start {} containers", order.containers()), said("the nodes of the cluster"), 10),
        Step::BalanceLoad => ("Set up the load balancer".to_owned(), Words::default().mono(format!("{}-external-load-balancer", order.name)), 2),
        Step::StartControlPlane => ("Start the control plane".to_owned(), said("kubeadm init"), 31),
        Step::AddNetwork => match order.spec.network {
            NetworkPlugin::Kindnet => ("Add the network".to_owned(), said("kindnet and the default StorageClass"), 4),
            NetworkPlugin::NotInstalled => ("Add the StorageClass".to_owned(), said("the network plug-in is yours to install"), 2),
        },
        Step::JoinNodes if joining == 1 => ("Join 1 node".to_owned(), said("kubeadm join"), 15),
        Step::JoinNodes => (format!("Join {joining} nodes"), said("kubeadm join"), 25),
        Step::SaveKubeconfig => ("Save a kubeconfig".to_owned(), said("context ").mono(order.name.context()).then(", in its own file"), 1),
        Step::InstallCertManager => ("Install cert-manager".to_owned(), said("certificates for the webhooks"), 44),
        Step::InstallClusterApi => (format!("Install Cluster API {}", order.spec.providers.core), Words::said(titles(order)), 58),
        Step::AwaitWebhooks => ("Wait for webhooks".to_owned(), said("so that the first apply cannot fail"), 24),
        Step::CreateWorkload => (format!("Create {name}"), Words::said(format!("{machines}, Kubernetes {version}")), 4),
        Step::StartWorkload => (format!("Start {name}"), said("load balancer, first control plane"), 55),
        Step::ConnectWorkload => ("Save its kubeconfig".to_owned(), said("context ").mono(name).then(", in its own file"), 1),
        Step::AddWorkloadNetwork => ("Add its network".to_owned(), said("kindnet"), 3),
        Step::AwaitWorkload => ("Wait for its machines".to_owned(), said("until all of them are available"), 50),
    };
    PlannedStep::new(step, title, detail, Millis::seconds(seconds))
}

fn fetched(order: &Order, tool: Tool, seconds: u64) -> (String, Words, u64) {
    let offer = order.fetch.iter().find(|offer| offer.tool == tool);
    let (version, address) = offer.map(|offer| (offer.version.as_str(), offer.address.as_str())).unwrap_or_default();
    (format!("Fetch {} {version}", tool.name()), Words::default().mono(address), seconds)
}
