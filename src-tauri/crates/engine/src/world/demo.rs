//! What does the simulated machine have, in the doctor's words?

use api::Timestamp;
use doctor::{Facts, Limit, PortFact, Wanted};
use sim::machine::Cgroup;

/// Programs and Docker are asked as on a real machine; the rest is what the simulation says of itself.
pub(super) async fn facts(world: &sim::World, wanted: &Wanted, now: Timestamp) -> Facts {
    let asked = doctor::probe(world, None, wanted, now).await;
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
