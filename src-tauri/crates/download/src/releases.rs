//! Which releases does KOS offer to fetch, and why are they trusted?
//!
//! Trusted: the digests below, and nothing else. They come with KOS, so neither the network nor a proxy, a mirror or a
//! replaced release file can change what is accepted. Where they come from: several public projects pin the same release
//! files and all commit the same values; we took those down and have not compared them with the release files ourselves.
//! A wrong one would refuse the genuine file, never accept another than those projects use. kind publishes a
//! `.sha256sum` beside each file to compare with; no such file is known for clusterctl.

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
