use api::Timestamp;
use api::jobs::Tone;

use super::{LINE_BYTES_IN_MEMORY, LINES_IN_MEMORY, Output, log_line};

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
