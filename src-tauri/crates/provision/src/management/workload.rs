//! Which workload cluster comes with a management cluster, and what is written of it?

use std::path::PathBuf;

use api::drawing::{ClusterForm, ClusterNetwork, FormCheck, FormField, Level};
use api::files::Severity;
use api::jobs::Obstacle;
use api::local::ManagementSpec;
use api::{Fault, FaultCode};
use capi::access::file_name;
use capi::form;
use capi::network::{kindnet, pod_ranges};
use serde::{Deserialize, Serialize};

use super::{Ground, Order};
use crate::Site;
use crate::versions::{Repository, is_version, minor};

/// The field of the form that all of this belongs to.
const FIELD: &str = "workload";
/// The class that KOS brings is written in the contract of this minor release of Cluster API.
const OLDEST_MINOR: u32 = 11;

/// The cluster that was ordered, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    pub form: ClusterForm,
    /// Its objects, document by document.
    pub yaml: String,
    /// The manifest of its network; `None` when the user installs one.
    pub network: Option<String>,
}

impl Workload {
    /// Makes every choice that the form leaves open.
    ///
    /// # Errors
    /// What keeps a YAML of one's own from being a cluster, or from standing in a journal.
    pub(super) fn of(form: &ClusterForm, images: &Repository) -> Result<Self, Vec<FormCheck>> {
        let (documents, yaml) = match &form.yaml {
            Some(own) => {
                let documents = form::documents(own, &form.namespace)?;
                if let Some(secret) = documents.others.iter().find(|object| object["kind"] == "Secret") {
                    return Err(vec![journaled(secret["metadata"]["name"].as_str().unwrap_or_default())]);
                }
                (documents, own.clone())
            }
            None => {
                let documents = form::started(form, images.name());
                let yaml = form::written(&documents.cluster, &documents.others);
                (documents, yaml)
            }
        };
        let text = |field: &str| documents.cluster.pointer(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let plain = || ClusterForm { name: text("/metadata/name"), namespace: text("/metadata/namespace"), ..form.clone() };
        let read = form::form_of(&documents.cluster, form).unwrap_or_else(|_| plain());
        let network = match read.network {
            ClusterNetwork::Kindnet => kindnet(&pod_ranges(&documents.cluster)),
            ClusterNetwork::Calico | ClusterNetwork::Cilium | ClusterNetwork::NotInstalled => None,
        };
        Ok(Self { form: read, yaml, network })
    }

    /// `1 control plane and 1 worker`.
    pub(super) fn machines(&self) -> String {
        let asked = form::asked(&self.form);
        let words = |n: u32, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        format!("{} and {}", words(asked.control_planes, "control plane"), words(asked.workers, "worker"))
    }

    pub(crate) fn site(&self, order: &Order) -> Site {
        Site { manager: order.kubeconfig.clone(), context: order.name.context(), namespace: self.form.namespace.clone(), name: self.form.name.clone() }
    }

    /// The text of its objects, in the job's own folder.
    pub(crate) fn file(&self, order: &Order) -> PathBuf {
        order.folder.join(format!("{}.yaml", self.form.name))
    }

    /// The text of its network, in the job's own folder.
    pub(crate) fn network_file(&self, order: &Order) -> PathBuf {
        order.folder.join(format!("{}-network.yaml", self.form.name))
    }

    /// Where its kubeconfig is usually kept.
    pub(super) fn kubeconfig(&self, order: &Order) -> PathBuf {
        order.kubeconfig.with_file_name(file_name(&self.form.namespace, &self.form.name, &order.name.context(), ""))
    }
}

/// What stands in the way of the workload cluster; nothing when none is wanted.
pub(super) fn obstacles(spec: &ManagementSpec, ground: &Ground) -> Vec<Obstacle> {
    let Some(form) = &spec.workload else { return vec![] };
    let stop = |sentence: String| Obstacle { severity: Severity::Unusable, field: FIELD.to_owned(), why: Fault::new(FaultCode::Invalid, sentence) };
    if !spec.manages() || spec.providers.docker.is_none() {
        return vec![stop("A workload cluster needs Cluster API, the network plug-in and the Docker provider of its management cluster.".to_owned())];
    }
    let workload = match Workload::of(form, ground.images.repository()) {
        Ok(workload) => workload,
        Err(checks) => return checks.iter().map(shown).collect(),
    };
    let form = &workload.form;
    let mut found = vec![];
    let pinned = [&spec.providers.core, &spec.providers.kubeadm_bootstrap, &spec.providers.kubeadm_control_plane].into_iter().chain(&spec.providers.docker);
    if form.yaml.is_none() && pinned.clone().any(|version| is_version(version) && minor(version).is_some_and(|minor| minor < OLDEST_MINOR)) {
        found.push(stop(format!("The class that KOS brings needs Cluster API v1.{OLDEST_MINOR} or newer. Bring a YAML of your own, or newer providers.")));
    }
    let holds = |name: &str| ground.containers.iter().flatten().find(|container| container.cluster == name);
    if form.name == spec.name {
        found.push(stop(format!("The management cluster is called {} already.", form.name)));
    } else if let Some(container) = holds(&form.name) {
        found.push(stop(format!("There is a cluster named {} on this machine: its container is {}.", form.name, container.name)));
    }
    match form.network {
        ClusterNetwork::Kindnet | ClusterNetwork::NotInstalled => {}
        ClusterNetwork::Calico | ClusterNetwork::Cilium => {
            let word = form.network.word();
            found.push(stop(format!("The manifest of {word} is yours to give: choose no network here, and add {word} on the page of the cluster.")));
        }
    }
    let checks = if form.yaml.is_none() { form::checks(form, &known(ground)) } else { vec![] };
    found.extend(checks.iter().filter(|check| check.level != Level::Well).map(shown));
    found
}

/// The plan of a job is on disk before it begins, and stays there after it.
fn journaled(secret: &str) -> FormCheck {
    let says = format!(
        "Secret {secret} would be kept in the journal of this job. Make the management cluster without a workload cluster, \
         then bring this YAML to New workload cluster on its page."
    );
    FormCheck { field: Some(FormField::Yaml), level: Level::Stops, title: "The YAML holds a Secret".to_owned(), says, fix: None }
}

/// The world as the form of a workload cluster sees it: a management cluster that holds nothing yet.
fn known(ground: &Ground) -> form::Ground {
    form::Ground {
        classes: form::starter_class().into_iter().collect(),
        // Its name is held against the containers of this machine by `obstacles`.
        taken: vec![],
        here: vec![],
        versions: ground.images.offered(),
        networks: ground.docker_networks(),
        host: None,
    }
}

fn shown(check: &FormCheck) -> Obstacle {
    let severity = match check.level {
        Level::Stops => Severity::Unusable,
        Level::Fails | Level::Risks => Severity::Risk,
        Level::Well => Severity::Note,
    };
    let place = match &check.field {
        Some(FormField::Pool(_)) | None => String::new(),
        Some(_) => format!("{}. ", check.title),
    };
    Obstacle { severity, field: FIELD.to_owned(), why: Fault::new(FaultCode::Invalid, format!("{place}{}", check.says)) }
}
