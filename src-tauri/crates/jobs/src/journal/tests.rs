use api::Timestamp;

use super::{Tail, line, read};
use crate::{Thing, What};

fn written() -> Vec<String> {
    let events = [What::Planned, What::Running, What::Intended { id: 1, act: 0, step: 0, thing: Thing::new("Toy", "},\"event\":{") }, What::Made { id: 1 }];
    (1..).zip(&events).map(|(n, what)| line(n, Timestamp(n), what).unwrap()).collect()
}

#[test]
fn a_journal_reads_back_as_it_was_written() {
    let read = read(written().concat().as_bytes());
    assert_eq!((read.events.len(), read.tail), (4, Tail::Whole));
    assert_eq!(read.events[2].what, What::Intended { id: 1, act: 0, step: 0, thing: Thing::new("Toy", "},\"event\":{") });
    assert_eq!(read.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn each_line_is_json() {
    for line in written() {
        serde_json::from_str::<serde_json::Value>(&line).unwrap();
    }
}

#[test]
fn a_journal_cut_at_any_byte_says_the_lines_that_are_whole() {
    let lines = written();
    let whole = lines.concat();
    for cut in 0..whole.len() {
        let read = read(&whole.as_bytes()[..cut]);
        let ends: Vec<usize> = lines
            .iter()
            .scan(0, |end, line| {
                *end += line.len();
                Some(*end)
            })
            .collect();
        let expected = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(read.events.len(), expected, "cut at {cut}");
        assert_eq!(read.good_bytes, expected.checked_sub(1).map_or(0, |last| ends[last] as u64), "cut at {cut}");
    }
}

#[test]
fn no_flipped_byte_is_believed() {
    let whole = written().concat();
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] ^= 1;
        assert!(read(&bytes).events.len() < 4, "byte {at}");
    }
}

#[test]
fn a_line_that_is_missing_or_doubled_ends_what_is_believed() {
    let lines = written();
    let missing = [lines[0].as_str(), &lines[2]].concat();
    assert_eq!(read(missing.as_bytes()).events.len(), 1);
    let doubled = [lines[0].as_str(), &lines[0]].concat();
    assert_eq!(read(doubled.as_bytes()).events.len(), 1);
}
