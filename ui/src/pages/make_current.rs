//! What changes in the file when a context becomes kubectl's own?

use api::{
    ContextId, Fault,
    files::{FileChange, MakeCurrent, PlanCurrent},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::line_diff::{Side, sides},
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, DialogWidth, FixCard, Ready, Skeleton},
};

#[derive(Properties, PartialEq)]
pub struct MakeCurrentDialogProps {
    pub context: ContextId,
    pub name: String,
    pub on_close: Callback<()>,
}

/// Shows the change of the file, then writes it.
#[component]
pub fn MakeCurrentDialog(props: &MakeCurrentDialogProps) -> Html {
    let (plan, write) = (use_call::<PlanCurrent>(), use_call::<MakeCurrent>());
    let (toasts, fix) = (use_toasts(), use_fix());
    {
        let plan = plan.clone();
        use_effect_with(props.context.clone(), move |context| plan.ask(PlanCurrent { context: context.clone() }));
    }
    let on_write = {
        let (context, seen) = (props.context.clone(), plan.state().answer().map(|p| p.seen.clone()).unwrap_or_default());
        let (write, close, name) = (write.clone(), props.on_close.clone(), props.name.clone());
        Callback::from(move |()| {
            let (toasts, close, name) = (toasts.clone(), close.clone(), name.clone());
            write.ask_then(MakeCurrent { context: context.clone(), seen: seen.clone() }, move |answer| {
                if answer.is_ok() {
                    toasts.done(format!("kubectl uses {name} now"), "Other windows with their own KUBECONFIG are not touched.");
                    close.emit(());
                }
            });
        })
    };
    let fault = plan.state().fault().or(write.state().fault()).cloned();
    html! { <MakeCurrentSheet name={props.name.clone()} change={plan.state().answer().cloned()} {fault} {on_write} on_close={props.on_close.clone()} on_fix={fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct MakeCurrentSheetProps {
    pub name: String,
    pub change: Option<FileChange>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub on_write: Callback<()>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// The file before and after, side by side, and the same by kubectl.
#[component]
pub fn MakeCurrentSheet(props: &MakeCurrentSheetProps) -> Html {
    let (keep, go) = (props.on_close.reform(|_: MouseEvent| ()), props.on_write.reform(|_: MouseEvent| ()));
    let footer = html! { <><Btn onclick={keep}>{ "Leave it" }</Btn><Btn kind={BtnKind::Primary} ready={Ready::from(props.change.is_some())} onclick={go}>{ "Write the file" }</Btn></> };
    let body = match &props.change {
        Some(change) => html! { <>{ diff(change) }<CommandBox command={change.command.clone()} /></> },
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    html! {
        <Dialog title={format!("Make {} current for kubectl?", props.name)} width={DialogWidth::Wide} note="A copy of the file is kept. Nothing else in it changes." {footer} on_close={props.on_close.clone()}>
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
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
