use api::health::{HealthCheck, HealthRule, RuleOf, RuleStatus};

use super::*;

fn rule(of: RuleOf, condition: &str, status: RuleStatus, seconds: u32) -> HealthRule {
    HealthRule { of, condition: condition.into(), status, seconds }
}

fn check() -> HealthCheck {
    HealthCheck { start_up_seconds: 900, rules: vec![rule(RuleOf::Node, "Ready", RuleStatus::Unknown, 120)], most_ill: "40%".into() }
}

fn set(group: LaneGroup, check: Option<HealthCheck>) -> ClusterChange {
    ClusterChange::SetHealthCheck { group, check }
}

fn pool(name: &str) -> LaneGroup {
    LaneGroup::Pool(name.into())
}

fn written() -> Value {
    json!({
        "checks": { "nodeStartupTimeoutSeconds": 900, "unhealthyNodeConditions": [{ "type": "Ready", "status": "Unknown", "timeoutSeconds": 120 }] },
        "remediation": { "triggerIf": { "unhealthyLessThanOrEqualTo": "40%" } },
    })
}

impl Scene {
    /// As the older contract would serve the same objects; hand-made of the recording.
    fn older(&mut self) -> &mut Self {
        self.documents.values_mut().for_each(|document| {
            if document["apiVersion"].as_str().is_some_and(|version| version.starts_with("cluster.x-k8s.io/")) {
                document["apiVersion"] = json!("cluster.x-k8s.io/v1beta1");
            }
        });
        self.change("MachineHealthCheck", |check| {
            let (name, selector) = (check["spec"]["clusterName"].clone(), check["spec"]["selector"].clone());
            check["spec"] = json!({
                "clusterName": name, "selector": selector, "nodeStartupTimeout": "10m0s", "maxUnhealthy": 2,
                "unhealthyConditions": [{ "type": "Ready", "status": "False", "timeout": "5m0s" }],
                "remediationTemplate": { "kind": "FixTemplate", "name": "fix" },
            });
        })
    }

    fn offered(&self) -> api::changes::ClusterOffers {
        offers(&recorded::graph_of(&self.documents), &self.key, &self.documents, &Around::default()).expect("the cluster is there")
    }
}

#[test]
fn the_check_that_watches_each_group_is_read_with_its_rules() {
    let offered = Scene::running().offered();
    for health in [offered.control_plane.unwrap().health, offered.pools[0].health.clone()] {
        let health = health.expect("the class asks for a check");
        assert_eq!((health.start_up_seconds, health.most_ill.as_str(), health.rules.len()), (600, "", 4));
        assert!(health.rules.contains(&rule(RuleOf::Machine, "NodeReady", RuleStatus::False, 300)), "{health:?}");
    }
    let mut older = Scene::running();
    let health = older.older().offered().pools[0].health.clone().expect("the same by the older contract");
    assert_eq!(health, HealthCheck { start_up_seconds: 600, rules: vec![rule(RuleOf::Node, "Ready", RuleStatus::False, 300)], most_ill: "2".into() });
}

#[test]
fn a_check_of_a_topology_is_written_in_its_cluster_alone() {
    let topology = Scene::running().topology_after(&set(LaneGroup::ControlPlane, Some(check())));
    assert_eq!((&topology["controlPlane"]["healthCheck"], &topology["controlPlane"]["replicas"]), (&written(), &json!(3)));
    let topology = Scene::running().topology_after(&set(pool("md-0"), Some(check())));
    assert_eq!(topology["workers"]["machineDeployments"][0]["healthCheck"], written());
    let off = Scene::running().topology_after(&set(pool("md-0"), None));
    assert_eq!(off["workers"]["machineDeployments"][0]["healthCheck"], json!({ "enabled": false }));
}

#[test]
fn the_older_contract_gets_its_own_words_and_keeps_who_repairs() {
    let mut scene = Scene::running();
    scene.older();
    let topology = scene.topology_after(&set(LaneGroup::ControlPlane, Some(check())));
    let older = json!({
        "nodeStartupTimeout": "900s", "maxUnhealthy": "40%", "remediationTemplate": { "kind": "FixTemplate", "name": "fix" },
        "unhealthyConditions": [{ "type": "Ready", "status": "Unknown", "timeout": "120s" }],
    });
    assert_eq!(topology["controlPlane"]["machineHealthCheck"], older);
    let off = scene.topology_after(&set(LaneGroup::ControlPlane, None));
    assert_eq!(off["controlPlane"]["machineHealthCheck"], json!({ "enable": false }));
}

#[test]
fn what_stood_in_the_topology_before_leaves_nothing_behind() {
    let mut scene = Scene::running();
    scene.change("Cluster", |cluster| {
        cluster["spec"]["topology"]["controlPlane"]["healthCheck"] = json!({
            "enabled": false,
            "checks": { "nodeStartupTimeoutSeconds": 60, "unhealthyMachineConditions": [{ "type": "NodeReady", "status": "False", "timeoutSeconds": 1 }] },
            "remediation": { "triggerIf": { "unhealthyInRange": "[0-1]" }, "templateRef": { "kind": "FixTemplate", "name": "fix" } },
        });
    });
    let mut expected = written();
    expected["remediation"]["templateRef"] = json!({ "kind": "FixTemplate", "name": "fix" });
    assert_eq!(scene.topology_after(&set(LaneGroup::ControlPlane, Some(check())))["controlPlane"]["healthCheck"], expected);
}

