//! What does the page know and ask of the providers of a management cluster?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContextId, JobId, Row, RowId, Timestamp, call::Call, jobs::PlanView, settings::Typed};

/// A provider of Cluster API that a context holds, or what they need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRow {
    /// As clusterctl's inventory has it: `infrastructure-docker`.
    pub name: String,
    pub order: u32,
    pub role: ProviderRole,
    /// `Docker`.
    pub title: String,
    pub namespace: String,
    pub version: String,
    /// Contracts of Cluster API that its kinds follow, the newest first.
    pub contracts: Vec<String>,
    /// Pods of its Deployments that are ready, and that there should be.
    pub ready: u32,
    pub wanted: u32,
    /// By name.
    pub deployments: Vec<ProviderDeployment>,
    pub health: ProviderHealth,
    /// Its last errors, the newest first.
    pub errors: Vec<ErrorLine>,
    /// Kinds that it serves.
    pub kinds: Vec<String>,
}

/// A Deployment that runs a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderDeployment {
    /// `capd-controller-manager`.
    pub name: String,
    /// Its pods that are ready, and that there should be.
    pub ready: u32,
    pub wanted: u32,
}

impl Row for ProviderRow {
    fn id(&self) -> RowId {
        RowId(format!("{}/{}", self.namespace, self.name))
    }
}

/// A provider of an open context, by its name in the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProviderAt {
    pub context: ContextId,
    pub name: String,
}

/// What a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProviderRole {
    Core,
    Bootstrap,
    ControlPlane,
    Infrastructure,
    Ipam,
    AddOn,
    RuntimeExtension,
    /// No provider: cert-manager, without which none of them starts.
    Needed,
}

impl ProviderRole {
    pub const ADDED: [Self; 6] = [Self::Infrastructure, Self::Bootstrap, Self::ControlPlane, Self::Ipam, Self::AddOn, Self::RuntimeExtension];

    /// Reads the type that clusterctl writes: `InfrastructureProvider`.
    pub fn of_type(text: &str) -> Option<Self> {
        Some(match text {
            "CoreProvider" => Self::Core,
            "BootstrapProvider" => Self::Bootstrap,
            "ControlPlaneProvider" => Self::ControlPlane,
            "InfrastructureProvider" => Self::Infrastructure,
            "IPAMProvider" => Self::Ipam,
            "AddonProvider" => Self::AddOn,
            "RuntimeExtensionProvider" => Self::RuntimeExtension,
            _ => return None,
        })
    }

    /// Reads it from a name in the inventory: `infrastructure-docker`.
    pub fn of_name(name: &str) -> Self {
        [Self::Bootstrap, Self::ControlPlane, Self::Infrastructure, Self::Ipam, Self::AddOn, Self::RuntimeExtension]
            .into_iter()
            .find(|role| name.strip_prefix(role.prefix()).is_some_and(|rest| rest.len() > 1))
            .unwrap_or(Self::Core)
    }

    /// What stands before a name in the inventory.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Core | Self::Needed => "",
            Self::Bootstrap => "bootstrap-",
            Self::ControlPlane => "control-plane-",
            Self::Infrastructure => "infrastructure-",
            Self::Ipam => "ipam-",
            Self::AddOn => "addon-",
            Self::RuntimeExtension => "runtime-extension-",
        }
    }

    /// As a person says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Core => "Core",
            Self::Bootstrap => "Bootstrap",
            Self::ControlPlane => "Control plane",
            Self::Infrastructure => "Infrastructure",
            Self::Ipam => "Addresses (IPAM)",
            Self::AddOn => "Add-on",
            Self::RuntimeExtension => "Runtime extension",
            Self::Needed => "Needed by them",
        }
    }
}

