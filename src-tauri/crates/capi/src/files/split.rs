//! Where do the documents of a YAML text begin?

use std::ops::Range;

/// Nobody reads so many: what follows them is one part.
const MOST_PARTS: usize = 10_000;

/// One document of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Of the text; counts from 1.
    pub(crate) first_line: usize,
    /// Bytes of the text, without the line that separates it from the one before.
    pub(crate) range: Range<usize>,
}

/// Documents with their places; what holds nothing but comments is none.
pub(crate) fn split(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { first_line: 1, range: 0..0 }];
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        let bare = line.trim_end();
        if (bare == "---" || bare.starts_with("--- ")) && parts.len() < MOST_PARTS {
            parts.push(Part { first_line: number + 2, range: end..end });
        } else if let Some(part) = parts.last_mut() {
            part.range.end = end;
        }
        at = end;
    }
    parts.retain(|part| text.get(part.range.clone()).is_some_and(|text| text.lines().any(says_something)));
    parts
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    // Comments, the end of a document, and directives like `%YAML 1.2`.
    !line.is_empty() && !line.starts_with(['#', '%']) && line != "..."
}
