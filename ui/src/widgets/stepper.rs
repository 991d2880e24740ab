//! How is a small number chosen?

use yew::prelude::*;

use super::icon::{Icon, IconSize, Pic};

#[derive(Properties, PartialEq)]
pub struct StepperProps {
    pub value: u8,
    pub min: u8,
    pub max: u8,
    pub label: AttrValue,
    pub on_value: Callback<u8>,
}

/// Less, the number, more.
#[component]
pub fn Stepper(props: &StepperProps) -> Html {
    let to = |value: u8| {
        let on_value = props.on_value.clone();
        Callback::from(move |_: MouseEvent| on_value.emit(value))
    };
    let (value, min, max) = (props.value, props.min, props.max);
    html! {
        <span class="stepper" role="group" aria-label={props.label.clone()}>
            <button type="button" class="bare" aria-label={format!("Less: {}", props.label)} disabled={value <= min} onclick={to(value.saturating_sub(1).max(min))}><Icon of={Pic::Minus} size={IconSize::Tiny} /></button>
            <span class="num" aria-live="polite">{ value }</span>
            <button type="button" class="bare" aria-label={format!("More: {}", props.label)} disabled={value >= max} onclick={to(value.saturating_add(1).min(max))}><Icon of={Pic::Plus} size={IconSize::Tiny} /></button>
        </span>
    }
}
