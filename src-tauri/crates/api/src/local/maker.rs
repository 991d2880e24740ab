//! Which other programs make clusters on this machine?

use serde::{Deserialize, Serialize};

/// The program that made a cluster which is not ours, and that manages it.
///
/// KOS shows such a cluster and opens it. It does not switch it: k3d writes addresses into its nodes when it starts them, and
/// minikube publishes other ports at each start, so that a plain `docker start` leaves a cluster that its kubeconfig misses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Maker {
    K3d,
    Minikube,
    DockerDesktop,
    /// `crc`.
    OpenShiftLocal,
    /// A service of this machine, without containers around it.
    K3s,
}

impl Maker {
    pub fn name(self) -> &'static str {
        match self {
            Self::K3d => "k3d",
            Self::Minikube => "minikube",
            Self::DockerDesktop => "Docker Desktop",
            Self::OpenShiftLocal => "OpenShift Local",
            Self::K3s => "k3s",
        }
    }
}
