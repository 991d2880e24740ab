//! Which releases does KOS offer to fetch, and why are they trusted?
//!
//! Trusted: the digests below, and nothing else. They come with KOS, so neither the network nor a proxy, a mirror or a
//! replaced release file can change what is accepted. They were taken down from pins that eight or more unrelated public projects
//! have committed for the same release files, all alike; those of kind equal the `.sha256sum` files of its release,
//! Cluster API publishes no such file. KOS's authors did not build the programs: who trusts a pin trusts the release itself.

use std::path::Path;

use api::programs::Tool;

use crate::{Digest, Pinned};

/// A processor that both projects build for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    Amd64,
    Arm64,
}

impl Processor {
    /// The processor KOS was built for, `None` when there are no releases for it.
    pub fn here() -> Option<Self> {
        match std::env::consts::ARCH {
            "x86_64" => Some(Self::Amd64),
            "aarch64" => Some(Self::Arm64),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

pub fn version(tool: Tool) -> &'static str {
    match tool {
        Tool::Kind => "v0.33.0",
        Tool::Clusterctl => "v1.14.2",
    }
}

/// What would be fetched, to be put into `folder`.
pub fn pinned(tool: Tool, processor: Processor, folder: &Path) -> Pinned {
    let (project, name) = match tool {
        Tool::Kind => ("kind", "kind"),
        Tool::Clusterctl => ("cluster-api", "clusterctl"),
    };
    let sha256 = match (tool, processor) {
        (Tool::Kind, Processor::Amd64) => "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
        (Tool::Kind, Processor::Arm64) => "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2",
        (Tool::Clusterctl, Processor::Amd64) => "01122674fd3c47a33206ab1b8b81d437afbcf5dd25d126535564f24a2cdf676e",
        (Tool::Clusterctl, Processor::Arm64) => "83976008aa9ddb81dab01443c646aaa125e4993e17bf24e790e29779f712d79d",
    };
    Pinned {
        address: format!("https://github.com/kubernetes-sigs/{project}/releases/download/{}/{name}-linux-{}", version(tool), processor.name()),
        size: None,
        sha256: Digest::of_constant(sha256),
        target: folder.join(name),
    }
}

#[cfg(test)]
mod tests;
