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
    fn neither_words_nor_faults_hide_a_mark() {
        let hidden = "a\u{202e}b";
        let words = crate::jobs::Words::said(hidden).mono(hidden).then(hidden);
        assert_eq!(words.plain(), "a\u{fffd}b".repeat(3));
        let fault = crate::Fault::new(crate::FaultCode::Bug, hidden).because(hidden, hidden).unharmed(hidden);
        assert_eq!(fault.to_string(), "a\u{fffd}b (a\u{fffd}b: a\u{fffd}b) a\u{fffd}b");
    }
}
