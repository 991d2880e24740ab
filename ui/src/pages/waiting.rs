//! What stands on a page whose rows are not here?

use api::Status;
use yew::prelude::*;

use crate::widgets::{EmptyState, Lead, Skeleton, State};

/// A page without its one row: on its way, refused, or gone.
pub(crate) fn gone(status: &Status, head: &'static str, why: &'static str) -> Html {
    let inside = match status {
        Status::Loading => html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> },
        Status::Stale { why, .. } | Status::Denied { why } => {
            let quotes =
                why.cause.iter().map(|quote| html! { <><span class="t3">{ format!("{}: ", quote.source) }</span><span class="mono">{ &quote.text }</span></> });
            html! { <EmptyState lead={Lead::State(State::Failed)} head={html! { &why.sentence }}>{ for quotes }</EmptyState> }
        }
        Status::Live | Status::Closed => html! { <EmptyState head={html! { head }}>{ why }</EmptyState> },
    };
    html! { <main class="page">{ inside }</main> }
}
