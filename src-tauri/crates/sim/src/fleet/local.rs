//! Which local clusters does the demo fleet have?

use api::Timestamp;

use crate::containers::State;
use crate::fleet::{apps, kubeconfigs, providers, workloads};
use crate::objects::{NodeSpec, ago, node};
use crate::world::World;

const DAY: u64 = 86_400;

/// Name, version, age in seconds, port, state, containers with their roles.
type Local = (&'static str, &'static str, u64, u16, State, &'static [(&'static str, &'static str)]);

const LOCAL: [Local; 5] = [
    ("kos-mgmt", "v1.36.1", 9 * DAY, 41_873, State::Running, &[("kos-mgmt-control-plane", "control-plane")]),
    (
        "lab-a",
        "v1.36.1",
        6 * DAY,
        55_001,
        State::Running,
        &[
            ("lab-a-lb", "external-load-balancer"),
            ("lab-a-cp-4tq8z", "control-plane"),
            ("lab-a-md-0-m2c9k-7wx4n", "worker"),
            ("lab-a-md-0-m2c9k-kv2ds", "worker"),
            ("lab-a-md-0-m2c9k-r8hb5", "worker"),
        ],
    ),
    (
        "lab-b",
        "v1.36.1",
        366,
        55_002,
        State::Running,
        &[
            ("lab-b-lb", "external-load-balancer"),
            ("lab-b-cp-9vq4d", "control-plane"),
            ("lab-b-md-0-6k8wz-4hl7n", "worker"),
            ("lab-b-md-0-6k8wz-q2f9c", "worker"),
            ("lab-b-md-0-6k8wz-x7k2p", "worker"),
        ],
    ),
    ("ci-smoke", "v1.35.4", 2 * DAY, 55_003, State::Paused, &[("ci-smoke-cp-h5w8m", "control-plane"), ("ci-smoke-md-0-v9z2t-bk4lq", "worker")]),
    ("scratch", "v1.34.0", 31 * DAY, 43_210, State::Exited(137), &[("scratch-control-plane", "control-plane"), ("scratch-worker", "worker")]),
];

/// The machine of lab-b that never joins: its container runs, its node does not come.
const LATE: &str = "lab-b-md-0-6k8wz-x7k2p";

/// One file a cluster that has a context in the fleet; servers as docker publishes them.
pub(crate) fn kubeconfigs() -> Vec<(String, String)> {
    let with_context = LOCAL.iter().filter(|(name, ..)| !matches!(*name, "ci-smoke" | "scratch"));
    let file = |name: &str, port: u16| {
        if workloads::NAMES.contains(&name) {
            return (format!("{name}.yaml"), kubeconfigs::workload(name, &format!("https://127.0.0.1:{port}")));
        }
        let context = if name == "kos-mgmt" { format!("kind-{name}") } else { name.to_owned() };
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: {context}\nclusters:\n- name: {context}\n  cluster:\n    server: https://127.0.0.1:{port}\n\
             users:\n- name: {context}\n  user: {{}}\ncontexts:\n- name: {context}\n  context:\n    cluster: {context}\n    user: {context}\n"
        );
        (format!("{context}.yaml"), text)
    };
    with_context.map(|(name, _, _, port, ..)| file(name, *port)).collect()
}

/// A cluster that another program made: it is shown and not touched.
fn k3d(world: &World, born: Timestamp) {
    const IMAGE: &str = "rancher/k3s:v1.35.4-k3s1";
    let mut things = world.things();
    things.docker.add_k3d("k3d-play-serverlb", "play", "loadbalancer", "ghcr.io/k3d-io/k3d-proxy:5.8.3", born);
    things.docker.add_k3d("k3d-play-server-0", "play", "server", IMAGE, born);
    things.docker.add_k3d("k3d-play-agent-0", "play", "agent", IMAGE, born);
}

/// Where the API server of a cluster is reached on this machine.
pub(crate) fn port(name: &str) -> Option<u16> {
    LOCAL.iter().find(|(known, ..)| *known == name).map(|(_, _, _, port, ..)| *port)
}

pub(crate) fn fill(world: &World, now: Timestamp) {
    for (name, version, age, port, state, containers) in LOCAL {
        let cluster = world.add_cluster(name, version, &format!("https://127.0.0.1:{port}"));
        let born = Timestamp(now.0.saturating_sub(age * 1_000));
        let image = format!("kindest/node:{version}");
        let mut things = world.things();
        things.docker.images.insert(image.clone(), crate::containers::NODE_IMAGE);
        if workloads::is_one(name) {
            things.born.insert(name.to_owned());
        }
        for (at, (container, role)) in containers.iter().enumerate() {
            things.docker.add(container, name, role, &image, (at == 0).then_some(port), born);
            if let Some(one) = things.docker.containers.get_mut(*container) {
                one.state = state;
                one.finished = matches!(state, State::Exited(_)).then_some(Timestamp(now.0.saturating_sub(5 * 3_600_000)));
                one.paused = matches!(state, State::Paused).then_some(Timestamp(now.0.saturating_sub(2 * 3_600_000)));
                if name == "kos-mgmt" {
                    one.host_paths = vec!["/var/run/docker.sock".into()];
                }
                if *container == LATE {
                    one.log = "[kubelet-start] Starting the kubelet\ninotify_init: too many open files\n".into();
                }
            }
        }
        things.settle();
        things.next_port = 42_000;
        drop(things);
        cluster.behave(|manners| manners.access.tokens.extend(manners.access.without_token.clone().map(|who| (kubeconfigs::FAKE_TOKEN.to_owned(), who))));
        let created = ago(now, age);
        let joined = containers.iter().filter(|(container, role)| *role != "external-load-balancer" && *container != LATE);
        cluster.seed(joined.map(|(container, role)| {
            let roles: &[&str] = if *role == "control-plane" { &["control-plane"] } else { &[] };
            node(&NodeSpec { name: container, roles, version, address: "172.18.0.9", os: "Debian GNU/Linux 13 (trixie)", created: &created, ready: true })
        }));
        if name == "lab-a" {
            let workers: Vec<&str> = containers.iter().filter(|(_, role)| *role == "worker").map(|(container, _)| *container).collect();
            cluster.seed(apps::objects(&workers, &created));
        }
    }
    k3d(world, Timestamp(now.0.saturating_sub(12 * DAY * 1_000)));
    if let Some(management) = world.cluster("kos-mgmt") {
        let created = ago(now, 9 * DAY);
        providers::installed(&management, &created, &workloads::log(now));
        management.seed(super::classes::objects(&created));
        management.seed(workloads::objects(now));
    }
}
