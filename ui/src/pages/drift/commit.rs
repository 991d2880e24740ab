//! What is asked and said while a commit is made of an object?

use api::{
    changes::ClusterAt,
    commits::{CommitFiles, CommitPlan, PlanCommit, Rendered},
    definitions::{Bound, Checkout, DriftRow, DriftState, FileWish, ObjectName, SaveFiles},
};
use yew::prelude::*;

use super::{Action, Commit, DriftSheetProps};
use crate::{
    feeds::{Asked, CallHandle, use_call},
    model::drift::{Right, beside_words, commit_command, in_checkout, lines_words},
    shell::toasts::Speaker,
    widgets::{Btn, BtnKind, CommandBox, FixCard, Glyph, Input, Ready, Skeleton, State},
};

/// The calls of a commit.
#[derive(Clone)]
pub(super) struct Commits {
    at: ClusterAt,
    /// `None` where no commit can be made of what is chosen.
    object: Option<ObjectName>,
    plan: CallHandle<PlanCommit>,
    commit: CallHandle<CommitFiles>,
    write: CallHandle<SaveFiles>,
    typed: UseStateHandle<Option<String>>,
}

/// Plans a commit of the chosen object each time that it was compared; a plan writes nothing, and what was typed stays.
#[hook]
pub(super) fn use_commits(at: &ClusterAt, bound: Option<&Bound>, row: Option<&DriftRow>, right: Right) -> Commits {
    let (plan, commit, write) = (use_call::<PlanCommit>(), use_call::<CommitFiles>(), use_call::<SaveFiles>());
    let typed = use_state(|| None::<String>);
    let tracked = bound.is_some_and(|bound| bound.checkout.is_some());
    let takes = |row: &&DriftRow| right == Right::Cluster && tracked && matches!(row.state, DriftState::Drifted | DriftState::Extra);
    let object = row.filter(takes).map(|row| row.object.clone());
    {
        let typed = typed.setter();
        use_effect_with(object.clone(), move |_| typed.set(None));
    }
    {
        let (at, plan) = (at.clone(), plan.clone());
        let named = row.filter(takes).map(|row| (row.object.clone(), row.seen.clone(), row.text.clone()));
        use_effect_with((at, named, bound.cloned()), move |(at, named, _)| {
            if let Some((object, ..)) = named {
                plan.ask(PlanCommit { at: at.clone(), objects: vec![object.clone()] });
            }
        });
    }
    Commits { at: at.clone(), object, plan, commit, write, typed }
}

impl Commits {
    pub(super) fn view(&self) -> Option<Commit> {
        self.object.as_ref()?;
        let busy = self.commit.state().pending() || self.write.state().pending();
        Some(Commit {
            plan: self.plan.state().clone(),
            message: self.message(),
            busy: if busy { Ready::Busy } else { Ready::Yes },
            fault: self.commit.state().fault().or(self.write.state().fault()).cloned(),
        })
    }

    fn message(&self) -> String {
        (*self.typed).clone().or_else(|| self.plan.state().answer().map(|plan| plan.message.clone())).unwrap_or_default()
    }

    pub(super) fn say(&self, words: String) {
        self.typed.set(Some(words));
    }

    pub(super) fn commit(&self, toasts: &Speaker) {
        let (Some(object), Some(plan)) = (&self.object, self.plan.state().answer()) else { return };
        let call = CommitFiles { at: self.at.clone(), objects: vec![object.clone()], digest: plan.digest.clone(), message: self.message() };
        let toasts = toasts.clone();
        self.commit.ask_then(call, move |answer| {
            if let Ok(made) = answer {
                let short: String = made.commit.chars().take(7).collect();
                toasts.done(format!("Committed as {short} on {}, not pushed", made.branch), made.files.join(", "));
            }
        });
    }

    pub(super) fn write(&self, toasts: &Speaker) {
        let (Some(object), Some(plan)) = (&self.object, self.plan.state().answer()) else { return };
        let call = SaveFiles { at: self.at.clone(), wish: FileWish::Take { objects: vec![object.clone()] }, digest: plan.files.digest.clone() };
        let toasts = toasts.clone();
        self.write.ask_then(call, move |answer| {
            if let Ok(saved) = answer {
                toasts.done("The file is written", saved.files.join(", "));
            }
        });
    }
}

