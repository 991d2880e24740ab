//! Which lines of a small change stand beside each other?

use api::files::FileChange;

/// One line of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    Same {
        number: u32,
        text: String,
    },
    Gone {
        number: u32,
        text: String,
    },
    Come {
        number: u32,
        text: String,
    },
    /// Nothing here stands beside the other side's line.
    Gap,
}

/// Both sides with as many lines each. A change of one entry is one stretch between equal heads and tails.
pub fn sides(change: &FileChange) -> (Vec<Side>, Vec<Side>) {
    let (before, after) = (&change.before, &change.after);
    let head = before.iter().zip(after).take_while(|(b, a)| b == a).count();
    let most = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(b, a)| b == a).count();
    let side = |lines: &[String], changed: fn(u32, String) -> Side| -> (Vec<Side>, Vec<Side>, Vec<Side>) {
        let numbered = lines.iter().zip(change.first_line..).enumerate();
        let (mut top, mut mid, mut end) = (vec![], vec![], vec![]);
        for (place, (text, number)) in numbered {
            if place < head {
                top.push(Side::Same { number, text: text.clone() });
            } else if place < lines.len() - tail {
                mid.push(changed(number, text.clone()));
            } else {
                end.push(Side::Same { number, text: text.clone() });
            }
        }
        (top, mid, end)
    };
    let (top, mut gone, end) = side(before, |number, text| Side::Gone { number, text });
    let (top_after, mut come, end_after) = side(after, |number, text| Side::Come { number, text });
    let rows = gone.len().max(come.len());
    gone.resize(rows, Side::Gap);
    come.resize(rows, Side::Gap);
    ([top, gone, end].concat(), [top_after, come, end_after].concat())
}

#[cfg(test)]
mod tests;
