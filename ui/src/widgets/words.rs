//! How are words shown of which some are names?

use api::jobs::{Word, Words};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SaidProps {
    pub words: Words,
}

/// Names and commands in mono, the rest in sans.
#[component]
pub fn Said(props: &SaidProps) -> Html {
    said(&props.words)
}

/// The same without a component, for places that are rendered often.
pub fn said(words: &Words) -> Html {
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Said(text) => html! { { text } },
            Word::Mono(text) => html! { <span class="mono">{ text }</span> },
        })
        .collect()
}
