//! How is a local cluster switched, deleted, or its logs kept, as a job?
//!
//! Each is one act on one named cluster, seen to be done in what docker says afterwards. Switching can be taken back;
//! deleting and copying cannot, so they note nothing.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use api::jobs::{Finding, PartState, UndoIs, Words};
use api::local::{ContainerState, Power};
use api::{Fault, FaultCode, Millis};
use async_trait::async_trait;
use jobs::{ActContext, Left, Noted, Plan, PlannedStep, Thing, Work};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tools::Program;

use super::emptied;
use super::power::{BACK, Was, sequence, verb};
use crate::diagnose::{About, Doing, Said, diagnose};
use crate::home::at_home;
use crate::programs::docker::{self, Container};
use crate::programs::kind;
use crate::run::{Ended, Long, Voice, end_left, long};
use crate::{ClusterName, World};

/// `docker stop` gives a container 10 s before it is killed.
const LIMIT: Duration = Duration::from_secs(300);

/// The work of changing a cluster that is there.
#[derive(Debug, Clone)]
pub struct Change {
    world: World,
}

impl Change {
    pub fn new(world: World) -> Self {
        Self { world }
    }
}

/// What shall be done to which cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub name: ClusterName,
    pub step: Step,
    /// The job's own folder.
    pub folder: PathBuf,
    /// Where the Docker is that has it; empty when docker did not say it, and in jobs of older versions.
    #[serde(default)]
    pub docker: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Switch(Power),
    /// Removes the cluster when it has no other containers than these ids: one that is new was not shown.
    Delete {
        containers: Vec<String>,
        /// kind takes the cluster's entries out of it.
        kubeconfig: PathBuf,
        #[serde(default)]
        whose: Whose,
    },
    ExportLogs {
        to: PathBuf,
    },
}

/// Who a kubeconfig belongs to: one of KOS's own goes when nothing is left in it, one of the user's never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    #[default]
    Ours,
    Users,
}

pub type Act = Order;

/// One act, one step.
pub fn plan(order: Order) -> Plan<Act, Step> {
    let name = order.name.as_str();
    let of_kind = |args: Vec<String>| format!("kind {}", args.join(" "));
    let (title, seconds, command, undo) = match &order.step {
        Step::Switch(power) => (title_of(*power), 12, String::new(), UndoIs::SwitchBack),
        Step::Delete { kubeconfig, .. } => ("Delete cluster", 5, of_kind(kind::delete(&order.name, kubeconfig)), UndoIs::Nothing),
        Step::ExportLogs { to } => ("Export the logs of", 3, of_kind(kind::export_logs(&order.name, to)), UndoIs::Nothing),
    };
    let mut plan = Plan::new(Words::said(format!("{title} ")).mono(name), "").undone_by(undo);
    plan.command = command;
    let step = PlannedStep::new(order.step.clone(), title, Words::default().mono(name), Millis::seconds(seconds));
    plan.then(order, step)
}

fn sweep(kubeconfig: &Path, whose: Whose) -> Result<(), Fault> {
    match whose {
        Whose::Ours => emptied::sweep(kubeconfig),
        Whose::Users => Ok(()),
    }
}

fn title_of(power: Power) -> &'static str {
    match power {
        Power::Start => "Start",
        Power::Stop => "Stop",
        Power::Pause => "Pause",
        Power::Unpause => "Unpause",
    }
}

#[async_trait]
impl Work for Change {
    type Act = Act;
    type Step = Step;

    async fn done_already(&self, order: &Act) -> Result<Option<Words>, Fault> {
        let found = self.containers(order).await?;
        let done = match &order.step {
            Step::Switch(power) => !found.is_empty() && sequence(&found, *power).is_empty(),
            Step::Delete { kubeconfig, whose, .. } => found.is_empty() && (*whose == Whose::Users || !emptied::is_emptied(kubeconfig)),
            Step::ExportLogs { .. } => false,
        };
        Ok(done.then(|| Words::said("nothing was left to do")))
    }

    async fn run(&self, order: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let found = self.containers(order).await?;
        if let (true, Step::Delete { kubeconfig, whose, .. }) = (found.is_empty(), &order.step) {
            return sweep(kubeconfig, *whose);
        }
        if found.is_empty() {
            return Err(Fault::new(FaultCode::NotFound, format!("There is no cluster named {} on this machine.", order.name)));
        }
        match &order.step {
            Step::Switch(power) => self.switch(order, *power, &found, cx).await,
            Step::Delete { containers, kubeconfig, whose } => {
                self.delete(order, containers, kubeconfig, &found, cx).await?;
                sweep(kubeconfig, *whose)
            }
            Step::ExportLogs { to } => {
                let ended = self.program(order, Program::Kind, kind::export_logs(&order.name, to), &cx.cancelled(), cx).await?;
                if to.is_dir() && ended.kind_did_it() { Ok(()) } else { Err(self.fault(Doing::Logs, &ended.lines.said("kind"), order)) }
            }
        }
    }

    async fn undo(&self, order: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        match order.step {
            Step::Switch(_) => self.switch_back(order, cx).await,
            // Nothing is taken back: what still runs ends, wherever docker answers from.
            Step::Delete { .. } | Step::ExportLogs { .. } => {
                end_left(self.world.programs.as_ref(), cx).await;
                Ok(())
            }
        }
    }

