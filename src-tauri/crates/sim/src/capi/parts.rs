//! What are the objects of a simulated cluster of Cluster API?

use api::Timestamp;
use serde_json::{Value, json};

use crate::objects::stamp;

pub(crate) const CORE: &str = "cluster.x-k8s.io";
pub(crate) const PLANES: &str = "controlplane.cluster.x-k8s.io";
pub(crate) const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";
pub(crate) const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";
pub(crate) const ADD_ONS: &str = "addons.cluster.x-k8s.io";
pub(crate) const CLUSTER: &str = "cluster.x-k8s.io/cluster-name";
pub(crate) const PLANE: &str = "cluster.x-k8s.io/control-plane";
pub(crate) const POOL: &str = "topology.cluster.x-k8s.io/deployment-name";
const OWNED: &str = "topology.cluster.x-k8s.io/owned";
/// Of a Cluster: it goes after all that belongs to it.
pub(crate) const CLUSTER_FINALIZER: &str = "cluster.cluster.x-k8s.io";
/// Of a Machine: its controller removes it last.
pub(crate) const FINALIZER: &str = "machine.cluster.x-k8s.io";

pub(crate) fn meta(name: &str, cluster: &str, created: &str) -> Value {
    json!({ "name": name, "namespace": "default", "creationTimestamp": created, "uid": name, "labels": { CLUSTER: cluster } })
}

pub(crate) fn reference(group: &str, kind: &str, name: &str) -> Value {
    json!({ "apiGroup": group, "kind": kind, "name": name })
}

pub(crate) fn condition(kind: &str, good: bool, reason: &str, message: &str, since: &str) -> Value {
    json!({ "type": kind, "status": if good { "True" } else { "False" }, "reason": reason, "message": message, "lastTransitionTime": since })
}

/// Group, kind and name of an owner; only a Cluster does not control what it owns.
pub(crate) type Owner<'a> = (&'a str, &'a str, &'a str);

pub(crate) fn owned(mut meta: Value, (group, kind, name): Owner) -> Value {
    meta["ownerReferences"] = json!([{ "apiVersion": format!("{group}/v1beta2"), "kind": kind, "name": name, "uid": name, "controller": kind != "Cluster" }]);
    meta
}

pub(crate) fn infrastructure(name: &str, cluster: &str, created: &str) -> Value {
    json!({
        "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DockerCluster", "metadata": meta(name, cluster, created), "spec": {},
        "status": { "initialization": { "provisioned": true }, "conditions": [condition("Ready", true, "Ready", "", created), condition("LoadBalancerAvailable", true, "Available", "", created)] },
    })
}

pub(crate) fn planes(name: &str, cluster: &str, (replicas, version): (u64, &str), created: &str) -> Value {
    json!({
        "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlane", "metadata": owned(meta(name, cluster, created), (CORE, "Cluster", cluster)),
        "spec": { "replicas": replicas, "version": version }, "status": {},
    })
}

/// A MachineDeployment of a topology, and its set.
pub(crate) fn pool(names: (&str, &str, &str), cluster: &str, (replicas, version): (u64, &str), created: &str) -> [Value; 2] {
    let (pool, object, set) = names;
    let mut metadata = owned(meta(object, cluster, created), (CORE, "Cluster", cluster));
    metadata["labels"][POOL] = json!(pool);
    metadata["labels"][OWNED] = json!("");
    let deployment = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineDeployment", "metadata": metadata,
        "spec": { "clusterName": cluster, "replicas": replicas, "template": { "spec": { "clusterName": cluster, "version": version } } }, "status": {},
    });
    let set = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineSet", "metadata": owned(meta(set, cluster, created), (CORE, "MachineDeployment", object)),
        "spec": { "clusterName": cluster, "replicas": replicas }, "status": {},
    });
    [deployment, set]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Making,
    Up,
    /// kubeadm failed in it, and nobody tries again.
    Late,
}

pub(crate) struct Machine<'a> {
    pub(crate) name: &'a str,
    pub(crate) cluster: &'a str,
    pub(crate) owner: Owner<'a>,
    pub(crate) version: &'a str,
    pub(crate) times: &'a Times,
    pub(crate) stage: Stage,
}

/// When a machine got how far, or would, as a server writes times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) created: String,
    /// What kubeadm shall do is written.
    pub(crate) data: String,
    pub(crate) container: String,
    /// kubeadm ended.
    pub(crate) bootstrapped: String,
    pub(crate) joined: String,
    /// Since when it is in its stage.
    pub(crate) since: String,
}

impl Times {
    /// A machine that is only asked for.
    pub(crate) fn at(now: &str) -> Self {
        let now = || now.to_owned();
        Self { created: now(), data: now(), container: now(), bootstrapped: now(), joined: now(), since: now() }
    }

