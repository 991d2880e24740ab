//! Which workload clusters does kos-mgmt hold, and which machine is late?

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{definitions, kubeconfigs};
use crate::capi::parts::{self, CORE, Machine, PLANES, Stage, Times, reference};
use crate::capi::status;

/// Cluster, its control plane machine and its workers, version, seconds since it was made; the late worker ends in `x7k2p`.
const WORKLOADS: [(&str, &str, &[&str], &str, u64); 3] = [
    ("lab-a", "lab-a-cp-4tq8z", &["lab-a-md-0-m2c9k-7wx4n", "lab-a-md-0-m2c9k-kv2ds", "lab-a-md-0-m2c9k-r8hb5"], "v1.36.1", 6 * 86_400),
    ("lab-b", "lab-b-cp-9vq4d", &["lab-b-md-0-6k8wz-4hl7n", "lab-b-md-0-6k8wz-q2f9c", "lab-b-md-0-6k8wz-x7k2p"], "v1.36.1", 366),
    ("ci-smoke", "ci-smoke-cp-h5w8m", &["ci-smoke-md-0-v9z2t-bk4lq"], "v1.35.4", 2 * 86_400),
];

/// The machine on which a pod runs that its budget lets not go.
const HELD: &str = "lab-a-md-0-m2c9k-7wx4n";

/// Of those, the ones whose user connected them.
pub(crate) const NAMES: [&str; 2] = ["lab-a", "lab-b"];

/// Whether the Docker provider has made a cluster of this name.
pub(crate) fn is_one(name: &str) -> bool {
    WORKLOADS.iter().any(|(known, ..)| *known == name)
}

/// What stands in the Secret of a cluster.
pub(crate) fn kubeconfig(name: &str) -> String {
    kubeconfigs::workload(name, "https://172.18.0.5:6443")
}

fn secret(name: &str, created: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "cluster.x-k8s.io/secret",
        "metadata": { "name": format!("{name}-kubeconfig"), "namespace": "default", "creationTimestamp": created, "labels": { "cluster.x-k8s.io/cluster-name": name } },
        "data": { "value": STANDARD.encode(kubeconfig(name)) },
    })
}

/// What Docker's provider logs about them, with the times of the server.
pub(crate) fn log(now: api::Timestamp) -> String {
    let line = |ago: u64, text: &str| format!("{} {text}\n", crate::objects::ago(now, ago));
    let late = "lab-b-md-0-6k8wz-x7k2p";
    let about =
        |machine: &str| format!("controller=\"dockermachine\" DockerMachine=\"default/{machine}\" Machine=\"default/{machine}\" Cluster=\"default/lab-b\"");
    [
        line(300, &format!("I1123 14:19:31.107927       1 machine.go:232] \"Creating worker machine container\" {}", about(late))),
        line(240, &format!("I1123 14:20:12.618666       1 machine.go:401] \"Reconciling\" {}", about("lab-b-md-0-6k8wz-4hl7n").replace("lab-b", "lab-a"))),
        line(
            108,
            &format!(
                "E1123 14:23:20.138985       1 controller.go:494] \"Reconciler error\" err=\"failed to exec DockerMachine bootstrap: exit status 1\" {}",
                about(late)
            ),
        ),
    ]
    .concat()
}

/// Clusters, control planes, pools and machines, as seen at `now`.
pub(crate) fn objects(now: api::Timestamp) -> Vec<Value> {
    let mut all: Vec<Value> = WORKLOADS.iter().flat_map(|&(name, plane, workers, version, age)| cluster(name, plane, workers, version, (now, age))).collect();
    if let Some(lab) = all.iter_mut().find(|one| one["kind"] == "Cluster" && one["metadata"]["name"] == "lab-a") {
        lab["metadata"]["managedFields"] = definitions::owners(now);
    }
    all
}

/// The kind of what says what was put into a cluster.
pub(crate) fn bindings() -> Value {
    super::providers::definition(parts::ADD_ONS, "ClusterResourceSetBinding", "clusterresourcesetbindings", &["v1beta2", "v1beta1"])
}

/// The load balancer and the first API server of a cluster answer so many seconds after it was asked for.
const BALANCED: u64 = 10;
const INITIALIZED: u64 = 53;

/// The seconds of its cluster at which a machine got how far: made, data, container, kubeadm, node, healthy.
const PLANE_AT: [u64; 6] = [10, 12, 17, 52, 70, 80];
const WORKER_AT: [u64; 6] = [10, 54, 61, 83, 99, 101];
/// The late one: three tries, and the last one failed.
const LATE_AT: [u64; 6] = [10, 54, 61, 258, 258, 258];

fn times(at: &dyn Fn(u64) -> String, [created, data, container, bootstrapped, joined, since]: [u64; 6]) -> Times {
    Times { created: at(created), data: at(data), container: at(container), bootstrapped: at(bootstrapped), joined: at(joined), since: at(since) }
}

