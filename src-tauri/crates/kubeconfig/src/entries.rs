//! What does one kubeconfig file say, entry by entry?
//!
//! Knows: the file's own words. Does not know: other files, the disk.

use api::files::{Problem, Severity};
use secret::Secret;

/// One file. A bad entry is here with its problems; it never hides another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// `None`: the file names none.
    pub current_context: Option<Current>,
    pub clusters: Vec<Entry<Cluster>>,
    pub users: Vec<Entry<User>>,
    pub contexts: Vec<Entry<Context>>,
    /// Names and values of the top-level and preference extensions, the values as JSON.
    pub extensions: Vec<(String, String)>,
    pub colours: Colours,
    /// What concerns the file and not one of the entries above.
    pub problems: Vec<Problem>,
    pub readable: Readable,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Readable {
    #[default]
    Yes,
    /// Not YAML, over the budget, or not a kubeconfig.
    No,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colours {
    #[default]
    Unset,
    On,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    pub name: String,
    pub line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    pub name: String,
    pub line: u32,
    pub body: T,
    pub problems: Vec<Problem>,
}

impl<T> Entry<T> {
    pub fn is_usable(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Unusable)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    pub server: String,
    pub ca_data: Option<Secret>,
    pub ca_file: Option<String>,
    pub verification: Verification,
    pub tls_server_name: Option<String>,
    pub proxy_url: Option<String>,
    pub compression: Compression,
    /// The extension for credential plugins, as JSON.
    pub plugin_config: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verification {
    #[default]
    On,
    Skipped,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compression {
    #[default]
    Allowed,
    Off,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    pub token: Option<Secret>,
    pub token_file: Option<String>,
    pub username: Option<String>,
    pub password: Option<Secret>,
    pub certificate_data: Option<Secret>,
    pub certificate_file: Option<String>,
    pub key_data: Option<Secret>,
    pub key_file: Option<String>,
    pub exec: Option<Exec>,
    pub auth_provider: Option<String>,
    pub acts_as: ActsAs,
}

impl User {
    pub fn has_token(&self) -> bool {
        self.token.is_some() || self.token_file.is_some()
    }

    pub fn has_basic(&self) -> bool {
        self.username.is_some() || self.password.is_some()
    }

    pub fn has_certificate(&self) -> bool {
        self.certificate_data.is_some() || self.certificate_file.is_some()
    }

    pub fn has_key(&self) -> bool {
        self.key_data.is_some() || self.key_file.is_some()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActsAs {
    pub user: String,
    pub uid: String,
    pub groups: Vec<String>,
    pub extra: Vec<(String, Vec<String>)>,
}

impl ActsAs {
    pub fn is_set(&self) -> bool {
        !self.user.is_empty() || self.lacks_user()
    }

    /// A uid, groups or extra without a user.
    pub fn lacks_user(&self) -> bool {
        self.user.is_empty() && (!self.uid.is_empty() || !self.groups.is_empty() || !self.extra.is_empty())
    }
}

/// A credential plugin as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exec {
    pub line: u32,
    pub command: String,
    pub args: Vec<String>,
    pub env: Vec<(String, Secret)>,
    pub api_version: String,
    pub interactive_mode: String,
    pub provide_cluster_info: ClusterInfo,
    pub install_hint: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClusterInfo {
    #[default]
    Withheld,
    Provided,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    pub cluster: String,
    pub user: String,
    pub namespace: String,
}