    /// A machine that got to its stage without a wait: most of its time kubeadm took.
    pub(crate) fn between(created: Timestamp, since: Timestamp) -> Self {
        let part = |hundredths: u64| stamp(Timestamp(created.0 + since.since(created).0 / 100 * hundredths));
        Self { created: stamp(created), data: part(5), container: part(25), bootstrapped: part(75), joined: part(90), since: stamp(since) }
    }
}

/// A Machine, its bootstrap configuration and its container.
pub(crate) fn machine(of: &Machine) -> [Value; 3] {
    let Machine { name, cluster, version, times, .. } = of;
    let Times { created, data, container, bootstrapped, joined, since } = times;
    let (made, up) = (of.stage != Stage::Making, of.stage == Stage::Up);
    let mut metadata = owned(meta(name, cluster, created), of.owner);
    metadata["finalizers"] = json!([FINALIZER]);
    if of.owner.1 == "KubeadmControlPlane" {
        metadata["labels"][PLANE] = json!("");
    }
    let said = if up { "" } else { "* DockerMachine status.initialization.provisioned is false" };
    let reason = |good: &'static str| if up { good } else { "NotReady" };
    let mut status = json!({
        "phase": if up { "Running" } else { "Provisioning" },
        "conditions": [
            condition("Available", up, reason("Available"), "", since), condition("Ready", up, reason("Ready"), said, since),
            condition("UpToDate", true, "UpToDate", "", created), condition("Paused", false, "NotPaused", "", created),
            condition("BootstrapConfigReady", true, "Ready", "", data), condition("InfrastructureReady", up, reason("Ready"), said, if up { bootstrapped } else { since }),
        ],
    });
    if up {
        status["nodeRef"] = json!({ "name": name });
        let node = [condition("NodeReady", true, "NodeReady", "", joined), condition("NodeHealthy", true, "NodeHealthy", "", since)];
        status["conditions"].as_array_mut().into_iter().for_each(|all| all.extend(node.clone()));
    }
    let bootstrap = match of.stage {
        Stage::Up => condition("BootstrapExecSucceeded", true, "Succeeded", "", bootstrapped),
        Stage::Late => condition("BootstrapExecSucceeded", false, "BootstrapFailed", "Repeating bootstrap", since),
        Stage::Making => condition("BootstrapExecSucceeded", false, "Bootstrapping", "", since),
    };
    [
        json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine", "metadata": metadata,
            "spec": {
                "clusterName": cluster, "version": version, "providerID": format!("docker:////{name}"), "infrastructureRef": reference(INFRASTRUCTURE, "DockerMachine", name),
                "bootstrap": { "configRef": reference(BOOTSTRAP, "KubeadmConfig", name) },
            },
            "status": status,
        }),
        json!({
            "apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2", "kind": "KubeadmConfig", "metadata": meta(name, cluster, created), "spec": {},
            "status": { "conditions": [condition("Ready", true, "Ready", "", data), condition("DataSecretAvailable", true, "Available", "", data), condition("CertificatesAvailable", true, "Available", "", created)] },
        }),
        json!({
            "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DockerMachine", "metadata": meta(name, cluster, created), "spec": {},
            "status": { "initialization": { "provisioned": up }, "conditions": [condition("ContainerProvisioned", made, if made { "Provisioned" } else { "NotProvisioned" }, "", if made { container } else { since }), bootstrap] },
        }),
    ]
}

/// A MachineHealthCheck and the machines that it watches.
pub(crate) fn health_check(name: &str, cluster: &str, watched: &[&str], created: &str) -> Value {
    let rules = |kind: &str| json!([{ "type": kind, "status": "Unknown", "timeoutSeconds": 300 }, { "type": kind, "status": "False", "timeoutSeconds": 300 }]);
    let mut metadata = owned(meta(name, cluster, created), (CORE, "Cluster", cluster));
    // A pool may have the same name, and no two objects have one uid.
    metadata["uid"] = json!(format!("check-{name}"));
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineHealthCheck", "metadata": metadata,
        "spec": { "clusterName": cluster, "checks": { "nodeStartupTimeoutSeconds": 600, "unhealthyNodeConditions": rules("Ready") } },
        "status": {
            "expectedMachines": watched.len(), "currentHealthy": watched.len(), "remediationsAllowed": watched.len(), "targets": watched,
            "conditions": [condition("RemediationAllowed", true, "RemediationAllowed", "", created), condition("Paused", false, "NotPaused", "", created)],
        },
    })
}

/// What a ClusterResourceSet put into a cluster.
pub(crate) fn binding(cluster: &str, applied: &str) -> Value {
    json!({
        "apiVersion": "addons.cluster.x-k8s.io/v1beta2", "kind": "ClusterResourceSetBinding", "metadata": owned(meta(cluster, cluster, applied), (CORE, "Cluster", cluster)),
        "spec": { "clusterName": cluster, "bindings": [{
            "clusterResourceSetName": "network", "resources": [{ "kind": "Secret", "name": "kindnet", "applied": true, "hash": "sha256:5eed", "lastAppliedTime": applied }],
        }] },
    })
}
