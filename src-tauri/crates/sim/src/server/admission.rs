//! Do the webhooks of a kind let a write through?
//!
//! A webhook is called as a server does it: its service needs a ready endpoint, and the program behind must listen.

use api::Timestamp;
use serde_json::Value;

use super::request::Objects;
use super::resources::ResourceId;
use super::status::Refusal;
use super::store::Store;

pub(crate) fn admit(store: &Store, objects: &Objects, body: &Value, deaf: &[(String, Timestamp)], now: Timestamp) -> Result<(), Refusal> {
    if objects.subresource.is_some() {
        return Ok(());
    }
    for plural in ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] {
        let id = ResourceId::new("admissionregistration.k8s.io", plural);
        let configurations: Vec<Value> = store.list(&id, "", None).map(|one| one.value()).collect();
        for webhook in configurations.iter().flat_map(|one| one["webhooks"].as_array().into_iter().flatten()) {
            if rules_match(webhook, &objects.resource.id) {
                call(store, webhook, deaf, now)?;
            }
        }
    }
    checked(objects, body)
}

fn rules_match(webhook: &Value, id: &ResourceId) -> bool {
    let has = |rule: &Value, key: &str, wanted: &str| rule[key].as_array().into_iter().flatten().any(|one| one == wanted || one == "*");
    webhook["rules"].as_array().into_iter().flatten().any(|rule| has(rule, "apiGroups", &id.group) && has(rule, "resources", &id.plural))
}

fn call(store: &Store, webhook: &Value, deaf: &[(String, Timestamp)], now: Timestamp) -> Result<(), Refusal> {
    let service = &webhook["clientConfig"]["service"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (service, namespace, path) = (text(&service["name"]), text(&service["namespace"]), text(&service["path"]));
    let refuse = |why: &str| Err(Refusal::webhook(&text(&webhook["name"]), &service, &namespace, &path, why));
    let Some(at) = store.get(&ResourceId::new("", "services"), &namespace, &service) else {
        return refuse(&format!("service \"{service}\" not found"));
    };
    let slices = store.list(&ResourceId::new("discovery.k8s.io", "endpointslices"), &namespace, None);
    let ready = slices
        .filter(|slice| slice.labels.iter().any(|(key, value)| key == "kubernetes.io/service-name" && *value == service))
        .any(|slice| slice.value()["endpoints"].as_array().into_iter().flatten().any(|one| one["conditions"]["ready"] == true));
    if !ready {
        return refuse(&format!("no endpoints available for service \"{service}\""));
    }
    if deaf.iter().any(|(name, until)| *name == service && now < *until) {
        let address = text(&at.value()["spec"]["clusterIP"]);
        return refuse(&format!("dial tcp {address}:443: connect: connection refused"));
    }
    Ok(())
}

/// The rules of Cluster API that users meet; asked only after its webhooks answered.
fn checked(objects: &Objects, body: &Value) -> Result<(), Refusal> {
    let name = body["metadata"]["name"].as_str().unwrap_or_default();
    match (objects.resource.id.group.as_str(), objects.resource.id.plural.as_str()) {
        ("cluster.x-k8s.io", "clusters") => match body["spec"]["topology"]["version"].as_str() {
            Some(version) if !semantic(version) => {
                let why = format!("spec.topology.version: Invalid value: \"{version}\": version must be a valid semantic version");
                Err(Refusal::invalid("Cluster.cluster.x-k8s.io", name, why))
            }
            Some(_) | None => taintless(body, name),
        },
        ("controlplane.cluster.x-k8s.io", "kubeadmcontrolplanes") => match body["spec"]["replicas"].as_u64() {
            Some(count) if count > 0 && count % 2 == 0 => {
                let why = format!("spec.replicas: Forbidden: cannot be an even number when etcd is stacked: {count}");
                Err(Refusal::invalid("KubeadmControlPlane.controlplane.cluster.x-k8s.io", name, why))
            }
            Some(_) | None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The feature gate for taints of machines is off, as it is by default.
fn taintless(body: &Value, name: &str) -> Result<(), Refusal> {
    let pools = body["spec"]["topology"]["workers"]["machineDeployments"].as_array();
    match pools.into_iter().flatten().find(|pool| pool["taints"].as_array().is_some_and(|taints| !taints.is_empty())) {
        Some(pool) => {
            let field = format!("spec.topology.workers.machineDeployments[{}].taints", pool["name"].as_str().unwrap_or_default());
            let why = format!("{field}: Forbidden: taints are not allowed to be set when the feature gate MachineTaintPropagation is disabled");
            Err(Refusal::denied("validation.cluster.cluster.x-k8s.io", &format!("Cluster.cluster.x-k8s.io \"{name}\" is invalid: {why}")))
        }
        None => Ok(()),
    }
}

fn semantic(version: &str) -> bool {
    let parts: Vec<&str> = version.trim_start_matches('v').splitn(3, '.').collect();
    version.starts_with('v') && parts.len() == 3 && parts.iter().all(|part| part.starts_with(|letter: char| letter.is_ascii_digit()))
}
