//! Which containers are nodes of clusters that other programs made?

use api::local::Maker;

use super::{CLUSTER_LABEL, Container, NodeRole, PsLine};

/// A node of a cluster that is not ours. It is of another type than ours, so that nothing which changes containers takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignContainer {
    pub by: Maker,
    pub container: Container,
}

/// Labels of k3d's containers. Source: k3d v5, `pkg/types/types.go` (`LabelClusterName`, `LabelRole`, roles `server`, `agent`,
/// `loadbalancer`, `registry`, `noRole`) and `pkg/types/defaults.go` (`DefaultRuntimeLabels`: `app=k3d`).
const K3D_CLUSTER: &str = "k3d.cluster";
const K3D_ROLE: &str = "k3d.role";

/// Labels of minikube's containers. Source: minikube, `pkg/drivers/kic/oci/types.go` (`ProfileLabelKey`, `nodeRoleLabelKey`).
/// The role is empty in every recorded container. Helpers that prepare a volume have a name and no role.
const MINIKUBE_PROFILE: &str = "name.minikube.sigs.k8s.io";
const MINIKUBE_ROLE: &str = "role.minikube.sigs.k8s.io";

/// Reads `docker ps`, one JSON object a line; what has kind's label is ours.
pub fn foreign(out: &str) -> Vec<ForeignContainer> {
    out.lines().filter_map(|line| serde_json::from_str(line).ok()).filter_map(one).collect()
}

fn one(line: PsLine) -> Option<ForeignContainer> {
    if line.label(CLUSTER_LABEL).is_some() {
        return None;
    }
    let (by, cluster, role) = k3d(&line).or_else(|| minikube(&line))?;
    Some(ForeignContainer { by, container: line.container(cluster, role) })
}

fn k3d(line: &PsLine) -> Option<(Maker, String, NodeRole)> {
    let cluster = line.label(K3D_CLUSTER).filter(|_| line.label("app") == Some("k3d"))?;
    let role = match line.label(K3D_ROLE)? {
        "server" => NodeRole::ControlPlane,
        "agent" => NodeRole::Worker,
        "loadbalancer" => NodeRole::LoadBalancer,
        // A registry outlives the cluster that it was made with, and a helper is no node.
        _ => return None,
    };
    Some((Maker::K3d, cluster.to_owned(), role))
}

fn minikube(line: &PsLine) -> Option<(Maker, String, NodeRole)> {
    let profile = line.label(MINIKUBE_PROFILE)?;
    line.label(MINIKUBE_ROLE)?;
    // The first node has the name of its profile, later ones `PROFILE-m02` and so on.
    let role = if line.names == profile { NodeRole::ControlPlane } else { NodeRole::Worker };
    Some((Maker::Minikube, profile.to_owned(), role))
}

#[cfg(test)]
mod tests;
