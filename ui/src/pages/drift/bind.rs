//! How is a folder of definitions chosen?

use api::Fault;
use yew::prelude::*;

use super::Action;
use crate::widgets::{Btn, BtnKind, EmptyState, FixCard, Input, Ready};

#[derive(Properties, PartialEq)]
pub(super) struct BindFormProps {
    pub name: String,
    pub fault: Option<Fault>,
    pub on: Callback<Action>,
    pub on_fix: Callback<api::Fix>,
}

/// A path and a button: the folder is only read.
#[component]
pub(super) fn BindForm(props: &BindFormProps) -> Html {
    let path = use_state(String::new);
    let on_text = {
        let path = path.setter();
        Callback::from(move |text| path.set(text))
    };
    let bind = {
        let (on, path) = (props.on.clone(), path.clone());
        Callback::from(move |_: MouseEvent| on.emit(Action::Bind(path.trim().to_owned())))
    };
    let full = crate::model::quoted::is_full(path.trim());
    let says = format!(
        "Bind a folder or git checkout that defines {}. It is compared with what runs and only read; nothing is written on either side before you saw it.",
        props.name
    );
    html! {
        <>
            <EmptyState head="Bound to no folder">{ says }</EmptyState>
            <div class="row g8" style="padding:0 20px;max-width:640px;width:100%;margin:0 auto">
                <Input class="mono grow" label="Path of the folder" placeholder="~/src/clusters/lab-a" value={(*path).clone()} {on_text} />
                <Btn kind={BtnKind::Primary} ready={Ready::from(full)} onclick={bind}>{ "Bind" }</Btn>
            </div>
            if let Some(fault) = &props.fault { <div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /></div> }
        </>
    }
}
