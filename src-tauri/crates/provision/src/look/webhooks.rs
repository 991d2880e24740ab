//! Can a Cluster be created, or is a webhook still missing?

use api::jobs::{Part, PartState};
use k8s_openapi::api::admissionregistration::v1::{MutatingWebhookConfiguration, ServiceReference, ValidatingWebhookConfiguration, WebhookClientConfig};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

const SERVICE_OF_SLICE: &str = "kubernetes.io/service-name";

/// All that has to be in place.
pub(crate) struct Webhooks {
    pub(crate) validating: Vec<ValidatingWebhookConfiguration>,
    pub(crate) mutating: Vec<MutatingWebhookConfiguration>,
    pub(crate) endpoints: Vec<EndpointSlice>,
    pub(crate) definitions: Vec<CustomResourceDefinition>,
}

/// What is not in place yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A service that webhooks are sent to has nobody behind it.
    Endpoint {
        namespace: String,
        service: String,
    },
    /// cert-manager has not written the certificate into the configuration yet.
    Certificate {
        namespace: String,
        service: String,
    },
    Definition {
        name: String,
    },
}

impl Missing {
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Endpoint { namespace, service } => format!("The service {service} in {namespace} has no ready endpoint."),
            Self::Certificate { namespace, service } => format!("The webhooks of {service} in {namespace} have no certificate yet."),
            Self::Definition { name } => format!("The kind {name} is not established."),
        }
    }
}

impl Webhooks {
    pub(crate) fn missing(&self) -> Vec<Missing> {
        let mut missing: Vec<Missing> = self
            .services()
            .into_iter()
            .filter_map(|(namespace, service, certified)| {
                if !certified {
                    Some(Missing::Certificate { namespace, service })
                } else if !self.has_endpoint(&namespace, &service) {
                    Some(Missing::Endpoint { namespace, service })
                } else {
                    None
                }
            })
            .collect();
        let late = self.definitions.iter().filter(|d| !is_established(d));
        missing.extend(late.map(|d| Missing::Definition { name: d.metadata.name.clone().unwrap_or_default() }));
        missing
    }

    /// One part a service.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let part = |(namespace, service, certified): (String, String, bool)| {
            let ready = certified && self.has_endpoint(&namespace, &service);
            let detail = if !certified {
                "waits for its certificate"
            } else if !ready {
                "has no ready endpoint"
            } else {
                ""
            };
            Part { name: service, state: if ready { PartState::Ready } else { PartState::Working }, detail: detail.to_owned(), count: String::new() }
        };
        self.services().into_iter().map(part).collect()
    }

    /// Each service that a webhook or a conversion is sent to, and whether all its callers have its certificate.
    fn services(&self) -> Vec<(String, String, bool)> {
        let admission = self.validating.iter().flat_map(|c| c.webhooks.iter().flatten()).map(|w| &w.client_config);
        let admission = admission.chain(self.mutating.iter().flat_map(|c| c.webhooks.iter().flatten()).map(|w| &w.client_config));
        let mut services: Vec<(String, String, bool)> = vec![];
        for (namespace, service, certified) in admission.filter_map(target) {
            match services.iter_mut().find(|s| s.0 == namespace && s.1 == service) {
                Some(known) => known.2 &= certified,
                None => services.push((namespace, service, certified)),
            }
        }
        services
    }

    fn has_endpoint(&self, namespace: &str, service: &str) -> bool {
        let of = |slice: &&EndpointSlice| {
            let labels = slice.metadata.labels.as_ref();
            slice.metadata.namespace.as_deref() == Some(namespace) && labels.and_then(|l| l.get(SERVICE_OF_SLICE)).is_some_and(|s| s == service)
        };
        // An absent `ready` means yes, so says the API.
        let ready = |slice: &EndpointSlice| slice.endpoints.iter().flatten().any(|e| e.conditions.as_ref().and_then(|c| c.ready).unwrap_or(true));
        self.endpoints.iter().filter(of).any(ready)
    }
}

fn target(config: &WebhookClientConfig) -> Option<(String, String, bool)> {
    let ServiceReference { name, namespace, .. } = config.service.clone()?;
    Some((namespace, name, config.ca_bundle.as_ref().is_some_and(|ca| !ca.0.is_empty())))
}

fn is_established(definition: &CustomResourceDefinition) -> bool {
    let conditions = definition.status.as_ref().and_then(|s| s.conditions.as_deref()).unwrap_or_default();
    conditions.iter().any(|c| c.type_ == "Established" && c.status == "True")
}
