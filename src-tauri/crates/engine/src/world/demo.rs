//! What does the simulated machine have, in the doctor's words, and what did its user do?

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use api::changes::ClusterAt;
use api::connect::{Life, Workload};
use api::contexts::{Favourite, Guard};
use api::{ContextId, Fault, Millis, Timestamp};
use doctor::{Asked, Facts, Limit, Platform, Plugin, PortFact, Wanted};
use sim::fleet::definitions;
use sim::machine::Cgroup;

use crate::connecting::Kept;
use crate::drift::Binding;
use crate::fleet::Fleet;
use crate::home::Home;
use crate::memory::{Memory, OfContext};

/// Programs and Docker are asked as on a real machine; the rest is what the simulation says of itself.
pub(super) async fn facts(world: &sim::World, plugins: Option<Vec<Plugin>>, wanted: &Wanted, now: Timestamp) -> Facts {
    let mut asked = doctor::probe(world, None, plugins, wanted, now).await;
    // What the probe sees of a socket and of the system is this machine's.
    asked.docker.platform = Platform::Linux;
    asked.docker.socket_there = matches!(asked.docker.asked, Asked::Answered { .. }).then_some(true);
    let machine = world.machine();
    let limit = |l: sim::machine::Limit| Limit { limit: Some(l.most), used: Some(l.used) };
    Facts {
        system: Some(machine.system),
        kernel: Some(machine.kernel),
        processors: machine.processors,
        memory_total: Some(machine.memory_total_bytes),
        memory_free: Some(machine.memory_available_bytes),
        disk_total: Some(machine.disk_total_bytes),
        disk_free: Some(machine.disk_available_bytes),
        inotify_instances: limit(machine.inotify_instances),
        inotify_watches: limit(machine.inotify_watches),
        open_files: Limit { limit: Some(machine.open_files_limit), used: None },
        cgroup: Some(match machine.cgroup {
            Cgroup::V1 => 1,
            Cgroup::V2 => 2,
        }),
        modules_missing: Some(machine.missing_modules),
        port: wanted.api_port.map(|port| PortFact { port, free: !machine.ports_taken.contains(&port) }),
        ..asked
    }
}

/// Contexts with the age of their last use in seconds and the version that was seen, empty for never.
const USED: [(&str, u64, &str); 9] = [
    ("dev-eu", 20, "v1.35.4"),
    ("staging-eu", 3_600, "v1.35.4"),
    ("prod-eu-1", 8 * 60, "v1.35.2"),
    ("prod-us-1", 12 * 86_400, ""),
    ("perf-lab", 2 * 86_400, "v1.34.6"),
    ("pi-rack", 3 * 3_600, "v1.36.0"),
    ("nas-k3s", 6 * 86_400, "v1.33.9"),
    ("gke-batch", 40 * 86_400, ""),
    ("kind-kos-mgmt", 60, "v1.36.1"),
];
/// The rail of the invented user, from top to bottom.
const PINNED: [&str; 7] = ["kind-kos-mgmt", "lab-a", "lab-b", "dev-eu", "staging-eu", "prod-eu-1", "pi-rack"];

/// What the invented user looks at right now: four answer, one asks for a sign-in, one cannot be reached.
pub(super) const OPENED: [&str; 6] = ["kind-kos-mgmt", "dev-eu", "staging-eu", "prod-eu-1", "perf-lab", "pi-rack"];

const MANAGER: &str = "kind-kos-mgmt";

/// What the invented user did before.
pub(super) fn remember(home: &Home, scene: sim::Scene, files: Vec<PathBuf>, kept: Vec<(String, Kept)>, at: Timestamp) -> Result<(), Fault> {
    let default = home.user.join(".kube/config");
    let memory = Memory::open(&home.state);
    // Read once to learn how contexts are named across files; nothing else knows that.
    memory.change(|list| list.files = files.into_iter().filter(|path| *path != default).collect())?;
    let contexts = Fleet::open(home, memory).contexts().rows();
    Memory::open(&home.state).change(|list| {
        for row in contexts {
            list.contexts.insert(row.id.0, known(&row.name, at));
        }
        list.workloads.extend(kept);
        list.definitions.extend(bound(scene, home));
    })
}

fn has_fleet(scene: sim::Scene) -> bool {
    matches!(scene, sim::Scene::Fleet | sim::Scene::NoNetwork)
}

/// The folder of definitions that the invented user bound.
fn bound(scene: sim::Scene, home: &Home) -> Option<Binding> {
    let folder = home.user.join(definitions::CHECKOUT).join(definitions::FOLDER);
    let at = ClusterAt { context: managed_by(home), namespace: "default".into(), name: "lab-a".into() };
    has_fleet(scene).then_some(Binding { at, folder, accepted: vec![] })
}

/// The checkout with it, as git would have left it a day ago.
pub(super) fn checkout(scene: sim::Scene, home: &Home, at: Timestamp) -> Vec<(PathBuf, Vec<u8>)> {
    if !has_fleet(scene) {
        return vec![];
    }
    let root = home.user.join(definitions::CHECKOUT);
    sim::git::laid_out(at.0 / 1_000 - 86_400).into_iter().map(|(path, bytes)| (root.join(path), bytes)).collect()
}

/// The lock of a kubeconfig that a program left which ended early.
const LEFT_LOCK: &str = "clients/gke.yaml.lock";
/// How long ago.
const LEFT: Millis = Millis::seconds(3 * 3_600);

/// Beside kubeconfigs that are written already.
pub(super) fn leave_lock(scene: sim::Scene, home: &Home, at: Timestamp) -> std::io::Result<()> {
    if !has_fleet(scene) {
        return Ok(());
    }
    let left = UNIX_EPOCH + Duration::from_millis(at.0.saturating_sub(LEFT.0));
    File::create(home.user.join(LEFT_LOCK))?.set_modified(left)
}

fn known(name: &str, at: Timestamp) -> OfContext {
    let used = USED.iter().find(|(known, ..)| *known == name);
    let place = PINNED.iter().position(|known| *known == name).and_then(|place| u32::try_from(place).ok());
    OfContext {
        guard: if name.starts_with("prod-") { Guard::Protected } else { Guard::Open },
        favourite: place.map_or(Favourite::No, |place| Favourite::Pinned { place }),
        last_used: used.map(|(_, seconds, _)| Timestamp(at.0.saturating_sub(Millis::seconds(*seconds).0))),
        version: used.map(|(.., version)| (*version).to_owned()).unwrap_or_default(),
        ..OfContext::default()
    }
}

/// The context of the management cluster.
fn managed_by(home: &Home) -> ContextId {
    format!("{}#{MANAGER}", home.kubeconfigs.join(format!("{MANAGER}.yaml")).display()).into()
}

/// The workload clusters that the invented user connected.
pub(super) fn kept(scene: sim::Scene, home: &Home) -> Vec<(String, Kept)> {
    let file = |name: &str| home.kubeconfigs.join(format!("{name}.yaml")).display().to_string();
    let manager = MANAGER;
    let at = |name: &str| ClusterAt { context: managed_by(home), namespace: "default".into(), name: name.into() };
    let all = sim::fleet::connected(scene).into_iter();
    all.filter_map(|(name, secret, port)| {
        let of = Workload { manager: manager.into(), at: at(name), life: Life::There };
        Some((file(name), Kept::of_published(of, secret.as_bytes(), &format!("{name}-lb"), port)?))
    })
    .collect()
}
