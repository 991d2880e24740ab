//! Where in the output is the user?

use std::rc::Rc;

use yew::prelude::*;

use crate::model::output::Following;

/// Height that is assumed until the real one is known.
const VIEW_PX: u64 = 760;

/// The visible part, in CSS pixels, and whether it follows the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scroll {
    pub top: u64,
    pub view: u64,
    pub following: Following,
    /// A step to be brought to the top by the next rendering.
    pub reveal: Option<u32>,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { top: 0, view: VIEW_PX, following: Following::Yes, reveal: None }
    }
}

pub(super) enum Move {
    Scrolled { top: u64, view: u64, height: u64, newest: u64 },
    Resized { view: u64 },
    Follow,
    Reveal { step: u32, newest: u64 },
    Revealed,
}

impl Reducible for Scroll {
    type Action = Move;

    fn reduce(self: Rc<Self>, to: Move) -> Rc<Self> {
        let mut scroll = *self;
        match to {
            Move::Scrolled { top, view, height, newest } => {
                scroll.following = scroll.following.scrolled(height.saturating_sub(top + view), newest);
                (scroll.top, scroll.view) = (top, view);
            }
            Move::Resized { view } => scroll.view = view,
            Move::Follow => scroll.following = Following::Yes,
            Move::Reveal { step, newest } => {
                scroll.reveal = Some(step);
                scroll.following = Following::Paused { at: newest };
            }
            Move::Revealed => scroll.reveal = None,
        }
        Rc::new(scroll)
    }
}
