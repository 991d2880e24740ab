//! Which clusters run on this machine, and which jobs work on them?

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

use api::computer::Remedy;
use api::contexts::{ContextRow, Guard};
use api::files::{Origin, Severity};
use api::jobs::{Obstacle, PlanView};
use api::local::{ConfigRead, DeleteCluster, Deletion, LeftNetwork, LocalRow, ManagementSpec, Power, Suggestion};
use api::settings::Choices;
use api::{Fault, FaultCode, Fix, JobId, Millis, Status};
use jobs::{AnyWork, Kinds};
use provision::local::{self, Depth, Known, Survey, Whose};
use provision::management::{self, Management, Places};
use provision::node_images::NodeImages;
use provision::programs::clusterctl::Source;
use provision::programs::docker::{DiskUse, Network};
use provision::providers::{Upkeep, Vault};
use provision::remedy::{self, Remedies};
use provision::versions::Repository;
use provision::{ClusterName, World};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::aside::aside;
use crate::board::Board;
use crate::fleet::{Fleet, now};
use crate::home::Home;
use crate::providers::UPKEEP;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::work::Work;

mod known;

/// The kinds of jobs, as they stand in their plans on disk.
pub(crate) const MANAGEMENT: &str = "management";
const CHANGE: &str = "local";
const REMEDY: &str = "remedy";
const NETWORK: &str = "network";

/// A configuration of a hundred nodes has 20 KiB.
const MOST_CONFIG_BYTES: usize = 256 * 1024;
/// Holds a folder for each job, below the state folder.
pub(crate) const FOLDERS: &str = "clusters";

/// The local clusters.
pub(crate) struct Local {
    world: World,
    home: Home,
    settings: Arc<Settings>,
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    work: Arc<Work>,
    board: Arc<Board<LocalRow>>,
    looking: Mutex<()>,
    /// What docker told last.
    seen: std::sync::Mutex<Arc<Survey>>,
    looked: AtomicBool,
}

/// Makes the work of a stored job again.
pub(crate) struct StoredKinds {
    pub(crate) world: World,
    pub(crate) vault: Arc<Vault>,
}

impl Kinds for StoredKinds {
    fn open(&self, kind: &str, _spec: &Value) -> Result<AnyWork, Fault> {
        match kind {
            MANAGEMENT => Ok(AnyWork::new(Management::new(self.world.clone()))),
            CHANGE => Ok(AnyWork::new(local::Change::new(self.world.clone()))),
            REMEDY => Ok(AnyWork::new(Remedies::new(self.world.clone()))),
            NETWORK => Ok(AnyWork::new(local::Unused::new(self.world.clone()))),
            UPKEEP => Ok(AnyWork::new(Upkeep::new(self.world.clone(), self.vault.clone()))),
            other => Err(Fault::new(FaultCode::NotFound, format!("This version of KOS does not know jobs of the kind {other}."))),
        }
    }
}

impl Local {
    pub(crate) fn new(world: World, home: Home, settings: Arc<Settings>, fleet: Arc<Fleet>, sessions: Arc<Sessions>, work: Arc<Work>) -> Self {
        Self {
            world,
            home,
            settings,
            fleet,
            sessions,
            work,
            board: Arc::new(Board::new(Status::Loading)),
            looking: Mutex::default(),
            seen: std::sync::Mutex::default(),
            looked: AtomicBool::new(false),
        }
    }

    pub(crate) fn board(&self) -> Arc<Board<LocalRow>> {
        self.board.clone()
    }

    /// Whether somebody asked for local clusters in this session: only then is docker asked again by itself.
    pub(crate) fn is_looked_at(&self) -> bool {
        self.looked.load(Ordering::Relaxed)
    }

    /// Asks docker again; a docker that does not answer makes the rows stale, not gone.
    pub(crate) async fn look(&self) {
        self.looked.store(true, Ordering::Relaxed);
        let _one = self.looking.lock().await;
        // The list first: usage takes docker two seconds.
        for depth in [Depth::Containers, Depth::Usage] {
            match local::survey(&self.world, depth).await {
                Ok(survey) => {
                    *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(survey);
                    self.tell();
                    self.board.status(Status::Live);
                }
                Err(why) => {
                    // Clusters that need no docker are there without it.
                    self.tell();
                    self.board.status(Status::Stale { since: now(), why, retry_at: None });
                    return;
                }
            }
        }
    }

