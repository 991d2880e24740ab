//! How is Docker started, as a job?
//!
//! Knows: the few commands that need no password, and that Docker has to answer afterwards. Does not know: when to offer one;
//! the doctor does. Start at: [`Remedies`].

use std::path::PathBuf;
use std::time::Duration;

use api::computer::Remedy;
use api::jobs::{Finding, Words};
use api::{Fault, FaultCode, Millis};
use async_trait::async_trait;
use jobs::{ActContext, Left, Plan, PlannedStep, Thing, Work};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Exit, Invocation, Program, ProgramError};

use crate::World;
use crate::programs::docker;
use crate::run::ask;

/// A service that takes longer to come up is seen by asking Docker.
const LIMIT: Duration = Duration::from_secs(60);
/// The virtual machine of Docker Desktop takes most of a minute on a slow disk.
const ANSWERS_WITHIN: Duration = Duration::from_secs(180);
const ASK_AGAIN: Duration = Duration::from_secs(1);
const MOST_BYTES: usize = 64 * 1024;

/// The work of starting Docker.
#[derive(Debug, Clone)]
pub struct Remedies {
    world: World,
}

impl Remedies {
    pub fn new(world: World) -> Self {
        Self { world }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act(pub Remedy);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Start,
}

/// One act, one step.
pub fn plan(remedy: Remedy) -> Plan<Act, Step> {
    let mut plan = Plan::new(Words::said("Start Docker"), "Nothing else is changed.");
    plan.command = remedy.command();
    plan.then(Act(remedy), PlannedStep::new(Step::Start, "Start Docker", Words::said("until it answers"), Millis::seconds(20)))
}

/// The program of a remedy, and what it is told.
fn program(remedy: Remedy) -> (Program, Vec<String>) {
    let program = match remedy {
        Remedy::StartDockerDesktop | Remedy::StartUserDocker => Program::Systemctl,
        Remedy::OpenDockerDesktop => Program::Open,
    };
    (program, remedy.words().iter().skip(1).map(|word| (*word).to_owned()).collect())
}

/// What takes it back; an application of the desktop is left to its owner.
fn back(remedy: Remedy) -> Option<(Program, Vec<String>)> {
    let unit = match remedy {
        Remedy::StartDockerDesktop => "docker-desktop",
        Remedy::StartUserDocker => "docker",
        Remedy::OpenDockerDesktop => return None,
    };
    Some((Program::Systemctl, ["--user", "stop", unit].map(str::to_owned).to_vec()))
}

#[async_trait]
impl Work for Remedies {
    type Act = Act;
    type Step = Step;

    async fn done_already(&self, _: &Act) -> Result<Option<Words>, Fault> {
        Ok(self.answers().await.then(|| Words::said("Docker answers")))
    }

    async fn run(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let note = cx.intent(Thing::new("Started service", "Docker")).await?;
        let (program, args) = program(act.0);
        let exit = self.command(program, args, cx).await.map_err(|why| Fault::from(&why))?;
        if !exit.succeeded() {
            return Err(not_started().because(act.0.command(), exit.tail.join("\n")));
        }
        let until = tokio::time::Instant::now() + ANSWERS_WITHIN;
        let stop = cx.cancelled();
        while !self.answers().await {
            if stop.is_cancelled() || tokio::time::Instant::now() >= until {
                return Err(not_started().because("Docker", format!("It was started and did not answer within {} s.", ANSWERS_WITHIN.as_secs())));
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(ASK_AGAIN) => {}
            }
        }
        cx.made(note).await
    }

    async fn undo(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let Some((program, args)) = back(act.0).filter(|_| !cx.noted().is_empty()) else { return Ok(()) };
        self.command(program, args, cx).await.map(|_| ()).map_err(|why| Fault::from(&why))
    }

    async fn look(&self, _: &Left<Act>) -> Vec<Finding> {
        vec![]
    }
}

impl Remedies {
    async fn answers(&self) -> bool {
        let exit = ask(self.world.programs.as_ref(), Program::Docker, docker::server_version(), CancellationToken::new()).await;
        exit.is_ok_and(|exit| exit.succeeded())
    }

    /// A command of the job, told with how it ended.
    async fn command(&self, program: Program, args: Vec<String>, cx: &mut ActContext<Step>) -> Result<Exit, ProgramError> {
        let invocation = Invocation { program, args, env: vec![], cwd: PathBuf::from("/"), limit: LIMIT, capture: Capture::Memory { most: MOST_BYTES } };
        let command = cx.command_started(tools::shown(&invocation));
        let result = self.world.programs.run(invocation, &mut |_| {}, cx.cancelled()).await;
        cx.command_ended(command, if result.as_ref().is_ok_and(Exit::succeeded) { "exit 0" } else { "failed" });
        result
    }
}

fn not_started() -> Fault {
    Fault::new(FaultCode::Docker, "Docker was not started.").unharmed("Nothing else was changed.")
}

#[cfg(test)]
mod tests;
