//! Does the door to programs hold against programs that misbehave?

mod ends;
mod hears;
mod inherits;
mod login;
mod survives;

use std::path::PathBuf;
use std::time::Duration;

use testkit::{FakeProgram, FakePrograms, Scenario};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Environment, Exit, Heard, Invocation, Machine, Places, Program, ProgramError, Programs};

const LIMIT: Duration = Duration::from_secs(30);
const MEMORY: Capture = Capture::Memory { most: 1024 * 1024 };

/// A machine whose `kind` does what a test says.
struct Rig {
    fakes: FakePrograms,
    kind: FakeProgram,
    machine: Machine,
}

impl Rig {
    fn new(scenario: &Scenario) -> Self {
        let fakes = FakePrograms::new().expect("a folder for fakes");
        let kind = fakes.install("kind", scenario).expect("a fake kind");
        let places = Places { extra: vec![fakes.folder().to_owned()], ..Places::default() };
        let own = Environment::from([("SHELL".into(), "/nowhere/sh".into()), ("HOME".into(), "/".into()), ("GITHUB_TOKEN".into(), "canary".into())]);
        Self { fakes, kind, machine: Machine::new(places, own) }
    }

    fn kind(&self, args: &[&str], capture: Capture) -> Invocation {
        Invocation { program: Program::Kind, args: args.iter().map(|arg| (*arg).to_owned()).collect(), env: vec![], cwd: "/".into(), limit: LIMIT, capture }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.fakes.folder().join(name)
    }

    async fn run(&self, invocation: Invocation) -> (Result<Exit, ProgramError>, Vec<Heard>) {
        let mut all = vec![];
        let result = self.machine.run(invocation, &mut |heard| all.push(heard), CancellationToken::new()).await;
        (result, all)
    }
}

fn texts(heard: &[Heard]) -> Vec<&str> {
    heard
        .iter()
        .filter_map(|heard| match heard {
            Heard::Started(_) => None,
            Heard::Line(line) => Some(line.text.as_str()),
        })
        .collect()
}

/// Whether this number names a process that runs; a zombie does not.
fn runs(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, after)| !after.starts_with(" Z")))
}
