use api::{
    drawing::{DrawnObject, Need, Opens},
    planned::{Fate, PlannedObject},
};

use super::*;

fn offer() -> ClassOffer {
    let class = |name: &str, worker: &str| ClassView {
        name: ClassName { namespace: "default".into(), name: name.into() },
        infrastructure: "DockerCluster".into(),
        control_plane: "KubeadmControlPlane".into(),
        machines: MachinesAre::Containers,
        workers: vec![worker.into()],
        variables: vec![],
        versions: vec![],
        trouble: String::new(),
    };
    let form = ClusterForm {
        namespace: "default".into(),
        name: "lab-c".into(),
        class: ClassName { namespace: "default".into(), name: "quick-start".into() },
        version: "v1.36.4".into(),
        control_planes: 1,
        pools: vec![Pool { name: "md-0".into(), class: "default-worker".into(), replicas: 1, labels: vec![], taints: vec![] }],
        network: ClusterNetwork::Kindnet,
        pod_range: "192.168.0.0/16".into(),
        service_range: "10.128.0.0/12".into(),
        variables: [("x".to_owned(), "1".to_owned())].into(),
        yaml: None,
    };
    ClassOffer { classes: vec![class("quick-start", "default-worker"), class("other", "small")], versions: vec![], form, opens: Opens::Anew }
}

fn drawn() -> Drawn {
    Drawn::new(offer().form)
}

fn plan(form: ClusterForm) -> ClusterPlan {
    ClusterPlan {
        digest: "d".into(),
        form,
        yaml: String::new(),
        objects: vec![],
        asked: MachineCount::default(),
        rendered: MachineCount::default(),
        expected: vec![],
        learned_from: 0,
        checks: vec![],
        dry_run: DryRun::Accepted,
        command: String::new(),
        typed: None,
    }
}

#[test]
fn a_new_pool_has_a_free_name_and_the_kind_of_the_last() {
    let two = drawn().edited(Edit::AddPool, &offer()).edited(Edit::PoolName(0, "md-1".into()), &offer()).edited(Edit::AddPool, &offer());
    let names: Vec<&str> = two.form.pools.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["md-1", "md-1", "md-0"]);
    assert_eq!((two.form.pools[2].class.as_str(), two.pools.len()), ("default-worker", 3));
    assert_eq!(two.edited(Edit::RemovePool(0), &offer()).form.pools.len(), 2);
}

#[test]
fn labels_and_taints_are_read_as_they_are_typed() {
    let next = drawn()
        .edited(Edit::Labels(0, "tier=gpu, node-role.kubernetes.io/gpu".into()), &offer())
        .edited(Edit::Taints(0, "sim/gpu=yes:NoSchedule".into()), &offer());
    let pool = &next.form.pools[0];
    assert_eq!(pool.labels.iter().map(|l| format!("{}={}", l.key, l.value)).collect::<Vec<_>>(), ["tier=gpu", "node-role.kubernetes.io/gpu="]);
    assert_eq!(pool.taints, [Taint { key: "sim/gpu".into(), value: "yes".into(), effect: TaintEffect::NoSchedule }]);
    assert_eq!(extras(&next.pools[0]), "taint sim/gpu=yes:NoSchedule, label tier=gpu, label node-role.kubernetes.io/gpu");
    assert_eq!(Drawn::new(next.form.clone()).pools, next.pools);
}

#[test]
fn a_taint_without_its_effect_is_said_and_keeps_what_was_typed() {
    let next = drawn().edited(Edit::Taints(0, "sim/gpu".into()), &offer());
    assert_eq!(next.wrongs(), [(0, "“sim/gpu” is no taint; one looks like sim/gpu=yes:NoSchedule.".to_owned())]);
    assert_eq!(hindrance(&next, Some(&plan(next.form.clone())), "").as_deref(), Some("1 thing stands in the way."));
}

#[test]
fn another_class_takes_what_fits_it() {
    let next = drawn().edited(Edit::Class(ClassName { namespace: "default".into(), name: "other".into() }), &offer());
    assert_eq!((next.form.pools[0].class.as_str(), next.form.variables.len()), ("small", 0));
}

#[test]
fn what_a_hand_writes_leads_until_a_field_is_changed() {
    let by_hand = drawn().edited(Edit::Yaml("kind: Cluster".into()), &offer());
    assert_eq!((by_hand.leads, by_hand.form.yaml.as_deref()), (Leads::Yaml, Some("kind: Cluster")));
    let mut read = plan(by_hand.form.clone());
    read.form.control_planes = 3;
    let in_step = by_hand.in_step(&read);
    assert_eq!(in_step.form.control_planes, 3);
    let by_field = in_step.edited(Edit::ControlPlanes(5), &offer());
    assert_eq!((by_field.leads, by_field.form.yaml.is_some()), (Leads::Fields, true));
    read.form.yaml = Some("written anew".into());
    assert_eq!(by_field.in_step(&read).form, ClusterForm { control_planes: 5, ..read.form });
}

