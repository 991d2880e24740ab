//! What of a cluster shows outside of its management cluster: containers, an API server, nodes?
//!
//! Follows what the controllers did, act by act; machines that are only played have none of it.

use std::sync::Arc;

use api::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::making::{BOOTED, is_in_memory};
use super::parts::{CLUSTER, CORE, PLANE};
use super::{Act, Leaving, STEP};
use crate::cluster::Cluster;
use crate::controllers::Name;
use crate::fleet::kubeconfigs;
use crate::objects::{NodeSpec, find, node, place, stamp};
use crate::server::resources::ResourceId;
use crate::world::World;

/// The container runs.
const STARTED: usize = 2;
/// The node is there, and then Ready.
const JOINED: usize = 4;
const READY: usize = 5;
const BALANCER: &str = "kindest/haproxy:v20260131-7181c60a";

pub(crate) fn follow(world: &World, management: &Arc<Cluster>, act: &Act, now: Timestamp) {
    match act {
        Act::Make(_) | Act::Leave(_, Leaving::Asked | Leaving::Drain | Leaving::Held | Leaving::Volumes) => {}
        Act::MachineUp(name) => added(world, management, name, now),
        Act::Leave(name, Leaving::Infrastructure) => drop(world.things().docker.containers.remove(&name.name)),
        Act::Leave(name, Leaving::Node) => forgotten(world, name),
        Act::Look(name) => gone(world, name),
        Act::Infrastructure(name) => balancer(world, management, name, now),
        Act::Step(name, step) => {
            let Some(machine) = find(&management.store(), CORE, "machines", &name.namespace, &name.name).filter(|machine| !is_in_memory(machine)) else {
                return;
            };
            match *step {
                STARTED => container(world, &machine, now),
                BOOTED => server(world, management, &machine, now),
                JOINED | READY => joined(world, &machine, *step == READY, now),
                _ => {}
            }
        }
    }
}

/// A machine that was added to a cluster that stands.
fn added(world: &World, management: &Cluster, name: &Name, now: Timestamp) {
    let at = |plural: &str, name: &str, namespace: &str| find(&management.store(), CORE, plural, namespace, name);
    let Some(machine) = at("machines", &name.name, &name.namespace) else { return };
    let is_made = machine["metadata"]["annotations"][STEP].is_null() && machine["status"]["phase"] == "Running";
    let is_played = at("clusters", &text(&machine, "/spec/clusterName"), &name.namespace).is_some_and(|cluster| is_in_memory(&cluster));
    if is_made && !is_played {
        container(world, &machine, now);
        joined(world, &machine, true, now);
    }
}

/// The Node of a machine that is gone.
fn forgotten(world: &World, machine: &Name) {
    let all: Vec<Arc<Cluster>> = world.things().clusters.values().cloned().collect();
    for cluster in all {
        cluster.write(|store| drop(store.remove(&ResourceId::new("", "nodes"), "", &machine.name)));
    }
}

/// A cluster that is gone takes its containers and its server along; one that was moved stands in another management cluster.
fn gone(world: &World, name: &Name) {
    let all: Vec<Arc<Cluster>> = world.things().clusters.values().cloned().collect();
    let stands = all.iter().any(|cluster| find(&cluster.store(), CORE, "clusters", &name.namespace, &name.name).is_some());
    let mut things = world.things();
    if !stands && things.born.remove(&name.name) {
        things.remove_cluster(&name.name);
    }
}

fn text(object: &Value, pointer: &str) -> String {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn balancer(world: &World, management: &Cluster, name: &Name, now: Timestamp) {
    let made = find(&management.store(), CORE, "clusters", &name.namespace, &name.name);
    if !made.is_some_and(|cluster| cluster["status"]["phase"] == "Provisioned" && !is_in_memory(&cluster)) {
        return;
    }
    let mut things = world.things();
    if things.born.insert(name.name.clone()) {
        let port = things.next_port;
        things.next_port += 1;
        things.docker.add(&format!("{}-lb", name.name), &name.name, "external-load-balancer", BALANCER, Some(port), now);
    }
}

fn is_plane(machine: &Value) -> bool {
    machine["metadata"]["labels"][PLANE].is_string()
}

fn container(world: &World, machine: &Value, now: Timestamp) {
    let role = if is_plane(machine) { "control-plane" } else { "worker" };
    let image = format!("kindest/node:{}", text(machine, "/spec/version"));
    let mut things = world.things();
    things.docker.images.entry(image.clone()).or_insert(crate::containers::NODE_IMAGE);
    things.docker.add(&text(machine, "/metadata/name"), &text(machine, "/spec/clusterName"), role, &image, None, now);
}

/// The first API server answers behind the load balancer, and its kubeconfig stands in a Secret.
fn server(world: &World, management: &Arc<Cluster>, machine: &Value, now: Timestamp) {
    let (name, namespace) = (text(machine, "/spec/clusterName"), text(machine, "/metadata/namespace"));
    if !is_plane(machine) || world.cluster(&name).is_some() {
        return;
    }
    let port = world.things().docker.of_cluster(&name).find_map(|one| one.host_port);
    let Some(port) = port else { return };
    let cluster = world.add_cluster(&name, &text(machine, "/spec/version"), &format!("https://127.0.0.1:{port}"));
    cluster.behave(|manners| manners.access.tokens.extend(manners.access.without_token.clone().map(|who| (kubeconfigs::FAKE_TOKEN.to_owned(), who))));
    let endpoint = find(&management.store(), CORE, "clusters", &namespace, &name).map(|whole| text(&whole, "/spec/controlPlaneEndpoint/host"));
    let kubeconfig = kubeconfigs::workload(&name, &format!("https://{}:6443", endpoint.unwrap_or_default()));
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "type": "cluster.x-k8s.io/secret",
        "metadata": { "name": format!("{name}-kubeconfig"), "namespace": namespace, "creationTimestamp": stamp(now), "labels": { CLUSTER: name } },
        "data": { "value": STANDARD.encode(kubeconfig) },
    });
    management.write(|store| place(store, secret));
}

fn joined(world: &World, machine: &Value, ready: bool, now: Timestamp) {
    let Some(cluster) = world.cluster(&text(machine, "/spec/clusterName")) else { return };
    let roles: &[&str] = if is_plane(machine) { &["control-plane"] } else { &[] };
    let (name, version, created) = (text(machine, "/metadata/name"), text(machine, "/spec/version"), stamp(now));
    let spec = NodeSpec { name: &name, roles, version: &version, address: "172.18.0.9", os: "Debian GNU/Linux 13 (trixie)", created: &created, ready };
    cluster.write(|store| place(store, node(&spec)));
}
