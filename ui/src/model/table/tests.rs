use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Line(String, u32);
impl Row for Line {
    fn id(&self) -> RowId {
        RowId(self.0.clone())
    }
}

fn rows(of: &[(&str, u32)]) -> Vec<Rc<Line>> {
    of.iter().map(|(name, n)| Rc::new(Line((*name).into(), *n))).collect()
}

fn check(before: &[&str], now: &[(&str, u32)], hold: Hold, shown: &[&str], fresh: usize) {
    // As they were the last time.
    let before: Vec<Rc<Line>> = before.iter().map(|b| Rc::new(Line((*b).into(), 0))).collect();
    let arranged = arrange(&before, rows(now), hold, |a: &Line, b: &Line| b.1.cmp(&a.1));
    let names: Vec<&str> = arranged.rows.iter().map(|r| r.0.as_str()).collect();
    assert_eq!((names.as_slice(), arranged.fresh), (shown, fresh));
}

#[test]
fn the_worst_row_comes_first() {
    check(&[], &[("a", 1), ("b", 3), ("c", 2)], Hold::No, &["b", "c", "a"], 0);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Nameless(u32);
impl Row for Nameless {
    fn id(&self) -> RowId {
        panic!("nobody needs the name of {self:?}")
    }
}

#[test]
fn rows_are_not_named_while_nobody_reads() {
    let rows: Vec<Rc<Nameless>> = [2, 1, 3].map(|n| Rc::new(Nameless(n))).to_vec();
    let sorted = arrange(&rows, rows.clone(), Hold::No, |a, b| a.0.cmp(&b.0)).rows;
    assert_eq!(sorted.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_focused_row_does_not_move_when_another_gets_worse() {
    check(&["a", "b"], &[("a", 1), ("b", 9)], Hold::Yes, &["a", "b"], 0);
}

#[test]
fn new_rows_wait_while_somebody_reads() {
    check(&["a", "b"], &[("a", 1), ("b", 2), ("c", 9), ("d", 8)], Hold::Yes, &["a", "b"], 2);
}

#[test]
fn rows_that_went_leave_at_once() {
    check(&["a", "b", "c"], &[("a", 1), ("c", 2)], Hold::Yes, &["a", "c"], 0);
}

#[test]
fn the_first_rows_never_wait() {
    check(&[], &[("a", 1), ("b", 2)], Hold::Yes, &["b", "a"], 0);
}

#[test]
fn of_fifty_thousand_rows_only_the_seen_ones_are_drawn() {
    let drawn = window(50_000, 30, 600_000, 780);
    assert_eq!(drawn, Window { first: 19_992, end: 20_036 });
}

#[test]
fn the_window_never_reaches_past_the_ends() {
    assert_eq!(window(3, 30, 0, 780), Window { first: 0, end: 3 });
    assert_eq!(window(0, 30, 900, 780), Window { first: 0, end: 0 });
}

#[test]
fn where_nobody_scrolls_a_row_that_begins_in_sight_is_drawn_and_none_below() {
    for (seen, end) in [(0, 0), (1, 1), (32, 1), (33, 2), (900, 29), (u32::MAX, 50)] {
        assert_eq!(fitting(50, 32, seen), Window { first: 0, end }, "{seen} pixels");
    }
}

#[test]
fn a_hidden_row_is_scrolled_to_and_a_seen_one_is_not() {
    assert_eq!(reveal(0, 30, 90, 300), Some(0));
    assert_eq!(reveal(20, 30, 0, 300), Some(330));
    assert_eq!(reveal(5, 30, 0, 300), None);
}

#[test]
fn keys_walk_to_the_ends_and_stay_there() {
    assert_eq!(walk(None, 9, 4, Walk::Next), Some(0));
    assert_eq!(walk(Some(8), 9, 4, Walk::Next), Some(8));
    assert_eq!(walk(Some(2), 9, 4, Walk::PageUp), Some(0));
    assert_eq!(walk(Some(2), 9, 4, Walk::Last), Some(8));
    assert_eq!(walk(Some(2), 0, 4, Walk::Next), None);
}

#[test]
fn keys_go_on_around_the_place_of_a_row_that_has_gone() {
    for (place, count, way, to) in [
        (5, 9, Walk::Next, Some(5)),
        (5, 9, Walk::Previous, Some(4)),
        (5, 9, Walk::PageDown, Some(8)),
        (5, 9, Walk::PageUp, Some(1)),
        (0, 9, Walk::Next, Some(0)),
        (0, 9, Walk::Previous, Some(0)),
        (9, 9, Walk::Next, Some(8)),
        (9, 9, Walk::Previous, Some(8)),
        (9, 4, Walk::Previous, Some(3)),
        (5, 9, Walk::First, Some(0)),
        (5, 9, Walk::Last, Some(8)),
        (5, 0, Walk::Next, None),
    ] {
        assert_eq!(walk_from_gap(place, count, 4, way), to, "{way:?} from {place} of {count}");
    }
}

#[test]
fn shift_space_marks_all_rows_between() {
    let rows: Vec<RowId> = ["a", "b", "c", "d"].map(RowId::from).to_vec();
    let marked = mark(&HashSet::new(), &rows, 3, Some(1));
    assert_eq!(marked, ["b", "c", "d"].map(RowId::from).into());
    assert_eq!(mark(&marked, &rows, 2, None), ["b", "d"].map(RowId::from).into());
}

#[test]
fn a_second_press_on_a_head_turns_the_order() {
    let sort = Sort { column: 0, direction: Direction::Up };
    assert_eq!(sort.press(0).direction, Direction::Down);
    assert_eq!(sort.press(2), Sort { column: 2, direction: Direction::Up });
}