    async fn look(&self, left: &Left<Act>) -> Vec<Finding> {
        let Some(order) = left.stopped_in.iter().chain(&left.ahead).next() else { return vec![] };
        let found = self.containers(order).await.unwrap_or_default();
        let finding = |c: Container| Finding {
            state: if c.state == ContainerState::Running { PartState::Ready } else { PartState::Waiting },
            kind: "Container".to_owned(),
            name: c.name,
            noted: String::new(),
            found: words(&c.state),
            means: String::new(),
        };
        found.into_iter().map(finding).collect()
    }
}

impl Change {
    /// The containers of the cluster, in the Docker in which the job began.
    async fn containers(&self, order: &Order) -> Result<Vec<Container>, Fault> {
        at_home(&self.world, &order.docker).await?;
        let out = crate::run::docker(self.world.programs.as_ref(), docker::list(Some(order.name.as_str())), Doing::Ask, order.name.as_str()).await?;
        Ok(docker::containers(&out).into_iter().filter(|c| c.cluster == order.name.as_str()).collect())
    }

    async fn switch(&self, order: &Order, power: Power, found: &[Container], cx: &mut ActContext<Step>) -> Result<(), Fault> {
        for container in sequence(found, power) {
            cx.intent(Thing::new("Switched container", &container.name).with(json!({ "was": words(&container.state) }))).await?;
        }
        self.one_by_one(order, power, found, cx).await
    }

    /// Brings what this job switched back to how it stood.
    async fn switch_back(&self, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        at_home(&self.world, &order.docker).await?;
        end_left(self.world.programs.as_ref(), cx).await;
        let was = |n: &Noted| (n.thing.name.clone(), Was::read(n.thing.data["was"].as_str().unwrap_or_default()));
        let was: BTreeMap<String, Was> = cx.noted().iter().map(was).collect();
        for (power, of) in BACK {
            let mut found = self.containers(order).await?;
            found.retain(|c| was.get(&c.name).is_some_and(|was| of.contains(was)));
            if !sequence(&found, power).is_empty() {
                self.one_by_one(order, power, &found, cx).await?;
            }
        }
        Ok(())
    }

    /// One after another, because one `docker start` with several names starts them all at once.
    ///
    /// None is stopped half way: the daemon switches it without its client too, and an undo would look before that is done.
    /// A cancel waits for one container, which is shorter than its grace.
    async fn one_by_one(&self, order: &Order, power: Power, found: &[Container], cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let (stop, to_its_end) = (cx.cancelled(), CancellationToken::new());
        let mut said = vec![];
        for container in sequence(found, power) {
            if stop.is_cancelled() {
                break;
            }
            // A paused container does not hear that it shall stop.
            if power == Power::Stop && container.state == ContainerState::Paused {
                self.program(order, Program::Docker, docker::power("unpause", [container.name.as_str()]), &to_its_end, cx).await?;
            }
            let ended = self.program(order, Program::Docker, docker::power(verb(power), [container.name.as_str()]), &to_its_end, cx).await?;
            said.extend(ended.lines.said("docker"));
        }
        let names: Vec<&str> = found.iter().map(|c| c.name.as_str()).collect();
        let now: Vec<Container> = self.containers(order).await?.into_iter().filter(|c| names.contains(&c.name.as_str())).collect();
        match sequence(&now, power).first() {
            None => Ok(()),
            Some(left) => {
                said.push(Said::new("docker", format!("The container {} is {}.", left.name, words(&left.state))));
                Err(self.fault(Doing::Power, &said, order))
            }
        }
    }

    async fn delete(&self, order: &Order, shown: &[String], kubeconfig: &Path, found: &[Container], cx: &mut ActContext<Step>) -> Result<(), Fault> {
        if let Some(new) = found.iter().find(|c| !shown.contains(&c.id)) {
            let sentence = format!("The cluster {} was not deleted: its container {} is new since it was shown.", order.name, new.name);
            return Err(Fault::new(FaultCode::Changed, sentence).unharmed("All containers stay."));
        }
        let ended = self.program(order, Program::Kind, kind::delete(&order.name, kubeconfig), &cx.cancelled(), cx).await?;
        let left = self.containers(order).await?;
        if let Some(first) = left.first() {
            let mut said = ended.lines.said("kind");
            said.push(Said::new("docker", format!("The container {} is still there.", first.name)));
            return Err(self.fault(Doing::Remove, &said, order));
        }
        Ok(())
    }

    async fn program(&self, order: &Order, program: Program, args: Vec<String>, stop: &CancellationToken, cx: &mut ActContext<Step>) -> Result<Ended, Fault> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&order.folder)
            .map_err(|e| Fault::new(FaultCode::Write, format!("{} was not made.", order.folder.display())).because("operating system", e.to_string()))?;
        let count = std::fs::read_dir(&order.folder).map(Iterator::count).unwrap_or_default();
        let run = Long { program, args, env: vec![], output: order.folder.join(format!("output-{count}.log")), limit: LIMIT };
        long(self.world.programs.as_ref(), run, &Voice::new(cx), &mut |_, _| {}, stop).await
    }

    fn fault(&self, doing: Doing, said: &[Said], order: &Order) -> Fault {
        let about = About { name: order.name.to_string(), kubernetes: String::new(), image: String::new() };
        diagnose(doing, said, &about)
    }
}

fn words(state: &ContainerState) -> String {
    match state {
        ContainerState::Running => "running".to_owned(),
        ContainerState::Paused => "paused".to_owned(),
        ContainerState::Exited { code } => format!("stopped, exit {code}"),
        ContainerState::Other(other) => other.clone(),
    }
}

#[cfg(test)]
mod tests;
