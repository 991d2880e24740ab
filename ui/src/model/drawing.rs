//! What does the form of a new workload cluster hold, and what speaks against it?
//!
//! Pure: edits come in, the next form comes out. Start at: [`Drawn`].

use api::changes::{Taint, TaintEffect};
use api::drawing::{
    ClassName, ClassOffer, ClassView, ClusterForm, ClusterNetwork, ClusterPlan, DryRun, FormCheck, FormField, Label, Leads, Level, MachineCount, MachinesAre,
    Pool, Shape, Variable,
};
use api::local::{ImageIs, NodeImage};
use api::templates::TemplateFor;

use super::clock;
use crate::widgets::State;

/// The form with what was typed where a field holds more than a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub form: ClusterForm,
    pub pools: Vec<PoolText>,
    pub leads: Leads,
    /// Nobody has changed anything since it was opened.
    pub touched: Touched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    NotYet,
    Yes,
}

/// Labels and taints as they are typed: `tier=gpu, a=b` and `sim/gpu=yes:NoSchedule`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolText {
    pub labels: String,
    pub taints: String,
}

/// One change of the form.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Name(String),
    Namespace(String),
    Class(ClassName),
    Version(String),
    ControlPlanes(u32),
    PoolName(usize, String),
    PoolClass(usize, String),
    Replicas(usize, u32),
    Labels(usize, String),
    Taints(usize, String),
    AddPool,
    RemovePool(usize),
    Network(ClusterNetwork),
    PodRange(String),
    ServiceRange(String),
    /// `None` takes the default of the class.
    Variable(String, Option<String>),
    /// The YAML as a hand writes it.
    Yaml(String),
    /// The YAML is forgotten, the fields alone count again.
    OwnYamlNoMore,
}

impl Drawn {
    pub fn new(form: ClusterForm) -> Self {
        Self { pools: form.pools.iter().map(PoolText::of).collect(), form, leads: Leads::Fields, touched: Touched::NotYet }
    }

    /// The form in step with a plan that read it from the YAML, or wrote the YAML from it.
    pub fn in_step(mut self, plan: &ClusterPlan) -> Self {
        if self.leads == Leads::Yaml {
            self.pools = plan.form.pools.iter().map(PoolText::of).collect();
            self.form = plan.form.clone();
        } else {
            self.form.yaml.clone_from(&plan.form.yaml);
        }
        self
    }

    /// The form after a change.
    pub fn edited(mut self, edit: Edit, offer: &ClassOffer) -> Self {
        self.touched = Touched::Yes;
        self.leads = Leads::Fields;
        let form = &mut self.form;
        match edit {
            Edit::Name(name) => form.name = name,
            Edit::Namespace(namespace) => form.namespace = namespace,
            Edit::Class(name) => {
                let class = offer.classes.iter().find(|class| class.name == name);
                form.class = name;
                take_class(form, class);
            }
            Edit::Version(version) => form.version = version,
            Edit::ControlPlanes(n) => form.control_planes = n,
            Edit::PoolName(at, name) => set(&mut form.pools, at, |pool| pool.name = name),
            Edit::PoolClass(at, class) => set(&mut form.pools, at, |pool| pool.class = class),
            Edit::Replicas(at, n) => set(&mut form.pools, at, |pool| pool.replicas = n),
            Edit::Labels(at, text) => {
                set(&mut form.pools, at, |pool| pool.labels = labels(&text));
                set(&mut self.pools, at, |typed| typed.labels = text);
            }
            Edit::Taints(at, text) => {
                set(&mut form.pools, at, |pool| pool.taints = taints(&text).unwrap_or_default());
                set(&mut self.pools, at, |typed| typed.taints = text);
            }
            Edit::AddPool => {
                let class = form.pools.last().map(|pool| pool.class.clone()).or_else(|| class_of(form, offer)?.workers.first().cloned());
                form.pools.push(Pool { name: free_pool(&form.pools), class: class.unwrap_or_default(), replicas: 1, labels: vec![], taints: vec![] });
                self.pools.push(PoolText::default());
            }
            Edit::RemovePool(at) if at < form.pools.len() => {
                form.pools.remove(at);
                self.pools.remove(at);
            }
            Edit::RemovePool(_) => {}
            Edit::Network(network) => form.network = network,
            Edit::PodRange(range) => form.pod_range = range,
            Edit::ServiceRange(range) => form.service_range = range,
            Edit::Variable(name, Some(value)) => {
                form.variables.insert(name, value);
            }
            Edit::Variable(name, None) => {
                form.variables.remove(&name);
            }
            Edit::Yaml(text) => {
                form.yaml = Some(text);
                self.leads = Leads::Yaml;
            }
            Edit::OwnYamlNoMore => form.yaml = None,
        }
        self
    }

