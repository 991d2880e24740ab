//! How is a list narrowed?

use api::settings::Command;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{icon::Pic, input::Input, kbd::use_keymap};

#[derive(Properties, PartialEq)]
pub struct SearchProps {
    pub value: AttrValue,
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub style: Option<AttrValue>,
    pub on_text: Callback<String>,
    #[prop_or_default]
    pub node: NodeRef,
}

/// A filter box; its key leads into it, Esc empties it and a second Esc leaves it.
#[component]
pub fn Search(props: &SearchProps) -> Html {
    let onkeydown = {
        let (value, on_text, node) = (props.value.clone(), props.on_text.clone(), props.node.clone());
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Escape" {
                e.stop_propagation();
                if !value.is_empty() {
                    on_text.emit(String::new());
                } else if let Some(input) = node.cast::<HtmlElement>() {
                    let _ = input.blur();
                }
            }
        })
    };
    let keymap = use_keymap();
    let hint = keymap.key(Command::Filter);
    html! {
        <Input
            class="search"
            icon={Pic::Search}
            label={props.placeholder.clone()}
            placeholder={props.placeholder.clone()}
            value={props.value.clone()}
            style={props.style.clone()}
            on_text={props.on_text.clone()}
            {hint}
            node={props.node.clone()}
            {onkeydown}
        />
    }
}
