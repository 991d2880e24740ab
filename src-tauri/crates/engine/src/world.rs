//! What stands below a realm: the real machine, or a simulated one?
//!
//! Everything above works through these seams and cannot tell the difference.

mod demo;
mod past;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use api::computer::Mode;
use api::settings::Choices;
use api::{Fault, FaultCode, Timestamp};
use cluster::clock::{Clock, System};
use cluster::credentials::Plugins;
use cluster::dial::{Dial, InProcess, Limits, Network, Over, ProxyRules, Servers, in_process};
use cluster::trust::{InFile, InMemory, Policy, Trust};
use doctor::{Facts, Wanted};
use provision::{NoWorkloads, Tokens, Workloads};
use tools::{Environment, Machine, Places, Program, Programs};

use crate::clients::FromFile;
use crate::doctor::Doctor;
use crate::fleet::now;
use crate::home::Home;
use crate::keep;
use crate::stage::Demo;
use crate::token::NoToken;

/// A credential plugin is ended after this time.
const PLUGIN_LIMIT: Duration = Duration::from_secs(60);

/// The seams of one world; cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) programs: Arc<dyn Programs>,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) trust: Arc<Trust>,
    pub(crate) clock: Arc<dyn Clock>,
    ground: Ground,
}

/// What is known of the computer itself.
#[derive(Clone)]
enum Ground {
    Real {
        machine: Arc<Machine>,
        programs: PathBuf,
    },
    Demo {
        world: sim::World,
        /// Its files, gone when it is closed.
        home: Arc<tempfile::TempDir>,
    },
}

impl World {
    /// This computer; nothing is run or contacted to make it.
    pub(crate) fn real(home: &Home, choices: &Choices) -> Self {
        let machine = Arc::new(Machine::new(places(choices, &home.programs), environment(home)));
        let programs: Arc<dyn Programs> = machine.clone();
        let store = Arc::new(InFile::open(home.state.join("trust.json")));
        let trust = Arc::new(Trust::new(programs.clone(), store, policy(home), home.user.clone()));
        let plugins = Arc::new(Plugins::new(programs.clone(), trust.clone(), home.user.clone(), PLUGIN_LIMIT));
        let dial = Arc::new(Network::new(plugins, proxies(choices), Limits::default()));
        let ground = Ground::Real { machine, programs: home.programs.clone() };
        Self { programs, dial, trust, clock: Arc::new(System), ground }
    }

    /// A scene of the demo, with a home folder of its own that is filled with its files.
    ///
    /// Errors: the folder cannot be made, or the scene cannot be lived through, so there is nothing to show.
    pub(crate) async fn demo(demo: Demo) -> Result<(Self, Home), Fault> {
        let not_made =
            |cause: &dyn std::fmt::Display| Fault::new(FaultCode::Write, "The demo fleet could not be opened.").because("operating system", cause.to_string());
        let folder = tempfile::Builder::new().prefix("kos-demo-").tempdir().map_err(|cause| not_made(&cause))?;
        let home = Home::below(folder.path());
        let simulated = sim::World::start(sim::Clock::manual(Timestamp(now().0.saturating_sub(past::AGO.0))));
        let programs: Arc<dyn Programs> = Arc::new(simulated.clone());
        let trust = Arc::new(Trust::new(programs.clone(), Arc::new(InMemory::default()), Policy::AllowAll, home.user.clone()));
        let plugins = Arc::new(Plugins::new(programs.clone(), trust.clone(), home.user.clone(), PLUGIN_LIMIT));
        let dial = Arc::new(Over::new(Arc::new(Simulated(simulated.clone())), plugins));
        let ground = Ground::Demo { world: simulated.clone(), home: Arc::new(folder) };
        let world = Self { programs, dial, trust, clock: Arc::new(System), ground };

        sim::fleet::prepare(&simulated, demo.scene);
        past::live(demo.scene, &simulated, world.provision(Doctor::new(world.clone(), Mode::Demo), Arc::new(NoToken), Arc::new(NoWorkloads)), &home).await?;
        // One moment for servers and files: tokens are rounded to it.
        let at = now();
        simulated.clock().run_on(at, demo.pace.speed());
        sim::fleet::set(&simulated, demo.scene);
        let files = sim::fleet::files(demo.scene, &home.user, at).map_err(|cause| not_made(&cause))?;
        let made = sim::fleet::made(demo.scene).into_iter().map(|(name, text)| (home.kubeconfigs.join(name), text));
        for (path, text) in files.iter().cloned().chain(made) {
            keep::write(&path, text.as_bytes()).map_err(|cause| not_made(&cause))?;
        }
        for (path, bytes) in demo::checkout(demo.scene, &home, at) {
            keep::write(&path, &bytes).map_err(|cause| not_made(&cause))?;
        }
        demo::remember(&home, demo.scene, files.into_iter().map(|(path, _)| path).collect(), demo::kept(demo.scene, &home), at)?;
        Ok((world, home))
    }

