//! How do the simulated programs run?
//!
//! Start at: `impl Programs for World`; then one file per program. A program is a future over [`run::Run`]: what it did before it was
//! stopped stays done, as with a real one.

mod arguments;
mod clusterctl;
mod docker;
mod format;
pub mod git;
mod kind;
mod kind_grammar;
pub(crate) mod plugin;
pub(crate) mod process;
mod run;

use std::path::PathBuf;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tools::{Exit, Found, FoundBy, Heard, Invocation, ProcessId, Program, ProgramError, Programs};

use self::process::Ended;
use self::run::Run;
use crate::world::{WeakWorld, World};

#[async_trait]
impl Programs for World {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        let found = self.things().path_of(program);
        found.map(|path| Found { path, by: FoundBy::Path }).map_err(|name| ProgramError::NotFound { program: name, searched: searched() })
    }

    async fn run(&self, invocation: Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        self.find(&invocation.program).await?;
        let process = self.begin(&invocation);
        heard(Heard::Started(process));
        // Ends the process in the books when this future is dropped.
        let entry = Entry { world: self.weak(), process };
        let began = self.clock().now();
        let (name, limit) = (invocation.program.name(), invocation.limit);
        let mut run = Run::new(self.clone(), invocation, heard).map_err(|cause| ProgramError::NotCaptured { program: name.clone(), cause })?;
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => Err(ProgramError::Stopped { program: name }),
            () = self.things_ended(process) => Ok(Ended::Signal(15)),
            code = act(&mut run) => Ok(Ended::Code(code)),
            () = self.clock().sleep(limit) => Err(ProgramError::TooLong { program: name, limit, tail: Vec::new() }),
        };
        let took = std::time::Duration::from_millis(self.clock().now().since(began).0);
        let outcome = match ended {
            Ok(ended) => {
                self.things().processes.end(process);
                Ok(run.exit(ended, took))
            }
            Err(ProgramError::TooLong { program, limit, .. }) => Err(ProgramError::TooLong { program, limit, tail: run.tail() }),
            Err(other) => Err(other),
        };
        drop(entry);
        outcome
    }

    async fn alive(&self, process: ProcessId) -> bool {
        self.things().processes.lives(process)
    }

    async fn follow(&self, process: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        let began = self.clock().now();
        let program = self.things().processes.program(process);
        tokio::select! {
            biased;
            () = stop.cancelled() => return Err(ProgramError::Stopped { program }),
            () = self.things_ended(process) => {}
        }
        let text = std::fs::read_to_string(output).map_err(|cause| ProgramError::NotCaptured { program, cause })?;
        let lines: Vec<String> = text.lines().map(|line| tools::clean(line.as_bytes())).collect();
        for text in &lines {
            heard(Heard::Line(tools::Line { from: tools::Stream::Out, text: text.clone() }));
        }
        let took = std::time::Duration::from_millis(self.clock().now().since(began).0);
        let tail = lines[lines.len().saturating_sub(200)..].to_vec();
        Ok(Exit { end: tools::End::Unknown, out: Vec::new(), err: Vec::new(), tail, took })
    }

    async fn end(&self, process: ProcessId) {
        self.things().processes.end(process);
    }
}

impl World {
    /// Waits until a process is no more, whoever ended it.
    async fn things_ended(&self, process: ProcessId) {
        let waits = self.things().processes.ending(process);
        if let Some(token) = waits {
            token.cancelled().await;
        }
    }
}

/// One program, as the shell would start it.
async fn act(run: &mut Run<'_>) -> i32 {
    match run.program().clone() {
        Program::Docker => docker::docker(run).await,
        Program::Kind => kind::kind(run).await,
        Program::Clusterctl => clusterctl::clusterctl(run).await,
        Program::Kubectl => version_of(
            run,
            r#"{"clientVersion":{"major":"1","minor":"36","gitVersion":"v1.36.1","gitTreeState":"clean","platform":"linux/amd64"},"kustomizeVersion":"v5.8.0"}"#,
            "Client Version: v1.36.1\nKustomize Version: v5.8.0",
        ),
        Program::Helm => version_of(
            run,
            "",
            r#"version.BuildInfo{Version:"v4.1.0", GitCommit:"0000000000000000000000000000000000000000", GitTreeState:"clean", GoVersion:"go1.26.8"}"#,
        ),
        Program::Git => git::git(run),
        Program::Systemctl | Program::Open => {
            run.err("the simulated machine has no services");
            1
        }
        Program::Pkexec => pkexec(run),
        Program::Plugin(_) => plugin::plugin(run).await,
    }
}

/// Nobody is asked for a password here; it knows what the doctor offers.
fn pkexec(run: &mut Run<'_>) -> i32 {
    let args = run.args();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["systemctl", "start", "docker"] => {
            run.world().start_docker();
            0
        }
        ["sysctl", "-w", setting] => {
            let Some((name, Ok(most))) = setting.split_once('=').map(|(name, value)| (name, value.parse())) else { return 255 };
            run.world().set_machine(|machine| match name {
                "fs.inotify.max_user_instances" => machine.inotify_instances.most = most,
                "fs.inotify.max_user_watches" => machine.inotify_watches.most = most,
                _ => {}
            });
            run.out(&setting.replace('=', " = "));
            0
        }
        _ => {
            run.err("the simulated machine does not let this be run as root");
            126
        }
    }
}

fn version_of(run: &mut Run<'_>, json: &str, plain: &str) -> i32 {
    let arguments = run.arguments();
    if arguments.word(0) != "version" {
        run.err("error: the simulated program only knows its version");
        return 1;
    }
    let wants_json = arguments.has("-o=json") || arguments.has("--output=json") || ["-o", "--output"].iter().any(|name| arguments.value(name) == Some("json"));
    let short = arguments.value("--template").is_some() || arguments.has("--short");
    let text = match (wants_json && !json.is_empty(), short) {
        (true, _) => json,
        (false, true) => "v4.1.0",
        (false, false) => plain,
    };
    text.lines().for_each(|line| run.out(line));
    0
}

/// A run that only the world itself waits for.
pub(crate) async fn orphan(world: WeakWorld, process: ProcessId, invocation: Invocation) {
    let Some(strong) = world.upgrade() else { return };
    let mut heard = |_: Heard| {};
    let ending = strong.things().processes.ending(process);
    let Ok(mut run) = Run::new(strong, invocation, &mut heard) else { return };
    tokio::select! {
        biased;
        () = async { match ending { Some(token) => token.cancelled().await, None => std::future::pending().await } } => {}
        _ = act(&mut run) => {}
    }
    run.world().things().processes.end(process);
}

struct Entry {
    world: WeakWorld,
    process: ProcessId,
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(world) = self.world.upgrade() {
            world.things().processes.end(self.process);
        }
    }
}

fn searched() -> Vec<PathBuf> {
    ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from).into()
}

#[cfg(test)]
mod tests;
