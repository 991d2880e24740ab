//! What does the user press?

use yew::prelude::*;

use super::icon::{Icon, IconSize, Pic};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BtnKind {
    #[default]
    Plain,
    /// Ink on paper; one per screen.
    Primary,
    Ghost,
    Danger,
    /// A dangerous verb that opens a question first.
    DangerQuiet,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BtnSize {
    #[default]
    Regular,
    Small,
    Large,
}

/// Whether a button can be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ready {
    #[default]
    Yes,
    /// Its reason stands nearby.
    No,
    /// What it started is still going on.
    Busy,
}

impl From<bool> for Ready {
    fn from(ready: bool) -> Self {
        if ready { Self::Yes } else { Self::No }
    }
}

#[derive(Properties, PartialEq)]
pub struct BtnProps {
    #[prop_or_default]
    pub kind: BtnKind,
    #[prop_or_default]
    pub size: BtnSize,
    #[prop_or_default]
    pub icon: Option<Pic>,
    #[prop_or_default]
    pub ready: Ready,
    /// The name of a button that shows only an icon; also its tooltip.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub node: NodeRef,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub children: Html,
}

/// A verb with its object.
#[component]
pub fn Btn(props: &BtnProps) -> Html {
    let kind = match props.kind {
        BtnKind::Plain => None,
        BtnKind::Primary => Some("primary"),
        BtnKind::Ghost => Some("ghost"),
        BtnKind::Danger => Some("danger"),
        BtnKind::DangerQuiet => Some("danger-q"),
    };
    let size = match props.size {
        BtnSize::Regular => None,
        BtnSize::Small => Some("sm"),
        BtnSize::Large => Some("lg"),
    };
    let bare = props.label.is_some() && props.children == Html::default();
    let off = !matches!(props.ready, Ready::Yes);
    let icon_size = if bare { IconSize::Regular } else { IconSize::Small };
    html! {
        <button
            ref={props.node.clone()}
            type="button"
            class={classes!("btn", kind, size, bare.then_some("icon"), off.then_some("off"), props.class.clone())}
            disabled={off}
            aria-busy={matches!(props.ready, Ready::Busy).then_some("true")}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            onclick={props.onclick.clone()}
        >
            { props.icon.map(|of| html! { <Icon {of} size={icon_size} /> }) }
            { props.children.clone() }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct BtnRowProps {
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

/// Buttons side by side.
#[component]
pub fn BtnRow(props: &BtnRowProps) -> Html {
    html! { <div class={classes!("btnrow", props.class.clone())}>{ props.children.clone() }</div> }
}

#[derive(Properties, PartialEq)]
pub struct LinkBtnProps {
    #[prop_or_default]
    pub class: Classes,
    pub onclick: Callback<MouseEvent>,
    pub children: Html,
}

/// Words that lead to another view.
#[component]
pub fn LinkBtn(props: &LinkBtnProps) -> Html {
    html! { <button type="button" class={classes!("link", props.class.clone())} onclick={props.onclick.clone()}>{ props.children.clone() }</button> }
}
