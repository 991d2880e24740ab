//! Which providers does a cluster hold, and how are they?
//!
//! The inventory of clusterctl, the Deployments that carry a provider's label, their pods and the labels of the kinds come
//! in as values; one row a provider goes out. A provider that some other tool installed is found by its Deployment.
//! Start at: [`Inventory::rows`].

use std::collections::{BTreeMap, VecDeque};

use api::providers::{ErrorLine, ProviderDeployment, ProviderHealth, ProviderRole, ProviderRow, title};
use serde_json::Value;

pub use differ::changes;
pub use log::error_of;

mod differ;
mod log;
#[cfg(test)]
mod tests;

/// The label that names the provider on all that it installs.
pub const LABEL: &str = "cluster.x-k8s.io/provider";
/// Where clusterctl installs it.
pub const CERT_MANAGER: &str = "cert-manager";
/// Kept of each provider.
pub const MOST_ERRORS: usize = 12;
/// A container that was started this often does not come up by waiting.
const RESTARTS_TOO_MANY: u64 = 2;

/// All that is known of the providers of one cluster; each object under `namespace/name`.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    pub providers: BTreeMap<String, Value>,
    pub deployments: BTreeMap<String, Value>,
    pub pods: BTreeMap<String, Value>,
    /// Definitions of kinds, with their labels alone: `dockerclusters.infrastructure.cluster.x-k8s.io`.
    pub definitions: BTreeMap<String, Value>,
    /// What a kind is called, by the name of its definition.
    pub kinds: BTreeMap<String, String>,
    /// Errors of the controllers by provider, the oldest first.
    pub errors: BTreeMap<String, VecDeque<ErrorLine>>,
}

/// A provider, be it of the inventory or found by its Deployment.
struct Found<'a> {
    name: &'a str,
    namespace: &'a str,
    role: ProviderRole,
    version: String,
}

impl Inventory {
    /// One row a provider: the core first, what they need last.
    pub fn rows(&self) -> Vec<ProviderRow> {
        let mut found: Vec<Found<'_>> = self.providers.values().map(listed).collect();
        for deployment in self.deployments.values() {
            let (name, namespace) = (provider_of(deployment), text(deployment, "/metadata/namespace"));
            if !name.is_empty() && !found.iter().any(|one| one.name == name && one.namespace == namespace) {
                let role = if name == CERT_MANAGER { ProviderRole::Needed } else { ProviderRole::of_name(name) };
                found.push(Found { name, namespace, role, version: version_of(deployment) });
            }
        }
        found.sort_by(|a, b| (a.role, a.name, a.namespace).cmp(&(b.role, b.name, b.namespace)));
        (0..).zip(&found).map(|(order, one)| self.row(order, one)).collect()
    }

    /// Keeps an error of a controller; one that is told again stands once.
    pub fn hear(&mut self, provider: &str, error: ErrorLine) -> bool {
        let kept = self.errors.entry(provider.to_owned()).or_default();
        if kept.contains(&error) {
            return false;
        }
        kept.push_back(error);
        if kept.len() > MOST_ERRORS {
            kept.pop_front();
        }
        true
    }

    fn row(&self, order: u32, one: &Found<'_>) -> ProviderRow {
        let mine = |object: &&Value| text(object, "/metadata/namespace") == one.namespace && provider_of(object) == one.name;
        let deployments: Vec<&Value> = self.deployments.values().filter(mine).collect();
        let pods: Vec<&Value> = self.pods.values().filter(mine).collect();
        let mut deployments: Vec<ProviderDeployment> = deployments.into_iter().map(deployment).collect();
        deployments.sort_by(|a, b| a.name.cmp(&b.name));
        let sum = |of: fn(&ProviderDeployment) -> u32| deployments.iter().map(of).fold(0, u32::saturating_add);
        let (ready, wanted) = (sum(|one| one.ready), sum(|one| one.wanted));
        let definitions: Vec<(&String, &Value)> = self.definitions.iter().filter(|(_, labels)| labels[LABEL] == one.name).collect();
        let mut kinds: Vec<String> = definitions.iter().map(|(name, _)| self.kind(name)).collect();
        kinds.sort();
        ProviderRow {
            name: one.name.to_owned(),
            order,
            role: one.role,
            title: title(one.name),
            namespace: one.namespace.to_owned(),
            version: one.version.clone(),
            contracts: contracts(definitions.iter().map(|(_, labels)| *labels)),
            ready,
            wanted,
            health: if deployments.is_empty() { ProviderHealth::Missing } else { health(&pods, ready >= wanted) },
            deployments,
            errors: self.errors.get(one.name).map(|kept| kept.iter().rev().cloned().collect()).unwrap_or_default(),
            kinds,
        }
    }

