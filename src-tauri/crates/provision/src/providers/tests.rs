mod moved;
mod replayed;

use std::collections::BTreeMap;

use api::files::Severity;
use api::jobs::{Obstacle, UndoIs};
use api::providers::{ProviderPick, ProviderRole};
use tools::Secret;

use super::checks::{Ground, adding, moving as moving_checks, upgrading};
use super::standing::Standing;
use super::{ClusterRef, Order, Task, Vault, Wanted, commands, moving, plan};
use crate::look::Installed;
use crate::look::clusters::{Made, Pause, Stands};
use crate::programs::clusterctl::{At, Source};

fn at(context: &str) -> At {
    At { kubeconfig: format!("/home/jo/.kube/{context}.yaml").into(), context: context.into() }
}

fn order(task: Task) -> Order {
    Order { at: at("kind-kos-mgmt"), name: "kind-kos-mgmt".into(), source: Source::Releases, task }
}

fn wanted(name: &str, before: &str, version: &str) -> Wanted {
    Wanted { name: name.into(), namespace: format!("{name}-system"), before: before.into(), version: version.into() }
}

fn vsphere() -> ProviderPick {
    ProviderPick { role: ProviderRole::Infrastructure, name: "vsphere".into(), version: "v1.14.0".into() }
}

fn add() -> Order {
    let wanted = wanted("infrastructure-vsphere", "", "v1.14.0");
    order(Task::Add { pick: vsphere(), wanted, core: "v1.14.2".into(), variables: vec!["VSPHERE_PASSWORD".into()] })
}

fn a_move(clusters: &[&str]) -> Order {
    let clusters = clusters.iter().map(|name| (*name).to_owned()).collect();
    order(Task::Move { to: at("kind-two"), to_name: "kind-two".into(), namespace: "default".into(), clusters, machines: 4, paused: vec![] })
}

fn of(name: &str) -> ClusterRef {
    ClusterRef { namespace: "default".into(), name: name.into() }
}

fn ground(installed: &[(&str, &str)], clusters: &[(&str, Made)]) -> Ground {
    let one = |(name, version): &(&str, &str)| Installed { name: (*name).into(), version: (*version).into(), namespace: "x".into() };
    let stands = |name: &str, made: Made| Stands { pause: Pause::Runs, made, endpoint: format!("{name}.example:6443") };
    let clusters = clusters.iter().map(|(name, made)| (of(name), stands(name, *made))).collect();
    Ground::new(installed.iter().map(one).collect(), clusters, 4)
}

fn said(found: &[Obstacle]) -> Vec<(Severity, &str)> {
    found.iter().map(|one| (one.severity, one.why.sentence.as_str())).collect()
}

#[test]
fn the_undo_of_a_move_resumes_its_source_and_that_of_an_addition_removes() {
    let kept = |order: &Order| plan(order).stored().unwrap().undo;
    assert_eq!(kept(&a_move(&["lab-a"])), UndoIs::Resumption { at: "kind-kos-mgmt".into() });
    assert_eq!(kept(&add()), UndoIs::Removal);
    let mut earlier = serde_json::to_value(plan(&a_move(&["lab-a"])).stored().unwrap()).unwrap();
    earlier.as_object_mut().unwrap().remove("undo");
    assert_eq!(serde_json::from_value::<jobs::StoredPlan>(earlier).unwrap().undo, UndoIs::Removal, "a plan of an earlier KOS is still read");
}

