//! What time is it, and when is it looked at again?
//!
//! A page that shows nothing running has no timer that ticks each second, and a hidden one has none at all.

use api::Timestamp;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::model::clock::{Clock, Pace, Seen};

/// The time of this rendering; the view is rendered again as often as its words change by time alone.
#[hook]
pub fn use_now(pace: impl FnOnce(Timestamp) -> Pace) -> Timestamp {
    let again = use_force_update();
    let seen = use_seen();
    let now = read();
    use_effect_with((pace(now), seen), move |(pace, seen)| {
        let ticks = pace.period(*seen).map(|period| Interval::new(period, move || again.force_update()));
        move || drop(ticks)
    });
    now
}

/// The same in the zone of the user.
#[hook]
pub fn use_clock(pace: impl FnOnce(Timestamp) -> Pace) -> Clock {
    let now = use_now(pace);
    Clock { now, zone_minutes: zone_minutes() }
}

/// Whether the window shows the page.
#[hook]
fn use_seen() -> Seen {
    let seen = use_state_eq(|| Seen::Shown);
    {
        let seen = seen.setter();
        use_effect_with((), move |()| {
            let document = gloo_utils::document();
            let look = {
                let document = document.clone();
                move || if document.hidden() { Seen::Hidden } else { Seen::Shown }
            };
            seen.set(look());
            let listener = EventListener::new(&document, "visibilitychange", move |_| seen.set(look()));
            move || drop(listener)
        });
    }
    *seen
}

/// The time of this moment.
#[cfg(target_arch = "wasm32")]
pub fn read() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// Minutes east of Greenwich. Asked each time: the zone changes with the season and with the user's place.
#[cfg(target_arch = "wasm32")]
pub fn zone_minutes() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// Outside of a page, for the first picture.
#[cfg(not(target_arch = "wasm32"))]
pub fn read() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as u64)
}

/// Outside of a page no zone is known; who draws the first picture gives one.
#[cfg(not(target_arch = "wasm32"))]
pub fn zone_minutes() -> i32 {
    0
}
