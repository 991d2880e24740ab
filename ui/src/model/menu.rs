//! Where does the list of a menu open, so that all of it is seen?

use std::ops::Range;

/// Heights in CSS pixels: of an item, and of what the list has above and below all of them.
const ITEM_PX: i32 = 28;
const PADDING_PX: i32 = 12;
/// Between the list and its button.
const GAP_PX: i32 = 4;
/// What stays free at the upper and the lower edge of the window.
const EDGE_PX: i32 = 8;

/// The upper edge of a list of so many items, for a button that reaches from and to in a window of this height: below the
/// button, else above it, else as low as the whole list is seen. A list that is higher than the window scrolls.
pub fn top(button: Range<i32>, items: usize, window: i32) -> i32 {
    let height = (items as i32 * ITEM_PX + PADDING_PX).min(window - 2 * EDGE_PX);
    let (below, above) = (button.end + GAP_PX, button.start - GAP_PX - height);
    if below + height <= window - EDGE_PX {
        below
    } else if above >= EDGE_PX {
        above
    } else {
        window - EDGE_PX - height
    }
}

#[cfg(test)]
mod tests {
    use super::top;

    #[test]
    fn a_list_opens_below_its_button_else_above_it_else_where_all_of_it_is_seen() {
        for (button, items, window, stands, why) in [
            (100..120, 5, 680, 124, "there is room below"),
            (496..516, 5, 680, 520, "it ends just at the edge"),
            (497..517, 5, 680, 341, "one pixel more, and it stands above"),
            (640..660, 5, 680, 484, "the last row of a full window"),
            (300..320, 20, 680, 100, "no room on either side"),
            (300..320, 40, 680, 8, "higher than the window"),
        ] {
            assert_eq!(top(button, items, window), stands, "{why}");
        }
    }
}
