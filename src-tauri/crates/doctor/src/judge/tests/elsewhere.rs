//! What is said where Docker runs on another machine, also a virtual one?

use api::computer::{CheckId, Verdict};

use super::{GB, check, healthy, row};
use crate::{Asked, Facts, Limit, Platform, PortFact, computer};

/// A machine that has little of everything, with a Docker that has 16 GB.
fn poor(facts: &mut Facts) {
    (facts.memory_free, facts.disk_free, facts.cgroup) = (Some(GB), Some(GB), Some(1));
    facts.inotify_instances = Limit { limit: Some(128), used: Some(128) };
    facts.inotify_watches.limit = Some(8_192);
    facts.modules_missing = Some(vec!["overlay".into()]);
}

fn at_a_server(facts: &mut Facts) {
    facts.docker.host = Some("ssh://jo@big-server".into());
}

fn in_docker_desktop(facts: &mut Facts) {
    if let Asked::Answered { system, .. } = &mut facts.docker.asked {
        *system = "Docker Desktop".into();
    }
}

fn on_another_kernel(facts: &mut Facts) {
    facts.kernel = Some("6.17.1".into());
}

fn on_a_mac(facts: &mut Facts) {
    (facts.docker.platform, facts.kernel) = (Platform::Mac, None);
}

fn has(facts: &mut Facts, bytes: Option<u64>) {
    if let Asked::Answered { memory, .. } = &mut facts.docker.asked {
        *memory = bytes;
    }
}

#[test]
fn where_docker_runs_on_another_machine_this_one_is_not_judged_in_its_place() {
    type Change = fn(&mut Facts);
    for (id, found) in [(CheckId::Disk, "1.0 GB free"), (CheckId::Memory, "1.0 GB free"), (CheckId::InotifyInstances, "128")] {
        let here = row(id, poor);
        assert_eq!((here.verdict, here.found.as_str()), (Verdict::Failed, found), "{here:?}");
    }
    let seats: [(&str, Change); 4] = [
        ("on another machine, ssh://jo@big-server;", at_a_server),
        ("in a virtual machine (Docker Desktop);", in_docker_desktop),
        ("in a virtual machine (Ubuntu 24.04);", on_another_kernel),
        ("in a virtual machine (Ubuntu 24.04);", on_a_mac),
    ];
    for (seat, elsewhere) in seats {
        let there = |facts: &mut Facts| {
            poor(facts);
            elsewhere(facts);
        };
        for id in [CheckId::InotifyInstances, CheckId::InotifyWatches, CheckId::KernelModules, CheckId::Disk] {
            let unseen = row(id, there);
            assert_eq!((unseen.verdict, unseen.found.as_str(), unseen.fixes.len()), (Verdict::Unknown, "cannot be told", 0), "{unseen:?}");
            assert!(unseen.explanation.contains(seat) && unseen.explanation.ends_with(" not seen from here."), "{unseen:?}");
        }
        check(CheckId::Memory, there, Verdict::Passed, "16.0 GB in all", None);
        check(CheckId::CgroupVersion, there, Verdict::Passed, "v2", None);
        let mut facts = healthy();
        there(&mut facts);
        let view = computer(&facts);
        assert_eq!((view.memory_total, view.memory_free, view.disk_total, view.disk_free), (0, 0, 0, 0), "{seat}");
        assert_eq!((view.inotify_used, view.inotify_limit, view.docker_root.as_str()), (0, 0, ""), "{seat}");
    }
}

#[test]
fn of_another_machine_docker_itself_is_asked() {
    let with = |bytes| {
        move |facts: &mut Facts| {
            at_a_server(facts);
            has(facts, bytes);
        }
    };
    check(CheckId::Memory, with(Some(GB)), Verdict::Failed, "1.0 GB in all", Some("docker stats --no-stream"));
    assert_eq!(row(CheckId::Memory, with(Some(GB))).evidence[0].text, "MemTotal: 1000000000");
    check(CheckId::Memory, with(None), Verdict::Unknown, "cannot be told", None);
    let cgroup = |version| {
        move |facts: &mut Facts| {
            at_a_server(facts);
            if let Asked::Answered { cgroup, .. } = &mut facts.docker.asked {
                *cgroup = version;
            }
        }
    };
    check(CheckId::CgroupVersion, cgroup(None), Verdict::Unknown, "cannot be told", None);
    assert_eq!(row(CheckId::CgroupVersion, cgroup(Some(1))).fixes[0].label, "On that machine, after restarts");
    // The ports of a virtual machine are opened here, those of a server there.
    let taken = |elsewhere: fn(&mut Facts)| {
        move |facts: &mut Facts| {
            elsewhere(facts);
            facts.port = Some(PortFact { port: 6443, free: false });
        }
    };
    check(CheckId::Ports, taken(at_a_server), Verdict::Unknown, "cannot be told", None);
    check(CheckId::Ports, taken(in_docker_desktop), Verdict::Failed, "6443, taken", Some("sudo ss -ltnp 'sport = :6443'"));
}
