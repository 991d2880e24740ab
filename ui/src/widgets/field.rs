//! How does a form ask for one thing?

use yew::prelude::*;

use super::{
    glyph::State,
    pill::{Pill, Voice},
};

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    pub label: AttrValue,
    /// One line under the control.
    #[prop_or_default]
    pub help: Html,
    /// What is wrong, with its fix; takes the place of the help.
    #[prop_or_default]
    pub error: Option<Html>,
    pub children: Html,
}

/// Label left, control right, help or error under it.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let below = match &props.error {
        Some(error) => html! { <p class="s12" role="alert"><Pill state={State::Failed} voice={Voice::Tinted}>{ error.clone() }</Pill></p> },
        None if props.help != Html::default() => html! { <p class="s12 t3">{ props.help.clone() }</p> },
        None => Html::default(),
    };
    html! { <div class="field"><span class="fl">{ props.label.clone() }</span><div>{ props.children.clone() }{ below }</div></div> }
}
