//! On which machine do the containers of Docker run?
//!
//! Pure. What the kernel and the disks of this machine say is about nodes only where they run on it.

use api::computer::docker_is_here;

use crate::{Asked, DockerFacts, Facts, Platform};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat<'a> {
    /// On this machine and its kernel.
    Here,
    /// In a virtual machine of this one, which has a kernel, memory and a disk of its own; its ports are opened here.
    Virtual { system: &'a str },
    /// On another machine, at this endpoint.
    Elsewhere { host: &'a str },
}

impl Facts {
    pub(crate) fn seat(&self) -> Seat<'_> {
        let (system, kernel) = match &self.docker.asked {
            Asked::Answered { system, kernel, .. } => (system.as_str(), kernel.as_deref()),
            Asked::NotAsked | Asked::NotInstalled { .. } | Asked::Failed { .. } => ("", None),
        };
        let another_kernel = kernel.zip(self.kernel.as_deref()).is_some_and(|(of_docker, own)| of_docker != own);
        match self.docker.remote() {
            Some(host) => Seat::Elsewhere { host },
            None if self.docker.platform == Platform::Mac || system == "Docker Desktop" || another_kernel => Seat::Virtual { system },
            None => Seat::Here,
        }
    }
}

impl DockerFacts {
    /// The endpoint, when it leads to another machine.
    pub(crate) fn remote(&self) -> Option<&str> {
        self.host.as_deref().filter(|host| !docker_is_here(host))
    }
}

impl Seat<'_> {
    /// Why something of Docker's machine is not seen; `what` says it with its verb.
    pub(crate) fn hides(self, what: &str) -> Option<String> {
        match self {
            Self::Here => None,
            Self::Virtual { system: "" } => Some(format!("Docker runs in a virtual machine; {what} not seen from here.")),
            Self::Virtual { system } => Some(format!("Docker runs in a virtual machine ({system}); {what} not seen from here.")),
            Self::Elsewhere { host } => Some(format!("Docker runs on another machine, {host}; {what} not seen from here.")),
        }
    }
}
