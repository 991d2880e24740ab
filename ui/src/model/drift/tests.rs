use api::Timestamp;
use api::definitions::{Comments, DriftHead};

use super::*;

const CLOCK: Clock = Clock { now: Timestamp(1_733_936_400_000), zone_minutes: 0 };

fn row(name: &str, state: DriftState) -> DriftRow {
    let object = ObjectName { group: "cluster.x-k8s.io".into(), kind: "Cluster".into(), namespace: "default".into(), name: name.into() };
    DriftRow { object, state, at: None, fields: vec![], hand: None, first_line: 1, text: String::new(), running: String::new(), seen: String::new() }
}

fn hand(manager: &str, at: Option<u64>) -> Option<Hand> {
    Some(Hand { manager: manager.into(), at: at.map(Timestamp) })
}

#[test]
fn parts_are_told_apart_and_counted() {
    let parts = [
        DriftPart::Head(DriftHead { bound: None }),
        DriftPart::Object(row("a", DriftState::Drifted)),
        DriftPart::Object(row("b", DriftState::Same)),
        DriftPart::Object(row("c", DriftState::Same)),
    ];
    let drift = Drift::sorted(&parts.map(Rc::new));
    assert_eq!(drift.bound, Some(None), "it is known that nothing is bound");
    assert_eq!(drift.counts(), [(State::Done, "2 same".to_owned(), ""), (State::Warning, "1 drifted".to_owned(), "")]);
    assert_eq!((drift.differ(), drift.chosen(None).map(|row| row.object.name.as_str())), (1, Some("a")));
    let gone = row("gone", DriftState::Same).object;
    assert_eq!(drift.chosen(Some(&gone)).map(|row| row.object.name.as_str()), Some("a"), "a row that went leaves the first");
    assert!(Show::All.has(&drift.rows[1]) && !Show::Differences.has(&drift.rows[1]));
}

#[test]
fn the_side_of_the_cluster_says_who_did_it_and_when() {
    for (state, by, words) in [
        (DriftState::Same, hand("kos", None), ""),
        (DriftState::Drifted, hand("kos", Some(1_733_928_000_000)), "changed by KOS, 14:40"),
        (DriftState::Drifted, hand("kubectl-edit", None), "changed by kubectl-edit"),
        (DriftState::Drifted, None, "changed"),
        (DriftState::Missing, None, "not there"),
        (DriftState::Extra, hand("jo", None), "made by jo"),
        (DriftState::Extra, None, "in no file"),
        (DriftState::Refused(api::Fault::new(api::FaultCode::Denied, "It does not let you.")), None, "It does not let you."),
    ] {
        assert_eq!(cluster_words(&DriftRow { hand: by, ..row("a", state) }, CLOCK), words);
    }
}

#[test]
fn a_field_is_told_with_both_sides() {
    let text = |text: &str| Some(text.to_owned());
    for (path, file, cluster, words) in [
        (".spec.workers[md-0].replicas", text("2"), text("3"), ("replicas", "is 3, the repository says 2")),
        (".spec.deletion", None, text("120"), ("deletion", "is 120, the repository has none")),
        (".spec.pools[gpu]", text("{}"), None, ("pools[gpu]", "is not there, the repository says {}")),
    ] {
        let field = FieldDrift { path: path.into(), file, cluster, owner: None };
        assert_eq!(field_words(&field, "repository"), (words.0.to_owned(), words.1.to_owned()));
    }
}

#[test]
fn a_checkout_is_told_in_few_words() {
    let checkout = Checkout {
        root: "~/src".into(),
        below: String::new(),
        branch: None,
        commit: "3f9c1e2aa0b14f5d8c7e6f5a4b3c2d1e0f9a8b7c".into(),
        at: Some(Timestamp(1_733_841_600_000)),
        by: "jo".into(),
        tree: WorkTree::Clean,
        upstream: None,
    };
    assert_eq!(commit_words(&checkout, CLOCK), ("3f9c1e2".to_owned(), "10 Dec, by jo".to_owned()));
    assert_eq!(commit_words(&Checkout { at: None, by: String::new(), commit: String::new(), ..checkout }, CLOCK), (String::new(), String::new()));
    for (tree, words) in
        [(WorkTree::Clean, "clean"), (WorkTree::Staged, "staged, not committed"), (WorkTree::Changed(1), "1 file changed"), (WorkTree::Unknown, "")]
    {
        assert_eq!(tree_words(tree), words);
    }
}

