//! Why does a budget let a pod not go, and what would let it?

use serde::{Deserialize, Serialize};

use crate::{
    call::Call,
    changes::{Applied, ChangePlan, ClusterAt},
};

/// Asks a workload cluster which budgets hold a pod; reads once.
///
/// Only a connected cluster whose context is open can be asked: nothing is opened for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskBudget {
    pub at: ClusterAt,
    /// `db/postgres-0`.
    pub pod: String,
}
impl Call for AskBudget {
    const NAME: &'static str = "ask_budget";
    type Reply = HeldPod;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPod {
    /// The name of the context that was asked.
    pub context: String,
    pub pod: String,
    /// Those that select the pod, the ones that let none go first.
    pub budgets: Vec<Budget>,
    /// How many copies would let it go; `None` where more of them would not, or nobody is known who makes them.
    pub scale: Option<MoreCopies>,
}

/// A PodDisruptionBudget with what it says of its pods now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// `db/postgres`.
    pub name: String,
    /// `at least 1 available`.
    pub rule: String,
    /// `app=postgres`.
    pub selector: String,
    /// Pods that may go now.
    pub allowed: u32,
    pub healthy: u32,
    /// As many have to stay healthy.
    pub needed: u32,
    pub expected: u32,
}

/// What makes the copies of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `StatefulSet`.
    pub kind: String,
    pub namespace: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreCopies {
    pub of: Owner,
    pub now: u32,
    pub to: u32,
}

/// Says what a server would make of another number of copies, after a dry run; writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCopies {
    pub at: ClusterAt,
    pub copies: MoreCopies,
}
impl Call for PlanCopies {
    const NAME: &'static str = "plan_copies";
    type Reply = ChangePlan;
}

/// Writes the number that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyCopies {
    pub at: ClusterAt,
    pub copies: MoreCopies,
    /// The plan that was shown; refused when it would be another one now.
    pub digest: String,
    /// For a protected context: its name, as the user typed it.
    pub typed: String,
}
impl Call for ApplyCopies {
    const NAME: &'static str = "apply_copies";
    type Reply = Applied;
}
