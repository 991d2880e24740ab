//! What is on this machine that decides about a plan?

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use api::Fault;
use api::local::ManagementSpec;

use super::{Places, steps};
use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker::{self, Container};
use crate::versions;

/// Everything a plan is made from; a value, so plans are tested without a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Containers of all local clusters, or why they are not known.
    pub containers: Result<Vec<Container>, Fault>,
    /// Node images that are here: listed ones with their digests, and every tag.
    pub images: Vec<String>,
    /// The port that was asked for has an owner.
    pub port: Port,
    /// Files and folders that exist where KOS would put its own.
    pub taken: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    Free,
    Taken,
}

/// Looks at this machine; changes nothing.
pub async fn survey(world: &World, spec: &ManagementSpec, places: &Places) -> Ground {
    let containers = crate::run::docker(world.programs.as_ref(), docker::list(None), Doing::Ask, "").await.map(|out| docker::containers(&out));
    let mut images = vec![];
    if containers.is_ok() {
        let mut wanted: Vec<&str> = versions::kubernetes().collect();
        if versions::is_version(&spec.kubernetes) && !wanted.contains(&spec.kubernetes.as_str()) {
            wanted.push(&spec.kubernetes);
        }
        for version in wanted {
            let (image, _) = versions::node_image(version);
            if steps::pull::is_here(world, &image).await.unwrap_or(false) {
                images.push(image);
            }
        }
        let listed = crate::run::docker(world.programs.as_ref(), docker::node_images(), Doing::Ask, "").await.unwrap_or_default();
        images.extend(listed.lines().map(str::trim).filter(|line| line.contains(':')).map(str::to_owned));
    }
    Ground { containers, images, port: spec.api_port.map_or(Port::Free, port), taken: taken(places) }
}

fn port(port: u16) -> Port {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Port::Free,
        Err(_) => Port::Taken,
    }
}

fn taken(places: &Places) -> Vec<PathBuf> {
    let list = |folder: &PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    [list(&places.jobs), list(&places.kubeconfigs)].concat()
}
