//! Which lines of a text go and which come?

use std::ops::Range;

/// How many unchanged lines stand around a change.
const AROUND: usize = 3;
/// Beyond this many comparisons the middle is shown as one change: no object of one person's hand is so long.
const MOST_WORK: usize = 4_000_000;

/// One line of a text in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Same {
        number: usize,
        text: String,
    },
    Gone {
        number: usize,
        text: String,
    },
    Come {
        number: usize,
        text: String,
    },
    /// So many unchanged lines are left out.
    Fold(usize),
}

/// Both texts in one column, with what is far from any change left out.
pub fn unified(before: &str, after: &str) -> Vec<Line> {
    fold(lined(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>()))
}

/// How many lines go or come.
pub fn changed(lines: &[Line]) -> usize {
    let (mut gone, mut come) = (0, 0);
    for line in lines {
        match line {
            Line::Gone { .. } => gone += 1,
            Line::Come { .. } => come += 1,
            Line::Same { .. } | Line::Fold(_) => {}
        }
    }
    gone.max(come)
}

/// Where in each line the words are that differ from the line in its place, as a range of bytes; only where as many lines
/// come as go, since else no line has a place.
pub fn words(lines: &[Line]) -> Vec<Option<Range<usize>>> {
    let mut marks = vec![None; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let gone = lines[at..].iter().take_while(|line| matches!(line, Line::Gone { .. })).count();
        let come = lines[at + gone..].iter().take_while(|line| matches!(line, Line::Come { .. })).count();
        for (old, new) in (at..at + gone).zip(at + gone..at + gone + come).filter(|_| gone == come) {
            if let (Line::Gone { text: before, .. }, Line::Come { text: after, .. }) = (&lines[old], &lines[new]) {
                let (first, last) = differing(before, after);
                marks[old] = Some(first..before.len() - last);
                marks[new] = Some(first..after.len() - last);
            }
        }
        at += (gone + come).max(1);
    }
    marks
}

/// How many bytes both have in common at their heads and at their ends, whole words only.
pub(super) fn differing(before: &str, after: &str) -> (usize, usize) {
    let head: usize = before.chars().zip(after.chars()).take_while(|(b, a)| b == a).map(|(b, _)| b.len_utf8()).sum();
    let head = before[..head].rfind(' ').map_or(0, |space| space + 1);
    let tail: usize = before[head..].chars().rev().zip(after[head..].chars().rev()).take_while(|(b, a)| b == a).map(|(b, _)| b.len_utf8()).sum();
    let end = before.len() - tail;
    let tail = before[end..].find(' ').map_or(0, |space| tail - space);
    (head, tail)
}

/// Every line of both texts, in one column.
pub fn lined(before: &[&str], after: &[&str]) -> Vec<Line> {
    let head = before.iter().zip(after).take_while(|(b, a)| b == a).count();
    let most = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(b, a)| b == a).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let same = |number: usize, text: &str| Line::Same { number: number + 1, text: text.to_owned() };
    let mut lines: Vec<Line> = after[..head].iter().enumerate().map(|(n, text)| same(n, text)).collect();
    let longest = common(old, new);
    let (mut b, mut a) = (0, 0);
    while b < old.len() || a < new.len() {
        let at = |b: usize, a: usize| longest.get(b * (new.len() + 1) + a).copied().unwrap_or_default();
        if b < old.len() && a < new.len() && old[b] == new[a] && !longest.is_empty() {
            lines.push(same(head + a, new[a]));
            (b, a) = (b + 1, a + 1);
        } else if b < old.len() && (a == new.len() || at(b + 1, a) >= at(b, a + 1)) {
            lines.push(Line::Gone { number: head + b + 1, text: old[b].to_owned() });
            b += 1;
        } else {
            lines.push(Line::Come { number: head + a + 1, text: new[a].to_owned() });
            a += 1;
        }
    }
    lines.extend(after[after.len() - tail..].iter().enumerate().map(|(n, text)| same(after.len() - tail + n, text)));
    lines
}

/// For each pair of places how many lines both rests have in common; empty when that is too much work.
fn common(old: &[&str], new: &[&str]) -> Vec<u32> {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MOST_WORK {
        return vec![];
    }
    let mut longest = vec![0; (old.len() + 1) * width];
    for b in (0..old.len()).rev() {
        for a in (0..new.len()).rev() {
            longest[b * width + a] =
                if old[b] == new[a] { longest[(b + 1) * width + a + 1] + 1 } else { longest[(b + 1) * width + a].max(longest[b * width + a + 1]) };
        }
    }
    longest
}

