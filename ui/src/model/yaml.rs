//! What is what in a line of YAML?
//!
//! Pure, and line by line: it colours what people read, and parses nothing.

use std::ops::Range;

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Key,
    Text,
    Number,
    Comment,
}

/// The pieces of a line in their order, without gaps.
pub fn inks(line: &str) -> Vec<(Ink, Range<usize>)> {
    let mut pieces = vec![];
    let mut at = 0;
    let mut put = |ink: Ink, to: usize| {
        if to > at {
            pieces.push((ink, at..to));
            at = to;
        }
    };
    let mut from = spaces(line, 0);
    while line[from..].starts_with("- ") {
        from = spaces(line, from + 1);
    }
    put(Ink::Plain, from);
    let end = comment(line, from);
    if let Some(colon) = key(&line[from..end]) {
        put(Ink::Key, from + colon);
        put(Ink::Plain, spaces(line, from + colon + 1).min(end));
        from = spaces(line, from + colon + 1).min(end);
    }
    put(value(line[from..end].trim_end()), from + line[from..end].trim_end().len());
    put(if end < line.len() { Ink::Comment } else { Ink::Plain }, line.len());
    pieces
}

fn spaces(line: &str, from: usize) -> usize {
    line[from..].find(|c: char| c != ' ').map_or(line.len(), |found| from + found)
}

/// Where a comment begins, with the spaces before it; a hash in quotes or in a word is none.
fn comment(line: &str, from: usize) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line[from..].char_indices() {
        match (quote, c) {
            (None, '#') if before == ' ' => return from + line[from..from + at].trim_end().len(),
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',') => quote = Some(c),
            (Some(open), close) if open == close => quote = None,
            (None | Some(_), _) => {}
        }
        before = c;
    }
    line.len()
}

/// The length of a key, up to its colon.
fn key(text: &str) -> Option<usize> {
    let after = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].find(quote)? + 2,
        '{' | '[' | '&' | '*' | '|' | '>' => return None,
        _ => text.match_indices(':').map(|(at, _)| at).find(|at| matches!(text.as_bytes().get(at + 1), None | Some(b' ')))?,
    };
    matches!(text.as_bytes().get(after..)?, [b':'] | [b':', b' ', ..]).then_some(after)
}

fn value(text: &str) -> Ink {
    match text {
        "" | "---" | "..." | "-" => Ink::Plain,
        "true" | "false" | "null" | "~" => Ink::Number,
        _ if text.starts_with(['{', '[', '|', '>', '&', '*', '!']) => Ink::Plain,
        _ if text.parse::<f64>().is_ok() => Ink::Number,
        _ => Ink::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<(Ink, &str)> {
        let pieces = inks(line);
        assert_eq!(pieces.iter().map(|(_, range)| &line[range.clone()]).collect::<String>(), line, "nothing is lost");
        pieces
            .into_iter()
            .map(|(ink, range)| (ink, &line[range]))
            .filter(|(ink, text)| *ink != Ink::Plain || !matches!(text.trim(), "" | ":" | "-" | "- -"))
            .collect()
    }

    #[test]
    fn keys_texts_numbers_and_comments_of_yaml_are_told_apart() {
        use Ink::{Comment, Key, Number, Plain, Text};
        for (line, pieces) in [
            ("    version: v1.36.1  # keep with lab-b", vec![(Key, "version"), (Text, "v1.36.1"), (Comment, "  # keep with lab-b")]),
            ("      - name: md-0", vec![(Key, "name"), (Text, "md-0")]),
            ("        replicas: 2", vec![(Key, "replicas"), (Number, "2")]),
            ("  workers:", vec![(Key, "workers")]),
            ("paused: true", vec![(Key, "paused"), (Number, "true")]),
            ("# all of it", vec![(Comment, "# all of it")]),
            ("- 192.168.0.0/16", vec![(Text, "192.168.0.0/16")]),
            ("- - 3", vec![(Number, "3")]),
            (r#""a: b": "x # no""#, vec![(Key, r#""a: b""#), (Text, r#""x # no""#)]),
            ("url: https://kos.dev/#top", vec![(Key, "url"), (Text, "https://kos.dev/#top")]),
            ("empty: {}", vec![(Key, "empty"), (Plain, "{}")]),
            ("text: |-", vec![(Key, "text"), (Plain, "|-")]),
            ("---", vec![(Plain, "---")]),
            ("it's: fine", vec![(Key, "it's"), (Text, "fine")]),
            ("", vec![]),
            ("   ", vec![]),
            ("é: ü # ö", vec![(Key, "é"), (Text, "ü"), (Comment, " # ö")]),
            ("-", vec![]),
        ] {
            assert_eq!(told(line), pieces, "{line:?}");
        }
    }
}
