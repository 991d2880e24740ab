//! How does one come into a workload cluster?
//!
//! Start at: [`Doorway`] for the button, [`ConnectSheet`] for what is shown before anything is written.

use std::rc::Rc;

use api::{
    Fault,
    changes::ClusterAt,
    connect::{Connect, ConnectPlan, PlanConnect},
    contexts::{ContextRow, OpenContext},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        clock::Clock,
        connect::{Door, door, trouble, way_words},
    },
    pages::make_current::diff,
    shell::{
        fixes::{send, use_fix},
        router::use_router,
        toasts::use_toasts,
    },
    widgets::{Banner, BannerForm, Btn, BtnKind, CommandBox, Dialog, DialogWidth, FixCard, Pic, Ready, Skeleton, State},
};

#[derive(Properties, PartialEq)]
pub struct DoorwayProps {
    pub at: ClusterAt,
    pub kept: Option<Rc<ContextRow>>,
}

/// Connects a cluster, or opens the context that is kept for it.
#[component]
pub fn Doorway(props: &DoorwayProps) -> Html {
    let (router, toasts) = (use_router(), use_toasts());
    let asked = use_state(|| false);
    let set = |to: bool| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(to))
    };
    let (words, icon, onclick) = match door(props.kept.as_deref()) {
        Door::Connect => ("Connect", Pic::PlugZap, set(true)),
        Door::Refresh(_) => ("Refresh credentials", Pic::PlugZap, set(true)),
        Door::Open(context) => (
            "Open",
            Pic::Plug,
            Callback::from(move |()| {
                send(OpenContext { context: context.clone() }, &toasts);
                router.enter(context.clone());
            }),
        ),
    };
    html! {
        <>
            <Btn kind={BtnKind::Primary} {icon} onclick={onclick.reform(|_: MouseEvent| ())}>{ words }</Btn>
            if *asked { <ConnectDialog at={props.at.clone()} on_close={set(false)} /> }
        </>
    }
}

/// What is not as it was with a kept cluster, above everything else of its page.
pub(super) fn changed(kept: Option<&ContextRow>, clock: Clock) -> Html {
    let Some((head, rest)) = kept.and_then(|row| row.workload.as_ref()).and_then(|workload| trouble(workload, clock)) else { return Html::default() };
    html! { <Banner state={State::Warning} form={BannerForm::Flush} {head}>{ rest }</Banner> }
}

#[derive(Properties, PartialEq)]
pub struct ConnectDialogProps {
    pub at: ClusterAt,
    pub on_close: Callback<()>,
}

/// Asks what would be kept, then keeps it.
#[component]
pub fn ConnectDialog(props: &ConnectDialogProps) -> Html {
    let (plan, write) = (use_call::<PlanConnect>(), use_call::<Connect>());
    let (toasts, fix) = (use_toasts(), use_fix());
    let look = {
        let plan = plan.clone();
        Callback::from(move |at: ClusterAt| plan.ask(PlanConnect { at }))
    };
    {
        let look = look.clone();
        use_effect_with(props.at.clone(), move |at| look.emit(at.clone()));
    }
    let on_write = {
        let (at, seen) = (props.at.clone(), plan.state().answer().map(|p| p.change.seen.clone()).unwrap_or_default());
        let (write, close) = (write.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let (toasts, close, name) = (toasts.clone(), close.clone(), at.name.clone());
            write.ask_then(Connect { at: at.clone(), seen: seen.clone() }, move |answer| {
                if answer.is_ok() {
                    toasts.done(format!("{name} is connected"), "KOS follows its Secret while the management cluster is open.");
                    close.emit(());
                }
            });
        })
    };
    let on_look = {
        let at = props.at.clone();
        look.reform(move |()| at.clone())
    };
    let fault = write.state().fault().or(plan.state().fault()).cloned();
    let busy = plan.state().pending() || write.state().pending();
    html! {
        <ConnectSheet name={props.at.name.clone()} plan={plan.state().answer().cloned()} {fault} {busy} {on_write} {on_look} on_close={props.on_close.clone()} on_fix={fix} />
    }
}

#[derive(Properties, PartialEq)]
pub struct ConnectSheetProps {
    pub name: String,
    pub plan: Option<ConnectPlan>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub busy: bool,
    pub on_write: Callback<()>,
    /// Asks once more.
    pub on_look: Callback<()>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// The address and why, the file before and after, and the same by clusterctl.
#[component]
pub fn ConnectSheet(props: &ConnectSheetProps) -> Html {
    let (keep, go) = (props.on_close.reform(|_: MouseEvent| ()), props.on_write.reform(|_: MouseEvent| ()));
    let look = props.on_look.reform(|_: MouseEvent| ());
    let ready = if props.busy { Ready::Busy } else { Ready::from(props.plan.is_some()) };
    let footer = html! {
        <>
            <Btn onclick={keep}>{ "Leave it" }</Btn>
            if props.fault.is_some() { <Btn ready={if props.busy { Ready::Busy } else { Ready::Yes }} onclick={look}>{ "Try again" }</Btn> }
            <Btn kind={BtnKind::Primary} {ready} onclick={go}>{ format!("Connect {}", props.name) }</Btn>
        </>
    };
    let body = match &props.plan {
        Some(plan) => html! {
            <>
                <p>{ "Server " }<span class="mono">{ &plan.server }</span></p>
                <p class="t2" style="line-height:19px">{ way_words(plan) }</p>
                { diff(&plan.change) }
                <CommandBox command={plan.change.command.clone()} />
            </>
        },
        None if props.fault.is_some() => Html::default(),
        None => {
            html! { <div aria-busy="true"><Skeleton width={320} /><p class="t3 s12">{ format!("The API server of {} is asked for its version.", props.name) }</p></div> }
        }
    };
    html! {
        <Dialog title={format!("Connect {}?", props.name)} width={DialogWidth::Wide} lead="Its kubeconfig is kept in a file of its own, readable by you alone."
            note="Credentials are named by their digests. The cluster is not changed." {footer} on_close={props.on_close.clone()}>
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
        </Dialog>
    }
}
