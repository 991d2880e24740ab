//! What stands on a page whose rows are not here?

use api::Status;
use yew::prelude::*;

use crate::widgets::{EmptyState, Lead, Skeleton, State};

/// What stands in place of rows that are not here; `None` where there are some, or where none is the truth.
pub(crate) fn told(status: &Status, is_empty: bool) -> Option<Html> {
    match status {
        _ if !is_empty => None,
        Status::Loading => Some(html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> }),
        Status::Denied { why } | Status::Stale { why, .. } => Some(
            html! { <EmptyState lead={Lead::State(State::Failed)} head={html! { &why.sentence }}>{ why.cause.first().map(|quote| quote.text.clone()) }</EmptyState> },
        ),
        Status::Live | Status::Closed => None,
    }
}

/// A page without its one row: on its way, refused, or gone.
pub(crate) fn gone(status: &Status, head: &'static str, why: impl Into<AttrValue>) -> Html {
    html! { <main class="page">{ missing(status, head, why) }</main> }
}

/// What stands in place of the one row.
pub(crate) fn missing(status: &Status, head: &'static str, why: impl Into<AttrValue>) -> Html {
    match status {
        Status::Loading => html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> },
        Status::Stale { why, .. } | Status::Denied { why } => {
            let quotes =
                why.cause.iter().map(|quote| html! { <><span class="t3">{ format!("{}: ", quote.source) }</span><span class="mono">{ &quote.text }</span></> });
            html! { <EmptyState lead={Lead::State(State::Failed)} head={html! { &why.sentence }}>{ for quotes }</EmptyState> }
        }
        Status::Live | Status::Closed => html! { <EmptyState head={html! { head }}>{ why.into() }</EmptyState> },
    }
}
