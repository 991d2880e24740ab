//! How is a variable filled in that a text of clusterctl asks for?

use api::providers::{AskedVariable, Shown};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{model::providers::label, widgets::Field};

#[derive(Properties, PartialEq)]
pub struct AskedFieldProps {
    pub variable: AskedVariable,
    /// Stands before the names of many of its variables: `vsphere`.
    pub provider: String,
    pub value: String,
    /// The name with what was typed.
    pub on_value: Callback<(String, String)>,
}

#[component]
pub fn AskedField(props: &AskedFieldProps) -> Html {
    let variable = &props.variable;
    let words = label(variable, &props.provider);
    let kind = match variable.shown {
        Shown::Plainly => "text",
        Shown::AsDots => "password",
    };
    let (on_value, name) = (props.on_value.clone(), variable.name.clone());
    let oninput = Callback::from(move |e: InputEvent| {
        if let Some(input) = e.target_dyn_into::<HtmlInputElement>() {
            on_value.emit((name.clone(), input.value()));
        }
    });
    html! {
        <Field label={words.clone()} help={html! { <span class="mono s11">{ &variable.name }</span> }}>
            <span class="input mono"><input type={kind} aria-label={words} autocomplete="off" spellcheck="false" value={props.value.clone()} placeholder={variable.default.clone().unwrap_or_default()} {oninput} /></span>
        </Field>
    }
}
