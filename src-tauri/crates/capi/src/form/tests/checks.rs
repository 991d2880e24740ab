use api::computer::{CheckId, CheckRow, ComputerView, Verdict};
use rstest::rstest;

use super::*;

/// `Name: The name is taken. …` of each check that is not well.
fn said(form: &ClusterForm, ground: &Ground) -> Vec<String> {
    checks(form, ground).iter().filter(|c| c.level != Level::Well).map(|c| format!("{:?}: {}. {}", c.level, c.title, c.says)).collect()
}

fn after(change: impl FnOnce(&mut ClusterForm)) -> Vec<String> {
    let mut form = form();
    change(&mut form);
    said(&form, &ground())
}

fn fix(change: impl FnOnce(&mut ClusterForm)) -> Option<FormFix> {
    let mut form = form();
    change(&mut form);
    checks(&form, &ground()).first().and_then(|c: &FormCheck| c.fix.clone())
}

#[test]
fn the_drawn_form_has_nothing_wrong() {
    assert_eq!(said(&form(), &ground()), Vec::<String>::new());
}

#[rstest]
#[case("", "A name is needed.")]
#[case("Lab", "A name has small letters, digits and hyphens, not “L”.")]
#[case("lab c", "A name has small letters, digits and hyphens, not a space.")]
#[case("1lab", "A name begins with a letter.")]
#[case("lab-", "A name ends with a letter or a digit.")]
fn a_name_says_what_it_may_not_have(#[case] name: &str, #[case] why: &str) {
    assert_eq!(after(|f| f.name = name.into()), [format!("Stops: The name is not usable. {why}")]);
}

#[test]
fn a_name_leaves_room_for_the_letters_of_its_machines() {
    let fits = "a".repeat(40);
    assert_eq!(after(|f| f.name = fits.clone()), Vec::<String>::new());
    // `name-md-0-m2c9k-7wx4n-abcde` is the longest.
    let machine = format!("{fits}-md-0-12345-12345-12345");
    assert_eq!(machine.len(), 63);
    let said = after(|f| f.name = "a".repeat(41));
    assert_eq!(
        said,
        ["Stops: The name is too long. 41 characters are too many: machines are called after the cluster and its pool, and have at most 63. 40 fit here."]
    );
}

#[test]
fn a_taken_name_offers_the_next_one() {
    assert_eq!(after(|f| f.name = "lab-a".into()), ["Stops: The name is taken. A cluster called lab-a stands in the namespace default already."]);
    assert_eq!(fix(|f| f.name = "lab-a".into()), Some(FormFix::Use("lab-a-2".into())));
}

#[rstest]
#[case("team", "lab-a", "stands in the namespace default")]
#[case("default", "lab-z", "is on this machine")]
fn containers_know_no_namespace_and_no_manager_so_their_cluster_needs_a_name_of_its_own(#[case] namespace: &str, #[case] name: &str, #[case] holder: &str) {
    let mut form = form();
    (form.name, form.namespace) = (name.into(), namespace.into());
    let says = format!("A cluster called {name} {holder}: Docker would take the containers of both for one cluster.");
    let wanted = [format!("Stops: The name is taken. {says}")];
    let mut ground = ground();
    assert_eq!(said(&form, &ground), wanted);
    let by_hand = |machines: MachinesAre, ground: &Ground| plain(&form, machines, ground).into_iter().map(|check| check.says).collect::<Vec<_>>();
    assert!(by_hand(MachinesAre::Containers, &ground).contains(&says));
    assert!(!by_hand(MachinesAre::Elsewhere, &ground).contains(&says));
    // The name that is proposed is free in the same sense.
    ground.here.push(format!("{name}-2"));
    assert_eq!(checks(&form, &ground)[0].fix, Some(FormFix::Use(format!("{name}-3"))));
    for machines in [MachinesAre::Elsewhere, MachinesAre::Simulated] {
        ground.classes[0].machines = machines;
        assert_eq!(said(&form, &ground), Vec::<String>::new(), "{machines:?}");
    }
}

#[rstest]
#[case(0, "Stops: A control plane is needed. Without a control plane there is no API server.")]
#[case(2, "Stops: The number of control planes is even. 2 survive no more failures than 1 do, and kubeadm refuses an even number.")]
fn the_server_takes_an_even_number_and_the_form_does_not(#[case] planes: u32, #[case] wanted: &str) {
    assert_eq!(after(|f| f.control_planes = planes), [wanted]);
}

