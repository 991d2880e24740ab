//! How is something turned on?

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SwitchProps {
    pub on: bool,
    pub label: AttrValue,
    pub on_turn: Callback<bool>,
}

/// On or off, at once.
#[component]
pub fn Switch(props: &SwitchProps) -> Html {
    let (on, turn) = (props.on, props.on_turn.clone());
    let onclick = Callback::from(move |_: MouseEvent| turn.emit(!on));
    html! { <button type="button" class={classes!("switch", on.then_some("on"))} role="switch" aria-checked={on.to_string()} aria-label={props.label.clone()} {onclick}></button> }
}

#[derive(Properties, PartialEq)]
pub struct CheckProps {
    pub on: bool,
    pub label: AttrValue,
    pub on_turn: Callback<bool>,
}

/// A box to tick.
#[component]
pub fn Check(props: &CheckProps) -> Html {
    use super::icon::{Icon, Pic};
    let (on, turn) = (props.on, props.on_turn.clone());
    let onclick = Callback::from(move |_: MouseEvent| turn.emit(!on));
    html! {
        <button type="button" class={classes!("check", on.then_some("on"))} role="checkbox" aria-checked={on.to_string()} aria-label={props.label.clone()} {onclick}>
            if on { <Icon of={Pic::Check} /> }
        </button>
    }
}
