use api::{FaultCode, Timestamp};
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Pair(String, u32);
impl Row for Pair {
    fn id(&self) -> RowId {
        RowId(self.0.clone())
    }
}

fn pair(name: &str, value: u32) -> Pair {
    Pair(name.into(), value)
}

fn snapshot(at: Cursor, rows: &[(&str, u32)]) -> Batch<Pair> {
    Batch::Snapshot { at, status: Status::Live, rows: rows.iter().map(|(n, v)| pair(n, *v)).collect() }
}

fn delta(at: Cursor, set: &[(&str, u32)], gone: &[&str]) -> Batch<Pair> {
    Batch::Delta { at, status: Status::Live, set: set.iter().map(|(n, v)| pair(n, *v)).collect(), gone: gone.iter().map(|g| RowId::from(*g)).collect() }
}

fn check(batches: Vec<Batch<Pair>>, expected: &[(&str, u32)]) {
    let mut store = Store::default();
    batches.into_iter().for_each(|b| store.apply(b));
    let rows: Vec<(&str, u32)> = store.rows().iter().map(|r| (r.0.as_str(), r.1)).collect();
    assert_eq!(rows, expected);
    for (name, value) in expected {
        assert_eq!(store.get(&RowId::from(*name)).map(|r| r.1), Some(*value), "{name} is found by its key");
    }
}

#[test]
fn a_snapshot_replaces_all_rows() {
    check(vec![snapshot(1, &[("a", 1), ("b", 2)]), snapshot(5, &[("c", 3)])], &[("c", 3)]);
}

#[test]
fn a_changed_row_keeps_its_place_and_a_new_one_comes_last() {
    check(vec![snapshot(1, &[("a", 1), ("b", 2)]), delta(2, &[("a", 9), ("c", 3)], &[])], &[("a", 9), ("b", 2), ("c", 3)]);
}

#[test]
fn rows_that_went_are_gone_and_the_others_are_still_found() {
    check(vec![snapshot(1, &[("a", 1), ("b", 2), ("c", 3)]), delta(2, &[("d", 4)], &["a", "b"])], &[("c", 3), ("d", 4)]);
}

#[test]
fn a_delta_that_was_taken_in_already_changes_nothing() {
    check(vec![snapshot(4, &[("a", 1)]), delta(4, &[("a", 7)], &[]), delta(3, &[], &["a"])], &[("a", 1)]);
}

#[test]
fn a_broken_door_keeps_the_last_good_rows() {
    let mut store = Store::default();
    store.apply(snapshot(3, &[("a", 1)]));
    store.broke(Fault::new(FaultCode::StreamClosed, "The stream ended."));
    store.reopen();
    assert_eq!((store.rows().len(), store.cursor(), store.broken().is_some()), (1, 0, true));
    store.apply(snapshot(1, &[("b", 2)]));
    assert_eq!((store.rows().len(), store.broken().is_some()), (1, false));
}

#[test]
fn a_stale_status_comes_with_its_rows() {
    let mut store = Store::default();
    store.apply(snapshot(1, &[("a", 1)]));
    let stale = Status::Stale { since: Timestamp(5), why: Fault::new(FaultCode::Unreachable, "dev-eu does not answer."), retry_at: None };
    store.apply(Batch::Delta { at: 2, status: stale.clone(), set: vec![], gone: vec![] });
    assert_eq!((store.status(), store.rows().len()), (&stale, 1));
}

#[test]
fn an_empty_delta_is_no_change() {
    let mut store = Store::default();
    store.apply(snapshot(1, &[("a", 1)]));
    let before = store.changes;
    store.apply(delta(2, &[], &[]));
    assert_eq!((store.changes, store.cursor()), (before, 2));
}

#[test]
fn a_bounded_stream_keeps_its_newest_rows() {
    let mut store = Store::default();
    for n in 0..21_u32 {
        store.apply(delta(u64::from(n) + 1, &[(&format!("r{n}"), n)], &[]));
        store.keep_last(5);
        assert!(store.rows().len() <= 5);
    }
    let held: Vec<u32> = store.rows().iter().map(|r| r.1).collect();
    assert_eq!(held.last(), Some(&20));
    assert!(held.len() >= 5 && held.is_sorted(), "{held:?}");
    assert_eq!(store.get(&RowId::from("r20")).map(|r| r.1), Some(20));
    assert!(store.get(&RowId::from("r0")).is_none());
    store.apply(delta(22, &[("r19", 190)], &["r18"]));
    assert_eq!(store.rows().iter().map(|r| r.1).collect::<Vec<_>>(), [16, 17, 190, 20]);
    store.apply(delta(23, &[("r17", 170)], &[]));
    assert_eq!(store.get(&RowId::from("r17")).map(|r| r.1), Some(170));
}
