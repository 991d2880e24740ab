//! Where does the user type a line?

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Icon, IconSize, Pic};

/// Whether the value of a field is accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Valid {
    #[default]
    Yes,
    No,
}

#[derive(Properties, PartialEq)]
pub struct InputProps {
    pub value: AttrValue,
    /// What it is, for readers who do not see the words around it.
    pub label: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub icon: Option<Pic>,
    #[prop_or_default]
    pub valid: Valid,
    /// Names and commands are written in mono.
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub style: Option<AttrValue>,
    /// A key that leads here, shown while empty.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub node: NodeRef,
    #[prop_or_default]
    pub on_text: Callback<String>,
    #[prop_or_default]
    pub onkeydown: Callback<KeyboardEvent>,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    /// What stands at its right end.
    #[prop_or_default]
    pub end: Html,
}

/// One line of text.
#[component]
pub fn Input(props: &InputProps) -> Html {
    let on_text = props.on_text.clone();
    let oninput = Callback::from(move |e: InputEvent| {
        if let Some(input) = e.target_dyn_into::<HtmlInputElement>() {
            on_text.emit(input.value());
        }
    });
    let bad = matches!(props.valid, Valid::No);
    let hint = props.hint.clone().filter(|_| props.value.is_empty());
    html! {
        <span class={classes!("input", bad.then_some("is-err"), props.class.clone())} style={props.style.clone()}>
            if let Some(of) = props.icon { <Icon {of} size={IconSize::Small} /> }
            <input
                ref={props.node.clone()}
                type="text"
                id={props.id.clone()}
                value={props.value.clone()}
                placeholder={props.placeholder.clone()}
                aria-label={props.label.clone()}
                aria-invalid={bad.then_some("true")}
                aria-describedby={props.described_by.clone()}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                {oninput}
                onkeydown={props.onkeydown.clone()}
            />
            // `if` keeps its place among the children when there is nothing: the field would be made anew without it, and lose the focus.
            if let Some(key) = hint { <kbd>{ key }</kbd> }
            { props.end.clone() }
        </span>
    }
}
