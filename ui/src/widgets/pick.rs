//! How is one of a few ways chosen when each needs a sentence?

use yew::prelude::*;

use super::roving;

#[derive(Properties, PartialEq)]
pub struct PickProps {
    pub on: bool,
    pub title: Html,
    /// The sentence under the title.
    #[prop_or_default]
    pub children: Html,
    /// What follows the sentence: a price, a button.
    #[prop_or_default]
    pub extra: Html,
    pub on_choose: Callback<()>,
}

/// One card of a radio group; the group around it has `role="radiogroup"` and a label.
#[component]
pub fn Pick(props: &PickProps) -> Html {
    let choose = props.on_choose.clone();
    let onclick = Callback::from(move |_: MouseEvent| choose.emit(()));
    let choose = props.on_choose.clone();
    let onkeydown = Callback::from(move |e: KeyboardEvent| {
        if matches!(e.key().as_str(), " " | "Enter") {
            e.prevent_default();
            choose.emit(());
        } else if let Some(other) = roving::step(&e, "[role=radiogroup]", "[role=radio]") {
            other.click();
        }
    });
    let on = props.on;
    html! {
        <div class={classes!("pick", on.then_some("on"))} {onclick}>
            <div class="row g8" role="radio" aria-checked={on.to_string()} tabindex="0" {onkeydown}><span class={classes!("radio", on.then_some("on"))}></span><span class="m row g8">{ props.title.clone() }</span></div>
            if props.children != Html::default() { <p>{ props.children.clone() }</p> }
            { props.extra.clone() }
        </div>
    }
}
