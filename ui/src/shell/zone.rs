//! What does the clock on the wall show?

use yew::prelude::*;

use super::clock::use_now;
use crate::model::clock::Clock;

/// The time of this rendering, in the zone of the user.
#[hook]
pub fn use_clock() -> Clock {
    let now = use_now();
    // Asked each time: the zone changes with the season and with the user's place.
    let west = js_sys::Date::new(&(now.0 as f64).into()).get_timezone_offset();
    Clock { now, zone_minutes: -(west as i32) }
}
