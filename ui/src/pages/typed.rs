//! How is a name typed before something goes on?

use yew::prelude::*;

use crate::widgets::Input;

#[derive(Properties, PartialEq)]
pub(super) struct TypedNameProps {
    pub(super) wanted: AttrValue,
    /// What it is typed for: `to delete it`.
    #[prop_or(AttrValue::Static("to go on"))]
    pub(super) to: AttrValue,
    /// What is typed so far: whoever asks compares it.
    pub(super) typed: UseStateHandle<String>,
}

/// The name that is asked for stands above its field.
#[component]
pub(super) fn TypedName(props: &TypedNameProps) -> Html {
    let TypedNameProps { wanted, to, typed } = props;
    let on_text = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <label>
            <div class="s12" style="margin-bottom:5px">{ "Type " }<b class="mono" style="font-weight:600">{ wanted }</b>{ format!(" {to}") }</div>
            <Input class="mono" label={format!("Type {wanted} {to}")} style="height:32px" value={(**typed).clone()} {on_text} />
        </label>
    }
}
