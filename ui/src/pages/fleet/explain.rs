//! Why does a context not connect, and what helps?

use std::rc::Rc;

use api::{
    ContextId, Fault, FaultCode, Fix,
    contexts::{ContextRow, Link},
};
use yew::prelude::*;

use crate::widgets::{Btn, Dialog, FixCard, Pic};

#[derive(Properties, PartialEq)]
pub struct ExplainProps {
    pub row: Rc<ContextRow>,
    pub on_close: Callback<()>,
    pub on_fix: Callback<Fix>,
    pub on_try: Callback<ContextId>,
}

/// The fault of a connection with its quotes and fixes, and the problems of its entry.
#[component]
pub fn Explain(props: &ExplainProps) -> Html {
    let row = &props.row;
    let why = match &row.link {
        Link::Stale { why, .. } | Link::Unreachable { why, .. } | Link::NeedsYou { why, .. } => Some(why),
        Link::Unopened | Link::Opening { .. } | Link::Live { .. } => None,
    };
    let title = match why.map(|w| w.code) {
        Some(FaultCode::SignIn) => format!("Sign in to {}", row.name),
        Some(_) | None => format!("Why {} does not connect", row.name),
    };
    let (try_now, id, close) = (props.on_try.clone(), row.id.clone(), props.on_close.clone());
    let again = Callback::from(move |_: MouseEvent| {
        try_now.emit(id.clone());
        close.emit(());
    });
    let close = props.on_close.clone();
    let onclose = Callback::from(move |_: MouseEvent| close.emit(()));
    let fixed = {
        let (fix, close) = (props.on_fix.clone(), props.on_close.clone());
        Callback::from(move |step: Fix| {
            close.emit(());
            fix.emit(step);
        })
    };
    let footer = html! { <><Btn onclick={onclose}>{ "Close" }</Btn>if why.is_some() { <Btn icon={Pic::RotateCcw} onclick={again}>{ "Try now" }</Btn> }</> };
    html! {
        <Dialog {title} {footer} on_close={props.on_close.clone()}>
            if let Some(why) = why { <FixCard fault={without_try(why)} on_fix={fixed} /> }
            if !row.problems.is_empty() {
                <div>
                    <div class="s12 t3" style="margin-bottom:4px">{ "In the kubeconfig" }</div>
                    { for row.problems.iter().map(|p| html! { <div class="minirow"><span>if p.line > 0 { <span class="t3">{ format!("Line {}: ", p.line) }</span> }{ &p.sentence }</span></div> }) }
                </div>
            }
            if why.is_none() && row.problems.is_empty() { <p class="t2">{ format!("Nothing is wrong with {} any more.", row.name) }</p> }
        </Dialog>
    }
}

/// The footer has this step already.
fn without_try(why: &Fault) -> Fault {
    let mut why = why.clone();
    why.fixes.retain(|fix| !matches!(fix, Fix::TryNow(_)));
    why
}
