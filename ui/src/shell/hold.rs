//! Who holds a write back for a moment, in which it can be taken back?
//!
//! Start at: [`use_hold`]. What holds is the page itself: leaving it sends nothing.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{
    model::{
        hold::{Beat, Waiting},
        keys::{Held, Place, Stroke, takes_back},
    },
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

    /// Takes back what waits: something else is shown now.
    pub fn take_back(&self) {
        self.cancel.emit(());
    }

    /// The button that writes; while it waits, the one that takes it back.
    pub fn button(&self, kind: BtnKind, ready: Ready, go: Callback<MouseEvent>, verb: &str) -> Html {
        match self.left {
            None => html! { <Btn {kind} {ready} onclick={go}>{ verb }</Btn> },
            Some(left) => html! { <WayBack {left} on_back={self.cancel.clone()} /> },
        }
    }
}

#[derive(Properties, PartialEq)]
struct WayBackProps {
    left: u32,
    on_back: Callback<()>,
}

/// Has the focus for as long as the write waits: in the field of a name, Z would be a letter of it.
#[component]
fn WayBack(props: &WayBackProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let (before, button) = (focused(), node.cast::<HtmlElement>());
            if let Some(button) = &button {
                let _ = button.focus();
            }
            move || {
                // Who went elsewhere meanwhile stays there.
                let is_here = button.is_some() && focused() == button;
                if let Some(before) = before.filter(|_| is_here) {
                    let _ = before.focus();
                }
            }
        });
    }
    let onclick = props.on_back.reform(|_: MouseEvent| ());
    html! { <><span class="t2 s12 nw" role="status">{ format!("Sent in {} s", props.left) }</span><Btn {node} {onclick}>{ "Do not send" }</Btn><Kbd keys="Z" /></> }
}

fn focused() -> Option<HtmlElement> {
    gloo_utils::document().active_element().and_then(|element| element.dyn_into().ok())
}

/// A hold that ends with its component, and as soon as something else is shown than when it began; both without a write.
#[hook]
pub fn use_hold<S: Clone + PartialEq + 'static>(shown: S) -> Hold {
    let waiting = use_state(|| None::<Waiting<S, Callback<()>>>);
    let held = (*waiting).clone().and_then(|waiting| waiting.while_shown(&shown));
    {
        // Who goes back to what was shown before has to press again.
        let set = waiting.setter();
        use_effect_with(waiting.is_some() && held.is_none(), move |is_stale| {
            if *is_stale {
                set.set(None);
            }
        });
    }
    {
        let set = waiting.setter();
        use_effect_with(held.clone(), move |held| {
            let timer = held.clone().map(move |held| {
                Timeout::new(1_000, move || match held.later() {
                    Beat::Waits(held) => set.set(Some(held)),
                    Beat::Leaves(write) => {
                        set.set(None);
                        write.emit(());
                    }
                })
            });
            move || drop(timer)
        });
    }
    {
        let set = waiting.setter();
        use_effect_with(held.is_some(), move |waits| {
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
        Callback::from(move |(left, write)| set.set(Some(Waiting { shown: shown.clone(), left, write })))
    };
    let cancel = {
        let set = waiting.setter();
        Callback::from(move |()| set.set(None))
    };
    Hold { left: held.map(|held| held.left), begin, cancel }
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
