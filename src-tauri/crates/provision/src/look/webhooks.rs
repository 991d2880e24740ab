//! Can a Cluster be created, or is a webhook still missing?

use api::jobs::{Part, PartState};
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, RuleWithOperations, ServiceReference, ValidatingWebhookConfiguration, WebhookClientConfig,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{CustomResourceDefinition, CustomResourceDefinitionVersion};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

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

/// A kind of a provider of which the creation is sent to a webhook, and to which service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) namespace: String,
    pub(crate) service: String,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
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

    /// One kind a service: when somebody answers to its creation, the webhooks of that provider listen.
    pub(crate) fn probes(&self) -> Vec<Probe> {
        let mut probes: Vec<Probe> = vec![];
        for (config, rules) in self.hooks() {
            let Some((namespace, service, _)) = target(config) else { continue };
            if probes.iter().any(|known| known.namespace == namespace && known.service == service) {
                continue;
            }
            let created = rules.iter().find_map(|rule| self.created(rule));
            probes.extend(created.map(|(definition, version)| Probe {
                namespace,
                service,
                group: definition.spec.group.clone(),
                version: version.name.clone(),
                kind: definition.spec.names.kind.clone(),
                plural: definition.spec.names.plural.clone(),
            }));
        }
        probes
    }

    /// The webhooks that are asked about every object, and in a dry run too.
    fn hooks(&self) -> impl Iterator<Item = (&WebhookClientConfig, &[RuleWithOperations])> {
        let mutating = self.mutating.iter().flat_map(|c| c.webhooks.iter().flatten());
        let mutating = mutating.filter(|w| takes_dry_runs(&w.side_effects) && is_any(w.namespace_selector.as_ref()) && is_any(w.object_selector.as_ref()));
        let validating = self.validating.iter().flat_map(|c| c.webhooks.iter().flatten());
        let validating = validating.filter(|w| takes_dry_runs(&w.side_effects) && is_any(w.namespace_selector.as_ref()) && is_any(w.object_selector.as_ref()));
        // The mutating ones come first: a server asks them before it holds the object against its schema.
        mutating
            .map(|w| (&w.client_config, w.rules.as_deref().unwrap_or_default()))
            .chain(validating.map(|w| (&w.client_config, w.rules.as_deref().unwrap_or_default())))
    }

    /// The first kind in namespaces that a rule is about when it is created.
    fn created(&self, rule: &RuleWithOperations) -> Option<(&CustomResourceDefinition, &CustomResourceDefinitionVersion)> {
        if !has(rule.operations.as_deref(), "CREATE") && !has(rule.operations.as_deref(), "*") {
            return None;
        }
        let definition = self.definitions.iter().find(|d| {
            let named = has(rule.api_groups.as_deref(), &d.spec.group) && has(rule.resources.as_deref(), &d.spec.names.plural);
            named && d.spec.scope == "Namespaced"
        })?;
        let versions = &definition.spec.versions;
        let named = versions.iter().find(|v| v.served && has(rule.api_versions.as_deref(), &v.name));
        let version = named.or_else(|| versions.iter().find(|v| v.served))?;
        Some((definition, version))
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

/// A webhook that writes elsewhere is not called in a dry run; the server refuses the dry run instead.
fn takes_dry_runs(side_effects: &str) -> bool {
    matches!(side_effects, "None" | "NoneOnDryRun")
}

fn is_any(selector: Option<&LabelSelector>) -> bool {
    selector.is_none_or(|selector| *selector == LabelSelector::default())
}

fn has(list: Option<&[String]>, wanted: &str) -> bool {
    list.unwrap_or_default().iter().any(|one| one == wanted)
}

fn is_established(definition: &CustomResourceDefinition) -> bool {
    let conditions = definition.status.as_ref().and_then(|s| s.conditions.as_deref()).unwrap_or_default();
    conditions.iter().any(|c| c.type_ == "Established" && c.status == "True")
}
