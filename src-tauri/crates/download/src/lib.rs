//! Fetches a pinned release and verifies it before use.
//!
//! Invariant: the target is the old file or the whole, verified new one; nothing is run or made executable before its digest is known;
//! one at a time writes for a target.
//! Does not know: what the program is for. Contacts nobody until [`fetch`] or [`fetch_small`] is called.
//! Start at: [`fetch`]; [`releases::pinned`] is what KOS offers; [`fetch_small`] reads what the user named into memory.

mod client;
mod digest;
mod error;
mod fault;
mod fetch;
mod part;
mod proxy;
pub mod releases;
mod small;
mod turn;
mod whole;

pub use digest::{Digest, of_file};
pub use error::DownloadError;
pub use fetch::{Fetched, fetch, from_file, give_up, is_here};
pub use part::part_of;
pub use proxy::{proxy_for, without_password};
pub use small::{Address, fetch_small};
pub use whole::Whole;

use std::path::PathBuf;
use std::time::Duration;

/// One file that is known before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    pub address: String,
    /// Bytes, when the release says.
    pub size: Option<u64>,
    pub sha256: Digest,
    pub target: PathBuf,
}

/// How the network is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// As [`proxy_for`] gives it; nothing else is read from the environment.
    pub proxy: Option<String>,
    /// More certificate authorities than the system has, PEM.
    pub ca_bundle: Option<PathBuf>,
    pub scheme: Scheme,
    pub patience: Patience,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scheme {
    #[default]
    HttpsOnly,
    /// Plain HTTP to this machine itself, for tests.
    HttpOnLoopback,
}

/// How long each thing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    pub connect: Duration,
    /// Without a byte; there is no limit on the whole.
    pub read: Duration,
    /// How often a cut connection is taken up again.
    pub resumes: u32,
    /// Before each of them.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), read: Duration::from_secs(20), resumes: 5, pause: Duration::from_secs(1) }
    }
}

/// How far it is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub received: u64,
    /// What the server says, else what was pinned.
    pub total: Option<u64>,
}
