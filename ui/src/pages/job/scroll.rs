//! Where in the output is the user?

use std::rc::Rc;

use yew::prelude::*;

use crate::model::output::{Following, Spot};

/// Height that is assumed until the real one is known.
const VIEW_PX: u64 = 760;

/// Where the visible part begins, in CSS pixels, and what stood there when that was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Stand {
    pub top: u64,
    pub spot: Option<Spot>,
}

/// The visible part, in CSS pixels, and whether it follows the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scroll {
    pub stand: Stand,
    pub view: u64,
    pub following: Following,
    /// A step to be brought to the top by the next rendering.
    pub reveal: Option<u32>,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { stand: Stand::default(), view: VIEW_PX, following: Following::Yes, reveal: None }
    }
}

pub(super) enum Move {
    /// By the user, or as the answer to what the page did.
    Scrolled {
        stand: Stand,
        view: u64,
        height: u64,
        newest: u64,
    },
    Resized {
        view: u64,
    },
    Follow,
    Reveal {
        step: u32,
        newest: u64,
    },
    /// The page went to the step that was asked for, or along with what is read.
    Placed(Stand),
}

impl Reducible for Scroll {
    type Action = Move;

    fn reduce(self: Rc<Self>, to: Move) -> Rc<Self> {
        let mut scroll = *self;
        match to {
            Move::Scrolled { stand, view, height, newest } => {
                scroll.following = scroll.following.scrolled(height.saturating_sub(stand.top + view), newest);
                // A step that has not begun yet must not take the user away later from what is read now.
                (scroll.view, scroll.reveal) = (view, None);
                // Where the end stands is known without the browser: its answer to each new line is no news.
                if scroll.following != Following::Yes {
                    scroll.stand = stand;
                }
            }
            Move::Resized { view } => scroll.view = view,
            Move::Follow => (scroll.following, scroll.reveal) = (Following::Yes, None),
            Move::Reveal { step, newest } => {
                scroll.reveal = Some(step);
                scroll.following = Following::Paused { at: newest };
            }
            Move::Placed(stand) => (scroll.stand, scroll.reveal) = (stand, None),
        }
        Rc::new(scroll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(moves: impl IntoIterator<Item = Move>) -> Scroll {
        *moves.into_iter().fold(Rc::new(Scroll::default()), |scroll, next| scroll.reduce(next))
    }

    fn scrolled_to(top: u64) -> Move {
        Move::Scrolled { stand: Stand { top, spot: None }, view: 400, height: 9_000, newest: 60 }
    }

    #[test]
    fn a_step_that_was_asked_for_is_forgotten_once_the_user_goes_elsewhere() {
        let asked = || Move::Reveal { step: 4, newest: 50 };
        assert_eq!(after([asked()]).reveal, Some(4));
        for (what, next) in [("scrolls", scrolled_to(300)), ("follows", Move::Follow), ("is there", Move::Placed(Stand::default()))] {
            assert_eq!(after([asked(), next]).reveal, None, "the user {what}");
        }
    }

    #[test]
    fn while_the_end_is_followed_the_answer_of_the_browser_changes_nothing() {
        let at = |top: u64, height: u64| Move::Scrolled { stand: Stand { top, spot: None }, view: 400, height, newest: 60 };
        let once = after([at(600, 1_000)]);
        assert_eq!(after([at(600, 1_000), at(8_600, 9_000)]), once);
        assert_ne!(after([at(600, 1_000), at(8_500, 9_000)]), once, "the user went up");
    }

    #[test]
    fn going_along_with_what_is_read_does_not_end_the_pause() {
        let paused = after([scrolled_to(300), Move::Placed(Stand { top: 110, spot: None })]);
        assert_eq!((paused.stand.top, paused.following), (110, Following::Paused { at: 60 }));
    }
}
