//! What does the user see?
//!
//! Knows: `api`, Yew. Does not know: kube, tokio. Start at: [`App`].

pub mod link;
pub mod model;

use yew::prelude::*;

/// Renders the page into the body of the document.
pub fn start() {
    yew::Renderer::<App>::new().render();
}

#[component]
pub fn App() -> Html {
    html! { <div class="app">{ "KOS" }</div> }
}
