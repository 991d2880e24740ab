//! What did the programs of a job print, and how much of it is kept where?
//!
//! Memory keeps the last 20,000 lines, each cut at 8 KiB; `output.log` keeps every line whole. A line of the log is
//! `<moment> <step> <tone> <text>`, so it reads well and can be read back.

use std::collections::VecDeque;
use std::io::BufRead;
use std::ops::Range;

use api::Timestamp;
use api::jobs::{OutputLine, Tone};

pub(crate) const LINES_IN_MEMORY: usize = 20_000;
const LINE_BYTES_IN_MEMORY: usize = 8 * 1024;

/// The last lines, and how many there were in each step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Output {
    lines: VecDeque<OutputLine>,
    /// Numbers given so far.
    count: u64,
    pub(crate) per_step: Vec<u32>,
}

/// A piece of a job's output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputSlice {
    pub lines: Vec<OutputLine>,
    /// Lines between the one asked for and the first of `lines` that only the log file still has.
    pub missed: u64,
    /// The number of the newest line of the job.
    pub newest: u64,
}

/// Lines of programs that stand in the output already, in order.
#[derive(Debug, Default)]
pub(crate) struct Printed(VecDeque<String>);

impl Printed {
    /// Whether this line is among them; then those before it are passed too.
    pub(crate) fn takes(&mut self, line: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let line = cut(line);
        let Some(at) = self.0.iter().position(|known| *known == line) else { return false };
        self.0.drain(..=at);
        true
    }
}

impl Output {
    /// Takes one line in, without a line break.
    pub(crate) fn push(&mut self, step: u32, at: Timestamp, tone: Tone, text: &str) {
        self.count += 1;
        let index = step as usize;
        if self.per_step.len() <= index {
            self.per_step.resize(index + 1, 0);
        }
        if let Some(count) = self.per_step.get_mut(index) {
            *count = count.saturating_add(1);
        }
        if self.lines.len() == LINES_IN_MEMORY {
            self.lines.pop_front();
        }
        self.lines.push_back(OutputLine { number: self.count, step, at, tone, text: cut(text) });
    }

    /// At most `most` lines after the one numbered `after`, the oldest first.
    pub(crate) fn after(&self, after: u64, most: usize) -> OutputSlice {
        let oldest = self.lines.front().map_or(self.count + 1, |line| line.number);
        let missed = oldest.saturating_sub(after.saturating_add(1));
        let skip = usize::try_from(after.saturating_add(1).saturating_sub(oldest)).unwrap_or(usize::MAX);
        OutputSlice { lines: self.lines.iter().skip(skip).take(most).cloned().collect(), missed, newest: self.count }
    }

    /// What programs printed in these steps since a moment.
    pub(crate) fn printed(&self, steps: &Range<u32>, since: Timestamp) -> Printed {
        let lines = self.lines.iter().filter(|line| line.tone == Tone::Plain && line.at >= since && steps.contains(&line.step));
        Printed(lines.map(|line| line.text.clone()).collect())
    }

    /// Reads the last `most` lines of a log back; a line that is not ours is taken as text of the step before it.
    pub(crate) fn read(log: impl BufRead, most: usize) -> Self {
        let mut output = Self::default();
        let (mut step, mut at) = (0, Timestamp::default());
        for raw in log.split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&raw);
            match parse_line(&text) {
                Some((found_at, found_step, tone, text)) => {
                    (step, at) = (found_step, found_at);
                    output.push(step, at, tone, text);
                }
                None => output.push(step, at, Tone::Plain, &text),
            }
            if output.lines.len() > most {
                output.lines.pop_front();
            }
        }
        output
    }
}

/// One line as it stands in the log, with its line break.
pub(crate) fn log_line(step: u32, at: Timestamp, tone: Tone, text: &str) -> String {
    let mark = match tone {
        Tone::Plain => '|',
        Tone::Failed => '!',
        Tone::Ours => '*',
    };
    let millis = i64::try_from(at.0).unwrap_or(i64::MAX);
    let moment = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    format!("{moment:.3} {} {mark} {text}\n", step + 1)
}

fn parse_line(line: &str) -> Option<(Timestamp, u32, Tone, &str)> {
    let mut parts = line.splitn(4, ' ');
    let moment: jiff::Timestamp = parts.next()?.parse().ok()?;
    let step: u32 = parts.next()?.parse().ok()?;
    let tone = match parts.next()? {
        "|" => Tone::Plain,
        "!" => Tone::Failed,
        "*" => Tone::Ours,
        _ => return None,
    };
    let at = Timestamp(u64::try_from(moment.as_millisecond()).ok()?);
    Some((at, step.checked_sub(1)?, tone, parts.next()?))
}

fn cut(text: &str) -> String {
    if text.len() <= LINE_BYTES_IN_MEMORY {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LINE_BYTES_IN_MEMORY);
    format!("{} … {} more bytes in the log file", &text[..end], text.len() - end)
}

#[cfg(test)]
mod tests;