#[test]
fn each_job_shows_its_steps_and_its_exact_command() {
    let upgrade = order(Task::Upgrade {
        contract: "v1beta2".into(),
        core: "v1.14.3".into(),
        providers: vec![wanted("cluster-api", "v1.14.2", "v1.14.3"), wanted("infrastructure-docker", "v1.14.2", "v1.14.3")],
        wait: vec![],
    });
    let Task::Upgrade { contract, core, providers, .. } = upgrade.task.clone() else { panic!("an upgrade") };
    let later = order(Task::Upgrade { contract, core, providers, wait: vec![of("lab-b"), of("w2")] });
    for (order, steps, command) in [
        (
            later,
            "Wait for lab-b and w2, Scale down, Cluster API, Docker, Wait for webhooks",
            "clusterctl upgrade apply --contract v1beta2 --kubeconfig /home/jo/.kube/kind-kos-mgmt.yaml --kubeconfig-context kind-kos-mgmt",
        ),
        (
            upgrade,
            "Scale down, Cluster API, Docker, Wait for webhooks",
            "clusterctl upgrade apply --contract v1beta2 --kubeconfig /home/jo/.kube/kind-kos-mgmt.yaml --kubeconfig-context kind-kos-mgmt",
        ),
        (
            add(),
            "Install vSphere, Wait for webhooks",
            "clusterctl init --infrastructure vsphere:v1.14.0 --kubeconfig /home/jo/.kube/kind-kos-mgmt.yaml --kubeconfig-context kind-kos-mgmt",
        ),
        (
            a_move(&["lab-a"]),
            "Pause them here, Make them there, Remove them here, Resume them there",
            "clusterctl move --namespace default --to-kubeconfig /home/jo/.kube/kind-two.yaml --to-kubeconfig-context kind-two -v 1 --kubeconfig /home/jo/.kube/kind-kos-mgmt.yaml --kubeconfig-context kind-kos-mgmt",
        ),
    ] {
        let plan = plan(&order);
        let titles: Vec<String> = plan.steps().map(|(_, step)| step.title.plain()).collect();
        assert_eq!((titles.join(", ").as_str(), commands(&order), plan.command.as_str()), (steps, vec![command.to_owned()], command));
    }
}

#[test]
fn values_of_variables_stand_in_no_plan_and_are_gone_when_they_were_used() {
    let (vault, order) = (Vault::default(), add());
    vault.keep(&order, BTreeMap::from([("VSPHERE_PASSWORD".to_owned(), Secret::new("hunter2"))]));
    assert!(!format!("{:?} {vault:?}", plan(&order)).contains("hunter2"));
    assert_eq!(vault.of(&order).len(), 1);
    vault.forget(&order);
    assert_eq!(vault.of(&order).len(), 0);
}

#[test]
fn an_upgrade_is_checked_for_clusters_in_the_making_and_for_skipped_versions() {
    let found = upgrading(&ground(&[], &[("lab-a", Made::Whole), ("lab-b", Made::OnItsWay)]), &[wanted("cluster-api", "v1.11.9", "v1.14.3")]);
    assert_eq!(said(&found), [(Severity::Risk, "lab-b is still being made"), (Severity::Note, "No version is skipped")]);
    let rolls = ground(&[], &[("lab-a", Made::Rolling), ("lab-b", Made::Rolling)]);
    let found = upgrading(&rolls, &[wanted("cluster-api", "v1.14.2", "v1.14.3")]);
    assert_eq!(said(&found)[0], (Severity::Risk, "lab-a, lab-b are rolling out machines"));
    assert_eq!(rolls.on_their_way(), [of("lab-a"), of("lab-b")]);
    for (before, version) in [("v1.10.0", "v1.14.3"), ("v0.4.8", "v1.14.3"), ("dev", "v1.14.3")] {
        let found = upgrading(&ground(&[], &[]), &[wanted("infrastructure-docker", before, version)]);
        assert_eq!(said(&found), [(Severity::Unusable, "Docker would skip too much")], "{before}");
    }
}

