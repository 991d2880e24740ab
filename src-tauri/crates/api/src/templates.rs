//! What does the page know and ask of the templates that providers bring for new clusters?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContextId, call::Call, providers::AskedVariable, settings::Typed};

/// Asks which providers of a management cluster may bring templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferTemplates {
    pub context: ContextId,
}
impl Call for OfferTemplates {
    const NAME: &'static str = "offer_templates";
    type Reply = Vec<TemplatesOf>;
}

/// An infrastructure provider that the context has: its templates are those of its release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatesOf {
    /// `docker`.
    pub provider: String,
    pub version: String,
}

/// One template: `cluster-template-development.yaml` is the flavor `development`, and `cluster-template.yaml` the empty one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePick {
    pub of: TemplatesOf,
    pub flavor: String,
}

/// What the fields of the form say in a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFor {
    pub namespace: String,
    pub name: String,
    /// `v1.36.1`.
    pub version: String,
    pub control_planes: u32,
    pub workers: u32,
}

/// Asks what a template leaves open. clusterctl reads it where the provider is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadTemplate {
    pub context: ContextId,
    pub pick: TemplatePick,
    pub fields: TemplateFor,
}
impl Call for ReadTemplate {
    const NAME: &'static str = "read_template";
    type Reply = TemplateView;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// Without those that the form itself has a field for.
    pub variables: Vec<AskedVariable>,
    /// The same as one would type it; the values of variables are not in it.
    pub command: String,
}

/// Asks for the YAML of a template with all of it filled in; nothing is written anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillTemplate {
    pub context: ContextId,
    pub pick: TemplatePick,
    pub fields: TemplateFor,
    /// By name; one that is not here keeps its default.
    pub values: BTreeMap<String, Typed>,
}
impl Call for FillTemplate {
    const NAME: &'static str = "fill_template";
    type Reply = FilledTemplate;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledTemplate {
    /// With `${NAME}` where something was typed as dots: the core puts it in when the cluster is planned and made.
    pub yaml: String,
}
