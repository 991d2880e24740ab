//! What is remembered of a kept kubeconfig?

use api::connect::{Way, Workload};
use capi::access::Credentials;
use serde::{Deserialize, Serialize};

use super::taken::Taken;

/// One kept kubeconfig; no credential stands in it, only digests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) of: Workload,
    #[serde(with = "named")]
    pub(crate) credentials: Credentials,
    /// The address that the management cluster named.
    pub(crate) endpoint: String,
    pub(crate) way: Way,
}

impl Kept {
    /// One that is reached at a port of this machine, from the kubeconfig in its Secret; `None` when that is no good.
    pub(crate) fn of_published(of: Workload, kubeconfig: &[u8], container: &str, port: u16) -> Option<Self> {
        let taken = Taken::read(kubeconfig, &of.at.name).ok()?;
        let way = Way::Published { container: container.to_owned(), port };
        Some(Self { of, credentials: taken.credentials, endpoint: taken.made.server, way })
    }
}

/// The crate that compares credentials keeps nothing on disk.
mod named {
    use capi::access::Credentials;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(credentials: &Credentials, to: S) -> Result<S::Ok, S::Error> {
        (&credentials.authority, &credentials.whole).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Credentials, D::Error> {
        <(String, String)>::deserialize(from).map(|(authority, whole)| Credentials { authority, whole })
    }
}