    /// The world as jobs on local clusters see it.
    pub(crate) fn provision(&self, checks: Arc<Doctor>, tokens: Arc<dyn Tokens>, workloads: Arc<dyn Workloads>) -> provision::World {
        provision::World { programs: self.programs.clone(), checks, clients: Arc::new(FromFile(self.dial.clone())), tokens, workloads }
    }

    /// Contexts that the invented user has open; on the real machine nothing is contacted before it is opened.
    pub(crate) fn opened(&self) -> &'static [&'static str] {
        match &self.ground {
            Ground::Real { .. } => &[],
            Ground::Demo { .. } => &demo::OPENED,
        }
    }

    /// The simulated world, for tests that act in it.
    #[cfg(test)]
    pub(crate) fn simulated(&self) -> Option<&sim::World> {
        match &self.ground {
            Ground::Real { .. } => None,
            Ground::Demo { world, .. } => Some(world),
        }
    }

    /// Looks for programs where the user wants it from now on.
    pub(crate) fn take_choices(&self, choices: &Choices) {
        match &self.ground {
            Ground::Real { machine, programs } => machine.look_in(places(choices, programs)),
            Ground::Demo { .. } => {}
        }
    }

    /// Where a credential plugin stands, by its bare name; asks the login shell once.
    pub(crate) async fn plugin(&self, name: &str) -> Option<PathBuf> {
        self.programs.find(&Program::Plugin(name.into())).await.ok().map(|found| found.path)
    }

    /// What this computer has, for the doctor to judge.
    pub(crate) async fn facts(&self, wanted: &Wanted) -> Facts {
        match &self.ground {
            Ground::Real { machine, .. } => {
                let path = machine.path_report().await;
                doctor::probe(machine.as_ref(), Some(path), wanted, now()).await
            }
            Ground::Demo { world, .. } => demo::facts(world, wanted, now()).await,
        }
    }

    /// Waits for process groups that are on their way out; the files of a demo go with it.
    pub(crate) async fn close(&self) {
        match &self.ground {
            Ground::Real { machine, .. } => machine.close().await,
            // A program that ends drops nothing that it shares.
            Ground::Demo { home, .. } => match std::fs::remove_dir_all(home.path()) {
                Ok(()) => {}
                Err(cause) => tracing::warn!(%cause, "the files of the demo are left behind"),
            },
        }
    }
}

/// The servers of a simulated world.
#[derive(Debug)]
struct Simulated(sim::World);

impl Servers for Simulated {
    fn server(&self, address: &str) -> Option<InProcess> {
        self.0.server(address).map(in_process)
    }
}

fn places(choices: &Choices, fetched: &std::path::Path) -> Places {
    let chosen = |path: &String| Some(path).filter(|p| !p.is_empty()).map(PathBuf::from);
    Places {
        docker: chosen(&choices.docker_path),
        kind: chosen(&choices.kind_path),
        clusterctl: chosen(&choices.clusterctl_path),
        kubectl: chosen(&choices.kubectl_path),
        helm: None,
        extra: choices.extra_path.iter().map(PathBuf::from).collect(),
        fetched: Some(fetched.to_owned()),
    }
}

/// The environment KOS was started with, in the home folder that it uses.
fn environment(home: &Home) -> Environment {
    let mut all: Environment = std::env::vars_os().collect();
    all.insert("HOME".into(), home.user.clone().into());
    all
}

/// kubectl's own policy for credential plugins counts for KOS too.
fn policy(home: &Home) -> Policy {
    let file = match std::env::var_os("KUBERC") {
        Some(value) if value == "off" => return Policy::AllowAll,
        Some(value) if !value.is_empty() => PathBuf::from(value),
        Some(_) | None => home.user.join(".kube/kuberc"),
    };
    match crate::keep::read(&file) {
        Ok(None) => Policy::AllowAll,
        Ok(Some(text)) => Policy::read(&home.shown(&file), &text),
        Err(_) => Policy::Malformed { file: home.shown(&file) },
    }
}

fn proxies(choices: &Choices) -> ProxyRules {
    let all: BTreeMap<String, String> = std::env::vars().collect();
    let mut rules = ProxyRules::from_env(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if !choices.proxy.is_empty() {
        rules.https.clone_from(&choices.proxy);
        rules.http.clone_from(&choices.proxy);
    }
    rules
}
