//! What does the page know and ask while a new workload cluster is drawn?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, Fault, Fix, Millis, call::Call, changes::Taint, local::NodeImage, planned::PlannedObject};

/// What a management cluster offers to a form: its classes, what is taken, and what this machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferClasses {
    pub context: ContextId,
}
impl Call for OfferClasses {
    const NAME: &'static str = "offer_classes";
    type Reply = ClassOffer;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassOffer {
    pub classes: Vec<ClassView>,
    /// Kubernetes versions with where their node images are, the newest first.
    pub versions: Vec<NodeImage>,
    /// What the form opens with: the draft that was kept, else a free name and the first class.
    pub form: ClusterForm,
    pub opens: Opens,
}

/// Where an opened form comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opens {
    Anew,
    /// With the draft that was left here.
    Draft,
}

/// A ClusterClass, as far as a form needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassView {
    pub name: ClassName,
    /// The kind that it makes for the cluster itself: `DevCluster`.
    pub infrastructure: String,
    pub control_plane: String,
    pub machines: MachinesAre,
    /// Its kinds of node pools.
    pub workers: Vec<String>,
    pub variables: Vec<Variable>,
    /// Versions that it allows; empty means any.
    pub versions: Vec<String>,
    /// Why it cannot be used now, empty when it can.
    pub trouble: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassName {
    pub namespace: String,
    pub name: String,
}

/// What the machines of a class are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachinesAre {
    /// Containers of the Docker that the provider uses.
    Containers,
    /// Nothing: Cluster API's in-memory backend plays them.
    Simulated,
    /// Something elsewhere, which this machine has no part in.
    Elsewhere,
}

/// A variable of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    pub name: String,
    pub need: Need,
    pub shape: Shape,
    /// The only values that are allowed, as JSON; empty means any of the shape.
    pub choices: Vec<String>,
    /// As JSON.
    pub default: Option<String>,
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Need {
    Required,
    Optional,
}

/// What the value of a variable looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    Truth,
    Text {
        /// A regular expression in the words of the class; the server judges it.
        pattern: Option<String>,
        shortest: Option<u64>,
        longest: Option<u64>,
    },
    Whole {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// A number with a fraction.
    Number,
    /// An object, a list or something that only the server can judge: written as JSON.
    Tree,
}

/// What a new workload cluster shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterForm {
    pub namespace: String,
    pub name: String,
    pub class: ClassName,
    /// `v1.36.1`.
    pub version: String,
    pub control_planes: u32,
    pub pools: Vec<Pool>,
    pub network: ClusterNetwork,
    /// `192.168.0.0/16`; two with a comma for both families.
    pub pod_range: String,
    pub service_range: String,
    /// Values that were set, as JSON, by the name of the variable.
    pub variables: BTreeMap<String, String>,
    /// YAML of one's own. What it says counts; the fields above are kept in step with it.
    #[serde(default)]
    pub yaml: Option<String>,
}

/// A group of machines that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub name: String,
    /// One of the class's kinds of pools.
    pub class: String,
    pub replicas: u32,
    #[serde(default)]
    pub labels: Vec<Label>,
    #[serde(default)]
    pub taints: Vec<Taint>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub key: String,
    pub value: String,
}

/// Which network plug-in the cluster gets when its control plane answers.
///
/// The choice stands on the Cluster as [`ClusterNetwork::ANNOTATION`], so that any KOS that connects to it knows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterNetwork {
    /// Its manifest comes with KOS.
    #[default]
    Kindnet,
    /// By a manifest that the user gives when the cluster is connected.
    Calico,
    /// The same.
    Cilium,
    /// The user adds one; nodes are not Ready before.
    NotInstalled,
}

impl ClusterNetwork {
    pub const ALL: [Self; 4] = [Self::Kindnet, Self::Calico, Self::Cilium, Self::NotInstalled];
    /// The annotation of a Cluster that holds [`Self::word`].
    pub const ANNOTATION: &'static str = "kos.dev/network";

    pub fn word(self) -> &'static str {
        match self {
            Self::Kindnet => "kindnet",
            Self::Calico => "calico",
            Self::Cilium => "cilium",
            Self::NotInstalled => "none",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.word() == word)
    }
}

/// Which of the two a person changed last: the other follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leads {
    Fields,
    Yaml,
}

/// Asks what would be made: nothing is, the server is asked with a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCluster {
    pub context: ContextId,
    pub form: ClusterForm,
    pub leads: Leads,
}
impl Call for PlanCluster {
    const NAME: &'static str = "plan_cluster";
    type Reply = ClusterPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterPlan {
    /// Names this very plan; a create that names another one is refused.
    pub digest: String,
    /// The form in step with the YAML.
    pub form: ClusterForm,
    /// What is sent to the server, document by document.
    pub yaml: String,
    pub objects: Vec<DrawnObject>,
    /// Machines as the form asks for them.
    pub asked: MachineCount,
    /// Machines as the objects would make them.
    pub rendered: MachineCount,
    pub expected: Vec<ExpectedBar>,
    /// Machines of this management cluster that the times are learnt from; 0 is a first guess.
    pub learned_from: u32,
    pub checks: Vec<FormCheck>,
    pub dry_run: DryRun,
    /// The same as one would type it.
    pub command: String,
    /// What has to be typed before it is made: the name of a protected context.
    pub typed: Option<String>,
}

impl ClusterPlan {
    /// What keeps the cluster from being made.
    pub fn stops(&self) -> impl Iterator<Item = &FormCheck> {
        self.checks.iter().filter(|check| check.level == Level::Stops)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineCount {
    pub control_planes: u32,
    pub workers: u32,
}

/// An object that comes to be, where it stands in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnObject {
    pub object: PlannedObject,
    /// 0 for what is written, 1 for what controllers make of it.
    pub depth: u16,
    pub machines: u32,
    /// `load balancer`.
    pub note: String,
}

/// A part of the work on the expected time line, from the moment of creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedBar {
    pub words: String,
    pub from: Millis,
    pub to: Millis,
}

/// What the server said to the dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DryRun {
    /// It would take every object.
    Accepted,
    Refused(Fault),
    /// The form itself is not ready to be sent.
    NotAsked,
}

/// Something that was looked at before the cluster is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCheck {
    /// Where in the form it is seen; `None` for what stands beside it.
    pub field: Option<FormField>,
    pub level: Level,
    pub title: String,
    pub says: String,
    pub fix: Option<FormFix>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// It cannot be made so.
    Stops,
    /// It can be ordered, and would very likely not come up.
    Fails,
    /// It may not do what one expects.
    Risks,
    Well,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormField {
    Namespace,
    Name,
    Class,
    Version,
    ControlPlanes,
    /// By its place.
    Pool(usize),
    Network,
    PodRange,
    ServiceRange,
    Variable(String),
    Yaml,
}

/// What makes a check pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormFix {
    /// Another value for its field.
    Use(String),
    /// Leads elsewhere.
    Go(Fix),
}

/// Makes the cluster that a plan showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateCluster {
    pub context: ContextId,
    pub form: ClusterForm,
    pub digest: String,
    /// What [`ClusterPlan::typed`] asks for.
    #[serde(default)]
    pub typed: String,
}
impl Call for CreateCluster {
    const NAME: &'static str = "create_cluster";
    type Reply = Done;
}

/// Keeps a form that is left, or with `None` forgets it; one for each context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepDraft {
    pub context: ContextId,
    pub form: Option<ClusterForm>,
}
impl Call for KeepDraft {
    const NAME: &'static str = "keep_draft";
    type Reply = Done;
}
