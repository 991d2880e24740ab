//! What does the page know and ask of the programs that KOS runs?

use serde::{Deserialize, Serialize};

use crate::{JobId, call::Call};

/// The programs that KOS can fetch when they are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tool {
    Kind,
    Clusterctl,
}

impl Tool {
    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Clusterctl => "clusterctl",
        }
    }
}

/// Says what would be fetched and from where; contacts nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferTool {
    pub tool: Tool,
}
impl Call for OfferTool {
    const NAME: &'static str = "offer_tool";
    type Reply = ToolOffer;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolOffer {
    pub tool: Tool,
    pub version: String,
    pub address: String,
    /// Bytes, where they are known without asking anybody.
    pub size: Option<u64>,
    pub sha256: String,
    pub target: String,
    /// The proxy that would be used, empty for none.
    pub proxy: String,
}

/// Fetches, verifies and installs the pinned release into KOS's own folder, as a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchTool {
    pub tool: Tool,
}
impl Call for FetchTool {
    const NAME: &'static str = "fetch_tool";
    type Reply = JobId;
}

/// Uses a file instead of a download; its version is asked, its digest shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseFile {
    pub tool: Tool,
    pub path: String,
}
impl Call for UseFile {
    const NAME: &'static str = "use_file";
    type Reply = ToolFound;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolFound {
    pub tool: Tool,
    pub path: String,
    pub version: String,
    pub sha256: String,
}
