use api::capi::{ClusterPart, ClusterRow, ClusterState, Counts, MachineMark, TreeRow, TreeState};

use super::head;
use crate::condition::{Condition, Status};
use crate::explain::Facts;
use crate::object::Object;
use crate::recorded::{self, at};
use crate::{Graph, Page};

fn shown(graph: &Graph, name: &str) -> (ClusterRow, Vec<TreeRow>) {
    let key = recorded::key("default", name);
    let facts = Facts { now: at("13:45:00"), ..Facts::default() };
    let drawn = head(graph, &key, &facts).expect("the cluster is there");
    let mut tree = vec![];
    for part in Page::default().draw(graph, &key, &facts, drawn.clone(), vec![]).set {
        match part {
            ClusterPart::Tree(row) => tree.push(row),
            ClusterPart::Head(_)
            | ClusterPart::Lane(_)
            | ClusterPart::Shared(_)
            | ClusterPart::Why(_)
            | ClusterPart::Machine(_)
            | ClusterPart::Upgrade(_)
            | ClusterPart::Condition(_)
            | ClusterPart::Check(_)
            | ClusterPart::AddOn(_)
            | ClusterPart::Event(_)
            | ClusterPart::Log(_)
            | ClusterPart::Watched(_) => {}
        }
    }
    (drawn.0, tree)
}

#[test]
fn three_and_three_machines_asked_are_three_and_three_shown() {
    let (head, tree) = shown(&recorded::graph("in-memory/04-running.yaml"), "wl1");
    assert_eq!((head.state, head.wanted, head.ready(), head.machines.len()), (ClusterState::Available, 6, 6, 6));
    assert_eq!((head.version.as_str(), head.class.as_str(), head.why.as_str()), ("v1.34.2", "in-memory", ""));
    assert_eq!(tree.iter().filter(|r| r.kind == "Machine" && r.state == TreeState::Running).count(), 6);
}

#[test]
fn a_tree_has_no_made_up_rows_and_each_row_hangs_on_one_before_it() {
    let (_, tree) = shown(&recorded::graph("docker/w1-3cp-2w.yaml"), "w1");
    let kinds: Vec<(u16, &str)> = tree.iter().map(|r| (r.depth, r.kind.as_str())).collect();
    assert_eq!(&kinds[..4], [(0, "Cluster"), (1, "DevCluster"), (1, "KubeadmControlPlane"), (2, "Machine")]);
    assert!(kinds.contains(&(1, "MachineDeployment")) && kinds.contains(&(2, "MachineSet")) && kinds.contains(&(3, "Machine")), "{kinds:?}");
    assert!(tree.windows(2).all(|pair| pair[1].depth <= pair[0].depth + 1 && pair[1].order == pair[0].order + 1));
}

#[test]
fn the_state_of_each_recorded_moment_is_one_word() {
    for (moment, state) in [
        ("01-provisioning-start", ClusterState::Provisioning),
        ("03-workers-provisioning", ClusterState::Provisioning),
        ("06-paused", ClusterState::Paused),
        ("08-upgrading-cp", ClusterState::Upgrading),
        ("10-upgraded", ClusterState::Available),
        ("12-stuck-topology", ClusterState::Stuck),
        ("13-deleting-workers", ClusterState::Deleting),
    ] {
        let (head, _) = shown(&recorded::graph(&format!("in-memory/{moment}.yaml")), "wl1");
        assert_eq!(head.state, state, "{moment}");
        assert_eq!(head.why.is_empty(), state == ClusterState::Available, "{moment}: {}", head.why);
    }
}

#[test]
fn control_planes_and_workers_are_counted_apart_as_the_cluster_tells_them() {
    let counts = |asked, made, ready, available, up_to_date| {
        let [asked, made, ready, available, up_to_date] = [asked, made, ready, available, up_to_date].map(Some);
        Counts { asked, made, ready, available, up_to_date }
    };
    let whole = counts(3, 3, 3, 3, 3);
    for (moment, planes, workers) in [("04-running", whole, whole), ("08-upgrading-cp", counts(3, 4, 3, 3, 1), whole)] {
        let (head, _) = shown(&recorded::graph(&format!("in-memory/{moment}.yaml")), "wl1");
        assert_eq!((head.planes, head.workers), (planes, workers), "{moment}");
    }
}

#[test]
fn how_long_a_cluster_is_in_its_state_is_told_by_what_made_it_so() {
    for (moment, since) in [
        ("01-provisioning-start", "13:34:29"),
        ("04-running", "13:35:27"),
        ("06-paused", "13:36:26"),
        ("08-upgrading-cp", "13:36:41"),
        ("10-upgraded", "13:36:25"),
        ("12-stuck-topology", "13:40:17"),
        ("13-deleting-workers", "13:40:21"),
    ] {
        let (head, _) = shown(&recorded::graph(&format!("in-memory/{moment}.yaml")), "wl1");
        assert_eq!(head.since, Some(at(since)), "{moment}: {:?}", head.state);
    }
}

