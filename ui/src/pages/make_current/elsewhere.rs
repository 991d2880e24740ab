//! Where is a change kept that its file cannot take?

use api::Fault;
use yew::prelude::*;

use crate::{
    model::quoted::is_full,
    widgets::{Btn, Field, Input, Ready},
};

#[derive(Properties, PartialEq)]
pub(super) struct ElsewhereProps {
    /// Why it was not saved there either.
    pub refused: Option<Fault>,
    pub busy: Ready,
    pub on_save: Callback<String>,
}

/// A path for a copy that has the change in it.
#[component]
pub(super) fn Elsewhere(props: &ElsewhereProps) -> Html {
    let path = use_state(|| "~/kubeconfig.yaml".to_owned());
    let on_text = {
        let path = path.setter();
        Callback::from(move |text| path.set(text))
    };
    let typed = (*path).trim().to_owned();
    let full = is_full(&typed);
    let ready = if full { props.busy } else { Ready::No };
    let save = {
        let on_save = props.on_save.clone();
        Callback::from(move |_: MouseEvent| on_save.emit(typed.clone()))
    };
    // A button that cannot be pressed has its reason beside it.
    let error = if full { props.refused.as_ref().map(|fault| html! { fault.to_string() }) } else { Some(html! { "A full path is needed." }) };
    html! {
        <Field label="Save elsewhere" help="A new file with the change in it, readable by you alone. Relative paths in it then begin at its own folder." {error}>
            <span class="row g8"><Input class="mono grow" label="Path of the copy" value={(*path).clone()} {on_text} /><Btn {ready} onclick={save}>{ "Save a copy" }</Btn></span>
        </Field>
    }
}
