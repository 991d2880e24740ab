//! How do bytes become lines that can be shown?

use api::visible::letters;

/// Longer lines are cut; the file or the kept bytes still have all of them.
pub(crate) const LONGEST: usize = 64 * 1024;
const CUT: &str = "…";

/// Splits a stream into lines, whatever pieces it arrives in.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    /// The line that has no end yet, at most [`LONGEST`] bytes.
    open: Vec<u8>,
    /// Whether the open line lost bytes at its end.
    cut: bool,
}

impl Splitter {
    pub(crate) fn take(&mut self, bytes: &[u8], mut line: impl FnMut(String)) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (head, tail) = rest.split_at(end);
            self.keep(head);
            line(self.close());
            rest = tail.get(1..).unwrap_or_default();
        }
        self.keep(rest);
    }

    /// Gives the last line when the stream ended without a line end.
    pub(crate) fn finish(&mut self) -> Option<String> {
        (!self.open.is_empty()).then(|| self.close())
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST - self.open.len();
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.open.extend_from_slice(kept);
        self.cut |= kept.len() < bytes.len();
    }

    fn close(&mut self) -> String {
        let mut text = clean(&self.open);
        if self.cut {
            text.push_str(CUT);
        }
        self.open.clear();
        self.cut = false;
        text
    }
}

/// Makes one line fit to be shown: no escape sequences, no mark that nobody sees, what was overwritten is gone.
pub fn clean(line: &[u8]) -> String {
    let text = without_escapes(&String::from_utf8_lossy(line));
    // A carriage return lets the next words overwrite the line; a terminal would show only the last of them.
    let last = text.split('\r').rfind(|part| !part.is_empty()).unwrap_or_default();
    letters(last).collect()
}

/// Drops ANSI sequences: CSI (`ESC [ … letter`), OSC (`ESC ] … BEL`) and the two-character ones.
fn without_escapes(text: &str) -> String {
    enum At {
        Text,
        Escape,
        Csi,
        Osc,
        OscEscape,
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = At::Text;
    for c in text.chars() {
        at = match (at, c) {
            (At::Text, '\u{1b}') => At::Escape,
            (At::Text, '\u{9b}') => At::Csi,
            (At::Text, c) => {
                kept.push(c);
                At::Text
            }
            (At::Escape, '[') => At::Csi,
            (At::Escape, ']') => At::Osc,
            // Intermediate bytes, as in the choice of a character set.
            (At::Escape, ' '..='/') => At::Escape,
            (At::Escape, _) => At::Text,
            (At::Csi, '\u{40}'..='\u{7e}') => At::Text,
            (At::Csi, _) => At::Csi,
            (At::Osc, '\u{7}') => At::Text,
            (At::Osc, '\u{1b}') => At::OscEscape,
            (At::Osc, _) => At::Osc,
            (At::OscEscape, _) => At::Text,
        };
    }
    kept
}

#[cfg(test)]
mod tests;