#[test]
fn how_far_a_branch_is_ahead_stands_beside_it() {
    let checkout = |upstream: Option<(&str, u32, u32)>| Checkout {
        root: "~/src/my labs".into(),
        below: String::new(),
        branch: Some("main".into()),
        commit: String::new(),
        at: None,
        by: String::new(),
        tree: WorkTree::Clean,
        upstream: upstream.map(|(name, ahead, behind)| Upstream { name: name.into(), ahead, behind }),
    };
    for (upstream, facts, line) in [
        (None, "clean", "main"),
        (Some(("origin/main", 0, 0)), "clean", "main"),
        (Some(("origin/main", 2, 0)), "clean, 2 ahead of origin", "main, 2 ahead"),
        (Some(("fork/labs", 0, 1)), "clean, 1 behind fork/labs", "main, 1 behind"),
        (Some(("origin/main", 2, 1)), "clean, 2 ahead and 1 behind origin", "main, 2 ahead and 1 behind"),
    ] {
        let checkout = checkout(upstream);
        assert_eq!((checkout_words(&checkout).as_str(), branch_words(&checkout).as_str()), (facts, line));
    }
    let file = TextChange { shown: "~/src/my labs/lab-a/cluster.yaml".into(), before: String::new(), after: String::new(), comments: Comments::Stay };
    assert_eq!(commit_command(&checkout(None), "lab-a: it's 3", &[file]), r"git -C ~/'src/my labs' commit -m 'lab-a: it'\''s 3' -- lab-a/cluster.yaml");
}

#[test]
fn what_is_accepted_is_no_difference_and_is_counted_by_itself() {
    let parts = [DriftPart::Object(row("a", DriftState::Accepted)), DriftPart::Object(row("b", DriftState::Drifted))];
    let drift = Drift::sorted(&parts.map(Rc::new));
    assert_eq!(drift.counts(), [(State::Warning, "1 drifted".to_owned(), ""), (State::Skipped, "1 accepted".to_owned(), "")]);
    assert_eq!(drift.differ_words(), "1 of 2 objects differs");
    assert!(!Show::Differences.has(&drift.rows[0]) && Show::Differences.has(&drift.rows[1]));
}

#[test]
fn the_value_that_differs_is_marked_in_lines_of_one_key() {
    let (gone, come) = (|text: &str| Side::Gone { number: 1, text: text.into() }, |text: &str| Side::Come { number: 1, text: text.into() });
    let marked = |before: &str, after: &str| marks(&gone(before), &come(after)).map(|(l, r)| (before[l].to_owned(), after[r].to_owned()));
    assert_eq!(marked("  replicas: 2", "  replicas: 3"), Some(("2".into(), "3".into())));
    assert_eq!(marked("  replicas: 2", "  deletion:"), None);
    assert_eq!(marks(&gone("a: 1"), &Side::Gap), None);
}

#[test]
fn each_line_stands_beside_the_one_that_it_became() {
    let (left, right) = beside("a\nreplicas: 2\nz\n", "a\nreplicas: 3\nmore: 1\nz\n", 8);
    let text = |text: &str| text.to_owned();
    assert_eq!(
        left,
        [Side::Same { number: 8, text: text("a") }, Side::Gone { number: 9, text: text("replicas: 2") }, Side::Gap, Side::Same { number: 10, text: text("z") }]
    );
    assert_eq!(
        right,
        [
            Side::Same { number: 8, text: text("a") },
            Side::Come { number: 9, text: text("replicas: 3") },
            Side::Come { number: 10, text: text("more: 1") },
            Side::Same { number: 11, text: text("z") }
        ]
    );
    let change = TextChange { shown: String::new(), before: "a\nb\n".into(), after: "a\nc\nd\n".into(), comments: Comments::Stay };
    assert_eq!(lines_words(&change), (2, 1));
}

#[test]
fn what_is_far_above_the_first_change_is_not_shown() {
    let head: String = (0..40).map(|n| format!("line {n}\n")).collect();
    let (left, right) = beside(&format!("{head}x\n"), &format!("{head}y\n"), 1);
    assert_eq!((left.len(), right.len(), &left[0]), (10, 10, &Side::Same { number: 32, text: "line 31".into() }));
    assert_eq!(beside(&head, &head, 1).0.len(), 40, "a text without a change is shown whole");
}
