use api::{Batch, Row, RowId, Status};
use serde::{Deserialize, Serialize};

use super::{Board, FIRST_AT_ONCE, KEPT_CHANGES, MOST_AT_ONCE};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Thing {
    name: String,
    value: u32,
}

impl Row for Thing {
    fn id(&self) -> RowId {
        RowId::from(self.name.as_str())
    }
}

fn thing(name: &str, value: u32) -> Thing {
    Thing { name: name.into(), value }
}

fn board(rows: &[(&str, u32)]) -> Board<Thing> {
    let board = Board::new(Status::Live);
    board.apply(rows.iter().map(|(n, v)| thing(n, *v)).collect(), vec![]);
    board
}

fn cursor(batch: &Batch<Thing>) -> u64 {
    match batch {
        Batch::Snapshot { at, .. } | Batch::Delta { at, .. } => *at,
    }
}

/// What a reader holds after following from `cursor`.
fn follow(rows: &mut Vec<Thing>, batch: Batch<Thing>) {
    match batch {
        Batch::Snapshot { rows: all, .. } => *rows = all,
        Batch::Delta { set, gone, .. } => {
            rows.retain(|r| !gone.contains(&r.id()));
            for row in set {
                match rows.iter_mut().find(|r| r.id() == row.id()) {
                    Some(old) => *old = row,
                    None => rows.push(row),
                }
            }
        }
    }
}

#[test]
fn a_first_reader_gets_a_snapshot_in_the_order_of_the_source() {
    let Batch::Snapshot { rows, .. } = board(&[("b", 1), ("a", 2)]).read(0) else { panic!("a snapshot was expected") };
    assert_eq!(rows, [thing("b", 1), thing("a", 2)]);
}

#[test]
fn ten_changes_of_one_row_travel_as_one() {
    let board = board(&[("a", 0)]);
    let at = cursor(&board.read(0));
    for value in 1..=10 {
        board.apply(vec![thing("a", value)], vec![]);
    }
    let Batch::Delta { set, gone, .. } = board.read(at) else { panic!("a delta was expected") };
    assert_eq!((set, gone), (vec![thing("a", 10)], vec![]));
}

#[test]
fn a_row_that_came_and_went_between_two_pulls_is_only_gone() {
    let board = board(&[("a", 0)]);
    let at = cursor(&board.read(0));
    board.apply(vec![thing("b", 1)], vec![]);
    board.apply(vec![], vec!["b".into()]);
    let Batch::Delta { set, gone, .. } = board.read(at) else { panic!("a delta was expected") };
    assert_eq!((set, gone), (vec![], vec![RowId::from("b")]));
}

#[test]
fn a_change_that_changes_nothing_is_no_news() {
    let board = board(&[("a", 0)]);
    let at = cursor(&board.read(0));
    board.apply(vec![thing("a", 0)], vec![]);
    board.replace(vec![thing("a", 0)]);
    board.status(Status::Live);
    assert_eq!(cursor(&board.read(at)), at);
}

#[test]
fn another_order_arrives_as_a_snapshot() {
    let board = board(&[("a", 0), ("b", 0)]);
    let at = cursor(&board.read(0));
    board.replace(vec![thing("b", 0), thing("a", 0)]);
    assert!(matches!(board.read(at), Batch::Snapshot { .. }));
}

#[test]
fn rows_added_at_the_end_arrive_alone() {
    let board = board(&[("a", 0), ("b", 0)]);
    let at = cursor(&board.read(0));
    board.replace(vec![thing("b", 0), thing("c", 0)]);
    let Batch::Delta { set, gone, .. } = board.read(at) else { panic!("a delta was expected") };
    assert_eq!((set, gone), (vec![thing("c", 0)], vec![RowId::from("a")]));
}

#[test]
fn a_relist_of_a_table_tells_only_what_differs() {
    let board = board(&[("a", 0), ("c", 0)]);
    let at = cursor(&board.read(0));
    board.replace_set(vec![thing("a", 0), thing("b", 0), thing("c", 1)]);
    let Batch::Delta { set, gone, .. } = board.read(at) else { panic!("a delta was expected") };
    assert_eq!((set, gone), (vec![thing("b", 0), thing("c", 1)], vec![]));
}

#[test]
fn a_reader_too_far_behind_gets_a_snapshot() {
    let board = board(&[("a", 0)]);
    let at = cursor(&board.read(0));
    for value in 0..=(KEPT_CHANGES as u32) + 1 {
        board.apply(vec![thing("a", value + 1)], vec![]);
    }
    assert!(matches!(board.read(at), Batch::Snapshot { .. }));
}

