//! What is asked before a cluster is changed?
//!
//! Start at: [`ChangeDialog`], which plans one change; [`ChangeSheet`] shows a plan and asks for the last word.

pub mod bounds;
mod draft;
pub mod health;
pub mod marks;
mod offers;
pub mod parts;
pub mod pool;
pub mod scale;

use api::{
    Fault,
    changes::{ApplyChange, ChangePlan, ClusterAt, ClusterChange, PlanChange},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::hold::wait,
    pages::typed::TypedName,
    shell::{
        fixes::use_fix,
        hold::{Hold, use_hold},
        toasts::use_toasts,
        world::use_world,
    },
    widgets::{Btn, BtnKind, Dialog, DialogWidth, FixCard, Ready, Skeleton},
};

/// What a dialog does when its button is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// It can be taken back.
    No,
    /// Something goes and does not come back.
    Yes,
}

#[derive(Properties, PartialEq)]
pub struct ChangeDialogProps {
    pub at: ClusterAt,
    pub change: ClusterChange,
    /// `Pause lab-a`.
    pub verb: String,
    /// `Keep it running`.
    pub keep: String,
    pub danger: Danger,
    pub on_close: Callback<()>,
}

/// Plans a change, which writes nothing, and applies exactly that plan.
#[component]
pub fn ChangeDialog(props: &ChangeDialogProps) -> Html {
    let asked = use_change(&props.at, Some(props.change.clone()), props.on_close.clone());
    let ChangeDialogProps { verb, keep, danger, on_close, .. } = props;
    html! { <ChangeSheet verb={verb.clone()} keep={keep.clone()} danger={*danger} {asked} on_close={on_close.clone()} /> }
}

/// A plan on its way to being written.
#[derive(Clone, PartialEq)]
pub struct Asked {
    pub plan: Option<ChangePlan>,
    pub fault: Option<Fault>,
    pub busy: Ready,
    /// Whether it is about to be sent.
    pub hold: Hold,
    /// With what was typed.
    pub on_apply: Callback<String>,
    /// Plans anew.
    pub on_again: Callback<()>,
    pub on_fix: Callback<api::Fix>,
}

/// Plans a change whenever it is another one.
#[hook]
pub fn use_change(at: &ClusterAt, change: Option<ClusterChange>, on_done: Callback<()>) -> Asked {
    let (plan, apply) = (use_call::<PlanChange>(), use_call::<ApplyChange>());
    let (toasts, on_fix) = (use_toasts(), use_fix());
    let world = use_world();
    let seconds = world.contexts.look(|rows| wait(&world.choices(), rows, &at.context));
    let planned = {
        let (plan, at) = (plan.clone(), at.clone());
        move |change: Option<ClusterChange>| {
            if let Some(change) = change {
                plan.ask(PlanChange { at: at.clone(), change });
            }
        }
    };
    {
        let planned = planned.clone();
        use_effect_with(change.clone(), move |change| planned(change.clone()));
    }
    let shown = change.as_ref().and_then(|_| plan.state().answer().cloned());
    let hold = use_hold((at.clone(), change.clone(), shown.as_ref().map(|plan| plan.digest.clone())));
    let on_apply = {
        let (at, apply, change, plan, hold) = (at.clone(), apply.clone(), change.clone(), shown.clone(), hold.clone());
        Callback::from(move |typed: String| {
            let (Some(change), Some(plan)) = (change.clone(), plan.clone()) else { return };
            let (toasts, done, name) = (toasts.clone(), on_done.clone(), at.name.clone());
            let (apply, at) = (apply.clone(), at.clone());
            let send = Callback::from(move |()| {
                let (toasts, done, name, title) = (toasts.clone(), done.clone(), name.clone(), plan.title.clone());
                apply.ask_then(ApplyChange { at: at.clone(), change: change.clone(), digest: plan.digest.clone(), typed: typed.clone() }, move |answer| {
                    if answer.is_ok() {
                        toasts.done(title, format!("It is written. The page of {name} shows what follows."));
                        done.emit(());
                    }
                });
            });
            hold.send(seconds, send);
        })
    };
    let on_again = Callback::from(move |()| planned(change.clone()));
    let busy = if plan.state().pending() || apply.state().pending() { Ready::Busy } else { Ready::Yes };
    let fault = plan.state().fault().or(apply.state().fault()).cloned();
    Asked { plan: shown, fault, busy, hold, on_apply, on_again, on_fix }
}

#[derive(Properties, PartialEq)]
pub struct ChangeSheetProps {
    pub verb: String,
    pub keep: String,
    pub danger: Danger,
    pub asked: Asked,
    pub on_close: Callback<()>,
    /// What is chosen before there is a plan.
    #[prop_or_default]
    pub children: Html,
    /// Nothing is chosen yet.
    #[prop_or_default]
    pub idle: Option<AttrValue>,
}

/// What follows, the text, the command, and the name where it has to be typed.
#[component]
pub fn ChangeSheet(props: &ChangeSheetProps) -> Html {
    let typed = use_state(String::new);
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let go = {
        let (apply, typed) = (props.asked.on_apply.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| apply.emit(typed.clone()))
    };
    let wanted = props.asked.plan.as_ref().and_then(|plan| plan.typed.clone());
    let sound = props.asked.plan.is_some() && wanted.as_ref().is_none_or(|wanted| *wanted == *typed);
    let ready = if sound { props.asked.busy } else { Ready::No };
    let kind = if props.danger == Danger::Yes { BtnKind::Danger } else { BtnKind::Primary };
    let footer = html! { <><Btn onclick={keep}>{ &props.keep }</Btn>{ props.asked.hold.button(kind, ready, go, &props.verb) }</> };
    let body = match (&props.asked.plan, &props.idle) {
        (Some(plan), _) => html! { <>{ parts::effects(plan) }{ parts::text(plan) }</> },
        (None, Some(words)) => html! { <p class="t3">{ words.clone() }</p> },
        (None, None) if props.asked.fault.is_some() => Html::default(),
        (None, None) => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    let again = props.asked.on_again.reform(|_: MouseEvent| ());
    let note = match &props.asked.plan {
        Some(_) => "The server ran this dry. Nothing is written before you press.",
        None => "",
    };
    html! {
        <Dialog title={format!("{}?", props.verb)} width={DialogWidth::Wide} {note} {footer} on_close={props.on_close.clone()}>
            { props.children.clone() }
            { body }
            if let Some(fault) = &props.asked.fault { <FixCard fault={fault.clone()} on_fix={props.asked.on_fix.clone()} actions={html! { <Btn onclick={again}>{ "Look again" }</Btn> }} /> }
            if let Some(wanted) = wanted {
                <TypedName wanted={wanted.clone()} typed={typed.clone()} />
            }
            if let Some(plan) = &props.asked.plan { { parts::commands(plan) } }
        </Dialog>
    }
}
