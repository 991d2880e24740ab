use api::{Fault, FaultCode, jobs::Words, providers::Shown};

use super::*;

fn row(health: ProviderHealth) -> ProviderRow {
    ProviderRow {
        name: "infrastructure-docker".into(),
        order: 0,
        role: ProviderRole::Infrastructure,
        title: "Docker".into(),
        namespace: "capd-system".into(),
        version: "v1.14.2".into(),
        contracts: vec!["v1beta2".into()],
        ready: 1,
        wanted: 1,
        deployments: vec![],
        health,
        errors: vec![],
        kinds: vec![],
    }
}

fn step(seconds: u64) -> PlannedStep {
    PlannedStep { title: Words::said("Step"), detail: Words::default(), expected: Millis::seconds(seconds), amount: None }
}

#[test]
fn the_health_of_a_provider_is_one_mark_and_few_words() {
    let held = |reason: &str| ProviderHealth::Held { reason: reason.into(), says: "back-off 40s".into(), restarts: 3 };
    for (health_, state, words) in [
        (ProviderHealth::Well, State::Healthy, "1 of 1"),
        (ProviderHealth::Starting, State::Progress, "1 of 1"),
        (ProviderHealth::Restarted(3), State::Warning, "3 restarts"),
        (held("CrashLoopBackOff"), State::Failed, "ends at its start"),
        (held("ImagePullBackOff"), State::Failed, "no image"),
        (held("CreateContainerConfigError"), State::Failed, "CreateContainerConfigError"),
        (ProviderHealth::Missing, State::Failed, "not there"),
    ] {
        let (found, _, said) = health(&row(health_));
        assert_eq!((found, said.as_str()), (state, words));
    }
    assert_eq!(held_words(held("CrashLoopBackOff")), Some(("Docker does not run: CrashLoopBackOff after 3 restarts.".into(), "back-off 40s".into())));
    assert_eq!(held_words(ProviderHealth::Starting), None);
}

fn held_words(health: ProviderHealth) -> Option<(String, String)> {
    super::held(&row(health))
}

#[test]
fn those_that_need_somebody_are_counted() {
    let rows = |all: Vec<ProviderHealth>| all.into_iter().map(|health| Rc::new(row(health))).collect::<Vec<_>>();
    assert_eq!(summary(&rows(vec![ProviderHealth::Well])), "1 of Cluster API");
    assert_eq!(summary(&rows(vec![ProviderHealth::Missing, ProviderHealth::Well])), "2 of Cluster API, 1 needs you");
    assert_eq!(summary(&rows(vec![ProviderHealth::Missing, ProviderHealth::Restarted(2)])), "2 of Cluster API, 2 need you");
}

#[test]
fn the_steps_of_a_plan_lie_one_after_the_other() {
    let found = lanes(&[step(10), step(20), step(10)]);
    let bars: Vec<(u64, u64)> = found.bars.iter().map(|bar| (bar.left, bar.width)).collect();
    assert_eq!(bars, [(0, 2_300), (2_300, 4_600), (6_900, 2_300)]);
    let ticks: Vec<(u64, &str)> = found.ticks.iter().map(|(at, words)| (*at, words.as_str())).collect();
    assert_eq!(ticks, [(0, "0:00"), (2_300, "0:10"), (4_600, "0:20"), (6_900, "0:30"), (9_200, "0:40")]);
    assert_eq!((percent(2_305).as_str(), lanes(&[]).bars.len()), ("23.05%", 0));
}

#[test]
fn a_variable_is_called_without_the_name_of_its_provider() {
    let variable = |name: &str| AskedVariable { name: name.into(), default: None, shown: Shown::Plainly };
    for (name, provider, words) in [
        ("VSPHERE_PASSWORD", "vsphere", "Password"),
        ("AWS_B64ENCODED_CREDENTIALS", "aws", "B64encoded credentials"),
        ("EXP_MACHINE_POOL", "docker", "Exp machine pool"),
        ("", "x", ""),
    ] {
        assert_eq!(label(&variable(name), provider), words);
    }
}