/// What a provider is called: `Cluster API`, `kubeadm control plane`, `Docker`.
pub fn title(name: &str) -> String {
    let role = ProviderRole::of_name(name);
    let own = name.strip_prefix(role.prefix()).unwrap_or(name);
    match role {
        ProviderRole::Core if own == "cluster-api" => "Cluster API".to_owned(),
        ProviderRole::Core | ProviderRole::Needed => own.to_owned(),
        ProviderRole::Infrastructure => match own {
            "aws" | "gcp" | "oci" => own.to_uppercase(),
            "vsphere" => "vSphere".to_owned(),
            "openstack" => "OpenStack".to_owned(),
            own => own.get(..1).map(str::to_uppercase).unwrap_or_default() + own.get(1..).unwrap_or_default(),
        },
        ProviderRole::Bootstrap => format!("{own} bootstrap"),
        ProviderRole::ControlPlane => format!("{own} control plane"),
        ProviderRole::Ipam => format!("{own} addresses"),
        ProviderRole::AddOn => format!("{own} add-on"),
        ProviderRole::RuntimeExtension => format!("{own} extension"),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderHealth {
    Well,
    /// Its pods come up.
    Starting,
    /// All run, after some were started anew.
    Restarted(u32),
    /// It does not come up by waiting: `CrashLoopBackOff`, with what the kubelet says.
    Held {
        reason: String,
        says: String,
        restarts: u32,
    },
    /// The inventory has it, and no Deployment of it is there.
    Missing,
}

/// An error that a controller wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorLine {
    pub at: Option<Timestamp>,
    pub text: String,
}

/// Asks clusterctl which releases the providers can follow; it looks them up where they are published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanProviderUpgrade {
    pub context: ContextId,
}
impl Call for PlanProviderUpgrade {
    const NAME: &'static str = "plan_provider_upgrade";
    type Reply = UpgradeOffers;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpgradeOffers {
    pub looked_up: Timestamp,
    /// In clusterctl's words: `Cert-Manager is already up to date`.
    pub cert_manager: String,
    /// One a contract, the newest first.
    pub offers: Vec<UpgradeOffer>,
    /// What has to be typed before anything is changed: the name of a protected context.
    pub typed: Option<String>,
}

/// The newest releases that follow one contract of Cluster API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpgradeOffer {
    pub contract: String,
    pub lines: Vec<UpgradeLine>,
    /// Nothing when all of them are there already.
    pub plan: Option<PlanView>,
    /// The same for who waits until no machine of a cluster is on its way; nothing when none is.
    pub later: Option<LaterPlan>,
}

/// An upgrade that begins when these clusters stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterPlan {
    /// By name.
    pub clusters: Vec<String>,
    pub plan: PlanView,
}

/// When an upgrade of providers begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Begins {
    #[default]
    Now,
    /// When no machine is on its way any more.
    WhenClustersStand,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpgradeLine {
    pub name: String,
    pub namespace: String,
    pub now: String,
    /// Nothing when it is the newest already.
    pub next: Option<String>,
}

/// Follows one of the offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpgradeProviders {
    pub context: ContextId,
    pub contract: String,
    #[serde(default)]
    pub begins: Begins,
    pub seen: String,
    #[serde(default)]
    pub typed: String,
}
impl Call for UpgradeProviders {
    const NAME: &'static str = "upgrade_providers";
    type Reply = JobId;
}

/// Reads what the next releases of providers would change; their texts are looked up where they are published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadProviderChanges {
    pub context: ContextId,
    pub next: Vec<NextRelease>,
}
impl Call for ReadProviderChanges {
    const NAME: &'static str = "read_provider_changes";
    type Reply = Vec<ProviderChanges>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRelease {
    /// As the inventory has it: `infrastructure-docker`.
    pub name: String,
    pub version: String,
}

/// What a release changes in a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderChanges {
    pub name: String,
    pub version: String,
    /// Only those that are not the same afterwards.
    pub kinds: Vec<KindChange>,
    pub images: Vec<ImageNeed>,
}

/// What becomes of one CustomResourceDefinition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindChange {
    /// `machines.cluster.x-k8s.io`.
    pub definition: String,
    pub kind: String,
    pub fate: KindFate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KindFate {
    New,
    /// The release has it no more; clusterctl leaves it with its objects.
    LeftBehind,
    Changed {
        versions: Vec<VersionFate>,
        /// Fields as `v1beta2 spec.taints`, at most 200 of each.
        gains: Vec<String>,
        loses: Vec<String>,
    },
}

/// What becomes of a version of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum VersionFate {
    Added(String),
    Gone(String),
    ServedNow(String),
    NotServed(String),
    /// Objects are written in it from then on.
    StoredNow(String),
}

/// An image that a release runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageNeed {
    pub image: String,
    pub presence: ImagePresence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImagePresence {
    /// A node has it.
    Here,
    /// It is pulled from its registry.
    Pulled,
    /// The nodes cannot be read.
    Untold,
}

