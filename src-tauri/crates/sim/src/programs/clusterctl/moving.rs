//! How does the simulated clusterctl move clusters?

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{cluster_of, inventory, named};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::objects::place;
use crate::programs::run::Run;
use crate::server::resources::{ResourceId, Scope};

const CORE: &str = "cluster.x-k8s.io";
/// Owners before what they own.
const RANKS: [&str; 8] = ["ClusterClass", "Template", "Cluster", "ControlPlane", "MachineDeployment", "MachineSet", "Machine", ""];

/// An object on its way, and where it stands.
struct Moved {
    id: ResourceId,
    object: Value,
}

impl Moved {
    fn text(&self, pointer: &str) -> &str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn said(&self, verb: &str) -> String {
        format!("{verb} {}=\"{}\" Namespace=\"{}\"", self.text("/kind"), self.text("/metadata/name"), self.text("/metadata/namespace"))
    }

    fn rank(&self) -> usize {
        let kind = self.text("/kind");
        RANKS.iter().position(|end| kind.ends_with(end)).unwrap_or(RANKS.len())
    }
}

/// All that belongs to the clusters of a namespace, in the order of a move.
fn found(cluster: &Arc<Cluster>, namespace: &str) -> Vec<Moved> {
    let store = cluster.store();
    let mine = |id: &ResourceId| id.group == CORE || (id.group.ends_with(".cluster.x-k8s.io") && id.group != "clusterctl.cluster.x-k8s.io");
    let kinds =
        store.resources.values().filter(|kind| kind.scope == Scope::Namespaced && (mine(&kind.id) || (kind.id.group.is_empty() && kind.kind == "Secret")));
    let mut all: Vec<Moved> = vec![];
    for kind in kinds {
        let of_cluster = |object: &Value| mine(&kind.id) || object["metadata"]["labels"]["cluster.x-k8s.io/cluster-name"].is_string();
        let objects = store.list(&kind.id, namespace, None).map(|one| one.value()).filter(of_cluster);
        all.extend(objects.map(|object| Moved { id: kind.id.clone(), object }));
    }
    all.sort_by(|a, b| (a.rank(), a.text("/kind"), a.text("/metadata/name")).cmp(&(b.rank(), b.text("/kind"), b.text("/metadata/name"))));
    all
}

pub(super) async fn go(run: &mut Run<'_>) -> Result<(), String> {
    let from = cluster_of(run)?;
    let arguments = run.arguments();
    let (dry, namespace) = (arguments.has("--dry-run"), arguments.either("--namespace", "-n").unwrap_or("default").to_owned());
    let target = if dry { None } else { Some(named(run, arguments.value("--to-kubeconfig"), arguments.value("--to-kubeconfig-context"))?) };
    run.err("Performing move...");
    if let Some(target) = &target {
        let there = inventory(target);
        if let Some(missing) = inventory(&from).iter().find(|one| !there.iter().any(|other| other.label == one.label)) {
            return Err(format!("failed to check providers in target cluster: provider {} not found in the target cluster", missing.label));
        }
    } else {
        run.err("This is a dry-run move, will not perform any real action");
    }
    run.err("Discovering Cluster API objects");
    run.wait(Duration::from_secs(1)).await;
    let all = found(&from, &namespace);
    let of = |kind: &str| all.iter().filter(|moved| moved.text("/kind") == kind).count();
    run.err(&format!("Total objects count={}", all.len()));
    let is_paused = |moved: &&Moved| moved.text("/kind") == "Cluster" && moved.object["spec"]["paused"] == true;
    let paused: Vec<String> = all.iter().filter(is_paused).map(|moved| format!("{namespace}/{}", moved.text("/metadata/name"))).collect();
    if !paused.is_empty() {
        return Err(format!("cannot start operation while the following Clusters are paused: {}", paused.join(", ")));
    }
    run.err(&format!("Moving Cluster API objects Clusters={}", of("Cluster")));
    run.err(&format!("Moving Cluster API objects ClusterClasses={}", of("ClusterClass")));
    run.err("Pausing the source cluster");
    if target.is_some() {
        pause(&from, &namespace, true);
    }
    run.err("Pausing the source ClusterClasses");
    run.err("Waiting for all resources to be ready to move");
    run.err("Creating objects in the target cluster");
    for (at, moved) in all.iter().enumerate() {
        run.err(&moved.said("Creating"));
        let Some(target) = &target else { continue };
        if at == all.len() / 2 && run.world().takes(|one| *one == Failure::MoveRefused).is_some() {
            let (kind, name) = (moved.text("/kind"), moved.text("/metadata/name"));
            return Err(format!("action failed after 9 attempts: error creating \"{kind}\" {namespace}/{name}: admission webhook denied the request"));
        }
        let mut object = moved.object.clone();
        if object["kind"] == "Cluster" {
            object["spec"]["paused"] = json!(true);
        }
        target.write(|store| place(store, object));
        run.wait(Duration::from_millis(200)).await;
    }
    run.err("Deleting objects from the source cluster");
    for moved in all.iter().rev() {
        run.err(&moved.said("Deleting"));
        if target.is_some() {
            from.write(|store| {
                store.remove(&moved.id, &namespace, moved.text("/metadata/name"));
            });
            run.wait(Duration::from_millis(200)).await;
        }
    }
    run.err("Resuming the target ClusterClasses");
    run.err("Resuming the target cluster");
    if let Some(target) = &target {
        pause(target, &namespace, false);
    }
    Ok(())
}

/// Sets the pause of every cluster of a namespace.
fn pause(cluster: &Arc<Cluster>, namespace: &str, paused: bool) {
    cluster.write(|store| {
        let all: Vec<Value> = store.list(&ResourceId::new(CORE, "clusters"), namespace, None).map(|one| one.value()).collect();
        for mut one in all {
            one["spec"]["paused"] = json!(paused);
            place(store, one);
        }
    });
}
