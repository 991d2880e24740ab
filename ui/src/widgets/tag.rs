//! How is a lasting property of a thing marked?

use yew::prelude::*;

use super::{
    glyph::State,
    icon::{Icon, Pic},
};

#[derive(Properties, PartialEq)]
pub struct TagProps {
    #[prop_or_default]
    pub icon: Option<Pic>,
    /// Fills the tag with the hue of a state.
    #[prop_or_default]
    pub tint: Option<State>,
    /// Gives the icon alone the hue of a state.
    #[prop_or_default]
    pub icon_tint: Option<State>,
    pub children: Html,
}

/// A small outlined word: `management`, `protected`, `TLS not verified`.
#[component]
pub fn Tag(props: &TagProps) -> Html {
    let tint = props.tint.map(State::class);
    let icon = props.icon.map(|of| {
        let style = props.icon_tint.map(|s| format!("color:var(--st-{}-mark)", s.class()));
        html! { <span {style}><Icon {of} /></span> }
    });
    html! { <span class={classes!("tag", tint.is_some().then_some("tint"), tint)}>{ icon }{ props.children.clone() }</span> }
}
