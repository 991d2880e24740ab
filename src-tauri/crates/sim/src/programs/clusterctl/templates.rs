//! Which templates do the simulated providers bring?

use super::{cluster_of, inventory};
use crate::programs::run::Run;

/// The two that the demo knows: their provider, their flavor, what stands before the cluster, and what that asks for.
static TEMPLATES: [Template; 2] = [
    Template { provider: "docker", flavor: "development", begins: "", asks: &[] },
    Template { provider: "vsphere", flavor: "topology", begins: LOGIN, asks: &["VSPHERE_PASSWORD", "VSPHERE_USERNAME"] },
];

struct Template {
    provider: &'static str,
    flavor: &'static str,
    begins: &'static str,
    asks: &'static [&'static str],
}

/// After `cluster-template-topology.yaml` of vSphere's provider. The cluster that follows it here is of the demo's class.
const LOGIN: &str = "apiVersion: v1
kind: Secret
metadata:
  name: ${CLUSTER_NAME}
  namespace: ${NAMESPACE}
stringData:
  password: ${VSPHERE_PASSWORD}
  username: ${VSPHERE_USERNAME}
---
";

/// After `cluster-template-development.yaml` of Docker's provider, which makes a cluster of the class `quick-start`.
const DEVELOPMENT: &str = r#"apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: ${CLUSTER_NAME}
  namespace: ${NAMESPACE}
spec:
  clusterNetwork:
    services:
      cidrBlocks: ${SERVICE_CIDR}
    pods:
      cidrBlocks: ${POD_CIDR}
    serviceDomain: ${SERVICE_DOMAIN}
  topology:
    classRef:
      name: quick-start
    version: ${KUBERNETES_VERSION}
    controlPlane:
      replicas: ${CONTROL_PLANE_MACHINE_COUNT}
    workers:
      machineDeployments:
      - class: default-worker
        name: md-0
        replicas: ${WORKER_MACHINE_COUNT}
"#;

/// Its variables with the flag or the default that gives their value, in the order in which they are listed.
const VARIABLES: [(&str, Taken); 8] = [
    ("CLUSTER_NAME", Taken::Word),
    ("CONTROL_PLANE_MACHINE_COUNT", Taken::Flag("--control-plane-machine-count")),
    ("KUBERNETES_VERSION", Taken::Flag("--kubernetes-version")),
    ("NAMESPACE", Taken::Flag("--target-namespace")),
    ("POD_CIDR", Taken::Variable("[\"192.168.0.0/16\"]")),
    ("SERVICE_CIDR", Taken::Variable("[\"10.128.0.0/12\"]")),
    ("SERVICE_DOMAIN", Taken::Variable("cluster.local")),
    ("WORKER_MACHINE_COUNT", Taken::Flag("--worker-machine-count")),
];

#[derive(Debug, Clone, Copy)]
enum Taken {
    Word,
    Flag(&'static str),
    /// The environment, else this.
    Variable(&'static str),
}

impl Taken {
    fn value(self, name: &str, run: &Run<'_>) -> Result<String, String> {
        let arguments = run.arguments();
        match self {
            Self::Word => Ok(arguments.word(2).to_owned()),
            Self::Flag(flag) => {
                arguments.value(flag).map(str::to_owned).ok_or_else(|| format!("failed to get value for {name}: the simulated clusterctl needs {flag}"))
            }
            Self::Variable(default) => Ok(run.variable(name).unwrap_or(default).to_owned()),
        }
    }
}

/// The template, or its variables.
pub(super) fn cluster(run: &mut Run<'_>) -> Result<(), String> {
    let arguments = run.arguments();
    if arguments.word(2).is_empty() {
        return Err("please specify a cluster name".into());
    }
    let provider = arguments.either("--infrastructure", "-i").unwrap_or("docker");
    let (name, version) = provider.split_once(':').unwrap_or((provider, ""));
    if !inventory(&cluster_of(run)?).iter().any(|one| one.label == format!("infrastructure-{name}")) {
        return Err(format!("failed to get infrastructure provider {name}: it is not in the demo's cluster"));
    }
    let flavor = arguments.value("--flavor").unwrap_or_default();
    let Some(template) = TEMPLATES.iter().find(|one| one.provider == name && one.flavor == flavor) else {
        let file = if flavor.is_empty() { "cluster-template.yaml".to_owned() } else { format!("cluster-template-{flavor}.yaml") };
        let known: Vec<String> = TEMPLATES.iter().map(|one| format!("\"{}\" of {}", one.flavor, one.provider)).collect();
        let known = known.join(" and ");
        return Err(format!("failed to read \"{file}\" from provider's repository \"infrastructure-{name}\": the demo knows {known}, asked for {version}"));
    };
    if arguments.has("--list-variables") {
        if !template.asks.is_empty() {
            run.out("Required Variables:");
            template.asks.iter().for_each(|name| run.out(&format!("  - {name}")));
        }
        run.out("\nOptional Variables:");
        for (name, from) in VARIABLES {
            let value = from.value(name, run)?;
            let shown = if matches!(from, Taken::Variable(_)) { format!("{value:?}") } else { value };
            run.out(&format!("  - {name:<28}  (defaults to {shown})"));
        }
        run.out("");
        return Ok(());
    }
    let mut text = format!("{}{DEVELOPMENT}", template.begins);
    for name in template.asks {
        let value = run.variable(name).ok_or_else(|| format!("value for variables [{name}] is not set"))?;
        text = text.replace(&format!("${{{name}}}"), value);
    }
    for (name, from) in VARIABLES {
        text = text.replace(&format!("${{{name}}}"), &from.value(name, run)?);
    }
    run.out(text.trim_end());
    Ok(())
}
