//! What is one condition of an object?

use api::Timestamp;

/// A condition as the v1beta2 contract writes it; one of v1beta1 reads into the same shape, with its severity.
/// Source: `docs/proposals/20240916-improve-status-in-CAPI-resources.md` of Cluster API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// `Available`, `BootstrapConfigReady`.
    pub kind: String,
    pub status: Status,
    pub reason: String,
    pub message: String,
    /// When the status last changed; changes of the reason alone do not move it.
    pub since: Option<Timestamp>,
    /// Only v1beta1 has one, and only where the status is not True.
    pub severity: Option<Severity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    True,
    False,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    Info,
}

impl Condition {
    pub fn is_true(&self) -> bool {
        self.status == Status::True
    }

    /// The two that decide whether siblings are drawn as one, and whether an object only repeats its owner.
    pub(crate) fn face(&self) -> (Status, &str) {
        (self.status, &self.reason)
    }
}
