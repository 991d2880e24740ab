//! In which order do rows stand, and which of them are drawn?
//!
//! Start at: [`arrange`] for the order, [`window`] for the rows in the document.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use api::{Row, RowId};

/// Whether the order may change under the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nobody reads: sort all.
    No,
    /// A row is focused: rows keep their places, new ones wait.
    Yes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// The column that sorts, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    pub direction: Direction,
}

impl Sort {
    /// A second press on the same head turns the order around.
    pub fn press(self, column: usize) -> Self {
        let direction = match (self.column == column, self.direction) {
            (true, Direction::Up) => Direction::Down,
            (true, Direction::Down) | (false, _) => Direction::Up,
        };
        Self { column, direction }
    }
}

/// Rows in the order shown.
#[derive(Debug)]
pub struct Arranged<R> {
    pub rows: Vec<Rc<R>>,
    /// Rows that wait behind “12 new”.
    pub fresh: usize,
}

/// Sorts rows; while held, rows that were shown keep their order and new ones wait. Names cost a text a row, so they are made
/// only where something is held.
pub fn arrange<R: Row>(before: &[Rc<R>], mut rows: Vec<Rc<R>>, hold: Hold, order: impl Fn(&R, &R) -> Ordering) -> Arranged<R> {
    match hold {
        Hold::Yes if !before.is_empty() => {
            let mut by_id: HashMap<RowId, Rc<R>> = rows.into_iter().map(|row| (row.id(), row)).collect();
            let shown: Vec<Rc<R>> = before.iter().filter_map(|row| by_id.remove(&row.id())).collect();
            Arranged { rows: shown, fresh: by_id.len() }
        }
        Hold::Yes | Hold::No => {
            rows.sort_by(|a, b| order(a, b));
            Arranged { rows, fresh: 0 }
        }
    }
}

/// The rows that stand in the document: those seen and a few around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    /// One after the last.
    pub end: usize,
}

/// Rows above and below the seen ones, so that a fast wheel does not meet a blank.
const AROUND: usize = 8;

/// Which of `count` rows of `height` pixels are drawn when `top` pixels are scrolled away and `seen` pixels are visible.
pub fn window(count: usize, height: u32, top: u32, seen: u32) -> Window {
    let height = height.max(1);
    let first = (top / height) as usize;
    let visible = (seen / height) as usize + 2;
    Window { first: first.saturating_sub(AROUND).min(count), end: (first + visible + AROUND).min(count) }
}

/// Which of `count` rows of `height` pixels can be seen in `seen` pixels that nobody scrolls.
pub fn fitting(count: usize, height: u32, seen: u32) -> Window {
    Window { first: 0, end: (seen.div_ceil(height.max(1)) as usize).min(count) }
}

/// Where to scroll so that a row is seen; `None` when it is already.
pub fn reveal(place: usize, height: u32, top: u32, seen: u32) -> Option<u32> {
    let (row_top, row_end) = (place as u32 * height, (place as u32 + 1) * height);
    if row_top < top {
        Some(row_top)
    } else if row_end > top + seen {
        Some(row_end.saturating_sub(seen))
    } else {
        None
    }
}

/// A way through the rows by keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    Next,
    Previous,
    PageDown,
    PageUp,
    First,
    Last,
}

/// The row that a key leads to. Without a focus every key leads to an end.
pub fn walk(now: Option<usize>, count: usize, page: usize, way: Walk) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let page = page.max(1);
    Some(match (now, way) {
        (_, Walk::First) | (None, Walk::Next | Walk::PageDown) => 0,
        (_, Walk::Last) | (None, Walk::Previous | Walk::PageUp) => last,
        (Some(n), Walk::Next) => (n + 1).min(last),
        (Some(n), Walk::Previous) => n.saturating_sub(1),
        (Some(n), Walk::PageDown) => (n + page).min(last),
        (Some(n), Walk::PageUp) => n.saturating_sub(page),
    })
}

/// The same when the focused row has gone: what stood before and after it is the previous row and the next.
pub fn walk_from_gap(place: usize, count: usize, page: usize, way: Walk) -> Option<usize> {
    let place = place.min(count);
    let now = match way {
        Walk::Next | Walk::PageDown => place.checked_sub(1),
        Walk::Previous | Walk::PageUp | Walk::First | Walk::Last => Some(place),
    };
    walk(now, count, page, way)
}

/// The marks after Space on a row, or after Shift+Space from the last marked one to it.
pub fn mark(marked: &HashSet<RowId>, rows: &[RowId], at: usize, from: Option<usize>) -> HashSet<RowId> {
    let mut marked = marked.clone();
    match from {
        Some(from) => marked.extend(rows.iter().take(from.max(at) + 1).skip(from.min(at)).cloned()),
        None => {
            if let Some(id) = rows.get(at)
                && !marked.remove(id)
            {
                marked.insert(id.clone());
            }
        }
    }
    marked
}

#[cfg(test)]
mod tests;
