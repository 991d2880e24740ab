//! May a file that a kubeconfig names be read and sent?

use api::{
    Fault,
    contexts::{TokenFileQuestion, Trust},
};
use yew::prelude::*;

use super::why;
use crate::widgets::{Btn, BtnKind, Dialog, FixCard, Ready};

#[derive(Properties, PartialEq)]
pub struct TokenFileSheetProps {
    pub question: TokenFileQuestion,
    #[prop_or_default]
    pub fault: Option<Fault>,
    /// An answer is on its way.
    #[prop_or_default]
    pub busy: Ready,
    pub on_answer: Callback<Trust>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// The file, where it would go, and why KOS asks.
#[component]
pub fn TokenFileSheet(props: &TokenFileSheetProps) -> Html {
    let (ready, question) = (props.busy, &props.question);
    let press = |trust| props.on_answer.reform(move |_: MouseEvent| trust);
    let later = props.on_close.reform(|_: MouseEvent| ());
    let name = &question.context_name;
    let note = html! { <Btn kind={BtnKind::Ghost} class="danger-q" {ready} onclick={press(Trust::Never)}>{ "Never" }</Btn> };
    let footer = html! {
        <>
            <Btn onclick={later}>{ "Not now" }</Btn>
            <Btn {ready} onclick={press(Trust::Once)}>{ "Only this time" }</Btn>
            <Btn {ready} onclick={press(Trust::Always)}>{ "Always, for exactly this" }</Btn>
        </>
    };
    let heading = html! { <>{ "Send this file to sign in to " }<span class="mono">{ name }</span>{ "?" }</> };
    let body = match &props.fault {
        Some(fault) => html! { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> },
        None => html! { <>{ way(question) }{ why(&question.signs) }</> },
    };
    html! {
        <Dialog title={format!("Send this file to sign in to {name}?")} {heading} class="trust" lead="A kubeconfig may name any file as its token. What stands in this one goes to the server, so look once." {note} {footer} on_close={props.on_close.clone()}>
            { body }
        </Dialog>
    }
}

fn way(question: &TokenFileQuestion) -> Html {
    // What is asked about is never cut.
    let row = |label: &'static str, value: Html| html! { <div class="minirow" style="grid-template-columns:112px minmax(0,1fr);padding:3px 12px;overflow-wrap:anywhere"><span class="t3">{ label }</span><span>{ value }</span></div> };
    html! {
        <div class="frame" style="flex:none">
            { row("Reads", html! { <span class="mono">{ &question.path }</span> }) }
            { row("Sends it to", html! { <span class="mono">{ &question.server }</span> }) }
            { row("Asked by", html! { <><span class="mono">{ &question.asked_by }</span><span class="t3">{ format!(", line {}", question.line) }</span></> }) }
        </div>
    }
}
