//! How far has an upgrade come?

use serde::{Deserialize, Serialize};

use crate::{
    Millis, Timestamp,
    capi::{LaneGroup, MachineStep},
};

/// An upgrade of a cluster, from the first machine to the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpgradeRun {
    /// The oldest version that ran when it began.
    pub from: String,
    pub to: String,
    pub began: Timestamp,
    pub state: RunState,
    /// In their order; what comes is there too.
    pub steps: Vec<RunStep>,
    /// What leaving a machine takes here, as far as one was seen to go.
    pub drain: Option<Millis>,
    /// Also those that are gone by now.
    pub machines: Vec<RunMachine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    Going,
    /// Nothing goes on before the cluster is resumed.
    Paused,
    Done {
        at: Timestamp,
    },
}

/// One machine in place of another, or what comes after the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStep {
    pub of: StepOf,
    /// `None` when it went before KOS looked.
    pub old: Option<String>,
    pub new: Option<String>,
    pub stage: RunStage,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// What such a step takes, as machines that were made here say.
    pub usual: Option<Millis>,
    /// Pods that the drain waits for, while it waits.
    pub pods: Vec<DrainLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepOf {
    /// Counted from 1.
    Machine { group: LaneGroup, place: u32, of: u32 },
    /// Kubelets, conditions and the class say the same.
    Agreement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunStage {
    Waiting,
    /// The new machine is on its way.
    Making(MachineStep),
    /// The old machine is on its way out.
    Leaving(Leaving),
    /// All machines are there, and not everything says so.
    Settling,
    Done,
}

/// What a machine that is deleted waits for, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leaving {
    /// The new one serves; the old one is deleted next.
    Next,
    /// Something that asked to be waited for, such as etcd.
    Hook,
    Drain,
    Volumes,
    /// Its container or virtual machine.
    Infrastructure,
    Node,
    /// Its controller did not say.
    Untold,
}

/// Pods of a machine that is drained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainLine {
    /// `db/postgres-0`, several with commas.
    pub pods: String,
    /// In the words of the controller.
    pub says: String,
    pub pace: DrainPace,
    /// Since when the first of them is asked to go; nothing before that.
    pub asked: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DrainPace {
    /// It goes.
    Going,
    /// It is not let go.
    Held,
    /// Its turn comes after the others.
    Later,
    /// The drain does not wait for it any more; it looks every 20 s.
    Gone { by: Timestamp },
}

/// A pod that a drain asked to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainedPod {
    /// `db/postgres-0`.
    pub pod: String,
    pub asked: Timestamp,
    /// When the drain was first seen not to wait for it.
    pub gone: Option<Timestamp>,
}

/// A machine on the time line of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMachine {
    pub machine: String,
    pub group: LaneGroup,
    pub side: Side,
    pub created: Timestamp,
    pub available: Option<Timestamp>,
    /// Its deletion was asked for.
    pub leaves: Option<Timestamp>,
    pub gone: Option<Timestamp>,
    /// While it is there: what its drain asked to go, as far as it was named.
    #[serde(default)]
    pub pods: Vec<DrainedPod>,
}

/// Which version a machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    Old,
    New,
}
