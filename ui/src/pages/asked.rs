//! How is a variable filled in that a text of clusterctl asks for?

use std::collections::BTreeMap;

use api::{
    providers::{AskedVariable, Shown},
    settings::Typed,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{model::providers::label, widgets::Field};

/// What is typed for variables, by their names; it goes nowhere by itself.
pub(in crate::pages) struct Given {
    pub(in crate::pages) values: BTreeMap<String, String>,
    pub(in crate::pages) on_value: Callback<(String, String)>,
    /// Another text asks for others.
    pub(in crate::pages) forget: Callback<()>,
}

impl Given {
    /// On their way to the core, which shows them nowhere.
    pub(in crate::pages) fn typed(&self) -> BTreeMap<String, Typed> {
        self.values.iter().map(|(name, value)| (name.clone(), Typed(value.clone()))).collect()
    }
}

#[hook]
pub(in crate::pages) fn use_given() -> Given {
    let values = use_state(BTreeMap::<String, String>::new);
    let on_value = {
        let values = values.clone();
        Callback::from(move |(name, text): (String, String)| {
            let mut next = (*values).clone();
            next.insert(name, text);
            values.set(next);
        })
    };
    let forget = {
        let values = values.setter();
        Callback::from(move |()| values.set(BTreeMap::new()))
    };
    Given { values: (*values).clone(), on_value, forget }
}

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
