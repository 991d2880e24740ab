//! What is a line of the journal, and what does a journal that was cut off or damaged still say?
//!
//! One JSON object a line: `{"n":7,"sum":"…","event":{…}}`, numbered without gaps, each with a checksum over number and event.
//! Pure: text in, events out. Start at: [`read`].

use api::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Event, What};

#[derive(Serialize)]
struct WrittenEvent<'a> {
    at: Timestamp,
    what: &'a What,
}

#[derive(Deserialize)]
struct ReadEvent {
    at: Timestamp,
    what: What,
}

/// What a journal says.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Their `seq` is the line number. Of a damaged journal all that are whole: enough to show, never to act on.
    pub events: Vec<Event>,
    /// The number of the last line, 0 when there is none.
    pub lines: u64,
    /// Where the next line goes; what stands behind it is cut off before anything is appended.
    pub good_bytes: u64,
    pub tail: Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    Whole,
    /// The end was being written when the machine stopped: it never happened as far as the job is concerned.
    Torn,
    /// No crash leaves this, so it did happen and is lost: nothing is cut off.
    Damaged(Damage),
}

/// The first line that cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    pub line: u64,
    pub harm: Harm,
    pub last: LastLine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// It is not the line that was written there.
    Changed,
    /// It is as it was written, by a version that knows more events.
    Unknown,
}

/// What stands last in a damaged journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastLine {
    /// When it is an end, that is how the job ended, whatever became of the lines before it.
    Event,
    Bad,
    /// Bad, and without its line break.
    Open,
}

const LINE_BEGINS: &[u8] = b"{\"n\":";

/// One line with its line break.
///
/// Errors: none in practice; every event has a JSON form.
pub fn line(n: u64, at: Timestamp, what: &What) -> Result<String, serde_json::Error> {
    let event = serde_json::to_string(&WrittenEvent { at, what })?;
    Ok(format!("{{\"n\":{n},\"sum\":\"{}\",\"event\":{event}}}\n", sum(n, &event)))
}

/// Reads lines until the first that is not whole, not the next one or not known.
///
/// Shape: a crash leaves at most one bad line, the last, with nothing whole in it. Anything else is damage.
pub fn read(bytes: &[u8]) -> Read {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    let events: Vec<Event> = (1..).zip(&lines).map_while(|(n, raw)| next(n, raw)).collect();
    let (good, rest) = lines.split_at(events.len());
    let good_bytes: u64 = good.iter().map(|raw| raw.len() as u64).sum();
    let tail = match rest {
        [] => Tail::Whole,
        [last] if whole_in(last).is_none() => Tail::Torn,
        [bad, ..] => return damaged(bytes, &lines, events.len() as u64 + 1, bad),
    };
    Read { lines: good.len() as u64, events, good_bytes, tail }
}

fn damaged(bytes: &[u8], lines: &[&[u8]], line: u64, bad: &[u8]) -> Read {
    let harm = match whole(bad) {
        Some((n, _)) if n == line => Harm::Unknown,
        Some(_) | None => Harm::Changed,
    };
    let last = match lines.last().and_then(|raw| whole_in(raw)).and_then(|(n, event)| known(n, event)) {
        Some(_) => LastLine::Event,
        None if bytes.ends_with(b"\n") => LastLine::Bad,
        None => LastLine::Open,
    };
    let left: Vec<(u64, &str)> = lines.iter().filter_map(|raw| whole_in(raw)).collect();
    Read {
        events: left.iter().filter_map(|(n, event)| known(*n, event)).collect(),
        // Where lines are missing, their numbers are not given again.
        lines: left.iter().map(|(n, _)| *n).fold(lines.len() as u64, u64::max),
        good_bytes: bytes.len() as u64,
        tail: Tail::Damaged(Damage { line, harm, last }),
    }
}

/// The event of the line that is number `n`.
fn next(n: u64, raw: &[u8]) -> Option<Event> {
    let (found, event) = whole(raw)?;
    if found == n { known(n, event) } else { None }
}

/// Number and event of a line that is as it was written.
fn whole(raw: &[u8]) -> Option<(u64, &str)> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (head, rest) = text.split_once(",\"event\":")?;
    let event = rest.strip_suffix('}')?;
    let n: u64 = head.strip_prefix("{\"n\":")?.split_once(',')?.0.parse().ok()?;
    (head == format!("{{\"n\":{n},\"sum\":\"{}\"", sum(n, event))).then_some((n, event))
}

/// The same where others that lost their line break stand before it.
fn whole_in(raw: &[u8]) -> Option<(u64, &str)> {
    let mut begins = raw.windows(LINE_BEGINS.len()).enumerate().filter(|(_, bytes)| *bytes == LINE_BEGINS);
    begins.find_map(|(at, _)| whole(raw.get(at..)?))
}

fn known(n: u64, event: &str) -> Option<Event> {
    let ReadEvent { at, what } = serde_json::from_str(event).ok()?;
    Some(Event { seq: n, at, what })
}

/// 64 bits are enough against a torn write; nobody forges a file that they could as well replace.
fn sum(n: u64, event: &str) -> String {
    let digest = Sha256::new().chain_update(n.to_le_bytes()).chain_update(event).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