    /// What is typed wrongly, so that no plan can be asked for.
    pub fn wrongs(&self) -> Vec<(usize, String)> {
        let wrong = |(at, typed): (usize, &PoolText)| taints(&typed.taints).err().map(|why| (at, why));
        self.pools.iter().enumerate().filter_map(wrong).collect()
    }
}

/// Another class has other pools and other variables; what fits both stays.
fn take_class(form: &mut ClusterForm, class: Option<&ClassView>) {
    let Some(class) = class else { return };
    let first = class.workers.first().cloned().unwrap_or_default();
    form.pools.iter_mut().filter(|pool| !class.workers.contains(&pool.class)).for_each(|pool| pool.class.clone_from(&first));
    form.variables.retain(|name, _| class.variables.iter().any(|variable| variable.name == *name));
    if let Some(newest) = class.versions.last().filter(|_| !class.versions.contains(&form.version)) {
        form.version.clone_from(newest);
    }
}

fn set<T>(list: &mut [T], at: usize, change: impl FnOnce(&mut T)) {
    if let Some(one) = list.get_mut(at) {
        change(one);
    }
}

/// `md-1` beside `md-0`.
fn free_pool(pools: &[Pool]) -> String {
    let taken = |name: &String| pools.iter().any(|pool| pool.name == *name);
    (0..=pools.len()).map(|n| format!("md-{n}")).find(|name| !taken(name)).unwrap_or_default()
}

pub fn class_of<'a>(form: &ClusterForm, offer: &'a ClassOffer) -> Option<&'a ClassView> {
    offer.classes.iter().find(|class| class.name == form.class)
}

impl PoolText {
    fn of(pool: &Pool) -> Self {
        let label = |l: &Label| if l.value.is_empty() { l.key.clone() } else { format!("{}={}", l.key, l.value) };
        Self { labels: pool.labels.iter().map(label).collect::<Vec<_>>().join(", "), taints: taint_words(&pool.taints) }
    }
}

/// `sim/gpu=yes:NoSchedule`, several with commas.
pub(super) fn taint_words(taints: &[Taint]) -> String {
    let value = |t: &Taint| if t.value.is_empty() { String::new() } else { format!("={}", t.value) };
    taints.iter().map(|t| format!("{}{}:{}", t.key, value(t), t.effect.word())).collect::<Vec<_>>().join(", ")
}

/// What a pool has beside its machines: `taint sim/gpu, label tier=gpu`.
pub fn extras(typed: &PoolText) -> String {
    let parts =
        |word: &str, text: &str| text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| format!("{word} {part}")).collect::<Vec<_>>();
    let all = [parts("taint", &typed.taints), parts("label", &typed.labels)].concat();
    if all.is_empty() { "no labels".to_owned() } else { all.join(", ") }
}

pub(super) fn labels(text: &str) -> Vec<Label> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(key, value)| Label { key: key.trim().into(), value: value.trim().into() }).collect()
}

pub(super) fn taints(text: &str) -> Result<Vec<Taint>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(taint).collect()
}

fn taint(text: &str) -> Result<Taint, String> {
    let (rest, word) = text.rsplit_once(':').unwrap_or((text, ""));
    let effect = TaintEffect::ALL.into_iter().find(|effect| effect.word() == word.trim());
    let effect = effect.ok_or_else(|| format!("“{text}” is no taint; one looks like sim/gpu=yes:NoSchedule."))?;
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    Ok(Taint { key: key.trim().into(), value: value.trim().into(), effect })
}

/// What the machines of a class are, in a word and a sentence.
pub fn class_words(class: &ClassView) -> (String, String) {
    match class.machines {
        MachinesAre::Containers => ("Docker".into(), "Kubeadm control plane, machines are containers. Real kubelets and etcd.".into()),
        MachinesAre::Simulated => ("simulated".into(), "No kubelet, no pods. For trying out hundreds of machines.".into()),
        MachinesAre::Elsewhere => {
            let provider = class.infrastructure.trim_end_matches("Cluster");
            (provider.to_owned(), format!("{}, machines of {provider}.", class.control_plane))
        }
    }
}

/// The versions that can be chosen, the chosen one always among them.
pub fn versions(form: &ClusterForm, offer: &ClassOffer) -> Vec<String> {
    let allowed = class_of(form, offer).map(|class| class.versions.clone()).filter(|versions| !versions.is_empty());
    let mut all = allowed.map_or_else(
        || offer.versions.iter().map(|image| image.kubernetes.clone()).collect(),
        |mut versions| {
            versions.reverse();
            versions
        },
    );
    if !all.contains(&form.version) {
        all.insert(0, form.version.clone());
    }
    all
}

