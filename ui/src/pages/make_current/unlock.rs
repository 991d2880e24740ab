//! What is known of a lock that another program left, before it is removed?

use api::{
    ContextId, Fault, Millis,
    files::{PlanUnlock, RemoveLock, StandingLock},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::time::age,
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, FixCard, Ready, Skeleton},
};

#[derive(Properties, PartialEq)]
pub struct UnlockDialogProps {
    pub context: ContextId,
    pub on_close: Callback<()>,
}

/// Shows the lock, then removes it.
#[component]
pub fn UnlockDialog(props: &UnlockDialogProps) -> Html {
    let (plan, remove) = (use_call::<PlanUnlock>(), use_call::<RemoveLock>());
    let (toasts, on_fix) = (use_toasts(), use_fix());
    {
        let plan = plan.clone();
        use_effect_with(props.context.clone(), move |context| plan.ask(PlanUnlock { context: context.clone() }));
    }
    let on_remove = {
        let (context, seen) = (props.context.clone(), plan.state().answer().map(|lock| lock.seen.clone()).unwrap_or_default());
        let (remove, close) = (remove.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let (toasts, close) = (toasts.clone(), close.clone());
            remove.ask_then(RemoveLock { context: context.clone(), seen: seen.clone() }, move |answer| {
                if answer.is_ok() {
                    toasts.done("The old lock is removed", "The file can be written again.");
                    close.emit(());
                }
            });
        })
    };
    let fault = plan.state().fault().or(remove.state().fault()).cloned();
    html! { <UnlockSheet lock={plan.state().answer().cloned()} {fault} {on_remove} on_close={props.on_close.clone()} {on_fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct UnlockSheetProps {
    pub lock: Option<StandingLock>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub on_remove: Callback<()>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// Which file is removed, how old it is, and what could go wrong.
#[component]
pub fn UnlockSheet(props: &UnlockSheetProps) -> Html {
    let (keep, go) = (props.on_close.reform(|_: MouseEvent| ()), props.on_remove.reform(|_: MouseEvent| ()));
    let footer = html! { <><Btn onclick={keep}>{ "Leave it" }</Btn><Btn kind={BtnKind::Danger} ready={Ready::from(props.lock.is_some())} onclick={go}>{ "Remove the lock" }</Btn></> };
    let body = match &props.lock {
        Some(lock) => html! { <>{ facts(lock) }<CommandBox command={lock.command.clone()} /></> },
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    html! {
        <Dialog title="Remove the old lock?" note="The kubeconfig itself is not touched." {footer} on_close={props.on_close.clone()}>
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
        </Dialog>
    }
}

fn facts(lock: &StandingLock) -> Html {
    let line = |label: &'static str, value: Html| html! { <div class="minirow" style="grid-template-columns:84px minmax(0,1fr);padding:4px 12px"><span class="t3">{ label }</span><span style="overflow-wrap:anywhere">{ value }</span></div> };
    html! {
        <>
            <p class="t2">{ "A program makes this file while it writes the kubeconfig, and removes it when it is done. One that is so old was most likely left by a program that ended early. If that program still writes, its change and yours can overwrite each other." }</p>
            <div class="frame">
                { line("Removes", html! { <span class="mono">{ &lock.lock }</span> }) }
                { line("It locks", html! { <span class="mono">{ &lock.shown }</span> }) }
                { line("Age", html! { age(Millis(lock.age_seconds.saturating_mul(1_000))) }) }
            </div>
        </>
    }
}