#[test]
fn objects_are_named_when_there_is_one_and_counted_otherwise() {
    let made = |kind: &str, names: &[&str]| made_words(&MadeKind { kind: kind.into(), names: names.iter().map(|n| (*n).to_owned()).collect() });
    assert_eq!(made("Namespace", &["capv-system"]), ("Namespace".into(), "capv-system".into()));
    assert_eq!(made("CustomResourceDefinition", &["vspheremachines.x.io", "b"]), ("2 CustomResourceDefinitions".into(), "vspheremachines, …".into()));
    assert_eq!(made("ClusterClass", &["a", "b"]), ("2 ClusterClasses".into(), "a, …".into()));
    assert_eq!(made("NetworkPolicy", &[]), ("0 NetworkPolicies".into(), ", …".into()));
}

#[test]
fn a_plan_with_something_that_stops_it_cannot_start() {
    let plan = |severity| PlanView {
        title: Words::default(),
        sentence: String::new(),
        steps: vec![],
        commands: vec![],
        files: vec![],
        obstacles: vec![Obstacle { severity, field: String::new(), why: Fault::new(FaultCode::Invalid, "x") }],
        learned_from: 0,
        docker: String::new(),
        seen: String::new(),
    };
    assert!(can_start(&plan(Severity::Risk)) && can_start(&plan(Severity::Note)) && !can_start(&plan(Severity::Unusable)));
}

fn changes(fates: Vec<KindFate>) -> ProviderChanges {
    let kind = |fate| KindChange { definition: "machines.cluster.x-k8s.io".into(), kind: "Machine".into(), fate };
    ProviderChanges { name: "cluster-api".into(), version: "v1.14.3".into(), kinds: fates.into_iter().map(kind).collect(), images: vec![] }
}

#[test]
fn what_a_release_changes_is_said_in_one_line_and_what_goes_is_never_left_out() {
    let fate = |versions: Vec<VersionFate>, gains: &[&str], loses: &[&str]| {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        KindFate::Changed { versions, gains: owned(gains), loses: owned(loses) }
    };
    let gains = || fate(vec![], &["v1beta2 spec.taints"], &[]);
    for (fates, says) in [
        (vec![], "image only"),
        (vec![gains(), gains(), gains()], "3 CRDs gain fields, none is removed"),
        (vec![KindFate::New, gains()], "1 CRD is new, 1 CRD gains fields, none is removed"),
        (vec![fate(vec![VersionFate::NotServed("v1beta1".into())], &[], &["v1beta2 spec.old"])], "1 CRD loses fields, 1 CRD serves a version less"),
        (vec![KindFate::LeftBehind, KindFate::LeftBehind], "2 CRDs are left behind"),
        (vec![fate(vec![VersionFate::StoredNow("v1beta2".into())], &[], &[])], "1 CRD gets a version, none is removed"),
    ] {
        assert_eq!(change_words(&changes(fates)), says);
    }
    let all = changes(vec![fate(vec![VersionFate::Gone("v1alpha4".into())], &["a"], &["b"]), KindFate::LeftBehind]);
    let lines: Vec<(State, String)> = all.kinds.iter().flat_map(change_lines).collect();
    assert_eq!(
        lines,
        [
            (State::Warning, "v1alpha4 goes".to_owned()),
            (State::Warning, "− b".to_owned()),
            (State::Healthy, "+ a".to_owned()),
            (State::Warning, "the release has it no more; it stays with its objects".to_owned()),
        ]
    );
}

#[test]
fn images_that_have_to_be_pulled_are_named_with_where_they_come_from() {
    let image = |image: &str, presence| ImageNeed { image: image.into(), presence };
    let said = |all: &[ImageNeed]| images_words(&all.iter().collect::<Vec<_>>()).map(|(state, head, _)| (state, head));
    assert_eq!(said(&[]), None);
    assert_eq!(said(&[image("a/b:1", ImagePresence::Here)]), Some((State::Healthy, "Its image is there".into())));
    let two = [image("registry.k8s.io/b:1", ImagePresence::Pulled), image("quay.io/c:1", ImagePresence::Pulled), image("a/b:1", ImagePresence::Here)];
    assert_eq!(said(&two), Some((State::Progress, "2 images are pulled".into())));
    assert!(images_words(&two.iter().collect::<Vec<_>>()).is_some_and(|(_, _, says)| says.starts_with("From quay.io, registry.k8s.io.")));
    assert_eq!(said(&[image("a", ImagePresence::Untold)]).map(|(state, _)| state), Some(State::Unknown));
}
