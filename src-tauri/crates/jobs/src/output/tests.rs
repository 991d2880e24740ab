use api::Timestamp;
use api::jobs::Tone;

use super::{LINE_BYTES_IN_MEMORY, LINES_IN_MEMORY, Output, Printed, log_line};

const AT: Timestamp = Timestamp(1_764_000_000_114);

#[test]
fn a_log_line_reads_well_and_reads_back() {
    let log = log_line(5, AT, Tone::Failed, "no endpoints  available ") + &log_line(0, AT, Tone::Ours, "");
    assert!(log.starts_with("2025-11-24T16:00:00.114Z 6 ! no endpoints  available \n"), "{log}");
    let mut live = Output::default();
    live.push(5, AT, Tone::Failed, "no endpoints  available ");
    live.push(0, AT, Tone::Ours, "");
    assert_eq!(Output::read(log.as_bytes(), LINES_IN_MEMORY), live);
}

#[test]
fn a_line_that_is_not_ours_is_kept_in_the_step_before_it() {
    let log = log_line(2, AT, Tone::Plain, "ours") + "by another hand\n";
    let read = Output::read(log.as_bytes(), LINES_IN_MEMORY).after(0, 9);
    assert_eq!((read.lines[1].step, read.lines[1].text.as_str()), (2, "by another hand"));
}

#[test]
fn reading_back_keeps_the_last_lines_and_counts_all() {
    let log: String = (0..9).map(|n| log_line(0, AT, Tone::Plain, &n.to_string())).collect();
    let read = Output::read(log.as_bytes(), 2);
    let slice = read.after(0, 9);
    assert_eq!((slice.missed, slice.newest, slice.lines[0].text.as_str(), read.per_step[0]), (7, 9, "7", 9));
}

#[test]
fn a_line_without_end_is_cut_in_memory_at_a_letter() {
    let mut output = Output::default();
    output.push(0, AT, Tone::Plain, &"é".repeat(LINE_BYTES_IN_MEMORY));
    let text = output.after(0, 1).lines.remove(0).text;
    assert!(text.ends_with("… 8192 more bytes in the log file") && text.len() < LINE_BYTES_IN_MEMORY + 60, "{}", text.len());
}

#[test]
fn asking_beyond_the_newest_line_gives_nothing() {
    let mut output = Output::default();
    output.push(0, AT, Tone::Plain, "one");
    for after in [1, 2, u64::MAX] {
        assert!(output.after(after, 9).lines.is_empty());
    }
}

#[test]
fn lines_that_are_heard_again_are_known_by_their_order_and_none_is_lost() {
    for (printed, heard, new) in [
        (vec!["a", "b"], vec!["a", "b", "c"], vec!["c"]),
        (vec!["a", "w", "w"], vec!["a", "w", "w", "w"], vec!["w"]),
        (vec!["a", "by another", "b"], vec!["a", "b"], vec![]),
        (vec!["a", "c"], vec!["a", "b", "c"], vec!["b"]),
        (vec![], vec!["a"], vec!["a"]),
    ] {
        let mut known = Printed(printed.iter().map(|line| (*line).to_owned()).collect());
        let said: Vec<&str> = heard.iter().copied().filter(|line| !known.takes(line)).collect();
        assert_eq!(said, new, "{printed:?}, then {heard:?}");
    }
}

#[test]
fn what_was_printed_is_of_programs_in_the_steps_and_since_the_moment() {
    let mut output = Output::default();
    for (step, at, tone, text) in [(1, 5, Tone::Plain, "earlier"), (1, 7, Tone::Plain, "this"), (1, 8, Tone::Ours, "ours"), (2, 8, Tone::Plain, "elsewhere")] {
        output.push(step, Timestamp(at), tone, text);
    }
    assert_eq!(output.printed(&(1..2), Timestamp(7)).0, ["this"]);
}

#[test]
fn a_line_that_memory_cuts_is_known_again() {
    let long = "x".repeat(2 * LINE_BYTES_IN_MEMORY);
    let mut output = Output::default();
    output.push(0, AT, Tone::Plain, &long);
    let mut printed = output.printed(&(0..1), AT);
    assert!(printed.takes(&long) && !printed.takes(&long));
}
