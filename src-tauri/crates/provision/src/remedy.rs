//! How is a fix of the doctor run, as a job?
//!
//! Knows: the few commands, that the system may ask for a password, and that Docker has to answer once it was started. Does
//! not know: when to offer one; the doctor does. Start at: [`Remedies`].

use std::path::PathBuf;
use std::time::Duration;

use api::computer::{Password, Remedy};
use api::jobs::{Finding, UndoIs, Words};
use api::{Fault, FaultCode, Millis};
use async_trait::async_trait;
use jobs::{ActContext, Left, Plan, PlannedStep, Thing, Work};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Exit, Invocation, Program, ProgramError};

use crate::World;
use crate::programs::docker;
use crate::run::ask;

/// A service that takes longer to come up is seen by asking Docker.
const LIMIT: Duration = Duration::from_secs(60);
/// So long somebody may look for a password.
const WITH_PASSWORD: Duration = Duration::from_secs(300);
/// The virtual machine of Docker Desktop takes most of a minute on a slow disk.
const ANSWERS_WITHIN: Duration = Duration::from_secs(180);
const ASK_AGAIN: Duration = Duration::from_secs(1);
const MOST_BYTES: usize = 64 * 1024;

/// The work of running a fix.
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
    let (detail, takes) = match changes(remedy) {
        Changes::Docker => ("until it answers", 20),
        Changes::Kernel => ("until the next restart", 5),
    };
    let undo = if back(remedy).is_some() { UndoIs::SwitchBack } else { UndoIs::Nothing };
    let mut plan = Plan::new(Words::said(remedy.title()), "Nothing else is changed.").undone_by(undo);
    plan.command = remedy.command();
    plan.then(Act(remedy), PlannedStep::new(Step::Start, remedy.title(), Words::said(detail), Millis::seconds(takes)))
}

/// What a remedy has done once its command is over.
enum Changes {
    /// It comes up, and then it answers.
    Docker,
    /// The value is set.
    Kernel,
}

fn changes(remedy: Remedy) -> Changes {
    match remedy {
        Remedy::StartDocker | Remedy::StartDockerDesktop | Remedy::StartUserDocker | Remedy::OpenDockerDesktop => Changes::Docker,
        Remedy::RaiseInotifyInstances | Remedy::RaiseInotifyWatches => Changes::Kernel,
    }
}

/// The program of a remedy, and what it is told.
fn program(remedy: Remedy) -> (Program, Vec<String>) {
    let program = match remedy {
        Remedy::StartDockerDesktop | Remedy::StartUserDocker => Program::Systemctl,
        Remedy::OpenDockerDesktop => Program::Open,
        Remedy::StartDocker | Remedy::RaiseInotifyInstances | Remedy::RaiseInotifyWatches => Program::Pkexec,
    };
    (program, remedy.words().iter().skip(1).map(|word| (*word).to_owned()).collect())
}

/// What takes it back. An application of the desktop is left to its owner, and nobody is asked for a password to undo.
fn back(remedy: Remedy) -> Option<(Program, Vec<String>)> {
    let unit = match remedy {
        Remedy::StartDockerDesktop => "docker-desktop",
        Remedy::StartUserDocker => "docker",
        Remedy::OpenDockerDesktop | Remedy::StartDocker | Remedy::RaiseInotifyInstances | Remedy::RaiseInotifyWatches => return None,
    };
    Some((Program::Systemctl, ["--user", "stop", unit].map(str::to_owned).to_vec()))
}

#[async_trait]
impl Work for Remedies {
    type Act = Act;
    type Step = Step;

    async fn done_already(&self, act: &Act) -> Result<Option<Words>, Fault> {
        match changes(act.0) {
            Changes::Docker => Ok(self.answers().await.then(|| Words::said("Docker answers"))),
            // Setting a value a second time changes nothing.
            Changes::Kernel => Ok(None),
        }
    }

    async fn run(&self, act: &Act, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let thing = match changes(act.0) {
            Changes::Docker => Thing::new("Started service", "Docker"),
            Changes::Kernel => Thing::new("Limit of the kernel", act.0.words().last().copied().unwrap_or_default()),
        };
        let note = cx.intent(thing).await?;
        let (program, args) = program(act.0);
        let limit = match act.0.password() {
            Password::InDialog => WITH_PASSWORD,
            Password::None => LIMIT,
        };
        let exit = self.command(program, args, limit, cx).await.map_err(|why| Fault::from(&why))?;
        if !exit.succeeded() {
            return Err(refused(act.0, &exit));
        }
        if matches!(changes(act.0), Changes::Kernel) {
            return cx.made(note).await;
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
        self.command(program, args, LIMIT, cx).await.map(|_| ()).map_err(|why| Fault::from(&why))
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
    async fn command(&self, program: Program, args: Vec<String>, limit: Duration, cx: &mut ActContext<Step>) -> Result<Exit, ProgramError> {
        let invocation = Invocation { program, args, env: vec![], cwd: PathBuf::from("/"), limit, capture: Capture::Memory { most: MOST_BYTES } };
        let command = cx.command_started(tools::shown(&invocation));
        let result = self.world.programs.run(invocation, &mut |_| {}, cx.cancelled()).await;
        cx.command_ended(command, if result.as_ref().is_ok_and(Exit::succeeded) { "exit 0" } else { "failed" });
        result
    }
}

/// What pkexec ends with when nobody gave the password, or the system has no window to ask in.
///
/// Source: `pkexec(1)`, RETURN VALUE.
const DISMISSED: i32 = 126;
const NOT_AUTHORISED: i32 = 127;

fn refused(remedy: Remedy, exit: &Exit) -> Fault {
    let said = exit.tail.join("\n");
    let fault = match (remedy.password(), exit.end) {
        (Password::InDialog, End::Code(DISMISSED)) => Fault::new(FaultCode::Denied, "The password was not given.").unharmed("Nothing was changed."),
        (Password::InDialog, End::Code(NOT_AUTHORISED)) => {
            Fault::new(FaultCode::Denied, "The system did not let KOS run this as root. Run the command in a terminal.").unharmed("Nothing was changed.")
        }
        _ => match changes(remedy) {
            Changes::Docker => not_started(),
            Changes::Kernel => Fault::new(FaultCode::Program, "The limit was not raised.").unharmed("Nothing was changed."),
        },
    };
    fault.because(remedy.command(), said)
}

fn not_started() -> Fault {
    Fault::new(FaultCode::Docker, "Docker was not started.").unharmed("Nothing else was changed.")
}

#[cfg(test)]
mod tests;
