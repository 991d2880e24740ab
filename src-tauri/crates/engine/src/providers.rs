//! How are the providers of a management cluster kept up, as jobs that were shown before?
//!
//! clusterctl and both clusters are asked, `provision` decides, and what was shown is named by a digest: a start asks and
//! decides once more, and starts only the same. Start at: [`Providers::upgrades`].

mod live;
mod templates;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use api::contexts::{ContextRow, Guard, Link};
use api::files::Severity;
use api::jobs::{JobState, Obstacle, PlanView, Word};
use api::providers::{
    AddProvider, Begins, KnownProvider, LaterPlan, MoveClusters, MovePlan, PlanMove, ProviderChanges, ProviderPick, ProviderPlan, ProviderRole,
    ReadProviderChanges, UpgradeLine, UpgradeOffer, UpgradeOffers, UpgradeProviders,
};
use api::{ContextId, Fault, FaultCode, JobId};
use provision::World;
use provision::programs::clusterctl::catalogue::{Components, is_sound};
use provision::programs::clusterctl::upgrade::{self, Allowed};
use provision::programs::clusterctl::{At, Source};
use provision::providers::{self, Ground, Next, Order, Task, Upkeep, Vault, Wanted, question};
use secret::Secret;
use serde_json::Value;

pub(crate) use live::ProviderWatch;

use crate::fleet::{Fleet, now};
use crate::home::Home;
use crate::local::places;
use crate::settings::Settings;
use crate::work::Work;

/// The kind of these jobs, as it stands in their plans on disk.
pub(crate) const UPKEEP: &str = "providers";

const NOTHING: &str = "Nothing was changed.";
/// No provider asks for more, and none of a longer text.
const MOST_VALUES: usize = 100;
/// Seven kinds of providers; nobody has two dozen.
const MOST_PROVIDERS: usize = 24;
const LONGEST_VALUE: usize = 256 * 1024;

/// The upkeep of management clusters.
pub(crate) struct Providers {
    world: World,
    vault: Arc<Vault>,
    home: Home,
    settings: Arc<Settings>,
    fleet: Arc<Fleet>,
    work: Arc<Work>,
}

/// A context that is open, as a job reaches it.
struct Open {
    row: ContextRow,
    at: At,
}

impl Providers {
    pub(crate) fn new(world: World, vault: Arc<Vault>, home: Home, settings: Arc<Settings>, fleet: Arc<Fleet>, work: Arc<Work>) -> Self {
        Self { world, vault, home, settings, fleet, work }
    }

    /// Which releases the providers can follow.
    pub(crate) async fn upgrades(&self, context: &ContextId) -> Result<UpgradeOffers, Fault> {
        let (open, source) = (self.open(context)?, self.source()?);
        let (ground, read) = self.ground_and_releases(&open, &source).await?;
        let mut offers = vec![];
        // The newest contract first: it is the one that leads on.
        for contract in read.contracts.iter().rev() {
            let mut lines: Vec<UpgradeLine> = contract.providers.iter().map(line).collect();
            // As they are upgraded.
            lines.sort_by_key(|line| (ProviderRole::of_name(&line.name), line.name.clone()));
            let plan = match self.upgrade(&open, &source, &ground, contract, Begins::Now) {
                Some((order, obstacles)) => Some(self.view(&order, obstacles)?),
                None => None,
            };
            let later = match self.upgrade(&open, &source, &ground, contract, Begins::WhenClustersStand) {
                Some((order, obstacles)) if !ground.on_their_way().is_empty() => {
                    let clusters = ground.on_their_way().into_iter().map(|of| of.name).collect();
                    Some(LaterPlan { clusters, plan: self.view(&order, obstacles)? })
                }
                Some(_) | None => None,
            };
            offers.push(UpgradeOffer { contract: contract.name.clone(), lines, plan, later });
        }
        Ok(UpgradeOffers { looked_up: now(), cert_manager: read.cert_manager, offers, typed: typed(&open.row) })
    }

    pub(crate) async fn follow(&self, call: &UpgradeProviders) -> Result<JobId, Fault> {
        let (open, source) = (self.open(&call.context)?, self.source()?);
        confirmed(&open.row, &call.typed)?;
        let (ground, read) = self.ground_and_releases(&open, &source).await?;
        let contract = read.contracts.iter().find(|contract| contract.name == call.contract);
        let (order, obstacles) = contract.and_then(|contract| self.upgrade(&open, &source, &ground, contract, call.begins)).ok_or_else(changed)?;
        self.start(&order, obstacles, &call.seen).await
    }

