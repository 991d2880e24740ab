//! What becomes of a workload cluster that somebody draws: what can be chosen, what would be made, and making it?
//!
//! What is right or wrong is decided in `capi::form`; here the server and this machine are asked, and nothing is kept but
//! the draft and what was last seen of this machine. Start at: [`Drawing`].

mod dots;
mod drafts;
mod look;
mod trial;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use api::contexts::Guard;
use api::drawing::{ClassOffer, ClusterForm, ClusterNetwork, ClusterPlan, CreateCluster, DryRun, FormCheck, FormField, Leads, Level, Opens, Pool};
use api::local::{LocalRow, Role};
use api::{ContextId, Fault, FaultCode};
use capi::change::TopologyTakes;
use capi::form::{self, Documents, Ground};
use cluster::session::Access;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::aside::aside;
use crate::doctor::Doctor;
use crate::fleet::Fleet;
use crate::local::Local;
use crate::managed::Managed;
use crate::sessions::Sessions;
use crate::takes;
use dots::Dots;
pub(crate) use dots::{Values, stands_for};
pub(crate) use drafts::DRAFTS;
use drafts::Drafts;
use look::{Held, Here};
pub(crate) use trial::{Claim, Trial, Unwritten};

/// Forms of new clusters.
pub(crate) struct Drawing {
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    local: Arc<Local>,
    doctor: Arc<Doctor>,
    drafts: Drafts,
    dots: Dots,
    /// What this machine had when a form was opened: programs are not run for every letter.
    here: Mutex<Option<Here>>,
}

/// A plan with the objects that it is about.
struct Planned {
    view: ClusterPlan,
    documents: Option<Documents>,
    values: Values,
}

impl Drawing {
    pub(crate) fn new(fleet: Arc<Fleet>, sessions: Arc<Sessions>, local: Arc<Local>, doctor: Arc<Doctor>, state: &Path) -> Self {
        Self { fleet, sessions, local, doctor, drafts: Drafts::new(state), dots: Dots::default(), here: Mutex::default() }
    }

    /// What a form can choose from; this machine is looked at anew.
    pub(crate) async fn offer(&self, context: &ContextId) -> Result<ClassOffer, Fault> {
        let access = self.sessions.access(context)?;
        let managed = self.sessions.managed(context, self.local.board())?;
        let typed = managed.typed();
        let (held, here, ()) = tokio::join!(look::held(&access, &typed), look::here(&self.local, &self.doctor), managed.listed());
        let held = held?;
        *self.here.lock().unwrap_or_else(PoisonError::into_inner) = Some(here.clone());
        let kept = self.drafts.read(context);
        let opens = if kept.is_some() { Opens::Draft } else { Opens::Anew };
        let ground = self.ground(context, &held, &here, &managed);
        let form = kept.unwrap_or_else(|| first(&ground));
        Ok(ClassOffer { classes: ground.classes, versions: ground.versions, form, opens })
    }

    /// What would be made of a form. The server is asked with a dry run, and keeps nothing.
    pub(crate) async fn plan(&self, context: &ContextId, form: &ClusterForm, leads: Leads) -> Result<ClusterPlan, Fault> {
        let access = self.sessions.access(context)?;
        self.planned(context, &access, form, leads).await.map(|planned| planned.view)
    }

    /// Makes what a plan with this digest showed.
    pub(crate) async fn create(&self, call: &CreateCluster) -> Result<(), Fault> {
        let CreateCluster { context, form, digest, typed } = call;
        let access = self.sessions.access(context)?;
        if let Some(wanted) = self.wants_typed(context).filter(|wanted| wanted != typed) {
            return Err(Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed("Nothing was written."));
        }
        let planned = self.planned(context, &access, form, Leads::Yaml).await?;
        if let Some(check) = planned.view.stops().next() {
            return Err(Fault::new(FaultCode::Invalid, format!("{}: {}", check.title, check.says)).unharmed("Nothing was written."));
        }
        if let DryRun::Refused(fault) = planned.view.dry_run {
            return Err(fault);
        }
        if planned.view.digest != *digest {
            return Err(Fault::new(FaultCode::Changed, "What would be made is something else by now. Look at it again.").unharmed("Nothing was written."));
        }
        let Some(documents) = planned.documents else { return Err(Fault::new(FaultCode::Bug, "There is nothing to make.")) };
        let whole = dots::filled(&documents, &planned.values);
        Trial::new(&access, &whole, Claim::New).hiding(planned.values).write().await?;
        // The cluster is there: a draft that cannot be forgotten is no reason to say otherwise.
        if let Err(fault) = self.keep(context, None) {
            tracing::warn!(%fault, "a draft stays");
        }
        Ok(())
    }

