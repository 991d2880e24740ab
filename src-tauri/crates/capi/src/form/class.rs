//! What does a ClusterClass let one choose?

use api::drawing::{ClassName, ClassView, MachinesAre, Need, Shape, Variable};
use serde_json::Value;

/// An object that another one names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `infrastructure.cluster.x-k8s.io/v1beta2`.
    pub api_version: String,
    pub kind: String,
    pub namespace: String,
    pub name: String,
}

/// The template of the cluster's infrastructure, which tells what machines are made of.
pub fn template_of(class: &Value) -> Option<Reference> {
    refer(&class["spec"]["infrastructure"], class)
}

/// What the machines of a cluster are that names its infrastructure itself, as the objects beside it say.
pub fn machines_of(cluster: &Value, others: &[Value]) -> MachinesAre {
    let to = &cluster["spec"]["infrastructureRef"];
    let object = others.iter().find(|other| other["kind"] == to["kind"] && other["metadata"]["name"] == to["name"]);
    machines(to["kind"].as_str().unwrap_or_default(), object.map(|object| &object["spec"]["backend"]))
}

/// Reads a class of either contract; `None` when it has no name.
pub fn class(class: &Value, template: Option<&Value>) -> Option<ClassView> {
    let spec = &class["spec"];
    let kind = |of: &Value| refer(of, class).map(|r| r.kind.trim_end_matches("Template").to_owned()).unwrap_or_default();
    let infrastructure = kind(&spec["infrastructure"]);
    let name = ClassName { namespace: text(&class["metadata"]["namespace"]), name: class["metadata"]["name"].as_str()?.to_owned() };
    Some(ClassView {
        name,
        machines: machines(&infrastructure, template.map(|template| &template["spec"]["template"]["spec"]["backend"])),
        infrastructure,
        control_plane: kind(&spec["controlPlane"]),
        workers: list(&spec["workers"]["machineDeployments"]).iter().filter_map(|w| w["class"].as_str().map(str::to_owned)).collect(),
        variables: list(&spec["variables"]).iter().filter_map(variable).collect(),
        versions: list(&spec["kubernetesVersions"]).iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        trouble: trouble(class),
    })
}

/// v1beta2 has a `templateRef` that stays in the namespace, v1beta1 a `ref` that names one.
fn refer(of: &Value, class: &Value) -> Option<Reference> {
    let to = if of["templateRef"].is_object() { &of["templateRef"] } else { &of["ref"] };
    let namespace = to["namespace"].as_str().or_else(|| class["metadata"]["namespace"].as_str()).unwrap_or_default();
    Some(Reference {
        api_version: to["apiVersion"].as_str()?.into(),
        kind: to["kind"].as_str()?.into(),
        namespace: namespace.into(),
        name: to["name"].as_str()?.into(),
    })
}

/// `Dev*` kinds name their backend, the older `Docker*` kinds have but one.
fn machines(infrastructure: &str, backend: Option<&Value>) -> MachinesAre {
    match backend {
        Some(backend) if backend["docker"].is_object() => MachinesAre::Containers,
        Some(backend) if backend["inMemory"].is_object() => MachinesAre::Simulated,
        Some(_) | None if infrastructure == "DockerCluster" => MachinesAre::Containers,
        Some(_) | None => MachinesAre::Elsewhere,
    }
}

fn variable(of: &Value) -> Option<Variable> {
    let schema = &of["schema"]["openAPIV3Schema"];
    Some(Variable {
        name: of["name"].as_str()?.to_owned(),
        need: if of["required"] == true { Need::Required } else { Need::Optional },
        shape: shape(schema),
        choices: list(&schema["enum"]).iter().map(Value::to_string).collect(),
        default: schema.get("default").map(Value::to_string),
        says: text(&schema["description"]),
    })
}

fn shape(schema: &Value) -> Shape {
    match schema["type"].as_str() {
        Some("boolean") => Shape::Truth,
        Some("string") => Shape::Text {
            pattern: schema["pattern"].as_str().map(str::to_owned),
            shortest: schema["minLength"].as_u64(),
            longest: schema["maxLength"].as_u64(),
        },
        Some("integer") => Shape::Whole { min: schema["minimum"].as_i64(), max: schema["maximum"].as_i64() },
        Some("number") => Shape::Number,
        Some(_) | None => Shape::Tree,
    }
}

/// Its controllers say when its variables or templates cannot be used; v1beta1 calls the condition otherwise.
fn trouble(class: &Value) -> String {
    if class["metadata"]["deletionTimestamp"].is_string() {
        return "It is being deleted.".to_owned();
    }
    let status = &class["status"];
    let all = list(&status["conditions"]).iter().chain(list(&status["v1beta2"]["conditions"]));
    let known = ["VariablesReady", "VariablesReconciled"];
    let bad = all.into_iter().find(|c| c["status"] == "False" && c["type"].as_str().is_some_and(|t| known.contains(&t)));
    bad.map(|c| text(&c["message"])).unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