#[test]
fn a_plain_cluster_has_its_checks_in_objects_of_their_own() {
    let mut scene = Scene::plain();
    scene.change("MachineHealthCheck", |check| {
        check["metadata"]["labels"].as_object_mut().unwrap().remove("topology.cluster.x-k8s.io/owned");
        check["spec"]["selector"]["matchLabels"].as_object_mut().unwrap().remove("topology.cluster.x-k8s.io/owned");
        if let Some(labels) = check["spec"]["selector"]["matchLabels"].as_object_mut()
            && labels.remove("topology.cluster.x-k8s.io/deployment-name").is_some()
        {
            labels.insert("cluster.x-k8s.io/deployment-name".into(), json!("wl1-md-0-klnwq"));
        }
    });
    for group in [LaneGroup::ControlPlane, pool("wl1-md-0-klnwq")] {
        let plan = scene.plan(&set(group.clone(), Some(check()))).unwrap();
        let [write] = plan.writes.as_slice() else { panic!("{:?}", plan.writes) };
        assert_eq!(&*write.object.kind, "MachineHealthCheck");
        let after = &scene.after(&plan)[&write.object]["spec"];
        assert_eq!((&after["checks"], &after["remediation"]), (&written()["checks"], &written()["remediation"]));
        assert!(after["selector"]["matchLabels"].is_object() && after["clusterName"] == "wl1", "{after}");
        let gone = scene.plan(&set(group, None)).unwrap();
        assert_eq!((gone.writes[0].act.clone(), sentences(&gone, Follows::Gone).len()), (Act::Delete, 1));
    }
    scene.documents.retain(|id, _| &*id.kind != "MachineHealthCheck");
    let made = scene.plan(&set(pool("wl1-md-0-klnwq"), Some(check()))).unwrap();
    let Act::Create(document) = &made.writes[0].act else { panic!("{:?}", made.writes) };
    assert_eq!(document["apiVersion"], scene.document("Cluster")["apiVersion"]);
    assert_eq!(document["spec"]["selector"]["matchLabels"]["cluster.x-k8s.io/deployment-name"], "wl1-md-0-klnwq");
    assert_eq!(crate::change::group_of(document), Some(pool("wl1-md-0-klnwq")), "it is found again");
    let named = made.effects.iter().find(|effect| effect.weight == Follows::Replaced).map(|effect| effect.names.len());
    assert_eq!(named, Some(3), "who is watched is named");
}

#[test]
fn a_check_without_a_limit_and_one_with_a_range_say_what_they_do() {
    let said = |most: &str, weight: Follows| {
        let plan = Scene::running().plan(&set(pool("md-0"), Some(HealthCheck { most_ill: most.into(), ..check() }))).unwrap();
        sentences(&plan, weight).join(" ")
    };
    assert!(said("", Follows::Risk).starts_with("However many are ill at once"), "{}", said("", Follows::Risk));
    assert!(said("2", Follows::Unharmed).starts_with("With more than 2 of them ill nothing is replaced"));
    assert!(said("[0-2]", Follows::Unharmed).contains("within [0-2]"));
}

#[rstest]
#[case::too_short(HealthCheck { start_up_seconds: 29, ..check() }, "A machine needs at least 30 s to become a Node.")]
#[case::nothing(HealthCheck { start_up_seconds: 0, rules: vec![], ..check() }, "A check without a time and without a rule")]
#[case::no_name(HealthCheck { rules: vec![rule(RuleOf::Node, "is bad", RuleStatus::True, 1)], ..check() }, "“is bad” is no condition.")]
#[case::circular(HealthCheck { rules: vec![rule(RuleOf::Machine, "Ready", RuleStatus::False, 1)], ..check() }, "Ready of a Machine follows from its checks")]
#[case::twice(HealthCheck { rules: vec![rule(RuleOf::Node, "Ready", RuleStatus::False, 1), rule(RuleOf::Node, "Ready", RuleStatus::False, 2)], ..check() }, "Node Ready=False is named twice.")]
#[case::percent(HealthCheck { most_ill: "140%".into(), ..check() }, "“140%” is no limit.")]
#[case::range(HealthCheck { most_ill: "[3-2]".into(), ..check() }, "“[3-2]” is no limit.")]
#[case::word(HealthCheck { most_ill: "many".into(), ..check() }, "“many” is no limit.")]
fn what_a_webhook_would_refuse_of_a_check_is_said_at_once(#[case] wish: HealthCheck, #[case] sentence: &str) {
    let said = Scene::running().refusal(&set(pool("md-0"), Some(wish)));
    assert!(said.starts_with(sentence), "{said}");
}

#[test]
fn who_cannot_be_watched_is_told_why() {
    let scene = Scene::running();
    assert_eq!(scene.refusal(&set(LaneGroup::Alone, Some(check()))), "These machines have no owner that would make new ones.");
    let now = scene.offered().pools[0].health.clone();
    assert_eq!(scene.refusal(&set(pool("md-0"), now)), "A check watches the pool md-0 like this already.");
    let mut bare = Scene::running();
    bare.documents.retain(|id, _| &*id.kind != "MachineHealthCheck");
    assert_eq!(bare.refusal(&set(pool("md-0"), None)), "No check watches the pool md-0.");
    let mut pools = Scene::running();
    pools.change("Cluster", |cluster| cluster["spec"]["topology"]["workers"]["machinePools"] = json!([{ "class": "x", "name": "mp-0" }]));
    assert!(pools.refusal(&set(pool("mp-0"), Some(check()))).starts_with("mp-0 is a MachinePool"));
}
