//! Why can a server not be used?
//!
//! Knows: every way in which a connection fails, as values with the words of whoever said so.
//! Does not know: how it is told to the user; that is `fault`.

use api::{Millis, Timestamp};

use crate::credentials::CredentialError;

/// Why a context has no working connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("{address} refused the connection")]
    Refused { address: String, said: String },
    #[error("{address} did not answer within {} s", limit_ms / 1_000)]
    TimedOut { address: String, limit_ms: u64 },
    #[error("the name {host} was not found")]
    NameNotFound { host: String, said: String },
    #[error("the proxy {proxy} did not let the connection through")]
    Proxy { proxy: String, said: String },
    #[error("the certificate of {side} is not accepted")]
    Certificate { side: Side, problem: CertificateProblem },
    #[error("no secure connection to {address} could be made")]
    Handshake { address: String, said: String },
    #[error("the connection to {address} broke")]
    Broken { address: String, said: String },
    #[error("{address} does not accept the credentials (401)")]
    NotSignedIn { address: String, said: String },
    #[error("{address} does not let this user ask for its version (403)")]
    Forbidden { address: String, said: String },
    #[error("{address} is not a Kubernetes API server")]
    NotKubernetes { address: String, said: String },
    #[error("{address} answered {status}")]
    Server { address: String, status: u16, said: String },
    #[error("there are no credentials")]
    Credentials(#[source] std::sync::Arc<CredentialError>),
    #[error("the context cannot be used as it is written")]
    Entry { said: String },
    /// The machine slept; every connection from before is given up.
    #[error("the machine slept for {} s", slept_ms / 1_000)]
    Slept { slept_ms: u64 },
}

/// Whose certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Server,
    /// The client certificate of the kubeconfig.
    Ours,
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Server => "the server",
            Self::Ours => "this user",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateProblem {
    UnknownIssuer { subject: String, issuer: String },
    WrongName { wanted: String, valid_for: Vec<String> },
    Expired { subject: String, issuer: String, at: Timestamp },
    NotYetValid { subject: String, issuer: String, from: Timestamp },
    Other { said: String },
}

impl LinkError {
    /// Whether time alone can heal it; otherwise a person must act and KOS does not knock again by itself.
    pub fn heals(&self) -> Heals {
        match self {
            Self::Refused { .. }
            | Self::TimedOut { .. }
            | Self::NameNotFound { .. }
            | Self::Proxy { .. }
            | Self::Handshake { .. }
            | Self::Broken { .. }
            | Self::Forbidden { .. }
            | Self::NotKubernetes { .. }
            | Self::Server { .. }
            | Self::Slept { .. } => Heals::WithTime { rest: Millis(0) },
            Self::Credentials(why) => why.heals(),
            Self::Certificate { .. } | Self::NotSignedIn { .. } | Self::Entry { .. } => Heals::WithHelp,
        }
    }

    /// Whether it is worth one try after a sleep although time does not heal it.
    pub fn may_end_in_a_sleep(&self) -> bool {
        matches!(self, Self::Credentials(why) if why.may_end_in_a_sleep())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heals {
    WithTime {
        /// The next try comes no sooner.
        rest: Millis,
    },
    WithHelp,
}

/// Writes an error and all its sources in one line, without saying anything twice.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let words = source.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        next = source.source();
    }
    text
}

/// Looks for an error of a type among an error and its sources.
pub(crate) fn find<'a, E: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a E> {
    let mut next: Option<&'a (dyn std::error::Error + 'static)> = Some(error);
    while let Some(here) = next {
        if let Some(found) = here.downcast_ref::<E>() {
            return Some(found);
        }
        // An I/O error hides what it carries: its source is the source of that.
        next = match here.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(carried) => Some(carried),
            None => here.source(),
        };
    }
    None
}
