//! What stands where rows would stand?

use yew::prelude::*;

use super::{
    glyph::{Glyph, State},
    icon::{Icon, Pic},
};

/// What leads the head line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    State(State),
    Icon(Pic),
}

#[derive(Properties, PartialEq)]
pub struct EmptyStateProps {
    #[prop_or_default]
    pub lead: Option<Lead>,
    /// What there is not, or did not happen.
    pub head: Html,
    /// Why.
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub actions: Html,
    /// A last small line: the next try.
    #[prop_or_default]
    pub foot: Html,
}

/// Why there is nothing, and one step.
#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    let lead = props.lead.map(|lead| match lead {
        Lead::State(state) => html! { <Glyph {state} /> },
        Lead::Icon(of) => html! { <Icon {of} /> },
    });
    let said = html! {
        <>
            <div class="hd">{ lead }{ props.head.clone() }</div>
            if props.children != Html::default() { <span>{ props.children.clone() }</span> }
        </>
    };
    // The next try counts by the second: in the alert it would be spoken as often.
    let said = match props.lead {
        Some(Lead::State(State::Failed)) => html! { <div class="col g6" role="alert">{ said }</div> },
        Some(Lead::State(_) | Lead::Icon(_)) | None => said,
    };
    html! {
        <div class="empty">
            { said }
            if props.actions != Html::default() { <div class="btnrow" style="margin-top:8px">{ props.actions.clone() }</div> }
            if props.foot != Html::default() { <span class="t3 s11" style="margin-top:4px">{ props.foot.clone() }</span> }
        </div>
    }
}
