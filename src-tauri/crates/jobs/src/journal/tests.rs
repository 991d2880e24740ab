use api::Timestamp;

use super::{Damage, Harm, LastLine, Tail, line, read, sum};
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

/// As a later version would write it.
fn unknown(n: u64) -> String {
    let event = "{\"at\":5,\"what\":{\"handed_over\":{\"act\":1}}}";
    format!("{{\"n\":{n},\"sum\":\"{}\",\"event\":{event}}}\n", sum(n, event))
}

#[test]
fn a_flipped_byte_is_a_torn_end_in_the_last_line_and_damage_before_it() {
    let lines = written();
    let whole = lines.concat();
    let mut begins = 0;
    for (line, text) in (1..).zip(&lines) {
        for at in begins..begins + text.len() {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] ^= 1;
            let read = read(&bytes);
            let expected = match line {
                4 => (Tail::Torn, begins as u64, 3),
                line => (Tail::Damaged(Damage { line, harm: Harm::Changed, last: LastLine::Event }), whole.len() as u64, 4),
            };
            assert_eq!((read.tail, read.good_bytes, read.lines), expected, "byte {at} in line {line}");
        }
        begins += text.len();
    }
}

#[test]
fn what_is_whole_of_a_damaged_journal_is_read_on_both_sides_of_the_damage() {
    let bytes = written().concat().replace("running", "runnink");
    let read = read(bytes.as_bytes());
    assert_eq!(read.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 3, 4]);
}

#[test]
fn zeros_behind_the_last_line_or_in_it_are_a_torn_end() {
    let whole = written().concat();
    for cut in [whole.len(), whole.len() - 1, whole.len() - 20] {
        let bytes = [&whole.as_bytes()[..cut], &[0; 4_096]].concat();
        let read = read(&bytes);
        let good = if cut == whole.len() { 4 } else { 3 };
        assert_eq!((read.tail, read.lines, read.events.len()), (Tail::Torn, good, good as usize), "cut at {cut}");
    }
    assert_eq!(read(&[0; 4_096]).tail, Tail::Torn);
}

#[test]
fn an_event_that_only_a_later_version_knows_is_damage_wherever_it_stands() {
    let lines = written();
    let damage = |line, last| Tail::Damaged(Damage { line, harm: Harm::Unknown, last });
    let last = lines.concat() + &unknown(5);
    assert_eq!((read(last.as_bytes()).tail, read(last.as_bytes()).events.len()), (damage(5, LastLine::Bad), 4));
    let amid = [&lines[..2], &[unknown(3)], &lines[3..]].concat().concat();
    assert_eq!((read(amid.as_bytes()).tail, read(amid.as_bytes()).events.len()), (damage(3, LastLine::Event), 3));
    let torn_behind = last + "{\"n\":6";
    let read = read(torn_behind.as_bytes());
    assert_eq!((read.tail, read.lines, read.good_bytes), (damage(5, LastLine::Open), 6, torn_behind.len() as u64));
}

#[test]
fn a_line_that_is_missing_or_doubled_is_damage_at_its_place_and_no_number_is_given_again() {
    let lines = written();
    let damage = Tail::Damaged(Damage { line: 2, harm: Harm::Changed, last: LastLine::Event });
    let missing = read([lines[0].as_str(), &lines[2]].concat().as_bytes());
    assert_eq!((missing.tail, missing.lines), (damage, 3));
    let doubled = read([lines[0].as_str(), &lines[0]].concat().as_bytes());
    assert_eq!((doubled.tail, doubled.lines), (damage, 2));
}