    fn kind(&self, definition: &str) -> String {
        let plural = || definition.split_once('.').map_or(definition, |(plural, _)| plural).to_owned();
        self.kinds.get(definition).cloned().unwrap_or_else(plural)
    }
}

fn deployment(object: &Value) -> ProviderDeployment {
    let count = |pointer: &str, none: u32| object.pointer(pointer).and_then(Value::as_u64).map_or(none, |n| u32::try_from(n).unwrap_or(u32::MAX));
    ProviderDeployment { name: text(object, "/metadata/name").to_owned(), ready: count("/status/readyReplicas", 0), wanted: count("/spec/replicas", 1) }
}

/// The provider that an object belongs to; what stands in cert-manager's namespace belongs to it.
pub fn provider_of(object: &Value) -> &str {
    match object["metadata"]["labels"][LABEL].as_str() {
        Some(name) => name,
        None if text(object, "/metadata/namespace") == CERT_MANAGER => CERT_MANAGER,
        None => "",
    }
}

fn listed(object: &Value) -> Found<'_> {
    let name = text(object, "/metadata/name");
    let role = ProviderRole::of_type(text(object, "/type")).unwrap_or_else(|| ProviderRole::of_name(name));
    Found { name, namespace: text(object, "/metadata/namespace"), role, version: text(object, "/version").to_owned() }
}

/// `registry.k8s.io/cluster-api/capd-manager:v1.14.2@sha256:…`, of its manager when there are several containers.
fn version_of(deployment: &Value) -> String {
    let containers = deployment.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let containers: Vec<&Value> = containers.into_iter().flatten().collect();
    let manager = containers.iter().find(|one| one["name"] == "manager").or(containers.first());
    let image = manager.and_then(|one| one["image"].as_str()).unwrap_or_default();
    let (name, _) = image.split_once('@').unwrap_or((image, ""));
    name.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/')).unwrap_or_default().to_owned()
}

/// `cluster.x-k8s.io/v1beta2: v1beta2` on a definition says that its kind follows that contract.
fn contracts<'a>(definitions: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let contract = |key: &String| key.strip_prefix("cluster.x-k8s.io/v").map(|rest| format!("v{rest}"));
    let mut all: Vec<String> = definitions.filter_map(Value::as_object).flat_map(|labels| labels.keys().filter_map(contract)).collect();
    // A final version has no letters and is newer than all that lead to it.
    all.sort_by_key(|name| std::cmp::Reverse((name.bytes().skip(1).all(|b| b.is_ascii_digit()), name.clone())));
    all.dedup();
    all
}

fn health(pods: &[&Value], all_ready: bool) -> ProviderHealth {
    let statuses = || pods.iter().filter_map(|pod| pod.pointer("/status/containerStatuses")?.as_array()).flatten();
    let restarts = |status: &Value| status["restartCount"].as_u64().unwrap_or_default();
    let most = statuses().map(restarts).max().unwrap_or_default();
    let count = |restarts: u64| u32::try_from(restarts).unwrap_or(u32::MAX);
    let held = statuses().find_map(|status| {
        let waiting = status.pointer("/state/waiting")?;
        let (reason, says) = (text(waiting, "/reason"), text(waiting, "/message"));
        is_held(reason, restarts(status)).then(|| ProviderHealth::Held { reason: reason.to_owned(), says: says.to_owned(), restarts: count(restarts(status)) })
    });
    match (held, all_ready) {
        (Some(held), _) => held,
        (None, false) => ProviderHealth::Starting,
        (None, true) if most >= RESTARTS_TOO_MANY => ProviderHealth::Restarted(count(most)),
        (None, true) => ProviderHealth::Well,
    }
}

/// A first failure may be one of order: a Secret that cert-manager has not written yet.
fn is_held(reason: &str, restarts: u64) -> bool {
    match reason {
        "CrashLoopBackOff" => restarts >= RESTARTS_TOO_MANY,
        "ImagePullBackOff" | "ErrImagePull" | "InvalidImageName" | "ErrImageNeverPull" | "CreateContainerConfigError" => true,
        _ => false,
    }
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
