//! How are the providers of a management cluster upgraded and added to, and its clusters moved to another one?
//!
//! Knows: what clusterctl is told, in which order it goes on, and what stands where when it stops. Does not know: pages.
//! Start at: [`Upkeep`], the work; [`plan`] for what is shown before; [`question`] for what clusterctl is asked first.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use api::Fault;
use api::jobs::{Finding, Words};
use api::providers::ProviderPick;
use async_trait::async_trait;
use jobs::{ActContext, Left, Work};
use serde::{Deserialize, Serialize};
use tools::Secret;

use crate::World;
use crate::programs::clusterctl::{At, Source};

mod add;
mod changes;
mod checks;
mod clusterctl;
mod leftovers;
mod moving;
mod plan;
pub mod question;
mod rollout;
mod standing;
#[cfg(test)]
mod tests;
mod upgrade;

pub use changes::{Next, changes, image_needs};
pub use checks::{Ground, adding, moving as moving_checks, upgrading};
pub use plan::{commands, plan, template_command};

/// One job on a management cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub at: At,
    /// What its user calls it.
    pub name: String,
    pub source: Source,
    pub task: Task,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    Upgrade {
        contract: String,
        /// The version of the core afterwards.
        core: String,
        providers: Vec<Wanted>,
        /// Clusters whose machines are on their way, when the upgrade shall wait for them.
        #[serde(default)]
        wait: Vec<ClusterRef>,
    },
    Add {
        pick: ProviderPick,
        wanted: Wanted,
        /// The version of the core.
        core: String,
        /// Names of the variables that were given; their values stand in no plan.
        variables: Vec<String>,
    },
    Move {
        to: At,
        to_name: String,
        namespace: String,
        clusters: Vec<String>,
        machines: usize,
        /// Those that were paused before, by somebody else.
        paused: Vec<String>,
    },
}

/// A Cluster by its place in the management cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClusterRef {
    pub namespace: String,
    pub name: String,
}

/// A provider as the inventory shall have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub name: String,
    pub namespace: String,
    pub before: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub verb: Verb,
    pub order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    AwaitClusters,
    Change,
    AwaitWebhooks,
}

/// What the user sees as a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    AwaitClusters,
    ScaleDown,
    Provider(String),
    AwaitWebhooks,
    Pause,
    Make,
    Remove,
    Resume,
}

/// Values of variables that were typed, for as long as KOS runs: they are written nowhere.
#[derive(Debug, Default)]
pub struct Vault(Mutex<HashMap<String, BTreeMap<String, Secret>>>);

impl Vault {
    /// Keeps the values for one provider of one cluster; those of an earlier try are forgotten.
    pub fn keep(&self, order: &Order, values: BTreeMap<String, Secret>) {
        self.lock().insert(key(order), values);
    }

    fn of(&self, order: &Order) -> BTreeMap<String, Secret> {
        self.lock().get(&key(order)).cloned().unwrap_or_default()
    }

    fn forget(&self, order: &Order) {
        self.lock().remove(&key(order));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, BTreeMap<String, Secret>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(order: &Order) -> String {
    let wanted = match &order.task {
        Task::Add { wanted, .. } => wanted.name.as_str(),
        Task::Upgrade { .. } | Task::Move { .. } => "",
    };
    format!("{}\n{}\n{wanted}", order.at.kubeconfig.display(), order.at.context)
}

fn awaited(task: &Task) -> &[ClusterRef] {
    match task {
        Task::Upgrade { wait, .. } => wait,
        Task::Add { .. } | Task::Move { .. } => &[],
    }
}

/// The work on providers.
#[derive(Debug, Clone)]
pub struct Upkeep {
    world: World,
    vault: std::sync::Arc<Vault>,
}

impl Upkeep {
    pub fn new(world: World, vault: std::sync::Arc<Vault>) -> Self {
        Self { world, vault }
    }
}

#[async_trait]
impl Work for Upkeep {
    type Act = Act;
    type Step = Step;

    async fn done_already(&self, act: &Act) -> Result<Option<Words>, Fault> {
        let (world, order) = (&self.world, &act.order);
        match (act.verb, &order.task) {
            (Verb::AwaitClusters, task) => rollout::done(world, order, awaited(task)).await,
            (Verb::Change, Task::Upgrade { providers, .. }) => clusterctl::installed_already(world, order, providers).await,
            (Verb::Change, Task::Add { wanted, .. }) => clusterctl::installed_already(world, order, std::slice::from_ref(wanted)).await,
            (Verb::Change, Task::Move { .. }) => moving::done(world, order).await,
            (Verb::AwaitWebhooks, task) => clusterctl::accepted_already(world, order, task).await,
        }
    }

    async fn run(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let (world, order) = (&self.world, &act.order);
        match (act.verb, &order.task) {
            (Verb::AwaitClusters, task) => rollout::run(world, order, awaited(task), cx).await,
            (Verb::Change, Task::Upgrade { contract, providers, .. }) => upgrade::run(world, order, contract, providers, cx).await,
            (Verb::Change, Task::Add { pick, wanted, variables, .. }) => {
                add::run(world, order, add::Adding { pick, wanted, variables, values: self.vault.of(order) }, cx).await?;
                self.vault.forget(order);
                Ok(())
            }
            (Verb::Change, Task::Move { .. }) => moving::run(world, order, cx).await,
            (Verb::AwaitWebhooks, task) => clusterctl::await_webhooks(world, order, task, cx).await,
        }
    }

    async fn undo(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        crate::run::end_left(self.world.programs.as_ref(), cx).await;
        match (act.verb, &act.order.task) {
            (Verb::AwaitWebhooks | Verb::AwaitClusters, _) => Ok(()),
            (Verb::Change, Task::Upgrade { providers, .. }) => upgrade::undo(&self.world, &act.order, providers).await,
            (Verb::Change, Task::Add { pick, .. }) => add::undo(&self.world, &act.order, pick, cx).await,
            (Verb::Change, Task::Move { .. }) => moving::undo(&self.world, &act.order, cx).await,
        }
    }

    async fn look(&self, left: &Left<Act>) -> Vec<Finding> {
        match left.stopped_in.iter().chain(&left.done).chain(&left.ahead).next() {
            Some(act) => match &act.order.task {
                Task::Move { .. } => moving::look(&self.world, &act.order).await,
                Task::Upgrade { providers, .. } => clusterctl::look(&self.world, &act.order, providers).await,
                Task::Add { wanted, .. } => clusterctl::look(&self.world, &act.order, std::slice::from_ref(wanted)).await,
            },
            None => vec![],
        }
    }
}