    /// Keeps what was typed as dots for the form of a context: its YAML has the names alone.
    pub(crate) fn take(&self, context: &ContextId, values: Values) {
        self.dots.keep(context, values);
    }

    /// Keeps the form that was left, or forgets it with what was typed for it.
    pub(crate) fn keep(&self, context: &ContextId, form: Option<&ClusterForm>) -> Result<(), Fault> {
        self.fleet.known(context)?;
        if form.is_none() {
            self.dots.forget(context);
        }
        self.drafts.keep(context, form)
    }

    async fn planned(&self, context: &ContextId, access: &Access, form: &ClusterForm, leads: Leads) -> Result<Planned, Fault> {
        let managed = self.sessions.managed(context, self.local.board())?;
        let typed = managed.typed();
        let (held, here, ()) = tokio::join!(look::held(access, &typed), self.seen(), managed.listed());
        let held = held?;
        let mut ground = self.ground(context, &held, &here, &managed);
        let name = self.fleet.known(context)?.name;
        let mut plan = empty(form);
        let (asked, version, values) = (form.clone(), held.api_version.clone(), self.dots.of(context));
        let typed_before: BTreeSet<String> = values.keys().cloned().collect();
        let documents = match aside("The form", move || means(&asked, leads, &version, &typed_before)).await? {
            Ok(documents) => documents,
            Err(checks) => {
                plan.checks = checks;
                return Ok(Planned { view: plan, documents: None, values });
            }
        };
        ground.classes.extend(look::classes_in(&documents.others));
        let topology = form::form_of(&documents.cluster, form);
        let own = form.yaml.is_some();
        plan.yaml = match (&form.yaml, leads) {
            (Some(text), Leads::Yaml) => text.clone(),
            (Some(_) | None, _) => form::written(&documents.cluster, &documents.others),
        };
        let text = |field: &str| documents.cluster.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        plan.form = topology.clone().unwrap_or_else(|_| ClusterForm { name: text("/metadata/name"), namespace: text("/metadata/namespace"), ..form.clone() });
        plan.form.yaml = own.then(|| plan.yaml.clone());
        let class = topology.is_ok().then(|| ground.class(&plan.form)).flatten();
        plan.rendered = form::rendered(&documents.cluster, &documents.others);
        match &topology {
            Ok(read) => {
                plan.asked = form::asked(read);
                plan.checks = form::checks(read, &ground);
                let version = text("/apiVersion");
                let takes = match form.pools.iter().any(|pool| !pool.taints.is_empty()) {
                    true => takes::topology(access, &version).await,
                    false => TopologyTakes::Untold,
                };
                plan.checks.extend(form::untaken(form, &version, takes));
                plan.checks.extend(form::mismatch(plan.asked, plan.rendered));
            }
            Err(_) => {
                plan.asked = plan.rendered;
                plan.checks = form::plain(&plan.form, form::machines_of(&documents.cluster, &documents.others), &ground);
            }
        }
        let usual = managed.usual();
        plan.learned_from = u32::try_from(usual.machines()).unwrap_or(u32::MAX);
        plan.expected = form::expected(&plan.form, class, &usual);
        plan.command = form::command(&plan.form, class.map(|class| class.machines), &name);
        plan.objects = form::objects(&plan.form, class, &documents.others);
        if plan.stops().next().is_none() {
            let tried = Trial::new(access, &dots::filled(&documents, &values), Claim::New).hiding(values.clone()).dry_run().await;
            plan.dry_run = match tried {
                Ok(written) => {
                    let places = plan.objects.iter_mut().filter(|object| object.depth == 0);
                    places.zip(written).for_each(|(object, written)| object.object = written);
                    DryRun::Accepted
                }
                Err(why) => DryRun::Refused(why.into()),
            };
        }
        plan.typed = self.wants_typed(context);
        plan.digest = digest(context, &plan);
        Ok(Planned { view: plan, documents: Some(documents), values })
    }

    /// A protected context asks for its name before something is written into it.
    fn wants_typed(&self, context: &ContextId) -> Option<String> {
        let row = self.fleet.contexts().rows().into_iter().find(|row| row.id == *context)?;
        (row.guard == Guard::Protected).then_some(row.name)
    }

