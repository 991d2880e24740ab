use super::Transcript;
use crate::{Heard, Line, Stream};

#[test]
fn past_the_bound_bytes_are_dropped_but_lines_are_heard() {
    let mut transcript = Transcript::new(5);
    let mut lines = vec![];
    let mut heard = |said: Heard| lines.push(said);
    transcript.take(Stream::Out, b"one\ntwo\n", &mut heard);
    transcript.take(Stream::Err, b"err", &mut heard);
    transcript.take(Stream::Out, b"three\n", &mut heard);
    let record = transcript.finish(&mut heard);
    assert_eq!((record.out.as_slice(), record.err.as_slice()), (&b"one\nt"[..], &b"err"[..]));
    assert_eq!(record.tail, ["one", "two", "three", "err"]);
    let line = |from, text: &str| Heard::Line(Line { from, text: text.to_owned() });
    assert_eq!(lines, [line(Stream::Out, "one"), line(Stream::Out, "two"), line(Stream::Out, "three"), line(Stream::Err, "err")]);
}

#[test]
fn the_tail_is_the_last_two_hundred_lines() {
    let mut transcript = Transcript::new(0);
    for n in 0..1_000 {
        transcript.take(Stream::Err, format!("{n}\n").as_bytes(), &mut |_| ());
    }
    let record = transcript.finish(&mut |_| ());
    assert_eq!((record.tail.len(), record.tail[0].as_str(), record.err.len()), (200, "800", 0));
}
