//! What is asked before a local cluster is paused or stopped?

use yew::prelude::*;

use super::{ask::AskDialog, typed::TypedName};
use crate::{
    model::fleet::power::{Halt, Question},
    widgets::{Banner, Ready, State},
    words::fleet::{PAUSE_KEPT, STOP_HEAD, STOP_KEPT, STOP_KNOWN},
};

#[derive(Properties, PartialEq)]
pub struct StopDialogProps {
    pub question: Question,
    /// What was typed, empty where nothing is asked for.
    pub on_act: Callback<String>,
    pub on_close: Callback<()>,
}

/// Names kind’s known issue where several control plane nodes would be stopped, and asks for the name of a protected context.
#[component]
pub fn StopDialog(props: &StopDialogProps) -> Html {
    let Question { name, halt, planes, guard } = &props.question;
    let typed = use_state(String::new);
    let on_act = {
        let (act, typed) = (props.on_act.clone(), (*typed).clone());
        Callback::from(move |()| act.emit(typed.clone()))
    };
    let ready = Ready::from(guard.as_ref().is_none_or(|wanted| *typed == *wanted));
    let (verb, note) = match halt {
        Halt::Pause => ("Pause", PAUSE_KEPT),
        Halt::Stop => ("Stop", STOP_KEPT),
    };
    html! {
        <AskDialog title={format!("{verb} the cluster {name}?")} {note} keep="Keep it running" act={format!("{verb} {name}")} {ready} {on_act} on_close={props.on_close.clone()}>
            if let Some(planes) = planes {
                <Banner state={State::Warning} head={html! { STOP_HEAD }}>{ format!("{name} has {planes} control plane nodes. {STOP_KNOWN}") }</Banner>
            }
            if let Some(wanted) = guard {
                <p class="t2"><span class="mono">{ wanted }</span>{ " is protected. Nobody is answered by it until it runs again." }</p>
                <TypedName wanted={wanted.clone()} typed={typed.clone()} />
            }
        </AskDialog>
    }
}