#[test]
fn a_version_must_be_one_that_the_class_allows() {
    let mut ground = ground();
    ground.classes[0].versions = vec!["v1.35.8".into(), "v1.36.3".into()];
    assert_eq!(said(&form(), &ground), ["Stops: The version is not allowed. The class quick-start allows v1.35.8, v1.36.3."]);
    assert_eq!(after(|f| f.version = "1.36".into()), ["Stops: The version cannot be read. A version looks like v1.36.1, not “1.36”."]);
    let unknown = after(|f| f.version = "v1.33.1".into());
    assert_eq!(unknown, ["Risks: The node image is not known. No node image of v1.33.1 is known. Docker will look for kindest/node:v1.33.1."]);
}

#[test]
fn a_class_that_was_deleted_meanwhile_is_said() {
    let mut ground = ground();
    ground.classes.clear();
    assert_eq!(said(&form(), &ground), ["Stops: The class is gone. There is no ClusterClass quick-start in the namespace default any more."]);
}

#[rstest]
#[case("172.18.0.0/16", "The pod range is taken. This is the Docker network kind.")]
#[case("172.16.0.0/12", "The pod range is taken. 172.16.0.0/12 overlaps 172.18.0.0/16, fc00:f853:ccd:e793::/64, the Docker network kind of this machine.")]
#[case("192.168.0.0", "The pod range cannot be read. “192.168.0.0” is no range; one looks like 192.168.0.0/16.")]
#[case("192.168.1.0/16", "The pod range cannot be read. 192.168.1.0/16 begins in the middle of a range; 192.168.0.0/16 is meant.")]
#[case("", "The pod range cannot be read. “” is no range; one looks like 192.168.0.0/16.")]
#[case("10.0.0.0/16, 10.1.0.0/16", "The pod range cannot be read. One range, or one of IPv4 and one of IPv6 with a comma between them.")]
#[case("192.168.0.0/23", "The pod range is too small. 192.168.0.0/23 has room for 2 nodes, a /24 each; 4 are asked for.")]
#[case("10.128.0.0/16", "Pods and services share addresses. 10.128.0.0/12 and 10.128.0.0/16 overlap.")]
fn a_range_says_what_is_wrong_and_proposes_another(#[case] range: &str, #[case] why: &str) {
    assert_eq!(after(|f| f.pod_range = range.into()), [format!("Stops: {why}")]);
    assert!(matches!(fix(|f| f.pod_range = range.into()), Some(FormFix::Use(_))));
}

#[test]
fn both_families_are_a_range_each() {
    let both = after(|f| (f.pod_range, f.service_range) = ("192.168.0.0/16, fd00:1::/48".into(), "10.128.0.0/12, fd00:2::/108".into()));
    assert_eq!(both, Vec::<String>::new());
}

#[test]
fn docker_s_networks_do_not_matter_to_machines_elsewhere() {
    let mut ground = ground();
    ground.classes[0].machines = MachinesAre::Elsewhere;
    let mut form = form();
    form.pod_range = "172.18.0.0/16".into();
    assert_eq!(said(&form, &ground), Vec::<String>::new());
}

#[test]
fn the_proposed_range_overlaps_nothing() {
    let networks = [DockerNetwork { name: "bridge".into(), ranges: vec!["192.168.0.0/20".into()] }];
    assert_eq!(free_range(&FormField::PodRange, &[], "").as_deref(), Some("192.168.0.0/16"));
    assert_eq!(free_range(&FormField::PodRange, &networks, "10.244.0.0/16").as_deref(), Some("10.32.0.0/13"));
    assert_eq!(free_range(&FormField::ServiceRange, &[], "10.128.0.0/16").as_deref(), Some("10.96.0.0/12"));
}

#[test]
fn pools_are_checked_at_their_place() {
    let said = after(|f| f.pools = vec![pool("md-0", 1), pool("md-0", 1), Pool { class: "gpu".into(), ..pool("MD", 1) }]);
    let wanted = [
        "Stops: Two pools have one name. There is a pool md-0 already.",
        "Stops: A pool has no usable name. A name has small letters, digits and hyphens, not “M”.",
        "Stops: A pool of an unknown kind. The class has no pools of the kind “gpu”. It has: default-worker.",
    ];
    assert_eq!(said, wanted);
}

