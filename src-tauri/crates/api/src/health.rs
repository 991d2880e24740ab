//! When is a machine given up and made anew?

use serde::{Deserialize, Serialize};

/// What a MachineHealthCheck holds of a group of machines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// How long a machine may take to become a Node; 0 for as long as it takes.
    pub start_up_seconds: u32,
    /// Each of them alone is enough.
    pub rules: Vec<HealthRule>,
    /// `40%`, `2` or `[0-2]`: with more ill machines than that none is replaced. Empty for no such limit.
    pub most_ill: String,
}

/// A condition that must not last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HealthRule {
    pub of: RuleOf,
    /// `Ready`.
    pub condition: String,
    pub status: RuleStatus,
    pub seconds: u32,
}

/// Whose condition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RuleOf {
    Node,
    Machine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RuleStatus {
    True,
    False,
    Unknown,
}

impl RuleOf {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Machine => "Machine",
        }
    }

    pub fn read(word: &str) -> Option<Self> {
        [Self::Node, Self::Machine].into_iter().find(|of| of.word() == word)
    }
}

impl RuleStatus {
    /// As Kubernetes writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }

    pub fn read(word: &str) -> Option<Self> {
        [Self::True, Self::False, Self::Unknown].into_iter().find(|status| status.word() == word)
    }
}
