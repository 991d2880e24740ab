//! How do marks that nobody sees become visible?
//!
//! A cluster's text may turn the line round or hide letters in it. What is read to be shown passes here once; what is read
//! to be written back does not. Start at: [`text`].

use std::borrow::Cow;

use serde_json::Value;

/// Whether a letter acts on what stands beside it instead of being seen itself. Lines and columns are no such marks.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with a visible sign in place of each such mark.
pub fn text(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) { text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect() } else { text.into() }
}

/// The same for every text of an object, in place.
pub fn object(value: &mut Value) {
    match value {
        Value::String(said) => {
            if said.chars().any(is_hidden) {
                *said = text(said).into_owned();
            }
        }
        Value::Array(all) => all.iter_mut().for_each(object),
        Value::Object(all) => {
            if all.keys().any(|name| name.chars().any(is_hidden)) {
                *all = std::mem::take(all).into_iter().map(|(name, one)| (text(&name).into_owned(), one)).collect();
            }
            all.values_mut().for_each(object);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case::plain("a line\nand\tanother", "a line\nand\tanother")]
    #[case::other_scripts("مرحبا дом 家", "مرحبا дом 家")]
    #[case::turned_round("user\u{202e}nimda", "user\u{fffd}nimda")]
    #[case::hidden_in_a_word("ad\u{200b}min\u{feff}", "ad\u{fffd}min\u{fffd}")]
    #[case::of_a_terminal("\u{1b}[2J\u{9b}1m\u{7}\r", "\u{fffd}[2J\u{fffd}1m\u{fffd}\u{fffd}")]
    #[case::set_apart("\u{2066}x\u{2069}", "\u{fffd}x\u{fffd}")]
    fn a_mark_that_nobody_sees_becomes_a_visible_one(#[case] said: &str, #[case] seen: &str) {
        assert_eq!(super::text(said), seen);
    }

    #[test]
    fn every_name_and_text_of_an_object_is_looked_at() {
        let mut object = json!({ "a": "x", "l": [{ "k\u{202e}": "v\u{200b}" }], "n": 1 });
        super::object(&mut object);
        assert_eq!(object, json!({ "a": "x", "l": [{ "k\u{fffd}": "v\u{fffd}" }], "n": 1 }));
    }
}
