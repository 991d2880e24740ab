//! Who says things in passing?

use std::rc::Rc;

use api::Fault;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::fixes::use_fix;
use crate::{
    model::toasts::{Toast, ToastId, Toasts as List},
    widgets::Toasts,
};

/// What was done goes away by itself; a fault stays.
const STAYS_MS: u32 = 5_000;

enum Step {
    Say(Toast),
    Close(ToastId),
}

#[derive(Clone, Default, PartialEq)]
struct Held(List);

impl Reducible for Held {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut list = self.0.clone();
        match step {
            Step::Say(toast) => {
                list.say(toast);
            }
            Step::Close(id) => list.close(id),
        }
        Rc::new(Self(list))
    }
}

/// Says things in passing.
#[derive(Clone, PartialEq)]
pub struct Speaker(Option<UseReducerDispatcher<Held>>);

impl Speaker {
    /// Something was done that cannot be seen on the screen.
    pub fn done(&self, head: impl Into<String>, text: impl Into<String>) {
        self.say(Toast::Done { head: head.into(), text: text.into() });
    }

    /// Something did not happen.
    pub fn fault(&self, fault: Fault) {
        self.say(Toast::Fault(fault));
    }

    fn say(&self, toast: Toast) {
        if let Some(held) = &self.0 {
            held.dispatch(Step::Say(toast));
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct SpeakingProps {
    pub children: Html,
}

/// Holds the toasts and shows them above everything.
#[component]
pub fn Speaking(props: &SpeakingProps) -> Html {
    let held = use_reducer(Held::default);
    html! {
        <ContextProvider<Speaker> context={Speaker(Some(held.dispatcher()))}>
            { props.children.clone() }
            <Corner held={held} />
        </ContextProvider<Speaker>>
    }
}

#[derive(Properties, PartialEq)]
struct CornerProps {
    held: UseReducerHandle<Held>,
}

#[component]
fn Corner(props: &CornerProps) -> Html {
    let on_fix = use_fix();
    let passing: Vec<ToastId> = props.held.0.iter().filter(|(_, t)| matches!(t, Toast::Done { .. })).map(|(id, _)| id).collect();
    {
        let held = props.held.dispatcher();
        use_effect_with(passing.first().copied(), move |first| {
            let timer = first.map(|id| Timeout::new(STAYS_MS, move || held.dispatch(Step::Close(id))));
            move || drop(timer)
        });
    }
    let held = props.held.dispatcher();
    let on_close = Callback::from(move |id| held.dispatch(Step::Close(id)));
    html! { <Toasts list={props.held.0.clone()} {on_close} {on_fix} /> }
}

/// The voice of this window.
#[hook]
pub fn use_toasts() -> Speaker {
    use_context::<Speaker>().unwrap_or(Speaker(None))
}
