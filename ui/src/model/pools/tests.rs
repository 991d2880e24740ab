use std::collections::BTreeMap;

use api::changes::{Bounds, ClusterChange, ClusterOffers, NewPool, PoolFrom, PoolOffer, Taint, TaintEffect, WrittenIn};

use super::{Marks, PoolDraft, bounds_of, pool_of, source_words, sources};

fn pool(name: &str, replicas: Option<u32>) -> PoolOffer {
    PoolOffer {
        pool: name.into(),
        object: format!("lab-a-{name}-x7k2p"),
        replicas,
        class: "default-worker".into(),
        version: "v1.36.1".into(),
        bounds: None,
        labels: BTreeMap::from([("tier".to_owned(), "gpu".to_owned()), ("edge".to_owned(), String::new())]),
        taints: vec![Taint { key: "gpu".into(), value: "yes".into(), effect: TaintEffect::NoSchedule }],
        health: None,
    }
}

fn offers() -> ClusterOffers {
    ClusterOffers {
        by: WrittenIn::Topology,
        control_plane: None,
        pools: vec![pool("md-0", Some(3)), pool("burst", None)],
        classes: vec!["default-worker".into()],
        version: "v1.36.1".into(),
        versions: vec![],
    }
}

#[test]
fn a_new_pool_begins_with_a_free_name_and_what_it_can_be_like() {
    let draft = PoolDraft::of(&offers());
    assert_eq!((draft.name.as_str(), draft.replicas), ("md-1", 1));
    let words: Vec<String> = sources(&offers()).iter().map(source_words).collect();
    assert_eq!(words, ["default-worker", "like md-0", "like burst"]);
}

#[test]
fn what_is_typed_of_a_pool_becomes_a_change_or_says_what_is_wrong() {
    let draft = PoolDraft { from: 1, labels: "tier=gpu, edge".into(), taints: "gpu=yes:NoSchedule".into(), ..PoolDraft::of(&offers()) };
    let labels = BTreeMap::from([("tier".to_owned(), "gpu".to_owned()), ("edge".to_owned(), String::new())]);
    let taints = vec![Taint { key: "gpu".into(), value: "yes".into(), effect: TaintEffect::NoSchedule }];
    let made = NewPool { name: "md-1".into(), from: PoolFrom::Like("md-0".into()), replicas: 1, labels, taints };
    assert_eq!(draft.change(&offers()), Ok(ClusterChange::AddPool(made)));
    let wrong = PoolDraft { taints: "gpu".into(), ..draft };
    assert_eq!(wrong.change(&offers()), Err("“gpu” is no taint; one looks like sim/gpu=yes:NoSchedule.".to_owned()));
}

#[test]
fn marks_are_typed_as_they_are_shown() {
    let pool = pool("md-0", Some(3));
    for marks in [Marks::Labels, Marks::Taints] {
        let text = marks.of(&pool);
        let again = match marks.change("md-0", &text) {
            Ok(ClusterChange::SetLabels { labels, .. }) => labels == pool.labels,
            Ok(ClusterChange::SetTaints { taints, .. }) => taints == pool.taints,
            other => panic!("{other:?}"),
        };
        assert!(again, "{text}");
    }
}

#[test]
fn a_pool_is_found_by_the_name_that_a_tree_shows() {
    let offers = offers();
    assert_eq!(pool_of(&offers, "lab-a-md-0-x7k2p").map(|pool| pool.pool.as_str()), Some("md-0"));
    assert_eq!(bounds_of(&offers.pools[0]), Bounds { min: 1, max: 6 });
}
