//! What is asked before files are applied?

use api::{
    changes::ClusterAt,
    definitions::{ApplyDefinitions, ObjectName, PlanDefinitions},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{drift::as_change, hold::wait},
    pages::change::{Asked, ChangeSheet, Danger},
    shell::{fixes::use_fix, hold::use_hold, toasts::use_toasts, world::use_world},
    widgets::Ready,
};

#[derive(Properties, PartialEq)]
pub struct ApplyDialogProps {
    pub at: ClusterAt,
    /// None means all that differ.
    pub objects: Vec<ObjectName>,
    pub on_close: Callback<()>,
}

/// Plans the apply, which writes nothing, and applies exactly that plan.
#[component]
pub fn ApplyDialog(props: &ApplyDialogProps) -> Html {
    let (plan, apply) = (use_call::<PlanDefinitions>(), use_call::<ApplyDefinitions>());
    let (toasts, on_fix) = (use_toasts(), use_fix());
    let world = use_world();
    let seconds = world.contexts.look(|rows| wait(&world.choices(), rows, &props.at.context));
    let verb = match props.objects.as_slice() {
        [one] => format!("Apply {} {}", one.kind, one.name),
        _ => format!("Apply the files of {}", props.at.name),
    };
    let look = {
        let (plan, at, objects) = (plan.clone(), props.at.clone(), props.objects.clone());
        Callback::from(move |()| plan.ask(PlanDefinitions { at: at.clone(), objects: objects.clone() }))
    };
    {
        let look = look.clone();
        use_effect_with((), move |()| look.emit(()));
    }
    let shown = plan.state().answer().cloned();
    let hold = use_hold((props.objects.clone(), shown.as_ref().map(|plan| plan.digest.clone())));
    let on_apply = {
        let (at, objects, close, apply, hold) = (props.at.clone(), props.objects.clone(), props.on_close.clone(), apply.clone(), hold.clone());
        let digest = shown.as_ref().map(|plan| plan.digest.clone()).unwrap_or_default();
        Callback::from(move |typed: String| {
            let call = ApplyDefinitions { at: at.clone(), objects: objects.clone(), digest: digest.clone(), typed };
            let (toasts, close, apply) = (toasts.clone(), close.clone(), apply.clone());
            let send = Callback::from(move |()| {
                let (toasts, close, name) = (toasts.clone(), close.clone(), call.at.name.clone());
                apply.ask_then(call.clone(), move |answer| {
                    if let Ok(applied) = answer {
                        toasts.done(format!("{name} is as its files say"), applied.written.join(", "));
                        close.emit(());
                    }
                });
            });
            hold.send(seconds, send);
        })
    };
    let busy = if plan.state().pending() || apply.state().pending() { Ready::Busy } else { Ready::Yes };
    let fault = plan.state().fault().or(apply.state().fault()).cloned();
    let asked = Asked { plan: shown.map(|plan| as_change(plan, &verb)), fault, busy, hold, on_apply, on_again: look, on_fix };
    html! { <ChangeSheet {verb} keep="Leave it" danger={Danger::No} {asked} on_close={props.on_close.clone()} /> }
}