#[test]
fn nothing_is_made_before_the_server_would_take_it() {
    let good = plan(drawn().form);
    assert_eq!(hindrance(&drawn(), Some(&good), ""), None);
    assert_eq!(hindrance(&drawn(), None, "").as_deref(), Some("The plan is on its way."));
    let refused = ClusterPlan { dry_run: DryRun::Refused(api::Fault::new(api::FaultCode::Invalid, "No.")), ..good.clone() };
    assert_eq!(hindrance(&drawn(), Some(&refused), "").as_deref(), Some("The server would refuse it."));
    let check = FormCheck { field: None, level: Level::Stops, title: "No".into(), says: String::new(), fix: None };
    let protected = ClusterPlan { typed: Some("prod".into()), ..good.clone() };
    assert_eq!(hindrance(&drawn(), Some(&protected), "pro").as_deref(), Some("prod is protected: type its name."));
    assert_eq!(hindrance(&drawn(), Some(&protected), "prod"), None);
    let stopped = ClusterPlan { checks: vec![check], ..good };
    assert_eq!(hindrance(&drawn(), Some(&stopped), "").as_deref(), Some("1 thing stands in the way."));
}

#[test]
fn a_text_is_typed_without_its_quotes() {
    let variable =
        |shape, default: &str| Variable { name: "v".into(), need: Need::Optional, shape, choices: vec![], default: Some(default.into()), says: String::new() };
    let text = variable(Shape::Text { pattern: None, shortest: None, longest: None }, "\"a\"");
    assert_eq!((typed(&text, None), untyped(&text, "b\"".into())), ("a".into(), "\"b\\\"\"".into()));
    let whole = variable(Shape::Whole { min: None, max: None }, "3");
    assert_eq!((typed(&whole, None), untyped(&whole, "4".into())), ("3".into(), "4".into()));
}

#[test]
fn an_image_that_is_pulled_is_told_with_its_size_where_that_is_known() {
    let mut offer = offer();
    for (is, said) in [
        (ImageIs::Here { bytes: None }, "The image is already here. Others are pulled first."),
        (ImageIs::ToBePulled { bytes: Some(412_000_000) }, "The image is pulled first, 412 MB to download."),
        (ImageIs::ToBePulled { bytes: None }, "The image is pulled first."),
    ] {
        offer.versions = vec![NodeImage { kubernetes: "v1.36.4".into(), image: "kindest/node:v1.36.4".into(), is }];
        assert_eq!(image_words(&offer.form, &offer), said);
    }
}

#[test]
fn the_versions_are_those_of_the_class_the_newest_first() {
    let mut offer = offer();
    offer.classes[0].versions = vec!["v1.35.0".into(), "v1.36.0".into()];
    assert_eq!(versions(&offer.form.clone(), &offer), ["v1.36.4", "v1.36.0", "v1.35.0"]);
}

#[test]
fn as_many_machines_as_asked_stand_beside_as_many_as_rendered() {
    let count = |control_planes, workers| MachineCount { control_planes, workers };
    let object = DrawnObject { object: PlannedObject::named(Fate::Later, "Cluster", "default", "lab"), depth: 0, machines: 0, note: String::new() };
    let of = |asked, rendered| counted(&ClusterPlan { asked, rendered, objects: vec![object.clone()], ..plan(offer().form) });
    assert_eq!(of(count(3, 3), count(3, 3)), Some((State::Healthy, "3 + 3 asked, 3 + 3 rendered".into())));
    assert_eq!(of(count(3, 3), count(3, 6)), Some((State::Warning, "3 + 3 asked, 3 + 6 rendered".into())));
    assert_eq!(counted(&plan(offer().form)), None, "nothing is drawn yet");
}

#[test]
fn a_template_gets_the_machines_of_all_pools() {
    let pool = |replicas| Pool { name: "md".into(), class: String::new(), replicas, labels: vec![], taints: vec![] };
    for (pools, workers) in [(vec![], 0), (vec![pool(2)], 2), (vec![pool(2), pool(3)], 5), (vec![pool(u32::MAX), pool(1)], u32::MAX)] {
        let fields = template_fields(&ClusterForm { pools, ..offer().form });
        assert_eq!((fields.workers, fields.name.as_str(), fields.control_planes), (workers, "lab-c", 1));
    }
}
