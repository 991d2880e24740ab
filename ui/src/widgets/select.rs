//! How is one of many values chosen?

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::{Icon, IconSize, Pic};

#[derive(Clone, PartialEq)]
pub struct Choice {
    pub value: AttrValue,
    pub words: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub value: AttrValue,
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    pub on_choose: Callback<String>,
    #[prop_or_default]
    pub icon: Option<Pic>,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub style: Option<AttrValue>,
}

/// The system's own list behind the drawn box: it types ahead and is read aloud without our help.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let on_choose = props.on_choose.clone();
    let onchange = Callback::from(move |e: Event| {
        if let Some(select) = e.target_dyn_into::<HtmlSelectElement>() {
            on_choose.emit(select.value());
        }
    });
    let choices = props.choices.iter().map(|c| html! { <option value={c.value.clone()} selected={c.value == props.value}>{ c.words.clone() }</option> });
    html! {
        <span class={classes!("input", "select", props.class.clone())} style={props.style.clone()}>
            { props.icon.map(|of| html! { <Icon {of} size={IconSize::Small} /> }) }
            <select aria-label={props.label.clone()} {onchange}>{ for choices }</select>
            <Icon of={Pic::ChevronDown} size={IconSize::Small} />
        </span>
    }
}
