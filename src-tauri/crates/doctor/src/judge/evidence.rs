//! Where does it stand what a check found?
//!
//! Pure. A row that troubles somebody quotes its source, so that he can look for himself.

use api::Quote;
use api::computer::CheckId;
use tools::PathReport;

use crate::seat::Seat;
use crate::{Asked, Facts, Limit, ToolFact};

/// `None` where the row says all that is known.
pub(super) fn of(id: CheckId, facts: &Facts) -> Option<Quote> {
    match id {
        CheckId::InotifyInstances => limit("/proc/sys/fs/inotify/max_user_instances", facts.inotify_instances),
        CheckId::InotifyWatches => limit("/proc/sys/fs/inotify/max_user_watches", facts.inotify_watches),
        CheckId::OpenFiles => limit("RLIMIT_NOFILE of KOS", facts.open_files),
        CheckId::CgroupVersion => cgroup(facts),
        CheckId::KernelModules => facts.modules_missing.as_ref().map(|missing| quote("/proc/modules", format!("without {}", missing.join(", ")))),
        CheckId::Docker => match &facts.docker.asked {
            Asked::NotInstalled { .. } => searched(facts.path.as_ref()),
            Asked::Answered { version, .. } => Some(quote("docker info", format!("ServerVersion: {version}"))),
            Asked::Failed { .. } | Asked::NotAsked => None,
        },
        CheckId::DockerSocket | CheckId::DockerNetwork => host(facts),
        CheckId::DockerKind => match &facts.docker.asked {
            Asked::Answered { rootless: true, .. } => Some(quote("docker info", "SecurityOptions: rootless")),
            Asked::Answered { .. } | Asked::NotInstalled { .. } | Asked::Failed { .. } | Asked::NotAsked => host(facts),
        },
        CheckId::Memory => memory(facts),
        CheckId::Disk => facts.disk_free.map(|free| quote(&format!("file system of {}", root(facts)), format!("{free} bytes free"))),
        CheckId::Ports => facts.port.map(|port| quote(&format!("127.0.0.1:{}", port.port), "cannot be listened on")),
        CheckId::Path => searched(facts.path.as_ref()),
        CheckId::Kind => tool(&facts.kind, facts),
        CheckId::Clusterctl => tool(&facts.clusterctl, facts),
        CheckId::Kubectl => tool(&facts.kubectl, facts),
        CheckId::Helm => tool(&facts.helm, facts),
        CheckId::Git => tool(&facts.git, facts),
        // Each plugin has its own.
        CheckId::SignInPlugins => None,
    }
}

fn quote(source: &str, text: impl Into<String>) -> Quote {
    Quote { source: source.to_owned(), text: text.into() }
}

fn limit(source: &str, limit: Limit) -> Option<Quote> {
    limit.limit.map(|limit| quote(source, limit.to_string()))
}

/// Docker's machine is another one with Docker Desktop, so its word comes first.
fn cgroup(facts: &Facts) -> Option<Quote> {
    if let Asked::Answered { cgroup: Some(version), .. } = &facts.docker.asked {
        return Some(quote("docker info", format!("CgroupVersion: {version}")));
    }
    facts.cgroup.map(|version| quote("/sys/fs/cgroup", format!("version {version}")))
}

fn host(facts: &Facts) -> Option<Quote> {
    facts.docker.host.as_ref().map(|host| quote("docker context inspect", host.clone()))
}

fn memory(facts: &Facts) -> Option<Quote> {
    let free = match facts.seat() {
        Seat::Here => facts.memory_free,
        Seat::Virtual { .. } | Seat::Elsewhere { .. } => None,
    };
    match (&facts.docker.asked, free) {
        (Asked::Answered { memory: Some(most), .. }, free) if free.is_none_or(|free| *most < free) => Some(quote("docker info", format!("MemTotal: {most}"))),
        (Asked::Answered { .. } | Asked::NotInstalled { .. } | Asked::Failed { .. } | Asked::NotAsked, free) => {
            free.map(|free| quote("/proc/meminfo", format!("MemAvailable: {} kB", free / 1024)))
        }
    }
}

fn root(facts: &Facts) -> &str {
    match &facts.docker.asked {
        Asked::Answered { root, .. } => root.as_str(),
        Asked::NotInstalled { .. } | Asked::Failed { .. } | Asked::NotAsked => "/",
    }
}

/// The folders in which programs are looked for.
pub(super) fn searched(path: Option<&PathReport>) -> Option<Quote> {
    let folders = path?.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
    Some(quote("PATH", folders.join(":")))
}

fn tool(tool: &ToolFact, facts: &Facts) -> Option<Quote> {
    match tool {
        ToolFact::Missing { .. } => searched(facts.path.as_ref()),
        ToolFact::Found { version, .. } => Some(quote("its version", version.clone())),
        ToolFact::Failed { .. } | ToolFact::NotAsked => None,
    }
}
