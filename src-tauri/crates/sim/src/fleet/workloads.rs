//! Which workload clusters does kos-mgmt hold, and which machine is late?

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::kubeconfigs;

/// Cluster, its control plane machine and its workers, version, seconds since it was made; the late worker ends in `x7k2p`.
const WORKLOADS: [(&str, &str, &[&str], &str, u64); 3] = [
    ("lab-a", "lab-a-cp-4tq8z", &["lab-a-md-0-m2c9k-7wx4n", "lab-a-md-0-m2c9k-kv2ds", "lab-a-md-0-m2c9k-r8hb5"], "v1.36.1", 6 * 86_400),
    ("lab-b", "lab-b-cp-9vq4d", &["lab-b-md-0-6k8wz-4hl7n", "lab-b-md-0-6k8wz-q2f9c", "lab-b-md-0-6k8wz-x7k2p"], "v1.36.1", 366),
    ("ci-smoke", "ci-smoke-cp-h5w8m", &["ci-smoke-md-0-v9z2t-bk4lq"], "v1.35.4", 2 * 86_400),
];

/// Of those, the ones whose user connected them.
pub(crate) const NAMES: [&str; 2] = ["lab-a", "lab-b"];

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

const CORE: &str = "cluster.x-k8s.io";

/// Clusters, control planes, pools and machines, as seen at `now`.
pub(crate) fn objects(now: api::Timestamp) -> Vec<Value> {
    WORKLOADS.iter().flat_map(|&(name, plane, workers, version, age)| cluster(name, plane, workers, version, &crate::objects::ago(now, age))).collect()
}