/// Asks which providers clusterctl knows, with those of the user's own configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferProviders {
    pub context: ContextId,
}
impl Call for OfferProviders {
    const NAME: &'static str = "offer_providers";
    type Reply = Vec<KnownProvider>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownProvider {
    pub role: ProviderRole,
    /// `vsphere`.
    pub name: String,
    /// Where its releases are: an address or a folder.
    pub from: String,
}

/// A provider that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPick {
    pub role: ProviderRole,
    pub name: String,
    /// Empty for the newest.
    pub version: String,
}

/// Reads what a provider would put into the cluster and which variables it asks for; changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanProvider {
    pub context: ContextId,
    pub pick: ProviderPick,
}
impl Call for PlanProvider {
    const NAME: &'static str = "plan_provider";
    type Reply = ProviderPlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPlan {
    /// The version that the empty one stands for.
    pub version: String,
    pub namespace: String,
    pub variables: Vec<AskedVariable>,
    pub made: Vec<MadeKind>,
    pub images: Vec<ImageNeed>,
    pub typed: Option<String>,
    pub plan: PlanView,
}

/// A variable in the text of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedVariable {
    /// `VSPHERE_PASSWORD`.
    pub name: String,
    /// Nothing when a value has to be given.
    pub default: Option<String>,
    pub shown: Shown,
}

/// Whether a value is shown while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    Plainly,
    /// It stands in a Secret, or its name says what it is.
    AsDots,
}

/// The objects of one kind that would be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeKind {
    pub kind: String,
    pub names: Vec<String>,
}

/// Adds a provider. The values go to clusterctl alone, in a file of its run, and are kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddProvider {
    pub context: ContextId,
    pub pick: ProviderPick,
    pub values: BTreeMap<String, Typed>,
    pub seen: String,
    #[serde(default)]
    pub typed: String,
}
impl Call for AddProvider {
    const NAME: &'static str = "add_provider";
    type Reply = JobId;
}

/// Runs a move dry: what would go, in which order, and whether the target can take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMove {
    pub from: ContextId,
    pub to: ContextId,
    pub namespace: String,
}
impl Call for PlanMove {
    const NAME: &'static str = "plan_move";
    type Reply = MovePlan;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovePlan {
    pub clusters: Vec<String>,
    /// In the order in which they are made there; they go here in the other order.
    pub moved: Vec<MadeKind>,
    pub typed: Option<String>,
    pub plan: PlanView,
}

/// Moves the clusters of a namespace to another management cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveClusters {
    pub from: ContextId,
    pub to: ContextId,
    pub namespace: String,
    pub seen: String,
    #[serde(default)]
    pub typed: String,
}
impl Call for MoveClusters {
    const NAME: &'static str = "move_clusters";
    type Reply = JobId;
}

#[cfg(test)]
mod tests {
    use super::{ProviderRole, title};

    #[test]
    fn a_name_of_the_inventory_says_what_a_provider_is_for() {
        for (name, role, words) in [
            ("cluster-api", ProviderRole::Core, "Cluster API"),
            ("bootstrap-kubeadm", ProviderRole::Bootstrap, "kubeadm bootstrap"),
            ("control-plane-kubeadm", ProviderRole::ControlPlane, "kubeadm control plane"),
            ("infrastructure-docker", ProviderRole::Infrastructure, "Docker"),
            ("infrastructure-vsphere", ProviderRole::Infrastructure, "vSphere"),
            ("ipam-in-cluster", ProviderRole::Ipam, "in-cluster addresses"),
            ("addon-helm", ProviderRole::AddOn, "helm add-on"),
            ("runtime-extension-x1", ProviderRole::RuntimeExtension, "x1 extension"),
            ("cert-manager", ProviderRole::Core, "cert-manager"),
            ("infrastructure-", ProviderRole::Core, "infrastructure-"),
            ("", ProviderRole::Core, ""),
        ] {
            assert_eq!((ProviderRole::of_name(name), title(name).as_str()), (role, words), "{name}");
        }
    }

    #[test]
    fn the_types_of_clusterctl_are_known_and_others_are_not_guessed() {
        for (text, role) in [("IPAMProvider", Some(ProviderRole::Ipam)), ("AddonProvider", Some(ProviderRole::AddOn)), ("OtherProvider", None)] {
            assert_eq!(ProviderRole::of_type(text), role);
        }
    }
}
