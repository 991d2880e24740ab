//! What does a connection to one context need?
//!
//! All paths are absolute, all rules of precedence are applied; nothing was read but the kubeconfig itself.

use std::path::PathBuf;

use api::{ContextId, FileId};
use secret::Secret;

use crate::sources::Part;

/// One context, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub context: ContextId,
    pub name: String,
    pub file: FileId,
    /// `https://host:port/path`, without query and fragment.
    pub server: String,
    pub tls: Tls,
    pub proxy: Proxy,
    pub compression: Compression,
    pub identity: Identity,
    pub impersonate: Option<Impersonate>,
    /// `default` when the context names none.
    pub namespace: String,
}

impl Target {
    /// Whether one connection serves both. Where an entry stands in its file, what it advises, and the namespace that kubectl
    /// takes when it is told none make nothing of a connection.
    pub fn connects_like(&self, other: &Self) -> bool {
        let mut ours = self.clone();
        ours.file.clone_from(&other.file);
        ours.namespace.clone_from(&other.namespace);
        if let (Header::Plugin(ours), Header::Plugin(theirs)) = (&mut ours.identity.header, &other.identity.header) {
            ours.line = theirs.line;
            ours.install_hint.clone_from(&theirs.install_hint);
        }
        if let (Header::TokenFile(ours), Header::TokenFile(theirs)) = (&mut ours.identity.header, &other.identity.header) {
            ours.line = theirs.line;
        }
        ours == *other
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Plain http: no credential is sent at all.
    Off,
    Verified {
        /// `None`: the system's roots.
        ca: Option<Material>,
        /// For SNI and the name check.
        server_name: Option<String>,
    },
    NotVerified {
        server_name: Option<String>,
    },
}

/// Bytes in the kubeconfig, or a file beside it that may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    Data(Secret),
    File(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// `HTTPS_PROXY` and `NO_PROXY` apply.
    FromEnvironment,
    /// `http`, `https` or `socks5`; `NO_PROXY` does not apply.
    Explicit(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    Allowed,
    Off,
}

/// A certificate is presented in addition to any header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub certificate: Option<Pair>,
    pub header: Header,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub certificate: Material,
    pub key: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    Nothing,
    Token(Secret),
    TokenFile(TokenFile),
    Basic { user: String, password: Secret },
    Plugin(Plugin),
    Legacy { provider: String },
}

/// A file with a token, as an entry names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFile {
    pub path: PathBuf,
    /// The file wins; the inline token serves while it cannot be read.
    pub fallback: Option<Secret>,
    /// The kubeconfig and the line of the user entry.
    pub file: FileId,
    pub line: u32,
    /// Whether kubectl goes by that kubeconfig too.
    pub part: Part,
}

/// An exec credential plugin as written, with `command` made absolute only when it has a separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    pub api_version: PluginApi,
    pub command: PathBuf,
    pub args: Vec<String>,
    pub env: Vec<(String, Secret)>,
    pub interactive: Interactive,
    pub provide_cluster_info: ClusterInfo,
    pub install_hint: String,
    /// The kubeconfig and the line of the user entry.
    pub file: FileId,
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluginApi {
    V1,
    V1Beta1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interactive {
    Never,
    IfAvailable,
    Always,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterInfo {
    Withheld,
    /// With the `client.authentication.k8s.io/exec` extension as JSON, `null` when absent.
    Provided {
        config: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impersonate {
    pub user: String,
    pub uid: String,
    pub groups: Vec<String>,
    pub extra: Vec<(String, Vec<String>)>,
}
