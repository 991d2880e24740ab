//! What stands in a cluster that is being made?
//!
//! Reads one API server; changes nothing, the one create is a dry run. It polls instead of watching: it asks for a dozen
//! objects while their kinds are still being installed, when a watch would mostly be told to start again. Only clusters that
//! stand already are watched.
//! Start at: [`Inside`]; what the answers mean is decided in `providers.rs` and `webhooks.rs`, without a server.

use std::collections::BTreeSet;
use std::time::Duration;

use k8s_openapi::api::admissionregistration::v1::{MutatingWebhookConfiguration, ValidatingWebhookConfiguration};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Namespace, Node, Pod};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DynamicObject, ListParams, LogParams, PostParams};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::json;

pub(crate) mod clusters;
mod providers;
mod webhooks;

pub(crate) use providers::{Installed, Trouble, available, lacking, parts, trouble};
pub(crate) use webhooks::{Probe, Webhooks};

/// An API server of this machine answers in milliseconds; one that is being restarted should not hold up the next look.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// clusterctl labels everything it installs with it.
const CLUSTERCTL_LABEL: &str = "clusterctl.cluster.x-k8s.io";

/// The inside of one cluster.
pub(crate) struct Inside {
    client: kube::Client,
}

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookError {
    #[error("the API server did not answer within {} s", ANSWER_LIMIT.as_secs())]
    NoAnswer,
    #[error("the API server did not answer as it should")]
    Answer(#[source] Box<kube::Error>),
}

impl LookError {
    /// The server's own words.
    pub(crate) fn said(&self) -> String {
        match (self, self.status()) {
            (Self::NoAnswer, _) => self.to_string(),
            (Self::Answer(_), Some((_, message))) => message.to_owned(),
            (Self::Answer(cause), None) => cluster::failure::chain(cause.as_ref()),
        }
    }

    /// Code and message, when it was the server who said no.
    pub(crate) fn status(&self) -> Option<(u16, &str)> {
        let Self::Answer(cause) = self else { return None };
        if let kube::Error::Api(status) = cause.as_ref() { Some((status.code, &status.message)) } else { None }
    }
}

impl Inside {
    pub(crate) fn new(client: kube::Client) -> Self {
        Self { client }
    }

    /// Whether `/readyz` is answered with 200.
    pub(crate) async fn ready(&self) -> Result<(), LookError> {
        let request = hyper::Request::get("/readyz").body(vec![]).map_err(|e| LookError::Answer(Box::new(kube::Error::HttpError(e))))?;
        limited(self.client.request_text(request)).await.map(|_| ())
    }

    /// Names of nodes, ready ones and others.
    pub(crate) async fn nodes(&self) -> Result<(Vec<String>, Vec<String>), LookError> {
        let nodes = self.list::<Node>(&ListParams::default()).await?;
        let ready = |node: &Node| {
            let conditions = node.status.as_ref().and_then(|s| s.conditions.as_deref()).unwrap_or_default();
            conditions.iter().any(|c| c.type_ == "Ready" && c.status == "True")
        };
        let (yes, no): (Vec<_>, Vec<_>) = nodes.into_iter().partition(ready);
        let names = |list: Vec<Node>| list.into_iter().filter_map(|n| n.metadata.name).collect();
        Ok((names(yes), names(no)))
    }

    /// The providers that clusterctl has finished installing: it writes each down after its last object.
    pub(crate) async fn installed(&self) -> Result<Vec<Installed>, LookError> {
        let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("clusterctl.cluster.x-k8s.io", "v1alpha3", "Provider"), "providers");
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &kind);
        match limited(api.list(&ListParams::default())).await {
            Ok(list) => Ok(list.items.iter().filter_map(Installed::read).collect()),
            Err(LookError::Answer(cause)) if is_not_found(&cause) => Ok(vec![]),
            Err(other) => Err(other),
        }
    }

    pub(crate) async fn deployments(&self) -> Result<Vec<Deployment>, LookError> {
        self.list(&ListParams::default()).await
    }

    pub(crate) async fn pods(&self) -> Result<Vec<Pod>, LookError> {
        self.list(&ListParams::default()).await
    }

    /// The last lines of a container that ended, or of the one that runs now.
    pub(crate) async fn log(&self, namespace: &str, pod: &str, lines: i64) -> Vec<String> {
        let api: Api<Pod> = Api::namespaced(self.client.clone(), namespace);
        let before = LogParams { previous: true, tail_lines: Some(lines), ..LogParams::default() };
        let now = LogParams { tail_lines: Some(lines), ..LogParams::default() };
        let text = match limited(api.logs(pod, &before)).await {
            Ok(text) => text,
            Err(_) => limited(api.logs(pod, &now)).await.unwrap_or_default(),
        };
        text.lines().map(str::to_owned).collect()
    }

    /// Whether a namespace is there, be it on its way out.
    pub(crate) async fn has_namespace(&self, name: &str) -> Result<bool, LookError> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        limited(api.get_opt(name)).await.map(|found| found.is_some())
    }

    /// All that has to be in place before a Cluster can be created.
    pub(crate) async fn webhooks(&self) -> Result<Webhooks, LookError> {
        let ours = ListParams::default().labels(CLUSTERCTL_LABEL);
        Ok(Webhooks {
            validating: self.list::<ValidatingWebhookConfiguration>(&ours).await?,
            mutating: self.list::<MutatingWebhookConfiguration>(&ours).await?,
            endpoints: self.list::<EndpointSlice>(&ListParams::default()).await?,
            definitions: self.list::<CustomResourceDefinition>(&ours).await?,
        })
    }

    /// The kinds of all providers, with their schemas.
    pub(crate) async fn definitions(&self) -> Result<Vec<serde_json::Value>, LookError> {
        let kind =
            ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition"), "customresourcedefinitions");
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &kind);
        let list = limited(api.list(&ListParams::default().labels(capi::providers::LABEL))).await?;
        Ok(list.items.into_iter().filter_map(|one| serde_json::to_value(one).ok()).collect())
    }

    /// Names of the images that nodes have; a node tells of fifty.
    pub(crate) async fn images(&self) -> Result<BTreeSet<String>, LookError> {
        let nodes = self.list::<Node>(&ListParams::default()).await?;
        let of = |node: Node| node.status.and_then(|status| status.images).unwrap_or_default();
        Ok(nodes.into_iter().flat_map(of).flat_map(|image| image.names.unwrap_or_default()).collect())
    }

    /// Creates a Cluster that is thrown away by the server after all its webhooks have agreed.
    pub(crate) async fn try_cluster(&self, version: &str, cluster: &DynamicObject) -> Result<(), LookError> {
        let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("cluster.x-k8s.io", version, "Cluster"), "clusters");
        let api: Api<DynamicObject> = Api::namespaced_with(self.client.clone(), "default", &kind);
        let dry = PostParams { dry_run: true, ..PostParams::default() };
        limited(api.create(&dry, cluster)).await.map(|_| ())
    }

    /// Creates an object that has only a name, and that the server throws away.
    pub(crate) async fn try_object(&self, probe: &Probe) -> Result<(), LookError> {
        let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(&probe.group, &probe.version, &probe.kind), &probe.plural);
        let api: Api<DynamicObject> = Api::namespaced_with(self.client.clone(), "default", &kind);
        let object = DynamicObject::new("kos-dry-run", &kind).within("default").data(json!({}));
        let dry = PostParams { dry_run: true, ..PostParams::default() };
        limited(api.create(&dry, &object)).await.map(|_| ())
    }

    /// The Cluster of a name, `None` when there is none.
    pub(crate) async fn cluster(&self, version: &str, namespace: &str, name: &str) -> Result<Option<DynamicObject>, LookError> {
        let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("cluster.x-k8s.io", version, "Cluster"), "clusters");
        let api: Api<DynamicObject> = Api::namespaced_with(self.client.clone(), namespace, &kind);
        limited(api.get_opt(name)).await
    }

    async fn list<K>(&self, which: &ListParams) -> Result<Vec<K>, LookError>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + serde::de::DeserializeOwned,
    {
        let api: Api<K> = Api::all(self.client.clone());
        limited(api.list(which)).await.map(|list| list.items)
    }
}

async fn limited<T>(question: impl Future<Output = Result<T, kube::Error>>) -> Result<T, LookError> {
    match tokio::time::timeout(ANSWER_LIMIT, question).await {
        Ok(answer) => answer.map_err(|e| LookError::Answer(Box::new(e))),
        Err(_) => Err(LookError::NoAnswer),
    }
}

fn is_not_found(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 404)
}

#[cfg(test)]
mod tests;
