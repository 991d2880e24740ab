//! How does a cluster stand to the files that define it, and which side is right?
//!
//! Start at: [`DriftPage`] for the side of a cluster's page with its calls, [`DriftSheet`] for what it shows.

pub mod apply;
mod bind;
mod commit;
pub mod files;
mod pane;
mod sides;
pub mod unbind;

use std::rc::Rc;

use api::{
    Fault, Status,
    changes::ClusterAt,
    commits::{AcceptDrift, CommitPlan, ShowDrift},
    definitions::{BindFolder, Bound, CompareAgain, Compared, DriftRow, FileWish, ObjectName, UnbindFolder},
    feed,
};
use yew::prelude::*;

use crate::{
    feeds::{Asked, use_call, use_feed},
    model::{
        clock::{Clock, Pace},
        drift::{Drift, Right, Show, branch_words, checkout_words, cluster_words, commit_words, file_side, state_words},
    },
    pages::{
        cluster::{Parts, Side, tabs},
        waiting::missing,
    },
    shell::{
        clock::use_clock,
        fixes::{send, use_fix},
        saying::{Said, use_saying},
        status_line::{self, Lead},
        toasts::use_toasts,
    },
    widgets::{Btn, BtnKind, FixCard, Glyph, Icon, IconSize, Pic, Pill, Ready, Segmented, State},
};

#[derive(Properties, PartialEq)]
pub struct DriftPageProps {
    pub at: ClusterAt,
    /// What is known of the cluster itself, for the sides of its page.
    pub parts: Parts,
    pub on_side: Callback<Side>,
}

/// What a user does here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Choose(ObjectName),
    Show(Show),
    Right(Right),
    Again,
    Unbind,
    Bind(String),
    /// Asks before the named side is written; no object means all that differ.
    Ask(Right, Vec<ObjectName>),
    Export,
    /// What is said of the commit.
    Say(String),
    Commit,
    /// Writes the files that the plan of the commit shows, and commits nothing.
    Write,
    Accept(ObjectName, String),
    ShowAgain(ObjectName),
}

/// A question that is open.
#[derive(Debug, Clone, PartialEq)]
enum Question {
    Apply(Vec<ObjectName>),
    Files(FileWish),
    Unbind,
}