fn fold(lines: Vec<Line>) -> Vec<Line> {
    let changes: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same { .. })).map(|(n, _)| n).collect();
    let near = |n: usize| changes.binary_search(&n).is_ok() || changes.iter().any(|change| change.abs_diff(n) <= AROUND);
    let mut folded = vec![];
    let mut hidden = 0;
    for (n, line) in lines.into_iter().enumerate() {
        if near(n) {
            if hidden > 0 {
                folded.push(Line::Fold(std::mem::take(&mut hidden)));
            }
            folded.push(line);
        } else {
            hidden += 1;
        }
    }
    if hidden > 0 {
        folded.push(Line::Fold(hidden));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        let line = |line: &Line| match line {
            Line::Same { number, text } => format!("{number}  {text}"),
            Line::Gone { number, text } => format!("{number} -{text}"),
            Line::Come { number, text } => format!("{number} +{text}"),
            Line::Fold(hidden) => format!("… {hidden}"),
        };
        unified(before, after).iter().map(line).collect()
    }

    #[test]
    fn a_changed_line_stands_among_its_neighbours() {
        let before = "a\nb\nc\nd\nversion: 1\ne\nf\ng\nh\ni";
        assert_eq!(
            shown(before, &before.replace("version: 1", "version: 2")),
            ["… 1", "2  b", "3  c", "4  d", "5 -version: 1", "5 +version: 2", "6  e", "7  f", "8  g", "… 2"]
        );
        assert_eq!(changed(&unified(before, &before.replace('1', "2"))), 1);
    }

    #[test]
    fn two_changes_far_apart_leave_what_is_between_them_alone() {
        let before = "replicas: 1\nb\nc\nd\ne\nf\ng\nh\nreplicas: 3";
        let after = "replicas: 3\nb\nc\nd\ne\nf\ng\nh\nreplicas: 5";
        assert_eq!(
            shown(before, after),
            ["1 -replicas: 1", "1 +replicas: 3", "2  b", "3  c", "4  d", "… 1", "6  f", "7  g", "8  h", "9 -replicas: 3", "9 +replicas: 5"]
        );
    }

    #[test]
    fn the_word_that_changes_is_marked() {
        let marked = |before: &str, after: &str| {
            let lines = unified(before, after);
            let text = |(line, mark): (&Line, Option<Range<usize>>)| match (line, mark) {
                (Line::Gone { text, .. } | Line::Come { text, .. }, Some(mark)) => Some(text[mark].to_owned()),
                (Line::Gone { .. } | Line::Come { .. } | Line::Same { .. } | Line::Fold(_), _) => None,
            };
            lines.iter().zip(words(&lines)).filter_map(text).collect::<Vec<_>>()
        };
        assert_eq!(marked("  version: v1.35.4", "  version: v1.36.1"), ["v1.35.4", "v1.36.1"]);
        assert_eq!(marked("a: one é two", "a: one ü two"), ["é", "ü"]);
        assert_eq!(marked("x: a\ny: b", "x: c\ny: d"), ["a", "b", "c", "d"]);
        assert_eq!(marked("replicas: 1", "replicas: 1\npaused: true"), Vec::<String>::new());
        assert_eq!(marked("replicas: 1", "replicas: 3\npaused: true"), Vec::<String>::new(), "no line has a place");
    }

    #[test]
    fn a_text_that_comes_or_goes_is_shown_whole() {
        assert_eq!(shown("", "a\nb"), ["1 +a", "2 +b"]);
        assert_eq!(shown("a\nb", ""), ["1 -a", "2 -b"]);
        assert_eq!(shown("a", "a"), ["… 1"]);
    }

    #[test]
    fn a_text_too_long_to_compare_is_one_change() {
        let (before, after): (Vec<String>, Vec<String>) = (0..2_100).map(|n| (format!("b{n}"), format!("a{n}"))).unzip();
        let lines = unified(&before.join("\n"), &after.join("\n"));
        assert_eq!((lines.len(), changed(&lines)), (4_200, 2_100));
    }
}
