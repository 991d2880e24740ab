//! Which part of a long list stands in the document?
//!
//! A list that scrolls with its page, so the visible part is asked of the document. Start at: [`use_part`].

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use web_sys::Element;
use yew::prelude::*;

use crate::model::table::{Window, fitting, window};

/// Fewer lines are drawn whole.
const WHOLE: usize = 150;
/// Height that is assumed until the real one is known.
const SEEN_PX: u32 = 900;

/// A document that nobody can scroll: its height in CSS pixels, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Still(pub u32);

/// What is to be drawn of `lines` lines of `height` pixels, `None` for all of them. `above` is the gap in front of what is drawn.
#[hook]
pub(super) fn use_part(above: &NodeRef, lines: usize, height: u32) -> Option<Window> {
    let seen = use_state_eq(|| (0, SEEN_PX));
    let still = use_context::<Still>();
    let long = lines > WHOLE;
    {
        let (above, seen) = (above.clone(), seen.setter());
        use_effect_with(long, move |long| {
            let listeners = long.then(|| {
                let look = move || {
                    if let Some(found) = measure(&above, height) {
                        seen.set(found);
                    }
                };
                look();
                // A scroll does not bubble; whichever part of the page scrolls is heard on its way down.
                let (scrolled, down) = (look.clone(), EventListenerOptions { phase: EventListenerPhase::Capture, passive: true });
                let window = gloo_utils::window();
                [EventListener::new_with_options(&window, "scroll", down, move |_| scrolled()), EventListener::new(&window, "resize", move |_| look())]
            });
            move || drop(listeners)
        });
    }
    match still {
        Some(Still(px)) => Some(fitting(lines, height, px)),
        None => long.then(|| window(lines, height, seen.0, seen.1)),
    }
}

/// What is scrolled away in front of the visible part, in whole lines, and how much can be seen at most.
fn measure(above: &NodeRef, height: u32) -> Option<(u32, u32)> {
    let begin = above.cast::<Element>()?.get_bounding_client_rect().top();
    let away = (-begin).max(0.0) as u32;
    let seen = gloo_utils::window().inner_height().ok()?.as_f64()? as u32;
    Some((away - away % height.max(1), seen))
}
