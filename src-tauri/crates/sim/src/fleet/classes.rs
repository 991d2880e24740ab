//! Which ClusterClasses does kos-mgmt offer?

use serde_json::{Value, json};

/// The class of Cluster API's quick start and the one of its in-memory backend, with the templates that they name.
pub(crate) fn objects(created: &str) -> Vec<Value> {
    let text = |name: &str, says: &str| json!({ "name": name, "required": true, "schema": { "openAPIV3Schema": { "type": "string", "default": "", "description": says } } });
    let pod_security = json!({
        "name": "podSecurityStandard", "required": false,
        "schema": { "openAPIV3Schema": { "type": "object", "properties": {
            "enabled": { "type": "boolean", "default": true, "description": "enabled enables the patches to enable Pod Security Standard via AdmissionConfiguration." },
            "enforce": { "type": "string", "default": "baseline", "description": "enforce sets the level for the enforce PodSecurityConfiguration mode." },
        } } },
    });
    let variables = json!([
        text("imageRepository", "imageRepository sets the container registry to pull images from."),
        text("etcdImageTag", "etcdImageTag sets the tag for the etcd image."),
        text("coreDNSImageTag", "coreDNSImageTag sets the tag for the coreDNS image."),
        { "name": "lbImageRepository", "required": false, "schema": { "openAPIV3Schema": { "type": "string", "default": "kindest", "description": "lbImageRepository sets the registry of the load balancer’s image." } } },
        { "name": "kubeadmControlPlaneMaxSurge", "required": false, "schema": { "openAPIV3Schema": { "type": "string", "default": "1", "enum": ["0", "1"], "description": "kubeadmControlPlaneMaxSurge is how many control planes may be added at once." } } },
        { "name": "preLoadImages", "required": false, "schema": { "openAPIV3Schema": { "type": "array", "default": [], "items": { "type": "string" }, "description": "preLoadImages are images of this machine that every machine gets." } } },
        pod_security,
    ]);
    let docker = json!({ "loadBalancer": {} });
    let in_memory = json!({ "backend": { "inMemory": {} } });
    [class("quick-start", "Docker", &variables, &docker, created), class("in-memory", "Dev", &json!([]), &in_memory, created)].concat()
}

fn class(name: &str, provider: &str, variables: &Value, infrastructure: &Value, created: &str) -> Vec<Value> {
    let group = "infrastructure.cluster.x-k8s.io/v1beta2";
    let template = |api_version: &str, kind: &str, name: String| json!({ "templateRef": { "apiVersion": api_version, "kind": kind, "name": name } });
    let machine = template(group, &format!("{provider}MachineTemplate"), format!("{name}-machine"))["templateRef"].clone();
    let control_plane = template("controlplane.cluster.x-k8s.io/v1beta2", "KubeadmControlPlaneTemplate", format!("{name}-control-plane"));
    let bootstrap = template("bootstrap.cluster.x-k8s.io/v1beta2", "KubeadmConfigTemplate", format!("{name}-worker"));
    let meta = |name: String| json!({ "name": name, "namespace": "default", "creationTimestamp": created });
    vec![
        json!({ "apiVersion": group, "kind": format!("{provider}ClusterTemplate"), "metadata": meta(format!("{name}-cluster")), "spec": { "template": { "spec": infrastructure } } }),
        json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": meta(name.to_owned()),
            "spec": {
                "infrastructure": template(group, &format!("{provider}ClusterTemplate"), format!("{name}-cluster")), "controlPlane": { "templateRef": control_plane["templateRef"], "machineInfrastructure": { "templateRef": machine } },
                "workers": { "machineDeployments": [{ "class": "default-worker", "bootstrap": bootstrap, "infrastructure": { "templateRef": machine } }] }, "variables": variables,
            },
            "status": { "conditions": [
                { "type": "VariablesReady", "status": "True", "reason": "VariablesReady", "message": "", "lastTransitionTime": created },
                { "type": "RefVersionsUpToDate", "status": "True", "reason": "RefVersionsUpToDate", "message": "", "lastTransitionTime": created },
            ] },
        }),
    ]
}
