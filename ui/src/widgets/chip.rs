//! How is a removable or countable choice shown?

use yew::prelude::*;

use super::icon::{Icon, Pic};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChipForm {
    #[default]
    Plain,
    Line,
    Mono,
}

#[derive(Properties, PartialEq)]
pub struct ChipProps {
    #[prop_or_default]
    pub icon: Option<Pic>,
    #[prop_or_default]
    pub form: ChipForm,
    /// Makes the chip removable; `label` names what goes.
    #[prop_or_default]
    pub on_remove: Option<Callback<()>>,
    #[prop_or_default]
    pub label: AttrValue,
    pub children: Html,
}

/// A filled word, with a cross when it can be taken away.
#[component]
pub fn Chip(props: &ChipProps) -> Html {
    let form = match props.form {
        ChipForm::Plain => None,
        ChipForm::Line => Some("line"),
        ChipForm::Mono => Some("mono"),
    };
    let remove = props.on_remove.clone().map(|remove| {
        let onclick = Callback::from(move |_: MouseEvent| remove.emit(()));
        html! { <button type="button" class="bare" {onclick} aria-label={format!("Remove {}", props.label)}><Icon of={Pic::X} /></button> }
    });
    html! { <span class={classes!("chip", form)}>{ props.icon.map(|of| html! { <Icon {of} /> }) }{ props.children.clone() }{ remove }</span> }
}
