//! How is a management cluster made, from a machine with Docker to webhooks that answer, and a workload cluster on it?
//!
//! Knows: the acts, what each leaves in the world, and how to take it away again. Does not know: journals and windows.
//! Start at: [`Management`], the work; [`plan`] for what is shown before; one file an act in `management/steps/`.

use std::path::PathBuf;

use api::Fault;
use api::jobs::{Finding, Words};
use api::local::{ManagementSpec, NetworkPlugin};
use api::programs::{Tool, ToolOffer};
use async_trait::async_trait;
use jobs::{ActContext, Left, Work};
use serde::{Deserialize, Serialize};

use crate::programs::clusterctl::Source;
use crate::{ClusterName, World};

mod findings;
mod ground;
mod obstacles;
mod plan;
mod port;
mod steps;
mod view;
mod workload;

pub use ground::{Ground, survey};
pub use plan::{Places, order, plan};
pub use port::TakenPort;
pub use view::{suggestion, view};
pub use workload::Workload;

/// The work of making management clusters.
#[derive(Debug, Clone)]
pub struct Management {
    world: World,
}

impl Management {
    pub fn new(world: World) -> Self {
        Self { world }
    }
}

/// One act and all that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub verb: Verb,
    pub order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    Check,
    FetchKind,
    FetchClusterctl,
    Pull,
    Create,
    SaveKubeconfig,
    Init,
    AwaitWebhooks,
    CreateWorkload,
    ConnectWorkload,
    AddWorkloadNetwork,
    AwaitWorkload,
}

impl Verb {
    /// Whether it looks at Docker or makes something in it.
    fn asks_docker(self) -> bool {
        match self {
            Self::Check | Self::Pull | Self::Create | Self::SaveKubeconfig => true,
            Self::FetchKind
            | Self::FetchClusterctl
            | Self::Init
            | Self::AwaitWebhooks
            | Self::CreateWorkload
            | Self::ConnectWorkload
            | Self::AddWorkloadNetwork
            | Self::AwaitWorkload => false,
        }
    }
}

/// What the user sees as a step; its name is the key under which durations are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Check,
    FetchKind,
    FetchClusterctl,
    Pull,
    StartNodes,
    BalanceLoad,
    StartControlPlane,
    AddNetwork,
    JoinNodes,
    SaveKubeconfig,
    InstallCertManager,
    InstallClusterApi,
    AwaitWebhooks,
    CreateWorkload,
    StartWorkload,
    ConnectWorkload,
    AddWorkloadNetwork,
    AwaitWorkload,
}

/// The cluster that was ordered, with every choice made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub name: ClusterName,
    pub spec: ManagementSpec,
    /// With its digest, when it has one.
    pub image: String,
    /// The text of kind's configuration.
    pub config: String,
    /// The job's own folder: configuration, outputs, exported logs.
    pub folder: PathBuf,
    /// KOS's own file for this cluster.
    pub kubeconfig: PathBuf,
    pub source: Source,
    /// What is made on it; jobs of older versions know nothing of it.
    #[serde(default)]
    pub workload: Option<Workload>,
    /// Programs that were not on this machine; jobs of older versions fetched none.
    #[serde(default)]
    pub fetch: Vec<ToolOffer>,
    /// Where the Docker is in which it is made; empty when docker did not say it, and in jobs of older versions.
    #[serde(default)]
    pub docker: String,
}

impl Order {
    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.join("kind.yaml")
    }

    /// Which containers are this job's.
    pub(crate) fn containers_file(&self) -> PathBuf {
        self.folder.join("containers.json")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// How long kind itself waits for Ready nodes: without a network there are none before the user installed one.
    pub(crate) fn kind_waits(&self) -> u32 {
        match self.spec.network {
            NetworkPlugin::Kindnet => self.spec.wait_seconds,
            NetworkPlugin::NotInstalled => 0,
        }
    }

    pub(crate) fn installs_providers(&self) -> bool {
        self.spec.manages()
    }

    /// The programs that the steps run.
    pub(crate) fn tools(&self) -> &'static [Tool] {
        tools_of(&self.spec)
    }

    /// Whether this job brings the program itself.
    pub(crate) fn fetches(&self, tool: Tool) -> bool {
        self.fetch.iter().any(|offer| offer.tool == tool)
    }

    pub(crate) fn nodes(&self) -> usize {
        usize::from(self.spec.control_planes) + usize::from(self.spec.workers)
    }

    /// Containers kind makes: the nodes, and a load balancer before several control planes.
    pub(crate) fn containers(&self) -> usize {
        self.nodes() + usize::from(self.spec.control_planes > 1)
    }

    pub(crate) fn about(&self) -> crate::diagnose::About {
        crate::diagnose::About { name: self.name.to_string(), kubernetes: self.spec.kubernetes.clone(), image: self.image.clone() }
    }

    /// Name and version as clusterctl's inventory has them, and the namespace.
    pub(crate) fn providers(&self) -> Vec<(&'static str, &str, &'static str)> {
        let versions = &self.spec.providers;
        let mut list = vec![
            ("cluster-api", versions.core.as_str(), "capi-system"),
            ("bootstrap-kubeadm", versions.kubeadm_bootstrap.as_str(), "capi-kubeadm-bootstrap-system"),
            ("control-plane-kubeadm", versions.kubeadm_control_plane.as_str(), "capi-kubeadm-control-plane-system"),
        ];
        list.extend(versions.docker.as_deref().map(|v| ("infrastructure-docker", v, "capd-system")));
        list
    }
}

