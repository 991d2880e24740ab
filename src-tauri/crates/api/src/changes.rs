//! How is a cluster of Cluster API changed?
//!
//! A change is planned first: the server runs it dry, and the plan shows what it writes, what follows and the equal
//! command. Applying names the digest of that plan, so that nothing is written that was not shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContextId, Millis, Timestamp, call::Call, capi::LaneGroup, health::HealthCheck, local::ImageIs, planned::PlannedObject};

/// A cluster in the management cluster that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClusterAt {
    pub context: ContextId,
    pub namespace: String,
    pub name: String,
}

/// What somebody wants of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterChange {
    /// Other numbers of machines; what is not named stays.
    Scale {
        control_plane: Option<u32>,
        pools: Vec<PoolSize>,
    },
    AddPool(NewPool),
    RemovePool {
        pool: String,
    },
    Upgrade {
        to: String,
    },
    /// Makes every machine of a group anew.
    Rollout {
        group: LaneGroup,
        at: Timestamp,
    },
    /// Deletes a machine; its owner makes a new one.
    ReplaceMachine {
        machine: String,
    },
    /// Makes a pool smaller by this very machine.
    RemoveMachine {
        machine: String,
    },
    SetRepair {
        machine: String,
        repair: Repair,
    },
    Pause,
    Resume,
    /// The labels of a pool, in place of those it has.
    SetLabels {
        pool: String,
        labels: BTreeMap<String, String>,
    },
    /// The taints of a pool, in place of those it has.
    SetTaints {
        pool: String,
        taints: Vec<Taint>,
    },
    /// Leaves the size of a pool to the autoscaler within bounds, or takes it back.
    SetBounds {
        pool: String,
        bounds: Option<Bounds>,
    },
    /// When the machines of a group are given up and made anew; nobody watches them without a check.
    SetHealthCheck {
        group: LaneGroup,
        check: Option<HealthCheck>,
    },
    /// How long the machines of a group may take to be drained before they go anyway.
    LimitDrain {
        group: LaneGroup,
        seconds: u32,
    },
    /// Lets an object that is being deleted go although its controller has not cleaned up behind it.
    RemoveFinalizers {
        kind: String,
        name: String,
    },
    Delete,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSize {
    pub pool: String,
    pub to: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPool {
    pub name: String,
    pub from: PoolFrom,
    pub replicas: u32,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<Taint>,
}

/// What the machines of a new pool are like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolFrom {
    /// A worker class of the cluster's class.
    Class(String),
    /// The same as those of this pool.
    Like(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taint {
    pub key: String,
    pub value: String,
    pub effect: TaintEffect,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaintEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

impl TaintEffect {
    pub const ALL: [Self; 3] = [Self::NoSchedule, Self::PreferNoSchedule, Self::NoExecute];

    /// As Kubernetes writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }
}

/// Whether health checks may replace a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repair {
    Allowed,
    Skipped,
}

/// The fewest and the most machines that an autoscaler may make of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    pub min: u32,
    pub max: u32,
}

/// Asks what can be changed of a cluster; reads, and writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferChanges {
    pub at: ClusterAt,
}
impl Call for OfferChanges {
    const NAME: &'static str = "offer_changes";
    type Reply = ClusterOffers;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterOffers {
    pub by: WrittenIn,
    /// `None` where the control plane is not made of machines that can be counted.
    pub control_plane: Option<ControlPlaneOffer>,
    pub pools: Vec<PoolOffer>,
    /// Worker classes of which a pool can be added.
    pub classes: Vec<String>,
    /// What was asked for last.
    pub version: String,
    /// Newest first.
    pub versions: Vec<VersionOffer>,
}

/// Where the wishes of a cluster are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WrittenIn {
    /// In the topology of the Cluster; what is changed below it is changed back.
    Topology,
    /// In each object by itself.
    Objects,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPlaneOffer {
    pub name: String,
    pub replicas: u32,
    /// Numbers that can be asked for: odd ones where etcd runs beside the API server.
    pub counts: Vec<u32>,
    pub version: String,
    /// The check that watches its machines.
    pub health: Option<HealthCheck>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolOffer {
    /// As the topology names it, else as its object is called.
    pub pool: String,
    /// The object that keeps its machines, as lanes and tree name it.
    pub object: String,
    /// `None` while an autoscaler decides.
    pub replicas: Option<u32>,
    pub class: String,
    pub version: String,
    pub bounds: Option<Bounds>,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<Taint>,
    /// The check that watches its machines.
    pub health: Option<HealthCheck>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionOffer {
    pub version: String,
    pub allowed: Allowed,
    /// Why, either way: `next minor`, `one minor at a time: v1.36 first`.
    pub why: String,
    /// Where the image of its nodes is, where the machines are containers here.
    pub image: Option<ImageIs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allowed {
    Yes,
    No,
}

/// Asks what a change would write and what follows from it; the server runs it dry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    pub at: ClusterAt,
    pub change: ClusterChange,
}
impl Call for PlanChange {
    const NAME: &'static str = "plan_change";
    type Reply = ChangePlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePlan {
    /// Names this plan: of these objects as they are, with these writes.
    pub digest: String,
    /// `Scale lab-a`.
    pub title: String,
    /// In the order in which they are sent.
    pub writes: Vec<PlannedObject>,
    pub effects: Vec<Consequence>,
    /// Machines that are made anew, group by group in their order.
    pub replaced: Vec<Replaced>,
    /// The same for a terminal.
    pub commands: Vec<String>,
    /// What has to be typed before it is written.
    pub typed: Option<String>,
}

/// Something that follows from a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequence {
    pub weight: Follows,
    /// `2 machines are made in md-0`.
    pub sentence: String,
    /// Objects and containers by name, where it is about some.
    pub names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Follows {
    /// It goes and does not come back.
    Gone,
    /// It goes after a new one came.
    Replaced,
    Made,
    /// It stays as it is.
    Unharmed,
    /// Somebody may not want this.
    Risk,
}

/// A group of machines that is made anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub group: LaneGroup,
    /// In the order in which they go, as far as it can be known.
    pub machines: Vec<String>,
    /// How many more than asked for run meanwhile; 0: the old one goes before the new one comes.
    pub surge: u32,
    /// What one machine usually takes here, when one was seen.
    pub each: Option<Millis>,
}

/// Does what a plan showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyChange {
    pub at: ClusterAt,
    pub change: ClusterChange,
    /// Of the plan that was shown.
    pub digest: String,
    pub typed: String,
}
impl Call for ApplyChange {
    const NAME: &'static str = "apply_change";
    type Reply = Applied;
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// `Cluster lab-a`.
    pub written: Vec<String>,
}
