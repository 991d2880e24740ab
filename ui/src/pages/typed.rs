//! How is a name typed before something goes on?

use yew::prelude::*;

use crate::widgets::Input;

#[derive(Properties, PartialEq)]
pub(super) struct TypedNameProps {
    pub(super) wanted: AttrValue,
    /// What it is typed for: `to delete it`.
    #[prop_or(AttrValue::Static("to go on"))]
    pub(super) to: AttrValue,
    pub(super) value: AttrValue,
    pub(super) on_text: Callback<String>,
}

/// The name that is asked for stands above its field.
#[component]
pub(super) fn TypedName(props: &TypedNameProps) -> Html {
    let TypedNameProps { wanted, to, value, on_text } = props;
    html! {
        <label>
            <div class="s12" style="margin-bottom:5px">{ "Type " }<b class="mono" style="font-weight:600">{ wanted }</b>{ format!(" {to}") }</div>
            <Input class="mono" label={format!("Type {wanted} {to}")} style="height:32px" value={value.clone()} on_text={on_text.clone()} />
        </label>
    }
}
