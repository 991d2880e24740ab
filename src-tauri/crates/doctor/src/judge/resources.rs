//! Is there room for a cluster?

use api::computer::{CheckId, CheckRow, Verdict};

use super::row::{check, gigabytes};
use crate::seat::Seat;
use crate::{Asked, Facts, PortFact};

const GB: u64 = 1_000_000_000;

/// Of another machine, also a virtual one, Docker tells how much it has and nobody how much of it is free.
pub(super) fn memory(facts: &Facts) -> CheckRow {
    let row = check(CheckId::Memory, "Memory for Docker", "one management and one small cluster", "4 GB");
    let of_docker = match &facts.docker.asked {
        Asked::Answered { memory, .. } => *memory,
        Asked::NotAsked | Asked::NotInstalled { .. } | Asked::Failed { .. } => None,
    };
    let (known, unknown, of_it, look) = match facts.seat().hides("its memory is") {
        None => {
            let free = facts.memory_free.map(|free| of_docker.map_or(free, |most| free.min(most)));
            (free, "The kernel does not tell it here.".to_owned(), "free", "ps -eo rss,comm --sort=-rss | head")
        }
        Some(why) => (of_docker, why, "in all", "docker stats --no-stream"),
    };
    let Some(bytes) = known else { return row.unknown(&unknown) };
    let found = format!("{} {of_it}", gigabytes(bytes));
    let row = match bytes / GB {
        4.. => return row.passed(found),
        2..=3 => row.is(Verdict::Warning, found, "A management cluster fits; the kernel may end processes of a second one."),
        _ => row.is(Verdict::Failed, found, "The kernel would end processes of the new nodes."),
    };
    row.fix("See what uses it", look).done()
}

pub(super) fn disk(facts: &Facts) -> CheckRow {
    let row = check(CheckId::Disk, "Disk at Docker root", "a full disk stops etcd without a message", "20 GB");
    if let Some(why) = facts.seat().hides("its disk is") {
        return row.unknown(&why);
    }
    let Some(free) = facts.disk_free else { return row.unknown("The folder of Docker cannot be seen from here.") };
    let found = format!("{} free", gigabytes(free));
    let row = match free / GB {
        20.. => return row.passed(found),
        5..=19 => row.is(Verdict::Warning, found, "One small cluster fits."),
        _ => row.is(Verdict::Failed, found, "The images and nodes of one cluster may fill it."),
    };
    row.fix("Look", "docker system df").fix("Remove what is not used", "docker system prune").done()
}

pub(super) fn port(facts: &Facts) -> CheckRow {
    let row = check(CheckId::Ports, "API port", "the API server listens on it", "free");
    match (facts.port, facts.seat()) {
        (None, _) => row.passed("a free one is picked"),
        (Some(_), Seat::Elsewhere { host }) => row.unknown(&format!("Docker runs on another machine, {host}; the port opens there.")),
        // A virtual machine hands its ports on to this one.
        (Some(PortFact { port, free: true }), Seat::Here | Seat::Virtual { .. }) => row.passed(format!("{port}, free")),
        (Some(PortFact { port, free: false }), Seat::Here | Seat::Virtual { .. }) => row
            .is(Verdict::Failed, format!("{port}, taken"), "Another program listens on it. Choose another port, or none to have a free one picked.")
            .fix("See who", format!("sudo ss -ltnp 'sport = :{port}'"))
            .done(),
    }
}