/// The commit as it would be made: its message, its files, and what was checked.
pub(super) fn section(props: &DriftSheetProps, commit: &Commit, checkout: &Checkout) -> Html {
    let body = match &commit.plan {
        Asked::NotYet | Asked::Pending => html! { <div aria-busy="true"><Skeleton width={240} /></div> },
        Asked::Refused(fault) => html! { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> },
        Asked::Answered(plan) => planned(props, commit, plan, checkout),
    };
    let on = checkout.branch.as_ref().map(|branch| format!("on {branch}, not pushed"));
    html! {
        <>
            <h2 class="sec" style="margin:12px 0 6px">{ "The commit" }{ " " }<span class="t3">{ on }</span></h2>
            { body }
            if let Some(fault) = &commit.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
        </>
    }
}

fn planned(props: &DriftSheetProps, commit: &Commit, plan: &CommitPlan, checkout: &Checkout) -> Html {
    let on_text = props.on.reform(Action::Say);
    let on = props.on.clone();
    let onkeydown = Callback::from(move |e: KeyboardEvent| {
        if e.key() == "Enter" && !e.is_composing() {
            e.prevent_default();
            on.emit(Action::Commit);
        }
    });
    let (state, head, says) = match &plan.rendered {
        Rendered::Same => (State::Healthy, "The file still renders to this cluster", "Dry run after the edit: 0 fields differ.".to_owned()),
        Rendered::Differs(1) => (State::Warning, "The file does not render to this cluster yet", "Dry run after the edit: 1 field differs.".to_owned()),
        Rendered::Differs(fields) => {
            (State::Warning, "The file does not render to this cluster yet", format!("Dry run after the edit: {fields} fields differ."))
        }
        Rendered::Unknown(fault) => (State::Unknown, "The server did not say what the file would make", fault.sentence.clone()),
    };
    html! {
        <>
            <Input label="What the commit is about" value={commit.message.clone()} style="width:100%" {on_text} {onkeydown} />
            <div style="height:10px"></div>
            { for plan.files.files.iter().map(|file| {
                let (come, gone) = lines_words(file);
                html! {
                    <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto" title={file.shown.clone()}>
                        <span class="mono ell" style="color:var(--text-1)">{ in_checkout(checkout, &file.shown).to_owned() }</span>
                        <span class="num"><span style="color:var(--st-healthy-fg)">{ format!("+{come}") }</span>{ " " }<span style="color:var(--st-failed-fg)">{ format!("−{gone}") }</span></span>
                    </div>
                }
            }) }
            <div style="height:8px"></div>
            <div class="chk"><Glyph {state} /><div class="hd">{ head }</div><p>{ says }</p></div>
            <div class="chk"><Glyph state={State::Healthy} /><div class="hd">{ "Nothing else is in the commit" }</div><p>{ beside_words(checkout.tree) }</p></div>
            <p class="t3 s12">{ format!("By {}.", plan.by) }</p>
        </>
    }
}

/// The command, and the ways to write.
pub(super) fn footer(props: &DriftSheetProps, commit: &Commit, plan: &CommitPlan, checkout: &Checkout, row: &DriftRow) -> Html {
    let press = |action: Action| props.on.reform(move |_: MouseEvent| action.clone());
    let said = match commit.busy {
        Ready::Yes => Ready::from(!commit.message.trim().is_empty()),
        Ready::No | Ready::Busy => commit.busy,
    };
    html! {
        <div class="pf">
            <CommandBox command={commit_command(checkout, commit.message.trim(), &plan.files.files)} />
            <div class="btnrow">
                <Btn kind={BtnKind::Ghost} onclick={press(Action::Ask(Right::Cluster, vec![row.object.clone()]))}>{ "Show diff" }</Btn><span class="grow"></span>
                <Btn ready={commit.busy} onclick={press(Action::Write)}>{ "Write without commit" }</Btn>
                <Btn kind={BtnKind::Primary} ready={said} onclick={press(Action::Commit)}>{ "Commit" }</Btn>
            </div>
        </div>
    }
}
