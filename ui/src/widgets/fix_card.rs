//! How is a fault shown?
//!
//! Start at: [`FixCard`] for a card, [`FixButtons`] for the next steps alone.

use api::{Fault, FaultCode, Fix};
use yew::prelude::*;

use super::{
    button::{Btn, BtnKind, BtnSize},
    glyph::{Glyph, State},
    quote::Quote,
};
use crate::words::fault::{CAUSE, label};

#[derive(Properties, PartialEq)]
pub struct FixCardProps {
    pub fault: Fault,
    /// Takes a step; `shell::fixes::use_fix` gives one that knows all of them.
    pub on_fix: Callback<Fix>,
    /// Buttons of the place, before the fault's own.
    #[prop_or_default]
    pub actions: Html,
    /// What else helps, under the quotes.
    #[prop_or_default]
    pub children: Html,
}

/// Sentence, cause in its own words, what is unharmed, next steps.
#[component]
pub fn FixCard(props: &FixCardProps) -> Html {
    let fault = &props.fault;
    let state = mood(fault.code);
    html! {
        <div class={classes!("fix", state.class())} role="alert">
            <h3><Glyph {state} />{ &fault.sentence }</h3>
            if !fault.cause.is_empty() {
                <div class="lab">{ CAUSE }</div>
                { for fault.cause.iter().map(|quote| html! { <Quote quote={quote.clone()} /> }) }
            }
            if !fault.unharmed.is_empty() { <p class="s12 t2" style="margin-top:12px">{ &fault.unharmed }</p> }
            { props.children.clone() }
            if !fault.fixes.is_empty() || props.actions != Html::default() {
                <div class="btnrow" style="margin-top:14px">{ props.actions.clone() }<FixButtons fixes={fault.fixes.clone()} on_fix={props.on_fix.clone()} /></div>
            }
        </div>
    }
}

/// What waits for a person is a warning; what went wrong is a failure.
pub fn mood(code: FaultCode) -> State {
    match code {
        FaultCode::Changed | FaultCode::SignIn | FaultCode::Trust | FaultCode::TrustFile | FaultCode::Denied | FaultCode::StreamClosed => State::Warning,
        FaultCode::Invalid
        | FaultCode::NotFound
        | FaultCode::File
        | FaultCode::Write
        | FaultCode::Unreachable
        | FaultCode::Certificate
        | FaultCode::Plugin
        | FaultCode::Docker
        | FaultCode::Program
        | FaultCode::Download
        | FaultCode::Step
        | FaultCode::Bug => State::Failed,
    }
}

#[derive(Properties, PartialEq)]
pub struct FixButtonsProps {
    pub fixes: Vec<Fix>,
    pub on_fix: Callback<Fix>,
    #[prop_or_default]
    pub size: BtnSize,
}

/// One button per next step; the first is plain, the others quieter.
#[component]
pub fn FixButtons(props: &FixButtonsProps) -> Html {
    props
        .fixes
        .iter()
        .enumerate()
        .map(|(place, fix)| {
            let (take, fix) = (props.on_fix.clone(), fix.clone());
            let words = label(&fix);
            let onclick = Callback::from(move |_: MouseEvent| take.emit(fix.clone()));
            let kind = if place == 0 { BtnKind::Plain } else { BtnKind::Ghost };
            html! { <Btn size={props.size} {kind} {onclick}>{ words }</Btn> }
        })
        .collect()
}
