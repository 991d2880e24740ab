use api::{
    Millis,
    capi::LaneGroup,
    changes::{ClusterChange, ClusterOffers, ControlPlaneOffer, PoolOffer, PoolSize, Replaced, WrittenIn},
};

use super::*;

fn pool(name: &str, replicas: Option<u32>) -> PoolOffer {
    PoolOffer {
        pool: name.into(),
        object: format!("lab-{name}"),
        replicas,
        class: "default-worker".into(),
        version: "v1.36.1".into(),
        bounds: None,
        labels: BTreeMap::new(),
        taints: vec![],
        health: None,
    }
}

fn offers() -> ClusterOffers {
    ClusterOffers {
        by: WrittenIn::Topology,
        control_plane: Some(ControlPlaneOffer { name: "lab-cp".into(), replicas: 1, counts: vec![1, 3, 5], version: "v1.36.1".into(), health: None }),
        pools: vec![pool("md-0", Some(3)), pool("auto", None)],
        classes: vec![],
        version: "v1.36.1".into(),
        versions: vec![],
    }
}

fn replaced(group: LaneGroup, machines: &[&str], surge: u32, each: Option<u64>) -> Replaced {
    Replaced { group, machines: machines.iter().map(|m| (*m).to_owned()).collect(), surge, each: each.map(Millis::seconds) }
}

#[test]
fn only_what_differs_is_asked_for() {
    let mut sizes = Sizes::of(&offers());
    assert_eq!((sizes.change(&offers()), sizes.machines()), (None, 4), "an autoscaler's pool is not counted");
    sizes.pools.insert("md-0".into(), 5);
    let pools = vec![PoolSize { pool: "md-0".into(), to: 5 }];
    assert_eq!(sizes.change(&offers()), Some(ClusterChange::Scale { control_plane: None, pools }));
    sizes.pools.insert("md-0".into(), 3);
    sizes.control_plane = Some(3);
    assert_eq!(sizes.change(&offers()), Some(ClusterChange::Scale { control_plane: Some(3), pools: vec![] }));
}

#[test]
fn machines_go_one_after_the_other_when_their_successor_serves() {
    let plan = [
        replaced(LaneGroup::ControlPlane, &["lab-cp-a"], 1, Some(100)),
        replaced(LaneGroup::Pool("md-0".into()), &["lab-md-0-x-b", "lab-md-0-x-c"], 1, Some(40)),
    ];
    let schedule = schedule(&plan, "lab");
    assert_eq!((schedule.total, schedule.learned), (Millis::seconds(120 + 60 + 60), Learned::FromMachines));
    let heads: Vec<(&str, usize)> = schedule.groups.iter().map(|g| (g.head.as_str(), g.rows.len())).collect();
    assert_eq!(heads, [("Control plane, one at a time", 2), ("Pool md-0, one more than 2, never fewer", 4)]);
    let begin = |group: usize, row: usize, bar: usize| schedule.groups[group].rows[row].bars[bar].1.left;
    assert!(begin(0, 1, 0) < begin(0, 0, 1), "the new one comes before the old one is drained");
    assert!(begin(0, 0, 1) < begin(1, 1, 0) && begin(1, 1, 0) < begin(1, 3, 0), "one after the other");
    assert_eq!(schedule.ticks.first(), Some(&(0, "0:00".to_owned())));
    assert_eq!(takes(&schedule), "About 4:00, from the machines that were made here.");
}

#[test]
fn without_a_surge_the_old_one_goes_first() {
    let schedule = schedule(&[replaced(LaneGroup::Pool("md-0".into()), &["lab-md-0-x-b"], 0, None)], "lab");
    let rows = &schedule.groups[0].rows;
    assert!(rows[0].bars[1].1.left < rows[1].bars[0].1.left);
    assert_eq!((schedule.learned, schedule.groups[0].head.as_str()), (Learned::FirstGuess, "Pool md-0, one fewer than 1 meanwhile"));
}

#[test]
fn many_names_are_counted() {
    let names: Vec<String> = (0..11).map(|n| format!("m{n}")).collect();
    assert_eq!(listed(&names), "m0, m1, m2, m3, m4, m5, m6, m7 and 3 more");
    assert_eq!(listed(&names[..2]), "m0, m1");
}

#[test]
fn a_consequence_has_a_head() {
    for (sentence, head, rest) in [
        ("The API stops for about 10 s: etcd moves. Three would not stop.", "The API stops for about 10 s", "Etcd moves. Three would not stop."),
        ("4 machines go. None comes.", "4 machines go", "None comes."),
        ("Nothing else changes.", "Nothing else changes", ""),
    ] {
        assert_eq!(headed(sentence), (head.to_owned(), rest.to_owned()));
    }
}

#[test]
fn a_cluster_of_no_machines_replaces_none() {
    let none = schedule(&[], "w1");
    assert!(none.is_empty());
    assert_eq!(takes(&none), "No machine is replaced: there is none.");
}