/// Where the node image of the chosen version is.
pub fn image_words(form: &ClusterForm, offer: &ClassOffer) -> String {
    if class_of(form, offer).is_none_or(|class| class.machines != MachinesAre::Containers) {
        return String::new();
    }
    let image = |i: &&NodeImage| i.kubernetes == form.version;
    match offer.versions.iter().find(image).map(|i| i.is) {
        Some(ImageIs::Here { .. }) => "The image is already here. Others are pulled first.".into(),
        Some(ImageIs::ToBePulled { bytes: Some(bytes) }) => format!("The image is pulled first, {} to download.", clock::bytes(bytes)),
        Some(ImageIs::ToBePulled { bytes: None }) => "The image is pulled first.".into(),
        None => String::new(),
    }
}

/// The first thing that keeps a field from being taken.
pub fn error_of<'a>(checks: &'a [FormCheck], field: &FormField) -> Option<&'a FormCheck> {
    checks.iter().find(|check| check.level == Level::Stops && check.field.as_ref() == Some(field))
}

/// Why the cluster cannot be made now; `None` when it can.
pub fn hindrance(drawn: &Drawn, plan: Option<&ClusterPlan>, typed: &str) -> Option<String> {
    let wrong = drawn.wrongs().len();
    let Some(plan) = plan.filter(|_| wrong == 0) else {
        return Some(if wrong == 0 { "The plan is on its way.".into() } else { things(wrong) });
    };
    match (plan.stops().count(), &plan.dry_run) {
        (0, DryRun::Accepted) => plan.typed.as_ref().filter(|wanted| *wanted != typed).map(|wanted| format!("{wanted} is protected: type its name.")),
        (0, DryRun::Refused(_)) => Some("The server would refuse it.".into()),
        (0, DryRun::NotAsked) => Some("The server was not asked yet.".into()),
        (n, _) => Some(things(n)),
    }
}

fn things(n: usize) -> String {
    if n == 1 { "1 thing stands in the way.".into() } else { format!("{n} things stand in the way.") }
}

/// Machines as the form asks for them beside those that its objects would make, control planes before workers. Where they
/// differ, a check says what to look at.
pub fn counted(plan: &ClusterPlan) -> Option<(State, String)> {
    let words = |count: MachineCount| format!("{} + {}", count.control_planes, count.workers);
    let state = if plan.asked == plan.rendered { State::Healthy } else { State::Warning };
    (!plan.objects.is_empty()).then(|| (state, format!("{} asked, {} rendered", words(plan.asked), words(plan.rendered))))
}

/// What the fields of a form say in a template.
pub fn template_fields(form: &ClusterForm) -> TemplateFor {
    TemplateFor {
        namespace: form.namespace.clone(),
        name: form.name.clone(),
        version: form.version.clone(),
        control_planes: form.control_planes,
        workers: form.pools.iter().map(|pool| pool.replicas).fold(0, u32::saturating_add),
    }
}

/// A value as one types it: texts without quotes, everything else as JSON.
pub fn typed(variable: &Variable, value: Option<&String>) -> String {
    let Some(value) = value.or(variable.default.as_ref()) else { return String::new() };
    match &variable.shape {
        Shape::Text { .. } => serde_json::from_str::<String>(value).unwrap_or_else(|_| value.clone()),
        Shape::Truth | Shape::Whole { .. } | Shape::Number | Shape::Tree => value.clone(),
    }
}

/// What was typed as JSON; what is no JSON goes on as it is, for the check to say so.
pub fn untyped(variable: &Variable, text: String) -> String {
    match &variable.shape {
        Shape::Text { .. } => serde_json::Value::String(text).to_string(),
        Shape::Truth | Shape::Whole { .. } | Shape::Number | Shape::Tree => text,
    }
}

/// How long all of it takes, in thousandths of the whole for each bar.
pub fn scale(plan: &ClusterPlan) -> (api::Millis, Vec<(u64, u64)>) {
    let whole = plan.expected.iter().map(|bar| bar.to.0).max().unwrap_or(0).max(1);
    let part = |at: u64| at.saturating_mul(1_000) / whole;
    (api::Millis(whole), plan.expected.iter().map(|bar| (part(bar.from.0), part(bar.to.0.saturating_sub(bar.from.0)))).collect())
}

#[cfg(test)]
mod tests;
