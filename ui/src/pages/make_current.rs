//! What changes in the file when a context becomes kubectl's own?

mod elsewhere;
pub mod unlock;

use api::{
    ContextId, Fault, FaultCode, Fix,
    contexts::Guard,
    files::{FileChange, MakeCurrent, PlanCurrent, SaveElsewhere},
};
use yew::prelude::*;

use super::typed::TypedName;
use crate::{
    feeds::use_call,
    model::line_diff::{Side, sides},
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, DialogWidth, FixCard, Ready, Skeleton},
};
use elsewhere::Elsewhere;
use unlock::UnlockDialog;

#[derive(Properties, PartialEq)]
pub struct MakeCurrentDialogProps {
    pub context: ContextId,
    pub name: String,
    /// The name of a protected one is typed: every kubectl without a context of its own will mean it.
    pub guard: Guard,
    pub on_close: Callback<()>,
}

/// Shows the change of the file, then writes it; when the file cannot take it, it can be saved elsewhere.
#[component]
pub fn MakeCurrentDialog(props: &MakeCurrentDialogProps) -> Html {
    let (plan, write, save) = (use_call::<PlanCurrent>(), use_call::<MakeCurrent>(), use_call::<SaveElsewhere>());
    let (toasts, fix) = (use_toasts(), use_fix());
    let unlocking = use_state(|| false);
    {
        let plan = plan.clone();
        use_effect_with(props.context.clone(), move |context| plan.ask(PlanCurrent { context: context.clone() }));
    }
    let (context, seen) = (props.context.clone(), plan.state().answer().map(|p| p.seen.clone()).unwrap_or_default());
    let on_write = {
        let (plan, write, context, seen) = (plan.clone(), write.clone(), context.clone(), seen.clone());
        let (toasts, close, name) = (toasts.clone(), props.on_close.clone(), props.name.clone());
        Callback::from(move |typed: String| {
            let (toasts, close, name) = (toasts.clone(), close.clone(), name.clone());
            let (plan, again) = (plan.clone(), context.clone());
            write.ask_then(MakeCurrent { context: context.clone(), seen: seen.clone(), typed }, move |answer| match answer {
                Ok(_) => {
                    toasts.done(format!("kubectl uses {name} now"), "Other windows with their own KUBECONFIG are not touched.");
                    close.emit(());
                }
                // Another program wrote it: the change is shown of the file as it is now, and the user decides again.
                Err(fault) if fault.code == FaultCode::Changed => plan.ask(PlanCurrent { context: again }),
                Err(_) => {}
            });
        })
    };
    let on_save = {
        let (save, context, close) = (save.clone(), context.clone(), props.on_close.clone());
        Callback::from(move |path: String| {
            let (toasts, close, place) = (toasts.clone(), close.clone(), path.clone());
            save.ask_then(SaveElsewhere { context: context.clone(), seen: seen.clone(), path }, move |answer| {
                if answer.is_ok() {
                    toasts.done("A copy with the change is saved", format!("It is {place}. The kubeconfig itself is as it was."));
                    close.emit(());
                }
            });
        })
    };
    let on_fix = {
        let unlocking = unlocking.setter();
        Callback::from(move |wanted: Fix| if matches!(wanted, Fix::RemoveLock(_)) { unlocking.set(true) } else { fix.emit(wanted) })
    };
    if *unlocking {
        let on_close = {
            let unlocking = unlocking.setter();
            Callback::from(move |()| unlocking.set(false))
        };
        return html! { <UnlockDialog {context} {on_close} /> };
    }
    let fault = plan.state().fault().or(write.state().fault()).cloned();
    let (refused, saving) = (save.state().fault().cloned(), if save.state().pending() { Ready::Busy } else { Ready::Yes });
    let guard = props.guard;
    html! { <MakeCurrentSheet name={props.name.clone()} {guard} change={plan.state().answer().cloned()} {fault} {refused} {saving} {on_write} {on_save} on_close={props.on_close.clone()} {on_fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct MakeCurrentSheetProps {
    pub name: String,
    #[prop_or(Guard::Open)]
    pub guard: Guard,
    pub change: Option<FileChange>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    /// Why a copy was not saved elsewhere.
    #[prop_or_default]
    pub refused: Option<Fault>,
    #[prop_or_default]
    pub saving: Ready,
    /// What was typed, empty where nothing is asked for.
    pub on_write: Callback<String>,
    #[prop_or_default]
    pub on_save: Callback<String>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
}

/// The file before and after, side by side, and the same by kubectl.
#[component]
pub fn MakeCurrentSheet(props: &MakeCurrentSheetProps) -> Html {
    let typed = use_state(String::new);
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let go = {
        let typed = (*typed).clone();
        props.on_write.reform(move |_: MouseEvent| typed.clone())
    };
    let sound = match props.guard {
        Guard::Open => true,
        Guard::Protected => *typed == props.name,
    };
    let ready = Ready::from(props.change.is_some() && sound);
    let footer = html! { <><Btn onclick={keep}>{ "Leave it" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={go}>{ "Write the file" }</Btn></> };
    let body = match &props.change {
        Some(change) => html! { <>{ diff(change) }<CommandBox command={change.command.clone()} /></> },
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    // The change is not lost with the disk: it goes wherever there is room.
    let elsewhere = match &props.fault {
        Some(fault) if fault.code == FaultCode::Write && props.change.is_some() => {
            html! { <Elsewhere refused={props.refused.clone()} busy={props.saving} on_save={props.on_save.clone()} /> }
        }
        Some(_) | None => Html::default(),
    };
    html! {
        <Dialog title={format!("Make {} current for kubectl?", props.name)} width={DialogWidth::Wide} note="A copy of the file is kept. Nothing else in it changes." {footer} on_close={props.on_close.clone()}>
            { body }
            if props.guard == Guard::Protected && props.change.is_some() {
                <p class="t2"><span class="mono">{ &props.name }</span>{ " is protected, and every kubectl that names no context will mean it." }</p>
                <TypedName wanted={props.name.clone()} typed={typed.clone()} />
            }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()}>{ elsewhere }</FixCard> }
        </Dialog>
    }
}

/// A file before and after, side by side.
pub(super) fn diff(change: &FileChange) -> Html {
    let (before, after) = sides(change);
    html! {
        <div class="frame" style="flex:none">
            <div class="difftitle"><div><span class="mono">{ &change.shown }</span><span class="t3">{ "now" }</span></div><div><span class="mono">{ &change.shown }</span><span class="t3">{ "after" }</span></div></div>
            <div class="diff"><div class="side">{ for before.iter().map(line) }</div><div class="side">{ for after.iter().map(line) }</div></div>
        </div>
    }
}

pub(super) fn line(line: &Side) -> Html {
    match line {
        Side::Same { number, text } => html! { <div class="dl"><span class="ln">{ number }</span><span class="sg"></span><span>{ text }</span></div> },
        Side::Gone { number, text } => {
            html! { <div class="dl del"><span class="ln">{ number }</span><span class="sg">{ "−" }</span><span>{ text }</span></div> }
        }
        Side::Come { number, text } => {
            html! { <div class="dl add"><span class="ln">{ number }</span><span class="sg">{ "+" }</span><span>{ text }</span></div> }
        }
        Side::Gap => html! { <div class="dl gap"><span class="ln"></span><span class="sg"></span><span></span></div> },
    }
}
