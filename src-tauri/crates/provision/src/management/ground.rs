//! What is on this machine that decides about a plan?

use std::path::{Path, PathBuf};

use api::Fault;
use api::local::{Listen, ManagementSpec, Protocol};
use api::programs::{Tool, ToolOffer};
use capi::form::DockerNetwork;

use super::port::TakenPort;
use super::{Places, steps, tools_of};
use crate::World;
use crate::diagnose::Doing;
use crate::home::endpoint;
use crate::node_images::NodeImages;
use crate::programs::docker::{self, Container, Network};

/// Everything a plan is made from; a value, so plans are tested without a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Containers of all local clusters, or why they are not known.
    pub containers: Result<Vec<Container>, Fault>,
    /// Node images that are here, of the repository that they come from.
    pub images: NodeImages,
    /// Networks of Docker; asked for only when a workload cluster is wanted.
    pub networks: Vec<Network>,
    /// Ports that the form names and that have an owner.
    pub ports: Vec<TakenPort>,
    /// Paths that the form mounts and that are not there.
    pub missing: Vec<String>,
    /// Programs that the job runs and that are not on this machine, each with where it would come from.
    pub lacking: Vec<(Tool, Result<ToolOffer, Fault>)>,
    /// Files and folders that exist where KOS would put its own.
    pub taken: Vec<PathBuf>,
    /// Where the Docker is that answers, as docker itself says it; empty when it does not.
    pub docker: String,
}

impl Ground {
    /// Who has a port that the form names.
    pub(super) fn taken_port(&self, port: u16, protocol: Protocol) -> Option<&TakenPort> {
        self.ports.iter().find(|taken| (taken.port, taken.protocol) == (port, protocol))
    }

    /// The networks as forms of workload clusters know them.
    pub(super) fn docker_networks(&self) -> Vec<DockerNetwork> {
        self.networks.iter().map(|network| DockerNetwork { name: network.name.clone(), ranges: network.ranges.clone() }).collect()
    }
}

/// Looks at this machine; changes nothing.
pub async fn survey(world: &World, spec: &ManagementSpec, places: &Places) -> Ground {
    let containers = crate::run::docker(world.programs.as_ref(), docker::list(None), Doing::Ask, "").await.map(|out| docker::containers(&out));
    let images = match &containers {
        Ok(_) => NodeImages::ask(world, places.images.clone()).await,
        Err(_) => NodeImages::new(places.images.clone(), vec![]),
    };
    let networks = match (&spec.workload, &containers) {
        // A range that nobody knows to be taken is found out when the cluster is made.
        (Some(_), Ok(_)) => crate::local::networks(world).await.unwrap_or_default(),
        (Some(_), Err(_)) | (None, _) => vec![],
    };
    let (ports, missing, taken) = (owned(spec), missing(spec), taken(places));
    let (lacking, docker) = (lacking(world, spec).await, endpoint(world).await);
    Ground { networks, containers, images, ports, missing, lacking, taken, docker }
}

async fn lacking(world: &World, spec: &ManagementSpec) -> Vec<(Tool, Result<ToolOffer, Fault>)> {
    let mut lacking = vec![];
    for tool in tools_of(spec) {
        if world.programs.find(&steps::fetch::program(*tool)).await.is_err() {
            lacking.push((*tool, world.fetches.offer(*tool)));
        }
    }
    lacking
}

fn owned(spec: &ManagementSpec) -> Vec<TakenPort> {
    let api = spec.api_port.map(|port| (port, Protocol::Tcp, Listen::Loopback));
    let wanted = api.into_iter().chain(spec.ports.iter().map(|port| (port.host_port, port.protocol, port.listen)));
    wanted.filter_map(|(port, protocol, listen)| TakenPort::look(port, protocol, listen)).collect()
}

fn missing(spec: &ManagementSpec) -> Vec<String> {
    spec.mounts.iter().map(|mount| &mount.host_path).filter(|path| Path::new(path).is_absolute() && !Path::new(path).exists()).cloned().collect()
}

fn taken(places: &Places) -> Vec<PathBuf> {
    let list = |folder: &PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    [list(&places.jobs), list(&places.kubeconfigs)].concat()
}
