//! What stands below a realm: the real machine, or a simulated one?
//!
//! Everything above works through these seams and cannot tell the difference.

mod demo;
mod past;

use std::ffi::OsStr;
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
use doctor::{Facts, Plugin, Wanted};
use provision::{Fetches, Handing, NoFetches, NoWorkloads, Tokens, Workloads};
use tools::{Environment, Machine, Places, Programs, Reach};

use crate::clients::FromFile;
use crate::doctor::Doctor;
use crate::fleet::now;
use crate::home::Home;
use crate::keep;
use crate::stage::Demo;
use crate::token::NoToken;
use crate::web::{Internet, Invented, Web};

/// A credential plugin is ended after this time.
const PLUGIN_LIMIT: Duration = Duration::from_secs(60);

/// The seams of one world; cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) programs: Arc<dyn Programs>,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) web: Arc<dyn Web>,
    pub(crate) trust: Arc<Trust>,
    pub(crate) clock: Arc<dyn Clock>,
    ground: Ground,
}

/// What is known of the computer itself.
#[derive(Clone)]
enum Ground {
    Real {
        machine: Arc<Machine>,
        network: Arc<Network>,
        /// Of the user, for paths that begin with it.
        home: Box<Home>,
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
        let machine = Arc::new(Machine::new(places(choices, home), environment(home)));
        machine.reach_by(reach(choices, home));
        let programs: Arc<dyn Programs> = machine.clone();
        let store = Arc::new(InFile::open(home.state.join("trust.json")));
        let trust = Arc::new(Trust::new(programs.clone(), store, policy(home), home.user.clone()));
        let plugins = Arc::new(Plugins::new(programs.clone(), trust.clone(), home.user.clone(), PLUGIN_LIMIT));
        let network = Arc::new(Network::new(plugins, proxies(choices, &Environment::new()), Limits::default()));
        let ground = Ground::Real { machine, network: network.clone(), home: Box::new(home.clone()) };
        Self { programs, dial: network, web: Arc::new(Internet), trust, clock: Arc::new(System), ground }
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
        let world = Self { programs, dial, web: Arc::new(Invented), trust, clock: Arc::new(System), ground };

        sim::fleet::prepare(&simulated, demo.scene, demo.tongue);
        let past = world.provision(&home, Doctor::new(world.clone(), Mode::Demo, None), Arc::new(NoToken), Arc::new(NoWorkloads), Arc::new(NoFetches));
        past::live(demo.scene, &simulated, past, &home).await?;
        // One moment for servers and files: tokens are rounded to it.
        let at = now();
        simulated.clock().run_on(at, demo.pace.speed());
        sim::fleet::set(&simulated, demo.scene);
        let files = sim::fleet::files(demo.scene, demo.tongue, &home.user, at).map_err(|cause| not_made(&cause))?;
        let made = sim::fleet::made(demo.scene).into_iter().map(|(name, text)| (home.kubeconfigs.join(name), text));
        for (path, text) in files.iter().cloned().chain(made) {
            keep::write(&path, text.as_bytes()).map_err(|cause| not_made(&cause))?;
        }
        demo::leave_lock(demo.scene, &home, at).map_err(|cause| not_made(&cause))?;
        for (path, bytes) in demo::checkout(demo.scene, &home, at) {
            keep::write(&path, &bytes).map_err(|cause| not_made(&cause))?;
        }
        demo::remember(&home, demo.scene, files.into_iter().map(|(path, _)| path).collect(), demo::kept(demo.scene, &home), at)?;
        Ok((world, home))
    }

    /// The world as jobs on local clusters see it.
    pub(crate) fn provision(
        &self,
        home: &Home,
        checks: Arc<Doctor>,
        tokens: Arc<dyn Tokens>,
        workloads: Arc<dyn Workloads>,
        fetches: Arc<dyn Fetches>,
    ) -> provision::World {
        let programs = Arc::new(Handing::new(self.programs.clone(), home.handed.clone(), home.of_clusterctl()));
        provision::World { programs, checks, clients: Arc::new(FromFile(self.dial.clone())), tokens, workloads, fetches }
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

    /// Looks for programs where the user wants it from now on, and goes by the proxy that is wanted with the next connection and program.
    pub(crate) fn take_choices(&self, choices: &Choices) -> Search {
        match &self.ground {
            Ground::Real { machine, network, home } => {
                network.go_by(proxies(choices, &machine.login_variables()));
                machine.reach_by(reach(choices, home));
                let wanted = places(choices, home);
                let search = if machine.places() == wanted { Search::AsBefore } else { Search::Elsewhere };
                machine.look_in(wanted);
                search
            }
            Ground::Demo { .. } => Search::AsBefore,
        }
    }

    /// What the login shell sets of that by which KOS goes, where KOS was started without it; asks the shell once.
    pub(crate) async fn login(&self) -> Environment {
        match &self.ground {
            Ground::Real { machine, .. } => {
                machine.path_report().await;
                machine.login_variables()
            }
            Ground::Demo { .. } => Environment::new(),
        }
    }

    /// What this computer has, for the doctor to judge; `plugins` is what kubeconfigs name.
    pub(crate) async fn facts(&self, plugins: Option<Vec<Plugin>>, wanted: &Wanted) -> Facts {
        match &self.ground {
            Ground::Real { machine, .. } => {
                let path = machine.path_report().await;
                doctor::probe(machine.as_ref(), Some(path), plugins, wanted, now()).await
            }
            Ground::Demo { world, .. } => demo::facts(world, plugins, wanted, now()).await,
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

/// Where programs are looked for after a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    AsBefore,
    Elsewhere,
}

/// The servers of a simulated world.
#[derive(Debug)]
struct Simulated(sim::World);

impl Servers for Simulated {
    fn server(&self, address: &str) -> Option<InProcess> {
        self.0.server(address).map(in_process)
    }
}

fn places(choices: &Choices, home: &Home) -> Places {
    let chosen = |path: &String| Some(path).filter(|path| !path.is_empty()).map(|path| home.expand(path));
    Places {
        docker: chosen(&choices.docker_path),
        kind: chosen(&choices.kind_path),
        clusterctl: chosen(&choices.clusterctl_path),
        kubectl: chosen(&choices.kubectl_path),
        helm: chosen(&choices.helm_path),
        git: chosen(&choices.git_path),
        extra: choices.extra_path.iter().map(|path| home.expand(path)).collect(),
        fetched: Some(home.programs.clone()),
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

/// `login` is what the login shell adds to the environment.
fn proxies(choices: &Choices, login: &Environment) -> ProxyRules {
    let added = |name: &str| login.get(OsStr::new(name)).and_then(|value| value.to_str()).map(str::to_owned);
    // A value that is no UTF-8 is no address.
    let mut rules = ProxyRules::from_env(|name| std::env::var(name).ok().or_else(|| added(name)));
    let chosen = choices.proxy.trim();
    if !chosen.is_empty() {
        chosen.clone_into(&mut rules.https);
        chosen.clone_into(&mut rules.http);
    }
    rules
}

/// What programs that download are told; the settings say that a password is not passed on.
fn reach(choices: &Choices, home: &Home) -> Reach {
    let chosen = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Reach {
        proxy: chosen(&choices.proxy).map(|proxy| download::without_password(&proxy)),
        authorities: chosen(&choices.ca_bundle).map(|path| home.expand(&path)),
    }
}