    /// Tells anew which contexts open which cluster, after kubeconfigs changed; docker is not asked.
    pub(crate) fn tell_contexts(&self) {
        if self.is_looked_at() {
            self.tell();
        }
    }

    fn tell(&self) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let traces = local::traces(&self.home.user, &self.home.etc);
        self.board.replace(local::all(&seen, &self.known(), &traces, &self.fleet.contexts().rows()));
    }

    /// What docker tells now, with what KOS knows of it.
    pub(crate) async fn surveyed(&self) -> Result<(Vec<LocalRow>, Survey, BTreeMap<String, Known>), Fault> {
        let survey = local::survey(&self.world, Depth::Containers).await?;
        let (known, traces) = (self.known(), local::traces(&self.home.user, &self.home.etc));
        Ok((local::all(&survey, &known, &traces, &self.fleet.contexts().rows()), survey, known))
    }

    pub(crate) async fn disk_use(&self) -> DiskUse {
        local::disk_use(&self.world).await
    }

    pub(crate) async fn suggest(&self) -> Result<Suggestion, Fault> {
        let places = self.places()?;
        // With a workload cluster, so that the networks of Docker are asked for too.
        let spec = ManagementSpec { workload: Some(capi::form::starter("", "", &[])), ..empty_spec() };
        let ground = management::survey(&self.world, &spec, &places).await;
        // A job is about to use its names, and a context has its own, although no container may have them.
        let (jobs, known) = (self.names_of_jobs(), self.known());
        let is_known = |name: &str| known.get(name).is_some_and(|known| known.context.is_some() || known.job.is_some());
        let is_taken = |name: &str| jobs.iter().any(|job| job == name) || is_known(name) || self.refuse_half_made(name).is_err();
        Ok(management::suggestion(&ground, is_taken))
    }

    /// The node images that are on this machine of those from which Cluster API's Docker provider makes its machines.
    pub(crate) async fn node_images(&self) -> NodeImages {
        NodeImages::ask(&self.world, Repository::Kind).await
    }

    /// The networks of Docker with their ranges.
    pub(crate) async fn networks(&self) -> Result<Vec<Network>, Fault> {
        local::networks(&self.world).await
    }

    /// Reads kind's configuration back into the form; asks nobody.
    pub(crate) async fn read_config(&self, spec: &ManagementSpec, text: &str) -> Result<ConfigRead, Fault> {
        if text.len() > MOST_CONFIG_BYTES {
            return Err(Fault::new(FaultCode::Invalid, "The configuration is larger than 256 KiB.").unharmed("Nothing was changed."));
        }
        let images = self.places()?.images;
        let (spec, text) = (spec.clone(), text.to_owned());
        let read = aside("The configuration", move || provision::config::read(&spec, &text, &images)).await?;
        Ok(read.map_or_else(ConfigRead::Wrong, |spec| ConfigRead::Fits(Box::new(spec))))
    }

    pub(crate) async fn plan(&self, spec: &ManagementSpec) -> Result<PlanView, Fault> {
        let places = self.places()?;
        let ground = management::survey(&self.world, spec, &places).await;
        let mut view = management::view(spec, &ground, &places, 0);
        if let Ok(order) = management::order(spec, &ground, &places) {
            let (steps, learned_from) = self.work.jobs.planned(MANAGEMENT, &management::plan(&order))?;
            view.learned_from = learned_from;
            // What is here already takes no time, however long it took to get it.
            for (shown, learned) in view.steps.iter_mut().zip(steps).filter(|(shown, _)| shown.expected != Millis(0)) {
                shown.expected = learned.expected;
            }
        }
        let is_taken = view.obstacles.iter().any(|o| o.field == "name" && o.severity == Severity::Unusable);
        if let Err(why) = self.refuse_half_made(&spec.name)
            && !is_taken
        {
            view.obstacles.push(Obstacle { severity: Severity::Unusable, field: "name".to_owned(), why });
        }
        Ok(view)
    }

    pub(crate) async fn create(&self, spec: &ManagementSpec, seen: &str) -> Result<JobId, Fault> {
        let places = self.places()?;
        let ground = management::survey(&self.world, spec, &places).await;
        let view = management::view(spec, &ground, &places, 0);
        if let Some(obstacle) = view.obstacles.iter().find(|o| o.severity == Severity::Unusable) {
            return Err(obstacle.why.clone());
        }
        if view.seen != seen {
            return Err(Fault::new(FaultCode::Changed, "The plan is another one by now. Look at it again.").unharmed("Nothing was started."));
        }
        let order = management::order(spec, &ground, &places).map_err(|why| Fault::new(FaultCode::Invalid, why.to_string()))?;
        self.refuse_second_job(spec.name.as_str(), None)?;
        self.refuse_half_made(&spec.name)?;
        let plan = management::plan(&order);
        self.work.jobs.start(MANAGEMENT, Value::Null, &plan, Management::new(self.world.clone())).await
    }

    /// What the form said from which a job came: each act of the job has it.
    pub(crate) fn form_of(&self, job: &JobId) -> Result<ManagementSpec, Fault> {
        let first = self.work.jobs.first_act(MANAGEMENT, job);
        let act = first.and_then(|act| serde_json::from_value::<management::Act>(act).ok());
        let form = act.map(|act| act.order.spec);
        form.ok_or_else(|| Fault::new(FaultCode::NotFound, "No form is known of this job.").unharmed("Nothing was changed."))
    }

    pub(crate) async fn switch(&self, name: &str, power: Power) -> Result<JobId, Fault> {
        let (name, _) = self.found(name).await?;
        self.change(name, local::Step::Switch(power)).await
    }

    pub(crate) async fn deletion(&self, name: &str) -> Result<Deletion, Fault> {
        let (name, survey) = self.found(name).await?;
        Ok(self.what_goes(&name, &survey))
    }

    pub(crate) async fn delete(&self, call: &DeleteCluster) -> Result<JobId, Fault> {
        let (name, survey) = self.found(&call.name).await?;
        local::allowed(call, &self.what_goes(&name, &survey))?;
        let containers = survey.containers.iter().filter(|c| c.cluster == name.as_str()).map(|c| c.id.clone()).collect();
        let (kubeconfig, whose) = self.kubeconfig_of(&name);
        self.change(name, local::Step::Delete { containers, kubeconfig, whose }).await
    }

    pub(crate) async fn export_logs(&self, name: &str, folder: &str) -> Result<JobId, Fault> {
        let to = self.home.expand(folder);
        if !to.is_absolute() {
            return Err(Fault::new(FaultCode::Invalid, "The logs need a full path to be exported to.").because("the request", folder));
        }
        let (name, _) = self.found(name).await?;
        self.change(name, local::Step::ExportLogs { to }).await
    }

    /// Starts Docker in a way that a check offers now.
    pub(crate) async fn remedy(&self, remedy: Remedy) -> Result<JobId, Fault> {
        let plan = remedy::plan(remedy);
        self.work.jobs.start(REMEDY, Value::Null, &plan, Remedies::new(self.world.clone())).await
    }

    /// Networks of local clusters that nobody is on; none when Docker does not say.
    pub(crate) async fn unused_networks(&self, survey: &Survey) -> Vec<LeftNetwork> {
        local::unused(&self.networks().await.unwrap_or_default(), survey, &self.names_of_jobs())
    }

    pub(crate) async fn remove_network(&self) -> Result<JobId, Fault> {
        self.work.jobs.start(NETWORK, Value::Null, &local::plan_removal(), local::Unused::new(self.world.clone())).await
    }

    async fn change(&self, name: ClusterName, step: local::Step) -> Result<JobId, Fault> {
        // Before the question below, so that no other job begins between that and the start.
        let docker = provision::home::endpoint(&self.world).await;
        self.refuse_second_job(name.as_str(), None)?;
        let spec = Value::String(name.to_string());
        let folder = self.home.state.join(FOLDERS).join(format!("{name}-change"));
        let plan = local::plan(local::Order { name, step, folder, docker });
        self.work.jobs.start(CHANGE, spec, &plan, local::Change::new(self.world.clone())).await
    }

    async fn found(&self, name: &str) -> Result<(ClusterName, Survey), Fault> {
        let name = ClusterName::try_from(name.to_owned()).map_err(|why| Fault::new(FaultCode::Invalid, why.to_string()))?;
        let survey = local::survey(&self.world, Depth::Containers).await?;
        if survey.containers.iter().any(|c| c.cluster == name.as_str()) {
            return Ok((name, survey));
        }
        Err(Fault::new(FaultCode::NotFound, format!("There is no cluster named {name} on this machine.")))
    }

    fn what_goes(&self, name: &ClusterName, survey: &Survey) -> Deletion {
        let (file, whose) = self.kubeconfig_of(name);
        let entries = match whose {
            Whose::Ours if file.exists() => vec![self.home.shown(&file)],
            Whose::Ours => vec![],
            Whose::Users => vec![format!("{} in {}", name.context(), self.home.shown(&file))],
        };
        let plan = local::deletion(name, survey, local::workloads_of(name.as_str(), survey, &self.known()), &file, entries);
        match self.guard_of(name.as_str()) {
            Some(typed) => Deletion { typed, ..plan },
            None => plan,
        }
    }

    /// The name of the context that opens a cluster, when that is protected.
    pub(crate) fn guard_of(&self, name: &str) -> Option<String> {
        let opened_by = self.known().remove(name)?.context?;
        let guarded = |row: &ContextRow| row.id == opened_by && row.guard == Guard::Protected;
        self.fleet.contexts().rows().into_iter().find(guarded).map(|row| row.name)
    }

    /// KOS's own file of a cluster, the newest when earlier ones were left; else the user's that has the context kind made.
    fn kubeconfig_of(&self, name: &ClusterName) -> (PathBuf, Whose) {
        let context = name.context();
        let made = self.fleet.files().rows().into_iter().filter(|f| f.origin == Origin::Made);
        let mut named: Vec<PathBuf> = made.filter(|f| f.current_context == context).map(|f| PathBuf::from(f.id.0)).collect();
        named.sort();
        if let Some(own) = named.pop() {
            return (own, Whose::Ours);
        }
        match self.fleet.contexts().rows().into_iter().find(|row| row.name == context) {
            Some(row) => (PathBuf::from(row.file.0), Whose::Users),
            None => (self.home.kubeconfigs.join(format!("{context}.yaml")), Whose::Ours),
        }
    }

    fn places(&self) -> Result<Places, Fault> {
        places(&self.home, &self.settings.choices())
    }
}

