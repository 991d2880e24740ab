//! What is a line of the journal, and what does a journal that was cut off still say?
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

/// What a journal says up to where it can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Their `seq` is the line number.
    pub events: Vec<Event>,
    /// Where the next line goes; what stands behind it is cut off before anything is appended.
    pub good_bytes: u64,
    pub tail: Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    Whole,
    /// The end was being written when the machine stopped: it never happened as far as the job is concerned.
    Torn,
}

/// One line with its line break.
///
/// Errors: none in practice; every event has a JSON form.
pub fn line(n: u64, at: Timestamp, what: &What) -> Result<String, serde_json::Error> {
    let event = serde_json::to_string(&WrittenEvent { at, what })?;
    Ok(format!("{{\"n\":{n},\"sum\":\"{}\",\"event\":{event}}}\n", sum(n, &event)))
}

/// Reads lines until the first that is not whole, not the next one or not as written.
pub fn read(bytes: &[u8]) -> Read {
    let mut events = vec![];
    let mut good_bytes = 0;
    for raw in bytes.split_inclusive(|b| *b == b'\n') {
        let n = events.len() as u64 + 1;
        let Some(event) = parse(n, raw) else {
            return Read { events, good_bytes, tail: Tail::Torn };
        };
        events.push(event);
        good_bytes += raw.len() as u64;
    }
    Read { events, good_bytes, tail: Tail::Whole }
}

fn parse(n: u64, raw: &[u8]) -> Option<Event> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (head, rest) = text.split_once(",\"event\":")?;
    let event = rest.strip_suffix('}')?;
    if head != format!("{{\"n\":{n},\"sum\":\"{}\"", sum(n, event)) {
        return None;
    }
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
