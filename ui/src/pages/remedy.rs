//! May KOS start Docker?

use api::computer::{Remedy, RunRemedy};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::route::Route,
    shell::{fixes::use_fix, router::use_router},
    widgets::{Btn, BtnKind, CommandBox, Dialog, FixCard, Ready},
};

#[derive(Properties, PartialEq)]
pub struct RemedyDialogProps {
    pub remedy: Remedy,
    pub on_close: Callback<()>,
}

/// Shows the command; it runs as a job when the user says so.
#[component]
pub fn RemedyDialog(props: &RemedyDialogProps) -> Html {
    let (run, router, fix) = (use_call::<RunRemedy>(), use_router(), use_fix());
    let remedy = props.remedy;
    let on_run = {
        let (run, close) = (run.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let (router, close) = (router.clone(), close.clone());
            run.ask_then(RunRemedy { remedy }, move |answer| {
                if let Ok(job) = answer {
                    close.emit(());
                    router.go(Route::Job(job.clone()));
                }
            });
        })
    };
    let busy = if run.state().pending() { Ready::Busy } else { Ready::Yes };
    let fault = run.state().fault().cloned().map(|fault| html! { <FixCard {fault} on_fix={fix} /> });
    html! { <RemedySheet {remedy} {busy} {on_run} on_close={props.on_close.clone()}>{ fault }</RemedySheet> }
}

#[derive(Properties, PartialEq)]
pub struct RemedySheetProps {
    pub remedy: Remedy,
    pub busy: Ready,
    pub on_run: Callback<()>,
    pub on_close: Callback<()>,
    /// Why it was refused.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn RemedySheet(props: &RemedySheetProps) -> Html {
    let (cancel, run) = (props.on_close.reform(|_: MouseEvent| ()), props.on_run.reform(|_: MouseEvent| ()));
    let footer = html! { <><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} ready={props.busy} onclick={run}>{ "Run it" }</Btn></> };
    html! {
        <Dialog title="Start Docker?" note="It needs no password and changes nothing else." {footer} on_close={props.on_close.clone()}>
            <p class="t2" style="margin-bottom:9px">{ "KOS runs this command as a job and waits until Docker answers:" }</p>
            <CommandBox command={props.remedy.command()} />
            { props.children.clone() }
        </Dialog>
    }
}
