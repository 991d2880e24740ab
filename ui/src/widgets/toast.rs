//! What is said in passing?

use api::Fix;
use yew::prelude::*;

use super::{
    button::{Btn, BtnKind, BtnSize},
    dialog::modal,
    fix_card::{FixButtons, mood},
    glyph::{Glyph, State},
    icon::Pic,
};
use crate::model::toasts::{Toast as Said, ToastId, Toasts as List};

#[derive(Properties, PartialEq)]
pub struct ToastsProps {
    pub list: List,
    pub on_close: Callback<ToastId>,
    pub on_fix: Callback<Fix>,
}

/// The stack in the corner; faults stay until they are closed.
#[component]
pub fn Toasts(props: &ToastsProps) -> Html {
    let toasts = props.list.iter().map(|(id, toast)| {
        let close = props.on_close.clone();
        let onclick = Callback::from(move |_: MouseEvent| close.emit(id));
        html! { <div key={id.0} class="toast" role={role(toast)}>{ body(toast, &props.on_fix) }<Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::X} label="Close" {onclick} /></div> }
    });
    // They stand over a dialog without being part of it: a click takes the focus from it no more than one beside it does.
    let stay = Callback::from(|e: MouseEvent| {
        if modal().is_some() {
            e.prevent_default();
        }
    });
    html! { <div class="toasts" onmousedown={stay}>{ for toasts }</div> }
}

fn role(toast: &Said) -> &'static str {
    match toast {
        Said::Done { .. } => "status",
        Said::Fault(_) => "alert",
    }
}

fn body(toast: &Said, on_fix: &Callback<Fix>) -> Html {
    match toast {
        Said::Done { head, text } => html! {
            <><Glyph state={State::Done} /><div><div class="hd">{ head }</div>if !text.is_empty() { <p>{ text }</p> }</div></>
        },
        Said::Fault(fault) => html! {
            <>
                <Glyph state={mood(fault.code)} />
                <div>
                    <div class="hd">{ &fault.sentence }</div>
                    { for fault.cause.iter().map(|quote| html! { <p><span class="t3">{ format!("{}: ", quote.source) }</span><span class="mono">{ &quote.text }</span></p> }) }
                    if !fault.unharmed.is_empty() { <p>{ &fault.unharmed }</p> }
                    if !fault.fixes.is_empty() { <div class="btnrow" style="margin-top:6px"><FixButtons size={BtnSize::Small} fixes={fault.fixes.clone()} on_fix={on_fix.clone()} /></div> }
                </div>
            </>
        },
    }
}
