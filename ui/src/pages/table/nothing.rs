//! What stands in a table without rows?

use api::tables::Kind;
use yew::prelude::*;

use super::{
    state::{Narrowed, Only},
    view::{TableViewProps, word},
};
use crate::{
    model::time::thousands,
    widgets::{Btn, BtnKind, BtnSize, EmptyState},
};

/// Why there is no row, and what shows some: without the filter, or outside of the namespace.
pub(super) fn nothing(props: &TableViewProps) -> Html {
    let kind = word(props.kind).to_lowercase();
    let place = if props.namespace.is_empty() { props.name.clone() } else { format!("{} of {}", props.namespace, props.name) };
    let all = (!props.namespace.is_empty()).then(|| {
        let onclick = props.on_namespace.reform(|_: MouseEvent| String::new());
        html! { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {onclick}>{ "All namespaces" }</Btn> }
    });
    if props.all == 0 {
        let (why, step) = match props.kind {
            Kind::Pods => ("The server was asked and has none.", all),
            Kind::Nodes => ("The server was asked and has none. Pods wait until a machine joins.", Some(pods(props))),
            Kind::Namespaces => ("The server was asked and names none. Pods may be there all the same.", Some(pods(props))),
        };
        return html! { <EmptyState head={format!("No {kind} in {place}")} actions={step.unwrap_or_default()}>{ why }</EmptyState> };
    }
    let narrowed = &props.looking.narrowed;
    let clear = props.on_narrow.reform(|_: MouseEvent| Narrowed::default());
    let actions = html! { <><Btn size={BtnSize::Small} onclick={clear}>{ "Clear filter" }</Btn>{ all }</> };
    let head = match (narrowed.only, narrowed.text.trim()) {
        (Only::Problems, "") => format!("No {kind} have problems"),
        (Only::Problems, text) => format!("No {kind} with problems match “{text}”"),
        (Only::All, text) => format!("No {kind} match “{text}”"),
    };
    html! { <EmptyState {head} {actions}>{ format!("{} {kind} in {place} are loaded.", thousands(props.all as u64)) }</EmptyState> }
}

/// To the pods of the same context.
fn pods(props: &TableViewProps) -> Html {
    let onclick = props.on_kind.reform(|_: MouseEvent| Kind::Pods);
    html! { <Btn size={BtnSize::Small} {onclick}>{ "Show pods" }</Btn> }
}
