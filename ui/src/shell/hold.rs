//! Who holds a write back for a moment, in which it can be taken back?
//!
//! Start at: [`use_hold`]. What holds is the page itself: leaving it sends nothing.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::{
    model::keys::{Held, Place, Stroke, takes_back},
    widgets::{Btn, BtnKind, Kbd, Ready},
};

/// A write that is about to leave, or none.
#[derive(Clone, PartialEq)]
pub struct Hold {
    left: Option<u32>,
    begin: Callback<(u32, Callback<()>)>,
    cancel: Callback<()>,
}

impl Hold {
    /// Nothing waits, and nothing can: for views that are rendered alone.
    pub fn none() -> Self {
        Self::at(None)
    }

    /// So many seconds are left.
    pub fn at(left: Option<u32>) -> Self {
        Self { left, begin: Callback::noop(), cancel: Callback::noop() }
    }

    /// Sends after so many seconds, at once for 0.
    pub fn send(&self, seconds: u32, act: Callback<()>) {
        if seconds == 0 {
            act.emit(());
        } else {
            self.begin.emit((seconds, act));
        }
    }

    /// The button that writes; while it waits, the one that takes it back.
    pub fn button(&self, kind: BtnKind, ready: Ready, go: Callback<MouseEvent>, verb: &str) -> Html {
        match self.left {
            None => html! { <Btn {kind} {ready} onclick={go}>{ verb }</Btn> },
            Some(left) => {
                let cancel = self.cancel.reform(|_: MouseEvent| ());
                html! { <><span class="t2 s12 nw" role="status">{ format!("Sent in {left} s") }</span><Btn onclick={cancel}>{ "Do not send" }</Btn><Kbd keys="Z" /></> }
            }
        }
    }
}

/// A hold that ends with its component, and then without a write.
#[hook]
pub fn use_hold() -> Hold {
    let waiting = use_state(|| None::<(u32, Callback<()>)>);
    {
        let set = waiting.setter();
        use_effect_with((*waiting).clone(), move |waiting| {
            let timer = waiting.clone().map(move |(left, act)| {
                Timeout::new(1_000, move || match left {
                    0 | 1 => {
                        set.set(None);
                        act.emit(());
                    }
                    left => set.set(Some((left - 1, act))),
                })
            });
            move || drop(timer)
        });
    }
    {
        let set = waiting.setter();
        use_effect_with(waiting.is_some(), move |waits| {
            let listener = waits.then(|| {
                // On its way down: a dialog keeps keys from the window.
                let down = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
                EventListener::new_with_options(&gloo_utils::window(), "keydown", down, move |event| {
                    if event.dyn_ref::<KeyboardEvent>().is_some_and(is_undo) {
                        event.prevent_default();
                        event.stop_propagation();
                        set.set(None);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let begin = {
        let set = waiting.setter();
        Callback::from(move |wanted| set.set(Some(wanted)))
    };
    let cancel = {
        let set = waiting.setter();
        Callback::from(move |()| set.set(None))
    };
    Hold { left: waiting.as_ref().map(|(left, _)| *left), begin, cancel }
}

fn is_undo(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let place = match target.map(|element| element.tag_name()).as_deref() {
        Some("INPUT" | "TEXTAREA" | "SELECT") => Place::Field,
        Some(_) | None => Place::Page,
    };
    let held = if event.ctrl_key() || event.meta_key() || event.alt_key() { Held::Other } else { Held::Nothing };
    takes_back(Stroke { key: &event.key(), held }, place)
}
