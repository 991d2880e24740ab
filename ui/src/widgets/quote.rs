//! How are somebody else's words shown?

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct QuoteProps {
    pub quote: api::Quote,
}

/// Verbatim, in mono, with the source.
#[component]
pub fn Quote(props: &QuoteProps) -> Html {
    html! { <div class="quote"><span class="src">{ &props.quote.source }</span>{ &props.quote.text }</div> }
}
