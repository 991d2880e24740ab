//! What is the page made of?

use yew::prelude::*;

use crate::widgets::Sprite;

#[component]
pub fn App() -> Html {
    html! { <Sprite /> }
}