    /// What is known of this machine; looked at when no form was opened before.
    async fn seen(&self) -> Here {
        let known = self.here.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(here) => here,
            None => {
                let here = look::here(&self.local, &self.doctor).await;
                *self.here.lock().unwrap_or_else(PoisonError::into_inner) = Some(here.clone());
                here
            }
        }
    }

    fn ground(&self, context: &ContextId, held: &Held, here: &Here, managed: &Managed) -> Ground {
        let taken = managed.clusters().rows().into_iter().map(|row| (row.namespace, row.name)).collect();
        let around = here_of(&self.local.board().rows(), context);
        let ours = around.is_some();
        Ground {
            classes: held.classes.clone(),
            taken,
            here: around.unwrap_or_default(),
            versions: here.versions.clone(),
            networks: if ours { here.networks.clone() } else { vec![] },
            host: ours.then(|| here.host.clone()),
        }
    }
}

/// The clusters whose containers stand beside those that this management cluster makes; `None` where it is not of this
/// machine: Docker's machines of a management cluster elsewhere are made elsewhere. Other programs mark theirs otherwise.
fn here_of(rows: &[LocalRow], context: &ContextId) -> Option<Vec<String>> {
    let ours = rows.iter().any(|row| row.context.as_ref() == Some(context));
    let name = |row: &LocalRow| match row.role {
        Role::Management | Role::Plain | Role::Workload { .. } => Some(row.name.clone()),
        Role::Foreign { .. } => None,
    };
    ours.then(|| rows.iter().filter_map(name).collect())
}

/// The objects that a form means, the way that was changed last. Variables that were typed before stay in it.
fn means(form: &ClusterForm, leads: Leads, api_version: &str, stay: &BTreeSet<String>) -> Result<Documents, Vec<FormCheck>> {
    let Some(text) = &form.yaml else { return Ok(Documents { cluster: form::cluster(form, api_version, None), others: vec![] }) };
    let own = form::documents_but(text, &form.namespace, stay)?;
    match leads {
        Leads::Yaml => Ok(own),
        // A cluster without a class has no place for what the fields say.
        Leads::Fields if form::form_of(&own.cluster, form).is_err() => Ok(own),
        Leads::Fields => {
            let version = own.cluster["apiVersion"].as_str().unwrap_or(api_version).to_owned();
            Ok(Documents { cluster: form::cluster(form, &version, Some(&own.cluster)), others: own.others })
        }
    }
}

/// The form as it opens when nothing was kept.
fn first(ground: &Ground) -> ClusterForm {
    let class = ground.classes.iter().find(|class| class.trouble.is_empty()).or(ground.classes.first());
    let namespace = class.map_or("default", |class| class.name.namespace.as_str());
    let letters = ('a'..='z').map(|letter| format!("lab-{letter}"));
    let is_taken = |name: &String| ground.taken.iter().map(|(_, taken)| taken).chain(&ground.here).any(|taken| taken == name);
    let name = letters.into_iter().find(|name| !is_taken(name));
    let here = ground.versions.iter().find(|image| image.is.here()).or(ground.versions.first());
    let allowed = class.and_then(|class| class.versions.last().cloned());
    let range = |field: FormField, other: &str| form::free_range(&field, &ground.networks, other).unwrap_or_default();
    let pods = range(FormField::PodRange, "");
    let workers = class.and_then(|class| class.workers.first()).cloned();
    ClusterForm {
        namespace: namespace.to_owned(),
        name: name.unwrap_or_else(|| "lab".to_owned()),
        class: class.map(|class| class.name.clone()).unwrap_or_default(),
        version: allowed.or_else(|| here.map(|image| image.kubernetes.clone())).unwrap_or_default(),
        control_planes: 1,
        pools: workers.into_iter().map(|class| Pool { name: "md-0".to_owned(), class, replicas: 1, labels: vec![], taints: vec![] }).collect(),
        network: ClusterNetwork::default(),
        service_range: range(FormField::ServiceRange, &pods),
        pod_range: pods,
        variables: Default::default(),
        yaml: None,
    }
}

fn empty(form: &ClusterForm) -> ClusterPlan {
    ClusterPlan {
        digest: String::new(),
        form: form.clone(),
        yaml: form.yaml.clone().unwrap_or_default(),
        objects: vec![],
        asked: form::asked(form),
        rendered: Default::default(),
        expected: vec![],
        learned_from: 0,
        checks: vec![],
        dry_run: DryRun::NotAsked,
        command: String::new(),
        typed: None,
    }
}

/// Names what is written and what was there before, so that another one of either is another plan.
fn digest(context: &ContextId, plan: &ClusterPlan) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    part(&context.0);
    part(&plan.yaml);
    plan.objects.iter().for_each(|drawn| part(&drawn.object.before));
    plan.checks.iter().filter(|check| check.level == Level::Stops).for_each(|check| part(&check.says));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawing")
    }
}

#[cfg(test)]
mod tests;
