//! Is the network of local clusters of no use any more, and how is it removed, as a job?
//!
//! kind makes one network for all clusters and never removes it; Cluster API's Docker provider puts its machines on the
//! same one. It takes a range of addresses that a cluster or a private network may want. Start at: [`unused`], pure;
//! [`Unused`] is the work.

use std::time::Duration;

use api::jobs::{Finding, UndoIs, Words};
use api::local::LeftNetwork;
use api::{Fault, FaultCode, Millis};
use async_trait::async_trait;
use jobs::{ActContext, Left, Plan, PlannedStep, Work};
use serde::{Deserialize, Serialize};
use tools::Program;

use super::{Depth, Survey, survey};
use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker::{self, NETWORK, Network};
use crate::run::{Long, Voice, long};

const LIMIT: Duration = Duration::from_secs(60);

/// The networks that nobody is on; none while a job may be about to use them.
pub fn unused(networks: &[Network], survey: &Survey, jobs: &[String]) -> Vec<LeftNetwork> {
    if !jobs.is_empty() || is_used(survey) {
        return vec![];
    }
    let ours = networks.iter().filter(|network| network.name == NETWORK);
    let left = |network: &Network| LeftNetwork {
        name: network.name.clone(),
        ranges: network.ranges.clone(),
        why: "kind made it for its clusters, none is left, and no container is on it. The next cluster makes it again.".to_owned(),
        command: command(),
    };
    ours.map(left).collect()
}

/// A cluster that is stopped keeps its addresses.
fn is_used(survey: &Survey) -> bool {
    !survey.containers.is_empty() || survey.on_networks.contains(NETWORK)
}

fn command() -> String {
    format!("docker {}", docker::remove_network().join(" "))
}

/// The work of removing it.
#[derive(Debug, Clone)]
pub struct Unused {
    world: World,
}

impl Unused {
    pub fn new(world: World) -> Self {
        Self { world }
    }

    async fn is_there(&self) -> Result<bool, Fault> {
        let names = crate::run::docker(self.world.programs.as_ref(), docker::network_names(), Doing::Ask, NETWORK).await?;
        Ok(names.lines().any(|name| name.trim() == NETWORK))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Removal {
    Network,
}

/// One act, one step.
pub fn plan_removal() -> Plan<Removal, Removal> {
    let mut plan = Plan::new(Words::said("Remove the network ").mono(NETWORK), "The next cluster of kind makes it again.").undone_by(UndoIs::Nothing);
    plan.command = command();
    plan.then(Removal::Network, PlannedStep::new(Removal::Network, "Remove the network", Words::default().mono(NETWORK), Millis::seconds(1)))
}

#[async_trait]
impl Work for Unused {
    type Act = Removal;
    type Step = Removal;

    async fn done_already(&self, _: &Removal) -> Result<Option<Words>, Fault> {
        Ok((!self.is_there().await?).then(|| Words::said("it is gone already")))
    }

    async fn run(&self, _: &Removal, cx: &mut ActContext<Removal>) -> Result<(), Fault> {
        if is_used(&survey(&self.world, Depth::Containers).await?) {
            return Err(not_removed(FaultCode::Changed).because("docker", "A container is on it by now."));
        }
        let output = cx.folder().join(format!("docker-network-{}.log", cx.attempt()));
        let run = Long { program: Program::Docker, args: docker::remove_network(), env: vec![], output, limit: LIMIT };
        let stop = cx.cancelled();
        let ended = long(self.world.programs.as_ref(), run, &Voice::new(cx), &mut |_, _| {}, &stop).await?;
        if self.is_there().await? {
            return Err(ended.lines.said("docker").into_iter().fold(not_removed(FaultCode::Docker), |fault, said| fault.because(said.source, said.text)));
        }
        Ok(())
    }

    /// kind makes it again when a cluster needs it.
    async fn undo(&self, _: &Removal, _: &mut ActContext<Removal>) -> Result<(), Fault> {
        Ok(())
    }

    async fn look(&self, _: &Left<Removal>) -> Vec<Finding> {
        vec![]
    }
}

fn not_removed(code: FaultCode) -> Fault {
    Fault::new(code, format!("The network {NETWORK} was not removed.")).unharmed("No container and no cluster was touched.")
}

#[cfg(test)]
mod tests;