fn tools_of(spec: &ManagementSpec) -> &'static [Tool] {
    if spec.manages() { &[Tool::Kind, Tool::Clusterctl] } else { &[Tool::Kind] }
}

#[async_trait]
impl Work for Management {
    type Act = Act;
    type Step = Step;

    async fn done_already(&self, act: &Act) -> Result<Option<Words>, Fault> {
        let (world, order) = (&self.world, &act.order);
        // Asked before every run, so that a run is at home too.
        if act.verb.asks_docker() {
            crate::home::at_home(world, &order.docker).await?;
        }
        match act.verb {
            // A check is about now.
            Verb::Check => Ok(None),
            Verb::FetchKind => steps::fetch::done(world, Tool::Kind).await,
            Verb::FetchClusterctl => steps::fetch::done(world, Tool::Clusterctl).await,
            Verb::Pull => steps::pull::done(world, order).await,
            Verb::Create => steps::create::done(world, order).await,
            Verb::SaveKubeconfig => steps::kubeconfig::done(world, order).await,
            Verb::Init => steps::init::done(world, order).await,
            Verb::AwaitWebhooks => steps::webhooks::done(world, order).await,
            Verb::CreateWorkload => steps::workload::done(world, order).await,
            Verb::ConnectWorkload => steps::connect::done(world, order).await,
            Verb::AddWorkloadNetwork => steps::network::done(world, order).await,
            Verb::AwaitWorkload => steps::available::done(world, order).await,
        }
    }

    async fn run(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let (world, order) = (&self.world, &act.order);
        match act.verb {
            Verb::Check => steps::check::run(world, order, cx).await,
            Verb::FetchKind => steps::fetch::run(world, Tool::Kind, cx).await,
            Verb::FetchClusterctl => steps::fetch::run(world, Tool::Clusterctl, cx).await,
            Verb::Pull => steps::pull::run(world, order, cx).await,
            Verb::Create => steps::create::run(world, order, cx).await,
            Verb::SaveKubeconfig => steps::kubeconfig::run(world, order, cx).await,
            Verb::Init => steps::init::run(world, order, cx).await,
            Verb::AwaitWebhooks => steps::webhooks::run(world, order, cx).await,
            Verb::CreateWorkload => steps::workload::run(world, order, cx).await,
            Verb::ConnectWorkload => steps::connect::run(world, order, cx).await,
            Verb::AddWorkloadNetwork => steps::network::run(world, order, cx).await,
            Verb::AwaitWorkload => steps::available::run(world, order, cx).await,
        }
    }

    async fn undo(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        crate::home::at_home(&self.world, &act.order.docker).await?;
        crate::run::end_left(self.world.programs.as_ref(), cx).await;
        match act.verb {
            Verb::Create => steps::remove::run(&self.world, &act.order, cx).await,
            Verb::CreateWorkload => steps::workload::undo(&self.world, &act.order, cx).await,
            Verb::ConnectWorkload => steps::connect::undo(&self.world, &act.order, cx).await,
            // All that the others make is inside of the clusters, or an image or a program that is no harm to keep.
            Verb::Check
            | Verb::FetchKind
            | Verb::FetchClusterctl
            | Verb::Pull
            | Verb::SaveKubeconfig
            | Verb::Init
            | Verb::AwaitWebhooks
            | Verb::AddWorkloadNetwork
            | Verb::AwaitWorkload => Ok(()),
        }
    }

    async fn look(&self, left: &Left<Act>) -> Vec<Finding> {
        let any = left.stopped_in.iter().chain(&left.done).chain(&left.ahead).next();
        match any {
            Some(act) => findings::look(&self.world, &act.order, left).await,
            None => vec![],
        }
    }
}

#[cfg(test)]
mod tests;
