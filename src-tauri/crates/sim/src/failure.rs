//! What can be told to go wrong in the simulated world?

/// Given to `World::fail_next`; each is used up by the first run it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// systemd in the node cannot start; the container stays, exited, when kind retains it.
    InotifyExhausted,
    /// The registry cannot be reached.
    ImagePull,
    /// The host port is taken by another program.
    PortTaken { port: u16 },
    /// The kubelet of the first node never becomes healthy.
    KubeadmFails,
    /// The Docker daemon ends while kind or clusterctl is at this step.
    DockerStops { at: Step },
    /// The program stays at this step until it is stopped or its limit is over.
    Hangs { at: Step },
    /// cert-manager does not become available within clusterctl's ten minutes.
    CertManagerTimeout,
    /// The target of a move refuses after half of the objects.
    MoveRefused,
    /// A lock of somebody else lies beside the kubeconfig.
    KubeconfigLocked,
}

/// The steps of kind and clusterctl, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    EnsureImage,
    PrepareNodes,
    WriteConfiguration,
    StartControlPlane,
    InstallCni,
    InstallStorageClass,
    JoinWorkers,
    WaitForReady,
    CertManager,
    Providers,
}
