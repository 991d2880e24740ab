//! May KOS run a fix?

use api::computer::{Password, Remedy, RunRemedy};
use yew::prelude::*;

use crate::{
    shell::starts::{Starts, use_starts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, Ready},
};

#[derive(Properties, PartialEq)]
pub struct RemedyDialogProps {
    pub remedy: Remedy,
    pub on_close: Callback<()>,
}

/// Shows the command; it runs as a job when the user says so.
#[component]
pub fn RemedyDialog(props: &RemedyDialogProps) -> Html {
    let remedy = props.remedy;
    let Starts { start, ready, refused } = use_starts::<RunRemedy>(&props.on_close);
    let on_run = start.reform(move |()| RunRemedy { remedy });
    html! { <RemedySheet {remedy} busy={ready} {on_run} on_close={props.on_close.clone()}>{ refused }</RemedySheet> }
}

/// What stands beside the button that leads here.
pub(super) fn beforehand(remedy: Remedy) -> &'static str {
    match (remedy.password(), remedy) {
        (Password::None, _) => "shows the command first; no password is needed",
        (Password::InDialog, Remedy::RaiseInotifyInstances | Remedy::RaiseInotifyWatches) => {
            "asks for your password in the system dialog, changes this value only"
        }
        (Password::InDialog, Remedy::StartDocker | Remedy::StartDockerDesktop | Remedy::StartUserDocker | Remedy::OpenDockerDesktop) => {
            "asks for your password in the system dialog"
        }
    }
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
    let note = match props.remedy.password() {
        Password::None => "It needs no password and changes nothing else.",
        Password::InDialog => "The system asks for your password in a window of its own; KOS never sees it. Nothing else is changed.",
    };
    let what = match props.remedy {
        Remedy::StartDocker | Remedy::StartDockerDesktop | Remedy::StartUserDocker | Remedy::OpenDockerDesktop => {
            "KOS runs this command as a job and waits until Docker answers:"
        }
        Remedy::RaiseInotifyInstances | Remedy::RaiseInotifyWatches => "KOS runs this command as a job. It lasts until the next restart:",
    };
    html! {
        <Dialog title={format!("{}?", props.remedy.title())} {note} {footer} on_close={props.on_close.clone()}>
            <p class="t2" style="margin-bottom:9px">{ what }</p>
            <CommandBox command={props.remedy.command()} />
            { props.children.clone() }
        </Dialog>
    }
}
