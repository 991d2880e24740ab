//! Which file or text shall KOS read from now on?

use api::files::{AddPaths, AddText, Added};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{
    feeds::use_call,
    link::{Chosen, choose, has_dialog},
    model::add_cluster::{added, paste_trouble},
    shell::{fixes::use_fix, toasts::use_toasts},
    widgets::{Btn, BtnKind, Dialog, Field, FixCard, Input, Ready, Segmented},
};

#[derive(Properties, PartialEq)]
pub struct AddKubeconfigProps {
    pub on_close: Callback<()>,
}

/// Adds files by path or keeps pasted text.
#[component]
pub fn AddKubeconfig(props: &AddKubeconfigProps) -> Html {
    let (paths, text) = (use_call::<AddPaths>(), use_call::<AddText>());
    let (toasts, fix) = (use_toasts(), use_fix());
    let on_choose = has_dialog().then(|| {
        let toasts = toasts.clone();
        Callback::from(move |(what, take): (Chosen, Callback<String>)| {
            let toasts = toasts.clone();
            spawn_local(async move {
                match choose(what).await {
                    Ok(Some(path)) => take.emit(path),
                    Ok(None) => {}
                    Err(fault) => toasts.fault(fault),
                }
            });
        })
    });
    let then = {
        let close = props.on_close.clone();
        move |answer: &Result<Added, api::Fault>| {
            if let Ok(files) = answer {
                let (head, words) = added(files);
                toasts.done(head, words);
                close.emit(());
            }
        }
    };
    let on = {
        let (paths, text) = (paths.clone(), text.clone());
        Callback::from(move |source| match source {
            Source::Path(path) => paths.ask_then(AddPaths { paths: vec![path] }, then.clone()),
            Source::Text { name, text: pasted } => text.ask_then(AddText { name, text: pasted }, then.clone()),
        })
    };
    let fault = paths.state().fault().or(text.state().fault()).cloned();
    html! { <AddKubeconfigSheet {fault} {on} {on_choose} on_close={props.on_close.clone()} on_fix={fix} /> }
}

/// Where a kubeconfig comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Path(String),
    Text { name: String, text: String },
}

#[derive(Properties, PartialEq)]
pub struct AddKubeconfigSheetProps {
    #[prop_or_default]
    pub fault: Option<api::Fault>,
    pub on: Callback<Source>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
    /// The window's own dialog for files; without one, the path is typed.
    #[prop_or_default]
    pub on_choose: Option<Callback<(Chosen, Callback<String>)>>,
}

/// A path, or text.
#[component]
pub fn AddKubeconfigSheet(props: &AddKubeconfigSheetProps) -> Html {
    let way = use_state(|| 0_usize);
    let (path, name, text) = (use_state(String::new), use_state(|| "pasted.yaml".to_owned()), use_state(String::new));
    let set = |to: &UseStateHandle<String>| {
        let to = to.setter();
        Callback::from(move |value: String| to.set(value))
    };
    let (source, trouble) = if *way == 0 {
        (Source::Path(path.trim().to_owned()), (!crate::model::quoted::is_full(path.trim())).then_some("Type a full path."))
    } else {
        (Source::Text { name: name.trim().to_owned(), text: (*text).clone() }, paste_trouble(&name, &text))
    };
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    let add = props.on.reform(move |_: MouseEvent| source.clone());
    let footer = html! { <><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} ready={Ready::from(trouble.is_none())} onclick={add}>{ "Add kubeconfig" }</Btn></> };
    let on_choose = {
        let way = way.setter();
        Callback::from(move |place| way.set(place))
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |e: InputEvent| {
            if let Some(area) = e.target_dyn_into::<HtmlTextAreaElement>() {
                text.set(area.value());
            }
        })
    };
    let choose = |words: &'static str, what: Chosen| {
        let (ask, take) = (props.on_choose.clone(), set(&path));
        html! { if let Some(ask) = ask { <Btn onclick={ask.reform(move |_: MouseEvent| (what, take.clone()))}>{ words }</Btn> } }
    };
    html! {
        <Dialog title="Add a kubeconfig" lead="KOS reads it and watches it for changes. No server is contacted." note={html! { trouble.unwrap_or_default() }} {footer} on_close={props.on_close.clone()}>
            <div><Segmented label="Where it is" segments={vec!["File or folder".into(), "Pasted text".into()]} chosen={*way} {on_choose} /></div>
            if *way == 0 {
                <Field label="Path" help="A folder is watched for kubeconfig files. Files can also be dropped on the window.">
                    <span class="row g8"><Input class="mono grow" label="Path" placeholder="~/clients/acme.yaml" value={(*path).clone()} on_text={set(&path)} />{ choose("File…", Chosen::File) }{ choose("Folder…", Chosen::Folder) }</span>
                </Field>
            } else {
                <Field label="File name" help="Kept below KOS’s own folder, readable by you alone."><Input class="mono" label="File name" value={(*name).clone()} on_text={set(&name)} /></Field>
                <textarea class="text" aria-label="Text of the kubeconfig" placeholder="apiVersion: v1" spellcheck="false" value={(*text).clone()} {oninput} />
            }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
        </Dialog>
    }
}
