//! What can go wrong with a download?

use std::io;
use std::path::PathBuf;

use crate::Digest;

#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    #[error("{address} is not an address that KOS downloads from")]
    Address { address: String },
    #[error("the certificates in {} could not be read", path.display())]
    CaBundle {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("the connection could not be prepared")]
    Client {
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{host} could not be reached")]
    NotReached {
        host: String,
        #[source]
        cause: reqwest::Error,
    },
    #[error("{host} could not be reached through the proxy {proxy}")]
    NotReachedThrough {
        host: String,
        proxy: String,
        #[source]
        cause: reqwest::Error,
    },
    #[error("{host} redirects to an address that is not safe: {to}")]
    UnsafeRedirect { host: String, to: String },
    #[error("{host} redirects in a circle")]
    Circle { host: String },
    #[error("{host} answered {status} for {address}")]
    Answer { host: String, status: u16, address: String },
    /// What arrived is kept; the next try takes it up.
    #[error("the connection to {host} was cut off after {received} bytes")]
    CutOff {
        host: String,
        received: u64,
        #[source]
        cause: reqwest::Error,
    },
    #[error("the file from {host} ended after {received} of {expected} bytes")]
    Short { host: String, received: u64, expected: u64 },
    #[error("the file from {host} has more than {most} bytes")]
    TooLarge { host: String, most: usize },
    #[error("{host} did not send the whole file in {seconds} s")]
    Slow { host: String, seconds: u64 },
    #[error("{program} is being fetched or copied just now")]
    Busy { program: String },
    #[error("the file is not the one that was pinned")]
    WrongDigest { expected: Digest, found: Digest },
    #[error("the disk has no room for {}", path.display())]
    NoSpace {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} could not be written", path.display())]
    NotWritten {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} could not be read", path.display())]
    NotRead {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} could not be removed", path.display())]
    NotRemoved {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
}

impl DownloadError {
    /// Whether another try may take up what arrived.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::NotReached { .. } | Self::NotReachedThrough { .. } | Self::CutOff { .. } | Self::Short { .. } => true,
            Self::Answer { status, .. } => matches!(status, 429 | 502..=504),
            Self::Address { .. }
            | Self::CaBundle { .. }
            | Self::Client { .. }
            | Self::UnsafeRedirect { .. }
            | Self::Circle { .. }
            | Self::TooLarge { .. }
            | Self::Slow { .. }
            | Self::Busy { .. }
            | Self::WrongDigest { .. }
            | Self::NoSpace { .. }
            | Self::NotWritten { .. }
            | Self::NotRead { .. }
            | Self::NotRemoved { .. } => false,
        }
    }

    pub(crate) fn writing(path: PathBuf, cause: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        if matches!(cause.kind(), StorageFull | QuotaExceeded | FileTooLarge) { Self::NoSpace { path, cause } } else { Self::NotWritten { path, cause } }
    }
}
