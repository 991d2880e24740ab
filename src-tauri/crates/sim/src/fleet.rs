//! Which invented fleets are there?
//!
//! Start at: [`set`], which puts a scene into a world; [`large`] for the work with many rows.

mod apps;
mod bare;
mod classes;
pub mod definitions;
mod hostile;
pub(crate) mod kubeconfigs;
mod local;
mod pods;
pub(crate) mod providers;
mod workloads;

use std::path::{Path, PathBuf};
use std::time::Duration;

use api::Timestamp;

use crate::cluster::Reach;
use crate::failure::Failure;
use crate::machine::SimFacts;
use crate::objects::{NodeSpec, ago, namespace, node};
use crate::programs::plugin::Manner;
use crate::scene::Scene;
use crate::server::access::{Access, Identity};
use crate::tongue::Tongue;
use crate::world::World;

/// The remote clusters: name, version, latency in milliseconds.
const REMOTE: [(&str, &str, u64); 6] = [
    ("dev-eu", "v1.35.4", 18),
    ("staging-eu", "v1.35.4", 21),
    ("prod-eu-1", "v1.35.2", 24),
    ("prod-us-1", "v1.35.2", 96),
    ("pi-rack", "v1.36.0", 4),
    ("nas-k3s", "v1.33.9", 6),
];

/// The manifest of an invented network, for the pods of the workload clusters.
pub const NETWORK: &str = include_str!("fleet/network.yaml");

/// What the machine is like before anything of a scene has happened, and with whose words everything on it speaks.
pub fn prepare(world: &World, scene: Scene, tongue: Tongue) {
    world.speak(tongue);
    match scene {
        Scene::Fleet | Scene::NoNetwork => world.set_machine(|machine| *machine = SimFacts::exhausted()),
        Scene::First | Scene::Empty | Scene::CutOff => {}
        Scene::NoDocker => world.stop_docker(),
        Scene::Failing => {
            world.set_machine(|machine| *machine = SimFacts::tight());
            world.fail_next(Failure::InotifyExhausted);
        }
    }
}

/// Puts the clusters of a scene into a world.
pub fn set(world: &World, scene: Scene) {
    match scene {
        Scene::Fleet => demo(world),
        Scene::NoNetwork => {
            demo(world);
            bare::wait(world, world.clock().now());
        }
        Scene::First | Scene::NoDocker | Scene::Empty => {}
        Scene::Failing | Scene::CutOff => elsewhere(world),
    }
    match world.tongue() {
        Tongue::Plain => {}
        Tongue::Hostile => hostile::speak(world),
    }
}

/// The kubeconfig files of a scene, below a home folder; the certificates are made when asked, so that days left stay true.
///
/// Errors: the certificate of the two certificate contexts could not be made.
pub fn files(scene: Scene, tongue: Tongue, home: &Path, now: Timestamp) -> Result<Vec<(PathBuf, String)>, rcgen::Error> {
    match scene {
        Scene::Fleet | Scene::NoNetwork | Scene::Failing | Scene::CutOff => kubeconfigs::files(tongue, home, now),
        Scene::First | Scene::NoDocker => Ok(vec![]),
        Scene::Empty => Ok(vec![kubeconfigs::empty(home)]),
    }
}

/// The kubeconfigs that KOS would have made for the local clusters of a scene, by file name.
pub fn made(scene: Scene) -> Vec<(String, String)> {
    match scene {
        Scene::Fleet | Scene::NoNetwork => local::kubeconfigs(),
        Scene::First | Scene::NoDocker | Scene::Empty | Scene::Failing | Scene::CutOff => vec![],
    }
}

/// Workload clusters whose kubeconfig KOS keeps in a scene: name, what their Secret holds, and the port of their load balancer.
pub fn connected(scene: Scene) -> Vec<(&'static str, String, u16)> {
    match scene {
        Scene::Fleet | Scene::NoNetwork => workloads::NAMES.iter().filter_map(|name| Some((*name, workloads::kubeconfig(name), local::port(name)?))).collect(),
        Scene::First | Scene::NoDocker | Scene::Empty | Scene::Failing | Scene::CutOff => vec![],
    }
}

/// The whole demo fleet.
fn demo(world: &World) {
    elsewhere(world);
    local::fill(world, world.clock().now());
}

/// The clusters that are not on this machine.
fn elsewhere(world: &World) {
    let now = world.clock().now();
    world.install("aws");
    world.install("kubelogin");
    {
        let mut things = world.things();
        let expired = "Error when retrieving token from sso: Token has expired and refresh failed".to_owned();
        things.plugins.insert("aws".into(), Manner::Refuses { said: expired, code: 255 });
        let signed_out = "error: get-token: oauth2: \"invalid_grant\" \"Session not active\"".to_owned();
        things.plugins.insert("kubelogin".into(), Manner::Refuses { said: signed_out, code: 1 });
    }
    for (name, version, latency) in REMOTE {
        let cluster = world.add_cluster(name, version, &url(name));
        let created = ago(now, 40 * 86_400);
        let nodes = (0..4).map(|at| format!("ip-10-4-31-{}", 84 + at));
        cluster.seed(nodes.enumerate().map(|(at, node_name)| {
            let address = format!("10.4.31.{}", 84 + at);
            node(&NodeSpec { name: &node_name, roles: &[], version, address: &address, os: "Ubuntu 24.04.3 LTS", created: &created, ready: true })
        }));
        cluster.behave(|manners| {
            manners.latency = Duration::from_millis(latency);
            manners.access = access(name, now);
        });
    }
    let perf = world.add_cluster("perf-lab", "v1.34.6", &url("perf-lab"));
    perf.behave(|manners| manners.reach = Reach::NoRoute);
    // At home stands a second management cluster, to which clusters can be moved.
    if let Some(rack) = world.cluster("pi-rack") {
        providers::installed(&rack, &ago(now, 40 * 86_400), "");
    }
    if let Some(dev) = world.cluster("dev-eu") {
        let created = ago(now, 40 * 86_400);
        dev.seed(["shop", "payments", "platform"].map(|name| namespace(name, &created)));
        dev.seed(pods::dev_eu(now));
    }
}

/// One cluster `large` with so many pods, at `https://large.demo.invalid:6443`.
pub fn large(world: &World, pods: usize) {
    let cluster = world.add_cluster("large", "v1.36.1", &url("large"));
    cluster.seed(pods::many(world.clock().now(), pods));
}

fn url(name: &str) -> String {
    format!("https://{name}.demo.invalid:6443")
}

fn access(name: &str, now: Timestamp) -> Access {
    let jo = Identity::new("oidc:jo@acme.dev", &["oidc:developers", "system:authenticated"]);
    match name {
        "dev-eu" | "prod-eu-1" => Access::tokens([(kubeconfigs::sign_in_token(now), jo)]),
        "nas-k3s" => Access::tokens([(kubeconfigs::FAKE_TOKEN.to_owned(), Identity::new("system:serviceaccount:default:nas", &[]))]),
        "pi-rack" => Access::administrator(),
        _ => Access::tokens([]),
    }
}

#[cfg(test)]
mod tests;
