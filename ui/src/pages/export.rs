//! Where do the logs of a local cluster go?

use api::local::ExportLogs;
use yew::prelude::*;

use crate::{
    model::quoted::{quoted, quoted_path},
    shell::starts::{Starts, use_starts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, Field, Input, Ready},
};

#[derive(Properties, PartialEq)]
pub struct ExportDialogProps {
    pub name: String,
    pub on_close: Callback<()>,
}

/// Asks for a folder and shows the command; it runs as a job when the user says so.
#[component]
pub fn ExportDialog(props: &ExportDialogProps) -> Html {
    let Starts { start, ready, refused } = use_starts::<ExportLogs>(&props.on_close);
    let name = props.name.clone();
    let on_export = start.reform(move |folder| ExportLogs { name: name.clone(), folder });
    html! { <ExportSheet name={props.name.clone()} busy={ready} {on_export} on_close={props.on_close.clone()}>{ refused }</ExportSheet> }
}

#[derive(Properties, PartialEq)]
pub struct ExportSheetProps {
    pub name: String,
    pub busy: Ready,
    pub on_export: Callback<String>,
    pub on_close: Callback<()>,
    /// Why it was refused.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn ExportSheet(props: &ExportSheetProps) -> Html {
    let name = &props.name;
    let folder = use_state(|| format!("~/kos-logs/{name}"));
    let on_text = {
        let folder = folder.setter();
        Callback::from(move |text| folder.set(text))
    };
    let typed = folder.trim().to_owned();
    let full = crate::model::quoted::is_full(&typed);
    let error = (!full).then(|| html! { "A full path is needed." });
    let ready = if full { props.busy } else { Ready::No };
    let command = format!("kind export logs --name {} {}", quoted(name), quoted_path(&typed));
    let (cancel, export) = (props.on_close.reform(|_: MouseEvent| ()), props.on_export.reform(move |_: MouseEvent| typed.clone()));
    let footer = html! { <><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={export}>{ "Export the logs" }</Btn></> };
    html! {
        <Dialog title={format!("Export the logs of {name}?")} note="The cluster goes on as it is." {footer} on_close={props.on_close.clone()}>
            <p class="t2">{ "Logs of its nodes, of the kubelet, of containerd and of every pod. They may hold what your programs print; nothing is sent anywhere." }</p>
            <Field label="Folder" {error} help="It is made where it is missing; files of the same name are written anew.">
                <Input class="mono" label="Folder" value={(*folder).clone()} {on_text} />
            </Field>
            <CommandBox {command} />
            { props.children.clone() }
        </Dialog>
    }
}
