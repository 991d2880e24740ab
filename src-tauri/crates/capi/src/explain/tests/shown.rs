//! What shows each diagnosis: a moment of real controllers, a live test that provokes it, or objects made by hand?

use super::kept;
use crate::explain::RULES;
use crate::recorded;

/// A recorded moment that a test beside this reads.
const RECORDED: &[(&str, &str)] = &[
    ("paused", "in-memory/06-paused.yaml"),
    ("delete-infra", "in-memory/stuck-deleting-infrastructure.yaml"),
    ("deleting", "in-memory/13-deleting-workers.yaml"),
    ("webhook-down", "in-memory/stuck-webhook-down.yaml"),
    ("controller-silent", "in-memory/stuck-silent-controller.yaml"),
    ("quota", "in-memory/stuck-quota.yaml"),
    ("even-replicas", "in-memory/12-stuck-topology.yaml"),
    ("class-missing", "in-memory/stuck-class-missing.yaml"),
    ("topology-hook", "in-memory/stuck-hook.yaml"),
    ("lb-missing", "in-memory/stuck-no-docker.yaml"),
    ("image-pull", "docker/stuck-missing-node-image.yaml"),
    ("certs-missing", "in-memory/stuck-no-authority.yaml"),
    ("mhc-blocked", "in-memory/stuck-too-many-ill.yaml"),
    ("mhc-loop", "in-memory/stuck-health-checks.yaml"),
    ("cni-late", "events/w1-upgrade-1.36.3-1.36.4.jsonl.gz"),
    ("cp-first-stuck", "docker/stuck-lb-reload.yaml"),
    ("probe-failed", "in-memory/stuck-unreachable.yaml"),
    ("kcp-preflight", "in-memory/stuck-sick-member.yaml"),
    ("overdue", "docker/stuck-missing-node-image.yaml"),
    ("ms-preflight", "in-memory/stuck-version-skew.yaml"),
    ("wait-cp", "docker/stuck-lb-reload.yaml"),
    ("upgrading", "in-memory/08-upgrading-cp.yaml"),
    ("leaving", "events/w1-scale-3cp-2w-and-back.jsonl.gz"),
    ("building", "events/w1-create-1cp-1w.jsonl.gz"),
    ("scaling", "in-memory/07-scaling-down.yaml"),
];

/// Provoked on real controllers in each run of the live tests, which keep the moment when they are asked to.
const LIVE: &[(&str, &str)] = &[
    ("topology-refused", "tests/live/provoked.rs"),
    ("disk-pressure", "tests/live/provoked.rs"),
    ("feature-off", "tests/live/provoked.rs"),
    ("asleep", "tests/live/asleep.rs"),
    ("docker-paused", "tests/live/asleep.rs"),
    ("lb-no-ip", "tests/live/broken.rs"),
    ("container-gone", "tests/live/broken.rs"),
    ("join-rbac", "tests/live/broken.rs"),
    ("bootstrap-failed", "tests/live/broken.rs"),
    ("delete-drain", "tests/live/broken.rs"),
    ("no-cni", "tests/live/docker.rs"),
];

/// Made by hand, and why no lab is brought to it.
const BY_HAND: &[(&str, &str)] = &[
    ("held", "the annotation holds for as long as it is there: the lab is left as it is, and the words are from the sources of Cluster API"),
    ("delete-hook", "it wants a runtime extension, and the lab has none"),
    ("inotify", "the limit counts for the whole computer: to reach it stops everything else that runs there"),
    ("arch-mismatch", "it wants a node image for another processor, and the lab builds one for its own"),
    ("lb-broken", "its cluster is recorded; the log of the load balancer was not kept, and the mended image does not say it again"),
];

#[test]
fn every_diagnosis_is_shown_by_one_of_three() {
    let mut shown: Vec<&str> = RECORDED.iter().chain(LIVE).chain(BY_HAND).map(|(rule, _)| *rule).collect();
    let mut rules: Vec<&str> = RULES.iter().map(|(rule, _)| *rule).collect();
    shown.sort_unstable();
    rules.sort_unstable();
    assert_eq!(shown, rules);
}

#[test]
fn what_shows_a_diagnosis_is_there() {
    let root = recorded::file("../../../../..");
    let missing = |path: &std::path::Path| (!path.exists()).then(|| path.display().to_string());
    let moments = RECORDED.iter().filter_map(|(_, file)| missing(&recorded::file(file)));
    let tests = LIVE.iter().filter_map(|(_, file)| missing(&root.join(file)));
    assert_eq!(moments.chain(tests).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn nothing_that_was_recorded_is_said_to_be_made_by_hand() {
    let kept: Vec<String> = kept::all().into_iter().map(|(rule, _)| rule).collect();
    assert!(BY_HAND.iter().all(|(rule, _)| !kept.iter().any(|name| name == rule)), "{kept:?}");
    assert!(kept.iter().all(|name| RULES.iter().any(|(rule, _)| rule == name)), "{kept:?}");
}