    /// What the next releases would change.
    pub(crate) async fn changes(&self, call: &ReadProviderChanges) -> Result<Vec<ProviderChanges>, Fault> {
        let (open, source) = (self.open(&call.context)?, self.source()?);
        let next: Vec<Next> = call.next.iter().map(|one| Next { name: one.name.clone(), version: one.version.clone() }).collect();
        if next.len() > MOST_PROVIDERS || next.iter().any(|one| one.version.is_empty() || !is_sound(&one.pick())) {
            return Err(Fault::new(FaultCode::Invalid, "This is no list of providers with versions like v1.14.0.").unharmed(NOTHING));
        }
        providers::changes(&self.world, &open.at, &open.row.name, &source, &next).await
    }

    /// Which providers could be added.
    pub(crate) async fn known(&self, context: &ContextId) -> Result<Vec<KnownProvider>, Fault> {
        let open = self.open(context)?;
        let mut all = question::known(&self.world, &open.row.name, &self.source()?).await?;
        all.retain(|one| one.role != ProviderRole::Core);
        Ok(all)
    }

    /// What one of them would put into the cluster.
    pub(crate) async fn provider(&self, context: &ContextId, pick: &ProviderPick) -> Result<ProviderPlan, Fault> {
        let (open, source) = (self.open(context)?, self.source()?);
        let (found, order, obstacles) = self.add(&open, &source, pick).await?;
        let plan = self.view(&order, obstacles)?;
        let images = providers::image_needs(&self.world, &open.at, found.images).await;
        let Task::Add { pick, wanted, .. } = order.task else { return Err(changed()) };
        let (variables, made, typed) = (found.variables, found.made, typed(&open.row));
        Ok(ProviderPlan { version: pick.version, namespace: wanted.namespace, variables, made, images, typed, plan })
    }

    pub(crate) async fn install(&self, call: &AddProvider) -> Result<JobId, Fault> {
        let (open, source) = (self.open(&call.context)?, self.source()?);
        confirmed(&open.row, &call.typed)?;
        if call.values.len() > MOST_VALUES || call.values.values().any(|value| value.0.len() > LONGEST_VALUE || value.0.contains('\0')) {
            return Err(Fault::new(FaultCode::Invalid, "A value is too long, or there are too many of them.").unharmed(NOTHING));
        }
        let (found, seen, obstacles) = self.add(&open, &source, &call.pick).await?;
        if self.view(&seen, vec![])?.seen != call.seen {
            return Err(changed());
        }
        let asked = |name: &String| found.variables.iter().any(|variable| variable.name == *name);
        if let Some(name) = call.values.keys().find(|name| !asked(name)) {
            return Err(Fault::new(FaultCode::Invalid, format!("{} does not ask for {name}.", call.pick.name)).unharmed(NOTHING));
        }
        let given: BTreeMap<String, Secret> =
            call.values.iter().filter(|(_, value)| !value.0.is_empty()).map(|(name, value)| (name.clone(), Secret::new(value.0.clone()))).collect();
        if let Some(missing) = found.variables.iter().find(|variable| variable.default.is_none() && !given.contains_key(&variable.name)) {
            return Err(Fault::new(FaultCode::Invalid, format!("{} needs a value for {}.", call.pick.name, missing.name)).unharmed(NOTHING));
        }
        let Task::Add { pick, wanted, core, .. } = seen.task else { return Err(changed()) };
        let order = Order { task: Task::Add { pick, wanted, core, variables: given.keys().cloned().collect() }, ..seen };
        self.vault.keep(&order, given);
        let named = self.view(&order, vec![])?.seen;
        self.start(&order, obstacles, &named).await
    }

    /// Runs a move dry.
    pub(crate) async fn plan_move(&self, call: &PlanMove) -> Result<MovePlan, Fault> {
        let source = self.source()?;
        let (order, obstacles, row) = self.moving(&call.from, &call.to, &call.namespace, &source).await?;
        let stops = obstacles.iter().any(|one| one.severity == Severity::Unusable);
        // What cannot be moved need not be tried.
        let moved = if stops { vec![] } else { question::dry_move(&self.world, &order.at, &call.namespace, &order.name, &source).await? };
        let clusters = if let Task::Move { clusters, .. } = &order.task { clusters.clone() } else { vec![] };
        Ok(MovePlan { clusters, moved, typed: row, plan: self.view(&order, obstacles)? })
    }

