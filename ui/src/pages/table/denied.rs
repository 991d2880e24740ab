//! What does one see who may not look?

use api::{Fault, Fix};
use yew::prelude::*;

use super::by_hand::ByHand;
use crate::widgets::{Btn, BtnSize, EmptyState, FixButtons, Lead, Pic, Quote};

#[derive(Properties, PartialEq)]
pub struct DeniedProps {
    pub why: Fault,
    /// Who the server says was refused.
    pub identity: String,
    /// Namespaces typed before.
    pub by_hand: Vec<String>,
    pub on_namespace: Callback<String>,
    pub on_by_hand: Callback<String>,
    pub on_fix: Callback<Fix>,
}

/// A lock, who was refused, namespaces that were used before, and a field for another. It never looks empty.
#[component]
pub fn Denied(props: &DeniedProps) -> Html {
    let known = props.by_hand.iter().map(|name| {
        let (call, name) = (props.on_namespace.clone(), name.clone());
        let words = format!("Show {name}");
        html! { <Btn size={BtnSize::Small} onclick={Callback::from(move |_: MouseEvent| call.emit(name.clone()))}>{ words }</Btn> }
    });
    let actions = html! {
        <>
            { for known }
            <ByHand on_by_hand={props.on_by_hand.clone()} />
            <FixButtons size={BtnSize::Small} fixes={props.why.fixes.clone()} on_fix={props.on_fix.clone()} />
        </>
    };
    html! {
        <EmptyState lead={Lead::Icon(Pic::Lock)} head={props.why.sentence.clone()} {actions}>
            if !props.identity.is_empty() { { "The server refused this for " }<span class="mono">{ &props.identity }</span>{ ". " } }
            { "You may be allowed to look into single namespaces; type the name of one." }
            <div style="margin-top:10px">{ for props.why.cause.iter().map(|quote| html! { <Quote quote={quote.clone()} /> }) }</div>
        </EmptyState>
    }
}
