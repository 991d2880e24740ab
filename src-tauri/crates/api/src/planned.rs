//! What becomes of an object when something is done that is shown first?

use serde::{Deserialize, Serialize};

/// One object of a plan, as it is and as the server would have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedObject {
    pub fate: Fate,
    pub kind: String,
    /// Empty for kinds without.
    pub namespace: String,
    /// Ends with `…` where controllers add letters.
    pub name: String,
    /// YAML without what only the server writes; empty for an object that is not there, or whose text is not shown.
    pub before: String,
    /// The same after; empty for an object that goes.
    pub after: String,
}

impl PlannedObject {
    /// One whose text is not shown.
    pub fn named(fate: Fate, kind: impl Into<String>, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { fate, kind: kind.into(), namespace: namespace.into(), name: name.into(), before: String::new(), after: String::new() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    Made,
    Changed,
    /// It is there as it shall be.
    Same,
    Deleted,
    /// It was not tried yet, or cannot be before another object of the plan is there.
    Later,
}
