//! Which kinds does a simulated API server serve?
//!
//! Knows: the built-in ones it needs and whatever a CustomResourceDefinition adds. Does not know: any object.

use serde_json::{Value, json};

/// The name of a resource, the same for all its versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    pub group: String,
    pub plural: String,
}

impl ResourceId {
    pub fn new(group: &str, plural: &str) -> Self {
        Self { group: group.into(), plural: plural.into() }
    }

    /// `deployments.apps`, `pods`.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Cluster,
    Namespaced,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    pub id: ResourceId,
    /// Preferred first.
    pub versions: Vec<String>,
    pub kind: String,
    pub singular: String,
    pub short: Vec<String>,
    pub scope: Scope,
    /// Columns of the server's table beyond name and age; name, type and JSON path.
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub path: String,
}

pub(crate) const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// group, version, kind, plural, short names, scope
const BUILT_IN: &[(&str, &str, &str, &str, &str, Scope)] = &[
    ("", "v1", "Namespace", "namespaces", "ns", Scope::Cluster),
    ("", "v1", "Node", "nodes", "no", Scope::Cluster),
    ("", "v1", "Pod", "pods", "po", Scope::Namespaced),
    ("", "v1", "Event", "events", "ev", Scope::Namespaced),
    ("", "v1", "Service", "services", "svc", Scope::Namespaced),
    ("", "v1", "ConfigMap", "configmaps", "cm", Scope::Namespaced),
    ("", "v1", "Secret", "secrets", "", Scope::Namespaced),
    ("", "v1", "ServiceAccount", "serviceaccounts", "sa", Scope::Namespaced),
    ("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", Scope::Namespaced),
    ("apps", "v1", "Deployment", "deployments", "deploy", Scope::Namespaced),
    ("apps", "v1", "ReplicaSet", "replicasets", "rs", Scope::Namespaced),
    ("apps", "v1", "StatefulSet", "statefulsets", "sts", Scope::Namespaced),
    ("apps", "v1", "DaemonSet", "daemonsets", "ds", Scope::Namespaced),
    ("batch", "v1", "Job", "jobs", "", Scope::Namespaced),
    ("batch", "v1", "CronJob", "cronjobs", "cj", Scope::Namespaced),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "", Scope::Namespaced),
    ("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", Scope::Namespaced),
    ("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "", Scope::Cluster),
    ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "", Scope::Cluster),
    ("rbac.authorization.k8s.io", "v1", "Role", "roles", "", Scope::Namespaced),
    ("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "", Scope::Namespaced),
    ("storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc", Scope::Cluster),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd", Scope::Cluster),
    ("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "", Scope::Cluster),
    ("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "", Scope::Cluster),
];

/// What every simulated server serves from its start.
pub(crate) fn built_in() -> Vec<Resource> {
    BUILT_IN
        .iter()
        .map(|&(group, version, kind, plural, short, scope)| Resource {
            id: ResourceId::new(group, plural),
            versions: vec![version.into()],
            kind: kind.into(),
            singular: kind.to_lowercase(),
            short: short.split_whitespace().map(String::from).collect(),
            scope,
            columns: Vec::new(),
        })
        .collect()
}

/// What a CustomResourceDefinition adds; `None` when it names no served version.
pub(crate) fn from_definition(definition: &Value) -> Option<Resource> {
    let spec = definition.get("spec")?;
    let names = spec.get("names")?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let served: Vec<&Value> = spec.get("versions")?.as_array()?.iter().filter(|version| version["served"] == true).collect();
    let mut versions: Vec<String> = served.iter().map(|version| text(version, "name")).collect();
    // The storage version is also the newest one in all definitions this world installs.
    if let Some(storage) = served.iter().position(|version| version["storage"] == true) {
        versions.swap(0, storage);
    }
    let columns = served.iter().find(|version| version["storage"] == true).and_then(|version| version["additionalPrinterColumns"].as_array());
    Some(Resource {
        id: ResourceId { group: text(spec, "group"), plural: text(names, "plural") },
        versions: (!versions.is_empty()).then_some(versions)?,
        kind: text(names, "kind"),
        singular: text(names, "singular"),
        short: names["shortNames"].as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from).collect(),
        scope: if text(spec, "scope") == "Cluster" { Scope::Cluster } else { Scope::Namespaced },
        columns: columns
            .into_iter()
            .flatten()
            .map(|column| Column { name: text(column, "name"), kind: text(column, "type"), path: text(column, "jsonPath") })
            .collect(),
    })
}

impl Resource {
    pub fn api_version(&self, version: &str) -> String {
        if self.id.group.is_empty() { version.into() } else { format!("{}/{version}", self.id.group) }
    }

    pub fn preferred(&self) -> &str {
        self.versions.first().map_or("v1", String::as_str)
    }

    /// The entry of `APIResourceList`.
    pub(crate) fn described(&self) -> Value {
        json!({
            "name": self.id.plural, "singularName": self.singular, "namespaced": self.scope == Scope::Namespaced,
            "kind": self.kind, "verbs": VERBS, "shortNames": self.short,
        })
    }
}
