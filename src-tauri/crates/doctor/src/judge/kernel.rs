//! Are the kernel's limits high enough?

use api::computer::{CheckId, CheckRow, Remedy, Verdict};

use super::row::{Row, check, grouped};
use crate::{Asked, Facts, Limit, Wanted, parse};

const INSTANCES: u64 = 8_192;
/// Fewer serve a few nodes, by kind's own list of known issues.
const INSTANCES_FEW: u64 = 512;
const WATCHES: u64 = 1_048_576;
const WATCHES_FEW: u64 = 524_288;
const FILES: u64 = 65_536;
const FILES_FEW: u64 = 4_096;
/// Starts this machine with version 2 of cgroups.
pub(super) const UNIFIED: &str = "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1";
const ITS_LIMITS: &str = "its limits are";
/// This near to its limit the next node may not start.
const SPARE_INSTANCES: u64 = 32;

pub(super) fn inotify_instances(facts: &Facts) -> CheckRow {
    let row = check(CheckId::InotifyInstances, "inotify instances", "each node runs systemd and a kubelet that use them", "8,192 or more");
    if let Some(why) = facts.seat().hides(ITS_LIMITS) {
        return row.unknown(&why);
    }
    let Limit { limit: Some(limit), used } = facts.inotify_instances else { return row.unknown("The kernel does not tell its limit here.") };
    let full = used.is_some_and(|used| used + SPARE_INSTANCES >= limit);
    let so_far = match used {
        None => "How many are in use cannot be told.".to_owned(),
        Some(used) if used >= limit => format!("All {} are in use.", grouped(limit)),
        Some(used) => format!("{} of {} are in use.", grouped(used), grouped(limit)),
    };
    let words = "A new node then fails with “too many open files”, which looks like a machine that never joins.";
    let row = match (limit >= INSTANCES, full, limit >= INSTANCES_FEW) {
        (true, false, _) => return row.passed(grouped(limit)),
        (_, true, _) => row.is(Verdict::Failed, grouped(limit), format!("{so_far} {words}")),
        (false, false, true) => row.is(Verdict::Warning, grouped(limit), format!("{so_far} This serves a few nodes. {words}")),
        // What most systems come with is enough to begin: it is no reason to make nothing.
        (false, false, false) => row.is(Verdict::Warning, grouped(limit), format!("{so_far} This serves one or two nodes. {words}")),
    };
    let wanted = if limit >= INSTANCES { limit.saturating_mul(2) } else { INSTANCES };
    // KOS itself only sets what nodes need.
    let remedy = (wanted == INSTANCES).then_some(Remedy::RaiseInotifyInstances);
    sysctl(row, "fs.inotify.max_user_instances", wanted, remedy, facts)
}

pub(super) fn inotify_watches(facts: &Facts) -> CheckRow {
    let row = check(CheckId::InotifyWatches, "inotify watches", "the same, for watched files", "1,048,576");
    if let Some(why) = facts.seat().hides(ITS_LIMITS) {
        return row.unknown(&why);
    }
    let Some(limit) = facts.inotify_watches.limit else { return row.unknown("The kernel does not tell its limit here.") };
    let row = match limit {
        WATCHES.. => return row.passed(grouped(limit)),
        WATCHES_FEW.. => {
            row.is(Verdict::Warning, grouped(limit), "This serves a few nodes. More of them may fail with “no space left on device” while the disk has room.")
        }
        _ => row.is(Verdict::Warning, grouped(limit), "Nodes may fail with “no space left on device” while the disk has room."),
    };
    sysctl(row, "fs.inotify.max_user_watches", WATCHES, Some(Remedy::RaiseInotifyWatches), facts)
}

fn sysctl(row: Row, name: &str, value: u64, remedy: Option<Remedy>, facts: &Facts) -> CheckRow {
    let file = name.rsplit(['.', '_']).next().unwrap_or(name);
    let now = format!("sudo sysctl -w {name}={value}");
    let row = match remedy {
        Some(remedy) => row.fix_as_root("Now", now, remedy, facts.password_dialog),
        None => row.fix("Now", now),
    };
    row.fix("After restarts", format!("echo {name}={value} | sudo tee /etc/sysctl.d/90-kos-{file}.conf")).done()
}

/// The nodes run in the cgroups of Docker's machine, which is another one with Docker Desktop.
pub(super) fn cgroup(facts: &Facts, wanted: &Wanted) -> CheckRow {
    let row = check(CheckId::CgroupVersion, "cgroup version", "Kubernetes 1.35 and newer refuse version 1", "v2");
    let of_docker = match &facts.docker.asked {
        Asked::Answered { cgroup, .. } => *cgroup,
        Asked::NotAsked | Asked::NotInstalled { .. } | Asked::Failed { .. } => None,
    };
    let (own, why, when) = match facts.seat().hides("its version is") {
        None => (facts.cgroup, "Neither Docker nor this machine tells the version.".to_owned(), "After restarts"),
        Some(why) => (None, why, "On that machine, after restarts"),
    };
    match of_docker.or(own) {
        None => row.unknown(&why),
        Some(1) => {
            let refuses = parse::version(&wanted.kubernetes).is_none_or(|version| version >= (1, 35));
            let row = if refuses {
                row.is(
                    Verdict::Failed,
                    "v1",
                    "The kubelet of the wanted Kubernetes refuses to start. Choose 1.34 or older, or start the machine of Docker with version 2.",
                )
            } else {
                row.is(Verdict::Warning, "v1", "The wanted Kubernetes still runs; 1.35 and newer do not.")
            };
            row.fix(when, UNIFIED).done()
        }
        Some(version) => row.passed(format!("v{version}")),
    }
}

pub(super) fn modules(facts: &Facts) -> CheckRow {
    let row = check(CheckId::KernelModules, "Kernel modules", "containers and their network are made of them", "overlay, br_netfilter, ip_tables or nf_tables");
    if let Some(why) = facts.seat().hides("its modules are") {
        return row.unknown(&why);
    }
    match facts.modules_missing.as_deref() {
        None => row.unknown("This machine does not list its modules."),
        Some([]) => row.passed("all there"),
        Some(missing) => {
            let load = missing.iter().map(|names| names.split(' ').next_back().unwrap_or(names)).collect::<Vec<_>>().join(" ");
            row.is(
                Verdict::Warning,
                format!("{} missing", missing.len()),
                format!("Not loaded: {}. Docker loads most of them when it needs them.", missing.join(", ")),
            )
            .fix("Now", format!("sudo modprobe -a {load}"))
            .done()
        }
    }
}

pub(super) fn open_files(facts: &Facts) -> CheckRow {
    let row = check(CheckId::OpenFiles, "Open files", "each watch, log and shell takes one", "65,536 or more");
    match facts.open_files.limit {
        None => row.unknown("The limit is not told."),
        Some(limit @ FILES..) => row.passed(grouped(limit)),
        Some(limit @ FILES_FEW..) => row.is(Verdict::Passed, grouped(limit), "This serves KOS; very large fleets want more.").done(),
        Some(limit) => row
            .is(Verdict::Warning, grouped(limit), "KOS may have to refuse the next stream.")
            .fix("After restarts", "echo \"$USER hard nofile 65536\" | sudo tee /etc/security/limits.d/90-kos.conf")
            .done(),
    }
}