/// The files of one cluster, live.
#[component]
pub fn DriftPage(props: &DriftPageProps) -> Html {
    let at = props.at.clone();
    let parts = use_feed(feed::Drift(at.clone()));
    let drift = use_memo(parts.clone(), |parts| Drift::sorted(&parts.rows()));
    let compared = drift.folder().and_then(|bound| if let Compared::At(at) = bound.compared { Some(at) } else { None });
    let clock = use_clock(|now| Pace::of(now, compared));
    let (chosen, show, right) = (use_state(|| None::<ObjectName>), use_state(Show::default), use_state(Right::default));
    let asking = use_state(|| None::<Question>);
    let (toasts, on_fix, bind) = (use_toasts(), use_fix(), use_call::<BindFolder>());
    let row = drift.chosen((*chosen).as_ref()).cloned();
    let commits = commit::use_commits(&at, drift.folder().map(|bound| &**bound), row.as_deref(), *right);
    use_saying(says(&drift));
    let on = {
        let (at, chosen, show, right, asking, bind) = (at.clone(), chosen.setter(), show.setter(), right.setter(), asking.setter(), bind.clone());
        let commits = commits.clone();
        Callback::from(move |action: Action| match action {
            Action::Choose(object) => chosen.set(Some(object)),
            Action::Show(to) => show.set(to),
            Action::Right(to) => right.set(to),
            Action::Again => send(CompareAgain { at: at.clone() }, &toasts),
            Action::Unbind => asking.set(Some(Question::Unbind)),
            Action::Bind(path) => bind.ask(BindFolder { at: at.clone(), path }),
            Action::Ask(Right::Files, objects) => asking.set(Some(Question::Apply(objects))),
            Action::Ask(Right::Cluster | Right::Accept, objects) => asking.set(Some(Question::Files(FileWish::Take { objects }))),
            Action::Export => asking.set(Some(Question::Files(FileWish::Export { to: String::new() }))),
            Action::Say(words) => commits.say(words),
            Action::Commit => commits.commit(&toasts),
            Action::Write => commits.write(&toasts),
            Action::Accept(object, seen) => send(AcceptDrift { at: at.clone(), object, seen }, &toasts),
            Action::ShowAgain(object) => send(ShowDrift { at: at.clone(), object }, &toasts),
        })
    };
    let on_close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let on_unbind = {
        let (at, toasts) = (at.clone(), use_toasts());
        Callback::from(move |()| send(UnbindFolder { at: at.clone() }, &toasts))
    };
    let tabs = tabs(&props.parts, Side::Git, drift.bound.as_ref().map(|_| drift.differ()), &props.on_side);
    html! {
        <>
            <DriftSheet at={at.clone()} drift={(*drift).clone()} status={parts.status()} {clock} {tabs} chosen={(*chosen).clone()} show={*show} right={*right} fault={bind.state().fault().cloned()} commit={commits.view()} {on} {on_fix} />
            { match &*asking {
                None => Html::default(),
                Some(Question::Apply(objects)) => html! { <apply::ApplyDialog {at} objects={objects.clone()} {on_close} /> },
                Some(Question::Unbind) => html! { <unbind::UnbindDialog name={at.name.clone()} folder={drift.folder().map(|bound| bound.folder.clone()).unwrap_or_default()} {on_unbind} {on_close} /> },
                Some(Question::Files(wish)) => html! { <files::FilesDialog {at} wish={wish.clone()} {on_close} /> },
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct DriftSheetProps {
    pub at: ClusterAt,
    pub drift: Drift,
    pub status: Status,
    pub clock: Clock,
    #[prop_or_default]
    pub tabs: Html,
    pub chosen: Option<ObjectName>,
    pub show: Show,
    pub right: Right,
    /// Why the folder was not bound.
    #[prop_or_default]
    pub fault: Option<Fault>,
    /// The commit of the chosen object, where one can be made of it.
    #[prop_or_default]
    pub commit: Option<Commit>,
    pub on: Callback<Action>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// A commit on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    pub plan: Asked<CommitPlan>,
    /// What is said of it.
    pub message: String,
    pub busy: Ready,
    /// Why it was not made.
    pub fault: Option<Fault>,
}

/// The objects of both sides, the chosen one as text, and what can be done with it.
#[component]
pub fn DriftSheet(props: &DriftSheetProps) -> Html {
    let bound = props.drift.folder();
    let press = |action: Action| props.on.reform(move |_: MouseEvent| action.clone());
    let body = match (&props.drift.bound, bound) {
        (None, _) => missing(&props.status, "Nothing is known of its files", "The connection was closed before they were compared."),
        (Some(_), None) => {
            html! { <bind::BindForm name={props.at.name.clone()} fault={props.fault.clone()} on={props.on.clone()} on_fix={props.on_fix.clone()} /> }
        }
        (Some(_), Some(bound)) => html! { <>{ counts(props) }{ trouble(props, bound) }{ table(props, bound) }{ sides::text(props, bound) }</> },
    };
    html! {
        <>
            <main class="page">
                <div class="objhead">
                    <Icon of={Pic::Boxes} size={IconSize::Large} /><h1 title={props.at.name.clone()}>{ &props.at.name }</h1>
                    <span class="t3 nw">{ "Cluster in " }<span class="mono">{ &props.at.namespace }</span></span><span class="grow"></span>
                    <div class="btnrow">
                        if props.drift.bound.is_some() { <Btn onclick={press(Action::Export)}>{ "Export…" }</Btn> }
                        if bound.is_some() {
                            <Btn icon={Pic::RotateCcw} onclick={press(Action::Again)}>{ "Compare again" }</Btn>
                            <Btn kind={BtnKind::Ghost} onclick={press(Action::Unbind)}>{ "Unbind…" }</Btn>
                        }
                    </div>
                </div>
                if let Some(bound) = bound { { facts(bound, props.clock) } }
                { props.tabs.clone() }
                { body }
            </main>
            if bound.is_some() { { pane::pane(props) } }
        </>
    }
}

/// What the bars around the page say of it.
fn says(drift: &Drift) -> Said {
    let Some(bound) = drift.folder() else { return Said { side: Some("Git".into()), ..Said::default() } };
    let branch = bound.checkout.as_ref().map(|checkout| status_line::Said { lead: Lead::Icon(Pic::GitBranch), words: branch_words(checkout).into() });
    let differ = (drift.differ() > 0).then(|| status_line::Said { lead: Lead::State(State::Warning), words: drift.differ_words().into() });
    let about = branch.into_iter().chain(differ).collect();
    Said { command: Some(bound.command.clone().into()), side: Some("Git".into()), about, ..Said::default() }
}

fn facts(bound: &Bound, clock: Clock) -> Html {
    let mono = |words: &str| html! { <span class="mono">{ words.to_owned() }</span> };
    let compared = match &bound.compared {
        Compared::Comparing => "comparing…".to_owned(),
        Compared::At(at) => format!("by server dry-run, {}", clock.ago(*at)),
        Compared::Failed(_) => "not now".to_owned(),
    };
    let checkout = bound.checkout.as_ref().map(|checkout| {
        let (commit, words) = commit_words(checkout, clock);
        html! {
            <>
                <div><dt>{ "Branch" }</dt><dd>{ mono(checkout.branch.as_deref().unwrap_or("none")) }<span class="t3 nw">{ checkout_words(checkout) }</span></dd></div>
                <div class="hide-n"><dt>{ "Folder" }</dt><dd>{ mono(if checkout.below.is_empty() { "." } else { &checkout.below }) }</dd></div>
                <div class="hide-n"><dt>{ "Commit" }</dt><dd>{ mono(if commit.is_empty() { "none yet" } else { &commit }) }<span class="t3">{ words }</span></dd></div>
            </>
        }
    });
    html! {
        <dl class="facts close">
            <div><dt>{ "Bound to" }</dt><dd title={bound.folder.clone()}>{ mono(bound.checkout.as_ref().map_or(&bound.folder, |checkout| &checkout.root)) }</dd></div>
            { checkout }
            <div><dt>{ "Compared" }</dt><dd><span class="nw">{ compared }</span></dd></div>
        </dl>
    }
}

fn counts(props: &DriftSheetProps) -> Html {
    let of = [Show::All, Show::Differences];
    let chosen = of.iter().position(|show| *show == props.show).unwrap_or_default();
    let on_choose = props.on.reform(move |place: usize| Action::Show(of.get(place).copied().unwrap_or_default()));
    html! {
        <div class="row g16 s12" style="height:40px;padding:0 20px;border-bottom:1px solid var(--line-1);flex:none">
            { for props.drift.counts().into_iter().map(|(state, words, rest)| html! { <span class="row g6 nw"><Glyph {state} /><span>{ words }<span class="hide-n">{ rest }</span></span></span> }) }
            <span class="grow"></span>
            <Segmented label="Which objects" segments={vec!["All".into(), "Differences".into()]} {chosen} {on_choose} />
        </div>
    }
}

fn trouble(props: &DriftSheetProps, bound: &Bound) -> Html {
    let Compared::Failed(fault) = &bound.compared else { return Html::default() };
    html! { <div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /></div> }
}

fn table(props: &DriftSheetProps, bound: &Bound) -> Html {
    let rows: Vec<&Rc<DriftRow>> = props.drift.rows.iter().filter(|row| props.show.has(row)).collect();
    let chosen = props.drift.chosen(props.chosen.as_ref()).map(|row| row.object.clone());
    if rows.is_empty() {
        let words = if matches!(bound.compared, Compared::Comparing) { "Comparing…" } else { "Nothing here." };
        return html! { <p class="t3 pad20">{ words }</p> };
    }
    html! {
        <div class="datatable t-files" role="table" aria-label="Objects">
            <div class="th" role="row">
                <div role="columnheader">{ "State" }</div><div role="columnheader">{ "Object" }</div><div role="columnheader">{ format!("In the {}", file_side(bound)) }</div>
                <div role="columnheader" class="hide-n">{ "In the cluster" }</div><div role="columnheader" class="right">{ "Fields" }</div>
            </div>
            { for rows.into_iter().map(|row| one(props, row, chosen.as_ref() == Some(&row.object))) }
        </div>
    }
}

fn one(props: &DriftSheetProps, row: &Rc<DriftRow>, on: bool) -> Html {
    let (state, voice, words) = state_words(&row.state);
    let choose = Action::Choose(row.object.clone());
    let onclick = props.on.reform(move |_: MouseEvent| choose.clone());
    let at = row.at.as_ref().map(|at| format!("{}:{}", at.file, at.line)).unwrap_or_default();
    let cluster = cluster_words(row, props.clock);
    html! {
        <div key={format!("{}/{}/{}", row.object.kind, row.object.namespace, row.object.name)} class={classes!("tr", "opens", on.then_some("on"))} role="row" style="height:30px" onclick={onclick.clone()}>
            <div role="cell"><Pill {state} {voice}>{ words }</Pill></div>
            <div class="what" role="cell" title={row.object.name.clone()}><span class="t3">{ &row.object.kind }</span><button type="button" class="bare name" aria-pressed={on.to_string()} {onclick}>{ &row.object.name }</button></div>
            <div class="mono t2 ell" role="cell" title={at.clone()}>{ at.clone() }</div>
            <div class="s12 t2 ell hide-n" role="cell" title={cluster.clone()}>{ cluster.clone() }</div>
            <div class="num t2 right" role="cell">{ (!row.fields.is_empty()).then(|| row.fields.len().to_string()) }</div>
        </div>
    }
}

/// Whether an object may be asked about: its server answered.
fn ready(row: &DriftRow) -> Ready {
    Ready::from(state_words(&row.state).0 != State::Failed)
}
