//! What did a program say, kept within a bound?

use std::collections::VecDeque;

use crate::lines::Splitter;
use crate::{Heard, Line, Stream};

const TAIL_LINES: usize = 200;

/// Takes bytes of both streams, gives lines at once, keeps a bounded record.
#[derive(Debug)]
pub(crate) struct Transcript {
    most: usize,
    out: Side,
    err: Side,
    tail: VecDeque<String>,
}

#[derive(Debug, Default)]
struct Side {
    splitter: Splitter,
    kept: Vec<u8>,
}

/// What is left of a [`Transcript`] when the program ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
    pub(crate) tail: Vec<String>,
}

impl Transcript {
    /// Units: `most` in bytes a stream; what comes after is heard, but not kept.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, out: Side::default(), err: Side::default(), tail: VecDeque::with_capacity(TAIL_LINES) }
    }

    pub(crate) fn take(&mut self, from: Stream, bytes: &[u8], heard: &mut (dyn FnMut(Heard) + Send)) {
        let side = match from {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        };
        let room = self.most.saturating_sub(side.kept.len());
        side.kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        let tail = &mut self.tail;
        side.splitter.take(bytes, |text| say(tail, from, text, heard));
    }

    pub(crate) fn finish(mut self, heard: &mut (dyn FnMut(Heard) + Send)) -> Record {
        for (from, side) in [(Stream::Out, &mut self.out), (Stream::Err, &mut self.err)] {
            if let Some(text) = side.splitter.finish() {
                say(&mut self.tail, from, text, heard);
            }
        }
        Record { out: self.out.kept, err: self.err.kept, tail: self.tail.into() }
    }
}

fn say(tail: &mut VecDeque<String>, from: Stream, text: String, heard: &mut (dyn FnMut(Heard) + Send)) {
    if tail.len() == TAIL_LINES {
        tail.pop_front();
    }
    tail.push_back(text.clone());
    heard(Heard::Line(Line { from, text }));
}

#[cfg(test)]
mod tests;