    pub(crate) async fn go(&self, call: &MoveClusters) -> Result<JobId, Fault> {
        let source = self.source()?;
        let (order, obstacles, wanted) = self.moving(&call.from, &call.to, &call.namespace, &source).await?;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != call.typed) {
            return Err(type_it(&wanted));
        }
        self.start(&order, obstacles, &call.seen).await
    }

    async fn ground_and_releases(&self, open: &Open, source: &Source) -> Result<(Ground, upgrade::Read), Fault> {
        let name = open.row.name.as_str();
        let ground = question::ground(&self.world, &open.at, name, "").await?;
        if ground.core().is_none() {
            return Err(Fault::new(FaultCode::NotFound, format!("{name} has no Cluster API that clusterctl installed.")).unharmed(NOTHING));
        }
        Ok((ground, question::upgrades(&self.world, &open.at, name, source).await?))
    }

    /// The order that follows a contract; none when there is nothing to do.
    fn upgrade(&self, open: &Open, source: &Source, ground: &Ground, contract: &upgrade::Contract, begins: Begins) -> Option<(Order, Vec<Obstacle>)> {
        let wanted = |provider: &upgrade::Provider| {
            let version = provider.next.clone()?;
            Some(Wanted { name: provider.name.clone(), namespace: provider.namespace.clone(), before: provider.now.clone(), version })
        };
        let mut wanted: Vec<Wanted> = contract.providers.iter().filter_map(wanted).collect();
        wanted.sort_by_key(|one| (ProviderRole::of_name(&one.name), one.name.clone()));
        if wanted.is_empty() || contract.allowed == Allowed::No {
            return None;
        }
        let mut obstacles = providers::upgrading(ground, &wanted);
        let wait = match begins {
            Begins::Now => vec![],
            Begins::WhenClustersStand => {
                // It waits for what is a risk otherwise.
                obstacles.retain(|one| one.severity != Severity::Risk);
                ground.on_their_way()
            }
        };
        let core = wanted.iter().find(|one| one.name == "cluster-api").map(|one| one.version.clone());
        let core = core.or_else(|| ground.core().map(str::to_owned)).unwrap_or_default();
        let task = Task::Upgrade { contract: contract.name.clone(), core, providers: wanted, wait };
        Some((self.order(open, source, task), obstacles))
    }

    async fn add(&self, open: &Open, source: &Source, pick: &ProviderPick) -> Result<(Components, Order, Vec<Obstacle>), Fault> {
        if !is_sound(pick) {
            return Err(Fault::new(FaultCode::Invalid, "This is no name of a provider, or no version like v1.14.0.")
                .because("the request", &pick.name)
                .unharmed(NOTHING));
        }
        let ground = question::ground(&self.world, &open.at, &open.row.name, "").await?;
        let (pick, found) = question::provider(&self.world, pick, &open.row.name, source).await?;
        let name = format!("{}{}", pick.role.prefix(), pick.name);
        let wanted = Wanted { name, namespace: found.namespace.clone(), before: String::new(), version: pick.version.clone() };
        let obstacles = providers::adding(&ground, &pick, &wanted, &found.contracts);
        let core = ground.core().unwrap_or_default().to_owned();
        let order = self.order(open, source, Task::Add { pick, wanted, core, variables: vec![] });
        Ok((found, order, obstacles))
    }

    /// The order of a move with what speaks against it, and what has to be typed.
    async fn moving(&self, from: &ContextId, to: &ContextId, namespace: &str, source: &Source) -> Result<(Order, Vec<Obstacle>, Option<String>), Fault> {
        if from == to {
            return Err(Fault::new(FaultCode::Invalid, "Clusters are moved to another management cluster.").unharmed(NOTHING));
        }
        if namespace.is_empty() || !namespace.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || namespace.starts_with('-') {
            return Err(Fault::new(FaultCode::Invalid, "This is no name of a namespace.").because("the request", namespace).unharmed(NOTHING));
        }
        let (from, to) = (self.open(from)?, self.open(to)?);
        let here = question::ground(&self.world, &from.at, &from.row.name, namespace).await?;
        let there = question::ground(&self.world, &to.at, &to.row.name, namespace).await?;
        let obstacles = providers::moving_checks(&here, &there, &to.row.name);
        let task = Task::Move {
            to: to.at,
            to_name: to.row.name.clone(),
            namespace: namespace.to_owned(),
            clusters: here.clusters(),
            machines: here.machines(),
            paused: here.paused(),
        };
        let wanted = typed(&from.row).or_else(|| typed(&to.row));
        Ok((self.order(&from, source, task), obstacles, wanted))
    }

    fn order(&self, open: &Open, source: &Source, task: Task) -> Order {
        Order { at: open.at.clone(), name: open.row.name.clone(), source: source.clone(), task }
    }

    fn view(&self, order: &Order, obstacles: Vec<Obstacle>) -> Result<PlanView, Fault> {
        let plan = providers::plan(order);
        let (steps, learned_from) = self.work.jobs.planned(UPKEEP, &plan)?;
        let unwritten = |cause: serde_json::Error| Fault::new(FaultCode::Bug, "The plan could not be written.").because("KOS", cause.to_string());
        let seen = plan.stored().map_err(unwritten)?.seen();
        let (commands, files, docker) = (providers::commands(order), vec![], String::new());
        Ok(PlanView { title: plan.title, sentence: plan.sentence, steps, commands, files, obstacles, learned_from, docker, seen })
    }

    async fn start(&self, order: &Order, obstacles: Vec<Obstacle>, seen: &str) -> Result<JobId, Fault> {
        if self.view(order, vec![])?.seen != seen {
            return Err(changed());
        }
        if let Some(stop) = obstacles.into_iter().find(|one| one.severity == Severity::Unusable) {
            let why = Fault { sentence: format!("{}.", stop.why.sentence), ..stop.why };
            return Err(why.unharmed(NOTHING));
        }
        self.refuse_second(&order.name)?;
        let plan = providers::plan(order);
        let work = Upkeep::new(self.world.clone(), self.vault.clone());
        self.work.jobs.start(UPKEEP, Value::String(order.name.clone()), &plan, work).await
    }

    /// Two runs of clusterctl on one cluster would each undo what the other makes.
    fn refuse_second(&self, name: &str) -> Result<(), Fault> {
        let works = |state: &JobState| matches!(state, JobState::Running | JobState::Undoing { .. } | JobState::Interrupted { .. });
        let about = |words: &[Word]| words.last().is_some_and(|word| matches!(word, Word::Mono(text) if text == name));
        match self.work.jobs.rows().into_iter().find(|job| works(&job.state) && about(&job.title.0)) {
            Some(job) => Err(Fault::new(FaultCode::Invalid, format!("The job “{}” works on {name} already.", job.title.plain())).unharmed("It goes on.")),
            None => Ok(()),
        }
    }

    /// Only what the user opened is contacted, and a program of a kubeconfig was allowed then.
    fn open(&self, context: &ContextId) -> Result<Open, Fault> {
        let row = self.fleet.contexts().rows().into_iter().find(|row| row.id == *context);
        let row = row.ok_or_else(|| Fault::new(FaultCode::NotFound, "This context is not there any more.").unharmed(NOTHING))?;
        if !matches!(row.link, Link::Live { .. }) {
            return Err(Fault::new(FaultCode::Unreachable, format!("{} is not connected. Open it first.", row.name)).unharmed(NOTHING));
        }
        let at = At { kubeconfig: PathBuf::from(&row.file.0), context: row.name.clone() };
        Ok(Open { row, at })
    }

    fn source(&self) -> Result<Source, Fault> {
        Ok(places(&self.home, &self.settings.choices())?.source)
    }
}

fn line(provider: &upgrade::Provider) -> UpgradeLine {
    UpgradeLine { name: provider.name.clone(), namespace: provider.namespace.clone(), now: provider.now.clone(), next: provider.next.clone() }
}

/// The name of a protected context.
fn typed(row: &ContextRow) -> Option<String> {
    match row.guard {
        Guard::Protected => Some(row.name.clone()),
        Guard::Open => None,
    }
}

fn confirmed(row: &ContextRow, text: &str) -> Result<(), Fault> {
    match typed(row).filter(|wanted| wanted != text) {
        Some(wanted) => Err(type_it(&wanted)),
        None => Ok(()),
    }
}

fn type_it(wanted: &str) -> Fault {
    Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed(NOTHING)
}

fn changed() -> Fault {
    Fault::new(FaultCode::Changed, "The plan is another one by now. Look at it again.").unharmed("Nothing was started.")
}
