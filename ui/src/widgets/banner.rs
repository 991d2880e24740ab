//! What does a whole region have to be told?

use yew::prelude::*;

use super::glyph::{Glyph, State};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BannerForm {
    #[default]
    Card,
    /// The full width of a region, directly under its head.
    Flush,
}

#[derive(Properties, PartialEq)]
pub struct BannerProps {
    pub state: State,
    /// The first words, in the state's hue.
    pub head: Html,
    #[prop_or_default]
    pub children: Html,
    /// What counts by the second: it is not spoken by itself as the rest is.
    #[prop_or_default]
    pub counting: Html,
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub form: BannerForm,
}

/// One per region.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let flush = matches!(props.form, BannerForm::Flush).then_some("flush");
    let role = matches!(props.state, State::Failed).then_some("alert").unwrap_or("status");
    html! {
        <div class={classes!("banner", props.state.class(), flush)}>
            <Glyph state={props.state} />
            <span {role}><span class="hd">{ props.head.clone() }</span>{ " " }{ props.children.clone() }</span>
            if props.counting != Html::default() { <span class="t2 num nw">{ props.counting.clone() }</span> }
            if props.actions != Html::default() { <span class="btnrow">{ props.actions.clone() }</span> }
        </div>
    }
}
