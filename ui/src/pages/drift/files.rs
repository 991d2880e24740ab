//! What is asked before files are written?
//!
//! Start at: [`FilesDialog`] for the calls, [`FilesSheet`] for what is shown.

use api::{
    Fault,
    changes::ClusterAt,
    definitions::{Comments, FileWish, FilesPlan, PlanFiles, SaveFiles, TextChange},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::drift::lines_words,
    pages::change::parts::difference,
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, Dialog, DialogWidth, FixCard, Glyph, Input, Ready, Skeleton, State},
};

#[derive(Properties, PartialEq)]
pub struct FilesDialogProps {
    pub at: ClusterAt,
    pub wish: FileWish,
    pub on_close: Callback<()>,
}

/// Shows the texts, then writes exactly those.
#[component]
pub fn FilesDialog(props: &FilesDialogProps) -> Html {
    let (plan, save) = (use_call::<PlanFiles>(), use_call::<SaveFiles>());
    let (toasts, on_fix) = (use_toasts(), use_fix());
    let wish = use_state(|| props.wish.clone());
    let look = {
        let (plan, at) = (plan.clone(), props.at.clone());
        Callback::from(move |wish: FileWish| plan.ask(PlanFiles { at: at.clone(), wish }))
    };
    {
        let look = look.clone();
        use_effect_with((*wish).clone(), move |wish| look.emit(wish.clone()));
    }
    let on_to = {
        let wish = wish.setter();
        Callback::from(move |to: String| wish.set(FileWish::Export { to }))
    };
    let on_save = {
        let (at, wish, close, save) = (props.at.clone(), (*wish).clone(), props.on_close.clone(), save.clone());
        let digest = plan.state().answer().map(|plan| plan.digest.clone()).unwrap_or_default();
        Callback::from(move |()| {
            let (toasts, close) = (toasts.clone(), close.clone());
            save.ask_then(SaveFiles { at: at.clone(), wish: wish.clone(), digest: digest.clone() }, move |answer| {
                if let Ok(saved) = answer {
                    toasts.done("The files are written", saved.files.join(", "));
                    close.emit(());
                }
            });
        })
    };
    let fault = save.state().fault().or(plan.state().fault()).cloned();
    let busy = if plan.state().pending() || save.state().pending() { Ready::Busy } else { Ready::Yes };
    let on_again = {
        let wish = (*wish).clone();
        look.reform(move |()| wish.clone())
    };
    html! { <FilesSheet name={props.at.name.clone()} wish={(*wish).clone()} plan={plan.state().answer().cloned()} {fault} {busy} {on_to} {on_save} {on_again} on_close={props.on_close.clone()} {on_fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct FilesSheetProps {
    pub name: String,
    pub wish: FileWish,
    pub plan: Option<FilesPlan>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    pub on_to: Callback<String>,
    pub on_save: Callback<()>,
    #[prop_or_default]
    pub on_again: Callback<()>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// Each file before and after, and what is not written.
#[component]
pub fn FilesSheet(props: &FilesSheetProps) -> Html {
    let (keep, go) = (props.on_close.reform(|_: MouseEvent| ()), props.on_save.reform(|_: MouseEvent| ()));
    let again = props.on_again.reform(|_: MouseEvent| ());
    let (title, verb) = match &props.wish {
        FileWish::Export { .. } => (format!("Export {}?", props.name), "Write the files"),
        FileWish::Take { .. } => (format!("Write what runs to the files of {}?", props.name), "Write the files"),
    };
    let nowhere = matches!(&props.wish, FileWish::Export { to } if to.is_empty());
    let some = props.plan.as_ref().is_some_and(|plan| !plan.files.is_empty());
    let ready = if some && !nowhere { props.busy } else { Ready::No };
    let footer = html! { <><Btn onclick={keep}>{ "Leave them" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={go}>{ verb }</Btn></> };
    let body = match &props.plan {
        Some(plan) => html! { <>{ for plan.files.iter().map(file) }{ for plan.left_out.iter().map(|says| left(says)) }</> },
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    let note = "Nothing is written before you press. The cluster is not touched.";
    html! {
        <Dialog {title} width={DialogWidth::Wide} {note} {footer} on_close={props.on_close.clone()}>
            if let FileWish::Export { to } = &props.wish {
                <ToField to={to.clone()} on_to={props.on_to.clone()} />
            }
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} actions={html! { <Btn onclick={again}>{ "Look again" }</Btn> }} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ToFieldProps {
    to: String,
    on_to: Callback<String>,
}

/// Where an export goes; it is compared with what stands there when the field is left or confirmed.
#[component]
fn ToField(props: &ToFieldProps) -> Html {
    let typed = use_state(|| props.to.clone());
    let on_text = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let show = {
        let (on_to, typed) = (props.on_to.clone(), typed.clone());
        Callback::from(move |_: MouseEvent| on_to.emit(typed.trim().to_owned()))
    };
    let other = Ready::from(typed.trim() != props.to);
    html! {
        <div class="row g8">
            <Input class="mono grow" label="A file that ends in .yaml, or a folder" placeholder="~/src/clusters/lab-a.yaml, or a folder" value={(*typed).clone()} {on_text} />
            <Btn ready={other} onclick={show}>{ "Compare with what is there" }</Btn>
        </div>
    }
}

fn file(change: &TextChange) -> Html {
    let (come, gone) = lines_words(change);
    let shown = if change.shown.is_empty() { "As text" } else { &change.shown };
    let head = if change.before.is_empty() { format!("{shown}, new, {come} lines") } else { format!("{shown}, +{come} −{gone}") };
    html! {
        <>
            if change.comments == Comments::Lost {
                <div class="chk"><Glyph state={State::Warning} /><div>{ "A document had to be written anew: its comments go." }</div></div>
            }
            { difference(head, &change.before, &change.after) }
        </>
    }
}

fn left(says: &str) -> Html {
    html! { <div class="chk"><Glyph state={State::Skipped} /><div>{ says.to_owned() }</div></div> }
}
