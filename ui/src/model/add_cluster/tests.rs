use api::local::Maker;

use super::*;
use crate::model::samples;

fn seen<'a>(checks: &'a [CheckRow], computer: &'a ComputerView, local: &'a [LocalRow]) -> Seen<'a> {
    Seen { checks, computer, local, providers: None, files: &[] }
}

fn check(id: CheckId, verdict: Verdict, found: &str) -> CheckRow {
    CheckRow {
        id,
        title: String::new(),
        verdict,
        matters: String::new(),
        found: found.into(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    }
}

fn local(role: Role, state: LocalState) -> LocalRow {
    samples::local("kos-mgmt", role, state)
}

fn words(system: System, seen: Seen<'_>) -> String {
    found(system, seen).map(|found| found.words.plain()).unwrap_or_default()
}

#[test]
fn a_missing_kind_is_offered_instead_of_refused() {
    let checks = [check(CheckId::Kind, Verdict::Failed, "not found")];
    assert_eq!(words(System::Kind, seen(&checks, &ComputerView::default(), &[])), "not found, KOS offers to fetch it");
}

#[test]
fn a_stopped_docker_is_said_before_any_program() {
    let computer = ComputerView { docker: DockerState::Stopped { said: String::new() }, ..ComputerView::default() };
    let checks = [check(CheckId::Kind, Verdict::Passed, "0.32.0")];
    assert_eq!(words(System::Kind, seen(&checks, &computer, &[])), "Docker is stopped");
}

#[test]
fn a_management_cluster_is_named_with_its_state() {
    let rows = [local(Role::Management, LocalState::Mixed { running: 1, of: 3 })];
    assert_eq!(words(System::ClusterApi, seen(&[], &ComputerView::default(), &rows)), "kos-mgmt, 1 of 3 containers run");
}

#[test]
fn a_management_cluster_that_is_ready_says_how_many_providers_were_read_of_it() {
    let rows = [local(Role::Management, LocalState::Running)];
    for (providers, said) in
        [(None, "kos-mgmt ready"), (Some(0), "kos-mgmt ready"), (Some(1), "kos-mgmt ready, 1 provider"), (Some(4), "kos-mgmt ready, 4 providers")]
    {
        assert_eq!(words(System::ClusterApi, Seen { providers, ..seen(&[], &ComputerView::default(), &rows) }), said);
    }
    let rows = [local(Role::Management, LocalState::Paused)];
    assert_eq!(words(System::ClusterApi, Seen { providers: Some(4), ..seen(&[], &ComputerView::default(), &rows) }), "kos-mgmt is paused");
}

#[test]
fn what_comes_later_is_not_looked_for() {
    for system in System::ALL.into_iter().filter(|s| s.support() == Support::Later) {
        assert_eq!(found(system, seen(&[], &ComputerView::default(), &[])), None, "{system:?}");
    }
}

#[test]
fn the_folders_in_which_programs_are_looked_up_are_counted() {
    let said = |verdict| searched(&[check(CheckId::Path, verdict, "14 folders")]);
    assert_eq!(said(Verdict::Passed), "Programs are looked up in the PATH of your login shell, 14 folders.");
    // Those of another PATH are not what the sentence is about.
    assert_eq!(said(Verdict::Warning), "Programs are looked up in the PATH of your login shell.");
}

#[test]
fn clusters_that_other_programs_made_are_already_here() {
    let rows = [
        local(Role::Plain, LocalState::Running),
        local(Role::Management, LocalState::Running),
        local(Role::Workload { of: None }, LocalState::Running),
        local(Role::Foreign { by: Maker::K3d }, LocalState::Running),
        LocalRow { job: Some("j".into()), ..local(Role::Plain, LocalState::Running) },
    ];
    assert_eq!(running_here(&rows).iter().map(|row| row.role.clone()).collect::<Vec<_>>(), [Role::Plain, Role::Foreign { by: Maker::K3d }]);
}

#[test]
fn pasted_text_that_is_no_kubeconfig_is_said_at_once() {
    assert_eq!(paste_trouble("a.yaml", ""), Some("Paste the text of a kubeconfig file."));
    assert!(paste_trouble("a.yaml", "hello").is_some());
    assert!(paste_trouble("", "clusters: []").is_some());
    assert!(paste_trouble("../a", "clusters: []").is_some());
    assert_eq!(paste_trouble("a.yaml", "clusters: []"), None);
}
