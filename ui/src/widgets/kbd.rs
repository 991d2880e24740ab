//! How is a key written?

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct KbdProps {
    /// One cap per word: `Ctrl K`.
    pub keys: AttrValue,
}

/// Key caps.
#[component]
pub fn Kbd(props: &KbdProps) -> Html {
    props.keys.split(' ').map(|key| html! { <kbd>{ key.to_owned() }</kbd> }).collect()
}
