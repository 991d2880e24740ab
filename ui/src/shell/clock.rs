//! What time is it?

use api::Timestamp;
use gloo_timers::callback::Interval;
use yew::prelude::*;

/// The wall clock, once a second. Views get the time as a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now(pub Timestamp);

#[derive(Properties, PartialEq)]
pub struct ClockProps {
    pub children: Html,
}

/// Gives the time to everything below it.
#[component]
pub fn Clock(props: &ClockProps) -> Html {
    let now = use_state(read);
    {
        let now = now.setter();
        use_effect_with((), move |()| {
            let ticks = Interval::new(1_000, move || now.set(read()));
            move || drop(ticks)
        });
    }
    html! { <ContextProvider<Now> context={Now(*now)}>{ props.children.clone() }</ContextProvider<Now>> }
}

/// The time of this rendering.
#[hook]
pub fn use_now() -> Timestamp {
    use_context::<Now>().map_or(Timestamp(0), |now| now.0)
}

fn read() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}
