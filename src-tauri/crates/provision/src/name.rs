//! Which names may a local cluster have?
//!
//! A [`ClusterName`] is checked before it reaches an argument or a path, so neither can be turned into something else by it.

use serde::{Deserialize, Serialize};

/// The longest label a DNS name may have; containers are named after the cluster.
const MOST: usize = 63;

/// A name kind accepts and that starts and ends with a letter or a digit.
///
/// One of a new cluster has less room, by its nodes: [`api::local::ManagementSpec::longest_name`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("A cluster needs a name.")]
    Empty,
    #[error("A name has at most 63 characters, this one has {length}.")]
    TooLong { length: usize },
    #[error("A name has small letters, digits, dots and hyphens only.")]
    Character { found: char },
    #[error("A name starts and ends with a small letter or a digit.")]
    Edge,
}

impl ClusterName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name kind gives to the context, the cluster and the user of its kubeconfig.
    pub fn context(&self) -> String {
        format!("kind-{}", self.0)
    }
}

impl TryFrom<String> for ClusterName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if let Some(found) = text.chars().find(|c| !allowed(*c) && *c != '.' && *c != '-') {
            return Err(NameError::Character { found });
        }
        if text.len() > MOST {
            return Err(NameError::TooLong { length: text.len() });
        }
        if !text.starts_with(allowed) || !text.ends_with(allowed) {
            return Err(NameError::Edge);
        }
        Ok(Self(text))
    }
}

impl std::str::FromStr for ClusterName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::try_from(text.to_owned())
    }
}

impl From<ClusterName> for String {
    fn from(name: ClusterName) -> String {
        name.0
    }
}

impl std::fmt::Display for ClusterName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClusterName, NameError};

    fn check(text: &str, wanted: Result<(), NameError>) {
        assert_eq!(text.parse::<ClusterName>().map(|_| ()), wanted, "{text:?}");
    }

    #[test]
    fn a_name_is_what_kind_and_dns_both_accept() {
        check("kos-mgmt", Ok(()));
        check("a", Ok(()));
        check("1.2-x", Ok(()));
        check(&"a".repeat(63), Ok(()));
        check("", Err(NameError::Empty));
        check(&"a".repeat(64), Err(NameError::TooLong { length: 64 }));
        check("Bad_Name", Err(NameError::Character { found: 'B' }));
        check("-a", Err(NameError::Edge));
        check("a.", Err(NameError::Edge));
    }

    #[test]
    fn no_name_can_become_a_flag_a_path_or_a_second_command() {
        for text in ["--kubeconfig=/x", "$(id)", "a\nb", "a\0b", "../x", "/etc", "a b", "..", "ä"] {
            assert!(text.parse::<ClusterName>().is_err(), "{text:?}");
        }
        assert!("a".repeat(65_536).parse::<ClusterName>().is_err());
    }

    #[test]
    fn a_stored_name_is_checked_again() {
        assert!(serde_json::from_str::<ClusterName>("\"../x\"").is_err());
    }
}