/// Where jobs on local clusters keep things, and where they take providers and images from.
///
/// Errors: the settings name something that is no repository of images.
pub(crate) fn places(home: &Home, choices: &Choices) -> Result<Places, Fault> {
    let source = match choices.clusterctl_config.as_str() {
        "" => Source::Releases,
        config => Source::Config(configuration(home.expand(config))),
    };
    let images = Repository::parse(&choices.node_image).map_err(|why| {
        let fault = Fault::new(FaultCode::Invalid, "The settings name no repository of node images.").because("node_image", why);
        fault.unharmed("Nothing was started.").fix(Fix::OpenSettings)
    })?;
    Ok(Places { jobs: home.state.join(FOLDERS), kubeconfigs: home.kubeconfigs.clone(), source, images })
}

/// A folder stands for the configuration in it, by the name that clusterctl itself gives it.
fn configuration(path: PathBuf) -> PathBuf {
    if path.is_dir() { path.join("clusterctl.yaml") } else { path }
}

/// A form that nobody filled in yet.
pub(crate) fn empty_spec() -> ManagementSpec {
    ManagementSpec {
        name: String::new(),
        kubernetes: String::new(),
        control_planes: 1,
        workers: 0,
        api_port: None,
        docker_socket: api::local::SocketMount::NotMounted,
        providers: provision::versions::providers(),
        wait_seconds: 0,
        ports: vec![],
        mounts: vec![],
        network: api::local::NetworkPlugin::Kindnet,
        purpose: api::local::Purpose::Manages,
        workload: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_the_configuration_in_it_and_a_tilde_for_home() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::below(folder.path());
        std::fs::create_dir_all(home.user.join("mirror")).unwrap();
        std::fs::write(home.user.join("mine.yaml"), "providers: []").unwrap();
        for (chosen, file) in [("~/mirror", "mirror/clusterctl.yaml"), ("~/mine.yaml", "mine.yaml")] {
            let choices = Choices { clusterctl_config: chosen.to_owned(), ..Choices::default() };
            assert_eq!(places(&home, &choices).unwrap().source, Source::Config(home.user.join(file)));
        }
        assert_eq!(places(&home, &Choices::default()).unwrap().source, Source::Releases);
    }
}
