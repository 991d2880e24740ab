//! Do the Deployments of cert-manager and of the providers run, and what holds one up?

use api::jobs::{Part, PartState};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::core::DynamicObject;

/// A container that was started this often does not come up by waiting.
const RESTARTS_TOO_MANY: i32 = 2;
/// What a kubelet says when a Secret or ConfigMap of a container is missing.
const CONFIG_ERROR: &str = "CreateContainerConfigError";

/// A provider as clusterctl's inventory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed {
    /// `infrastructure-docker`.
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) namespace: String,
}

impl Installed {
    pub(crate) fn read(object: &DynamicObject) -> Option<Self> {
        let version = object.data.get("version")?.as_str()?.to_owned();
        Some(Self { name: object.metadata.name.clone()?, version, namespace: object.metadata.namespace.clone()? })
    }
}

/// What holds a Deployment up and will not go away by waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    /// `CrashLoopBackOff`, `ImagePullBackOff`.
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) restarts: i32,
}

/// Whether every Deployment of these namespaces is available, and each namespace has one.
pub(crate) fn available(deployments: &[Deployment], namespaces: &[&str]) -> bool {
    namespaces.iter().all(|namespace| {
        let mut here = deployments.iter().filter(|d| d.metadata.namespace.as_deref() == Some(namespace)).peekable();
        here.peek().is_some() && here.all(is_available)
    })
}

/// One part a Deployment, in the order of the namespaces; what its pods wait for beside it.
pub(crate) fn parts(deployments: &[Deployment], pods: &[Pod], namespaces: &[&str]) -> Vec<Part> {
    let of = |namespace: &&str| {
        let mut here: Vec<&Deployment> = deployments.iter().filter(|d| d.metadata.namespace.as_deref() == Some(namespace)).collect();
        here.sort_by_key(|d| d.metadata.name.clone());
        here
    };
    namespaces.iter().flat_map(of).map(|deployment| part(deployment, pods)).collect()
}

fn part(deployment: &Deployment, pods: &[Pod]) -> Part {
    let name = deployment.metadata.name.clone().unwrap_or_default();
    let wanted = deployment.spec.replicas.unwrap_or(1);
    let ready = deployment.status.as_ref().and_then(|s| s.ready_replicas).unwrap_or(0);
    let held = pods.iter().filter(|pod| belongs(pod, deployment)).find_map(waiting);
    let state = match (&held, is_available(deployment)) {
        (_, true) => PartState::Ready,
        (Some(trouble), false) if is_bad(trouble) => PartState::Failed,
        (Some(_), false) => PartState::Working,
        (None, false) => PartState::Waiting,
    };
    let detail = if state == PartState::Ready { String::new() } else { held.map(|t| words(&t.reason)).unwrap_or_default() };
    Part { name, state, detail, count: format!("{ready} / {wanted}") }
}

/// The first pod of these namespaces that will not come up by waiting.
pub(crate) fn trouble(pods: &[Pod], namespaces: &[&str]) -> Option<Trouble> {
    let here = |pod: &&Pod| namespaces.iter().any(|n| pod.metadata.namespace.as_deref() == Some(n));
    pods.iter().filter(here).filter_map(waiting).find(is_bad)
}

/// The first pod of these namespaces that is given no Secret or ConfigMap that it asks for. It is started once that is
/// written, and until then is never started, so nothing is counted: how long it lasts tells trouble from order.
pub(crate) fn lacking(pods: &[Pod], namespaces: &[&str]) -> Option<Trouble> {
    let here = |pod: &&Pod| namespaces.iter().any(|n| pod.metadata.namespace.as_deref() == Some(n));
    pods.iter().filter(here).filter_map(waiting).find(|trouble| trouble.reason == CONFIG_ERROR)
}

fn is_available(deployment: &Deployment) -> bool {
    let Some(status) = &deployment.status else { return false };
    // Before the controller has seen the newest spec, its conditions speak of an older one.
    let seen = status.observed_generation >= deployment.metadata.generation;
    seen && status.conditions.as_deref().unwrap_or_default().iter().any(|c| c.type_.as_deref() == Some("Available") && c.status.as_deref() == Some("True"))
}

fn belongs(pod: &Pod, deployment: &Deployment) -> bool {
    let selector = deployment.spec.selector.match_labels.as_ref();
    let labels = pod.metadata.labels.as_ref();
    let same_place = pod.metadata.namespace == deployment.metadata.namespace;
    same_place && selector.is_some_and(|s| s.iter().all(|(key, value)| labels.and_then(|l| l.get(key)) == Some(value)))
}

fn waiting(pod: &Pod) -> Option<Trouble> {
    let statuses = pod.status.as_ref()?.container_statuses.as_deref().unwrap_or_default();
    statuses.iter().find_map(|status| {
        let waiting = status.state.as_ref()?.waiting.as_ref()?;
        Some(Trouble {
            namespace: pod.metadata.namespace.clone().unwrap_or_default(),
            pod: pod.metadata.name.clone().unwrap_or_default(),
            reason: waiting.reason.clone().unwrap_or_default(),
            message: waiting.message.clone().unwrap_or_default(),
            restarts: status.restart_count,
        })
    })
}

/// A first failure may be one of order: a Secret that cert-manager has not written yet, a registry that was slow.
fn is_bad(trouble: &Trouble) -> bool {
    match trouble.reason.as_str() {
        "CrashLoopBackOff" => trouble.restarts >= RESTARTS_TOO_MANY,
        "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => true,
        _ => false,
    }
}

fn words(reason: &str) -> String {
    match reason {
        "ContainerCreating" => "being created".to_owned(),
        "ErrImagePull" | "ImagePullBackOff" => "image cannot be pulled".to_owned(),
        "CrashLoopBackOff" => "ends right after its start".to_owned(),
        CONFIG_ERROR => "a Secret or ConfigMap is missing".to_owned(),
        other => other.to_owned(),
    }
}
