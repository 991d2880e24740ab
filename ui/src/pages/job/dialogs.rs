//! What is asked before a job is stopped, undone or written to a file?

use std::rc::Rc;

use api::{
    JobId,
    jobs::{JobView, SaveLog, UndoIs},
};
use yew::prelude::*;

use super::{Action, JobSheetProps};
use crate::{
    feeds::use_call,
    model::jobs::{speech::Removal, undo},
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, Dialog, Field, FixCard, Input, Ready},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Stop,
    Undo,
    SaveLog,
}

/// The question that is open, if any.
pub(super) fn show(asking: Option<Asking>, props: &JobSheetProps, set: UseStateSetter<Option<Asking>>) -> Html {
    let on_close = Callback::from(move |()| set.set(None));
    let (job, on) = (props.job.clone(), props.on.clone());
    match asking {
        None => Html::default(),
        Some(Asking::Stop) => {
            html! { <Removing verb="Stop" safe="Keep it running" action={Action::Stop} {job} {on} {on_close} /> }
        }
        Some(Asking::Undo) => {
            html! { <Removing verb={undo::verb(&job.undo)} safe={undo::safe(&job.undo)} action={Action::Undo} {job} {on} {on_close} /> }
        }
        Some(Asking::SaveLog) => html! { <Saving job={job.row.id.clone()} file={job.log_file.clone()} {on_close} /> },
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct RemovingProps {
    pub verb: &'static str,
    pub safe: &'static str,
    pub job: Rc<JobView>,
    pub action: Action,
    pub on: Callback<Action>,
    pub on_close: Callback<()>,
}

/// What the undo does, and what it does it to, counted by kind.
#[component]
pub(crate) fn Removing(props: &RemovingProps) -> Html {
    let go = {
        let (on, close, action) = (props.on.clone(), props.on_close.clone(), props.action.clone());
        Callback::from(move |_: MouseEvent| {
            on.emit(action.clone());
            close.emit(());
        })
    };
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let job = &props.job;
    let removals = undo::touched(&job.undo, &job.made);
    let kind = match (&props.action, &job.undo) {
        (Action::Undo, UndoIs::Resumption { .. } | UndoIs::SwitchBack) => BtnKind::Primary,
        (_, UndoIs::Removal | UndoIs::Resumption { .. } | UndoIs::SwitchBack | UndoIs::Nothing) => BtnKind::Danger,
    };
    let footer = html! { <><Btn onclick={keep}>{ props.safe }</Btn><Btn {kind} onclick={go}>{ props.verb }</Btn></> };
    html! {
        <Dialog title={format!("{}: {}?", props.verb, job.row.title.plain())} note="Its output is kept." {footer} on_close={props.on_close.clone()}>
            <p class="t2">{ undo::lead(&job.undo, &job.made) }</p>
            if !removals.is_empty() { <div class="frame">{ for removals.iter().map(removal) }</div> }
        </Dialog>
    }
}

pub(crate) fn removal(removal: &Removal) -> Html {
    html! {
        <div class="minirow" style="grid-template-columns:26px 120px minmax(0,1fr);padding:0 12px">
            <span class="num m">{ removal.count }</span><span>{ &removal.kind }</span><span class="mono ell" title={removal.names.clone()}>{ &removal.names }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SavingProps {
    job: JobId,
    file: String,
    on_close: Callback<()>,
}

/// Closes when the log is saved; a refusal stands beside the path that was typed.
#[component]
fn Saving(props: &SavingProps) -> Html {
    let (call, toasts, fix) = (use_call::<SaveLog>(), use_toasts(), use_fix());
    let on_save = {
        let (call, job, close) = (call.clone(), props.job.clone(), props.on_close.clone());
        Callback::from(move |path: String| {
            let (toasts, close, to) = (toasts.clone(), close.clone(), path.clone());
            call.ask_then(SaveLog { job: job.clone(), path }, move |answer| {
                if answer.is_ok() {
                    toasts.done("Log saved", format!("Saved to {to}"));
                    close.emit(());
                }
            });
        })
    };
    let busy = if call.state().pending() { Ready::Busy } else { Ready::Yes };
    let refused = call.state().fault().cloned().map_or_else(Html::default, |fault| html! { <FixCard {fault} on_fix={fix} /> });
    html! { <SaveLogSheet job={props.job.clone()} file={props.file.clone()} {busy} {on_save} on_close={props.on_close.clone()}>{ refused }</SaveLogSheet> }
}

#[derive(Properties, PartialEq)]
pub struct SaveLogSheetProps {
    pub job: JobId,
    /// Where KOS keeps the log itself.
    pub file: String,
    pub busy: Ready,
    pub on_save: Callback<String>,
    pub on_close: Callback<()>,
    /// Why it was refused.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn SaveLogSheet(props: &SaveLogSheetProps) -> Html {
    // Each job has a name of its own: the log of another is not in the way.
    let path = use_state(|| format!("~/kos-job-{}.log", props.job));
    let on_text = {
        let path = path.setter();
        Callback::from(move |text| path.set(text))
    };
    let typed = path.trim().to_owned();
    let full = crate::model::quoted::is_full(&typed);
    let ready = if full { props.busy } else { Ready::No };
    let (keep, save) = (props.on_close.reform(|_: MouseEvent| ()), props.on_save.reform(move |_: MouseEvent| typed.clone()));
    let footer = html! { <><Btn onclick={keep}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={save}>{ "Save the log" }</Btn></> };
    let error = (!full).then(|| html! { "A full path is needed." });
    html! {
        <Dialog title="Save the log" note="The whole output, also of steps that are folded." {footer} on_close={props.on_close.clone()}>
            <Field label="File" {error} help={html! { <>{ "KOS keeps its own copy in " }<span class="mono">{ &props.file }</span></> }}>
                <Input class="mono" label="File" value={(*path).clone()} {on_text} />
            </Field>
            { props.children.clone() }
        </Dialog>
    }
}
