//! Which files, proxies and images does KOS use?

use std::rc::Rc;

use api::files::{FileRow, FileState, Origin};
use yew::prelude::*;

use super::{Action, LineField, SettingsSheetProps, token::TokenField};
use crate::{
    model::{clock::count, settings::Line},
    widgets::{Btn, BtnKind, BtnSize, Glyph, Input, Ready, State},
};

#[derive(Properties, PartialEq)]
pub(super) struct FilesProps {
    pub files: Vec<Rc<FileRow>>,
    pub on: Callback<Action>,
}

/// Files and watched folders, with why KOS reads each.
#[component]
pub(super) fn Files(props: &FilesProps) -> Html {
    let path = use_state(String::new);
    let on_text = {
        let path = path.setter();
        Callback::from(move |text| path.set(text))
    };
    let add = {
        let (on, path) = (props.on.clone(), path.clone());
        Callback::from(move |_: MouseEvent| {
            let to = path.setter();
            on.emit(Action::Add(path.trim().to_owned(), Callback::from(move |()| to.set(String::new()))));
        })
    };
    let full = crate::model::quoted::is_full(path.trim());
    html! {
        <>
            <p class="t2 s12" style="margin-bottom:10px">{ "KOS reads these files and never changes one without showing the change first." }</p>
            <div class="frame">
                <div class="datatable" role="table" aria-label="Kubeconfig files" style="--cols:16px minmax(0,1fr) 100px 170px 76px;--pad:12px">
                    <div class="th" role="row"><div></div><div role="columnheader">{ "File" }</div><div role="columnheader">{ "Contexts" }</div><div role="columnheader">{ "Why" }</div><div></div></div>
                    { for props.files.iter().map(|file| row(file, &props.on)) }
                </div>
            </div>
            <div class="row g8" style="margin-top:10px">
                <Input class="mono grow" label="Path of a file or folder" placeholder="Path of a file, or of a folder to watch" value={(*path).clone()} {on_text} />
                <Btn ready={Ready::from(full)} onclick={add}>{ "Add" }</Btn>
            </div>
        </>
    }
}

fn row(file: &FileRow, on: &Callback<Action>) -> Html {
    let state = match file.state {
        FileState::Good => State::Healthy,
        FileState::Partly => State::Warning,
        FileState::Unreadable => State::Failed,
        FileState::Missing => State::Idle,
        FileState::BeingRewritten => State::Progress,
    };
    let holds = match file.state {
        FileState::Good | FileState::Partly | FileState::BeingRewritten => count(u64::from(file.contexts), "context"),
        FileState::Unreadable => "cannot be read".into(),
        FileState::Missing => "no such file".into(),
    };
    let why = match &file.origin {
        Origin::Environment => "KUBECONFIG names it".to_owned(),
        Origin::Default => "kubectl’s own".into(),
        Origin::Added => "you added it".into(),
        Origin::Folder { folder } => format!("in {folder}"),
        Origin::Made => "KOS made it".into(),
        Origin::Demo => "demo".into(),
    };
    let forget = matches!(file.origin, Origin::Added | Origin::Folder { .. }).then(|| {
        let id = match &file.origin {
            Origin::Folder { folder } => folder.clone(),
            Origin::Environment | Origin::Default | Origin::Added | Origin::Made | Origin::Demo => file.id.clone(),
        };
        let onclick = on.reform(move |_: MouseEvent| Action::Forget(id.clone()));
        html! { <Btn size={BtnSize::Small} kind={BtnKind::Ghost} {onclick}>{ "Forget" }</Btn> }
    });
    html! {
        <div class="tr" role="row">
            <div role="cell"><Glyph {state} /></div><div role="cell" class="name ell" title={file.id.0.clone()}>{ &file.shown }</div>
            <div role="cell" class="s12 t2">{ holds }</div><div role="cell" class="s12 t3 ell" title={why.clone()}>{ why }</div><div role="cell" class="row right">{ forget }</div>
        </div>
    }
}

pub(super) fn network(props: &SettingsSheetProps) -> Html {
    let (choices, on) = (props.view.choices.clone(), props.on.clone());
    html! {
        <>
            <LineField line={Line::Proxy} label="Proxy" placeholder="http://proxy:3128" help="For downloads and for clusters that name none. Empty uses the environment’s." choices={choices.clone()} on={on.clone()} />
            <LineField line={Line::CaBundle} label="CA bundle" placeholder="/etc/ssl/company.pem" help="Extra authorities for downloads, PEM. Clusters keep their own." {choices} {on} />
        </>
    }
}

pub(super) fn local_clusters(props: &SettingsSheetProps) -> Html {
    let (choices, on) = (props.view.choices.clone(), props.on.clone());
    html! {
        <>
            <LineField line={Line::NodeImage} label="Node image" placeholder="kindest/node" help="Where node images come from; empty for kind’s own. Those of another repository are taken by their tag: kind’s digests do not fit them." choices={choices.clone()} on={on.clone()} />
            <LineField line={Line::ClusterctlConfig} label="clusterctl configuration" placeholder="~/.config/cluster-api/clusterctl.yaml" help="For machines without a network: a file that names where providers are read from, or a folder with a clusterctl.yaml in it." {choices} on={on.clone()} />
            <TokenField held={props.view.token} {on} />
        </>
    }
}
