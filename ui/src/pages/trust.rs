//! May a program of a kubeconfig run, or a file that it names be sent?

mod token_file;

use api::{
    ContextId, Fault,
    contexts::{AnswerTrust, AskTrust, Asked, Mood, OpenContext, Sign, Trust, TrustQuestion},
};
pub use token_file::{TokenFileSheet, TokenFileSheetProps};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        route::Route,
        trust::{First, first, limits, program, signs},
    },
    shell::{fixes::use_fix, router::use_router},
    widgets::{Btn, BtnKind, CommandBox, Dialog, DialogBody, FixCard, Glyph, Ready, Skeleton, State},
};

#[derive(Properties, PartialEq)]
pub struct TrustDialogProps {
    pub context: ContextId,
}

/// Asks what would run or be sent, which runs and sends nothing, and hands on the answer.
#[component]
pub fn TrustDialog(props: &TrustDialogProps) -> Html {
    let (ask, answer, open) = (use_call::<AskTrust>(), use_call::<AnswerTrust>(), use_call::<OpenContext>());
    let (router, fix) = (use_router(), use_fix());
    {
        let ask = ask.clone();
        use_effect_with(props.context.clone(), move |context| ask.ask(AskTrust { context: context.clone() }));
    }
    let on_close = {
        let question = Route::Trust(props.context.clone());
        Callback::from(move |()| router.leave(question.clone()))
    };
    let on_answer = {
        let (context, asked) = (props.context.clone(), ask.state().answer().cloned());
        let (answer, close) = (answer.clone(), on_close.clone());
        Callback::from(move |trust: Trust| {
            let Some(asked) = &asked else { return };
            let (close, open, context) = (close.clone(), open.clone(), context.clone());
            answer.ask_then(AnswerTrust { context: context.clone(), seen: asked.seen().to_owned(), answer: trust }, move |done| {
                if done.is_ok() {
                    if trust != Trust::Never {
                        open.ask(OpenContext { context });
                    }
                    close.emit(());
                }
            });
        })
    };
    let fault = ask.state().fault().or(answer.state().fault()).cloned();
    let busy = if answer.state().pending() { Ready::Busy } else { Ready::Yes };
    let question = match ask.state().answer().cloned() {
        Some(Asked::TokenFile(question)) => return html! { <TokenFileSheet {question} {fault} {busy} {on_answer} {on_close} on_fix={fix} /> },
        Some(Asked::Program(question)) => Some(question),
        None => None,
    };
    html! { <TrustSheet {question} {fault} {busy} {on_answer} {on_close} on_fix={fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct TrustSheetProps {
    pub question: Option<TrustQuestion>,
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

/// Program and arguments in separate boxes, what it gets, and why KOS asks.
#[component]
pub fn TrustSheet(props: &TrustSheetProps) -> Html {
    let ready = props.busy;
    let press = |trust| props.on_answer.reform(move |_: MouseEvent| trust);
    let later = props.on_close.reform(|_: MouseEvent| ());
    let name = props.question.as_ref().map(|q| q.context_name.clone()).unwrap_or_default();
    let note = html! { if props.question.is_some() { <Btn kind={BtnKind::Ghost} class="danger-q" {ready} onclick={press(Trust::Never)}>{ "Never" }</Btn> } };
    let footer = html! {
        <>
            <Btn onclick={later}>{ "Not now" }</Btn>
            if props.question.is_some() {
                <Btn {ready} onclick={press(Trust::Once)}>{ "Run once" }</Btn>
                <Btn {ready} onclick={press(Trust::Always)}>{ "Always, for exactly this" }</Btn>
            }
        </>
    };
    let heading = html! { <>{ "Run this program to sign in to " }<span class="mono">{ &name }</span>{ "?" }</> };
    let body = match (&props.fault, &props.question) {
        (Some(fault), _) => html! { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> },
        (None, Some(question)) => match first(question) {
            First::Program => html! { <>{ argv(question) }{ why(&question.signs) }</> },
            First::Signs => html! { <>{ why(&question.signs) }{ argv(question) }</> },
        },
        (None, None) => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    html! {
        <Dialog title={format!("Run this program to sign in to {name}?")} {heading} class="trust" body={DialogBody::Text} lead="A kubeconfig may name any program. This one runs with your rights, so look once." {note} {footer} on_close={props.on_close.clone()}>
            { body }
        </Dialog>
    }
}

fn argv(question: &TrustQuestion) -> Html {
    let (folder, name) = program(&question.program);
    let line = |label: &'static str, value: Html| html! { <div class="minirow" style="grid-template-columns:112px minmax(0,1fr);padding:0 12px"><span class="t3">{ label }</span><span class="ell">{ value }</span></div> };
    // What a program is given, and by whom and for whom, is never cut.
    let whole = |label: &'static str, value: Html| html! { <div class="minirow" style="grid-template-columns:112px minmax(0,1fr);padding:3px 12px"><span class="t3">{ label }</span><span>{ value }</span></div> };
    html! {
        <div class="frame" style="flex:none">
            <div class="argv" aria-label="Program and arguments"><div class="prog">{ folder }<b>{ name }</b></div>{ for question.args.iter().map(|arg| html! { <span>{ arg }</span> }) }</div>
            if !question.sets.is_empty() { { whole("Sets", html! { <>{ names(&question.sets) }<span class="t3">{ "; values hidden" }</span></> }) } }
            { whole("Inherits", html! { <>{ names(&question.inherits) }<span class="t3">{ "; nothing else" }</span></> }) }
            { whole("Its answer goes to", html! { <span class="mono">{ &question.server }</span> }) }
            { whole("Asked by", html! { <><span class="mono">{ &question.asked_by }</span><span class="t3">{ format!(", line {}", question.line) }</span></> }) }
            { line("Limits", html! { <span class="t3">{ limits(question.limit) }</span> }) }
        </div>
    }
}

fn names(names: &[String]) -> Html {
    names.iter().enumerate().map(|(at, name)| html! { <>{ if at > 0 { ", " } else { "" } }<span class="mono">{ name }</span></> }).collect()
}

fn why(all: &[Sign]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! { <div><h2 class="sec">{ "Why KOS asks" }<span class="t3">{ signs(all) }</span></h2>{ for all.iter().map(sign) }</div> }
}

fn sign(sign: &Sign) -> Html {
    let state = match sign.mood {
        Mood::Doubt => State::Warning,
        Mood::Good => State::Healthy,
    };
    html! {
        <div class="chk">
            <Glyph {state} /><div class="hd">{ &sign.title }</div><p>{ &sign.text }</p>
            if let Some(command) = &sign.command { <div class="btnrow"><CommandBox command={command.clone()} /></div> }
        </div>
    }
}
