//! What is asked before a context is no longer protected?

use api::{
    ContextId,
    contexts::{Guard, SetGuard},
};
use yew::prelude::*;

use super::{ask::AskDialog, typed::TypedName};
use crate::{
    model::fleet::{row_id, typed_to_release},
    shell::{fixes::send, toasts::use_toasts, world::use_world},
    widgets::Ready,
};

/// Sets the guard of a context.
pub struct Guarding {
    pub set: Callback<(ContextId, Guard)>,
    /// The question that is open, if any.
    pub asked: Html,
}

/// Protects at once; a context is no longer protected only after its name was typed.
#[hook]
pub fn use_guard() -> Guarding {
    let (world, toasts) = (use_world(), use_toasts());
    let releasing = use_state(|| None::<(ContextId, String)>);
    let asked = match (*releasing).clone() {
        Some((context, name)) => {
            let (releasing, toasts) = (releasing.setter(), toasts.clone());
            let on_act = Callback::from(move |typed: String| send(SetGuard { context: context.clone(), guard: Guard::Open, typed }, &toasts));
            let on_close = Callback::from(move |()| releasing.set(None));
            html! { <UnprotectDialog {name} {on_act} {on_close} /> }
        }
        None => Html::default(),
    };
    let set = {
        let releasing = releasing.setter();
        Callback::from(move |(context, guard): (ContextId, Guard)| {
            let row = world.contexts.get(&row_id(&context));
            match (guard, row.and_then(|row| typed_to_release(&row, &world.choices()))) {
                (Guard::Open, Some(name)) => releasing.set(Some((context, name))),
                (Guard::Open, None) | (Guard::Protected, _) => send(SetGuard { context, guard, typed: String::new() }, &toasts),
            }
        })
    };
    Guarding { set, asked }
}

#[derive(Properties, PartialEq)]
pub struct UnprotectDialogProps {
    pub name: String,
    /// What was typed.
    pub on_act: Callback<String>,
    pub on_close: Callback<()>,
}

#[component]
pub fn UnprotectDialog(props: &UnprotectDialogProps) -> Html {
    let name = &props.name;
    let typed = use_state(String::new);
    let on_act = {
        let (act, typed) = (props.on_act.clone(), (*typed).clone());
        Callback::from(move |()| act.emit(typed.clone()))
    };
    let ready = Ready::from(*typed == *name);
    let act = format!("No longer protect {name}");
    let title = format!("{act}?");
    html! {
        <AskDialog {title} note="Nothing in the cluster and no kubeconfig changes." keep="Keep it protected" {act} {ready} {on_act} on_close={props.on_close.clone()}>
            <p class="t2"><span class="mono">{ name }</span>{ " loses the red band, and writes to it no longer ask for its name." }</p>
            <TypedName wanted={name.clone()} typed={typed.clone()} />
        </AskDialog>
    }
}
