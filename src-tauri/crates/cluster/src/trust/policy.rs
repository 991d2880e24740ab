//! What does kubectl's own policy say about credential plugins?
//!
//! One rule for kubectl and KOS: `credentialPluginPolicy` of `~/.kube/kuberc`; a malformed one refuses everything.

use kubeconfig::tree::{self, Broken};
use serde::Deserialize;

/// The policy of a `kuberc` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    AllowAll,
    DenyAll {
        file: String,
    },
    Allowlist {
        file: String,
        commands: Vec<String>,
    },
    /// Unreadable, unknown or contradictory.
    Malformed {
        file: String,
    },
}

/// What the policy says of one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Allows { file: String, command: String },
    Denies { file: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kuberc {
    credential_plugin_policy: Option<String>,
    credential_plugin_allowlist: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    command: String,
}

impl Policy {
    /// Reads a `kuberc`; `file` is how it is named to the user.
    pub fn read(file: &str, text: &str) -> Self {
        let file = file.to_owned();
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Self::AllowAll;
        }
        // A bomb is refused before anything spells it out.
        if matches!(tree::read(text), Err(Broken::OverBudget { .. })) {
            return Self::Malformed { file };
        }
        let Ok(kuberc) = serde_yaml::from_str::<Kuberc>(text) else { return Self::Malformed { file } };
        match (kuberc.credential_plugin_policy.as_deref().unwrap_or_default(), kuberc.credential_plugin_allowlist) {
            ("" | "AllowAll", None) => Self::AllowAll,
            ("DenyAll", None) => Self::DenyAll { file },
            ("Allowlist", Some(entries)) if !entries.is_empty() && entries.iter().all(|entry| !entry.command.is_empty()) => {
                Self::Allowlist { file, commands: entries.into_iter().map(|entry| entry.command).collect() }
            }
            _ => Self::Malformed { file },
        }
    }
}