#[test]
fn a_provider_is_checked_for_its_contract_and_for_being_there_already() {
    let wanted = wanted("infrastructure-vsphere", "", "v1.14.0");
    let contracts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    for (installed, follows, expected) in [
        (vec![("cluster-api", "v1.14.2")], vec!["v1beta1", "v1beta2"], (Severity::Note, "Contract v1beta1 fits Cluster API v1.14.2")),
        (vec![("cluster-api", "v1.9.4")], vec!["v1beta2"], (Severity::Unusable, "vSphere v1.14.0 does not fit Cluster API v1.9.4")),
        (vec![("cluster-api", "v1.14.2"), ("infrastructure-vsphere", "v1.13.0")], vec![], (Severity::Unusable, "vSphere is installed already")),
        (vec![], vec!["v1beta2"], (Severity::Unusable, "There is no Cluster API in this cluster")),
    ] {
        assert_eq!(said(&adding(&ground(&installed, &[]), &vsphere(), &wanted, &contracts(&follows))), [expected]);
    }
}

#[test]
fn a_move_is_refused_with_the_reason_before_anything_is_paused() {
    let providers = [("cluster-api", "v1.14.2"), ("infrastructure-docker", "v1.14.2")];
    let here = ground(&providers, &[("lab-a", Made::Whole)]);
    for (here, there, expected) in [
        (here.clone(), ground(&providers, &[]), (Severity::Note, "kind-two has the same providers")),
        (here.clone(), ground(&providers[..1], &[]), (Severity::Unusable, "kind-two lacks Docker")),
        (here.clone(), ground(&[providers[0], ("infrastructure-docker", "v1.13.9")], &[]), (Severity::Unusable, "Docker is older in kind-two")),
        (here, ground(&providers, &[("lab-a", Made::Whole)]), (Severity::Unusable, "kind-two has a cluster lab-a already")),
        (ground(&providers, &[("lab-b", Made::OnItsWay)]), ground(&providers, &[]), (Severity::Unusable, "lab-b is still being made")),
        (ground(&providers, &[]), ground(&providers, &[]), (Severity::Unusable, "There is nothing to move")),
    ] {
        assert_eq!(said(&moving_checks(&here, &there, "kind-two")), [expected]);
    }
}

#[test]
fn a_paused_cluster_is_resumed_before_it_is_moved_and_a_paused_copy_of_it_is_no_other_cluster() {
    let providers = [("cluster-api", "v1.14.2")];
    let paused = |endpoint: &str| {
        let stands = Stands { pause: Pause::Paused, made: Made::Whole, endpoint: endpoint.into() };
        Ground::new(vec![], BTreeMap::from([(of("lab-a"), stands)]), 4)
    };
    let found = moving_checks(&paused("lab-a.example:6443"), &ground(&providers, &[]), "kind-two");
    assert_eq!(said(&found), [(Severity::Unusable, "lab-a is paused")]);
    assert!(found[0].why.cause[0].text.contains("Resume it first"), "{found:?}");
    let here = ground(&[], &[("lab-a", Made::Whole)]);
    for (there, expected) in [
        (paused("lab-a.example:6443"), (Severity::Note, "kind-two has the same providers")),
        (paused("lab-a.elsewhere:6443"), (Severity::Unusable, "kind-two has a cluster lab-a already")),
        (ground(&[], &[("lab-a", Made::Whole)]), (Severity::Unusable, "kind-two has a cluster lab-a already")),
    ] {
        assert_eq!(said(&moving_checks(&here, &there, "kind-two")), [expected]);
    }
}

#[test]
fn an_aborted_move_says_what_stands_where_and_how_to_go_on() {
    let order = a_move(&["lab-a"]);
    for (standing, words) in [
        (Standing::Here, "lab-a stands in kind-kos-mgmt alone and may be paused there; Undo resumes it, Retry begins anew."),
        (Standing::Copied, "lab-a stands whole in kind-kos-mgmt, paused, with copies in kind-two; Undo resumes it in kind-kos-mgmt, Retry goes on."),
        (Standing::Parted, "Part of lab-a is gone from kind-kos-mgmt already, so kind-kos-mgmt cannot take it back; Retry goes on to kind-two."),
        (Standing::ThereAsleep, "lab-a stands whole in kind-two and is paused there; Retry resumes it."),
        (Standing::There, "lab-a stands in kind-two."),
    ] {
        assert_eq!(moving::said(standing, &order), words);
    }
}
