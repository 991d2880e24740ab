use std::path::Path;

use super::{KindLine, KindStep, create, delete, read};
use crate::recorded::lines;

/// The step lines of a recording, in short: `+` began, `.` did, `x` failed.
fn story(file: &str) -> String {
    lines(file)
        .iter()
        .filter_map(|line| match read(line) {
            KindLine::Began(step) => Some(format!("+{step:?}")),
            KindLine::Did(step) => Some(format!(".{step:?}")),
            KindLine::Failed(step) => Some(format!("x{step:?}")),
            KindLine::TimedOutWaiting => Some("timed out".to_owned()),
            KindLine::Ready => Some("ready".to_owned()),
            KindLine::DeletedNodes(names) => Some(format!("deleted {}", names.join(","))),
            KindLine::Error(text) => Some(format!("error {}", text.chars().take(48).collect::<String>())),
            KindLine::CommandOutput(_) => Some("output".to_owned()),
            KindLine::Other => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_success_is_read_step_by_step() {
    assert_eq!(
        story("kind/docker-kind-create-mgmt-wait.txt"),
        "+EnsureImage .EnsureImage +PrepareNodes .PrepareNodes +WriteConfiguration .WriteConfiguration \
         +StartControlPlane .StartControlPlane +InstallNetwork .InstallNetwork +InstallStorage .InstallStorage \
         +WaitReady .WaitReady ready"
    );
}

#[test]
fn an_expired_wait_is_seen_although_kind_exits_well() {
    assert!(story("kind/docker-kind-create-wait-expired.txt").ends_with("+WaitReady xWaitReady timed out"));
}

#[test]
fn workers_have_a_step_of_their_own() {
    assert!(story("kind/docker-kind-create-2node.txt").contains("+JoinWorkers .JoinWorkers"));
}

#[test]
fn each_recorded_failure_names_its_step_and_its_error() {
    assert_eq!(story("kind/docker-kind-create-wrong-image.txt"), "+EnsureImage xEnsureImage error failed to create cluster: failed to pull image \" output");
    assert!(story("kind/docker-kind-create-port-taken.txt").contains("xPrepareNodes deleted bad2-control-plane error"));
    assert!(story("kind/kind-08-fail-kubeadm-retain.txt").contains("xStartControlPlane error failed to create cluster: failed to init"));
    assert_eq!(story("kind/docker-kind-create-dup.txt"), "error failed to create cluster: node(s) already exist ");
}

#[test]
fn a_deletion_names_every_node() {
    assert!(story("kind/kind-10-multi-node.txt").ends_with("deleted kos-ha-control-plane,kos-ha-worker,kos-ha-worker2"));
    assert_eq!(story("kind/docker-kind-delete-absent.txt"), "");
}

#[test]
fn steps_that_were_not_recorded_are_known_from_the_source() {
    assert_eq!(read(" • Configuring the external load balancer ⚖️  ..."), KindLine::Began(KindStep::LoadBalancer));
    assert_eq!(read(" ✓ Joining more control-plane nodes 🎮"), KindLine::Did(KindStep::JoinControlPlanes));
}

#[test]
fn garbage_is_other_and_nothing_panics() {
    for line in ["", " ", "✗", "•", "\u{0}\u{1}", "ERROR:", "🖼️🖼️", "Deleted nodes: [", "Preparing nodes", "I1123 Waiting for pods"] {
        let read = read(line);
        assert!(matches!(read, KindLine::Other | KindLine::DeletedNodes(_)), "{line:?} gave {read:?}");
    }
}

#[test]
fn a_create_keeps_the_containers_of_a_failure_and_touches_no_other_kubeconfig() {
    let name = "kos-mgmt".parse().unwrap();
    assert_eq!(
        create(&name, Path::new("/j/kind.yaml"), Path::new("/k/kind-kos-mgmt.yaml"), 120).join(" "),
        "create cluster --name kos-mgmt --config /j/kind.yaml --kubeconfig /k/kind-kos-mgmt.yaml --retain --wait 120s"
    );
    assert!(!create(&name, Path::new("/c"), Path::new("/k"), 0).contains(&"--wait".to_owned()));
    assert_eq!(delete(&name, Path::new("/k")).join(" "), "delete cluster --name kos-mgmt --kubeconfig /k");
}
