//! What stands below a realm: the real machine, or a simulated one?
//!
//! Everything above works through these seams and cannot tell the difference.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use api::settings::Choices;
use cluster::clock::{Clock, System};
use cluster::credentials::Plugins;
use cluster::dial::{Dial, Limits, Network, ProxyRules};
use cluster::trust::{InFile, Policy, Trust};
use doctor::{Facts, Wanted};
use tools::{Environment, Machine, Places, Programs};

use crate::fleet::now;
use crate::home::Home;

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
    Real { machine: Arc<Machine>, programs: PathBuf },
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

    /// Looks for programs where the user wants it from now on.
    pub(crate) fn take_choices(&self, choices: &Choices) {
        match &self.ground {
            Ground::Real { machine, programs } => machine.look_in(places(choices, programs)),
        }
    }

    /// Folders of the PATH in which programs are looked for; asks the login shell once.
    pub(crate) async fn path(&self) -> Vec<PathBuf> {
        match &self.ground {
            Ground::Real { machine, .. } => machine.path_report().await.folders,
        }
    }

    /// What this computer has, for the doctor to judge.
    pub(crate) async fn facts(&self, wanted: &Wanted) -> Facts {
        match &self.ground {
            Ground::Real { machine, .. } => {
                let path = machine.path_report().await;
                doctor::probe(machine.as_ref(), Some(path), wanted, now()).await
            }
        }
    }

    /// Waits for process groups that are on their way out.
    pub(crate) async fn close(&self) {
        match &self.ground {
            Ground::Real { machine, .. } => machine.close().await,
        }
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
