//! What will come of a form: which objects, how many machines, and when?

use api::Millis;
use api::capi::MachineStep;
use api::drawing::{ClassView, ClusterForm, ClusterNetwork, DrawnObject, ExpectedBar, MachineCount, MachinesAre};
use api::planned::{Fate, PlannedObject};
use serde_json::Value;

use crate::object::CORE;
use crate::{MachineRole, Usual};

/// First guesses, as measured in Docker with node images that were here and with the in-memory backend; milliseconds.
const LOAD_BALANCER: u64 = 7_000;
const CONTROL_PLANE: u64 = 62_000;
/// From the start of a control plane machine until its API server answers.
const API_SERVER: u64 = 45_000;
const NETWORK: u64 = 18_000;
const WORKER: u64 = 46_000;
const SIMULATED: u64 = 18_000;

/// Machines as the form asks for them.
pub fn asked(form: &ClusterForm) -> MachineCount {
    MachineCount { control_planes: form.control_planes, workers: form.pools.iter().map(|pool| pool.replicas).fold(0, u32::saturating_add) }
}

pub(super) fn total(count: MachineCount) -> u32 {
    count.control_planes.saturating_add(count.workers)
}

/// Machines as the objects would make them: a topology's own numbers, or those of plain control planes and pools.
///
/// Pools of machine pools count too: a template once had both kinds with the same number, and made nine nodes of six.
pub fn rendered(cluster: &Value, others: &[Value]) -> MachineCount {
    let number = |value: &Value, without: u32| value.as_u64().map_or(without, |n| u32::try_from(n).unwrap_or(u32::MAX));
    let sum = |list: &Value| list.as_array().into_iter().flatten().map(|pool| number(&pool["replicas"], 0)).fold(0, u32::saturating_add);
    let topology = &cluster["spec"]["topology"];
    if topology.is_object() {
        let workers = &topology["workers"];
        return MachineCount {
            control_planes: number(&topology["controlPlane"]["replicas"], 1),
            workers: sum(&workers["machineDeployments"]).saturating_add(sum(&workers["machinePools"])),
        };
    }
    let mut count = MachineCount::default();
    for object in others {
        let group = object["apiVersion"].as_str().and_then(|v| v.split_once('/')).map_or("", |(group, _)| group);
        match (group, object["kind"].as_str().unwrap_or_default()) {
            (CORE, "MachineDeployment" | "MachinePool" | "MachineSet") => count.workers = count.workers.saturating_add(number(&object["spec"]["replicas"], 1)),
            ("controlplane.cluster.x-k8s.io", kind) if !kind.ends_with("Template") => count.control_planes = number(&object["spec"]["replicas"], 1),
            _ => {}
        }
    }
    count
}

/// What is written, and what controllers make of it, in the order of the tree.
pub fn objects(form: &ClusterForm, class: Option<&ClassView>, others: &[Value]) -> Vec<DrawnObject> {
    let drawn = |fate: Fate, kind: &str, name: &str, depth: u16| {
        let object = PlannedObject::named(fate, kind, form.namespace.as_str(), name);
        DrawnObject { object, depth, machines: 0, note: String::new() }
    };
    let written = |kind: &str, name: &str| drawn(Fate::Later, kind, name, 0);
    let made = |kind: &str, name: &str| drawn(Fate::Made, kind, name, 1);
    let text = |value: &'static str, of: &Value| of.pointer(value).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut all: Vec<DrawnObject> = others.iter().map(|o| written(&text("/kind", o), &text("/metadata/name", o))).collect();
    all.push(written("Cluster", &form.name));
    let Some(class) = class else { return all };
    let name = format!("{}-…", form.name);
    let note = if class.machines == MachinesAre::Containers { "load balancer" } else { "" };
    all.push(DrawnObject { note: note.to_owned(), ..made(&class.infrastructure, &name) });
    all.push(DrawnObject { machines: form.control_planes, ..made(&class.control_plane, &name) });
    all.extend(form.pools.iter().map(|pool| DrawnObject { machines: pool.replicas, ..made("MachineDeployment", &format!("{}-{}-…", form.name, pool.name)) }));
    all
}

/// The parts of the work over time. Control planes come one after another, pools beside each other once the first of them answers.
pub fn expected(form: &ClusterForm, class: Option<&ClassView>, usual: &Usual) -> Vec<ExpectedBar> {
    let simulated = class.is_some_and(|class| class.machines == MachinesAre::Simulated);
    let bar = |words: &str, from: u64, to: u64| ExpectedBar { words: words.to_owned(), from: Millis(from), to: Millis(to) };
    let guess = |docker: u64| if simulated { SIMULATED } else { docker };
    let plane = took(usual, MachineRole::ControlPlane, &MAKING).unwrap_or(guess(CONTROL_PLANE));
    let answers = took(usual, MachineRole::ControlPlane, &UNTIL_BOOTED).unwrap_or(guess(API_SERVER).min(plane));
    let worker = took(usual, MachineRole::Worker, &MAKING).unwrap_or(guess(WORKER));
    let begin = if simulated { 0 } else { LOAD_BALANCER };
    let mut bars = vec![];
    if !simulated {
        bars.push(bar("Load balancer", 0, begin));
    }
    bars.push(bar("Control plane", begin, begin + plane.saturating_mul(u64::from(form.control_planes))));
    let from = begin + answers;
    if !simulated && form.network != ClusterNetwork::NotInstalled {
        bars.push(bar("Network", from.saturating_sub(5_000).max(begin), from.saturating_sub(5_000).max(begin) + NETWORK));
    }
    let pools = form.pools.iter().filter(|pool| pool.replicas > 0);
    bars.extend(pools.map(|pool| {
        let machines = if pool.replicas == 1 { "1 machine".to_owned() } else { format!("{} machines", pool.replicas) };
        bar(&format!("{}, {machines}", pool.name), from, from + worker)
    }));
    bars
}

/// What a machine goes through once its turn has come.
const MAKING: [MachineStep; 6] =
    [MachineStep::BootstrapData, MachineStep::Container, MachineStep::BootstrapRun, MachineStep::Joined, MachineStep::Healthy, MachineStep::Available];
const UNTIL_BOOTED: [MachineStep; 3] = [MachineStep::BootstrapData, MachineStep::Container, MachineStep::BootstrapRun];

/// The sum of the usual times, `None` before every step was seen once.
fn took(usual: &Usual, role: MachineRole, steps: &[MachineStep]) -> Option<u64> {
    steps.iter().map(|step| usual.typical(role, *step).map(|took| took.0)).sum()
}
