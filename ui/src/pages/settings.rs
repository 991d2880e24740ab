//! What can the user choose?
//!
//! Start at: [`SettingsPage`]; each section has a function in a file below.

pub mod addresses;
mod look;
mod places;
mod programs;
pub mod removal;
mod rules;
mod token;
mod words;

use std::rc::Rc;

use api::{
    FileId,
    app::{About, AskAbout},
    computer::CheckRow,
    contexts::{ContextRow, Guard},
    files::{AddPaths, FileRow, ForgetPath},
    settings::{Choices, Chosen, Keep, SaveChoices, SetReleaseToken, SettingsView, Typed},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::settings::{Line, Section},
    pages::unprotect::{Guarding, use_guard},
    shell::{
        fixes::{send, send_then, use_fix},
        saying::use_saved,
        toasts::use_toasts,
        world::use_world,
    },
    widgets::{Field, FixCard, Icon, Input, Pic, Valid},
};
use removal::{Removing, use_removal};

#[derive(Properties, PartialEq)]
pub struct SettingsPageProps {
    /// The one that is shown first.
    pub section: Section,
}

#[component]
pub fn SettingsPage(props: &SettingsPageProps) -> Html {
    let (world, toasts, fix) = (use_world(), use_toasts(), use_fix());
    let about = use_call::<AskAbout>();
    let Guarding { set: set_guard, asked } = use_guard();
    {
        let about = about.clone();
        use_effect_with((), move |()| about.ask(AskAbout));
    }
    let (save, saved) = (use_call::<SaveChoices>(), use_saved());
    let was = world.settings.one().map(|view| view.choices.clone());
    let keep = {
        let toasts = toasts.clone();
        Callback::from(move |choices: Choices| {
            let (toasts, saved) = (toasts.clone(), saved.clone());
            let Some(was) = &was else { return };
            save.ask_then(SaveChoices { chosen: Box::new(Chosen::between(was, &choices)) }, move |answer| match answer {
                Ok(_) => saved.emit(()),
                Err(fault) => toasts.fault(fault.clone()),
            });
        })
    };
    let Removing { remove, asked: asked_of_rule } = use_removal(keep.clone());
    let on = Callback::from(move |action| match action {
        Action::Save(choices) => keep.emit(*choices),
        Action::Remove(rule) => remove.emit(rule),
        Action::Guard(context, guard) => set_guard.emit((context, guard)),
        Action::Add(path, done) => send_then(AddPaths { paths: vec![path] }, &toasts, done),
        Action::Forget(file) => send(ForgetPath { file }, &toasts),
        Action::Token(token, keep, done) => send_then(SetReleaseToken { token, keep }, &toasts, done),
        Action::Fix(taken) => fix.emit(taken),
    });
    let Some(view) = world.settings.one() else {
        return super::waiting::gone(&world.settings.status(), "The settings cannot be read.", "Their file is read again when it changes.");
    };
    html! {
        <>
            <SettingsSheet {view} contexts={world.contexts.rows()} files={world.files.rows()} checks={world.checks.rows()} about={about.state().answer().cloned()} section={props.section} {on} />
            { asked }
            { asked_of_rule }
        </>
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Save(Box<Choices>),
    /// A rule that protects contexts.
    Remove(String),
    Guard(api::ContextId, Guard),
    /// With what is told when it is on the list.
    Add(String, Callback<()>),
    Forget(FileId),
    /// With what is told when it is held.
    Token(Typed, Keep, Callback<()>),
    Fix(api::Fix),
}

#[derive(Properties, PartialEq)]
pub struct SettingsSheetProps {
    pub view: Rc<SettingsView>,
    pub contexts: Vec<Rc<ContextRow>>,
    pub files: Vec<Rc<FileRow>>,
    pub checks: Vec<Rc<CheckRow>>,
    pub about: Option<About>,
    #[prop_or_default]
    pub section: Section,
    pub on: Callback<Action>,
}

/// Sections left, the chosen one right.
#[component]
pub fn SettingsSheet(props: &SettingsSheetProps) -> Html {
    let first = props.section;
    let section = use_state(|| first);
    let entries = Section::ALL.into_iter().map(|entry| {
        let on = entry == *section;
        let section = section.setter();
        let onclick = Callback::from(move |_: MouseEvent| section.set(entry));
        html! { <button type="button" class={classes!("item", on.then_some("on"))} aria-current={on.then_some("page")} title={entry.title()} {onclick}><Icon of={pic(entry)} /><span>{ entry.title() }</span></button> }
    });
    html! {
        <>
            <nav class="sidebar" aria-label="Settings"><div class="gh">{ "Settings" }</div>{ for entries }</nav>
            <main class="page"><div class="setpage"><div>
                if let Some(trouble) = &props.view.trouble { <FixCard fault={trouble.clone()} on_fix={props.on.reform(Action::Fix)} /> }
                // By its key each has fields of its own: what was refused in one is not what is typed in another.
                { for section.shown().iter().enumerate().map(|(place, shown)| html! { <section key={shown.title()} aria-label={shown.title()}>{ heading(place, *shown) }{ body(*shown, props) }</section> }) }
            </div></div></main>
        </>
    }
}

fn heading(place: usize, section: Section) -> Html {
    if place == 0 {
        html! { <h1>{ section.title() }</h1> }
    } else {
        html! { <h2 style="margin-bottom:2px">{ section.title() }</h2> }
    }
}

fn body(section: Section, props: &SettingsSheetProps) -> Html {
    match section {
        Section::Appearance => look::appearance(props),
        Section::Safety => look::safety(props),
        Section::Files => html! { <places::Files files={props.files.clone()} on={props.on.clone()} /> },
        Section::SigningIn => words::signing_in(),
        Section::Network => places::network(props),
        Section::LocalClusters => places::local_clusters(props),
        Section::Tools => programs::tools(props),
        Section::Keyboard => words::keyboard(&props.view.choices),
        Section::Privacy => html! { <addresses::Privacy contexts={props.contexts.clone()} choices={props.view.choices.clone()} /> },
        Section::About => words::about(props.about.as_ref(), &props.view.file),
    }
}

fn pic(section: Section) -> Pic {
    match section {
        Section::Appearance => Pic::Palette,
        Section::Safety => Pic::Shield,
        Section::Files => Pic::FileText,
        Section::SigningIn => Pic::Fingerprint,
        Section::Network => Pic::Globe,
        Section::LocalClusters => Pic::Boxes,
        Section::Tools => Pic::Wrench,
        Section::Keyboard => Pic::Keyboard,
        Section::Privacy => Pic::EyeOff,
        Section::About => Pic::Info,
    }
}

/// A row of the settings: what it is, why, and its control.
fn setrow(label: &'static str, help: Html, control: Html) -> Html {
    html! { <div class="setrow"><div><div class="lb">{ label }</div><p>{ help }</p></div><div class="row g8">{ control }</div></div> }
}

#[derive(Properties, PartialEq)]
struct LineFieldProps {
    line: Line,
    label: AttrValue,
    help: AttrValue,
    #[prop_or_default]
    placeholder: AttrValue,
    choices: Choices,
    on: Callback<Action>,
}

/// One line of text; saved when Enter is pressed or the field is left, and only when it can be right.
#[component]
fn LineField(props: &LineFieldProps) -> Html {
    let saved = props.line.of(&props.choices);
    let typed = use_state(|| None::<String>);
    let value = (*typed).clone().unwrap_or_else(|| saved.clone());
    let trouble = props.line.trouble(&value);
    let stands = typed.as_ref().is_some_and(|text| props.line.of(&props.line.set(props.choices.clone(), text)) == saved);
    {
        let typed = typed.setter();
        // What is refused stays as it was typed.
        use_effect_with(saved.clone(), move |_| {
            if stands {
                typed.set(None);
            }
        });
    }
    let on_text = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(Some(text)))
    };
    let save = {
        let (line, choices, on, value) = (props.line, props.choices.clone(), props.on.clone(), value.clone());
        let typed = typed.setter();
        move || {
            if stands {
                typed.set(None);
            } else if trouble.is_none() && value != saved {
                on.emit(Action::Save(Box::new(line.set(choices.clone(), &value))));
            }
        }
    };
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Enter" {
                save();
            }
        })
    };
    let onfocusout = Callback::from(move |_: FocusEvent| save());
    html! {
        <div {onfocusout}>
            <Field label={props.label.clone()} help={html! { props.help.clone() }} error={trouble.map(|t| html! { t })}>
                <Input class="mono" label={props.label.clone()} {value} placeholder={props.placeholder.clone()} valid={if trouble.is_some() { Valid::No } else { Valid::Yes }} {on_text} {onkeydown} />
            </Field>
        </div>
    }
}
