//! What is there in the simulated world, and how do tests change it?
//!
//! Start at: [`World::start`]. The world owns one task, its agenda, and whatever programs were left running; all end with its last clone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;
use tools::{Invocation, ProcessId, Program};

use crate::agenda::Agenda;
use crate::clock::Clock;
use crate::cluster::{Cluster, Reach};
use crate::containers::{Daemon, Docker, State};
use crate::failure::Failure;
use crate::machine::SimFacts;
use crate::programs::git::Checkout;
use crate::programs::plugin::Manner;
use crate::programs::process::Processes;
use crate::server::Server;
use crate::tongue::Tongue;

#[derive(Debug, Clone)]
pub struct World(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    agenda: Agenda,
    things: Mutex<Things>,
    tasks: Mutex<JoinSet<()>>,
}

/// Everything that is not inside a cluster.
#[derive(Debug)]
pub(crate) struct Things {
    pub(crate) docker: Docker,
    /// By name; a kind cluster is named as kind names it.
    pub(crate) clusters: BTreeMap<String, Arc<Cluster>>,
    /// `host:port` to the name of the cluster that listens there.
    pub(crate) addresses: BTreeMap<String, String>,
    pub(crate) installed: BTreeMap<String, PathBuf>,
    pub(crate) plugins: BTreeMap<String, Manner>,
    pub(crate) machine: SimFacts,
    pub(crate) failures: Vec<Failure>,
    pub(crate) processes: Processes,
    pub(crate) next_port: u16,
    /// Clusters that the Docker provider of this world has made.
    pub(crate) born: BTreeSet<String>,
    pub(crate) checkout: Checkout,
    pub(crate) tongue: Tongue,
}