#[rstest]
#[case("node-role.kubernetes.io/gpu", "", None)]
#[case("gpu.node.cluster.x-k8s.io/kind", "a100", None)]
#[case("a b", "", Some("Stops: A label is not allowed. “a b” is no key: at most 63 letters, digits, “-”, “_” and “.”, a letter or digit at both ends."))]
#[case("Up.per/key", "", Some("Stops: A label is not allowed. “Up.per/key”: what stands before the slash is a domain in small letters."))]
#[case(
    "node-role.kubernetes.io/gpu",
    "-x",
    Some("Stops: A label is not allowed. “-x” is no value: at most 63 letters, digits, “-”, “_” and “.”, a letter or digit at both ends.")
)]
#[case(
    "tier",
    "gpu",
    Some(
        "Risks: A label does not reach the nodes. tier stays on the machines of md-0: nodes take only labels below node-role.kubernetes.io, node-restriction.kubernetes.io, node.cluster.x-k8s.io."
    )
)]
fn labels_follow_the_rules_of_kubernetes_and_say_whether_nodes_take_them(#[case] key: &str, #[case] value: &str, #[case] wanted: Option<&str>) {
    let said = after(|f| f.pools[0].labels = vec![Label { key: key.into(), value: value.into() }]);
    assert_eq!(said.first().map(String::as_str), wanted, "{said:?}");
}

#[test]
fn a_variable_is_held_against_its_schema() {
    let mut ground = ground();
    ground.classes[0].variables = [
        json!({ "name": "size", "required": true, "schema": { "openAPIV3Schema": { "type": "integer", "minimum": 1, "maximum": 9 } } }),
        json!({ "name": "tier", "schema": { "openAPIV3Schema": { "type": "string", "enum": ["a", "b"] } } }),
        json!({ "name": "on", "schema": { "openAPIV3Schema": { "type": "boolean" } } }),
    ]
    .iter()
    .map(|v| class(&json!({ "metadata": { "name": "c" }, "spec": { "variables": [v] } }), None).unwrap().variables.remove(0))
    .collect();
    let with = |name: &str, value: &str| {
        let mut form = form();
        form.variables.insert("size".into(), "3".into());
        form.variables.insert(name.into(), value.into());
        said(&form, &ground)
    };
    assert_eq!(said(&form(), &ground), ["Stops: A variable is missing. The class needs a value for size."]);
    assert_eq!(with("size", "3"), Vec::<String>::new());
    assert_eq!(with("size", "12"), ["Stops: A variable does not fit. size is at most 9."]);
    assert_eq!(with("size", "\"3\""), ["Stops: A variable does not fit. size is a whole number."]);
    assert_eq!(with("tier", "\"c\""), ["Stops: A variable does not fit. tier is one of \"a\", \"b\"."]);
    assert_eq!(with("on", "yes"), ["Stops: A variable does not fit. on: “yes” is no JSON."]);
    assert_eq!(with("other", "1"), ["Risks: A variable is unknown. The class quick-start does not list other."]);
}

#[test]
fn the_machine_is_judged_by_what_the_doctor_found() {
    let row = CheckRow {
        id: CheckId::InotifyInstances,
        title: String::new(),
        verdict: Verdict::Failed,
        matters: String::new(),
        found: String::new(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    };
    let computer = ComputerView { memory_total: 16_000_000_000, memory_free: 8_500_000_000, inotify_used: 128, inotify_limit: 128, ..ComputerView::default() };
    let mut ground = ground();
    ground.host = Some(Host { computer, checks: vec![row] });
    let mut form = form();
    form.pools.push(pool("md-gpu", 1));
    let said = |ground: &Ground| checks(&form, ground).iter().map(|c| format!("{:?}: {}. {}", c.level, c.title, c.says)).collect::<Vec<_>>();
    assert_eq!(said(&ground), ["Fails: No inotify instances are left. 5 new nodes need some.", "Well: Memory is enough. Needs about 2.6 GB, 8.5 GB is free."]);
    if let Some(host) = &mut ground.host {
        (host.computer.disk_total, host.computer.disk_free) = (100_000_000_000, 2_000_000_000);
        host.computer.docker_root = "/var/lib/docker".into();
    }
    let short = "Fails: The disk of Docker is short. Needs about 7.5 GB, 2.0 GB is free at /var/lib/docker.";
    assert!(said(&ground).iter().any(|check| check == short), "{:?}", said(&ground));
    ground.classes[0].machines = MachinesAre::Simulated;
    assert_eq!(said(&ground), Vec::<String>::new());
}