fn cluster(name: &str, plane: &str, workers: &[&str], version: &str, (now, age): (api::Timestamp, u64)) -> Vec<Value> {
    let at = |seconds: u64| crate::objects::ago(now, age.saturating_sub(seconds));
    let created = &at(0);
    let (planes, pool, infrastructure) = (format!("{name}-cp"), format!("{name}-md-0"), format!("{name}-7hx2q"));
    // A machine is called like its set and five letters more.
    let set = workers.first().and_then(|one| one.rsplit_once('-')).map_or_else(|| pool.clone(), |(set, _)| set.to_owned());
    let mut metadata = parts::meta(name, name, created);
    metadata["finalizers"] = json!([parts::CLUSTER_FINALIZER]);
    let mut whole = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": metadata,
        "spec": {
            "clusterNetwork": { "pods": { "cidrBlocks": ["192.168.0.0/16"] } }, "paused": name == "ci-smoke", "controlPlaneEndpoint": { "host": "172.18.0.5", "port": 6443 },
            "controlPlaneRef": reference(PLANES, "KubeadmControlPlane", &planes), "infrastructureRef": reference(crate::capi::parts::INFRASTRUCTURE, "DockerCluster", &infrastructure),
            "topology": {
                "classRef": { "name": "quick-start" }, "version": version, "controlPlane": { "replicas": 1 },
                "workers": { "machineDeployments": [{ "class": "default-worker", "name": "md-0", "replicas": workers.len() }] },
            },
        },
        "status": { "conditions": [
            parts::condition("InfrastructureReady", true, "Ready", "", &at(BALANCED)), parts::condition("ControlPlaneInitialized", true, "Initialized", "", &at(INITIALIZED)),
            parts::condition("ControlPlaneAvailable", true, "Available", "", &at(PLANE_AT[5])),
        ] },
    });
    let mut control_plane = parts::planes(&planes, name, (1, version), created);
    let [mut deployment, mut machine_set] = parts::pool(("md-0", &pool, &set), name, (workers.len() as u64, version), created);
    let mut machines = vec![];
    for machine in std::iter::once(&plane).chain(workers) {
        let owner = if *machine == plane { (PLANES, "KubeadmControlPlane", planes.as_str()) } else { (CORE, "MachineSet", set.as_str()) };
        let late = machine.ends_with("x7k2p");
        let (stage, reached) = match (late, *machine == plane) {
            (true, _) => (Stage::Late, LATE_AT),
            (false, true) => (Stage::Up, PLANE_AT),
            // One after the other: their containers start so many seconds apart.
            (false, false) => (Stage::Up, WORKER_AT.map(|second| second + machines.len() as u64 / 3)),
        };
        let mut made = parts::machine(&Machine { name: machine, cluster: name, owner, version, times: &times(&at, reached), stage });
        if *machine == HELD {
            made[0]["metadata"]["annotations"] = json!({ crate::capi::HOLDS: "db/postgres-0 postgres" });
        }
        machines.extend(made);
    }
    let group = |owner: &str| machines.iter().filter(|m| m["kind"] == "Machine" && m["metadata"]["ownerReferences"][0]["name"] == owner).collect::<Vec<_>>();
    let (first, rest) = (status::Group::of(&group(&planes), 1, version), status::Group::of(&group(&set), workers.len() as u64, version));
    status::owner(&mut control_plane, &first, &at(PLANE_AT[5]));
    status::owner(&mut deployment, &rest, &at(WORKER_AT[5]));
    status::owner(&mut machine_set, &rest, &at(WORKER_AT[5]));
    // One whose last machine never came has not been available since it was made.
    let since = if workers.iter().any(|worker| worker.ends_with("x7k2p")) { created.clone() } else { at(WORKER_AT[5]) };
    status::cluster(&mut whole, &first, &[(pool, rest)], &since);
    let infrastructure = parts::infrastructure(&infrastructure, name, &at(BALANCED));
    // The checks of lab-a are those of its files; nobody watches the workers of lab-b, and nothing was put into ci-smoke.
    let checks = match name {
        "lab-a" => definitions::health_checks(plane, workers, now),
        _ => vec![parts::health_check(&format!("{name}-cp"), name, &[plane], created)],
    };
    let bound = NAMES.contains(&name).then(|| parts::binding(name, &at(INITIALIZED + 5)));
    let told = [
        event((&whole, "topology/cluster-controller"), "TopologyCreate", &format!("Created KubeadmControlPlane \"default/{planes}\""), &at(BALANCED)),
        event((&machine_set, "machineset-controller"), "SuccessfulCreate", &format!("Created {} machines", workers.len()), &at(BALANCED)),
    ];
    [vec![secret(name, created), whole, infrastructure, control_plane, deployment, machine_set], told.to_vec(), machines, checks, bound.into_iter().collect()]
        .concat()
}

fn event((about, controller): (&Value, &str), told: &str, words: &str, created: &str) -> Value {
    let name = about["metadata"]["labels"][parts::CLUSTER].as_str().unwrap_or_default();
    let mut event = crate::objects::event(about, &format!("{name}.{told}"), "Normal", told, words, 1, created);
    event["source"] = json!({ "component": controller });
    event
}