#[test]
fn a_flood_arrives_in_parts_that_a_page_can_take_and_none_is_lost() {
    let board = board(&[("first", 0)]);
    let mut at = cursor(&board.read(0));
    let lines = MOST_AT_ONCE * 2 + 1;
    board.apply((0..lines).map(|n| thing(&format!("line {n}"), 0)).collect(), vec![]);
    board.status(Status::Loading);
    let mut held = vec![];
    for _ in 0..3 {
        let batch = board.read(at);
        let Batch::Delta { ref set, .. } = batch else { panic!("a delta was expected") };
        assert!(set.len() <= MOST_AT_ONCE);
        at = cursor(&batch);
        follow(&mut held, batch);
    }
    assert_eq!(held, (0..lines).map(|n| thing(&format!("line {n}"), 0)).collect::<Vec<_>>());
    assert_eq!(cursor(&board.read(at)), at, "nothing is left");
}

#[test]
fn a_cursor_of_another_life_gets_a_snapshot() {
    assert!(matches!(board(&[("a", 0)]).read(999), Batch::Snapshot { .. }));
}

#[test]
fn a_bounded_board_keeps_the_last_rows() {
    let board = Board::bounded(Status::Live, 2);
    for name in ["a", "b", "c"] {
        board.apply(vec![thing(name, 0)], vec![]);
    }
    assert_eq!(board.rows(), [thing("b", 0), thing("c", 0)]);
}

/// The rows that lines of these numbers make, and how many a reader is given at once until it has all.
fn in_parts(lines: usize, kept: usize) -> (Vec<Thing>, Vec<usize>) {
    let board = Board::bounded(Status::Live, kept);
    for n in 0..lines {
        board.apply(vec![thing(&format!("line {n}"), 0)], vec![]);
    }
    let (mut held, mut at, mut parts) = (vec![], 0, vec![]);
    loop {
        let batch = board.read(at);
        let (now, before) = (cursor(&batch), at);
        let rows = match &batch {
            Batch::Snapshot { rows, .. } => rows.len(),
            Batch::Delta { set, .. } => set.len(),
        };
        if now == before {
            assert_eq!(held, board.rows());
            return (held, parts);
        }
        (at, parts) = (now, [parts, vec![rows]].concat());
        follow(&mut held, batch);
    }
}

#[test]
fn a_reader_that_comes_late_to_a_long_output_gets_it_in_parts() {
    const FIRST: usize = FIRST_AT_ONCE;
    const MOST: usize = MOST_AT_ONCE;
    for (lines, kept, parts) in [
        (10, 5_000, vec![10]),
        (FIRST, 5_000, vec![FIRST]),
        (FIRST + 1, 5_000, vec![FIRST, 1]),
        (FIRST + 2 * MOST + 500, 5_000, vec![FIRST, MOST, MOST, 500]),
        (9_000, FIRST + MOST + 500, vec![FIRST, MOST, 500]),
    ] {
        let (held, found) = in_parts(lines, kept);
        assert_eq!(found, parts, "{lines} lines, {kept} kept");
        assert_eq!(held.len(), lines.min(kept));
    }
}

#[test]
fn a_long_output_whose_lines_changed_is_given_whole() {
    let board = Board::bounded(Status::Live, 5_000);
    for n in 0..2_000 {
        board.apply(vec![thing(&format!("line {n}"), 0)], vec![]);
    }
    board.apply(vec![thing("line 3", 1)], vec![]);
    let Batch::Snapshot { rows, .. } = board.read(0) else { panic!("a new reader gets a snapshot") };
    assert_eq!(rows, board.rows());
}

#[tokio::test(start_paused = true)]
async fn a_waiting_reader_wakes_for_a_status_alone() {
    let board = std::sync::Arc::new(board(&[("a", 0)]));
    let at = cursor(&board.read(0));
    let reader = {
        let board = board.clone();
        async move { board.pull(at, std::time::Duration::from_secs(20)).await }
    };
    let writer = async { board.status(Status::Loading) };
    let (batch, ()) = tokio::join!(reader, writer);
    assert!(matches!(batch, Batch::Delta { status: Status::Loading, ref set, .. } if set.is_empty()));
}

proptest::proptest! {
    #[test]
    fn whoever_follows_holds_what_a_fresh_reader_gets(edits in proptest::collection::vec((0u8..6, 0u32..3, 0u8..4), 0..60), pulls in proptest::collection::vec(0usize..60, 0..10)) {
        let board = Board::new(Status::Live);
        let mut held = vec![];
        let mut at = 0;
        for (n, (name, value, what)) in edits.into_iter().enumerate() {
            let name = format!("r{name}");
            match what {
                0 | 1 => board.apply(vec![thing(&name, value)], vec![]),
                2 => board.apply(vec![], vec![RowId::from(name.as_str())]),
                _ => board.replace((0..value).map(|i| thing(&format!("r{i}"), value)).collect()),
            }
            if pulls.contains(&n) {
                let batch = board.read(at);
                at = cursor(&batch);
                follow(&mut held, batch);
            }
        }
        follow(&mut held, board.read(at));
        let Batch::Snapshot { mut rows, .. } = board.read(0) else { panic!("a snapshot was expected") };
        rows.sort_by_key(Row::id);
        held.sort_by_key(Row::id);
        proptest::prop_assert_eq!(held, rows);
    }
}
