//! Which token do release pages get?

use api::settings::{Keep, TokenHeld, Typed};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Action;
use crate::widgets::{Btn, BtnKind, Check, Field, Ready};

#[derive(Properties, PartialEq)]
pub(super) struct TokenFieldProps {
    pub(super) held: TokenHeld,
    pub(super) on: Callback<Action>,
}

/// A token is typed once and never shown again; the page forgets it when it is saved.
#[component]
pub(super) fn TokenField(props: &TokenFieldProps) -> Html {
    let typed = use_state(String::new);
    let keep = use_state(|| Keep::ThisRun);
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |e: InputEvent| {
            if let Some(input) = e.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let on_turn = {
        let keep = keep.setter();
        Callback::from(move |on| keep.set(if on { Keep::Keyring } else { Keep::ThisRun }))
    };
    let save = {
        let (typed, keep, on) = (typed.clone(), *keep, props.on.clone());
        Callback::from(move |_: MouseEvent| {
            let to = typed.setter();
            on.emit(Action::Token(Typed((*typed).clone()), keep, Callback::from(move |()| to.set(String::new()))));
        })
    };
    let forget = props.on.reform(|_: MouseEvent| Action::Token(Typed(String::new()), Keep::ThisRun, Callback::noop()));
    let help = match props.held {
        TokenHeld::No => "None is held. A host like GitHub answers few questions an hour to those it does not know; a token without any rights is enough.",
        TokenHeld::ThisRun => "One is held until KOS is closed. clusterctl gets it in a file for you alone, no command or log shows it.",
        TokenHeld::Keyring => "One is kept in the keyring. clusterctl gets it in a file for you alone, no command or log shows it.",
    };
    html! {
        <Field label="Token for releases" {help}>
            <div class="row g8">
                <span class="input mono grow"><input type="password" aria-label="Token for releases" autocomplete="off" spellcheck="false" value={(*typed).clone()} {oninput} /></span>
                <Btn ready={Ready::from(!typed.trim().is_empty())} onclick={save}>{ "Use" }</Btn>
                if props.held != TokenHeld::No { <Btn kind={BtnKind::Ghost} onclick={forget}>{ "Forget" }</Btn> }
            </div>
            <div style="margin-top:6px"><Check on={*keep == Keep::Keyring} label="Keep it in the keyring of the desktop" {on_turn} /></div>
        </Field>
    }
}
