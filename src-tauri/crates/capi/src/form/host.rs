//! Has the machine what the nodes of a new cluster take from it?

use api::computer::{CheckRow, ComputerView, Verdict};
use api::drawing::{ClusterForm, FormCheck, FormFix, Level};
use api::{Fix, computer::CheckId};

/// This machine, when its Docker is the one that makes the machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Host {
    pub computer: ComputerView,
    pub checks: Vec<CheckRow>,
}

/// What a control plane with etcd and what a worker take, as measured with an idle cluster.
const OF_A_CONTROL_PLANE: u64 = 800_000_000;
const OF_A_WORKER: u64 = 450_000_000;
/// A node image with what it unpacks.
const OF_A_DISK: u64 = 1_500_000_000;

/// Checks that stand beside the form, the worst first.
pub(super) fn checks(form: &ClusterForm, host: &Host) -> Vec<FormCheck> {
    let workers: u32 = form.pools.iter().map(|pool| pool.replicas).fold(0, u32::saturating_add);
    let machines = form.control_planes.saturating_add(workers);
    let mut found: Vec<FormCheck> =
        [inotify(host, machines), docker(host), memory(form.control_planes, workers, host), disk(machines, host)].into_iter().flatten().collect();
    found.sort_by_key(|check| check.level);
    found
}

fn beside(level: Level, title: &str, says: String) -> FormCheck {
    let fix = (level != Level::Well).then_some(FormFix::Go(Fix::OpenDoctor));
    FormCheck { field: None, level, title: title.to_owned(), says, fix }
}

fn inotify(host: &Host, machines: u32) -> Option<FormCheck> {
    let row = host.checks.iter().find(|row| row.id == CheckId::InotifyInstances)?;
    let need = if machines == 1 { "1 new node needs some.".to_owned() } else { format!("{machines} new nodes need some.") };
    let computer = &host.computer;
    match row.verdict {
        Verdict::Failed if computer.inotify_limit > 0 && computer.inotify_used >= computer.inotify_limit => {
            Some(beside(Level::Fails, "No inotify instances are left", need))
        }
        Verdict::Failed => Some(beside(Level::Fails, "Few inotify instances are left", need)),
        Verdict::Warning => Some(beside(Level::Risks, "The limit of inotify instances is low", need)),
        Verdict::Passed | Verdict::NotChecked | Verdict::Unknown => None,
    }
}

fn docker(host: &Host) -> Option<FormCheck> {
    let row = host.checks.iter().find(|row| row.id == CheckId::Docker && row.verdict == Verdict::Failed)?;
    Some(beside(Level::Fails, "Docker does not answer", format!("Machines are its containers. {}", row.found)))
}

fn memory(control_planes: u32, workers: u32, host: &Host) -> Option<FormCheck> {
    let free = Some(host.computer.memory_free).filter(|_| host.computer.memory_total > 0)?;
    let need = OF_A_CONTROL_PLANE * u64::from(control_planes) + OF_A_WORKER * u64::from(workers);
    let says = format!("Needs about {}, {} is free.", size(need), size(free));
    Some(if need > free { beside(Level::Fails, "Memory is short", says) } else { beside(Level::Well, "Memory is enough", says) })
}

fn disk(machines: u32, host: &Host) -> Option<FormCheck> {
    let free = Some(host.computer.disk_free).filter(|_| host.computer.disk_total > 0)?;
    let need = OF_A_DISK * u64::from(machines);
    let says = format!("Needs about {}, {} is free at {}.", size(need), size(free), host.computer.docker_root);
    (need > free).then(|| beside(Level::Fails, "The disk of Docker is short", says))
}

/// `2.6 GB`, as Docker counts.
fn size(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000_000) / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}
