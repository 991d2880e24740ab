use api::Timestamp;

use super::*;

fn line(number: u64, step: u32, text: &str) -> OutputLine {
    OutputLine { number, step, at: Timestamp(number), tone: Tone::Plain, text: text.into() }
}

fn output(lines: &[OutputLine]) -> Output {
    let mut output = Output::of_width(40);
    output.take(lines);
    output
}

const PAUSED: Following = Following::Paused { at: 0 };
const OPEN: [Fold; 1] = [Fold { step: 1, open: Openness::Open }];

fn texts(window: &Window) -> Vec<&str> {
    window.rows.iter().map(|r| r.text.as_str()).collect()
}

#[test]
fn a_long_line_breaks_after_a_space_and_keeps_its_time_on_the_first_row() {
    let output = output(&[line(1, 1, "docker run --name kos-mgmt-control-plane --hostname kos-mgmt-control-plane")]);
    let window = output.window(&OPEN, 0, 400, PAUSED);
    assert_eq!(texts(&window), ["docker run --name", "kos-mgmt-control-plane --hostname", "kos-mgmt-control-plane"]);
    assert_eq!(window.rows.iter().map(|r| r.part).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(window.height, FOLD + 2 * PAD + 3 * ROW);
}

#[test]
fn a_word_without_spaces_breaks_at_the_edge() {
    let rows: Vec<_> = broken(&"x".repeat(90), 40).map(str::len).collect();
    assert_eq!(rows, [40, 40, 10]);
}

#[test]
fn wide_characters_take_two_columns() {
    assert_eq!(broken("漢字漢字漢字", 8).collect::<Vec<_>>(), ["漢字漢字", "漢字"]);
}

#[test]
fn an_empty_line_is_one_row() {
    assert_eq!(broken("", 40).collect::<Vec<_>>(), [""]);
}

#[test]
fn a_folded_step_has_a_height_but_no_rows() {
    let output = output(&[line(1, 1, "one"), line(2, 2, "two")]);
    let folds = [Fold { step: 1, open: Openness::Folded }, Fold { step: 2, open: Openness::Open }];
    let window = output.window(&folds, 0, 400, PAUSED);
    assert_eq!(texts(&window), ["two"]);
    assert_eq!(window.rows[0].top, 2 * FOLD + PAD);
}

#[test]
fn a_repeated_snapshot_adds_nothing() {
    let lines = [line(1, 1, "one"), line(2, 1, "two")];
    let mut twice = output(&lines);
    twice.take(&lines);
    assert_eq!(twice, output(&lines));
}

#[test]
fn only_rows_near_the_screen_are_made_of_twenty_thousand() {
    let lines: Vec<_> = (1..=20_000).map(|n| line(n, 1, &format!("line {n}"))).collect();
    let window = output(&lines).window(&OPEN, 190_000, 760, PAUSED);
    assert_eq!(window.height, FOLD + 2 * PAD + 20_000 * ROW);
    assert!(window.rows.len() <= 82, "{}", window.rows.len());
    let row = window.rows.iter().find(|r| r.top >= 190_000).map(|r| r.number);
    assert_eq!(row, Some((190_000 - FOLD - PAD).div_ceil(ROW) + 1));
}

#[test]
fn while_the_end_is_followed_little_is_drawn_that_nobody_sees() {
    let lines: Vec<_> = (1..=1_000).map(|n| line(n, 1, &format!("line {n}"))).collect();
    let output = output(&lines);
    for (view, rows_above) in [(760, 8), (190, 5)] {
        let top = output.height(&OPEN) - view;
        let window = output.window(&OPEN, top, view, Following::Yes);
        let above = window.rows.iter().filter(|row| row.top + ROW <= top).count();
        assert!(above.abs_diff(rows_above) <= 1, "{above} rows above a view of {view} px");
        assert_eq!(window.rows.last().map(|row| row.number), Some(1_000));
    }
}

#[test]
fn the_oldest_lines_go_first_and_the_rest_stays_in_place() {
    let lines: Vec<_> = (1..=KEPT as u64 + 500).map(|n| line(n, u32::from(n > 1000) + 1, &format!("line {n}"))).collect();
    let output = output(&lines);
    let folds = [Fold { step: 1, open: Openness::Open }, Fold { step: 2, open: Openness::Open }];
    let window = output.window(&folds, 0, 100, PAUSED);
    assert_eq!(window.rows.first().map(|r| (r.number, r.top)), Some((501, FOLD + PAD)));
    assert_eq!(window.height, 2 * FOLD + 4 * PAD + KEPT as u64 * ROW);
    assert!(output.text().starts_with("line 501\nline 502"));
}

#[test]
fn another_width_breaks_again() {
    let mut output = output(&[line(1, 1, &"word ".repeat(20))]);
    let narrow = output.window(&OPEN, 0, 400, PAUSED).rows.len();
    output.widen(200);
    assert_eq!((narrow, output.window(&OPEN, 0, 400, PAUSED).rows.len()), (3, 1));
}

#[test]
fn scrolling_up_pauses_and_counts_what_is_missed() {
    let paused = Following::Yes.scrolled(300, 40);
    assert_eq!(paused, Following::Paused { at: 40 });
    assert_eq!(paused.scrolled(500, 90).missed(90), 50);
    assert_eq!(paused.scrolled(3, 90), Following::Yes);
    assert_eq!(Following::Yes.scrolled(3, 90).missed(90), 0);
}

#[test]
fn the_place_of_a_step_is_known_without_a_layout() {
    let output = output(&[line(1, 1, "one"), line(2, 2, "two")]);
    let folds = [Fold { step: 1, open: Openness::Open }, Fold { step: 2, open: Openness::Open }];
    assert_eq!(output.top_of(&folds, 2), Some(FOLD + 2 * PAD + ROW));
    assert_eq!(output.top_of(&folds, 3), None);
    assert_eq!(output.height(&folds), output.window(&folds, 0, 400, PAUSED).height);
}

/// Lines of a step with these numbers, each one row.
fn lines(step: u32, numbers: std::ops::RangeInclusive<u64>) -> Vec<OutputLine> {
    numbers.map(|n| line(n, step, &format!("line {n}"))).collect()
}

const RING: u64 = KEPT as u64;

#[test]
fn what_is_read_stands_still_while_a_thousand_older_lines_go() {
    let first = |output: &Output, top: u64| output.window(&OPEN, top, 400, PAUSED).rows.iter().find(|row| row.top + ROW > top).map(|row| row.number);
    let mut output = output(&lines(1, 1..=RING));
    let top = FOLD + PAD + 5_000 * ROW + 7;
    let spot = output.spot(&OPEN, top).unwrap();
    assert_eq!(first(&output, top), Some(5_001));
    output.take(&lines(1, RING + 1..=RING + 1_000));
    let moved = output.top_of_spot(&OPEN, spot);
    assert_eq!(moved, Some(top - 1_000 * ROW));
    assert_eq!(first(&output, top - 1_000 * ROW), Some(5_001));
}

#[test]
fn a_line_that_goes_while_it_is_read_leaves_its_place_to_the_oldest_one() {
    let mut output = output(&lines(1, 1..=RING));
    let spot = output.spot(&OPEN, FOLD + PAD + 10 * ROW).unwrap();
    output.take(&lines(1, RING + 1..=RING + 1_000));
    assert_eq!(output.top_of_spot(&OPEN, spot), Some(FOLD + PAD));
}

#[test]
fn lines_that_go_above_move_what_is_read_only_where_they_could_be_seen() {
    for (first, moved) in [(Openness::Folded, 0), (Openness::Open, 500 * ROW)] {
        let folds = [Fold { step: 1, open: first }, Fold { step: 2, open: Openness::Open }];
        let mut output = output(&[lines(1, 1..=1_000), lines(2, 1_001..=RING)].concat());
        let top = output.top_of(&folds, 2).unwrap() + FOLD + PAD + 30 * ROW;
        let spot = output.spot(&folds, top).unwrap();
        output.take(&lines(2, RING + 1..=RING + 500));
        assert_eq!(output.top_of_spot(&folds, spot), Some(top - moved), "{first:?}");
    }
}

#[test]
fn every_height_has_a_spot_that_leads_back_to_it_in_any_width() {
    let mut output = output(&[lines(1, 1..=1_000), lines(2, 1_001..=RING + 990), lines(3, RING + 991..=RING + 999)].concat());
    let folds = [Fold { step: 1, open: Openness::Open }, Fold { step: 2, open: Openness::Folded }, Fold { step: 3, open: Openness::Open }];
    let end = output.height(&folds);
    let spots: Vec<_> = (0..end).map(|top| output.spot(&folds, top).unwrap()).collect();
    assert_eq!(output.spot(&folds, end), None);
    output.widen(200);
    let tops: Vec<_> = spots.iter().map(|spot| output.top_of_spot(&folds, *spot).unwrap()).collect();
    assert_eq!(tops, (0..end).collect::<Vec<_>>());
}

#[test]
fn pictographs_are_not_drawn() {
    for (line, expected) in [
        (" • Preparing nodes 📦   ...", " • Preparing nodes ..."),
        (" ✓ Ensuring node image (kindest/node:v1.36.4) 🖼\u{fe0f}", " ✓ Ensuring node image (kindest/node:v1.36.4) "),
        ("plain  text", "plain  text"),
    ] {
        assert_eq!(drawn(line), expected);
    }
}

#[test]
fn a_line_that_begins_as_an_error_stands_out_on_all_its_rows() {
    let seen = |text: &str| output(&[line(1, 1, text)]).window(&OPEN, 0, 400, PAUSED).rows.iter().map(|row| row.tone).collect::<Vec<_>>();
    assert_eq!(seen("Failed to create control group inotify object: Too many open files"), [Tone::Failed, Tone::Failed]);
    assert_eq!(seen(" ERROR: it ended"), [Tone::Failed]);
    assert_eq!(seen("0 errors, nothing failed"), [Tone::Plain]);
}