fn cluster(name: &str, plane: &str, workers: &[&str], version: &str, created: &str) -> Vec<Value> {
    let late = workers.iter().filter(|one| one.ends_with("x7k2p")).count();
    let ready = workers.len() - late;
    let meta = |name: &str, cluster: &str| json!({ "name": name, "namespace": "default", "creationTimestamp": created, "labels": { "cluster.x-k8s.io/cluster-name": cluster } });
    let reference = |group: &str, kind: &str, name: &str| json!({ "apiGroup": group, "kind": kind, "name": name });
    let owned = |mut meta: Value, uid: &str, owner: (&str, &str, &str)| {
        let (group, kind, name) = owner;
        meta["uid"] = json!(uid);
        meta["ownerReferences"] =
            json!([{ "apiVersion": format!("{group}/v1beta2"), "kind": kind, "name": name, "uid": name, "controller": kind != "Cluster" }]);
        meta
    };
    let condition = |kind: &str, good: bool, reason: &str, message: &str| json!({ "type": kind, "status": if good { "True" } else { "False" }, "reason": reason, "message": message, "lastTransitionTime": created });
    let (kcp, pool, infrastructure) = (format!("{name}-cp"), format!("{name}-md-0"), format!("{name}-7hx2q"));
    // A machine is called like its set and five letters more.
    let set = workers.first().and_then(|one| one.rsplit_once('-')).map_or_else(|| pool.clone(), |(set, _)| set.to_owned());
    let waits = format!("* MachineDeployment {pool}: {ready} available replicas, at least {} required", workers.len());
    let available = if late == 0 { condition("Available", true, "Available", "") } else { condition("Available", false, "NotAvailable", &waits) };
    let mut all = vec![
        secret(name, created),
        json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": meta(name, name),
            "spec": {
                "clusterNetwork": { "pods": { "cidrBlocks": ["192.168.0.0/16"] } }, "paused": name == "ci-smoke", "controlPlaneEndpoint": { "host": "172.18.0.5", "port": 6443 },
                "controlPlaneRef": reference("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", &kcp),
                "infrastructureRef": reference("infrastructure.cluster.x-k8s.io", "DockerCluster", &infrastructure),
                "topology": { "classRef": { "name": "quick-start" }, "version": version },
            },
            "status": {
                "phase": "Provisioned", "initialization": { "infrastructureProvisioned": true, "controlPlaneInitialized": true },
                "controlPlane": { "desiredReplicas": 1, "replicas": 1, "readyReplicas": 1 }, "workers": { "desiredReplicas": workers.len(), "replicas": workers.len(), "readyReplicas": ready },
                "conditions": [available, condition("InfrastructureReady", true, "Ready", ""), condition("ControlPlaneInitialized", true, "Initialized", ""), condition("ControlPlaneAvailable", true, "Available", "")],
            },
        }),
        json!({
            "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DockerCluster", "metadata": meta(&infrastructure, name), "spec": {},
            "status": { "initialization": { "provisioned": true }, "conditions": [condition("Ready", true, "Ready", ""), condition("LoadBalancerAvailable", true, "Available", "")] },
        }),
        json!({
            "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlane", "metadata": owned(meta(&kcp, name), &kcp, (CORE, "Cluster", name)),
            "spec": { "replicas": 1, "version": version }, "status": { "replicas": 1, "readyReplicas": 1, "conditions": [condition("Available", true, "Available", "")] },
        }),
        json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineDeployment", "metadata": owned(meta(&pool, name), &pool, (CORE, "Cluster", name)),
            "spec": { "clusterName": name, "replicas": workers.len() },
            "status": {
                "phase": if late == 0 { "Running" } else { "ScalingUp" }, "replicas": workers.len(), "readyReplicas": ready,
                "conditions": [if late == 0 { condition("Available", true, "Available", "") } else { condition("Available", false, "NotAvailable", &waits) }],
            },
        }),
        json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineSet", "metadata": owned(meta(&set, name), &set, (CORE, "MachineDeployment", &pool)),
            "spec": { "clusterName": name, "replicas": workers.len() },
            "status": { "replicas": workers.len(), "readyReplicas": ready, "conditions": [condition("MachinesReady", late == 0, if late == 0 { "Ready" } else { "NotReady" }, "")] },
        }),
    ];
    for (owner, told) in [(0, "TopologyCreate"), (4, "SuccessfulCreate")] {
        // The Secret stands before the objects that the controllers speak of.
        let about = all[owner + 1].clone();
        let words = if owner == 0 { format!("Created KubeadmControlPlane \"default/{kcp}\"") } else { format!("Created {} machines", workers.len()) };
        let mut event = crate::objects::event(&about, &format!("{name}.{told}"), "Normal", told, &words, 1, created);
        event["source"] = json!({ "component": if owner == 0 { "topology/cluster-controller" } else { "machineset-controller" } });
        all.push(event);
    }
    for machine in std::iter::once(&plane).chain(workers) {
        let is_late = machine.ends_with("x7k2p");
        let owner = if *machine == plane { ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", kcp.as_str()) } else { (CORE, "MachineSet", set.as_str()) };
        let mut metadata = owned(meta(machine, name), machine, owner);
        if *machine == plane {
            metadata["labels"]["cluster.x-k8s.io/control-plane"] = json!("");
        }
        let said = if is_late { "* DockerMachine status.initialization.provisioned is false" } else { "" };
        let mut status = json!({
            "phase": if is_late { "Provisioning" } else { "Running" },
            "conditions": [
                condition("Available", !is_late, if is_late { "NotReady" } else { "Available" }, ""),
                condition("Ready", !is_late, if is_late { "NotReady" } else { "Ready" }, said),
                condition("BootstrapConfigReady", true, "Ready", ""),
                condition("InfrastructureReady", !is_late, if is_late { "NotReady" } else { "Ready" }, said),
            ],
        });
        if !is_late {
            status["nodeRef"] = json!({ "name": machine });
        }
        let infrastructure = reference("infrastructure.cluster.x-k8s.io", "DockerMachine", machine);
        let bootstrap = reference("bootstrap.cluster.x-k8s.io", "KubeadmConfig", machine);
        all.push(json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine", "metadata": metadata,
            "spec": { "clusterName": name, "version": version, "providerID": format!("docker:////{machine}"), "infrastructureRef": infrastructure, "bootstrap": { "configRef": bootstrap } }, "status": status,
        }));
        let bootstrap = if is_late {
            condition("BootstrapExecSucceeded", false, "BootstrapFailed", "Repeating bootstrap")
        } else {
            condition("BootstrapExecSucceeded", true, "Succeeded", "")
        };
        all.push(json!({
            "apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2", "kind": "KubeadmConfig", "metadata": meta(machine, name), "spec": {},
            "status": { "conditions": [condition("Ready", true, "Ready", ""), condition("DataSecretAvailable", true, "Available", "")] },
        }));
        all.push(json!({
            "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DockerMachine", "metadata": meta(machine, name), "spec": {},
            "status": { "initialization": { "provisioned": !is_late }, "conditions": [condition("ContainerProvisioned", true, "Provisioned", ""), bootstrap] },
        }));
    }
    all
}