/// Since Cluster API 1.12 there is one reason; before it was the part that waits.
#[test]
fn an_upgrade_is_one_by_the_reasons_of_every_release() {
    for reason in [
        "ClusterUpgrading",
        "ControlPlaneUpgradePending",
        "MachineDeploymentsUpgradePending",
        "MachineDeploymentsCreatePending",
        "MachineDeploymentsUpgradeDeferred",
        "MachinePoolsUpgradePending",
    ] {
        let (mut graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
        let mut cluster = graph.cluster(&key).expect("the cluster").clone();
        for condition in cluster.conditions.iter_mut().filter(|c| c.kind == "TopologyReconciled") {
            condition.status = Status::False;
            condition.reason = reason.to_owned();
            condition.since = Some(at("13:44:00"));
        }
        graph.put(cluster);
        let facts = Facts { now: at("13:45:00"), ..Facts::default() };
        let (row, why) = head(&graph, &key, &facts).expect("the cluster is there");
        assert_eq!((row.state, why.rule.as_deref(), row.since), (ClusterState::Upgrading, Some("upgrading"), Some(at("13:44:00"))), "{reason}");
    }
}

/// Recorded with a topology, which is taken away: then only the versions of its machines tell.
#[test]
fn a_plain_cluster_is_upgraded_while_its_machines_differ() {
    for (moment, state, rule) in [("09-upgrading-workers", ClusterState::Upgrading, Some("upgrading")), ("10-upgraded", ClusterState::Available, None)] {
        let (mut graph, key) = (recorded::graph(&format!("in-memory/{moment}.yaml")), recorded::key("default", "wl1"));
        let mut cluster = graph.cluster(&key).expect("the cluster").clone();
        cluster.version = None;
        cluster.conditions.retain(|c| c.kind != "TopologyReconciled");
        graph.put(cluster);
        let facts = Facts { now: at("13:39:00"), ..Facts::default() };
        let (row, why) = head(&graph, &key, &facts).expect("the cluster is there");
        assert_eq!((row.state, why.rule.as_deref()), (state, rule), "{moment}: {why:?}");
    }
}

/// Hand-made of a recording: Cluster API 1.8 writes the conditions of v1beta1 alone.
#[test]
fn a_healthy_cluster_of_before_the_new_conditions_is_available() {
    for (is_ready, state) in [(true, ClusterState::Available), (false, ClusterState::NotAvailable)] {
        let (mut graph, key) = (Graph::default(), recorded::key("default", "wl1"));
        for mut document in recorded::documents("in-memory/04-running.yaml").into_values().filter(|document| document["kind"] != "ClusterClass") {
            let older = document["status"]["deprecated"]["v1beta1"]["conditions"].take();
            document["status"]["conditions"] = older;
            let mut object = Object::read(&document).expect("an object is whole");
            for condition in object.conditions.iter_mut().filter(|c| c.kind == "Ready" && !is_ready && document["kind"] == "Cluster") {
                condition.status = Status::False;
            }
            graph.put(object);
        }
        let (row, _) = shown(&graph, "wl1");
        assert_eq!((row.state, row.ready()), (state, 6), "{row:?}");
        assert_eq!(row.why.is_empty(), is_ready, "{}", row.why);
        assert!(graph.cluster(&key).expect("the cluster").condition("Available").is_none());
    }
}

#[test]
fn the_way_to_what_blocks_is_marked_in_the_tree() {
    let (head, tree) = shown(&recorded::graph("in-memory/08-upgrading-cp.yaml"), "wl1");
    let way: Vec<&str> = tree.iter().filter(|r| r.on_the_way).map(|r| r.kind.as_str()).collect();
    assert_eq!(way, ["Cluster", "KubeadmControlPlane", "Machine", "DevMachine"]);
    assert!(head.machines.contains(&MachineMark::Making), "{head:?}");
}

#[test]
fn a_machine_in_which_kubeadm_failed_has_the_mark_of_a_failed_one() {
    let (mut graph, key) = (recorded::graph("docker/w1-t55.yaml"), recorded::key("default", "w1"));
    let mut part = graph.machines(&key).find_map(|machine| graph.get(machine.infrastructure.as_ref()?)).expect("its DevMachine").clone();
    part.conditions.retain(|condition| condition.kind != "BootstrapCompleted");
    let kind = "BootstrapCompleted".to_owned();
    part.conditions.push(Condition { kind, status: Status::False, reason: "Failed".into(), message: String::new(), since: None, severity: None });
    graph.put(part);
    let (row, _) = head(&graph, &key, &Facts::default()).expect("the cluster is there");
    assert!(row.machines.contains(&MachineMark::Failed), "{row:?}");
}