impl World {
    /// An empty world on a healthy machine with docker, kind, clusterctl, kubectl, helm, git and pkexec; must be called within a runtime.
    pub fn start(clock: Clock) -> Self {
        let agenda = Agenda::new(clock);
        let installed =
            ["docker", "kind", "clusterctl", "kubectl", "helm", "git", "pkexec"].map(|name| (name.to_owned(), PathBuf::from(format!("/usr/bin/{name}"))));
        let things = Things {
            docker: Docker::default(),
            clusters: BTreeMap::new(),
            addresses: BTreeMap::new(),
            installed: installed.into(),
            plugins: BTreeMap::new(),
            machine: SimFacts::default(),
            failures: Vec::new(),
            processes: Processes::default(),
            next_port: 41_873,
            born: BTreeSet::new(),
            checkout: Checkout::default(),
            tongue: Tongue::default(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(agenda.clone().keep());
        Self(Arc::new(Inner { agenda, things: Mutex::new(things), tasks: Mutex::new(tasks) }))
    }

    pub fn clock(&self) -> &Clock {
        self.0.agenda.clock()
    }

    /// The server behind a kubeconfig's address; `None` when no cluster of this world was ever there.
    pub fn server(&self, url: &str) -> Option<Server> {
        let address = address_of(url);
        let things = self.things();
        things.addresses.get(&address).and_then(|name| things.clusters.get(name)).map(|cluster| Server::new(Arc::clone(cluster)))
    }

    pub fn cluster(&self, name: &str) -> Option<Arc<Cluster>> {
        self.things().clusters.get(name).cloned()
    }

    /// Makes a cluster that listens at an address; `version` is that of its API server.
    pub fn add_cluster(&self, name: &str, version: &str, url: &str) -> Arc<Cluster> {
        let cluster = Cluster::new(name, version, self.0.agenda.clone(), self.weak());
        let now = self.clock().now();
        let created = crate::objects::stamp(now);
        cluster.seed(["default", "kube-system", "kube-public", "kube-node-lease"].map(|name| crate::objects::namespace(name, &created)));
        let mut things = self.things();
        things.clusters.insert(name.into(), Arc::clone(&cluster));
        things.addresses.insert(address_of(url), name.into());
        cluster
    }

    pub fn machine(&self) -> SimFacts {
        self.things().machine.clone()
    }

    pub fn set_machine(&self, change: impl FnOnce(&mut SimFacts)) {
        change(&mut self.things().machine);
    }

    /// Lets the next run that it fits fail.
    pub fn fail_next(&self, failure: Failure) {
        self.things().failures.push(failure);
    }

    /// Takes a program away, so that it is not found.
    pub fn uninstall(&self, program: &str) {
        self.things().installed.remove(program);
    }

    pub fn install(&self, program: &str) {
        self.things().installed.insert(program.into(), PathBuf::from(format!("/usr/bin/{program}")));
    }

    /// Says how a credential plugin answers from now on, and installs it.
    pub fn set_plugin(&self, program: &str, manner: Manner) {
        self.install(program);
        self.things().plugins.insert(program.into(), manner);
    }

    /// Says with whose words programs and containers speak from now on.
    pub fn speak(&self, tongue: Tongue) {
        self.things().tongue = tongue;
    }

    pub(crate) fn tongue(&self) -> Tongue {
        self.things().tongue
    }

    /// Ends the Docker daemon and with it all containers.
    pub fn stop_docker(&self) {
        let now = self.clock().now();
        let mut things = self.things();
        things.docker.daemon = Daemon::Stopped;
        for container in things.docker.containers.values_mut().filter(|one| !matches!(one.state, State::Exited(_))) {
            container.state = State::Exited(137);
            container.finished = Some(now);
        }
        things.settle();
    }

    pub fn start_docker(&self) {
        self.things().docker.daemon = Daemon::Running;
    }

    /// Runs a program that nobody waits for: what an earlier session left behind when it crashed.
    pub fn leave_running(&self, invocation: Invocation) -> ProcessId {
        let process = self.begin(&invocation);
        let world = self.weak();
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.spawn(crate::programs::orphan(world, process, invocation));
        process
    }

    /// Ends every program at once, as a crash does; what it did so far stays done.
    pub fn end_programs(&self) {
        self.things().processes.end_all();
    }

    pub(crate) fn begin(&self, invocation: &Invocation) -> ProcessId {
        let now = self.clock().now();
        self.things().processes.begin(invocation, now)
    }

    pub(crate) fn things(&self) -> MutexGuard<'_, Things> {
        self.0.things.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn weak(&self) -> WeakWorld {
        WeakWorld(Arc::downgrade(&self.0))
    }

    /// Whether this failure was asked for; it is used up.
    pub(crate) fn takes(&self, fits: impl Fn(&Failure) -> bool) -> Option<Failure> {
        let mut things = self.things();
        let at = things.failures.iter().position(fits)?;
        Some(things.failures.remove(at))
    }
}

/// For what the world itself owns; a strong one there would keep it for ever.
#[derive(Debug, Clone)]
pub(crate) struct WeakWorld(std::sync::Weak<Inner>);

impl WeakWorld {
    pub(crate) fn upgrade(&self) -> Option<World> {
        self.0.upgrade().map(World)
    }
}

impl Things {
    /// A cluster answers as its control plane's container does; a load balancer in front has the last word.
    pub(crate) fn settle(&self) {
        for (name, cluster) in &self.clusters {
            let mut containers: Vec<_> = self.docker.of_cluster(name).filter(|one| one.host_port.is_some()).collect();
            containers.sort_by_key(|one| one.role != "external-load-balancer");
            let Some(front) = containers.first() else { continue };
            let reach = match front.state {
                State::Running => Reach::Answers,
                State::Paused => Reach::Silent,
                State::Exited(_) => Reach::Refused,
            };
            if cluster.manners().reach != reach {
                cluster.behave(|manners| manners.reach = reach);
            }
        }
    }

    /// Gives a container the next free port of this machine; nothing listens at its old one any more.
    pub(crate) fn move_port(&mut self, container: &str, cluster: &str, old: u16) {
        let new = self.next_port;
        self.next_port += 1;
        if let Some(container) = self.docker.containers.get_mut(container) {
            container.host_port = Some(new);
        }
        self.addresses.remove(&format!("127.0.0.1:{old}"));
        self.addresses.insert(format!("127.0.0.1:{new}"), cluster.to_owned());
    }

    /// Takes the containers of a cluster away, and its server with them.
    pub(crate) fn remove_cluster(&mut self, name: &str) {
        self.docker.containers.retain(|_, one| one.cluster != name);
        if let Some(cluster) = self.clusters.remove(name) {
            cluster.behave(|manners| manners.reach = Reach::Refused);
        }
        self.addresses.retain(|_, cluster| cluster != name);
    }

    pub(crate) fn path_of(&self, program: &Program) -> Result<PathBuf, String> {
        let name = program.name();
        self.installed.get(&name).cloned().ok_or(name)
    }
}

fn address_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let ported = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if ported { authority } else { format!("{authority}:443") }
}
